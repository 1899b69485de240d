"""Addresses of results, and of what leaders see."""

from accounts.routes import route
from insights.views import evaluation, overview, results

OUTSIDE = "leader coordinator board evaluator"

urlpatterns = [
    route(
        "s/<uuid:series>/results/",
        results.series_results,
        name="series_results",
        resource="released results",
        audience="facilitator caregiver",
    ),
    route(
        "s/<uuid:series>/results/reading/",
        results.series_reading,
        name="series_reading",
        resource="families' reading",
        audience="facilitator",
    ),
    route("l/", overview.leader_home, name="leader_home", resource="attendance", audience="leader"),
    route("l/<slug:slug>/", overview.overview, name="overview", resource="attendance", audience="leader"),
    route(
        "l/<slug:slug>/results/<uuid:series>/",
        results.school_results,
        name="school_results",
        resource="released results",
        audience=OUTSIDE,
    ),
    route(
        "l/<slug:slug>/results/<uuid:series>/file/",
        results.school_results_file,
        name="school_results_file",
        resource="released results",
        audience=OUTSIDE,
    ),
    route(
        "d/export/", evaluation.evaluator_files, name="evaluator_files", resource="sealed file", audience="evaluator"
    ),
    route(
        "d/export/<uuid:series>/<slug:part>/",
        evaluation.evaluator_file,
        name="evaluator_file",
        resource="sealed file",
        audience="evaluator",
    ),
]
