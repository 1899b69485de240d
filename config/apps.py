"""Every process knows the worker's broker: whoever posts a message wakes it."""

from django.apps import AppConfig

from config.celery import app


class ConfigConfig(AppConfig):
    """Where the product is put together."""

    name = "config"
    worker = app
