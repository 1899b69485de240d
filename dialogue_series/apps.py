from django.apps import AppConfig


class DialogueSeriesConfig(AppConfig):
    """The ten encounters."""

    name = "dialogue_series"
