"""How allauth meets our people, who have no username, no password and share addresses."""

from io import BytesIO

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from nacl.encoding import URLSafeBase64Encoder
from nacl.secret import SecretBox


def secret_box() -> SecretBox:
    """Return the box whose key follows from the deployment's own."""
    return SecretBox(salted_hmac("second factor", "", algorithm="sha256").digest())


class AccountAdapter(DefaultAccountAdapter):
    """Leaves of allauth's sign-in what follows our own code: the second factor and the session."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Five codes were wrong. Wait five minutes, then try again."),
        "rate_limited": _("Five codes were wrong. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        """Nobody signs up: people are invited."""
        return False

    def get_login_stages(self):
        """Ask for the second factor, and nothing else, between the code and the session."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def add_message(self, *args, **kwargs):
        """Say nothing in passing: what matters stands in the page."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names people and the product in authenticator apps and password managers."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code does not match. Wait for the next one in the app, and type that."),
    }

    def encrypt(self, text):
        """Keep the secret of an app or of recovery codes sealed: a stolen copy of the database opens nothing."""
        return secret_box().encrypt(text.encode(), encoder=URLSafeBase64Encoder).decode()

    def decrypt(self, encrypted_text):
        """Open what `encrypt` sealed."""
        return secret_box().decrypt(encrypted_text.encode(), encoder=URLSafeBase64Encoder).decode()

    def get_totp_label(self, user):
        return user.name

    def get_totp_issuer(self):
        return gettext("Ten evenings")

    def build_totp_svg(self, url):
        """Draw the square on white, so that a camera reads it in the dark theme too."""
        drawn = BytesIO()
        segno.make_qr(url).save(drawn, kind="svg", scale=4, border=4, light="#fff")
        return drawn.getvalue().decode()

    def get_public_key_credential_rp_entity(self):
        return {**super().get_public_key_credential_rp_entity(), "name": gettext("Ten evenings")}

    def get_public_key_credential_user_entity(self, user):
        return {"id": user_pk_to_url_str(user).encode(), "display_name": user.name, "name": user.name}

    def generate_authenticator_name(self, user, type):
        return gettext("My device")
