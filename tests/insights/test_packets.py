"""What leaders read before a check-in: built from what was released, struck by whoever facilitates, frozen, sent."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from accounts.database import acting
from dialogue_series.models import CheckIn, Series
from insights import actions, packets
from insights.models import Packet, PacketLine
from insights.tasks import open_checkins
from notifications.delivery import go_round
from notifications.models import Message
from notifications.segments import segments
from partnerships.actions import themes
from surveys import releases
from surveys.models import Wave
from tests.factories import make_member, make_person, make_post, make_school, make_series, sign_in
from tests.insights.test_results import FAMILIES_AT, LEADERS_AT, NO, YES, masked, seal, words_of

pytestmark = pytest.mark.django_db
OPENED = datetime(2027, 1, 29, 18, 0, tzinfo=UTC)
THEME = "Varias familias quieren juntas por la tarde."


class Cast:
    """A school whose group sent what it thinks: who facilitates, who coordinates, who leads."""

    def __init__(self, number=""):
        self.school = make_school(f"Mirador{number}")
        self.elena = make_person("Elena", self.school, "caregiver", language="en", email=f"elena{number}@example.org")
        self.rosa = make_person(
            "Rosa", self.school, "coordinator", on_payroll=True, language="en", email=f"rosa{number}@example.org"
        )
        self.grant = make_person("Dra. Grant", self.school, "leader", language="en", email=f"grant{number}@example.org")
        self.series = make_series(self.school, facilitator=self.elena)
        make_member(self.series.group, self.elena, "caregiver")

    @property
    def checkin(self):
        return CheckIn.objects.get(series=self.series, after_session=1)

    @property
    def leaders_page(self):
        return f"/l/{self.school.slug}/checkins/{self.checkin.pk}/"

    @property
    def review(self):
        return f"/s/{self.series.pk}/checkins/1/"

    @property
    def log(self):
        return f"/s/{self.series.pk}/sessions/1/checkin/"


def send_theme(cast, text, clock):
    """Let three members say something, and whoever facilitates send it as a theme when its 72 hours are over."""
    people = [make_person(name, cast.school, "caregiver") for name in ("Ana", "Berta", "Carmen")]
    for person in people:
        make_member(cast.series.group, person)
    posts = [make_post(cast.series.group, person, "Trabajo.") for person in people]
    with acting("facilitator", cast.elena.pk):
        theme = themes.show(group=cast.series.group, text=text, language="es", translated=f"({text})", posts=posts)
    clock.move_to(clock.at + timedelta(hours=72))
    with acting("facilitator", cast.elena.pk):
        themes.send(theme=theme)


def browser(person):
    return sign_in(Client(headers={"accept-language": "en"}), person)


def work():
    """Let the worker do what is due, and send what is to be sent."""
    with acting("worker"):
        open_checkins()
        go_round()


def lines(**which):
    with acting("worker"):
        return list(PacketLine.objects.filter(**which).order_by("number"))


def mails(kind_of_subject):
    return [message for message in mail.outbox if kind_of_subject in message.subject]


@pytest.fixture
def cast(clock):
    clock.move_to(OPENED)
    cast = Cast()
    work()
    return cast


@pytest.fixture
def built(cast, clock):
    """The packet of check-in 1, at the families' hour: one result, one theme, nothing read by leaders yet."""
    send_theme(cast, THEME, clock)
    wave = seal(cast.series, [YES] * 6 + [NO] * 2)
    clock.move_to(FAMILIES_AT)
    with acting("worker"):
        releases.release(wave=wave.pk)
    work()
    return cast


# Building


def test_it_builds_itself_at_the_families_hour_and_leaders_read_it_at_theirs(built, clock):
    packet = Packet.objects.get()
    assert (packet.built_at, packet.leaders_at) == (FAMILIES_AT, LEADERS_AT)
    assert [bool(line.release_id) for line in lines()] == [True, False]
    for page in (built.leaders_page, built.log):
        reader = browser(built.rosa if page == built.log else built.grant)
        clock.move_to(LEADERS_AT - timedelta(seconds=1))
        assert [words for words in (THEME, "more than half") if words in words_of(reader.get(page))] == []
        clock.move_to(LEADERS_AT)
        assert [words for words in (THEME, "more than half") if words not in words_of(reader.get(page))] == []


def test_nothing_is_built_before_the_release_and_a_second_run_builds_nothing_more(cast, clock):
    wave = seal(cast.series, [YES] * 8)
    work()
    assert not Packet.objects.exists()
    clock.move_to(FAMILIES_AT)
    with acting("worker"):
        releases.release(wave=wave.pk)
    work()
    work()
    with acting("worker"):
        actions.build_packet(checkin=cast.checkin)
    assert (Packet.objects.count(), len(lines())) == (1, 1)


