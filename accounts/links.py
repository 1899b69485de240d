"""Links that do one job: secrets are derived, so that a message sent again holds the same bytes, and stored hashed."""

import base64
import hashlib
import hmac
from datetime import datetime

from django.conf import settings
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
}
COOKIE = "link"


def url_for(job: str, *, about, person=None, address=None, turn: int = 1, ends_at: datetime | None = None) -> str:
    """Return the absolute address of a person's or an address's link for one job, and store its hash."""
    secret = derive(f"{job}|{about}|{person or ''}|{address or ''}|{turn}")
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


def derive(text: str) -> str:
    """Return 22 characters that only this deployment's key can make of the text."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"link|{text}".encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest(secret: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def into_cookie(secret: str) -> HttpResponseRedirect:
    """Move a secret out of the address: redirect to its job's page with a cookie for that page alone."""
    link = Link.objects.filter(secret_hash=digest(secret)).first()
    if link is None:
        return HttpResponseRedirect(reverse("link_unknown"))
    page = reverse(f"link_{link.job}", args=[link.public])
    response = HttpResponseRedirect(page)
    response.set_cookie(
        COOKIE, secret, max_age=60 * 60 * 24 * 90, path=page, httponly=True, samesite="Lax", secure=settings.SECURE
    )
    return response


def from_request(request: HttpRequest, *, job: str, public: str) -> Link:
    """Return the link whose secret this browser holds; raise Http404 for any other, ended ones included."""
    link = Link.objects.filter(secret_hash=digest(request.COOKIES.get(COOKIE, "")), job=job, public=public).first()
    if link is None or (link.ends_at is not None and link.ends_at <= clock.now()):
        raise Http404
    return link
