"""Addresses of whoever coordinates a series or holds an evening of it."""

from accounts.routes import route
from dialogue_series.views import attending, changing, inviting, planning, school, today

NEW = "c/series/new/"
SERIES = "c/series/<uuid:series>/"
SESSION = f"{SERIES}sessions/<int:number>/"
DAYS = "c/schools/<slug:school>/calendar/"


def logistics(pattern, view, name, resource="logistics"):
    """Declare a page for coordinators alone."""
    return route(pattern, view, name=name, resource=resource, audience="coordinator")


def holding(pattern, view, name, resource):
    """Declare a page for whoever holds an evening: the same address for facilitator and coordinator."""
    address = f"s/<uuid:series>/sessions/<int:number>/{pattern}"
    return route(address, view, name=name, resource=resource, audience="facilitator coordinator")


urlpatterns = [
    logistics("c/", today.today, "today"),
    logistics(NEW, planning.series_new, "series_new"),
    logistics(f"{NEW}when/", planning.series_new_when, "series_new_when"),
    logistics(f"{NEW}dates/", planning.series_new_dates, "series_new_dates"),
    logistics(f"{NEW}place/", planning.series_new_place, "series_new_place"),
    logistics(f"{NEW}check/", planning.series_new_check, "series_new_check"),
    logistics(SERIES, today.series_page, "series_page"),
    logistics(f"{SERIES}change/", changing.series_change, "series_change"),
    logistics(f"{SERIES}questions/", changing.series_questions, "series_questions"),
    logistics(f"{SERIES}checkins/", changing.series_checkins, "series_checkins"),
    logistics(SESSION, today.session_page, "session_page", "rsvp"),
    logistics(f"{SESSION}move/", today.session_move, "session_move"),
    logistics(f"{SESSION}cancel/", today.session_cancel, "session_cancel"),
    logistics(f"{SESSION}arrange/", today.session_arrange, "session_arrange", "rsvp"),
    logistics(f"{SESSION}remind/<uuid:person>/", today.session_remind, "session_remind", "rsvp"),
    logistics(f"{SERIES}invite/", inviting.series_invite, "series_invite", "invitations"),
    logistics(f"{SERIES}people/", inviting.series_people, "series_people", "invitations"),
    logistics(f"{SERIES}messages/", school.series_messages, "series_messages", "messages"),
    logistics(f"{SERIES}poster/", school.series_poster, "series_poster"),
    logistics("c/invitations/<uuid:pk>/again/", inviting.invitation_send_again, "invitation_send_again", "invitations"),
    logistics("c/requests/<uuid:pk>/", today.join_request_answer, "join_request_answer", "invitations"),
    logistics("c/people/<uuid:pk>/", inviting.family_page, "family_page", "contacts"),
    logistics(DAYS, school.school_days, "school_days"),
    logistics(f"{DAYS}<uuid:first>/<uuid:last>/remove/", school.school_day_remove, "school_day_remove"),
    holding("attendance/", attending.attendance, "attendance", "attendance"),
    holding("run/", attending.run_sheet, "run_sheet", "run_sheet"),
]
