"""What families are told around the ten evenings: to whom, until when, and with which words. Worker only."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import links
from dialogue_series.access import due
from dialogue_series.access.families import has_ended, joined, next_session, place_in_line, works_here
from dialogue_series.message_words import words_of_invitation, words_of_school, words_of_session
from dialogue_series.models import Attendance, Enrolment, Invitation, Session
from notifications import clock, kinds
from notifications.models import Message
from partnerships.access.commitments import families
from partnerships.access.spaces import open_places
from partnerships.models import Commitment, GroupMember
from surveys.access import who_has_not_answered, who_may_answer
from surveys.models import Form, Wave

MISSED_STAYS_USEFUL = timedelta(days=7)
ANSWER_STAYS_NEWS = timedelta(days=14)


@kinds.register
class InvitationSent(kinds.Kind):
    """The link that invites; `about` is the invitation, the occurrence ends with the turn of the link."""

    name = "invitation"

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether the newest link is still unanswered, and the person may still come."""
        invitation = self.invitation(message)
        return (
            invitation is not None
            and is_newest(message, invitation.turn)
            and invitation.claimed_at is None
            and invitation.declined_at is None
            and not has_ended(invitation.series, at=at)
            and not works_here(invitation.person, invitation.series.school, at=at)
        )

    def context(self, message: Message) -> dict:
        """Return who invites to what, and the link of this turn."""
        invitation = self.invitation(message)
        series = invitation.series
        return words_of_invitation(
            series,
            who=invitation.invited_by.name if invitation.invited_by else series.school.help_name,
            first=next_session(series, at=clock.now()),
            url=links.url_for("invitation", about=invitation.pk, person=invitation.person_id, turn=invitation.turn),
            language=message.address.language,
        )

    def invitation(self, message: Message) -> Invitation | None:
        """Fetch what the message is about."""
        return (
            Invitation.objects.select_related("series__school", "person", "invited_by").filter(pk=message.about).first()
        )


def is_newest(message: Message, count: int) -> bool:
    """Say whether nothing has come after what an occurrence like "turn-2" or "move-3" tells."""
    return message.occurrence.rpartition("-")[2] == str(count)


class AboutEnrolment(kinds.Kind):
    """Something about a place or the line for one; `about` is the enrolment."""

    state = ""

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether things still stand so."""
        enrolment = self.enrolment(message)
        return (
            enrolment is not None
            and enrolment.state == self.state
            and next_session(enrolment.series, at=at) is not None
            and not works_here(enrolment.person, enrolment.series.school, at=at)
        )

    def enrolment(self, message: Message) -> Enrolment | None:
        """Fetch what the message is about."""
        return Enrolment.objects.select_related("series__school", "person").filter(pk=message.about).first()


@kinds.register
class WaitingList(AboutEnrolment):
    """That the group is full, and which place in the line it is."""

    name = "waiting_list"
    state = Enrolment.State.WAITING

    def context(self, message: Message) -> dict:
        """Return the place in the line at this moment."""
        enrolment = self.enrolment(message)
        return {**words_of_school(enrolment.series), "place_in_line": place_in_line(enrolment)}


@kinds.register
class PlaceFree(AboutEnrolment):
    """That a place has come free, and when the next evening is."""

    name = "place_free"
    state = Enrolment.State.JOINED

    def context(self, message: Message) -> dict:
        """Return the next evening and the link to answer it."""
        series = self.enrolment(message).series
        return words_with_rsvp(next_session(series, at=clock.now()), message)


def words_with_rsvp(session: Session, message: Message) -> dict:
    """Return an evening's words and the link by which an address says whether it comes."""
    return {
        **words_of_school(session.series),
        **words_of_session(session, message.address.language),
        "button_url": links.url_for("rsvp", about=session.pk, address=message.address_id),
        "button_label": _("Answer or change"),
    }


