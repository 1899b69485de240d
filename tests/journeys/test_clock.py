"""The one clock of web, worker and scheduler: a reminder of the evening waits for the morning."""

from datetime import timedelta

import pytest

from tests.journeys.product import next_evening

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

LUCIA = "+17735550111"


def reminders(visitor):
    """Return how many reminders of the seventh evening Lucía has on her phone."""
    visitor.open("/demo/inbox/")
    cards = visitor.page.locator("article").filter(has_text=LUCIA)
    return cards.filter(has_text="encuentro 7").count()


def test_reminders_of_ten_at_night_wait_for_the_morning_and_the_scheduler_sends_them(visit):
    # Not the sixth evening: of that one the families may have been reminded before anybody moves the clock.
    visitor, evening = visit(), next_evening() + timedelta(weeks=1)
    visitor.move_clock((evening - timedelta(days=1)).isoformat(), "22:00")
    visitor.page.wait_for_timeout(5_000)  # Whoever moves the clock wakes the worker.
    assert reminders(visitor) == 0
    # Moved to before the hour, it passes by itself: nobody wakes the worker then but the scheduler.
    visitor.move_clock(evening.isoformat(), "07:59:40")
    assert reminders(visitor) == 0
    visitor.message_to(LUCIA, "encuentro 7")
    assert reminders(visitor) == 1
