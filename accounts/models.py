"""People, schools and every dated tie between them."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from notifications.keeping import BY_HAND, DAY, THREE_YEARS, Kept


class District(models.Model):
    """A group of schools with a lead of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)

    PRIVACY = {"id": "keep", "name": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return self.name


class School(models.Model):
    """The tenant: every row that belongs to a school says so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, models.PROTECT, related_name="schools")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    # First words of every text message: short, so that a text stays within one segment.
    sms_name = models.CharField(max_length=24)
    zone = models.CharField(max_length=40, default="America/Chicago")
    help_name = models.CharField(max_length=60)
    help_phone = models.CharField(max_length=20)

    PRIVACY = dict.fromkeys(["id", "district", "slug", "name", "sms_name", "zone", "help_name", "help_phone"], "keep")
    PRIVACY_OF = None

    def __str__(self):
        return self.name


class PeopleManager(BaseUserManager):
    """Finds people for Django's own sign-in machinery."""

    def get_by_natural_key(self, key):
        return self.get(pk=key)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody we may write to: invited, or taking part. The account is the person, not the phone."""

    class State(models.TextChoices):
        INVITED = "invited"
        HERE = "here"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # As the coordinator's list had it until the person chooses how to appear.
    name = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="es")
    state = models.CharField(max_length=8, choices=State, default=State.INVITED)
    shares_phone = models.BooleanField(default=False)
    # Asked once, on first opening a group: "Do you work at this school?"
    asked_about_work_at = models.DateTimeField(null=True)
    feed_secret = models.UUIDField(default=uuid.uuid4, unique=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = PeopleManager()
    USERNAME_FIELD = "id"

    # What stays is a number without a name: others' rows, head counts among them, go on standing on it.
    PRIVACY = {
        **dict.fromkeys(["id", "language", "state", "created_at"], "keep"),
        **dict.fromkeys(["password", "last_login", "is_superuser", "is_active", "is_staff", "groups"], "blank"),
        **dict.fromkeys(["name", "shares_phone", "asked_about_work_at", "feed_secret", "user_permissions"], "blank"),
    }
    PRIVACY_OF = "pk"

    def __str__(self):
        return str(self.pk)

    @property
    def shown_name(self):
        """Return how she is called, or that somebody left who was erased."""
        return self.name or _("A person who left")

    def has_usable_password(self):
        """Say that nobody has a password: people enter by a code."""
        return False


class Membership(models.Model):
    """A dated tie of a person to a school, its board, its district or the service."""

    class Kind(models.TextChoices):
        CAREGIVER = "caregiver"
        COORDINATOR = "coordinator"
        STAFF = "staff"
        LEADER = "leader"
        PARENT_SEAT = "parent_seat"
        COMMUNITY_SEAT = "community_seat"
        TEACHER_SEAT = "teacher_seat"
        STAFF_SEAT = "staff_seat"
        STUDENT_SEAT = "student_seat"
        PRINCIPAL_SEAT = "principal_seat"
        DISTRICT_LEAD = "district_lead"
        EVALUATOR = "evaluator"
        OPERATOR = "operator"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    kind = models.CharField(max_length=16, choices=Kind)
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, related_name="memberships")
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True, related_name="memberships")
    # Asked of coordinators only; until one has said, her tie bars as if the school paid her.
    on_payroll = models.BooleanField(null=True, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    PRIVACY = {
        **dict.fromkeys(["id", "person", "kind", "school", "district", "on_payroll", "since"], "keep"),
        "until": "stamp",
    }
    PRIVACY_OF = "person"
    PRIVACY_FOR = (Kept("until", THREE_YEARS),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "school", "district"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="one_open_membership_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="membership_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind="operator", school=None, district=None)
                | Q(kind="district_lead", school=None, district__isnull=False)
                | Q(kind="evaluator", school=None, district__isnull=False)
                | (~Q(kind__in=["operator", "district_lead", "evaluator"]) & Q(school__isnull=False, district=None)),
                name="membership_says_where",
            ),
            models.CheckConstraint(
                condition=Q(on_payroll=False) | Q(kind="coordinator"), name="payroll_is_asked_of_coordinators"
            ),
        ]
        indexes = [models.Index(fields=["person"], name="membership_of_person")]

    def __str__(self):
        return f"{self.kind} {self.person_id}"

    def is_active(self, *, at):
        """Say whether the tie holds at this instant."""
        return self.since <= at and (self.until is None or at < self.until)

    @property
    def is_barring(self):
        """Say whether this tie closes its school's caregiver spaces, before any other tie could open them."""
        return self.kind in BARRING or (self.kind == self.Kind.COORDINATOR and self.on_payroll is not False)

    @property
    def has_pay_unsaid(self):
        """Say whether this is a coordinator's tie, and she has not said yet whether the school pays her."""
        return self.kind == self.Kind.COORDINATOR and self.on_payroll is None


# Any of these at a school bars its caregiver spaces, whatever else the person is there (trust.md 2.1).
BARRING = frozenset(
    {
        Membership.Kind.STAFF,
        Membership.Kind.LEADER,
        Membership.Kind.TEACHER_SEAT,
        Membership.Kind.STAFF_SEAT,
        Membership.Kind.STUDENT_SEAT,
        Membership.Kind.PRINCIPAL_SEAT,
    }
)
# The same as `is_barring`, for the database to look.
BARRING_TIE = Q(kind__in=BARRING) | (Q(kind=Membership.Kind.COORDINATOR) & ~Q(on_payroll=False))


class StaffContact(models.Model):
    """A line of the school's staff list: an address that may not be invited as a caregiver."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="staff_contacts")
    value = models.CharField(max_length=254)

    # The school's own list: a line goes when the coordinator takes it out.
    PRIVACY = {"id": "keep", "school": "keep", "value": "keep"}
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "value"], name="staff_contact_listed_once")]

    def __str__(self):
        return str(self.pk)


class Link(models.Model):
    """The hash of a secret that was sent to somebody for one job."""

    class Job(models.TextChoices):
        INVITATION = "invitation"
        RSVP = "rsvp"
        FORM = "form"
        UNSUBSCRIBE = "unsubscribe"
        PAPER = "paper"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret_hash = models.BinaryField(unique=True)
    # What stands in the page's address once the secret has moved into a cookie.
    public = models.CharField(max_length=12, unique=True)
    job = models.CharField(max_length=12, choices=Job)
    about = models.UUIDField()
    # An invitation and a printed sheet belong to a person; others to an address (whose row lives one floor down).
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    address = models.UUIDField(null=True)
    ends_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(["id", "secret_hash", "public", "job", "about", "person", "address", "ends_at"], "delete")
    PRIVACY_OF = "person"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, address__isnull=False) | Q(person__isnull=False, address=None),
                name="link_belongs_to_person_or_address",
            ),
        ]

    def __str__(self):
        return f"{self.job} {self.public}"


class SignInCode(models.Model):
    """A request for six digits, bound to the browser that asked; the digits themselves are stored nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # As typed and normalised, known or not: the same row is written for a stranger.
    channel = models.CharField(max_length=5)
    value = models.CharField(max_length=254)
    browser_hash = models.BinaryField()
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(
        ["id", "channel", "value", "browser_hash", "asked_at", "ends_at", "tries", "used_at"], "delete"
    )
    PRIVACY_OF = BY_HAND
    PRIVACY_FOR = (Kept("asked_at", DAY, by_machine=True),)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tries__lte=5), name="sign_in_code_tried_five_times")]
        indexes = [
            models.Index(fields=["value", "asked_at"], name="sign_in_code_of_value"),
            models.Index(fields=["browser_hash"], name="sign_in_code_of_browser"),
        ]

    def __str__(self):
        return str(self.pk)


