"""Addresses of what boards ask families and of what they decide: families' pages, everybody's, the leaders' stage."""

from accounts.routes import route
from partnerships.views import consulting, decisions

# A family first, since she reads the result first; whoever facilitates as a coordinator does not answer.
FAMILIES = "caregiver facilitator"
EVERYBODY = f"{FAMILIES} board leader coordinator staff district evaluator"


def asking(pattern, view, name, resource="consultations", audience=FAMILIES):
    """Declare a page about a question that a board asks."""
    return route(f"ask/<uuid:consultation>/{pattern}", view, name=name, resource=resource, audience=audience)


GROUP = "g/<uuid:group>/consultations/<uuid:consultation>/"
urlpatterns = [
    asking("", consulting.ask, "ask"),
    asking("answer/", consulting.ask_answer, "ask_answer", resource="answers", audience="caregiver"),
    asking("shorten/", consulting.ask_shorten, "ask_shorten", audience="facilitator"),
    asking("count/", consulting.ask_count, "ask_count", audience="facilitator"),
    route(GROUP, consulting.group_answers, name="group_answers", resource="comments", audience="facilitator caregiver"),
    route(
        f"{GROUP}theme/",
        consulting.group_answers_theme,
        name="group_answers_theme",
        resource="comments",
        audience="facilitator caregiver",
    ),
    route(
        "decisions/<uuid:decision>/",
        decisions.decision_page,
        name="decision_page",
        resource="decisions",
        audience=EVERYBODY,
    ),
    route(
        "decisions/<uuid:decision>/leaders/",
        decisions.decision_leaders,
        name="decision_leaders",
        resource="decisions",
        audience="leader",
    ),
    route(
        "l/<slug:school>/consultations/",
        decisions.leader_consultations,
        name="leader_consultations",
        resource="consultations",
        audience="leader",
    ),
]
