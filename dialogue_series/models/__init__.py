"""The programme: its curriculum, the series a school runs, and its ten evenings."""

from dialogue_series.models.curriculum import RunSheetPart, Topic, TopicResource
from dialogue_series.models.series import Enrolment, Invitation, JoinRequest, NoSchoolDay, SchoolYear, Series
from dialogue_series.models.sessions import Attendance, Rsvp, Session, SupportRequest

__all__ = [
    "Attendance",
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
