from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, schools and how they are known."""

    name = "accounts"
