"""Addresses where both sides meet: meetings with caregivers first, the tally, and the principal's question box."""

from accounts.routes import route
from partnerships.views import meetings, questions, tallies

ARRANGING = "facilitator coordinator"
FAMILIES = "facilitator caregiver"


def arranging(pattern: str, view, name: str, resource: str = "joint meetings"):
    """Declare a page for whoever facilitates or coordinates at the school."""
    return route(pattern, view, name=name, resource=resource, audience=ARRANGING)


def leading(pattern: str, view, name: str, resource: str):
    """Declare a page for those who lead the school."""
    return route(f"l/<slug:school>/{pattern}", view, name=name, resource=resource, audience="leader")


MEETING = "meetings/<uuid:meeting>/"
urlpatterns = [
    arranging("c/schools/<slug:school>/meetings/", meetings.meetings, "meetings"),
    arranging("c/schools/<slug:school>/meetings/new/", meetings.meeting_new, "meeting_new"),
    arranging(MEETING, meetings.meeting_page, "meeting_page"),
    arranging(f"{MEETING}change/<slug:part>/", meetings.meeting_change, "meeting_change"),
    arranging(f"{MEETING}rate/", meetings.meeting_rate, "meeting_rate", "families' rating"),
    arranging(f"{MEETING}agreed/", meetings.meeting_settle, "meeting_settle"),
    arranging(f"{MEETING}next/", meetings.meeting_next, "meeting_next"),
    arranging(f"{MEETING}tally/", tallies.meeting_tally, "meeting_tally", "speaking tally"),
    arranging(f"{MEETING}tally/worker.js", tallies.tally_worker, "tally_worker", "speaking tally"),
    route(
        "school/<slug:school>/meetings/",
        meetings.meetings_of_families,
        name="meetings_of_families",
        resource="joint meetings",
        audience=FAMILIES,
    ),
    route(
        "school/<slug:school>/questions/",
        questions.questions_of_families,
        name="questions_of_families",
        resource="question box",
        audience=FAMILIES,
    ),
    leading("meetings/", meetings.meetings_of_leaders, "meetings_of_leaders", "joint meetings"),
    leading(MEETING, meetings.meeting_of_leaders, "meeting_of_leaders", "joint meetings"),
    leading(f"{MEETING}rate/", meetings.meeting_rate_as_staff, "meeting_rate_as_staff", "joint meetings"),
    leading("questions/", questions.questions_of_leaders, "questions_of_leaders", "question box"),
    leading("questions/<uuid:question>/", questions.question_answer, "question_answer", "question box"),
    leading(
        "conversations/<uuid:conversation>/",
        questions.conversation_call_off,
        "conversation_call_off",
        "question box",
    ),
]
