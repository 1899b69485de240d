"""What families are told of boards' questions and of meetings with staff: to whom, until when. Worker only."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import links
from notifications import clock, kinds
from notifications.models import Message, MessagePerson
from notifications.wording import day_short, sms_hour
from partnerships.access.decisions import families_of
from partnerships.days import today_at
from partnerships.joint_meetings import begins
from partnerships.models import Consultation, JointMeeting, SeatTerm
from surveys.access import who_may_answer

USEFUL_FOR = timedelta(days=14)
TOLD = (Message.State.SENT, Message.State.DELIVERED, Message.State.UNKNOWN)


@kinds.register
class ConsultationRequest(kinds.Kind):
    """That a board asks before it decides, to every family on the list of the form; `about` is the consultation."""

    name = "consultation_request"

    def recipients(self, intent) -> set[UUID]:
        """Return who may answer at this moment, or the one of them whom the intent names."""
        asked = self.asked(self.consultation(intent), at=clock.now())
        return asked & {intent.to_person_id} if intent.to_person_id else asked

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether it is open and the person may still answer."""
        return person_id in self.asked(self.consultation(message), at=at)

    def useful_until(self, message: Message) -> datetime | None:
        """Return its close."""
        return self.consultation(message).closes_at

    def context(self, message: Message) -> dict:
        """Return who asks what, for a letter, and the link of the form; a text message names no topic."""
        asked = self.consultation(message)
        return {
            "school": asked.school.name,
            "sms_name": asked.school.sms_name,
            "board": asked.board_name,
            "title": getattr(asked, f"title_{message.address.language}"),
            "question": getattr(asked, f"question_{message.address.language}"),
            "zone_of": asked.school,
            "closes_at": asked.closes_at,
            "button_url": links.url_for("form", about=asked.form_id, address=message.address_id),
            "button_label": _("Give my opinion"),
        }

    def asked(self, consultation: Consultation, at: datetime) -> set[UUID]:
        """Return who may answer."""
        if not consultation.is_open(at=at) or not consultation.form.is_open(at=at):
            return set()
        return set(who_may_answer().filter(form=consultation.form_id).values_list("person", flat=True))

    def consultation(self, said) -> Consultation:
        """Fetch what an intent or a message is about."""
        return Consultation.objects.select_related("school", "form").get(pk=said.about)


@kinds.register
class ConsultationAnswered(kinds.ForReaders):
    """That what families answered a board can be read: to every family of the school, at the families' hour.

    `about` is the consultation. No figure stands in it: they are read on the page, by whoever may.
    """

    name = "consultation_answered"
    hour = "families_at"
    button_label = _("See what families said")

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return the families of the school whom no tie bars."""
        return set(families_of(self.consultation(said).school, at=at).values_list("pk", flat=True))

    def path(self, consultation: Consultation) -> str:
        """Return the page on which they read it."""
        return reverse("decision_page", args=[consultation.decision_id])

    def due_at(self, intent) -> datetime:
        """Return the hour of these readers."""
        return getattr(self.consultation(intent).form.wave, self.hour)

    def useful_until(self, message: Message) -> datetime:
        """Return when it is news no more."""
        return self.due_at(message) + USEFUL_FOR

    def context(self, message: Message) -> dict:
        """Return what was asked, and where the answer stands."""
        asked = self.consultation(message)
        return {
            "school": asked.school.name,
            "sms_name": asked.school.sms_name,
            "board": asked.board_name,
            "title": getattr(asked, f"title_{message.address.language}"),
            "button_url": settings.BASE_URL + self.path(asked),
            "button_label": self.button_label,
        }

    def consultation(self, said) -> Consultation:
        """Fetch what an intent or a message is about."""
        return Consultation.objects.select_related("school", "form__wave", "decision").get(pk=said.about)


@kinds.register
class ReceiptIssued(ConsultationAnswered):
    """The same to whoever sits on the board, at the board's hour: it has its receipt, and can go on."""

    name = "receipt_issued"
    channel = "email"
    hour = "leaders_at"

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who holds a seat today."""
        consultation = self.consultation(said)
        today = today_at(consultation.school)
        held = SeatTerm.objects.filter(
            seat__board=consultation.decision.board_id, from_on__lte=today, until_on__gte=today
        )
        return set(held.values_list("person", flat=True))

    def path(self, consultation: Consultation) -> str:
        """Return the board's own page of the decision."""
        return reverse("board_decision", args=[consultation.decision.board_id, consultation.decision_id])


@kinds.register
class MeetingSet(kinds.ForReaders):
    """That families meet with the school's staff, and alone before: to every family of the school.

    `about` is the meeting; of its occurrences only the newest is told. What it is about stands on the page alone.
    """

    name = "meeting_set"

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return the families of the school whom no tie bars, while nothing newer is to be said."""
        meeting = self.meeting(said)
        if said.occurrence != f"told-{meeting.tellings}":
            return set()
        return set(families_of(meeting.school, at=at).values_list("pk", flat=True))

    def useful_until(self, message: Message) -> datetime:
        """Return when both sides sit down."""
        return begins(self.meeting(message))

    def context(self, message: Message) -> dict:
        """Return both days and hours, and where the rest can be read."""
        meeting, language = self.meeting(message), message.address.language
        return {
            "school": meeting.school.name,
            "sms_name": meeting.school.sms_name,
            "meeting": meeting,
            "families_met": meeting.families_on is None or meeting.families_on < today_at(meeting.school),
            "sms_day": day_short(meeting.on, language),
            "sms_hour": sms_hour(meeting.starts_at),
            "button_url": settings.BASE_URL + reverse("meetings_of_families", args=[meeting.school.slug]),
            "button_label": _("See the meeting"),
        }

    def meeting(self, said) -> JointMeeting:
        """Fetch what an intent or a message is about."""
        return JointMeeting.objects.select_related("school").get(pk=said.about)


@kinds.register
class MeetingOff(MeetingSet):
    """That a meeting stands no longer, as it lacks something: to whoever was told that it does."""

    name = "meeting_off"

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who was told of it, while nothing newer is to be said."""
        told = MessagePerson.objects.filter(kind="meeting_set", about=said.about, message__state__in=TOLD)
        return super().readers(said, at) & set(told.values_list("person", flat=True))
