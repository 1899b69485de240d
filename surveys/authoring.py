"""What whoever writes an instrument does with it: a draft is changed as often as she likes, a published one never.

Questions come as fixtures/instruments.json writes them: from that file, from a page or from a spreadsheet.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import District
from notifications import clock
from surveys import checking, questionnaire
from surveys.models import Instrument, Item, Option

Written = dict[str, Any]
NAME_LENGTH = 40
OPT_OUT = {"es": "Prefiero no contestar", "en": "I'd rather not answer"}
# Names that mean something of their own in a spreadsheet of questions (surveys/xlsform.py).
RESERVED = frozenset({"title", "intro", "opt_out", "comment", "meta"})
# Django would look for forms that ask in it, which no author may read; a draft has none, and the database sees to it.
DELETE_DRAFT = "DELETE FROM surveys_instrument WHERE id = %s"
NOTHING = dict.fromkeys(dict(settings.LANGUAGES), "")


@transaction.atomic
def begin(*, title: dict[str, str], district: District) -> Instrument:
    """Begin an instrument of a district: a draft with a title and no question yet."""
    blank = {"title": title, "intro": NOTHING, "comment": {"text": NOTHING, "hint": NOTHING}, "opt_out": OPT_OUT}
    return write(written={**blank, "slug": free_name(title["en"]), "items": []}, district=district)


@transaction.atomic
def bring(*, written: Written, district: District) -> Instrument:
    """Make a draft of an instrument that came in a file; the next version of the district's own where it names one."""
    own = Instrument.objects.filter(district=district, slug=written["slug"])
    if own.exists():
        for draft in own.filter(published_at=None):
            delete_draft(draft=draft)
        return write(written=written, district=district)
    return write(written={**written, "slug": free_name(written["title"]["en"])}, district=district)


@transaction.atomic
def begin_next(*, instrument: Instrument, district: District) -> Instrument:
    """Copy a published instrument into a draft of its next version; of one that came with the product, into her own."""
    draft = Instrument.objects.filter(slug=instrument.slug, district=district, published_at=None).first()
    if draft:
        return draft
    written = questionnaire.as_written(questionnaire.whole().get(pk=instrument.pk))
    if instrument.district_id is None:
        written["slug"] = free_name(written["title"]["en"])
    return write(written=written, district=district)


@transaction.atomic
def write(*, written: Written, district: District | None = None, is_asked_once: bool = False) -> Instrument:
    """Write a whole instrument as a draft, of the version after the latest."""
    latest = Instrument.objects.filter(slug=written["slug"]).order_by("-version").first()
    draft = Instrument.objects.create(
        slug=written["slug"],
        version=latest.version + 1 if latest else 1,
        district=district,
        is_asked_once=is_asked_once,
        **words_of(written),
    )
    for item in written["items"]:
        put_item(draft=draft, written=item)
    return draft


@transaction.atomic
def change_words(*, draft: Instrument, words: Written) -> Instrument:
    """Change what stands around the questions of a draft."""
    for column, text in words_of(words).items():
        setattr(draft, column, text)
    draft.save(update_fields=list(words_of(words)))
    return draft


@transaction.atomic
def put_item(*, draft: Instrument, written: Written, item: Item | None = None) -> Item:
    """Write a question at the end of a draft, or in the place of another one.

    Raises ValidationError `depended_on` where an answer goes to which a later question is tied.
    """
    others = Item.objects.filter(instrument=draft)
    if item is None:
        slug = written.get("slug") or free_slug(written["text"]["en"], {*others.values_list("slug", flat=True)})
        item = Item(instrument=draft, number=others.count() + 1, slug=slug)
    base = written.get("asked_if") or {}
    item.kind = written["kind"]
    item.construct, item.place = written.get("construct", ""), written.get("place", "")
    item.is_reversed = written.get("is_reversed", False)
    item.asked_if = Option.objects.filter(
        item__instrument=draft, item__slug=base.get("item"), value=base.get("option")
    ).first()
    for column, text in {**columns("text", written["text"]), **columns("fact", written.get("fact", NOTHING))}.items():
        setattr(item, column, text)
    item.save()
    put_options(item, written["options"])
    return item


