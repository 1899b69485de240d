"""Inviting families: paste, check, send; then who they are and what became of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import reveal_contact
from accounts.models import Person
from dialogue_series import previews, roster
from dialogue_series.access import logistics as access
from dialogue_series.access.families import next_session
from dialogue_series.actions import inviting
from dialogue_series.actions.caregivers import add_address
from dialogue_series.forms.families import HELP, said
from dialogue_series.forms.logistics_lists import (
    HEADING,
    LEFT_OUT_AT_FIRST,
    MODES,
    MOST_AT_ONCE,
    AddressForm,
    ConsentForm,
    FamiliesForm,
    RowForm,
)
from dialogue_series.messages_shown import WORDS
from dialogue_series.models import Enrolment
from dialogue_series.views.desk import tabs
from notifications import clock


@require_http_methods(["GET", "HEAD", "POST"])
def series_invite(request, series):
    """Take a list of families; show how it was understood; send."""
    series = access.one_series(request.held, series)
    if "rows" in request.POST:
        return check_again(request, series)
    form = FamiliesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        rows = understand(form, series)
        if rows:
            return show_check(request, series, [row_form(row, place) for place, row in enumerate(rows)], ConsentForm())
    context = {
        "form": form,
        "series": series,
        "back_url": reverse("series_page", args=[series.pk]),
        "left": series.places - series.joined,
    }
    return render(request, "dialogue_series/invite_paste.html", context)


def understand(form, series):
    """Read a pasted or uploaded list; nothing, and the reason on the form, where it cannot be read."""
    text, problem = roster.read_list(form.cleaned_data["raw"])
    if problem:
        form.refuse(problem)
        return []
    rows = read(text, series)
    if len(rows) > MOST_AT_ONCE:
        form.add_error(
            "pasted", ValidationError(_("Invite up to 200 families at a time. Send the list in parts."), code="many")
        )
        return []
    return roster.doubtful_first(rows)


def read(text, series):
    """Read families with what is known of this series and this school."""
    return roster.read_roster(
        text,
        default_language=series.language,
        known=access.addresses_in(series),
        staff=access.staff_addresses(series.school),
    )


def row_form(row, place):
    """Return a line as a form, with its doubts; what should not be sent is left out beforehand."""
    initial = {
        "name": row.name,
        "address": row.address,
        "language": row.language,
        "leave_out": bool(LEFT_OUT_AT_FIRST & set(row.problems)),
    }
    return RowForm(initial=initial, prefix=f"row{place}", row=row)


def check_again(request, series):
    """Read the mended lines again; send them when nothing is in doubt and consent was given."""
    count = int(request.POST["rows"]) if request.POST["rows"].isdigit() else 0
    forms = [RowForm(request.POST, prefix=f"row{place}") for place in range(min(count, MOST_AT_ONCE))]
    kept = [form for form in forms if not form["leave_out"].value()]
    rows = read("\n".join([HEADING, *(form.as_line() for form in kept)]), series)
    for form, row in zip(kept, rows, strict=False):
        form.row = row
    consent = ConsentForm(request.POST)
    if any(form.is_refused for form in kept):
        consent.add_error(None, _("Fix the lines on top, or leave them out."))
    elif all(form.is_valid() for form in kept) and consent.is_valid():
        send(request, series, kept, consent)
    if consent.errors or not kept:
        return show_check(request, series, forms, consent)
    return redirect("series_people", series.pk)


def send(request, series, forms, consent):
    """Invite each family; whom the school's ties keep out is said by name, and the others are invited."""
    count = 0
    for form in forms:
        row = form.row
        try:
            inviting.invite(
                series=series,
                name=row.name,
                channel=row.channel,
                value=row.address,
                language=row.language,
                by=request.person,
            )
        except ValidationError as refusal:
            consent.add_error(None, f"{row.name}: {refusal.messages[0]}")
        else:
            count += 1
    if count:
        said_so = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", count)
        messages.success(request, said_so % {"count": count})


