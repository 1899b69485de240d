"""How often a page may cause a message: one new invitation link an hour."""

import logging

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from dialogue_series.models import Invitation

logger = logging.getLogger(__name__)

ONE_HOUR = 60 * 60
TOO_OFTEN = _("Many people have asked from here in a short time. Wait ten minutes and try again, or call.")


def may_have_new_link(invitation: Invitation) -> bool:
    """Say whether an hour has gone by since the last new link; while Redis cannot be reached, it has not."""
    try:
        return cache.add(f"new_link:{invitation.pk}", 1, ONE_HOUR)
    except RedisError:
        logger.exception("No new links: the cache cannot be reached.")
        return False
