"""Links that do one job: secrets are derived, so that a message sent again holds the same bytes, and stored hashed."""

import base64
import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse

from accounts.models import Link
from notifications import clock

SECRET_LENGTH = 22  # 128 bits in base64url
PREFIX = {
    Link.Job.INVITATION: "i",
    Link.Job.RSVP: "r",
    Link.Job.FORM: "r",
    Link.Job.UNSUBSCRIBE: "u",
    Link.Job.PAPER: "p",
}
COOKIE = "link"


class LinkOver(Http404):
    """A link that ended, or never was: both lead to the same page, which says what to do."""


def url_for(job: str, *, about, person=None, address=None, turn: int = 1, ends_at: datetime | None = None) -> str:
    """Return the absolute address of a person's or an address's link for one job, and store its hash."""
    secret = secret_of(job, about=about, person=person, address=address, turn=turn)
    Link.objects.get_or_create(
        secret_hash=digest(secret),
        defaults={
            "public": derive(f"public|{secret}")[:12],
            "job": job,
            "about": about,
            "person_id": person,
            "address": address,
            "ends_at": ends_at,
        },
    )
    return f"{settings.BASE_URL}/{PREFIX[job]}/{secret}"


def secret_of(job: str, *, about, person=None, address=None, turn: int = 1) -> str:
    """Return the secret of a link; a later turn of the same link has another."""
    return derive(f"{job}|{about}|{person or ''}|{address or ''}|{turn}")


def is_of_turn(link: Link, turn: int) -> bool:
    """Say whether a link is of this turn: asking for a new one makes those sent before stop."""
    secret = secret_of(link.job, about=link.about, person=link.person_id, address=link.address, turn=turn)
    return bytes(link.secret_hash) == digest(secret)


def derive(text: str) -> str:
    """Return 22 characters that only this deployment's key can make of the text."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"link|{text}".encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest(secret: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def into_cookie(secret: str) -> HttpResponseRedirect:
    """Move a secret out of the address: redirect to its job's page with a cookie for that page alone."""
    link = _open(secret_hash=digest(secret))
    page = reverse(f"link_{link.job}", args=[link.public])
    response = HttpResponseRedirect(page, headers={"Referrer-Policy": "no-referrer"})
    response.set_cookie(
        COOKIE, secret, max_age=60 * 60 * 24 * 90, path=page, httponly=True, samesite="Lax", secure=settings.SECURE
    )
    return response


def from_request(request: HttpRequest, *, job: str, public: str) -> Link:
    """Return the link whose secret this browser holds; raise Http404 for any other, ended ones included."""
    return _open(secret_hash=digest(request.COOKIES.get(COOKIE, "")), job=job, public=public)


def end(**whose) -> None:
    """Let links stop at once: `end(person=...)` for somebody barred, `end(about=...)` for a thing that is over."""
    still_open = Link.objects.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()), **whose)
    still_open.update(ends_at=clock.now())


def _open(**which) -> Link:
    link = Link.objects.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()), **which).first()
    if link is None:
        raise LinkOver
    return link
