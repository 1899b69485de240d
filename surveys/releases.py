"""What comes out of sealed boxes, and when: comments, sheets, frozen results, and the end of the keys. Worker only.

Each is one transaction, and running it again changes nothing. Rows are written in an order that the database draws
at random (gen_random_uuid, the system's own randomness) over the people, never in that of boxes or lists: neither the
place of a row in its table nor in a dump says whose it is.
"""

import logging
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from uuid import UUID

from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KeyTransform

from accounts.models import Person
from notifications import clock, outbox
from surveys import disclosure, evaluator_file, pairing, questionnaire
from surveys.access import KEYS_OUTLIVE_THE_RING
from surveys.models import (
    Comment,
    CommentBatch,
    EvaluatorFile,
    Form,
    FormPerson,
    InboxBox,
    Item,
    KeyRing,
    Release,
    Sheet,
    WaitingComment,
    Wave,
)
from surveys.sealing import Answers, Opener, Unreadable
from surveys.sealing import destroy_keys as destroy_files

log = logging.getLogger(__name__)

SURVEYS = BEFORE, AFTER = Wave.Kind.BEFORE, Wave.Kind.AFTER
# So many people's sheets are in memory at once.
CHUNK = 1000
# Families read a result 48 hours before leaders do also where the worker was away at its hour.
RELEASE_IS_LATE_AFTER = timedelta(hours=1)


# Comments


@transaction.atomic
def open_comments(*, form: UUID) -> None:
    """Open the free lines of a form that has closed, beside those that waited: three together, or they wait.

    Every box of the form then holds no line, those that never held one too: which of them did is not to be seen.
    """
    ring = KeyRing.objects.select_for_update(of=("self",)).get(forms=form)
    row = Form.objects.select_for_update().get(pk=form)
    if row.closed_at is None or row.comments_opened_at is not None:
        return
    keys = Opener(ring.pk)
    waiting = WaitingComment.objects.filter(form__ring=ring)
    lines = chain(opened(keys, waiting.values_list("form", "box")), opened(keys, boxes_of(row)))
    first = list(islice(lines, disclosure.COMMENTS_TOGETHER))
    if len(first) == disclosure.COMMENTS_TOGETHER:
        batch = CommentBatch.objects.create(ring=ring, number=ring.batches.count() + 1)
        for chunk in chunks(chain(first, lines)):
            Comment.objects.bulk_create(Comment(batch=batch, form_id=of, text=text) for of, text in chunk)
        waiting.delete()
    else:
        WaitingComment.objects.bulk_create(
            WaitingComment(form=row, box=keys.seal_comment(text)) for of, text in first if of == row.pk
        )
    InboxBox.objects.filter(form=row).update(comment_box=keys.seal_comment(""))
    row.comments_opened_at = clock.now()
    row.save(update_fields=["comments_opened_at"])


def boxes_of(form):
    """Return the sealed lines of a form, shuffled."""
    return InboxBox.objects.filter(form=form).order_by(RandomUUID()).values_list("form", "comment_box")


def opened(keys: Opener, boxes) -> Iterator[tuple[UUID, str]]:
    """Yield the lines that were written; one that cannot be read is left out, and counted."""
    unread = 0
    for form, box in boxes.iterator(chunk_size=CHUNK):
        try:
            text = keys.open_comment(box).replace("\0", "").strip()
        except Unreadable:
            unread += 1
            continue
        if text:
            yield form, text
    if unread:
        log.error("%d free lines could not be read", unread)


# The seal


