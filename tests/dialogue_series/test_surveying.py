"""Before and after: the same questions when families join and when it is over; and when a window is complete."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now as machine_now

from accounts.database import acting
from dialogue_series import tasks
from dialogue_series.access import due
from dialogue_series.actions import feedback, joining, planning
from dialogue_series.models import Enrolment, Invitation, Session
from notifications import delivery, expand
from notifications.models import Intent, Message, MessagePerson
from surveys import authoring, releases
from surveys import tasks as survey_tasks
from surveys.actions import close_form, make_ring_keys, publish, submit
from surveys.models import Form, FormPerson, InboxBox, Release, Wave
from tests.dialogue_series.test_feedback import ANSWERS, NAMES, WEEKLY
from tests.factories import enrol, make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

BOTH = {**WEEKLY, "slug": "before-and-after"}


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def families(school):
    return [make_person(name, school, "caregiver", phone=f"+1773555020{n}") for n, name in enumerate(NAMES)]


@pytest.fixture
def series(school, families, clock):
    """Ten Thursdays from the 28th of January; it is a week before, and Ana and Berta have joined."""
    publish(written=WEEKLY)
    publish(written=BOTH)
    clock.move_to(datetime(2027, 1, 21, 18, 0, tzinfo=UTC))
    series = make_series(school, families=families[:2])
    make_ring_keys(ring=series.ring_id)
    series.ring.refresh_from_db()
    return series


def run(*work):
    with acting("worker"):
        for task in work:
            task()


def survey(series, kind):
    return Form.objects.get(wave__ring=series.ring, wave__kind=kind)


def listed(form):
    return sorted(FormPerson.objects.filter(form=form, may_answer=True).values_list("person__name", flat=True))


def told(kind):
    with acting("worker"):
        expand.waiting()
    return sorted(MessagePerson.objects.filter(kind=kind).values_list("person__name", flat=True))


def answer(form, person):
    submit(form=form, person=person, answers=dict(ANSWERS), comment="")


def evening(series, number):
    return series.sessions.get(number=number)


# Before


def test_whoever_has_joined_is_asked_before_it_begins_until_a_week_after_the_first_evening(series, clock):
    run(tasks.open_surveys)
    form = survey(series, "before")
    assert (form.opened_at, form.evening_on, form.instrument.slug) == (clock.at, None, "before-and-after")
    assert form.closes_at == evening(series, 1).ends + timedelta(days=7)
    assert form.wave.complete_at == clock.at
    assert (listed(form), told("survey_request")) == (["Ana", "Berta"], ["Ana", "Berta"])


@pytest.mark.real_time
def test_the_first_is_on_the_list_at_once_by_a_clock_that_does_not_stand_still(school, families):
    publish(written=BOTH)
    series = make_series(school, first_on=machine_now().date() + timedelta(days=3), families=families)
    make_ring_keys(ring=series.ring_id)
    run(tasks.open_surveys)
    assert listed(survey(series, "before")) == sorted(NAMES)


def test_it_closes_on_the_eve_of_the_second_evening_where_that_is_later(series):
    second = evening(series, 2)
    on = second.on + timedelta(days=7)
    Session.objects.filter(pk=second.pk).update(on=on, begins=second.begins + timedelta(days=7))
    run(tasks.open_surveys)
    assert survey(series, "before").closes_at == datetime(2027, 2, 11, 2, 0, tzinfo=UTC)


def test_each_who_joins_later_is_asked_as_she_joins_and_the_others_not_again(series, families, clock):
    run(tasks.open_surveys)
    closes_at = survey(series, "before").closes_at
    clock.move_to(clock.at + timedelta(days=4))
    enrol(series, families[2])
    run(tasks.open_surveys, tasks.open_surveys)
    assert (listed(survey(series, "before")), survey(series, "before").closes_at) == (
        ["Ana", "Berta", "Carmen"],
        closes_at,
    )
    assert told("survey_request") == ["Ana", "Berta", "Carmen"]
    assert Intent.objects.filter(kind="survey_request").count() == 3


def test_joining_wakes_the_worker(series, families, django_capture_on_commit_callbacks):
    invitation = Invitation.objects.create(series=series, person=families[2], invited_at=series.published_at)
    with django_capture_on_commit_callbacks() as woken:
        joining.claim(invitation=invitation)
    assert any("open_surveys" in str(wake.__closure__[0].cell_contents) for wake in woken)


def test_whoever_comes_back_is_on_the_list_again_and_is_not_asked_twice(series, families):
    run(tasks.open_surveys)
    place = Enrolment.objects.get(person=families[0])
    with acting("worker"):
        joining.give_up(enrolment=place)
    assert listed(survey(series, "before")) == ["Berta"]
    Enrolment.objects.filter(pk=place.pk).update(state="joined")
    run(tasks.open_surveys)
    assert listed(survey(series, "before")) == ["Ana", "Berta"]
    assert Intent.objects.filter(kind="survey_request", to_person=families[0]).count() == 1


def test_nothing_opens_without_keys_or_people_or_once_it_is_too_late(series, families, clock):
    series.ring.made_at = None
    series.ring.save()
    run(tasks.open_surveys)
    series.ring.made_at = clock.at
    series.ring.save()
    Enrolment.objects.update(state="waiting")
    run(tasks.open_surveys)
    Enrolment.objects.update(state="joined")
    clock.move_to(evening(series, 1).ends + timedelta(days=7))
    run(tasks.open_surveys)
    assert Form.objects.count() == 0


def test_whoever_joins_after_it_closed_is_not_asked(series, families, clock):
    run(tasks.open_surveys)
    form = survey(series, "before")
    clock.move_to(form.closes_at)
    enrol(series, families[2])
    run(tasks.open_surveys)
    assert due.series_to_ask_before(at=clock.at) == []
    assert listed(form) == ["Ana", "Berta"]


def test_whoever_works_at_the_school_is_not_asked(series, families):
    tie(families[0], series.school, "staff")
    run(tasks.open_surveys)
    assert listed(survey(series, "before")) == ["Berta"]


def test_the_list_goes_red_when_the_guard_is_out(series, families, monkeypatch):
    tie(families[0], series.school, "staff")
    monkeypatch.setattr("dialogue_series.access.families.BARRING_TIE", Q(kind=""))
    run(tasks.open_surveys)
    assert listed(survey(series, "before")) == ["Ana", "Berta"]


# After


def test_half_an_hour_after_the_last_evening_everybody_is_asked_for_two_weeks(series, clock):
    last = evening(series, 10)
    clock.move_to(last.ends + timedelta(minutes=29))
    run(tasks.open_surveys)
    assert Form.objects.count() == 0
    clock.move_to(last.ends + timedelta(minutes=30))
    run(tasks.open_surveys, tasks.open_surveys)
    form = survey(series, "after")
    # 20:00 in Chicago, fourteen days on; the clocks have changed meanwhile.
    assert form.closes_at == datetime(2027, 4, 16, 1, 0, tzinfo=UTC)
    assert (listed(form), told("survey_request")) == (["Ana", "Berta"], ["Ana", "Berta"])
    assert form.wave.complete_at == clock.at


def test_a_last_evening_that_was_called_off_counts_by_its_day(series, clock):
    last = evening(series, 10)
    Session.objects.filter(pk=last.pk).update(cancelled_at=clock.at)
    clock.move_to(evening(series, 9).ends + timedelta(days=1))
    run(tasks.open_surveys)
    assert Form.objects.count() == 0
    clock.move_to(last.ends + timedelta(minutes=30))
    run(tasks.open_surveys)
    assert survey(series, "after").opened_at == clock.at


def test_a_series_of_which_no_evening_was_held_is_not_asked_about(series, clock):
    Session.objects.update(cancelled_at=clock.at)
    clock.move_to(evening(series, 10).ends + timedelta(hours=1))
    run(tasks.open_surveys)
    assert Form.objects.count() == 0


def test_both_ask_in_the_same_version_whatever_was_published_between(series, clock):
    run(tasks.open_surveys)
    publish(written={**BOTH, "title": {"es": "Otra", "en": "Other"}})
    clock.move_to(evening(series, 10).ends + timedelta(hours=1))
    run(tasks.open_surveys)
    assert survey(series, "after").instrument == survey(series, "before").instrument


# Second requests


def test_two_days_before_the_first_evening_whoever_has_not_answered_is_asked_once_more(series, families, clock):
    run(tasks.open_surveys)
    answer(survey(series, "before"), families[0])
    clock.move_to(evening(series, 1).begins - timedelta(days=2, minutes=1))
    run(tasks.post_second_requests)
    assert told(due.SURVEY_SECOND_REQUEST) == []
    clock.move_to(evening(series, 1).begins - timedelta(days=2))
    run(tasks.post_second_requests, tasks.post_second_requests)
    assert told(due.SURVEY_SECOND_REQUEST) == ["Berta"]
    assert set(Message.objects.filter(kind=due.SURVEY_SECOND_REQUEST).values_list("secret", flat=True)) == {True}


def test_whoever_joined_in_the_last_three_days_is_not_asked_twice(series, families, clock):
    run(tasks.open_surveys)
    clock.move_to(evening(series, 1).begins - timedelta(days=2))
    enrol(series, families[2])
    Enrolment.objects.filter(person=families[2]).update(joined_at=clock.at)
    run(tasks.open_surveys, tasks.post_second_requests)
    assert told(due.SURVEY_SECOND_REQUEST) == ["Ana", "Berta"]


def test_three_days_after_the_last_evening_there_is_one_second_request_not_two(series, families, clock):
    clock.move_to(evening(series, 10).ends + timedelta(minutes=30))
    run(tasks.open_feedback_forms, tasks.open_surveys)
    answer(survey(series, "after"), families[0])
    found = []
    for days in (2, 3, 4, 5, 6, 7):
        clock.move_to(evening(series, 10).ends + timedelta(days=days, minutes=31))
        run(tasks.post_second_requests)
        found.append((len(told(due.SECOND_REQUEST)), len(told(due.SURVEY_SECOND_REQUEST))))
    assert found == [(0, 0), (2, 0), (2, 0), (2, 0), (2, 1), (2, 1)]


def test_somebody_who_answers_before_the_sending_is_not_asked(series, families, clock):
    run(tasks.open_surveys)
    clock.move_to(evening(series, 1).begins - timedelta(days=2))
    run(tasks.post_second_requests)
    told(due.SURVEY_SECOND_REQUEST)
    answer(survey(series, "before"), families[0])
    run(delivery.go_round)
    states = Message.objects.filter(kind=due.SURVEY_SECOND_REQUEST).values_list("for_people__person__name", "state")
    assert sorted(states) == [("Ana", "unwanted"), ("Berta", "sent")]


def test_at_the_close_nothing_tells_any_more_who_was_asked_again(series, clock):
    run(tasks.open_surveys)
    clock.move_to(evening(series, 1).begins - timedelta(days=2))
    run(tasks.post_second_requests)
    told(due.SURVEY_SECOND_REQUEST)
    form = survey(series, "before")
    clock.move_to(form.closes_at)
    with acting("worker"):
        close_form(form=form.pk)
    run(tasks.forget_second_requests)
    assert Message.objects.filter(kind=due.SURVEY_SECOND_REQUEST).count() == 0
    assert MessagePerson.objects.filter(kind=due.SURVEY_SECOND_REQUEST).count() == 0


# The pages


@pytest.fixture
def ana(client, families):
    return sign_in(client, families[0])


def page(series, when):
    return reverse("series_survey", args=[series.pk, when])


def test_home_has_the_survey_as_the_one_thing_to_do_and_its_page_seals_the_answers(series, ana, families, settings):
    run(tasks.open_surveys)
    home = ana.get(reverse("series_home", args=[series.pk])).content.decode()
    assert page(series, "before") in home
    assert "Antes de empezar" in home
    ana.get(page(series, "before"))
    given = {**{f"item-{slug}": "a_lot" for slug in ANSWERS}, "comment": ""}
    assert "Gracias" in ana.post(page(series, "before"), given).content.decode()
    assert InboxBox.objects.get().form == survey(series, "before")


def test_of_two_things_to_do_home_shows_the_one_that_closes_first(series, client, families, clock):
    clock.move_to(evening(series, 10).ends + timedelta(minutes=30))
    ana = sign_in(client, families[0])
    run(tasks.open_feedback_forms, tasks.open_surveys)
    home = reverse("series_home", args=[series.pk])
    feedback_page = reverse("session_feedback", args=[series.pk, 10])
    first = ana.get(home).content.decode()
    assert (feedback_page in first, page(series, "after") in first) == (True, False)
    clock.move_to(evening(series, 10).ends + timedelta(days=8))
    then = ana.get(home).content.decode()
    assert (feedback_page in then, page(series, "after") in then) == (False, True)


def test_before_it_opens_and_after_it_closed_the_page_says_so(series, ana, clock):
    assert "media hora después" in ana.get(page(series, "after")).content.decode()
    assert "No hay preguntas para usted" in ana.get(page(series, "before")).content.decode()
    run(tasks.open_surveys)
    clock.move_to(survey(series, "before").closes_at)
    run(survey_tasks.close_due_forms, survey_tasks.seal_due_waves)
    assert "cerr" in ana.get(page(series, "before")).content.decode()
    assert ana.get(page(series, "during")).status_code == 404


def test_a_family_of_another_series_finds_nothing(series, school, client):
    other = make_series(school, families=[make_person("Patricia", school, "caregiver")])
    signed_in = sign_in(client, other.enrolments.get().person)
    run(tasks.open_surveys)
    assert signed_in.get(page(series, "before")).status_code == 404


# Windows


def hold(series, numbers, clock):
    """Let evenings be held, their forms open and close, as the worker does."""
    for number in numbers:
        clock.move_to(max(clock.at, evening(series, number).ends + timedelta(minutes=30)))
        run(tasks.open_feedback_forms, survey_tasks.close_due_forms, tasks.complete_windows)


def windows(series):
    found = Wave.objects.filter(ring=series.ring, kind="window").order_by("number")
    return {wave.number: (wave.forms.count(), wave.complete_at is not None) for wave in found}


def test_the_evenings_fall_into_four_windows_each_complete_with_its_last_form(series, clock):
    seen = []
    for number in range(1, 11):
        hold(series, [number], clock)
        seen.append(windows(series))
    assert seen[0] == {1: (1, True)}
    assert seen[1] == {1: (1, True), 2: (1, False)}
    assert seen[2] == {1: (1, True), 2: (2, True)}
    assert seen[8] == {1: (1, True), 2: (2, True), 3: (6, True)}
    assert seen[9] == {1: (1, True), 2: (2, True), 3: (6, True), 4: (1, True)}


def test_an_evening_that_was_called_off_leaves_its_window_when_the_series_ends(series, clock):
    Session.objects.filter(pk=evening(series, 3).pk).update(cancelled_at=clock.at)
    hold(series, [1, 2, 4, 9], clock)
    assert windows(series)[2] == (1, False)
    clock.move_to(evening(series, 10).ends)
    run(tasks.complete_windows)
    assert windows(series)[2] == (1, True)


def test_an_evening_whose_form_never_opened_holds_its_window_no_longer_than_it_might_have(series, clock):
    hold(series, [2], clock)
    third = evening(series, 3)
    closes_at = due.closing(third, opens=third.ends + timedelta(minutes=30))
    clock.move_to(closes_at - timedelta(minutes=1))
    run(tasks.complete_windows)
    assert windows(series)[2] == (1, False)
    clock.move_to(closes_at)
    run(tasks.complete_windows)
    assert windows(series)[2] == (1, True)
    run(tasks.open_feedback_forms)
    assert windows(series)[2] == (1, True)


def instants(series):
    """What is still to come: evenings, closings, hours of release, and the day on which the keys go."""
    yield from (session.ends + timedelta(minutes=30) for session in series.sessions.all())
    yield from Form.objects.values_list("closes_at", flat=True)
    yield from Wave.objects.exclude(families_at=None).values_list("families_at", flat=True)
    yield evening(series, 10).ends + timedelta(days=31)


def test_a_whole_series_by_the_timetable_alone(series, families, clock):
    """At each instant every task runs once: each wave is sealed and released once, and the keys go."""
    enrol(series, families[2])
    for number in range(4):
        enrol(series, make_person(f"Familia {number}", series.school, "caregiver"))
    people, answered = [place.person for place in Enrolment.objects.select_related("person")], []
    timetable = [
        tasks.open_surveys,
        tasks.open_feedback_forms,
        tasks.post_second_requests,
        survey_tasks.close_due_forms,
        tasks.forget_second_requests,
        tasks.complete_windows,
        survey_tasks.seal_due_waves,
        survey_tasks.release_due_waves,
        survey_tasks.end_rings,
    ]
    run(*timetable)
    while to_come := [at for at in instants(series) if at > clock.at]:
        for form in Form.objects.filter(closed_at=None).exclude(pk__in=answered):
            answered.append(form.pk)
            for person in people:
                answer(form, person)
        clock.move_to(min(to_come))
        run(*timetable)
    assert InboxBox.objects.count() == 0
    released = Wave.objects.filter(released_at__isnull=False).order_by("kind", "number")
    assert [(wave.kind, wave.number, wave.sheets.count()) for wave in released] == [
        ("after", 1, 7),
        ("before", 1, 7),
        *[("window", number, 7) for number in (1, 2, 3, 4)],
    ]
    series.ring.refresh_from_db()
    assert series.ring.destroyed_at is not None
    with acting("worker"):
        assert Release.objects.count() == 6 * len(ANSWERS)
        assert set(Release.objects.values_list("n_band", flat=True)) == {"5-9"}
    assert series.ring.evaluator_file


def test_moving_an_evening_is_refused_once_its_window_could_not_take_its_form(series, clock):
    rosa = make_person("Rosa", series.school, "coordinator")
    third = evening(series, 3)
    planning.cancel_session(session=third, by=rosa)
    hold(series, [1, 2, 4], clock)
    with pytest.raises(planning.ValidationError) as refusal:
        planning.move_session(session=third, on=third.on + timedelta(days=200), starts_at=third.starts_at, by=rosa)
    assert refusal.value.code == "held" or windows(series)[2] == (1, False)


def test_forms_of_a_window_are_told_apart_by_their_evening(series, clock):
    hold(series, [2, 3], clock)
    forms = Wave.objects.get(ring=series.ring, number=2).forms.order_by("evening_on")
    assert [form.evening_on for form in forms] == [evening(series, 2).on, evening(series, 3).on]
    with acting("worker"):
        assert feedback.open_feedback(session=evening(series, 2)) == forms[0]
        releases.seal(wave=forms[0].wave_id)
    assert Wave.objects.get(pk=forms[0].wave_id).sealed_at is None


# Which questions


@pytest.fixture
def own(school):
    """Publish a district's own questions, and another district's."""
    for district, slug in ((school.district, "ours"), (make_school("Roble").district, "theirs")):
        draft = authoring.write(written={**WEEKLY, "slug": slug}, district=district)
        authoring.publish(draft=draft)


@pytest.fixture
def questions_page(client, school, series):
    sign_in(client, make_person("Rosa", school, "coordinator"))
    return reverse("series_questions", args=[series.pk])


def test_a_series_asks_with_the_questions_of_its_district_once_they_are_chosen(client, series, own, questions_page):
    shown = client.get(questions_page).context["form"]
    offered = ["before-and-after", "weekly-feedback", "ours"]
    assert [[slug for slug, _title in shown.fields[which].choices] for which in shown.fields] == [offered] * 2
    assert client.post(questions_page, {"survey": "ours", "feedback": "theirs"}).status_code == 200
    assert client.post(questions_page, {"survey": "ours", "feedback": "weekly-feedback"}).status_code == 302
    run(tasks.open_surveys)
    assert survey(series, "before").instrument.slug == "ours"


def test_what_was_asked_stays_and_what_was_not_can_still_be_chosen(client, series, own, questions_page):
    run(tasks.open_surveys)
    assert list(client.get(questions_page).context["form"].fields) == ["feedback"]
    client.post(questions_page, {"survey": "ours", "feedback": "ours"})
    series.refresh_from_db()
    assert (series.survey, series.feedback) == ("before-and-after", "ours")
    with pytest.raises(ValidationError) as refused:
        planning.choose_questions(series=series, survey="ours", feedback="ours", by=None)
    assert refused.value.code == "begun"