def put_options(item, options):
    """Write the answers of a question, each in the row that stood in its place."""
    going = Option.objects.filter(item=item, number__gt=len(options))
    refuse_if_depended_on(going)
    going.delete()
    kept = {option.number: option.pk for option in Option.objects.filter(item=item)}
    taken = {*Option.objects.filter(item=item).values_list("value", flat=True)}
    for number, option in enumerate(options, start=1):
        said = {"favourable": option["favourable"], **columns("text", option["text"])}
        if number in kept:
            Option.objects.filter(pk=kept[number]).update(**said)
        else:
            value = option.get("value") or free_slug(option["text"]["en"], taken)
            taken.add(value)
            Option.objects.create(item=item, number=number, value=value, **said)


@transaction.atomic
def move_item(*, item: Item, by: int) -> Item:
    """Let a question change places with the one before it (-1) or after it (1); at an end it stays."""
    other = Item.objects.filter(instrument=item.instrument_id, number=item.number + by).first()
    if other:
        Item.objects.filter(pk=other.pk).update(number=0)
        Item.objects.filter(pk=item.pk).update(number=other.number)
        Item.objects.filter(pk=other.pk).update(number=item.number)
        item.number = other.number
    return item


@transaction.atomic
def delete_item(*, item: Item) -> None:
    """Take a question out of a draft. Raises ValidationError `depended_on`."""
    refuse_if_depended_on(Option.objects.filter(item=item))
    later = Item.objects.filter(instrument=item.instrument_id, number__gt=item.number)
    item.delete()
    for row in later.order_by("number"):
        Item.objects.filter(pk=row.pk).update(number=row.number - 1)


@transaction.atomic
def delete_draft(*, draft: Instrument) -> None:
    """Throw a draft away."""
    items = Item.objects.filter(instrument=draft)
    items.update(asked_if=None)
    items.delete()
    with connection.cursor() as cursor:
        cursor.execute(DELETE_DRAFT, [draft.pk])


@transaction.atomic
def publish(*, draft: Instrument) -> Instrument:
    """Publish a draft; from here on the database lets nobody change a word of it. Raises ValidationError `unready`."""
    if missing := checking.missing(questionnaire.whole().get(pk=draft.pk)):
        raise ValidationError(missing[0], code="unready")
    draft.published_at = clock.now()
    draft.save(update_fields=["published_at"])
    return draft


def refuse_if_depended_on(options):
    """Refuse to take out an answer to which a question is tied."""
    tied = Item.objects.filter(asked_if__in=options).order_by("number").first()
    if tied:
        sentence = _("Question %(number)s is asked only after this answer. Change that question first.")
        raise ValidationError(sentence % {"number": tied.number}, code="depended_on")


def words_of(written: Written) -> dict[str, str]:
    """Return the columns of what stands around the questions."""
    return {
        **columns("title", written["title"]),
        **columns("about", written.get("about", NOTHING)),
        **columns("intro", written["intro"]),
        **columns("comment_text", written["comment"]["text"]),
        **columns("comment_hint", written["comment"]["hint"]),
        **columns("opt_out", written["opt_out"]),
    }


def columns(field: str, words: dict[str, str]) -> dict[str, str]:
    """Return a text of both languages as the columns of a field."""
    return {f"{field}_{language}": words.get(language, "") for language, _name in settings.LANGUAGES}


def free_name(title: str) -> str:
    """Return a name for an instrument that none has: nobody learns from a clash what others wrote."""
    return f"{slugify(title)[:NAME_LENGTH].strip('-') or 'questions'}-{secrets.token_hex(3)}"


def free_slug(text: str, taken: set[str]) -> str:
    """Return a short name for a question or an answer that is not taken; a letter comes first, as XLSForm asks."""
    stem = slugify(text)[:NAME_LENGTH].strip("-_")
    stem = stem if stem[:1].isalpha() else f"q-{stem}".rstrip("-")
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in [*names, f"{stem}-0"] if name not in taken | RESERVED)
