"""How often one network may ask for codes.

How often one address may is counted in PostgreSQL, where the codes are (actions.ask_for_code): that limit spends
money and protects people, so it survives a flushed Redis. A network's address is written nowhere but here, hashed,
for ten minutes; while Redis cannot be reached this limit lets everybody through rather than lock everybody out.
"""

import logging

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Loose: a whole community centre may stand behind one address.
MOST_BY_NETWORK = 60
WINDOW_SECONDS = 10 * 60


def network_may_ask(request: HttpRequest) -> bool:
    """Count one more request from this network and say whether it is still within the limit."""
    key = f"enter:{salted_hmac('network', get_ip(request), algorithm='sha256').hexdigest()}"
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        return cache.incr(key) <= MOST_BY_NETWORK
    except RedisError:
        logger.exception("The limit by network is off: the cache cannot be reached.")
    except ValueError:
        # The count ended between the two calls: a new window has begun.
        pass
    return True
