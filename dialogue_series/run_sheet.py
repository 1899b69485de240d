"""How the four parts of an evening share its minutes."""

from collections.abc import Sequence


def shared_out(minutes: Sequence[int], total: int) -> list[int]:
    """Return whole minutes in the same proportions that sum to `total`: a longer evening has longer parts."""
    whole = sum(minutes)
    shares = [part * total // whole for part in minutes]
    # The minutes lost to rounding go to the parts that lost most.
    by_loss = sorted(range(len(minutes)), key=lambda place: -(minutes[place] * total % whole))
    for place in by_loss[: total - sum(shares)]:
        shares[place] += 1
    return shares