def test_a_theme_stands_in_one_packet_only_and_one_sent_later_waits_for_the_next(built, clock):
    clock.move_to(FAMILIES_AT + timedelta(hours=1))
    send_theme(built, "Las familias piden intérprete.", clock)
    wave = seal(built.series, [YES] * 8, number=2)
    Wave.objects.filter(pk=wave.pk).update(
        families_at=clock.at + timedelta(days=7), leaders_at=clock.at + timedelta(days=9)
    )
    clock.move_to(clock.at + timedelta(days=7))
    with acting("worker"):
        releases.release(wave=wave.pk)
    work()
    assert [line.text for line in lines(packet__checkin__after_session=1)] == ["", THEME]
    assert [line.text for line in lines(packet__checkin__after_session=3)] == ["", "Las familias piden intérprete."]


def test_where_it_was_built_late_whoever_facilitates_still_has_48_hours(cast, clock):
    wave = seal(cast.series, [YES] * 8)
    clock.move_to(FAMILIES_AT)
    with acting("worker"):
        releases.release(wave=wave.pk)
    clock.move_to(FAMILIES_AT + timedelta(hours=40))
    work()
    assert Packet.objects.get().leaders_at == clock.at + timedelta(hours=48)
    # In the night to Wednesday, and two days: Friday the 19th on the school's wall, and three more.
    assert cast.checkin.due_on == date(2027, 2, 22)


def test_the_check_in_is_due_three_days_after_leaders_read(built):
    # The 28th of January and two weeks is the 11th of February; Wednesday the 17th and three days comes later.
    assert built.checkin.due_on == date(2027, 2, 20)


# What too few say


def everything(answers, clock, number):
    """Return all that readers get of the packet of a group with these answers: pages, headers and mail."""
    clock.move_to(OPENED)
    cast = Cast(number)
    work()
    wave = seal(cast.series, answers)
    clock.move_to(FAMILIES_AT)
    with acting("worker"):
        releases.release(wave=wave.pk)
    work()
    said = [browser(cast.elena).get(cast.review)]
    clock.move_to(LEADERS_AT)
    work()
    said += [browser(person).get(page) for person, page in ((cast.grant, cast.leaders_page), (cast.rosa, cast.log))]
    found = [(sorted(response.headers.items()), masked(words_of(response))) for response in said]
    found += [(message.subject, message.body, message.alternatives) for message in mail.outbox]
    mail.outbox.clear()
    words = str(found).replace(cast.series.name, "name").replace(cast.school.name, "school")
    words = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "key", words.replace(cast.school.slug, "school"))
    return re.sub(r"/u/[\w-]+", "/u/", words)


def test_from_nobody_to_four_people_the_packet_is_the_same_bytes_and_goes(clock):
    found = {everything([YES] * n, clock, n) for n in range(5)}
    assert len(found) == 1
    [words] = found
    assert "Of what families answered there is nothing to show this time." in words
    assert "To read before the check-in after session 1" in words


def test_five_six_seven_and_eight_of_eight_are_the_same_bytes(clock):
    assert len({everything([YES] * yes + [NO] * (8 - yes), clock, yes) for yes in (5, 6, 7, 8)}) == 1


def test_the_comparison_sees_a_difference_where_there_is_one(clock):
    found = [everything(answers, clock, n) for n, answers in enumerate(([YES] * 4, [YES] * 5, [YES] * 3 + [NO] * 5))]
    assert len(set(found)) == 3


# Striking


def strike(cast, line, **more):
    return browser(cast.elena).post(cast.review, {"line": line.pk, **more})


def everywhere(cast):
    """Return what leaders get: their page, and their mail."""
    page = words_of(browser(cast.grant).get(cast.leaders_page)) + words_of(browser(cast.rosa).get(cast.log))
    sent = [str((message.body, message.alternatives)) for message in mail.outbox if "grant" in message.to[0]]
    return page, "".join(sent)


def test_a_struck_line_is_nowhere_for_leaders(built, clock):
    clock.move_to(LEADERS_AT - timedelta(seconds=1))
    assert [strike(built, line).status_code for line in lines()] == [302, 302]
    clock.move_to(LEADERS_AT)
    work()
    page, sent = everywhere(built)
    assert "nothing to show this time" in page
    assert "nothing to show this time" in sent
    assert [words for words in (THEME, "more than half", "5 to 9") if words in page + sent] == []