@transaction.atomic
def seal(*, wave: UUID) -> None:
    """Open the boxes of a wave whose last form has closed, keep one sheet a person, shuffled, and empty the inbox."""
    waves = locked(wave)
    row = waves[wave]
    before = next((one for one in waves.values() if one.kind == BEFORE), None) if row.kind == AFTER else None
    forms = list(Form.objects.select_for_update().filter(wave=row).order_by("evening_on", "opened_at"))
    if row.sealed_at or not is_over(row, forms) or (before and before.sealed_at is None):
        return
    keys, secret = Opener(row.ring_id), secrets.token_bytes(32)
    read = 0
    for people in chunks(listed(forms)):
        sheets, count = read_sheets(keys, forms, people)
        Sheet.objects.bulk_create(
            Sheet(wave=row, pair=name_of(row, keys.pair_of(person=person), secret), answers=answers)
            for person, answers in sheets.items()
        )
        read += count
    if before:
        pairing.pair_for_good(before=before, after=row, secret=secret)
    given, _tables = InboxBox.objects.filter(form__in=forms).delete()
    FormPerson.objects.filter(form__in=forms).delete()
    if given > read:
        log.error("wave %s: %d boxes could not be read", row.pk, given - read)
    row.sealed_at = clock.now()
    row.save(update_fields=["sealed_at"])
    fix_hours(row, before, closed_at=max(form.closed_at for form in forms))


def locked(wave: UUID) -> dict[UUID, Wave]:
    """Fetch, and lock, a wave; the surveys before and after both, since what becomes of them is decided together."""
    row = Wave.objects.get(pk=wave)
    which = {"ring": row.ring_id, "kind__in": SURVEYS} if row.kind in SURVEYS else {"pk": wave}
    found = Wave.objects.select_for_update(of=("self",)).select_related("school").filter(**which).order_by("pk")
    return {one.pk: one for one in found}


def is_over(wave: Wave, forms: list[Form]) -> bool:
    """Say whether all forms of a wave are there and closed, and their free lines seen to."""
    return wave.complete_at is not None and all(form.closed_at and form.comments_opened_at for form in forms)


def listed(forms: list[Form]) -> Iterator[UUID]:
    """Yield everybody on the lists of these forms, once and in a random order, without holding them all."""
    lines = FormPerson.objects.filter(form__in=forms, person=OuterRef("pk"))
    people = Person.objects.filter(Exists(lines)).order_by(RandomUUID())
    return people.values_list("pk", flat=True).iterator(chunk_size=CHUNK)


def read_sheets(keys: Opener, forms: list[Form], people: list[UUID]) -> tuple[dict[UUID, Answers], int]:
    """Return one sheet a person, in the order of the people, and how many boxes could be read.

    Of several forms the latest answer to an item counts (trust P1). A box that nobody on the list could have given,
    or that no answer to its questions is in, is left out by itself.
    """
    names = {keys.box_key(person=person, form=form.pk): (person, form.pk) for person in people for form in forms}
    found = {}
    for key, form, box in InboxBox.objects.filter(pk__in=list(names)).values_list("key", "form", "box"):
        person, named = names[bytes(key)]
        if named == form:
            found[person, form] = box
    sheets, count = {}, 0
    for person in people:
        answered = [read_sheet(keys, form, found[person, form.pk]) for form in forms if (person, form.pk) in found]
        readable = [sheet for sheet in answered if sheet is not None]
        count += len(readable)
        if readable:
            sheets[person] = disclosure.latest_answers(readable)
    return sheets, count


def read_sheet(keys: Opener, form: Form, box: bytes) -> Answers | None:
    """Return what is in a box, if it answers the questions of its form."""
    asked = questionnaire.read(form.instrument_id, "en")
    try:
        answers = keys.open_box(box)
        return answers if isinstance(answers, dict) and asked.takes(answers) else None
    # Whatever a crafted box may hold in the place of an answer.
    except (Unreadable, TypeError, AttributeError, ValueError):
        return None


def name_of(wave: Wave, pair: bytes, secret: bytes) -> bytes | None:
    """Return under which name a sheet waits for its pair: only surveys before and after have one."""
    return {BEFORE: pair, AFTER: pairing.blinded(pair, secret=secret)}.get(wave.kind)


def fix_hours(wave: Wave, before: Wave | None, *, closed_at: datetime) -> None:
    """Write down when a wave will be read; the survey before is read with the one after, never earlier (trust P8)."""
    if wave.kind == BEFORE:
        return
    is_asked_by_the_group = wave.kind == Wave.Kind.CONSULTATION
    hour = disclosure.consultation_release_at if is_asked_by_the_group else disclosure.families_release_at
    for one in filter(None, (before, wave)):
        one.families_at = hour(closed_at, wave.school.zone)
        one.leaders_at = disclosure.leaders_release_at(one.families_at)
        one.save(update_fields=["families_at", "leaders_at"])


