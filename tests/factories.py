"""Rows for tests: sequences and plain names, no randomness, no hidden siblings."""

from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import RequestFactory

from accounts.database import acting
from accounts.models import District, Membership, Person, School
from dialogue_series.models import Enrolment, Series, Session, Topic
from notifications import clock
from notifications.models import Address, AddressOwner
from partnerships.models import Authorship, CaregiverSpace, Group, GroupMember, Post, Reply
from surveys.models import KeyRing

number = count(1)
LONG_AGO = timedelta(days=400)


def make_school(name="Mirador", **fields):
    """Make a school in a district of its own."""
    fields = {
        "slug": name.lower(),
        "sms_name": name,
        "help_name": "Rosa",
        "help_phone": "773 555 0100",
        "district": fields.pop("district", None) or District.objects.create(name=f"Distrito {name}"),
        **fields,
    }
    return School.objects.create(name=f"Academia {name}", **fields)


def make_person(name, school=None, *kinds, phone=None, email=None, on_payroll=False, **fields):
    """Make a person with open memberships of these kinds at the school (or its district, or nowhere)."""
    person = Person.objects.create(name=name, state=fields.pop("state", Person.State.HERE), **fields)
    for kind in kinds:
        tie(person, school, kind, on_payroll=on_payroll if kind == "coordinator" else False)
    for channel, value in (("sms", phone), ("email", email)):
        if value:
            give_address(person, channel, value)
    return person


def tie(person, school, kind, **fields):
    """Give a person one dated tie."""
    where = {"school": school}
    fields = {"on_payroll": False, **fields}
    if kind in {"district_lead", "evaluator"}:
        where = {"district": school.district}
    elif kind == "operator":
        where = {}
    return Membership.objects.create(person=person, kind=kind, since=clock.now() - LONG_AGO, **where, **fields)


def give_address(person, channel, value):
    """Let a person be reached somewhere, beside whoever else is."""
    address, _ = Address.objects.get_or_create(
        channel=channel, value=value, defaults={"language": person.language, "verified_at": clock.now()}
    )
    AddressOwner.objects.get_or_create(address=address, person=person)
    return address


def make_topics():
    """Make the ten topics, in short."""
    fields = ("title", "aim", "about", "bring", "try_at_home", "referral")
    words = {f"{field}_{language}": f"{field} {language}" for field in fields for language in ("es", "en")}
    Topic.objects.bulk_create(
        (Topic(number=n, slug=f"topic-{n}", competencies=[], places=[], **words) for n in range(1, 11)),
        ignore_conflicts=True,
    )


def make_series(school, *, first_on=date(2027, 1, 28), facilitator=None, families=(), sessions=10, **fields):
    """Make a published series with a weekly evening at six, school time, and these families in it."""
    make_topics()
    space, _ = CaregiverSpace.objects.get_or_create(school=school)
    group = Group.objects.create(space=space, name=f"Grupo {next(number)}")
    at = clock.now() - LONG_AGO
    if facilitator:
        GroupMember.objects.create(group=group, person=facilitator, role="facilitator", since=at)
    series = Series.objects.create(
        school=school,
        group=group,
        ring=KeyRing.objects.create(ends_on=first_on + timedelta(weeks=sessions - 1)),
        starts_at=time(18),
        published_at=at,
        flyer_code=f"flyer{next(number)}",
        **{
            "name": group.name,
            "place": "Biblioteca, puerta norte",
            "video_url": "https://video.example.org/mirador",
            "offers": ["childcare", "interpreter", "ride", "food"],
            **fields,
        },
    )
    for n in range(sessions):
        make_session(series, n + 1, first_on + timedelta(weeks=n))
    for person in families:
        enrol(series, person)
    return series


def make_session(series, n, on):
    """Put one evening of a series on a day."""
    begins = datetime.combine(on, series.starts_at, ZoneInfo(series.school.zone))
    return Session.objects.create(
        series=series,
        number=n,
        topic_id=n,
        on=on,
        starts_at=series.starts_at,
        minutes=series.minutes,
        begins=begins,
        ends=begins + timedelta(minutes=series.minutes),
    )


def enrol(series, person):
    """Give a family its place."""
    Series.objects.filter(pk=series.pk).update(joined=series.joined + 1)
    series.refresh_from_db(fields=["joined"])
    at = clock.now() - timedelta(days=30)
    return Enrolment.objects.create(series=series, person=person, state="joined", asked_at=at, joined_at=at)


def sign_in(client, person):
    """Sign somebody in as a code and a second factor would have."""
    session = client.session
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    request = RequestFactory().get("/")
    request.session = session
    record_authentication(request, person, method="mfa", type="totp")
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


def make_member(group, person, role="caregiver"):
    """Let somebody into a group as if she had opened it and said that she does not work at the school."""
    Person.objects.filter(pk=person.pk).update(asked_about_work_at=clock.now())
    return GroupMember.objects.create(group=group, person=person, role=role, since=clock.now() - LONG_AGO)


def make_post(place, author, text="Hola a todas.", *, without_name=False, **fields):
    """Write to a group, or to a space, as its author would; the database lets nobody else."""
    space, group = (place.space, place) if isinstance(place, Group) else (place, None)
    with acting("caregiver", author.pk):
        post = Post.objects.create(
            space=space,
            group=group,
            signed_by=None if without_name else author,
            text=text,
            language=fields.pop("language", "es"),
            at=fields.pop("at", clock.now()),
            **fields,
        )
        Authorship.objects.create(post=post, person=author)
    return post


def make_reply(post, author, text="Gracias.", *, without_name=False):
    """Answer a post as its author would."""
    with acting("caregiver", author.pk):
        reply = Reply.objects.create(
            post=post, signed_by=None if without_name else author, text=text, language="es", at=clock.now()
        )
        Authorship.objects.create(reply=reply, person=author)
    return reply
