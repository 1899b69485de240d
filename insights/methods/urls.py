"""Addresses of talks, of what was learned, and of findings."""

from accounts.routes import route
from insights.views import methods

# Whoever facilitates, or evaluates: each sees her own alone.
MAKERS = "facilitator evaluator"

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
    route("talks/<uuid:series>/", methods.talks, name="talks", resource="talks", audience=MAKERS),
    route("talks/<uuid:series>/<uuid:talk>/", methods.talk, name="talk_notes", resource="own notes", audience=MAKERS),
    *(
        route(
            f"talks/<uuid:series>/<uuid:talk>/<uuid:note>/{path}",
            view,
            name=view.__name__ if path else "talk_note",
            resource="own notes",
            audience=MAKERS,
        )
        for path, view in (
            ("", methods.note),
            ("remove/", methods.note_remove),
            ("release/", methods.note_release),
            ("take-back/", methods.line_take_back),
        )
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
