"""Which browser the tests drive."""

from config import browser


def test_a_browser_that_is_named_is_taken(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/opt/chromium")
    assert browser.launch_options()["executable_path"] == "/opt/chromium"


def test_where_the_machine_has_none_playwright_brings_its_own(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(browser, "ON_A_MAC", ())
    assert browser.installed() is None
    assert "executable_path" not in browser.launch_options()


def test_it_talks_to_nobody_by_itself():
    assert set(browser.QUIET) <= set(browser.launch_options()["args"])
