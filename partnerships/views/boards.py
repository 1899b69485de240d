"""Boards at the coordinator's desk: which there are, who sits on them, when seats are filled."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import coordinated_school
from accounts.models import BARRING
from partnerships.access import boards as access
from partnerships.actions import boards as actions
from partnerships.forms.boards import (
    SOMEBODY_ELSE,
    AgainForm,
    ElectionForm,
    NewBoardForm,
    SeatsForm,
    SettingsForm,
    TermForm,
)
from partnerships.seats_shown import seats_in_words

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def board_list(request, school):
    """Show the boards of a school with their seats, vacancies and next election."""
    school = coordinated_school(request.held, school)
    context = {"school": school, "boards": access.boards_at(school), "back_url": reverse("today")}
    return render(request, "partnerships/board_list.html", context)


@PAGE
def board_new(request, school):
    """Ask which board it is; its seats come with it where they are known."""
    school = coordinated_school(request.held, school)
    form = NewBoardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        board = tried(form, actions.set_up, school=school, **form.cleaned_data)
        if board:
            return redirect("board_desk", school.slug, board.pk)
    context = {"school": school, "form": form, "back_url": reverse("board_list", args=[school.slug])}
    return render(request, "partnerships/board_new.html", context)


@PAGE
def board_desk(request, school, board):
    """Show a board's seats, and add some."""
    board = access.coordinated_board(request, school, board)
    form = SeatsForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and tried(form, actions.add_seats, board=board, **form.cleaned_data):
        messages.success(request, _("The seats are added."))
        return redirect("board_desk", school, board.pk)
    context = {
        "board": board,
        "seats": seats_in_words(board),
        "form": form,
        "back_url": reverse("board_list", args=[school]),
    }
    return render(request, "partnerships/board_desk.html", context)


@PAGE
def board_settings(request, school, board):
    """Change what a board goes by."""
    board = access.coordinated_board(request, school, board)
    said = {name: getattr(board, name) for name in SettingsForm.base_fields}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_valid() and tried(form, actions.change_settings, board=board, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("board_desk", school, board.pk)
    context = {"board": board, "form": form, "back_url": reverse("board_desk", args=[school, board.pk])}
    return render(request, "partnerships/board_settings.html", context)


@PAGE
def board_elections(request, school, board):
    """Show when seats are filled, announce an election, and take one off the list."""
    board = access.coordinated_board(request, school, board)
    if "remove" in request.POST:
        known = {str(election.pk) for election in access.elections(board)}
        if request.POST["remove"] in known:
            actions.call_off_election(board=board, pk=request.POST["remove"])
        return redirect("board_elections", school, board.pk)
    form = ElectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and tried(form, actions.announce_election, board=board, **form.cleaned_data):
        messages.success(request, _("Families see these dates from now on."))
        return redirect("board_elections", school, board.pk)
    context = {
        "board": board,
        "elections": access.elections(board),
        "form": form,
        "back_url": reverse("board_desk", args=[school, board.pk]),
    }
    return render(request, "partnerships/board_elections.html", context)


@PAGE
def board_seat(request, school, board, seat):
    """Show who holds a seat and who did; give it, prolong it, end a term, put its holder in the chair."""
    board = access.coordinated_board(request, school, board)
    seat = access.seat_on(board, seat)
    step, refusal = request.POST.get("step", ""), None
    form = TermForm(request.POST if step == "give" else None, initial={"from_on": board.today})
    last = seat.all_terms[-1] if seat.all_terms else None
    again = AgainForm(request.POST if step == "again" else None, prefix="again", initial=after(last))
    if step:
        try:
            if taken(request, board, seat, step, form, again):
                return redirect(*way_on(board, seat, step))
        except ValidationError as refused:
            refusal = refused
    [shown] = seats_in_words(board, only=seat)
    context = {
        "board": board,
        "seat": shown,
        "form": form,
        "again": again if last and last.until_on >= board.today else None,
        "last": last,
        "may_chair": bool(seat.holder) and (not board.is_chaired_by_parent or seat.kind == seat.Kind.PARENT),
        "is_chair": bool(seat.holder) and board.chaired_by == seat.holder,
        "is_barring": seat.kind in BARRING,
        "refusal": refusal,
        "back_url": reverse("board_desk", args=[school, board.pk]),
    }
    return render(request, "partnerships/board_seat.html", context)


def after(term):
    """Return on which day another term could begin."""
    return {"from_on": term.until_on + actions.DAY} if term else {}


def way_on(board, seat, step):
    """Return where one goes after a step at a seat."""
    where = [board.school.slug, board.pk]
    return ("board_desk", *where) if step in {"remove", "give"} else ("board_seat", *where, seat.pk)


def taken(request, board, seat, step, form, again):
    """Do what was said about a seat; False where a form has to be shown again."""
    if step == "give":
        return given(request, seat, board, form)
    if step == "again":
        last = access.term_on(seat, request.POST.get("term", ""))
        return again.is_valid() and tried(again, actions.give_again, term=last, **again.cleaned_data) is not None
    if step == "remove":
        actions.remove_seat(seat=seat)
    elif step == "end":
        actions.end_term(term=access.term_on(seat, request.POST.get("term", "")))
    elif step == "chair":
        actions.choose_chair(board=board, term=access.term_on(seat, request.POST.get("term", "")))
    return True


def given(request, seat, board, form):
    """Give a seat; ask first who it is where others share the address, and say what follows for a family."""
    if not form.is_valid():
        return False
    said = form.cleaned_data
    contact = said["contact"]
    owners = access.owners_at(board.school, channel=contact.channel, value=contact.value)
    person = named(owners, said["name"])
    if owners and person is None:
        form.ask_who(owners)
        chosen = request.POST.get("who", "")
        person = next((owner for owner in owners if str(owner.pk) == chosen), None)
        if person is None and chosen != SOMEBODY_ELSE:
            form.add_error("who", _("Choose who it is"))
            return False
    words = {name: said[name] for name in ("name", "language", "from_on", "until_on")}
    try:
        actions.give_seat(
            seat=seat,
            channel=contact.channel,
            value=contact.value,
            person=person,
            knows_it_bars="knows" in request.POST,
            **words,
        )
    except ValidationError as refusal:
        if refusal.code == "bars":
            form.ask_to_confirm()
        form.add_error("knows" if refusal.code == "bars" else None, refusal)
        return False
    messages.success(request, _("The seat is given. It shows on the board's page, and its pages open with the term."))
    return True


def named(owners, name):
    """Return the owner of an address who has this name, or None."""
    return next((owner for owner in owners if actions.alike(owner.name, name)), None)


def tried(form, act, **said):
    """Do something and return what it made, or True; on a refusal say it on the form and return None."""
    try:
        return act(**said) or True
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None
