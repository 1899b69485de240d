"""What people and the worker do with rings, instruments, forms and answers."""

import contextlib
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Person, School
from notifications import clock, wake
from surveys import authoring, pairing, questionnaire, sealing
from surveys.models import Form, FormPerson, InboxBox, Instrument, KeyRing, Wave

# In one message: whoever answers waits for every one.
PUT_BOX = "SAVEPOINT box; SELECT surveys_put_box(%s, %s, %s, %s); RELEASE SAVEPOINT box"
PUT_PAPER_BOX = PUT_BOX.replace("surveys_put_box", "surveys_put_paper_box")
CLOSED = "DS001"
ENOUGH = 5


@transaction.atomic
def start_ring(*, ends_on: date) -> KeyRing:
    """Begin a ring; the worker makes its keys, and until then no form of it can open."""
    ring = KeyRing.objects.create(ends_on=ends_on)
    # A lost wake-up loses nothing: the timetable looks for rings without keys too.
    wake.after_commit("surveys.tasks.make_key_rings")
    return ring


@transaction.atomic
def move_ring_end(*, ring: KeyRing, ends_on: date) -> KeyRing:
    """Let a ring end on another day: a series' ring moves with its last evening."""
    KeyRing.objects.filter(pk=ring.pk).update(ends_on=ends_on)
    ring.ends_on = ends_on
    return ring


@transaction.atomic
def make_ring_keys(*, ring: UUID) -> None:
    """Make the ring's keys on disk, then say that they are there. Worker only."""
    sealing.make_keys(ring)
    KeyRing.objects.filter(pk=ring, made_at=None).update(made_at=clock.now())


@transaction.atomic
def publish(*, written: dict, is_asked_once: bool = False) -> Instrument:
    """Publish an instrument as fixtures/instruments.json writes it; other words than before make a new version."""
    before = questionnaire.whole().filter(slug=written["slug"]).order_by("-version").first()
    if before and questionnaire.as_written(before) == written:
        return before
    return authoring.publish(draft=authoring.write(written=written, is_asked_once=is_asked_once))


@transaction.atomic
def wave_of(*, school: School, ring: KeyRing, kind: Wave.Kind, number: int = 1) -> Wave:
    """Return the wave that a form will belong to; the first form of a wave makes it."""
    return Wave.objects.get_or_create(ring=ring, kind=kind, number=number, defaults={"school": school})[0]


@transaction.atomic
def complete(*, wave: Wave) -> None:
    """Say that no further form of a wave will come: it closes with the last that it has."""
    Wave.objects.filter(pk=wave.pk, complete_at=None).update(complete_at=clock.now())


@transaction.atomic
def open_form(
    *,
    wave: Wave,
    instrument: str,
    people: Iterable[Person],
    evening_on: date | None,
    opens_at: datetime,
    closes_at: datetime,
) -> Form:
    """Open an instrument to these people; the same evening of a wave has one form.

    All forms of a ring ask in the version with which it began, else no two of its waves could be compared.
    Raises ValidationError `no_keys` or `complete`.
    """
    ring = KeyRing.objects.select_for_update().get(pk=wave.ring_id)
    if ring.made_at is None or ring.destroyed_at is not None:
        raise ValidationError(_("The keys for these answers are not there yet. Try again in a minute."), code="no_keys")
    before = Form.objects.filter(wave=wave, instrument__slug=instrument, evening_on=evening_on).first()
    if before:
        return before
    if not Wave.objects.select_for_update().filter(pk=wave.pk, complete_at=None).exists():
        raise ValidationError(_("These answers are being counted, so no more can be asked for."), code="complete")
    form = Form.objects.create(
        school_id=wave.school_id,
        instrument=_version(instrument, ring),
        ring=ring,
        wave=wave,
        evening_on=evening_on,
        opened_at=opens_at,
        closes_at=closes_at,
    )
    FormPerson.objects.bulk_create(FormPerson(form=form, person=person) for person in people)
    return form


@transaction.atomic
def move_close(*, form: Form, closes_at: datetime) -> None:
    """Let an open form close at another instant: families may shorten what a board asks (trust P7). Worker only."""
    Form.objects.select_for_update().filter(pk=form.pk, closed_at=None).update(closes_at=closes_at)


