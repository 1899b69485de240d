"""How allauth meets our people, who have no username and share addresses."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are invited."""

    def is_open_for_signup(self, request):
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names the person in an authenticator app by the name the school knows."""

    def get_totp_label(self, user):
        return user.name
