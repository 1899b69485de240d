from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.look.conftest import HOME, FeedbackForm

pytestmark = pytest.mark.browser


def choose(page, label):
    page.get_by_label(label, exact=True).locator("visible=true").check()


def press(page, label):
    page.get_by_role("button", name=label).click()


def answer_all(page):
    choose(page, "A lot")
    press(page, "Continue")
    choose(page, "Not at all")
    press(page, "Continue")
    page.get_by_label("Something else?").fill("Gracias")


def drafts(page):
    return page.evaluate("Object.keys(localStorage)")


def test_the_questions_come_one_at_a_time(feedback):
    expect(feedback.get_by_text("Question 1 of 2")).to_be_visible()
    expect(feedback.get_by_text("How much could you say?")).to_be_visible()
    expect(feedback.get_by_text("How much were you heard?")).to_be_hidden()
    expect(feedback.get_by_role("button", name="Send")).to_be_hidden()

    choose(feedback, "A lot")
    press(feedback, "Continue")

    expect(feedback.get_by_text("Question 2 of 2")).to_be_visible()
    expect(feedback.get_by_text("How much could you say?")).to_be_hidden()
    expect(feedback.get_by_text("How much were you heard?")).to_be_focused()


def test_without_javascript_it_is_one_long_page(server, browser):
    context = browser.new_context(java_script_enabled=False)
    context.route(f"{HOME}/**", server)
    page = context.new_page()
    page.goto(f"{HOME}/f/1/")

    expect(page.get_by_text("How much could you say?")).to_be_visible()
    expect(page.get_by_text("How much were you heard?")).to_be_visible()
    press(page, "Send")

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    context.close()


def test_a_question_left_open_is_said_beside_it_and_can_be_declined(feedback):
    press(feedback, "Continue")

    expect(feedback.get_by_role("alert")).to_have_text("Choose an answer")
    expect(feedback.get_by_text("Question 1 of 2")).to_be_visible()

    choose(feedback, "I'd rather not answer")
    press(feedback, "Continue")

    expect(feedback.get_by_role("alert")).to_have_count(0)
    expect(feedback.get_by_text("Question 2 of 2")).to_be_visible()


def test_one_can_go_back_and_the_answer_is_still_there(feedback):
    choose(feedback, "A lot")
    press(feedback, "Continue")
    press(feedback, "Back")

    expect(feedback.get_by_label("A lot").locator("visible=true")).to_be_checked()


def test_the_draft_stays_on_the_phone_until_the_server_has_the_answers(feedback, server):
    answer_all(feedback)
    feedback.reload()

    expect(feedback.get_by_text("Question 2 of 2")).to_be_hidden()
    expect(feedback.get_by_label("Something else?")).to_be_visible()
    expect(feedback.get_by_label("Something else?")).to_have_value("Gracias")
    assert drafts(feedback) == ["draft:form-1"]

    press(feedback, "Send")

    expect(feedback.get_by_role("heading", name="Thank you")).to_be_focused()
    assert server.received == ["spoke=2&heard=1&comment=Gracias"]
    assert drafts(feedback) == []


def test_a_shared_phone_keeps_nothing(server, page):
    server.shared = True
    page.goto(f"{HOME}/f/1/")
    answer_all(page)

    assert drafts(page) == []


def test_without_signal_the_answers_wait_and_go_when_it_returns(feedback, server):
    answer_all(feedback)
    server.has_signal = False
    press(feedback, "Send")

    expect(feedback.get_by_role("status")).to_have_text("No signal")
    assert drafts(feedback) == ["draft:form-1"]
    assert server.received == []

    server.has_signal = True
    feedback.evaluate("dispatchEvent(new Event('online'))")

    expect(feedback.get_by_role("heading", name="Thank you")).to_be_visible()
    assert server.received == ["spoke=2&heard=1&comment=Gracias"]


def test_when_the_fault_is_ours_the_page_says_so_and_the_answers_can_be_sent_again(feedback, server):
    answer_all(feedback)
    server.is_broken = True
    press(feedback, "Send")

    expect(feedback.get_by_role("status")).to_have_text("Our fault")
    assert drafts(feedback) == ["draft:form-1"]

    server.is_broken = False
    press(feedback, "Send")

    expect(feedback.get_by_role("heading", name="Thank you")).to_be_visible()


def test_an_impatient_thumb_sends_once(feedback, server):
    answer_all(feedback)
    feedback.evaluate("""() => {
        const send = [...document.querySelectorAll("form button")].find((one) => one.textContent === "Send");
        send.click(); send.click(); send.click();
    }""")

    expect(feedback.get_by_role("heading", name="Thank you")).to_be_visible()
    assert server.received == ["spoke=2&heard=1&comment=Gracias"]


def test_the_summary_of_errors_takes_the_focus_and_leads_to_the_question(server, page):
    server.form = FeedbackForm({"spoke": "2"})
    page.goto(f"{HOME}/f/1/")

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title("Error: Feedback · Ten evenings")
    expect(page.get_by_text("Question 2 of 2")).to_be_visible()

    page.locator("[data-error-summary] a").click()

    expect(page.locator("#id_heard_0")).to_be_focused()


def test_the_clock_of_the_hour_counts_each_part_and_never_moves_on_by_itself(server, page):
    page.clock.install()
    page.goto(f"{HOME}/run/")
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    press(page, "Start")

    expect(page.get_by_role("heading", name="Part 1 of 2")).to_be_visible()
    page.clock.fast_forward("02:30")
    expect(page.locator("output")).to_have_text("7:30")
    expect(page.get_by_text("8 minutes left")).to_be_visible()

    page.clock.fast_forward("10:00")
    expect(page.get_by_role("heading", name="Part 1 of 2")).to_be_visible()
    expect(page.locator("output")).to_have_text("+2:30")

    press(page, "Next part")
    page.reload()

    expect(page.get_by_role("heading", name="Part 2 of 2")).to_be_visible()
    expect(page.get_by_role("button", name="Next part")).to_be_hidden()
