from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """What leaders may see."""

    name = "insights"
