"""What people do about themselves: enter, and say how they want to be known and reached."""

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import access, codes, links
from accounts.contacts import Contact
from accounts.models import DataRequest, District, LogEntry, Membership, Person, School, SignInCode, StaffContact
from notifications import clock, outbox, wake
from notifications.actions import own_address, speak, verify
from notifications.models import Address

# How many codes one address is sent: (within, at most).
LIMITS = ((timedelta(minutes=10), 3), (timedelta(days=1), 10))


@transaction.atomic
def ask_for_code(*, contact: Contact, browser: str) -> SignInCode | None:
    """Post a code to an address, known or not, bound to the browser with this secret; None over the limit.

    The statements are the same for everybody: only the worker finds out whether the address is known.
    """
    at = codes.machine_now()
    with connection.cursor() as cursor:
        # Requests for one address stand in line, so that many at once cannot pass the limit together.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [contact.value])
    asked = list(
        SignInCode.objects.filter(value=contact.value, asked_at__gt=at - LIMITS[-1][0]).values_list(
            "asked_at", flat=True
        )
    )
    if any(sum(when > at - within for when in asked) >= most for within, most in LIMITS):
        return None
    code = SignInCode.objects.create(
        channel=contact.channel,
        value=contact.value,
        browser_hash=codes.browser_hash(browser),
        asked_at=at,
        ends_at=at + codes.LASTS,
    )
    outbox.post(kind="sign_in_code", about=code.pk, to=contact.value)
    return code


def try_code(*, browser: str, digits: str) -> SignInCode:
    """Return the code that this browser asked for and has typed rightly; each code takes five tries, together.

    Raise ValidationError `code_wrong`, or `code_over` when nothing that could be right is left. The wrong try is
    counted outside of what a refusal rolls back.
    """
    at = codes.machine_now()
    with transaction.atomic():
        live = SignInCode.objects.filter(
            browser_hash=codes.browser_hash(browser), used_at=None, ends_at__gt=at, tries__lt=codes.MOST_TRIES
        )
        tried = list(live.select_for_update().order_by("asked_at"))
        right = next((code for code in tried if codes.is_right(code.pk, digits)), None)
        if right and access.owners_of(right):
            live.exclude(pk=right.pk).update(ends_at=at)
            live.filter(pk=right.pk).update(used_at=at)
            return right
        live.update(tries=F("tries") + 1)
    if not tried:
        raise ValidationError(
            _(
                "That code no longer works: ten minutes went by, it was tried five times, or it was asked for on "
                "another phone or computer. Ask for a new one."
            ),
            code="code_over",
        )
    raise ValidationError(_("That is not the code we sent. Check the message or ask for a new one."), code="code_wrong")


@transaction.atomic
def come_in(*, code: SignInCode, person: Person) -> Person:
    """Spend a code that was typed rightly: it lets one person in, once, and its address is known to be hers."""
    spent = SignInCode.objects.filter(pk=code.pk, used_at__isnull=False, ends_at__gt=codes.machine_now())
    if not spent.update(ends_at=F("used_at")):
        raise ValidationError(_("That code was used already. Ask for a new one."), code="code_over")
    verify(address=access.address_of(code))
    return person


@transaction.atomic
def choose_language(*, person: Person, language: str) -> Person:
    """Speak this language to the person from now on, on pages and in every message."""
    person.language = language
    person.save(update_fields=["language"])
    speak(person=person, language=language)
    return person


@transaction.atomic
def rename(*, person: Person, name: str) -> Person:
    """Let the person appear under the name she chose."""
    person.name = name
    person.save(update_fields=["name"])
    return person


@transaction.atomic
def share_phone(*, person: Person, is_shared: bool) -> Person:
    """Remember whether other people use the person's phone too."""
    person.shares_phone = is_shared
    person.save(update_fields=["shares_phone"])
    return person


@transaction.atomic
def make_new_feed(*, person: Person) -> Person:
    """Give the person a new calendar address; the one she had stops at once."""
    person.feed_secret = uuid.uuid4()
    person.save(update_fields=["feed_secret"])
    return person


