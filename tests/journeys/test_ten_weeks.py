"""From an empty database through the ten weeks of one series: every message once, every answer sealed."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as product
from django.test import Client

from accounts.actions import grant_membership, start_school
from accounts.database import acting
from accounts.models import Membership, Person
from config.celery import TIMETABLE, app
from dialogue_series.actions.attending import save_attendance
from dialogue_series.actions.curriculum import keep_curriculum
from dialogue_series.actions.inviting import invite
from dialogue_series.actions.planning import create_series
from dialogue_series.models import Session
from notifications import delivery
from surveys.actions import publish
from surveys.models import Form, InboxBox, Sheet
from tests.fakes.twilio import Twilio

CHICAGO = ZoneInfo("America/Chicago")
FIRST = date(2027, 1, 28)
FAMILIES = 8
PHONES = [f"+1773555{n:04}" for n in range(1, FAMILIES + 1)]
# The last family misses the third evening.
ABSENT = (3, PHONES[-1])
WINDOWS_OUT = 3
# These never answer a form, so they are asked once more each time.
SILENT = 2

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def twilio(settings):
    fake = Twilio()
    settings.SMS_URL = fake.url
    yield fake
    fake.close()


def local(on, hour, minute=0):
    return datetime.combine(on, time(hour, minute), CHICAGO).astimezone(UTC)


def run_the_timetable():
    """Let every job of the timetable run once, as the scheduler would have it, and everything due go out."""
    app.loader.import_default_modules()
    for name in TIMETABLE:
        app.tasks[name].apply(throw=True)
    with acting("worker"):
        delivery.go_round()


def start(clock):
    """Start the school, its coordinator, its curriculum and a series with eight families invited."""
    clock.move_to(local(FIRST - timedelta(days=14), 10))
    fixtures = product.BASE_DIR / "fixtures"
    keep_curriculum(topics=json.loads((fixtures / "curriculum.json").read_text()))
    for written in json.loads((fixtures / "instruments.json").read_text()):
        publish(written=written)
    school = start_school(
        name="Academia Mirador",
        slug="mirador",
        sms_name="Academia Mirador",
        district="Distrito del Lago",
        zone="America/Chicago",
        coordinator="Rosa",
        coordinator_email="rosa@mirador.example",
        phone="773 555 0100",
        on_payroll=True,
    )
    rosa = Person.objects.get(memberships__kind=Membership.Kind.COORDINATOR)
    elena = Person.objects.create(name="Elena")
    grant_membership(person=elena, kind=Membership.Kind.CAREGIVER, school=school)
    series = create_series(
        school=school,
        name="Primavera",
        language="es",
        evenings=[(n + 1, FIRST + timedelta(weeks=n)) for n in range(10)],
        starts_at=time(18),
        minutes=60,
        place="Biblioteca",
        video_url="",
        dial_in="",
        offers=["childcare"],
        facilitators=[elena],
        by=rosa,
    )
    run_the_timetable()  # Makes the keys, without which no form opens.
    for phone in PHONES:
        invite(series=series, name=f"Familia {phone[-2:]}", channel="sms", value=phone, language="es", by=rosa)
    run_the_timetable()
    return series, rosa


def newest_link(twilio, phone, saying=""):
    """Return the path of the link in the newest text to a phone that says this."""
    body = [said["Body"] for said in twilio.ledger if said["To"] == phone and saying in said["Body"]][-1]
    return re.search(r"localhost:8000(/[ir]/[A-Za-z0-9_-]{22})", body).group(1)


def follow(browser, path):
    """Open a link of a text and return the page behind it."""
    return browser.get(browser.get(path).url, follow=True)


def join(browser, path):
    page = follow(browser, path).request["PATH_INFO"]
    assert browser.post(page, {"answer": "yes"}).status_code == 302


def say_i_come(browser, path):
    page = follow(browser, path).request["PATH_INFO"]
    assert browser.post(page, {"answer": "in_person"}).status_code == 302


def give_opinion(browser, path):
    """Answer the four questions behind a link, as the page asks them."""
    page = follow(browser, path)
    questions = set(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="a_lot"', page.content.decode()))
    assert len(questions) == 4
    sent = browser.post(page.request["PATH_INFO"], dict.fromkeys(questions, "a_lot"))
    assert sent.status_code == 200


def hold(session, rosa, people, twilio, clock):
    """Hold an evening: reminders before, attendance at the end, the form after it, a second request later."""
    for before in (timedelta(hours=30), timedelta(hours=24), timedelta(hours=2)):
        clock.move_to(session.begins - before)
        run_the_timetable()
    say_i_come(Client(), newest_link(twilio, PHONES[0], "Confirme"))
    modes = dict.fromkeys(people.values(), "in_person")
    if session.number == ABSENT[0]:
        modes[people[ABSENT[1]]] = "absent"
    clock.move_to(session.ends)
    save_attendance(session=session, modes=modes, by=rosa)
    clock.move_to(session.ends + timedelta(minutes=30))
    run_the_timetable()
    clock.move_to(local(session.on + timedelta(days=1), 8))
    run_the_timetable()
    asked = [phone for phone in PHONES if (session.number, phone) != ABSENT]
    for phone in asked[: FAMILIES - SILENT]:
        give_opinion(Client(), newest_link(twilio, phone, "4 preguntas"))
    for days in (2, 4, 5):
        clock.move_to(local(session.on + timedelta(days=days), 12))
        run_the_timetable()
    return len(asked)


def test_ten_weeks_send_every_message_once_and_keep_every_answer_sealed(twilio, clock):
    series, rosa = start(clock)
    for phone in PHONES:
        join(Client(), newest_link(twilio, phone))
    people = dict(series.enrolments.values_list("person__addresses__value", "person"))
    assert sorted(people) == PHONES

    asked = [hold(session, rosa, people, twilio, clock) for session in series.sessions.order_by("number")]
    clock.move_to(local(FIRST + timedelta(weeks=9, days=8), 9))
    run_the_timetable()

    sent = Counter((said["To"], said["Body"]) for said in twilio.ledger)
    # That results are out is said in the same words for each window.
    assert [text for text, times in sent.items() if times != (WINDOWS_OUT if "resultados" in text[1] else 1)] == []
    silent = sum(asked) - (FAMILIES - SILENT) * 10
    expected = {
        "invitations": FAMILIES,
        "the day before, and two hours before": FAMILIES * 10 * 2,
        "requests for an opinion": sum(asked),
        "second requests": silent,
        "we missed you": 1,
        # Nobody answers the survey: each is asked before and after, and once more each time.
        "the surveys before and after": FAMILIES * 2 * 2,
        # The fourth window comes out after the story's end.
        "results of three windows": FAMILIES * WINDOWS_OUT,
    }
    assert len(twilio.ledger) == sum(expected.values())
    # A window counts each person once; what the four hold can be looked up by nobody any more.
    assert Counter(Sheet.objects.values_list("wave__number", flat=True)) == dict.fromkeys(
        (1, 2, 3, 4), FAMILIES - SILENT
    )
    assert InboxBox.objects.count() == 0
    assert [form.wave.kind for form in Form.objects.filter(closed_at=None)] == ["after"]
    assert list(Session.objects.order_by("number").values_list("came", flat=True)) == [
        FAMILIES - (number == ABSENT[0]) for number in range(1, 11)
    ]
