from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    """The floor: addresses, the outbox, and what each app declares in its messages.py."""

    name = "notifications"

    def ready(self):
        autodiscover_modules("messages")