def test_without_the_guard_the_struck_line_would_be_there(built, clock):
    [_result, theme] = lines()
    strike(built, theme)
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY frozen ON insights_packetline")
        cursor.execute("CREATE POLICY frozen ON insights_packetline FOR SELECT TO ds_leader USING (true)")
    clock.move_to(LEADERS_AT)
    with acting("leader", built.grant.pk), transaction.atomic():
        assert PacketLine.objects.filter(pk=theme.pk).exists()


def test_the_database_gives_leaders_no_struck_line_and_none_before_their_hour(built, clock):
    [result, theme] = lines()
    strike(built, theme)

    def read():
        with acting("leader", built.grant.pk), transaction.atomic():
            return list(PacketLine.objects.values_list("pk", flat=True))

    clock.move_to(LEADERS_AT - timedelta(seconds=1))
    assert read() == []
    clock.move_to(LEADERS_AT)
    assert read() == [result.pk]


def test_a_line_can_be_put_back_until_the_hour(built, clock):
    [_result, theme] = lines()
    strike(built, theme)
    assert [line.is_struck for line in lines()] == [False, True]
    strike(built, theme, back="1")
    assert [line.is_struck for line in lines()] == [False, False]


def test_nobody_strikes_after_the_hour_even_if_the_worker_was_away(built, clock):
    [_result, theme] = lines()
    clock.move_to(LEADERS_AT)
    with pytest.raises(ValidationError) as refusal:
        actions.strike(line=theme, is_struck=True)
    assert refusal.value.code == "over"
    strike(built, theme)
    assert [line.is_struck for line in lines()] == [False, False]
    assert THEME in words_of(browser(built.grant).get(built.leaders_page))


CHANGES = (
    "UPDATE insights_packetline SET is_struck = true",
    "UPDATE insights_packetline SET text = 'Otra cosa.' WHERE text <> ''",
    "DELETE FROM insights_packetline",
    "UPDATE insights_packet SET leaders_at = leaders_at + interval '1 day'",
    "DELETE FROM insights_packetline; DELETE FROM insights_packet",
)


def outcome(audience, person, sql):
    """Say how many rows a statement changed as a role, or that it was refused; nothing of it stays."""
    try:
        with acting(audience, person), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            changed = cursor.rowcount
            transaction.set_rollback(True)
            return changed
    except DatabaseError:
        return "refused"


def test_frozen_it_is_changed_by_no_role(built, clock):
    clock.move_to(LEADERS_AT)
    for audience in ("facilitator", "coordinator", "leader", "worker", "caregiver"):
        found = {sql: outcome(audience, built.elena.pk, sql) for sql in CHANGES}
        # Row-level security hides from whoever facilitates what she may no longer change.
        assert set(found.values()) <= {"refused", 0}


def test_until_then_whoever_facilitates_strikes_and_nothing_else_is_done_by_anybody(built, clock):
    clock.move_to(LEADERS_AT - timedelta(seconds=1))
    assert outcome("facilitator", built.elena.pk, CHANGES[0]) == 2
    assert outcome("facilitator", make_person("Otra").pk, CHANGES[0]) == 0
    assert {outcome("facilitator", built.elena.pk, sql) for sql in CHANGES[1:]} == {"refused"}
    assert {outcome("worker", None, sql) for sql in CHANGES} == {"refused"}


