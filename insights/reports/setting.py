"""Setting a report on paper: a tagged PDF (PDF/UA-1) of the frozen words, the same bytes each time."""

import json
from datetime import UTC, datetime, time

import typst
from django.conf import settings

FOLDER = settings.BASE_DIR / "templates" / "insights"
PAPERS = {"letter": "us-letter", "a4": "a4"}


def typeset(content: dict, paper: str) -> bytes:
    """Return the PDF of a report; typst refuses one that somebody who cannot see could not read."""
    made = datetime.combine(datetime.fromisoformat(content["on"]), time(), tzinfo=UTC)
    return typst.compile(
        FOLDER / "report.typ",
        root=FOLDER,
        # The fonts that typst brings: the same on every machine.
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content), "paper": PAPERS[paper]},
        pdf_standards=["ua-1"],
        timestamp=int(made.timestamp()),
    )
