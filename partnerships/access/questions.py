"""The question box: what families asked the principal, what waits, what was answered, and when one can talk."""

from uuid import UUID

from accounts.models import School
from notifications import clock
from partnerships.access.meetings import first_or_404
from partnerships.days import today_at
from partnerships.models import Conversation, Question


def passed_questions(school: School) -> list[Question]:
    """List what has reached the principal, the newest first; within a day in no order that tells when it was asked."""
    found = Question.objects.filter(school=school, is_held_back=False, reaches_at__lte=clock.now())
    return list(found.order_by("-reaches_at", "pk"))


def unanswered_first(school: School) -> list[Question]:
    """List the same for the principal: what waits longest for an answer stands first."""
    questions = passed_questions(school)
    waiting = [question for question in reversed(questions) if not question.answer]
    return waiting + [question for question in questions if question.answer]


def waiting_questions(school: School) -> list[Question]:
    """List what has not reached the principal yet, held back or not; the database shows it to facilitators alone."""
    found = Question.objects.filter(school=school, reaches_at__gt=clock.now())
    return list(found.order_by("reaches_at", "pk"))


def waiting_question(school: School, pk: UUID) -> Question:
    """Fetch one that can still be held back."""
    return first_or_404(Question.objects.filter(school=school, pk=pk, reaches_at__gt=clock.now()))


def passed_question(school: School, pk: UUID) -> Question:
    """Fetch one that the principal may read."""
    found = Question.objects.filter(school=school, pk=pk, is_held_back=False, reaches_at__lte=clock.now())
    return first_or_404(found)


def conversations(school: School) -> list[Conversation]:
    """List the open conversations to come, today's among them."""
    return list(Conversation.objects.filter(school=school, on__gte=today_at(school)).order_by("on", "starts_at"))


def conversation(school: School, pk: UUID) -> Conversation:
    """Fetch one of them."""
    return first_or_404(Conversation.objects.filter(school=school, pk=pk))
