"""The sender: claim one, look once more, call, record; nothing is held open while a provider answers."""

from time import monotonic

from notifications import channels, events, expand, settle
from notifications.claim import Claim, claim, last_look

# A round is short, so that a code does not wait in the queue behind a district's reminders.
SECONDS_A_ROUND = 2.0


def send_due(seconds: float = SECONDS_A_ROUND) -> bool:
    """Send what is due for this long, and say whether something may be left."""
    settle.lost()
    ends = monotonic() + seconds
    with channels.Carriers() as carriers:
        while claimed := claim():
            if claimed.letter is not None:
                call(claimed, carriers)
            if monotonic() > ends:
                return True
    return False


def call(claimed: Claim, carriers: channels.Carriers) -> None:
    """Hand one claimed message to its provider, and record what came of it."""
    message, letter = claimed
    if not last_look(message):
        return
    try:
        provider_id = letter.go(carriers)
    except Exception as error:  # noqa: BLE001
        settle.failed(message, error)
    else:
        settle.accepted(message, provider_id)


def go_round() -> None:
    """Do all there is to do at this moment, as the timetable would piece by piece."""
    events.settle_waiting()
    expand.waiting()
    while send_due():
        pass
