"""allauth's forms of the second step, with our words and fields."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

NO_CODE = _("Enter the 6 numbers of the code")
NO_DEVICE = _("Your device did not answer. Try again, or use an app with codes.")


def code_field(label, help_text=""):
    """Return the field that takes the numbers of an app."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        error_messages={"required": NO_CODE, "max_length": NO_CODE},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )


def credential_field():
    """Return the field that a page's script fills with the device's answer; without scripts it comes back empty."""
    return forms.JSONField(error_messages={"required": NO_DEVICE, "invalid": NO_DEVICE}, widget=forms.HiddenInput)


class SecondStepForm(AuthenticateForm):
    """The second step of somebody on the way in."""

    code = code_field(
        _("Type the 6 numbers that your app shows"), _("Or one of the recovery codes that you kept on paper.")
    )


class ConfirmForm(ReauthenticateForm):
    """The second step once more, from somebody who is in."""

    code = code_field(
        _("Type the 6 numbers that your app shows"), _("Or one of the recovery codes that you kept on paper.")
    )


class DeviceForm(AuthenticateWebAuthnForm):
    """The device of somebody on the way in."""

    credential = credential_field()


class ConfirmDeviceForm(ReauthenticateWebAuthnForm):
    """The device once more, from somebody who is in."""

    credential = credential_field()


class AddAppForm(ActivateTOTPForm):
    """The first numbers of an app that is being added."""

    code = code_field(_("The 6 numbers"))


class AddDeviceForm(AddWebAuthnForm):
    """A device that is being added."""

    name = forms.CharField(
        label=_("A name by which you will know it"),
        required=False,
        max_length=60,
        error_messages={"max_length": _("Write a shorter name, of up to 60 letters")},
    )
    credential = credential_field()