class AboutSession(kinds.Kind):
    """Something about an evening, for everybody who holds a place; `about` is the session."""

    def recipients(self, intent) -> set[UUID]:
        """Return everybody who holds a place at this moment, or the one of them whom the intent names."""
        everybody = keys_of_joined(self.session(intent))
        return everybody & {intent.to_person_id} if intent.to_person_id else everybody

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether the evening still stands as told, and the person still holds a place."""
        session = self.session(message)
        return self.holds(message, session) and person_id in keys_of_joined(session)

    def holds(self, message: Message, session: Session) -> bool:
        """Say whether what the message tells is still so."""
        return session.cancelled_at is None

    def useful_until(self, message: Message) -> datetime:
        """Return the beginning of the evening."""
        return self.session(message).begins

    def context(self, message: Message) -> dict:
        """Return when and where, and the link to answer."""
        return words_with_rsvp(self.session(message), message)

    def session(self, said) -> Session:
        """Fetch what an intent or a message is about."""
        return Session.objects.select_related("series__school", "form").get(pk=said.about)


def keys_of_joined(session: Session) -> set[UUID]:
    """Return who holds a place in the series of an evening, people whom a tie bars left out."""
    return set(joined(session.series, at=clock.now()).values_list("pk", flat=True))


@kinds.register
class SessionReminder(AboutSession):
    """The day before, two hours before, and whenever the coordinator asks for one by hand."""

    name = "session_reminder"

    def holds(self, message: Message, session: Session) -> bool:
        """Say whether the evening is held, and on the day that is told."""
        told = {due.occurrence(session, offset) for offset in due.REMINDERS}
        return session.cancelled_at is None and message.occurrence in told

    def context(self, message: Message) -> dict:
        """Return the evening, and whether it is today or tomorrow on the school's wall."""
        session = self.session(message)
        days = (session.on - clock.now().astimezone(ZoneInfo(session.series.school.zone)).date()).days
        return {**words_with_rsvp(session, message), "is_today": days == 0, "is_tomorrow": days == 1}


@kinds.register
class SessionMoved(AboutSession):
    """A new day or hour; the occurrence ends with the count of moves, and only the newest goes."""

    name = "session_moved"

    def holds(self, message: Message, session: Session) -> bool:
        """Say whether no later move has made this one old."""
        return session.cancelled_at is None and is_newest(message, session.moves)


@kinds.register
class SessionCancelled(AboutSession):
    """That an evening will not be, and which one is next."""

    name = "session_cancelled"

    def holds(self, message: Message, session: Session) -> bool:
        """Say whether it is still cancelled."""
        return session.cancelled_at is not None

    def context(self, message: Message) -> dict:
        """Return the evening that falls out and the one that follows."""
        session, language = self.session(message), message.address.language
        following = next_session(session.series, at=clock.now())
        return {
            **words_of_school(session.series),
            **words_of_session(session, language),
            "following": words_of_session(following, language) if following else None,
        }


