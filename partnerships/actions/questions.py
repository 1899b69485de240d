"""The question box: asking without a name, holding back what names somebody, answering, talking in the open."""

import logging
from datetime import date, time, timedelta
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from accounts.models import School
from notifications import clock
from partnerships.days import today_at
from partnerships.models import Conversation, Question
from surveys.disclosure import consultation_release_at

logger = logging.getLogger(__name__)

HELD_BACK_FOR = timedelta(hours=48)
# For all families of a school together: a count by person would say who has asked.
MOST_A_DAY = 60
A_DAY_SECONDS = 24 * 60 * 60


def reaches_at(school: School):
    """Return when a question asked now reaches the principal: a nine o'clock, 48 hours or more from now."""
    return consultation_release_at(clock.now() + HELD_BACK_FOR, school.zone)


@transaction.atomic
def ask(*, school: School, key: UUID, text: str, language: str) -> None:
    """Put a question into the box, and write nothing else; the key comes with the page, so that two taps ask once.

    Raises ValidationError `full` where families of the school have asked very much today.
    """
    if not _box_has_room(school):
        raise ValidationError(_("The box is full for today. Please ask again tomorrow."), code="full")
    # Neither what is kept nor what is answered says whether this key was there.
    question = Question(pk=key, school=school, text=text, language=language, reaches_at=reaches_at(school))
    Question.objects.bulk_create([question], ignore_conflicts=True)


@transaction.atomic
def hold_back(*, question: Question, is_held_back: bool) -> None:
    """Keep from the principal what names somebody, or let it pass after all, until it has reached her."""
    Question.objects.filter(pk=question.pk, reaches_at__gt=clock.now()).update(is_held_back=is_held_back)


@transaction.atomic
def answer(*, question: Question, text: str, language: str, translated: str = "") -> None:
    """Answer a question before all families, or write the answer better."""
    Question.objects.filter(pk=question.pk).update(
        answer=text, answer_language=language, answer_translated=translated, answered_on=today_at(question.school)
    )


@transaction.atomic
def open_conversation(*, school: School, on: date, starts_at: time, place: str) -> None:
    """Invite families to talk; the same day and hour is the same conversation. Raises ValidationError `past`."""
    if on < today_at(school):
        raise ValidationError(_("This day is over. Choose another one."), code="past")
    talk = Conversation(school=school, on=on, starts_at=starts_at, place=place)
    Conversation.objects.bulk_create([talk], ignore_conflicts=True)


@transaction.atomic
def call_off(*, conversation: Conversation) -> None:
    """Take a conversation off the list."""
    Conversation.objects.filter(pk=conversation.pk).delete()


def _box_has_room(school):
    key = f"questions:{school.pk}:{today_at(school)}"
    try:
        cache.add(key, 0, A_DAY_SECONDS)
        return cache.incr(key) <= MOST_A_DAY
    except RedisError:
        logger.exception("The limit of the question box is off: the cache cannot be reached.")
    except ValueError:
        # The day's count ended between the two calls.
        pass
    return True
