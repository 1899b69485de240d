"""Asking every family of a school what a board wants to decide, and the receipt for it.

Whoever facilitates may make it shorter, or let the board read the count; the rest is the worker's.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from notifications import clock, outbox
from partnerships.access.decisions import families_of
from partnerships.consultation_words import written
from partnerships.models import Consultation, Decision, Receipt
from surveys.actions import add_to_form, complete, move_close, open_form, wave_of
from surveys.actions import publish as publish_instrument
from surveys.disclosure import CONSULTATION_SHORTEST, facts_of
from surveys.models import FormPerson, Option, Release, Wave
from surveys.questionnaire import definition_of
from surveys.releases import answers_to

REQUEST = "consultation_request"
SHORTENED_AHEAD = timedelta(hours=24)
# Where the keys came late: as long as a board has to give anyhow.
WHOLE = timedelta(days=7)
NUMBERS = 10**8


# By whoever facilitates


@transaction.atomic
def shorten(*, consultation: Consultation, closes_at: datetime) -> Consultation:
    """Let a consultation close earlier, for the group: never under 48 hours in all, and a day ahead.

    Raises ValidationError `closed`, `longer`, `too_short` or `too_soon`.
    """
    consultation = locked_open(consultation)
    if closes_at == consultation.closes_at:
        return consultation
    if closes_at > consultation.closes_at:
        raise ValidationError(_("It closes before that already. Choose an earlier day."), code="longer")
    if closes_at < consultation.published_at + CONSULTATION_SHORTEST:
        raise ValidationError(_("Families have 48 hours at least. Choose a later day."), code="too_short")
    if closes_at < clock.now() + SHORTENED_AHEAD:
        raise ValidationError(_("Families have to know a day ahead. Choose a later day."), code="too_soon")
    consultation.closes_at, consultation.shortened_at = closes_at, clock.now()
    consultation.save(update_fields=["closes_at", "shortened_at"])
    return consultation


@transaction.atomic
def tell_count(*, consultation: Consultation) -> Consultation:
    """Say for the group that the board reads its count; before the close only, and of a position that can be counted.

    Raises ValidationError `closed` or `pulse`.
    """
    consultation = locked_open(consultation)
    if not consultation.can_be_counted:
        raise ValidationError(_("This question was asked as a pulse: the board reads no count of it."), code="pulse")
    if consultation.count_agreed_at is None:
        consultation.count_agreed_at = clock.now()
        consultation.save(update_fields=["count_agreed_at"])
    return consultation


def locked_open(consultation):
    """Return a consultation as it is now, its row locked; refuse one that has closed."""
    row = (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("school", "decision")
        .get(pk=consultation.pk)
    )
    if clock.now() >= row.closes_at:
        raise ValidationError(_("Families have answered already: this question has closed."), code="closed")
    return row


# By the worker


@transaction.atomic
def open_consultation(*, consultation: UUID) -> None:
    """Open a consultation to the families of its school once its keys are made, and keep it as it should be.

    While it is open it closes when whoever facilitates says, and asks whoever has joined since. Worker only.
    """
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("school", "ring", "form")
    row = rows.get(pk=consultation)
    if row.form is None and row.ring.made_at is not None:
        begin(row)
    elif row.form is not None and row.form.closed_at is None:
        keep_up(row)


def begin(row):
    """Put the question into a form of its own, and ask everybody."""
    now = clock.now()
    if row.closes_at < now + CONSULTATION_SHORTEST:
        row.closes_at = now + WHOLE
    wave = wave_of(school=row.school, ring=row.ring, kind=Wave.Kind.CONSULTATION)
    row.form = open_form(
        wave=wave,
        instrument=publish_instrument(written=written(row), is_asked_once=True).slug,
        people=families_of(row.school, at=now),
        evening_on=None,
        opens_at=now,
        closes_at=row.closes_at,
    )
    complete(wave=wave)
    row.save(update_fields=["form", "closes_at"])
    outbox.post(kind=REQUEST, about=row.pk)


def keep_up(row):
    """Close it when it is to close, and ask whoever came to the school's families since."""
    now = clock.now()
    if row.form.closes_at != row.closes_at:
        move_close(form=row.form, closes_at=row.closes_at)
    if now >= row.closes_at:
        return
    listed = FormPerson.objects.filter(form=row.form).values("person")
    for person in families_of(row.school, at=now).exclude(pk__in=listed):
        add_to_form(form=row.form, person=person)
        outbox.post(kind=REQUEST, about=row.pk, to=person)


@transaction.atomic
def issue_receipt(*, consultation: UUID) -> Receipt | None:
    """Issue the receipt of a consultation at the board's hour, however many answered; once. Worker only."""
    decision = Decision.objects.select_for_update(of=("self",)).get(consultations=consultation)
    row = Consultation.objects.select_related("form__wave").get(pk=consultation)
    earlier = Receipt.objects.filter(consultation=row).first()
    wave, now = row.form and row.form.wave, clock.now()
    if earlier or wave is None or wave.released_at is None or wave.leaders_at > now:
        return earlier
    receipt = Receipt.objects.create(
        number=free_number(),
        decision=decision,
        version=row.version,
        consultation=row,
        issued_at=now,
        labels=frozen(row, wave),
    )
    decision.state, decision.receipt = Decision.State.CONSULTED, receipt
    decision.save(update_fields=["state", "receipt"])
    outbox.post(kind="receipt_issued", about=row.pk)
    return receipt


def frozen(row, wave):
    """Return the labels of a wave as they were released, each with its words in both languages."""
    options = Prefetch("item__options", Option.objects.order_by("number"))
    found = Release.objects.filter(wave=wave).select_related("item", "option").prefetch_related(options)
    return [
        {
            "es": release.option.text_es if release.option else release.item.fact_es,
            "en": release.option.text_en if release.option else release.item.fact_en,
            "n_band": release.n_band,
            "band": release.band,
            **counted(row, release),
        }
        for release in found.order_by("item__number", "option__number")
    ]


def counted(row, release):
    """Return the exact count of a fact where the group said so, and enough answered to show anything at all."""
    if row.count_agreed_at is None or not release.band:
        return {}
    code = release.option.value if release.option else ""
    [fact] = [fact for fact in facts_of(definition_of(release.item)) if fact.code == code]
    given = [answer for answer in answers_to(release.item, release.wave).values() if answer]
    return {"yes": sum(map(fact.is_true_of, given)), "n": len(given)}


def free_number():
    """Return a number that no receipt has, as one says it on the telephone: 4821-9370."""
    while True:
        digits = f"{secrets.randbelow(NUMBERS):08}"
        number = f"{digits[:4]}-{digits[4:]}"
        if not Receipt.objects.filter(number=number).exists():
            return number
