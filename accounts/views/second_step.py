"""The second step of signing in, by allauth.mfa: ours is where it goes, and that setting it up counts as proof."""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.second_step_forms import (
    AddAppForm,
    AddDeviceForm,
    ConfirmDeviceForm,
    ConfirmForm,
    DeviceForm,
    SecondStepForm,
)


@require_safe
def confirm(request):
    """Ask for the second step again: the app's code where there is one, else the device."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    going = request.META["QUERY_STRING"]
    return redirect(f"{methods[0]['url']}?{going}") if methods else redirect("second_factor_start")


def asking_again(view):
    """Send somebody who proved the second step too long ago to prove it again, then back.

    allauth's own middleware would, but our views run before it could see what they raise.
    """

    @wraps(view)
    def asking(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ReauthenticationRequired:
            return suspend_request(request, get_adapter().get_reauthentication_methods(request.user)[0]["url"])

    return asking


def having_one(view):
    """Send somebody who has no second step yet, and so cannot prove it again, to set one up."""

    @wraps(view)
    def asking(request, *args, **kwargs):
        if not get_adapter().get_reauthentication_methods(request.user):
            return redirect("second_factor_start")
        return view(request, *args, **kwargs)

    return asking


class AddApp(totp.ActivateTOTPView):
    """Adds an authenticator app; its first code is also this session's proof."""

    form_class = AddAppForm

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp", reauthenticated=True)
        return response


class AddDevice(webauthn.AddWebAuthnView):
    """Adds a passkey; making it is also this session's proof."""

    form_class = AddDeviceForm

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="webauthn", reauthenticated=True)
        return response


authenticate = base.AuthenticateView.as_view(form_class=SecondStepForm, webauthn_form_class=DeviceForm)
start = asking_again(base.index)
confirm_app = having_one(base.ReauthenticateView.as_view(form_class=ConfirmForm))
confirm_device = having_one(webauthn.ReauthenticateWebAuthnView.as_view(form_class=ConfirmDeviceForm))
add_app = asking_again(AddApp.as_view())
remove_app = asking_again(totp.deactivate_totp)
add_device = asking_again(AddDevice.as_view())
devices = webauthn.list_webauthn
remove_device = asking_again(webauthn.remove_webauthn)
recovery_codes_page = asking_again(recovery_codes.view_recovery_codes)
new_recovery_codes = asking_again(recovery_codes.generate_recovery_codes)
recovery_codes_file = asking_again(recovery_codes.download_recovery_codes)