@transaction.atomic
def say_works_here(*, person: Person, school: School) -> Person:
    """Write that the person works at the school: its families' spaces close to her at once, her invitations end.

    A function of the database does it, since no page may write memberships: this one can only ever add a bar.
    A page for caregivers must not call it (the check after such a page would undo it); one for a link or `person` may.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_say_works_here(%s, %s, %s)", [person.pk, school.pk, clock.now()])
    person.refresh_from_db(fields=["asked_about_work_at"])
    return person


@transaction.atomic
def say_does_not_work_here(*, person: Person) -> Person:
    """Remember that the person was asked once whether she works at the school, and does not."""
    person.asked_about_work_at = clock.now()
    person.save(update_fields=["asked_about_work_at"])
    return person


@transaction.atomic
def say_paid(*, person: Person, school: School, is_paid: bool) -> None:
    """Write whether the school pays its coordinator, as she says of herself: a yes bars at once, and each is logged.

    A function of the database does it, for the person of the transaction only, since no page may write memberships.
    A page for coordinators must not call it (the check after such a page would undo it); one for `person` may.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_say_paid(%s, %s, %s, %s)", [person.pk, school.pk, is_paid, clock.now()])


@transaction.atomic
def grant_membership(
    *, person: Person, kind: str, school: School | None = None, district: District | None = None, on_payroll=None
) -> Membership:
    """Tie a person to a school, a district or the service from now on; a tie that bars ends her invitations."""
    membership, _made = Membership.objects.get_or_create(
        person=person,
        kind=kind,
        school=school,
        district=district,
        until=None,
        defaults={"on_payroll": on_payroll, "since": clock.now()},
    )
    if membership.is_barring:
        links.end(person=person)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership) -> Membership:
    """Let a tie end now; the person keeps what no longer depends on it. A caregiver's invitations end with hers."""
    Membership.objects.filter(pk=membership.pk, until=None).update(until=clock.now())
    if membership.kind == Membership.Kind.CAREGIVER:
        links.end(person=membership.person_id)
    membership.refresh_from_db(fields=["until"])
    return membership


@transaction.atomic
def keep_staff_list(*, school: School, values: set[str]) -> School:
    """Let the school's staff list be these addresses and no others.

    A family whose address is new on it is asked again whether she works there; until she has said, her group is closed.
    """
    StaffContact.objects.filter(school=school).exclude(value__in=values).delete()
    new = sorted(values - access.listed_as_staff(school))
    StaffContact.objects.bulk_create((StaffContact(school=school, value=value) for value in new), ignore_conflicts=True)
    if new:
        with connection.cursor() as cursor:
            cursor.execute("SELECT accounts_ask_again(%s, %s)", [school.pk, new])
    return school


@transaction.atomic
def reveal_contact(*, person: Person, school: School, by: Person) -> list[Address]:
    """Return where a family can be reached, and write who looked and when."""
    LogEntry.objects.create(
        by=by, act=LogEntry.Act.CONTACT_REVEALED, school=school, about_person=person, at=clock.now()
    )
    return list(access.own_addresses(person))


@transaction.atomic
def start_school(
    *,
    name: str,
    slug: str,
    sms_name: str,
    district: str,
    zone: str,
    coordinator: str,
    coordinator_email: str,
    phone: str,
    on_payroll: bool | None,
) -> School:
    """Make a school with its first coordinator, who enters by a code to her e-mail and then adds a second step."""
    school, _made = School.objects.get_or_create(
        slug=slug,
        defaults={
            "district": District.objects.get_or_create(name=district)[0],
            "name": name,
            "sms_name": sms_name,
            "zone": zone,
            "help_name": coordinator,
            "help_phone": phone,
        },
    )
    person = Person.objects.filter(addresses__value=coordinator_email, name=coordinator).first()
    if person is None:
        person = Person.objects.create(name=coordinator, state=Person.State.HERE)
        own_address(channel="email", value=coordinator_email, person=person, language=person.language, zone=zone)
    grant_membership(person=person, kind=Membership.Kind.COORDINATOR, school=school, on_payroll=on_payroll)
    return school


@transaction.atomic
def ask_for_copy(*, person: Person) -> None:
    """Ask for a copy of what is hers; the worker makes it, and asking again while it is there changes nothing."""
    _ask(person, DataRequest.Kind.COPY)


@transaction.atomic
def ask_to_be_erased(*, person: Person) -> None:
    """Ask to be erased: her calendar stops with this, and the worker does the rest within seconds."""
    make_new_feed(person=person)
    _ask(person, DataRequest.Kind.ERASURE)


def _ask(person, kind):
    DataRequest.objects.bulk_create(
        [DataRequest(person=person, kind=kind, asked_at=clock.now())], ignore_conflicts=True
    )
    wake.after_commit("accounts.tasks.answer_requests")