class LogEntry(models.Model):
    """Who did something that must be accountable: a contact revealed, a person admitted, an export."""

    class Act(models.TextChoices):
        CONTACT_REVEALED = "contact_revealed"
        ADMITTED = "admitted"
        INVITED = "invited"
        EXPORTED = "exported"
        SAID_PAID = "said_paid"
        SAID_UNPAID = "said_unpaid"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    act = models.CharField(max_length=20, choices=Act)
    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    about_person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    PRIVACY = {**dict.fromkeys(["id", "by", "act", "school", "at"], "keep"), "about_person": "blank"}
    PRIVACY_OF = "about_person"
    PRIVACY_FOR = (Kept("at", THREE_YEARS),)

    def __str__(self):
        return f"{self.act} {self.at:%F}"


class DataRequest(models.Model):
    """That somebody asked for a copy of what is hers, or to be erased; the worker does it and row-level security
    shows the copy to her alone."""

    class Kind(models.TextChoices):
        COPY = "copy"
        ERASURE = "erasure"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    # The whole page, once it is made. The worker writes it and cannot read it.
    copy = models.TextField(blank=True, default="")

    PRIVACY = dict.fromkeys(["id", "person", "kind", "asked_at", "made_at", "copy"], "delete")
    PRIVACY_OF = "person"
    PRIVACY_FOR = (Kept("made_at", DAY),)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="asked_for_once_at_a_time")]

    def __str__(self):
        return f"{self.kind} {self.person_id}"