def show_check(request, series, forms, consent):
    """Show the lines as understood, doubtful ones on top, and the message in both languages."""
    first = next_session(series, at=clock.now())
    doubtful = [form for form in forms if form.doubts or form["leave_out"].value()]
    kept = [form for form in forms if not form["leave_out"].value()]
    context = {
        "series": series,
        "form": consent,
        "rows": forms,
        "doubtful": doubtful,
        "good": [form for form in forms if form not in doubtful],
        "count": len(kept),
        "texts": previews.invitation(series, who=request.person.name, first=first) if first else [],
        "left": series.places - series.joined,
        "back_url": reverse("series_invite", args=[series.pk]),
    }
    return render(request, "dialogue_series/invite_check.html", context)


@require_safe
def series_people(request, series):
    """Show who was invited, and where each stands."""
    series = access.one_series(request.held, series)
    sent = access.invitations_sent(series)
    rows = [describe(invitation, sent.get(invitation.pk)) for invitation in access.invitations(series)]
    context = {
        "series": series,
        "rows": rows,
        "joined": sum(row["state"] == "joined" for row in rows),
        "tabs": tabs(series, "series_people"),
    }
    return render(request, "dialogue_series/series_people.html", context)


def describe(invitation, sent):
    """Return where an invited family stands, in words and with a tag, and how far its invitation has come."""
    state = invitation.place or ("declined" if invitation.declined_at else "silent")
    tag, label = {
        Enrolment.State.JOINED: ("ok", _("Joined")),
        Enrolment.State.WAITING: ("wait", _("Waiting for a place")),
        Enrolment.State.LEFT: ("neutral", _("Left the group")),
        "declined": ("neutral", _("Said no, thank you")),
        "silent": ("wait", _("No answer yet")),
    }[state]
    return {
        "invitation": invitation,
        "person": invitation.person,
        "state": state,
        "tag": tag,
        "label": label,
        "reach": [masked(address) for address in invitation.person.addresses.all()],
        "sent": WORDS[sent][1] if sent and state == "silent" else "",
        "is_lost": sent in access.DID_NOT_ARRIVE and state == "silent",
    }


def masked(address):
    """Return enough of a phone or e-mail to tell it from another, and no more."""
    if address.channel == "sms":
        return f"··· {address.value[-4:]}"
    name, _at, host = address.value.partition("@")
    return f"{name[:1]}···@{host}"


@require_POST
def invitation_send_again(request, pk):
    """Send somebody a new link."""
    invitation = access.invitation(request.held, pk)
    try:
        inviting.send_again(invitation=invitation, by=request.person)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("A new invitation for %(name)s is on its way.") % {"name": invitation.person.name})
    return redirect("series_people", invitation.series_id)


@require_http_methods(["GET", "HEAD", "POST"])
def family_page(request, pk):
    """Show one family; its phone is shown when asked for, and that is written down."""
    person, school = access.family(request.held, pk)
    form = AddressForm(request.POST if "add" in request.POST else None)
    if form.is_valid() and add_to(person, school, form):
        messages.success(request, _("Saved. Now send the invitation again."))
        return redirect("family_page", pk)
    invitations = access.invitations_of(person, request.held)
    shown = reveal_contact(person=person, school=school, by=request.person) if "show" in request.POST else []
    addresses = list(person.addresses.all())
    context = {
        "family": person,
        "school": school,
        "shown": shown,
        "form": form,
        "may_add": person.state == Person.State.INVITED,
        "reach": [masked(address) for address in addresses],
        "has_stopped": any(address.stopped_at for address in addresses),
        "helps": [HELP[kind] for kind in access.help_of(person, school)],
        "evenings": [
            {"session": session, "answer": said(session.answer), "mode": MODES.get(session.mode, "")}
            for session in access.history(person, school)
        ],
        "invitations": invitations,
        "tabs": tabs(invitations[0].series if invitations else None, "series_people"),
    }
    return render(request, "dialogue_series/family_page.html", context)


def add_to(person, school, form):
    """Add an address to a family; on a refusal say it on the form."""
    contact = form.cleaned_data["contact"]
    try:
        add_address(person=person, school=school, channel=contact.channel, value=contact.value)
    except ValidationError as refusal:
        form.add_error("contact", refusal)
        return False
    return True
