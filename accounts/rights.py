"""What anybody may ask of us about herself: a copy of what is hers, and to be erased. Worker only.

What each app holds of a person it says in its own_data.py, found as Django finds admin.py.
"""

import logging
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import erased, privacy
from accounts.database import acting
from accounts.models import DataRequest, Person, School
from notifications import clock

log = logging.getLogger(__name__)

registry: list["Part"] = []


class Section(NamedTuple):
    """One heading of a copy, and under it rows of (what, said)."""

    title: str
    rows: list[list[tuple[str, object]]]


class Part:
    """What one app holds of a person."""

    def sections(self, person: Person) -> Iterable[Section]:
        """Return what a copy of her things shows of this app, in the language that is spoken."""
        return ()

    def end(self, person: Person) -> None:
        """Do before she is erased what no declaration beside a model can say."""


def register(declared: type[Part]) -> type[Part]:
    """Make an app's part known."""
    registry.append(declared())
    return declared


def answer_waiting() -> None:
    """Do everything that was asked; one that fails stays, and keeps no other."""
    for pk, kind, person in list(
        DataRequest.objects.filter(made_at=None).order_by("asked_at").values_list("pk", "kind", "person")
    ):
        try:
            if kind == DataRequest.Kind.ERASURE:
                erase(person=person)
            else:
                make_copy(request=pk, person=person)
        except Exception as error:  # noqa: BLE001
            log.error("request %s could not be done: %s", pk, type(error).__name__)


def erase(*, person: UUID) -> None:
    """Erase somebody, all of it or nothing; her request goes with the rest, so that what was stopped begins again."""
    erased.write(person)
    with acting("worker", person), transaction.atomic():
        one = Person.objects.select_for_update().filter(pk=person).first()
        if one is None:
            return
        # From the top of the ladder down: places in series before the ties that they stand on.
        for part in reversed(registry):
            part.end(one)
        privacy.erase(one)


def make_copy(*, request: UUID, person: UUID) -> None:
    """Write the page with everything of somebody's, in her language; she alone can read it, for a day."""
    with acting("worker", person), transaction.atomic():
        one = Person.objects.get(pk=person)
        with translation.override(one.language), timezone.override(zone_of(one)):
            sections = [section for part in registry for section in part.sections(one)]
            page = render_to_string(
                "accounts/own_data.html", {"person": one, "sections": sections, "made_at": clock.now()}
            )
        DataRequest.objects.filter(pk=request, made_at=None).update(copy=page, made_at=clock.now())


def zone_of(person: Person) -> ZoneInfo:
    """Return the zone in which the hours of a copy read: that of the school somebody came to last."""
    school = School.objects.filter(memberships__person=person).order_by("-memberships__since", "pk").first()
    return ZoneInfo(school.zone if school else "UTC")
