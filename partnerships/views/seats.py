"""The way to a seat: for families, who say how far they have come to themselves alone; for leaders, what is counted."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import code_is_old
from partnerships.access import boards as access
from partnerships.access.schools import families_school, led_school
from partnerships.actions import pathway as actions
from partnerships.eligibility import QUESTIONS
from partnerships.forms.seats import EligibilityForm
from partnerships.models import Board, SeatStep
from partnerships.seats_shown import ONE_SEAT, STEPS, counts_in_words, held_in_words, seats_in_words
from partnerships.views.frame import is_family, places


@require_http_methods(["GET", "HEAD", "POST"])
def seats_of_school(request, school):
    """Show families elections, vacancies, who can run and the training; keep privately what one says of herself."""
    school = families_school(request, school)
    if code_is_old(request):
        return redirect_to_login(request.get_full_path(), reverse("enter"))
    boards = access.boards_at(school)
    if {"step", "take_back"} & set(request.POST):
        said(request, boards)
        return redirect(f"{reverse('seats_of_school', args=[school.slug])}#own-{request.POST['board']}")
    own = access.own_steps(request.person, school)
    context = {
        "school": school,
        "boards": [shown(board, own) for board in boards],
        "checks": checks(request) if any(board.kind == Board.Kind.LSC for board in boards) else [],
        "help_person": {"name": school.help_name, "phone": school.help_phone},
        "tabs": places(
            request, school, group_url=reverse("families_group") if is_family(request) else "", here="school"
        ),
        "back_url": reverse("families_school", args=[school.slug]),
    }
    return render(request, "partnerships/seats_families.html", context)


def said(request, boards):
    """Keep a step that the reader says of herself, or take it back."""
    board = next((board for board in boards if str(board.pk) == request.POST.get("board")), None)
    act = actions.say_step if "step" in request.POST else actions.take_step_back
    step = request.POST.get("step") or request.POST.get("take_back")
    if board is None or step not in SeatStep.Step.values:
        raise Http404
    act(board=board, person=request.person, step=step)


def shown(board, own):
    """Return a board as families read it: seats, dates, training, what the reader herself said."""
    return {
        "board": board,
        "seats": seats_in_words(board),
        "held": held_in_words(board),
        "counts": counts_in_words(board),
        "elections": board.elections_to_come,
        "training": training(board),
        "steps": [{"value": step, "label": label, "is_said": (board.pk, step) in own} for step, label in STEPS.items()],
    }


def training(board):
    """Return what members complete, line by line, in the language of the page."""
    text = board.training_en if get_language().startswith("en") else board.training_es
    return [line for line in (text or board.training_es or board.training_en).splitlines() if line.strip()]


def checks(request):
    """Return the check of each kind of seat; the answers are looked at here, and kept nowhere."""
    asked = request.POST.get("check")
    forms = {kind: EligibilityForm(request.POST if asked == kind else None, kind=kind) for kind in QUESTIONS}
    return [
        {"kind": kind, "title": ONE_SEAT[kind], "form": form, "is_answered": form.is_valid(), "is_open": form.is_bound}
        for kind, form in forms.items()
    ]


@require_safe
def leader_seats(request, school):
    """Show leaders who sits where, exactly, and about how many are on the way, as frozen."""
    school = led_school(request, school)
    boards = [
        {
            "board": board,
            "seats": seats_in_words(board),
            "held": held_in_words(board),
            "counts": counts_in_words(board),
            "elections": board.elections_to_come,
        }
        for board in access.boards_at(school)
    ]
    context = {"school": school, "boards": boards, "back_url": reverse("overview", args=[school.slug])}
    return render(request, "partnerships/seats_leaders.html", context)
