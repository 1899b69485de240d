"""Tell people things: one intent, written in the transaction that causes it; everything else is the worker's."""

from uuid import UUID

from notifications import clock, kinds, wake
from notifications.models import Intent


def post(*, kind: str, about: UUID, occurrence: str = "once", to=None) -> None:
    """Write that something is to be said, once however often it is asked.

    `to` is a person, an address as somebody typed it (sign-in codes), or None where the kind knows its audience.
    Raises LookupError for a kind nobody has declared.
    """
    kinds.named(kind)
    to_value, to_person = (to, None) if isinstance(to, str) else ("", to)
    intent = Intent(
        kind=kind, about=about, occurrence=occurrence, to_person=to_person, to_value=to_value, posted_at=clock.now()
    )
    # ON CONFLICT DO NOTHING needs no right to read: a web role cannot ask who was written to.
    Intent.objects.bulk_create([intent], ignore_conflicts=True)
    wake.after_commit(wake.EXPAND)
