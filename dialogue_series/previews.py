"""The text messages that families would get, shown to the coordinator before anything is sent."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import override

from dialogue_series.message_words import words_of_invitation, words_of_school, words_of_session
from dialogue_series.models import Series, Session
from notifications.channels import plain
from notifications.segments import segments

# As long as a real one: what it costs is counted with it.
SAMPLE_SECRET = "K7QX2PbR9mT4wZsV8nLc3d"  # noqa: S105


@dataclass(frozen=True)
class Preview:
    """A text in one language, with how many segments it takes and the letters that make it long."""

    language: str
    text: str
    count: int
    letters: str


def sample_url(prefix: str) -> str:
    """Return an address as long as that of a real link."""
    return f"{settings.BASE_URL}/{prefix}/{SAMPLE_SECRET}"


def invitation(series: Series, *, who: str, first: Session) -> list[Preview]:
    """Return the invitation to a series in both languages."""
    url = sample_url("i")
    return _both(
        "invitation",
        lambda language: words_of_invitation(series, who=who, first=first, url=url, language=language),
    )


def moved(session: Session) -> list[Preview]:
    """Return what families read of an evening's new date."""
    return _both(
        "session_moved",
        lambda language: {
            **words_of_school(session.series),
            **words_of_session(session, language),
            "button_url": sample_url("r"),
        },
    )


def cancelled(session: Session, following: Session | None) -> list[Preview]:
    """Return what families read of an evening that falls out."""
    return _both(
        "session_cancelled",
        lambda language: {
            **words_of_school(session.series),
            **words_of_session(session, language),
            "following": words_of_session(following, language) if following else None,
        },
    )


def _both(kind, words):
    """Render a text as the worker will, in both languages."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            text = plain(f"sms/{kind}.txt", words(language))
        counted = segments(text)
        found.append(Preview(language, text, counted.count, " ".join(counted.offending)))
    return found
