"""Meetings of families and staff: arranged, published once families come first, rated by both sides."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from notifications import clock
from partnerships.access import meetings as access
from partnerships.access.schools import families_school, led_school
from partnerships.actions import meetings as actions
from partnerships.forms.meetings import (
    AgreementsForm,
    ChangeForm,
    DayForm,
    FamiliesForm,
    OrderForm,
    RatingForm,
    SeatsForm,
)
from partnerships.joint_meetings import Side, begins, has_rated, in_turn, lacking, rated_by, tally_of
from partnerships.views.frame import way_back

PAGE = require_http_methods(["GET", "HEAD", "POST"])
# Each part of a meeting that somebody writes: its form, and the title of its page.
PARTS = {
    "day": (DayForm, gettext_lazy("The meeting of families and staff")),
    "families": (FamiliesForm, gettext_lazy("Families meet alone before")),
    "seats": (SeatsForm, gettext_lazy("More families than staff")),
    "order": (OrderForm, gettext_lazy("Families speak first")),
    "agreements": (AgreementsForm, gettext_lazy("Agreements for this meeting")),
}
APART = {
    0: gettext_lazy("Both sides saw it alike."),
    1: gettext_lazy("Staff saw it a little better than families."),
    2: gettext_lazy("Staff saw it much better than families."),
    -1: gettext_lazy("Families saw it a little better than staff."),
    -2: gettext_lazy("Families saw it much better than staff."),
}


@require_safe
def meetings(request, school):
    """Show a school's meetings to whoever arranges them."""
    school = access.arranging_school(request, school)
    found = access.meetings_of(school)
    for meeting in found:
        meeting.school = school
        meeting.tag = state_of(meeting)
    context = {"school": school, "meetings": found, **foot(school), "back_url": home_of(request)}
    return render(request, "partnerships/meeting_list.html", context)


def state_of(meeting):
    """Return how far a meeting is, as a tag draws it."""
    if meeting.published_at is None:
        return {"state": "wait", "label": pgettext("a meeting", "not published yet")}
    if has_begun(meeting):
        return {"state": "neutral", "label": pgettext("a meeting", "held")}
    return {"state": "ok", "label": pgettext("a meeting", "published")}


def has_begun(meeting):
    """Say whether both sides sit together already, or did."""
    return begins(meeting) <= clock.now()


def home_of(request):
    """Return the first page of whoever arranges meetings, or reads of them as a family."""
    return reverse("families_home" if "caregiver" in request.held.audiences else "today")


def foot(school):
    """Return whom to call, for the last line of a page."""
    return {"help_person": {"name": school.help_name, "phone": school.help_phone}}


@PAGE
def meeting_new(request, school):
    """Begin to arrange a meeting."""
    school = access.arranging_school(request, school)
    return begun(request, school, reverse("meetings", args=[school.slug]))


@PAGE
def meeting_next(request, meeting):
    """Begin to arrange the meeting after this one, which carries its one change."""
    follows = access.meeting_to_arrange(request, meeting)
    initial = {"title": follows.title, "starts_at": follows.starts_at, "place": follows.place}
    return begun(request, follows.school, page_of(follows), follows=follows, initial=initial)


def begun(request, school, back_url, follows=None, initial=None):
    """Take what a new meeting is about, when and where."""
    form = DayForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            return redirect(page_of(actions.arrange(school=school, follows=follows, **form.cleaned_data)))
        except ValidationError as refusal:
            form.add_error("on", refusal)
    lede = _("Next come the families' own meeting, the seats, the speaking order and the agreements.")
    return show_form(request, school, form, PARTS["day"][1], _("Continue"), back_url, lede=lede)


def show_form(request, school, form, title, call, back_url, **context):
    """Draw one form on a page of its own."""
    context = {"form": form, "title": title, "call": call, "back_url": back_url, **foot(school), **context}
    return render(request, "partnerships/meeting_form.html", context)


def page_of(meeting):
    """Return the address of a meeting's own page."""
    return reverse("meeting_page", args=[meeting.pk])


