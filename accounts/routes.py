"""First lock: every address says what it shows and to whom; an address that does not is never served.

Audiences stand in order, separated by spaces; a request runs as the first one its person holds. `public` is
anybody before sign-in, `link` whoever holds the cookie of a sent link, `person` anybody signed in.
"""

from functools import wraps
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLResolver, get_resolver, path, re_path

OPEN_AUDIENCES = frozenset({"public", "link"})
AUDIENCES = OPEN_AUDIENCES | {
    "person",
    "caregiver",
    "facilitator",
    "coordinator",
    "staff",
    "leader",
    "board",
    "district",
    "evaluator",
    "operator",
    "demo",
}
HELD_BY_TIES = AUDIENCES - OPEN_AUDIENCES - {"person", "demo"}
# Caregivers and parent facilitators sign in by a code alone; everybody else proves it a second time.
WITHOUT_SECOND_FACTOR = OPEN_AUDIENCES | {"person", "caregiver", "facilitator", "demo"}


class Declaration(NamedTuple):
    """What an address shows, and the audiences it is for, in order."""

    resource: str
    audiences: tuple[str, ...]


def declare(view, *, resource: str, audience: str):
    """Return the view with its declaration; raise ImproperlyConfigured for an audience that does not exist."""
    audiences = tuple(audience.split())
    if not audiences or set(audiences) - AUDIENCES:
        raise ImproperlyConfigured(f"{view.__name__}: unknown audience in {audience!r}.")

    @wraps(view)
    def declared(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    declared.declaration = Declaration(resource, audiences)
    # A library's view may bring its own way in (the admin's does): ours is the only one.
    declared.login_url = None
    declared.login_required = not OPEN_AUDIENCES & set(audiences) and audiences != ("demo",)
    return declared


def route(pattern: str, view, *, name: str, resource: str, audience: str):
    """Declare one address, as Django's `path`."""
    return path(pattern, declare(view, resource=resource, audience=audience), name=name)


def re_route(pattern: str, view, *, name: str, resource: str, audience: str):
    """Declare one address by regular expression, as Django's `re_path`."""
    return re_path(pattern, declare(view, resource=resource, audience=audience), name=name)


def declare_all(patterns, *, resource: str, audience: str):
    """Declare every address of somebody else's URL list (a library's), and return the list."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            declare_all(pattern.url_patterns, resource=resource, audience=audience)
        else:
            pattern.callback = declare(pattern.callback, resource=resource, audience=audience)
    return patterns


def walk(patterns=None, prefix=""):
    """Yield (address pattern, name, view) of every address that is served."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, where)
        else:
            yield where, pattern.name, pattern.callback


def undeclared() -> list[str]:
    """Return the addresses that say neither resource nor audience; the product does not start with one."""
    return [where for where, _, view in walk() if not hasattr(view, "declaration")]
