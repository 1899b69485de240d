from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    """People, schools and how they are known."""

    name = "accounts"

    def ready(self):
        autodiscover_modules("own_data")