def owner_changes(sql):
    """Say what the owner of the tables, whom no grant and no policy stops here, does with a statement."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE insights_packetline NO FORCE ROW LEVEL SECURITY")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.now', %s, true)", [LEADERS_AT.isoformat()])
            cursor.execute(sql)
            changed = cursor.rowcount
            transaction.set_rollback(True)
            return changed
    except DatabaseError:
        return "refused"


@pytest.mark.parametrize("sql", CHANGES)
def test_the_freeze_holds_the_owner_too_and_goes_red_without_its_triggers(built, clock, sql):
    clock.move_to(LEADERS_AT)
    assert owner_changes(sql) == "refused"
    with connection.cursor() as cursor:
        for table in ("insights_packet", "insights_packetline"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    assert owner_changes(sql) > 0


def test_only_whoever_facilitates_looks_it_through(built):
    assert browser(built.elena).get(built.review).status_code == 200
    elsewhere = Cast(2)
    for person in (built.rosa, built.grant, elsewhere.elena, make_person("Ana", built.school, "caregiver")):
        assert browser(person).get(built.review).status_code == 404
    foreign = browser(built.elena).post(built.review, {"line": "x"})
    assert foreign.status_code == 404


# Mail


def test_each_is_told_at_her_time_and_leaders_get_the_packet(built, clock):
    assert [message.to[0] for message in mail.outbox] == ["elena@example.org"]
    assert "Look through what leaders will read" in mail.outbox[0].subject
    assert "until Wednesday, February 17" in mail.outbox[0].body
    mail.outbox.clear()
    clock.move_to(LEADERS_AT)
    work()
    work()
    assert sorted(message.to[0] for message in mails("Reminder")) == ["elena@example.org", "rosa@example.org"]
    [packet] = mails("To read before")
    assert packet.to == ["grant@example.org"]
    said = " ".join(packet.body.split())
    assert "Could say what they think After session 1: more than half · 5 to 9 answered" in said
    assert THEME in said
    assert f"/l/mirador/checkins/{built.checkin.pk}/" in said
    # Three days before it is due was the day of the packet: nobody is told twice on it, nor later.
    mail.outbox.clear()
    clock.move_to(LEADERS_AT + timedelta(days=2))
    work()
    assert mails("Reminder") == []


def test_three_days_before_it_is_due_all_who_must_come_are_told_unless_it_was_held(cast, clock):
    # Nobody was asked: it is due on the 11th of February.
    clock.move_to(datetime(2027, 2, 8, 15, 0, tzinfo=UTC))
    work()
    assert sorted(message.to[0] for message in mails("session 1")) == [
        "elena@example.org",
        "grant@example.org",
        "rosa@example.org",
    ]


def test_whoever_facilitates_and_has_a_phone_alone_is_reminded_there(cast, clock):
    beside = make_person("Berta", cast.school, "caregiver", phone="+17735550177")
    make_member(cast.series.group, beside, "facilitator")
    clock.move_to(datetime(2027, 2, 8, 15, 0, tzinfo=UTC))
    work()
    found = Message.objects.filter(kind="checkin_due").values_list("address__channel", "state")
    assert sorted(found) == [("email", "sent")] * 3 + [("sms", "sent")]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(("occurrence", "path"), [("to_strike", "checkins/10/"), ("went", "sessions/10/checkin/")])
def test_the_text_of_a_reminder_is_one_segment(language, occurrence, path):
    context = {"sms_name": "Academia Mirador", "occurrence": occurrence, "number": 10}
    context["button_url"] = f"https://ejemplo.org/s/{'0' * 36}/{path}"
    with translation.override(language):
        text = render_to_string("sms/checkin_due.txt", context).strip()
    assert (segments(text).encoding, segments(text).count) == ("GSM-7", 1)


def test_a_check_in_that_was_held_is_not_reminded_of_and_its_packet_goes_all_the_same(built, clock):
    mail.outbox.clear()
    CheckIn.objects.filter(series=built.series).update(held_on=date(2027, 2, 12), leaders=1)
    clock.move_to(LEADERS_AT)
    work()
    assert [message.to[0] for message in mail.outbox] == ["grant@example.org"]
    assert "Please meet" not in mail.outbox[0].body


def test_a_mail_that_waits_in_the_outbox_says_nothing_that_was_struck(built, clock):
    """Rendered at sending, at the hour: until then there is no text that could leave."""
    [_result, theme] = lines()
    with acting("worker"):
        packets.read(Packet.objects.get())
    strike(built, theme)
    clock.move_to(LEADERS_AT)
    work()
    assert THEME not in str([(message.body, message.alternatives) for message in mail.outbox])


def test_a_payroll_coordinator_reads_as_leaders_do_and_nothing_from_the_space(built, clock):
    reader = browser(built.rosa)
    assert THEME not in words_of(reader.get(built.log))
    assert built.review not in words_of(reader.get(built.log))
    clock.move_to(LEADERS_AT)
    assert THEME in words_of(reader.get(built.log))
    assert reader.get(f"/g/{built.series.group_id}/themes/").status_code == 404


def test_windows_follow_the_check_ins_that_were_chosen(cast, clock):
    Series.objects.filter(pk=cast.series.pk).update(checkins=[1, 6])
    wave = seal(cast.series, [YES] * 8, number=2)
    clock.move_to(LEADERS_AT)
    with acting("worker"):
        releases.release(wave=wave.pk)
    clock.move_to(LEADERS_AT + timedelta(days=2))
    page = words_of(browser(cast.grant).get(f"/l/mirador/results/{cast.series.pk}/"))
    assert "After sessions 2 to 6" in page


@pytest.mark.parametrize("more", [0, 5])
def test_the_page_of_leaders_takes_the_same_statements_for_two_lines_and_for_many(
    built, clock, more, django_assert_num_queries
):
    with acting("worker"):
        words = {"text": "x", "language": "es", "translated": "x"}
        for number in range(3, 3 + more):
            PacketLine.objects.create(packet=Packet.objects.get(), number=number, theme=uuid4(), **words)
    clock.move_to(LEADERS_AT)
    reader = browser(built.grant)
    with django_assert_num_queries(18):
        reader.get(built.leaders_page)
