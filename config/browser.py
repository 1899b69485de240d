"""Finds the Chromium that the browser tests drive, or installs one: `python -m config.browser`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
ON_A_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# Without these it talks to its maker's hosts.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_options() -> dict:
    """What Playwright's launch() needs to drive the browser found here."""
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    found = installed()
    return {"args": arguments, **({"executable_path": found} if found else {})}


def installed() -> str | None:
    """A browser of this machine; None where there is only Playwright's own, or none."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next(filter(None, map(shutil.which, (*ON_PATH, *ON_A_MAC))), None)


def main() -> int:
    if installed() or _playwright_has_one():
        return 0
    print("No Chromium here yet: installing one…", flush=True)
    if _runs(sys.executable, "-m", "playwright", "install", "chromium") and _playwright_has_one():
        return 0
    if _may_use_apt() and _runs("apt-get", "update") and _runs("apt-get", "install", "-y", *APT) and installed():
        return 0
    print(
        "The browser tests need Chromium: `apt-get install chromium`, `brew install --cask chromium`, "
        "or CHROMIUM=/path/to/it; `make test-fast` leaves them out.",
        file=sys.stderr,
    )
    return 1


APT = ("--no-install-recommends", "chromium", "fonts-liberation")


def _playwright_has_one() -> bool:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _runs(*command: str) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
