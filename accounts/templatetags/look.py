"""The words and shapes that a plain include cannot make: icons, dates, the thread of ten, the fields of a form."""

import re
from zoneinfo import ZoneInfo

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts import contacts
from notifications import wording

register = template.Library()

MOST_CHOICES_AS_RADIOS = 8
CHOSEN_BY_ROW = ("radios", "checkboxes")
SMALL_HEIGHT, SMALL_STEP = 24, 11
STRIP_HEIGHT = 96


@register.simple_tag
def icon(name):
    """Draw one of our icons; the word stands beside it, so it is hidden from readers."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("icons.svg"),
        name,
    )


@register.filter
def at_school(instant, school):
    """Return an instant as the school's clocks show it: `{% day post.at|at_school:school %}`."""
    return instant.astimezone(ZoneInfo(school.zone))


@register.simple_tag
def day(on):
    return wording.day(on, get_language())


@register.simple_tag
def day_short(on):
    return wording.day_short(on, get_language())


@register.simple_tag
def weekdays(on):
    return wording.weekdays(on, get_language())


@register.simple_tag
def clock_time(at):
    return wording.hour(at, get_language())


@register.simple_tag
def at_time(at):
    return wording.at_hour(at, get_language())


@register.simple_tag
def hours(starts, ends):
    return wording.hours(starts, ends, get_language())


@register.filter
def tel(number):
    """Turn a phone number as people write it into the address of a telephone link."""
    digits = re.sub(r"\D", "", str(number))
    return f"tel:+1{digits}" if len(digits) == 10 else f"tel:+{digits}"


@register.filter
def written(contact):
    """Show a kept phone as people write it; an e-mail stays as it is."""
    return contacts.written(str(contact))


@register.filter
def unbroken(text):
    """Keep a phone number on one line."""
    return format_html('<span class="nowrap">{}</span>', text)


@register.filter
def kind(field):
    """Say how a field is drawn; a short list of choices is drawn as rows, never as a drop-down."""
    widget = field.field.widget
    kinds = (
        (CheckboxSelectMultiple, "checkboxes"),
        (RadioSelect, "radios"),
        (Select, "select" if len(getattr(widget, "choices", ())) > MOST_CHOICES_AS_RADIOS else "radios"),
        (CheckboxInput, "checkbox"),
        (Textarea, "textarea"),
    )
    return next((name for widget_class, name in kinds if isinstance(widget, widget_class)), "input")


@register.filter
def options(field):
    """List the choices of a field as rows: id, name, value, label, whether chosen."""
    rows = [widget.data for widget in field.subwidgets if widget.data["value"] not in ("", None)]
    return [
        {
            "id": f"{field.auto_id}_{number}",
            "name": row["name"],
            "value": row["value"],
            "label": row["label"],
            "is_chosen": row["selected"],
        }
        for number, row in enumerate(rows)
    ]


@register.filter
def anchor(field):
    """Name the element that a link in the error summary goes to: the field, or its first choice."""
    return f"{field.auto_id}_0" if kind(field) in CHOSEN_BY_ROW else field.auto_id


@register.filter
def as_input(field):
    """Draw a plain input in our dress, whatever class the form gave it."""
    return field.as_widget(attrs={"class": f"input {field.field.widget.attrs.get('class', '')}".strip()})


@register.filter
def upto(total):
    return range(1, int(total) + 1)


@register.filter
def words(line):
    return line.split()


@register.inclusion_tag("_thread.html")
def thread(beads):
    """Draw the evenings as beads on a thread; each has `state`: done, missed, cancelled, next or to_come."""
    states = [_of(bead, "state") for bead in beads]
    drawn = [
        {"state": state, "number": number, "x": f"{(number - 0.5) * 100 / len(states):.2f}%"}
        for number, state in enumerate(states, start=1)
    ]
    behind = [bead["x"] for bead in drawn if bead["state"] != "to_come"]
    return {
        "beads": drawn,
        "from_x": drawn[0]["x"],
        "now_x": behind[-1] if behind else drawn[0]["x"],
        "to_x": drawn[-1]["x"],
        "in_words": _thread_in_words(states),
    }


def _thread_in_words(states):
    sentences = [ngettext("%(total)s session.", "%(total)s sessions.", len(states)) % {"total": len(states)}]
    held = states.count("done") + states.count("missed")
    if held:
        sentences.append(ngettext("%(held)s has been held.", "%(held)s have been held.", held) % {"held": held})
    if "next" in states:
        sentences.append(_("The next one is number %(number)s.") % {"number": states.index("next") + 1})
    return " ".join(sentences)


@register.inclusion_tag("_attendance_strip.html")
def attendance_strip(evenings, joined):
    """Draw head counts, one bar an evening; each has `number` and `count`, None for one still to come."""
    columns = [(_of(evening, "number"), _of(evening, "count")) for evening in evenings]
    highest = max([joined, *(count for _number, count in columns if count is not None)], default=0) or 1
    width = 100 / max(len(columns), 1)
    return {
        "columns": [
            {
                "number": number,
                "count": count,
                "x": f"{width * place + width * 0.18:.2f}%",
                "middle": f"{width * (place + 0.5):.2f}%",
                "width": f"{width * 0.64:.2f}%",
                "y": 24 + STRIP_HEIGHT - round(STRIP_HEIGHT * (joined if count is None else count) / highest),
                "height": round(STRIP_HEIGHT * (joined if count is None else count) / highest),
            }
            for place, (number, count) in enumerate(columns)
        ],
        "any_ahead": any(count is None for _number, count in columns),
        "joined": joined,
        "joined_y": 24 + STRIP_HEIGHT - round(STRIP_HEIGHT * joined / highest),
        "base_y": 24 + STRIP_HEIGHT,
    }


@register.inclusion_tag("_small_strip.html")
def small_strip(counts, joined):
    """Draw the same in the size of a word: head counts in the order of the evenings, None for one still to come."""
    held = [count for count in counts if count is not None]
    highest = max([joined, *held], default=0) or 1
    bars = {True: "", False: ""}
    for place, count in enumerate(counts):
        height = round(SMALL_HEIGHT * (joined if count is None else count) / highest)
        bars[count is not None] += f"M{SMALL_STEP * place} {SMALL_HEIGHT}v-{height}h{SMALL_STEP - 3}v{height}z"
    return {
        "came": bars[True],
        "ahead": bars[False],
        "counts": ", ".join(map(str, held)),
        "width": SMALL_STEP * len(counts),
        "height": SMALL_HEIGHT,
        "joined_y": SMALL_HEIGHT - round(SMALL_HEIGHT * joined / highest),
    }


def _of(thing, name):
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)
