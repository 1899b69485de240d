"""What families are told of boards' questions: to whom, until when, and with which words. Worker only."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import links
from notifications import clock, kinds
from notifications.models import Message
from partnerships.models import Consultation
from surveys.access import who_may_answer


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
