"""Where somebody who is signed in begins."""

from django.conf import settings
from django.urls import reverse


def home_of(audiences: set[str]) -> str:
    """Return the address of the first page for somebody with these audiences; her own page if none has one."""
    for audience, name in settings.HOMES:
        if audience in audiences:
            return reverse(name)
    return reverse("me")