@PAGE
def meeting_page(request, meeting):
    """Show a meeting to whoever arranges it: what is missing, each with its page; then publish it."""
    meeting, refusal = access.meeting_to_arrange(request, meeting), None
    if request.method == "POST":
        try:
            actions.publish(meeting=meeting)
            return redirect(page_of(meeting))
        except ValidationError as refused:
            refusal = refused
    context = {
        "meeting": meeting,
        "school": meeting.school,
        "tag": state_of(meeting),
        "refusal": refusal,
        "lacks": [
            {"sentence": lack.sentence, "url": "#card" if lack.part == "card" else part_url(meeting, lack.part)}
            for lack in lacking(meeting)
        ],
        "parts": [{**part, "url": part_url(meeting, part["part"])} for part in parts_of(meeting)],
        "card_url": request.build_absolute_uri(reverse("meeting_of_leaders", args=[meeting.school.slug, meeting.pk])),
        "can_publish": meeting.published_at is None,
        **afterwards(meeting),
        "may_rate": meeting.is_of_families and may_rate(meeting, Side.FAMILIES),
        **foot(meeting.school),
        "back_url": reverse("meetings", args=[meeting.school.slug]),
    }
    return render(request, "partnerships/meeting_page.html", context)


def part_url(meeting, part):
    """Return the page on which a part is written; none once the meeting was held."""
    if meeting.published_at and has_begun(meeting):
        return ""
    return reverse("meeting_change", args=[meeting.pk, part])


def parts_of(meeting):
    """Return what was arranged, one part a row, in the order in which one would settle it."""
    families = [meeting.families_on, meeting.families_at, meeting.families_place]
    seats = (meeting.families_seats, meeting.staff_seats)
    return [
        {
            "part": "day",
            "label": _("Both sides meet"),
            "day": meeting.on,
            "at": meeting.starts_at,
            "place": meeting.place,
        },
        {
            "part": "families",
            "label": _("Families meet alone before"),
            **dict(zip(("day", "at", "place"), families, strict=True)),
        },
        {
            "part": "seats",
            "label": pgettext("a meeting", "Seats"),
            "families": seats[0],
            "staff": seats[1],
            "is_said": None not in seats,
        },
        {
            "part": "order",
            "label": _("Speaking order"),
            "lines": [line for side in in_turn(meeting.speaking_order) for line in side.split("\n") if line],
        },
        {"part": "agreements", "label": _("Agreements"), "words": meeting.agreements},
    ]


def afterwards(meeting):
    """Return what came of a meeting: who spoke, how both sides saw it once both have said so, what changes."""
    tally = tally_of(meeting)
    spoken = tally.families_spoke + tally.staff_spoke if tally else 0
    return {
        "has_begun": meeting.published_at is not None and has_begun(meeting),
        "tally": tally,
        "spoken": spoken,
        "gap": gap(meeting),
        "waits_for": waits_for(meeting),
    }


def may_rate(meeting, side):
    """Say whether a side can say now how it saw the meeting."""
    return meeting.published_at is not None and has_begun(meeting) and not has_rated(meeting, side)


def waits_for(meeting):
    """Say whose rating is missing, where one side has given its own."""
    said = [side for side in Side if has_rated(meeting, side)]
    if len(said) != 1:
        return ""
    if said == [Side.FAMILIES]:
        return _("Families have said how they saw it. Both answers stand here once staff have answered too.")
    return _("Staff have said how they saw it. Both answers stand here once families have answered too.")


def gap(meeting):
    """Return both sides' answers to each question, and how far apart they are; nothing before both have answered."""
    rated = rated_by(meeting)
    if not rated:
        return []
    rows = []
    for name, field in RatingForm.base_fields.items():
        families, staff = (getattr(rated[side], name) for side in (Side.FAMILIES, Side.STAFF))
        words, apart = dict(field.choices), max(-2, min(2, staff - families))
        rows.append(
            {"question": field.label, "families": words[families], "staff": words[staff], "apart": APART[apart]}
        )
    return rows


@PAGE
def meeting_change(request, meeting, part):
    """Write one part of a meeting."""
    meeting = access.meeting_to_arrange(request, meeting)
    if part not in PARTS or not part_url(meeting, part):
        raise Http404
    make, title = PARTS[part]
    begun_with = make.begun(meeting) if hasattr(make, "begun") else {n: getattr(meeting, n) for n in make.base_fields}
    form = make(request.POST if request.method == "POST" else None, initial=begun_with)
    if form.is_valid():
        try:
            actions.change(meeting=meeting, **getattr(form, "said", form.cleaned_data))
            return redirect(page_of(meeting))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    lede = HINTS.get(part, "")
    return show_form(request, meeting.school, form, title, _("Save"), page_of(meeting), lede=lede)