@transaction.atomic
def add_to_form(*, form: Form, person: Person) -> FormPerson:
    """Put somebody who joined late, or came back, on a form's list while it is open."""
    if Form.objects.select_for_update().get(pk=form.pk).closed_at is not None:
        raise closed()
    return FormPerson.objects.update_or_create(form=form, person=person, defaults={"may_answer": True})[0]


@transaction.atomic
def take_no_more(*, ring: KeyRing, person: Person) -> None:
    """Take no new answers from somebody who left; she stays on the lists, so that a box already given counts."""
    FormPerson.objects.filter(form__ring=ring, form__closed_at=None, person=person).update(may_answer=False)


@transaction.atomic
def forget(*, person: Person) -> None:
    """Delete somebody's boxes that are not opened yet, and what would pair her sheets. Worker only.

    What was opened nobody can find any more.
    """
    # First of all: a seal that is under way is waited for, and what it has written is found below.
    surveys = Wave.objects.filter(kind=Wave.Kind.BEFORE, ring__destroyed_at=None)
    waves = list(surveys.select_for_update(of=("self",)).order_by("pk"))
    lines = FormPerson.objects.filter(person=person).select_related("form")
    InboxBox.objects.filter(pk__in=[*filter(None, map(_box_of, lines))]).delete()
    lines.delete()
    for wave in waves:
        with contextlib.suppress(sealing.NoKeys):
            pairing.unpair(wave, pair=sealing.pair_of(wave.ring_id, person=person.pk))


def submit(*, form: Form, person: Person, answers: sealing.Answers, comment: str, from_paper: bool = False) -> None:
    """Seal a sheet and put it into the inbox; a second one of the same person takes the first one's place.

    One typed in from paper takes no other's place, and nobody is told whether there was one.
    """
    asked = questionnaire.read(form.instrument_id, get_language())
    if not asked.takes(answers):
        raise ValidationError(_("Choose an answer, or “I'd rather not answer”"), code="unanswered")
    if len(comment) > sealing.COMMENT_CHARACTERS:
        raise ValidationError(_("This is longer than fits here."), code="too_long")
    if not form.is_open(at=clock.now()):
        raise closed()
    keys = sealing.Sealer(form.ring_id)
    box = (
        form.pk,
        keys.box_key(person=person.pk, form=form.pk),
        keys.seal(answers, length=asked.sheet_length),
        keys.seal_comment(comment),
    )
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        is_taken = put(cursor, PUT_PAPER_BOX if from_paper else PUT_BOX, box)
    if not is_taken:
        raise closed()


def put(cursor, door: str, box: tuple) -> bool:
    """Put a box into the inbox; say whether its form was still open, and leave the transaction whole if not."""
    try:
        cursor.execute(door, box)
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) != CLOSED:
            raise
        cursor.execute("ROLLBACK TO SAVEPOINT box")
        return False
    return True


@transaction.atomic
def note_at_least_five(*, form: Form) -> bool:
    """Write on the form whether five sheets came in; nothing finer is written anywhere. Worker only."""
    enough = InboxBox.objects.filter(form=form).count() >= ENOUGH
    Form.objects.filter(pk=form.pk).update(at_least_five=enough)
    return enough


@transaction.atomic
def close_form(*, form: UUID) -> Form:
    """Close a form whose time is over: answers on their way are waited for, later ones refused. Worker only."""
    row = Form.objects.select_for_update().get(pk=form)
    at = clock.now()
    if row.closed_at is None and row.closes_at <= at:
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        row.at_least_five = note_at_least_five(form=row)
    return row


def closed() -> ValidationError:
    """Return the refusal of an answer that comes after the close."""
    return ValidationError(_("This form has closed, so we did not take these answers."), code="closed")


def _box_of(line):
    with contextlib.suppress(sealing.NoKeys):
        return sealing.Sealer(line.form.ring_id).box_key(person=line.person_id, form=line.form_id)


def _version(slug, ring):
    begun = Instrument.objects.filter(slug=slug, forms__ring=ring).first()
    return begun or Instrument.objects.filter(slug=slug, published_at__isnull=False).order_by("-version")[0]
