from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """Families' spaces and groups."""

    name = "partnerships"
