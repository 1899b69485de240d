"""After which evening a group asked the school for something: what the ledger, one floor down, cannot know."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from dialogue_series.models import Session
from partnerships.models import Commitment


@transaction.atomic
def note_sessions() -> None:
    """Write on each request the last evening that had ended when it was asked; before the first there is none."""
    ended = Session.objects.filter(
        series__group=OuterRef("group"), cancelled_at=None, ends__lte=OuterRef("asked_at")
    ).order_by("-ends")
    unplaced = Commitment.objects.filter(Exists(ended), after_session=None)
    unplaced.update(after_session=Subquery(ended.values("number")[:1]))
