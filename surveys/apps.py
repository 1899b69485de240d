from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Questions, forms and sealed answers."""

    name = "surveys"