HINTS = {
    "families": gettext_lazy("Without staff, so that families come prepared and know what they want to say."),
    "seats": gettext_lazy("Whoever sits among many speaks less. Families are the larger side here."),
    "order": gettext_lazy("Whoever speaks first says what the meeting is about."),
}


@PAGE
def meeting_rate(request, meeting):
    """Take how families saw a meeting, from whoever facilitates, after they have talked about it."""
    meeting = access.meeting_to_arrange(request, meeting)
    if not meeting.is_of_families or request.audience != "facilitator":
        raise Http404
    return rated(request, meeting, Side.FAMILIES, page_of(meeting))


def rated(request, meeting, side, back_url):
    """Take one side's rating, once it can be given; afterwards go back to where both will stand."""
    if not may_rate(meeting, side):
        return redirect(back_url)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.rate(meeting=meeting, side=side, **form.cleaned_data)
        return redirect(back_url)
    title = _("How did families see it?") if side == Side.FAMILIES else _("How did staff see it?")
    lede = _("Talk about it on your own side first. You see the other side's answer once both have answered.")
    return show_form(request, meeting.school, form, title, _("Send"), back_url, lede=lede, **afterwards(meeting))


@PAGE
def meeting_settle(request, meeting):
    """Write down the one change, once both sides know how the other saw it."""
    meeting = access.meeting_to_arrange(request, meeting)
    if not rated_by(meeting):
        return redirect(page_of(meeting))
    said = {"change": meeting.change, "change_language": meeting.change_language} if meeting.change else None
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_valid():
        actions.settle_change(meeting=meeting, **form.cleaned_data)
        return redirect(page_of(meeting))
    title = _("One thing changes next time")
    return show_form(request, meeting.school, form, title, _("Save"), page_of(meeting), **afterwards(meeting))


@require_safe
def meetings_of_families(request, school):
    """Show families the meetings with staff that stand, and what came of those that were held."""
    school = families_school(request, school)
    shown = [shown_meeting(meeting) for meeting in access.published_meetings(school)]
    context = {"school": school, "meetings": shown, **foot(school), "back_url": home_of(request)}
    return render(request, "partnerships/meetings_of_families.html", context)


def shown_meeting(meeting):
    """Return a meeting as both sides read it."""
    return {"meeting": meeting, "school": meeting.school, "parts": parts_of(meeting), **afterwards(meeting)}


@require_safe
def meetings_of_leaders(request, school):
    """Show the meetings to those who lead the school, those that wait for them among them."""
    school = led_school(request, school)
    found = access.meetings_of(school)
    for meeting in found:
        meeting.school = school
        meeting.tag = state_of(meeting)
    context = {"school": school, "meetings": found, "back_url": way_back(request, school)}
    return render(request, "partnerships/meetings_of_leaders.html", context)


@PAGE
def meeting_of_leaders(request, school, meeting):
    """Show one meeting and the card on listening to those who lead the school, who say that they have read it."""
    meeting = access.meeting_of_leaders(request, school, meeting)
    back_url = reverse("meetings_of_leaders", args=[meeting.school.slug])
    if request.method == "POST":
        actions.read_card(meeting=meeting)
        return redirect("meeting_of_leaders", meeting.school.slug, meeting.pk)
    context = {
        **shown_meeting(meeting),
        "may_rate": may_rate(meeting, Side.STAFF),
        "is_published": meeting.published_at is not None,
        "back_url": back_url,
    }
    return render(request, "partnerships/meeting_of_leaders.html", context)


@PAGE
def meeting_rate_as_staff(request, school, meeting):
    """Take how staff saw a meeting, from somebody who leads the school."""
    meeting = access.meeting_of_leaders(request, school, meeting)
    return rated(request, meeting, Side.STAFF, reverse("meeting_of_leaders", args=[meeting.school.slug, meeting.pk]))
