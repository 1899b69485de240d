"""Addresses of talks, of what was learned, and of findings."""

from accounts.routes import route
from insights.views import methods

# Whoever facilitates, and whoever evaluates: each sees her own alone, and somebody may be both.
MAKERS = (("facilitator", "", "talks/"), ("evaluator", "evaluator_", "d/talks/"))
NOTE = "<uuid:series>/<uuid:talk>/<uuid:note>/"
TALKS = (
    ("talks", "<uuid:series>/", methods.talks, "talks"),
    ("talk_notes", "<uuid:series>/<uuid:talk>/", methods.talk, "own notes"),
    ("talk_note", NOTE, methods.note, "own notes"),
    ("note_remove", f"{NOTE}remove/", methods.note_remove, "own notes"),
    ("note_release", f"{NOTE}release/", methods.note_release, "own notes"),
    ("line_take_back", f"{NOTE}take-back/", methods.line_take_back, "own notes"),
)

urlpatterns = [
    route("d/guides/<slug:kind>/", methods.guide, name="guide", resource="guides", audience="evaluator"),
    route(
        "s/<uuid:series>/guides/<slug:kind>/",
        methods.guide,
        name="series_guide",
        resource="guides",
        audience="facilitator",
    ),
    route(
        "l/<slug:slug>/guides/<slug:kind>/", methods.guide, name="leader_guide", resource="guides", audience="leader"
    ),
    *(
        route(f"{where}{path}", view, name=f"{whose}{name}", resource=resource, audience=audience)
        for audience, whose, where in MAKERS
        for name, path, view, resource in TALKS
    ),
    route(
        "s/<uuid:series>/learning/",
        methods.series_learning,
        name="series_learning",
        resource="what was learned",
        audience="facilitator caregiver",
    ),
    route(
        "s/<uuid:series>/learning/<uuid:line>/keep/",
        methods.line_keep,
        name="line_keep",
        resource="what was learned",
        audience="facilitator caregiver",
    ),
    route(
        "l/<slug:slug>/learning/<uuid:series>/",
        methods.school_learning,
        name="school_learning",
        resource="what was learned",
        audience="leader",
    ),
    route("d/learning/", methods.all_evaluated, name="evaluated", resource="what was learned", audience="evaluator"),
    route(
        "d/learning/<uuid:series>/",
        methods.series_evaluated,
        name="series_evaluated",
        resource="what was learned",
        audience="evaluator",
    ),
    route(
        "d/learning/<uuid:series>/<slug:question>/",
        methods.finding_new,
        name="finding_new",
        resource="findings",
        audience="evaluator",
    ),
    route(
        "d/findings/<uuid:finding>/", methods.finding, name="finding_draft", resource="findings", audience="evaluator"
    ),
    route(
        "d/findings/<uuid:finding>/publish/",
        methods.finding_publish,
        name="finding_publish",
        resource="findings",
        audience="evaluator",
    ),
    route(
        "d/findings/<uuid:finding>/take-back/",
        methods.finding_take_back,
        name="finding_take_back",
        resource="findings",
        audience="evaluator",
    ),
    route(
        "d/findings/<uuid:finding>/remove/",
        methods.finding_remove,
        name="finding_remove",
        resource="findings",
        audience="evaluator",
    ),
]