class OpinionAsked(kinds.Kind):
    """Questions for the people on the list of a form."""

    def recipients(self, intent) -> set[UUID]:
        """Return who is asked at this moment, or the one of them whom the intent names."""
        form = self.form(intent)
        asked = self.asked(form) if form and form.is_open(at=clock.now()) else set()
        return asked & {intent.to_person_id} if intent.to_person_id else asked

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether the form is open and still asks this person."""
        form = self.form(message)
        return form is not None and form.is_open(at=at) and person_id in self.asked(form)

    def useful_until(self, message: Message) -> datetime | None:
        """Return the close of the form."""
        form = self.form(message)
        return form and form.closes_at

    def asked(self, form: Form) -> set[UUID]:
        """Return who may answer."""
        return set(who_may_answer().filter(form=form).values_list("person", flat=True))

    def button(self, message: Message, form: Form) -> dict:
        """Return the link of the form."""
        return {
            "button_url": links.url_for("form", about=form.pk, address=message.address_id),
            "button_label": _("Give my opinion"),
        }


class FeedbackAsked(OpinionAsked):
    """Four questions after an evening; `about` is the session."""

    def context(self, message: Message) -> dict:
        """Return the evening that is asked about, and the link of the form."""
        session = self.session(message)
        return {
            **words_of_school(session.series),
            **words_of_session(session, message.address.language),
            **self.button(message, session.form),
        }

    def form(self, said) -> Form | None:
        """Fetch the form of the evening."""
        return self.session(said).form

    def session(self, said) -> Session:
        """Fetch the evening."""
        return Session.objects.select_related("series__school", "form").get(pk=said.about)


class SurveyAsked(OpinionAsked):
    """The same questions before the ten evenings and after them; `about` is the form."""

    def context(self, message: Message) -> dict:
        """Return which of the two it is, and the link of the form."""
        form = self.form(message)
        return {
            **words_of_school(form.ring.series),
            "is_before": form.wave.kind == Wave.Kind.BEFORE,
            **self.button(message, form),
        }

    def form(self, said) -> Form | None:
        """Fetch it."""
        return Form.objects.select_related("wave", "ring__series__school").filter(pk=said.about).first()


class SecondRequest:
    """One gentle second request; whoever has answered leaves no row, and what rows there are nobody sees."""

    secret_recipients = True

    def asked(self, form: Form) -> set[UUID]:
        """Return who has not answered, as the sealed boxes tell at this moment."""
        return who_has_not_answered(form)


@kinds.register
class FeedbackRequest(FeedbackAsked):
    """The first request, half an hour after the evening."""

    name = "feedback_request"


@kinds.register
class FeedbackSecondRequest(SecondRequest, FeedbackAsked):
    """The second, three days later."""

    name = due.SECOND_REQUEST


@kinds.register
class SurveyRequest(SurveyAsked):
    """The first request: before, to each who joins; after, to everybody at once."""

    name = "survey_request"


@kinds.register
class SurveySecondRequest(SecondRequest, SurveyAsked):
    """The second, but not to whoever joined a moment ago."""

    name = due.SURVEY_SECOND_REQUEST

    def asked(self, form: Form) -> set[UUID]:
        """Return who has had three days and has not answered."""
        return super().asked(form) - due.joined_lately(form, at=clock.now())


@kinds.register
class MissedSession(AboutSession):
    """For those marked absent: what the group talked about, and the next date."""

    name = "missed_session"

    def recipients(self, intent) -> set[UUID]:
        """Return who was marked absent and still holds a place."""
        absent = Attendance.objects.filter(session=intent.about, mode=Attendance.Mode.ABSENT)
        return keys_of_joined(self.session(intent)) & set(absent.values_list("person", flat=True))

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether she is still marked absent."""
        return person_id in self.recipients(message)

    def useful_until(self, message: Message) -> datetime:
        """Return a week after the evening."""
        return self.session(message).ends + MISSED_STAYS_USEFUL

    def context(self, message: Message) -> dict:
        """Return the evening's page, which holds the summary, and the evening that follows."""
        session = self.session(message)
        following = next_session(session.series, at=clock.now())
        return {
            **words_with_rsvp(session, message),
            "following": words_of_session(following, message.address.language) if following else None,
            "button_label": _("Read the summary"),
        }


@kinds.register
class SchoolAnswered(kinds.ForReaders):
    """That the school answered what a group asked, or all families of the school; `about` is the request.

    The occurrence begins with how it answered: once it has moved on, only the newer answer is told.
    """

    name = "school_answered"

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who asked, while it stands so: who holds a place and who facilitates, or the school's families."""
        commitment = self.commitment(said)
        return who_asked(commitment, at=at) if said.occurrence.startswith(f"{commitment.state}-") else set()

    def useful_until(self, message: Message) -> datetime:
        """Return two weeks after the last thing that was said about it."""
        return self.commitment(message).steps.latest("at").at + ANSWER_STAYS_NEWS

    def context(self, message: Message) -> dict:
        """Return the school and the families' page: nothing of the answer."""
        commitment = self.commitment(message)
        return {
            "school": commitment.school.name,
            "sms_name": commitment.school.sms_name,
            "is_group": commitment.group_id is not None,
            "button_url": settings.BASE_URL + reverse("families_school", args=[commitment.school.slug]),
            "button_label": _("Read the answer"),
        }

    def commitment(self, said) -> Commitment:
        """Fetch what it is about."""
        return Commitment.objects.select_related("school", "group__series").get(pk=said.about)


def who_asked(commitment: Commitment, *, at: datetime) -> set[UUID]:
    """Return the people whose request it is, those whom a tie bars left out."""
    if commitment.group is None:
        return set(families(commitment.school, at=at).values_list("pk", flat=True))
    leading = open_places(at=at).filter(group=commitment.group, role=GroupMember.Role.FACILITATOR)
    holding = joined(commitment.group.series, at=at)
    return set(leading.values_list("person", flat=True)) | set(holding.values_list("pk", flat=True))
