"""Addresses of this floor."""

from django.urls import path

from accounts.admin import site
from accounts.routes import declare_all, re_route, route
from accounts.style_guide import style_guide
from accounts.views import entering, front, me, own_data, schools, second_step

AS_SENT = r"(?P<secret>[A-Za-z0-9_-]{22})/?"

OPEN = [
    route("", front.front, name="front", resource="front", audience="public"),
    route("help/", front.help_page, name="help", resource="help", audience="public"),
    route("privacy/", front.privacy, name="privacy", resource="privacy", audience="public"),
    re_route(rf"^i/{AS_SENT}$", front.open_link, name="open_invitation", resource="link", audience="public"),
    re_route(rf"^r/{AS_SENT}$", front.open_link, name="open_link", resource="link", audience="public"),
    re_route(rf"^p/{AS_SENT}$", front.open_link, name="open_paper", resource="link", audience="public"),
    route("link/", front.link_unknown, name="link_unknown", resource="link", audience="public"),
]

ENTERING = [
    route("enter/", entering.enter, name="enter", resource="sign-in", audience="public"),
    route("enter/code/", entering.enter_code, name="enter_code", resource="sign-in", audience="public"),
    route("enter/who/", entering.enter_who, name="enter_who", resource="sign-in", audience="public"),
    route("enter/second/", second_step.authenticate, name="mfa_authenticate", resource="sign-in", audience="public"),
    # The name by which allauth knows the way in.
    route("enter/", entering.enter, name="account_login", resource="sign-in", audience="public"),
]


def mine(pattern, view, name):
    """Declare a page of somebody's own account."""
    return route(f"me/{pattern}", view, name=name, resource="own account", audience="person")


ME = [
    mine("", me.me, "me"),
    mine("name/", me.change_name, "me_name"),
    mine("language/", me.change_language, "me_language"),
    mine("phone/", me.change_phone, "me_phone"),
    mine("messages/<uuid:address>/stop/", me.stop_messages, "me_stop"),
    mine("messages/<uuid:address>/resume/", me.resume_messages, "me_resume"),
    mine("pay/<uuid:school>/", me.say_paid, "me_pay"),
    mine("works-here/<slug:school>/", me.works_here, "me_works_here"),
    mine("calendar/new/", me.renew_feed, "me_new_feed"),
    mine("erase/", own_data.erase, "me_erase"),
    mine("erase/sure/", own_data.erase_for_sure, "me_erase_sure"),
    route("me/data/", own_data.copy, name="me_data", resource="own data", audience="person"),
    route("me/data/file/", own_data.copy_file, name="me_data_file", resource="own data", audience="person"),
    mine("out/", entering.sign_out, "sign_out"),
]

# allauth.mfa knows its pages by these names; nothing else of allauth is served.
SECOND_STEP = [
    mine("second/", second_step.start, "second_factor_start"),
    mine("second/", second_step.start, "mfa_index"),
    mine("second/confirm/", second_step.confirm, "second_factor"),
    mine("second/app/", second_step.add_app, "mfa_activate_totp"),
    mine("second/app/remove/", second_step.remove_app, "mfa_deactivate_totp"),
    mine("second/app/confirm/", second_step.confirm_app, "mfa_reauthenticate"),
    mine("second/devices/", second_step.devices, "mfa_list_webauthn"),
    mine("second/devices/add/", second_step.add_device, "mfa_add_webauthn"),
    mine("second/devices/confirm/", second_step.confirm_device, "mfa_reauthenticate_webauthn"),
    mine("second/devices/<int:pk>/remove/", second_step.remove_device, "mfa_remove_webauthn"),
    mine("second/codes/", second_step.recovery_codes_page, "mfa_view_recovery_codes"),
    mine("second/codes/new/", second_step.new_recovery_codes, "mfa_generate_recovery_codes"),
    mine("second/codes/file/", second_step.recovery_codes_file, "mfa_download_recovery_codes"),
]

SCHOOLS = [
    route(
        "c/schools/<slug:school>/staff/",
        schools.staff_list,
        name="staff_list",
        resource="staff list",
        audience="coordinator",
    ),
]

pages, app, instance = site.urls
SYSTEM = [
    path("system/", (declare_all(pages, resource="system", audience="operator"), app, instance)),
    route(
        "style/", style_guide, name="style_guide", resource="style guide", audience="coordinator leader operator staff"
    ),
]

urlpatterns = [*OPEN, *ENTERING, *ME, *SECOND_STEP, *SCHOOLS, *SYSTEM]
