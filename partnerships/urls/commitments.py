"""Addresses of what families asked of their school, and of what it owes them."""

from accounts.routes import route
from partnerships.urls.rooms import Page, inside
from partnerships.views import commitments, requests

READERS = "leader board coordinator staff district evaluator"
FROM_WORDS = [Page("voice/<uuid:quote>/request/", requests.quote_request, "quote_request", "posts")]
FROM_THEMES = [Page("themes/<uuid:theme>/request/", requests.theme_request, "theme_request", "themes")]
FAMILIES, LEADERS = "school/<slug:school>/", "l/<slug:school>/"

urlpatterns = [
    *inside("g/<uuid:group>/", "group", [*FROM_WORDS, *FROM_THEMES]),
    *inside("space/<slug:school>/", "space", FROM_WORDS),
    route(
        FAMILIES,
        commitments.families_school,
        name="families_school",
        resource="commitments",
        audience="facilitator caregiver",
    ),
    route(
        f"{FAMILIES}<uuid:commitment>/",
        commitments.commitment_seen,
        name="commitment_seen",
        resource="what families see",
        audience="facilitator caregiver",
    ),
    route(
        f"{FAMILIES}ask/<uuid:decision>/",
        requests.decision_request,
        name="decision_request",
        resource="requests",
        audience="facilitator",
    ),
    route(
        f"{LEADERS}commitments/", commitments.commitments, name="commitments", resource="commitments", audience=READERS
    ),
    route(
        f"{LEADERS}commitments/<uuid:commitment>/",
        commitments.commitment,
        name="commitment_page",
        resource="commitments",
        audience=READERS,
    ),
    route(
        f"{LEADERS}commitments/<uuid:commitment>/answer/",
        commitments.commitment_answer,
        name="commitment_answer",
        resource="what the school answers",
        audience="leader",
    ),
    route(f"{LEADERS}needs/", commitments.needs, name="needs", resource="needs", audience="leader board"),
    route(
        f"{LEADERS}needs/<uuid:need>/",
        commitments.need_found,
        name="need_found",
        resource="what the school answers",
        audience="leader",
    ),
    route(
        f"{LEADERS}resources/<uuid:resource>/",
        commitments.need_met,
        name="need_met",
        resource="what the school answers",
        audience="leader",
    ),
]
