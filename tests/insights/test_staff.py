"""Whoever works at a school, or leads its district, finds what is open to them, and no more."""

import pytest

from insights.models import SharedReport
from notifications import clock
from tests.factories import make_person, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db
HOMES = {"staff": "/staff/", "district_lead": "/d/"}


@pytest.fixture
def series():
    return make_series(make_school("Mirador"), name="Primavera")


@pytest.mark.parametrize("kind", HOMES)
def test_a_reader_begins_where_the_shared_reports_and_the_ledger_are(client, series, kind):
    school = series.school
    reader = make_person("Alguien", school, kind, language="en")
    assert sign_in(client, reader).get("/").url == HOMES[kind]
    ledger, report = f'href="/l/{school.slug}/commitments/"', f'href="/l/{school.slug}/report/{series.pk}/"'
    page = client.get(HOMES[kind], follow=True).content.decode()
    assert (ledger in page, report in page) == (True, False)
    SharedReport.objects.create(series=series, shared_at=clock.now())
    assert report in client.get(HOMES[kind], follow=True).content.decode()


@pytest.mark.parametrize("kind", HOMES)
def test_no_report_of_another_school_is_there(client, series, kind):
    SharedReport.objects.create(series=make_series(make_school("Roble"), name="Otra"), shared_at=clock.now())
    sign_in(client, make_person("Alguien", series.school, kind, language="en"))
    assert "/report/" not in client.get(HOMES[kind], follow=True).content.decode()


@pytest.mark.parametrize(("kind", "home"), [*HOMES.items(), ("staff_seat", "/b/")])
def test_the_way_back_from_what_families_let_out_leads_where_the_reader_began(client, series, kind, home):
    sign_in(client, make_person("Alguien", series.school, kind, language="en"))
    assert client.get(f"/l/{series.school.slug}/commitments/").context["back_url"] == home