# The release


@transaction.atomic
def release(*, wave: UUID) -> None:
    """Freeze the results of a wave at its hour, those of before and after together."""
    waves = {one.kind: one for one in locked(wave).values()}
    now = clock.now()
    if any(one.released_at or one.families_at is None or one.families_at > now for one in waves.values()):
        return
    latest = waves.get(AFTER) or next(iter(waves.values()))
    form = latest.forms.first()
    for item in Item.objects.filter(instrument=form.instrument_id).prefetch_related("options").order_by("number"):
        Release.objects.bulk_create(results_of(item, waves, latest))
    for one in waves.values():
        one.released_at = now
        if now > one.families_at + RELEASE_IS_LATE_AFTER:
            one.leaders_at = disclosure.leaders_release_at(now)
        one.save(update_fields=["released_at", "leaders_at"])


def results_of(item: Item, waves: dict[str, Wave], latest: Wave) -> Iterator[Release]:
    """Yield the rows of one item: a label for each of its facts, in each wave (trust P2 to P4, P8, P10)."""
    definition = questionnaire.definition_of(item)
    options = {option.value: option for option in item.options.all()}
    before = waves.get(BEFORE)
    if before is None:
        labels = disclosure.labels_of(definition, list(answers_to(item, latest).values()))
        found = [(latest, code, label, False) for code, label in labels.items()]
    else:
        compared = disclosure.before_and_after(definition, answers_to(item, before), answers_to(item, latest))
        found = [(before, code, both.before, both.same_people) for code, both in compared.items()]
        found += [(latest, code, both.after, both.same_people) for code, both in compared.items()]
    for wave, code, label, same_people in found:
        yield Release(
            wave=wave,
            item=item,
            option=options.get(code),
            basis=Release.Basis.BOTH_TIMES if same_people else Release.Basis.EVERYBODY,
            n_band=label.n_band,
            band=label.band,
            policy=disclosure.POLICY_VERSION,
        )


def answers_to(item: Item, wave: Wave) -> dict[bytes | UUID, disclosure.Answer]:
    """Return the answers to an item on all sheets of a wave, under the name that a person's two sheets share."""
    rows = Sheet.objects.filter(wave=wave).values_list("pk", "pair", KeyTransform(item.slug, "answers"))
    return {bytes(pair) if pair else pk: answer for pk, pair, answer in rows.iterator(chunk_size=CHUNK)}


# The end of the keys


@transaction.atomic
def destroy_keys(*, ring: UUID) -> None:
    """Destroy a ring's keys 30 days after its end; while anything of it is open or sealed, tell the operator instead.

    The files go first: a crash before the row says so is mended by the next run, and a restored database has no keys.
    """
    row = KeyRing.objects.select_for_update().get(pk=ring)
    if row.destroyed_at is not None or row.ends_on >= (clock.now() - KEYS_OUTLIVE_THE_RING).date():
        return
    if (
        Form.objects.filter(ring=row, closed_at=None).exists()
        or Wave.objects.filter(ring=row, sealed_at=None).exists()
        or InboxBox.objects.filter(form__ring=row).exists()
    ):
        outbox.post(kind="keys_kept", about=row.pk)
        return
    WaitingComment.objects.filter(form__ring=row).delete()
    destroy_files(row.pk)
    row.destroyed_at = clock.now()
    row.save(update_fields=["destroyed_at"])


@transaction.atomic
def make_evaluator_file(*, ring: UUID) -> None:
    """Write the file of a series for its evaluator, once, when nobody can look anything up any more (trust P14)."""
    row = KeyRing.objects.select_for_update().get(pk=ring)
    if row.destroyed_at is None or EvaluatorFile.objects.filter(ring=row).exists():
        return
    content, code_book = evaluator_file.written(row)
    EvaluatorFile.objects.create(ring=row, content=content, code_book=code_book)


def chunks(rows: Iterator) -> Iterator[list]:
    """Yield rows in lists of a bounded length."""
    rows = iter(rows)
    return iter(lambda: list(islice(rows, CHUNK)), [])
