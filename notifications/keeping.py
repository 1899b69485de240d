"""For how long rows are kept: said beside a model as PRIVACY_FOR, and done by one task (accounts/privacy.py)."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q

DAY = timedelta(days=1)
THREE_YEARS = timedelta(days=3 * 365 + 1)
# In PRIVACY_OF: whose a row is stands in no column; the app's own_data.py finds it.
BY_HAND = "by hand"


class Kept(NamedTuple):
    """Rows are deleted this long after an instant of theirs; where fields are named, only these are emptied."""

    since: str
    at_most: timedelta
    only: Q = Q()
    empties: tuple[str, ...] = ()
    # By the machine's time and not the programme's calendar (trust.md 5).
    by_machine: bool = False
