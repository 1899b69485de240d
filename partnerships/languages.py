"""The product's two languages: what is written in one is translated into the other."""

from django.conf import settings


def other(language: str) -> str:
    """Return the language that this one is translated into."""
    [found] = [code for code, _name in settings.LANGUAGES if code != language]
    return found
