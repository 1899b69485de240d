"""Keeping what one phone counted at a meeting: once, however often it is sent."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from notifications import clock
from partnerships.models import JointMeeting, SpeakingTally


@transaction.atomic
def keep_count(
    *, meeting: JointMeeting, phone_key: UUID, counts: dict[str, int], replaces: bool = False
) -> SpeakingTally:
    """Keep a phone's count in place of its earlier one.

    Raises ValidationError `draft` before the meeting is published, `another_phone` where another phone's count is kept
    and this one does not say that it replaces it.
    """
    # Two phones wait for each other here: a count that does not exist yet cannot be locked.
    meeting = JointMeeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.published_at is None:
        raise ValidationError(_("Publish the meeting first. Then somebody can count who speaks."), code="draft")
    kept = SpeakingTally.objects.filter(meeting=meeting).first()
    if kept and kept.phone_key != phone_key and not replaces:
        raise ValidationError(_("Another phone has sent its count of this meeting already."), code="another_phone")
    tally = SpeakingTally(meeting=meeting, phone_key=phone_key, kept_at=clock.now(), **counts)
    tally.save(force_insert=kept is None, force_update=kept is not None)
    return tally
