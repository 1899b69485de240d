"""Addresses of results, and of what leaders see."""

from accounts.routes import route
from insights.methods import urls as methods
from insights.views import checkins, district, evaluation, overview, reports, results

OUTSIDE = "leader coordinator board evaluator"
# Staff and district only while the leader shares it with them.
REPORTED = "leader coordinator board staff district"

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
    route(
        "s/<uuid:series>/sessions/<int:number>/checkin/",
        checkins.checkin_log,
        name="checkin_log",
        resource="check-ins",
        audience="facilitator coordinator",
    ),
    route(
        "s/<uuid:series>/checkins/<int:number>/",
        checkins.packet_review,
        name="packet_review",
        resource="packets",
        audience="facilitator",
    ),
    route(
        "l/<slug:slug>/checkins/<uuid:checkin>/",
        checkins.checkin_page,
        name="checkin_page",
        resource="check-ins",
        audience="leader coordinator",
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
    route("staff/", reports.staff_home, name="staff_home", resource="staff's own", audience="staff"),
    route("d/", district.district_home, name="district_home", resource="district", audience="district"),
    route("d/<uuid:district>/", district.district_page, name="district_page", resource="district", audience="district"),
    route(
        "d/<uuid:district>/scorecard/<slug:row>/",
        district.evidence_new,
        name="evidence_new",
        resource="district",
        audience="district",
    ),
    route(
        "d/<uuid:district>/evidence/<uuid:evidence>/remove/",
        district.evidence_remove,
        name="evidence_remove",
        resource="district",
        audience="district",
    ),
    route(
        "s/<uuid:series>/report/",
        reports.series_report,
        name="series_report",
        resource="report",
        audience="facilitator caregiver",
    ),
    route(
        "s/<uuid:series>/report/again/",
        reports.series_report_again,
        name="series_report_again",
        resource="a new report",
        audience="facilitator",
    ),
    route(
        "s/<uuid:series>/report/<slug:paper>/",
        reports.series_report_paper,
        name="series_report_paper",
        resource="report",
        audience="facilitator caregiver",
    ),
    route(
        "l/<slug:slug>/report/<uuid:series>/",
        reports.school_report,
        name="school_report",
        resource="report",
        audience=REPORTED,
    ),
    route(
        "l/<slug:slug>/report/<uuid:series>/again/",
        reports.school_report_again,
        name="school_report_again",
        resource="a new report",
        audience="leader",
    ),
    route(
        "l/<slug:slug>/report/<uuid:series>/share/",
        reports.school_report_share,
        name="school_report_share",
        resource="a new report",
        audience="leader",
    ),
    route(
        "l/<slug:slug>/report/<uuid:series>/<slug:paper>/",
        reports.school_report_paper,
        name="school_report_paper",
        resource="report",
        audience=REPORTED,
    ),
    *methods.urlpatterns,
]
