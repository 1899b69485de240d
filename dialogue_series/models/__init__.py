"""The programme: its curriculum, the series a school runs, its ten evenings, and the conversations with leaders."""

from dialogue_series.models.checkins import CheckIn
from dialogue_series.models.curriculum import RunSheetPart, Topic, TopicResource
from dialogue_series.models.series import Enrolment, Invitation, JoinRequest, NoSchoolDay, SchoolYear, Series
from dialogue_series.models.sessions import Attendance, Rsvp, Session, SupportRequest

__all__ = [
    "Attendance",
    "CheckIn",
    "Enrolment",
    "Invitation",
    "JoinRequest",
    "NoSchoolDay",
    "Rsvp",
    "RunSheetPart",
    "SchoolYear",
    "Series",
    "Session",
    "SupportRequest",
    "Topic",
    "TopicResource",
]
