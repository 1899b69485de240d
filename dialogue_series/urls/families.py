"""Addresses of families: by a sent link, from a flyer, and once they have entered."""

from accounts.routes import route
from dialogue_series.views import coming, comments, families, group_door, joining, paper

INVITATION = "i/<str:public>/"
RSVP = "r/<str:public>/<uuid:person>/"
SERIES = "s/<uuid:series>/"
SESSION = f"{SERIES}sessions/<int:number>/"

urlpatterns = [
    route(INVITATION, joining.link_invitation, name="link_invitation", resource="invitation", audience="link"),
    route(
        f"{INVITATION}again/", joining.invitation_again, name="invitation_again", resource="invitation", audience="link"
    ),
    route(
        f"{INVITATION}name/", joining.invitation_name, name="invitation_name", resource="invitation", audience="link"
    ),
    route(
        f"{INVITATION}promise/",
        joining.invitation_promise,
        name="invitation_promise",
        resource="invitation",
        audience="link",
    ),
    route(
        f"{INVITATION}works-here/",
        joining.invitation_works_here,
        name="invitation_works_here",
        resource="invitation",
        audience="link",
    ),
    route(f"{INVITATION}rsvp/", joining.invitation_rsvp, name="invitation_rsvp", resource="rsvp", audience="link"),
    route(f"{INVITATION}needs/", joining.invitation_needs, name="invitation_needs", resource="rsvp", audience="link"),
    route(f"{INVITATION}done/", joining.invitation_done, name="invitation_done", resource="rsvp", audience="link"),
    route(
        f"{INVITATION}session.ics",
        joining.invitation_calendar,
        name="invitation_calendar",
        resource="calendar",
        audience="link",
    ),
    route("j/<slug:code>/", joining.join_request, name="join_request", resource="join_request", audience="public"),
    route(
        "j/<slug:code>/kept/",
        joining.join_request_kept,
        name="join_request_kept",
        resource="join_request",
        audience="public",
    ),
    route("r/<str:public>/", coming.link_rsvp, name="link_rsvp", resource="rsvp", audience="link"),
    route(RSVP, coming.rsvp_answer, name="rsvp_answer", resource="rsvp", audience="link"),
    route(f"{RSVP}needs/", coming.rsvp_needs, name="rsvp_needs", resource="rsvp", audience="link"),
    route(f"{RSVP}done/", coming.rsvp_done, name="rsvp_done", resource="rsvp", audience="link"),
    route(f"{RSVP}session.ics", coming.rsvp_calendar, name="rsvp_calendar", resource="calendar", audience="link"),
    route("s/", families.families_home, name="families_home", resource="own_series", audience="caregiver"),
    route(
        "s/sessions/", families.families_sessions, name="families_sessions", resource="own_series", audience="caregiver"
    ),
    route("s/group/", families.families_group, name="families_group", resource="own_series", audience="caregiver"),
    route(SERIES, families.series_home, name="series_home", resource="own_series", audience="caregiver"),
    route(f"{SERIES}leave/", families.series_leave, name="series_leave", resource="own_series", audience="caregiver"),
    route(
        f"{SERIES}school/", families.series_school, name="series_school", resource="own_series", audience="caregiver"
    ),
    route(
        f"{SERIES}group/",
        group_door.series_group,
        name="series_group",
        resource="group door",
        audience="facilitator caregiver",
    ),
    route(f"{SERIES}paper/", paper.series_paper, name="series_paper", resource="paper", audience="facilitator"),
    route("p/<str:public>/", paper.link_paper, name="link_paper", resource="answers", audience="facilitator"),
    route(
        f"{SERIES}comments/",
        comments.series_comments,
        name="series_comments",
        resource="weekly comments",
        audience="facilitator",
    ),
    route(
        f"{SERIES}comments/theme/",
        comments.series_theme,
        name="series_theme",
        resource="weekly comments",
        audience="facilitator",
    ),
    route(
        f"{SERIES}sessions/",
        families.series_sessions,
        name="series_sessions",
        resource="own_series",
        audience="caregiver",
    ),
    route(SESSION, families.session_detail, name="session_detail", resource="own_series", audience="caregiver"),
    route(f"{SESSION}rsvp/", families.session_rsvp, name="session_rsvp", resource="rsvp", audience="caregiver"),
    route(f"{SESSION}needs/", families.session_needs, name="session_needs", resource="rsvp", audience="caregiver"),
    route(f"{SESSION}done/", families.session_done, name="session_done", resource="rsvp", audience="caregiver"),
    route(
        f"{SESSION}session.ics",
        families.session_calendar,
        name="session_calendar",
        resource="calendar",
        audience="caregiver",
    ),
    route(
        f"{SESSION}feedback/",
        families.session_feedback,
        name="session_feedback",
        resource="answers",
        audience="caregiver",
    ),
    route(
        f"{SERIES}survey/<slug:when>/",
        families.series_survey,
        name="series_survey",
        resource="answers",
        audience="caregiver",
    ),
    route(
        "calendar/<uuid:secret>.ics", families.calendar_feed, name="calendar_feed", resource="calendar", audience="link"
    ),
]
