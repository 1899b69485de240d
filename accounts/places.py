"""Where somebody who is signed in begins."""

from django.conf import settings
from django.urls import reverse


def home_of(audiences: set[str]) -> str:
    """Return the address of the first page for somebody with these audiences; her own page if none has one."""
    for audience, name in settings.HOMES:
        if audience in audiences:
            return reverse(name)
    return reverse("me")


def homes_of(audiences: set[str]) -> list[tuple[str, str]]:
    """List every first page of somebody with these audiences, each with the audience it is for."""
    return [(audience, reverse(name)) for audience, name in settings.HOMES if audience in audiences]
