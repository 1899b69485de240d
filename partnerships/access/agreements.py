"""A group's agreements, for those who are in it; and the copies that groups published, for the school's people."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest

from accounts.models import Membership, School
from notifications import clock
from partnerships.access.spaces import Room, group_room, open_places
from partnerships.models import Agreement, AgreementVoice, Group, Reaffirmation, SharedAgreement, Translation

Kind = Membership.Kind
# By the role in which the page runs. Parents and neighbours on the council read agreements as one of the group's
# families, or not at all (trust.md 2.2).
READERS_OF_COPIES = {
    "leader": (Kind.LEADER, Kind.PRINCIPAL_SEAT),
    "board": (Kind.TEACHER_SEAT, Kind.STAFF_SEAT, Kind.STUDENT_SEAT),
    "coordinator": (Kind.COORDINATOR,),
}


@dataclass(frozen=True)
class Versions:
    """All that a group wrote about how it talks: what holds, what is being written, what held before."""

    draft: Agreement | None
    current: Agreement | None
    earlier: list[Agreement]


def versions(room: Room) -> Versions:
    """Return the agreements of a group; those agreed know `yeses`, how many members said yes, and `has_my_yes`."""
    inside = open_places(at=clock.now()).filter(group=room.group).values("person")
    yeses = (
        AgreementVoice.objects.filter(agreement=OuterRef("pk"), person__in=inside)
        .values("agreement")
        .annotate(count=Count("pk"))
        .values("count")
    )
    own = AgreementVoice.objects.filter(agreement=OuterRef("pk"), person=room.person)
    found = list(
        Agreement.objects.filter(group=room.group)
        .annotate(said=Subquery(yeses), has_my_yes=Exists(own))
        .order_by("-version")
    )
    agreed = [version for version in found if version.agreed_at]
    for version in agreed:
        version.yeses = version.said or 0
    draft = next((version for version in found if version.agreed_at is None), None)
    return Versions(draft, agreed[0] if agreed else None, agreed[1:])


def current(group: Group) -> Agreement | None:
    """Return the version on which a group agreed last."""
    return Agreement.objects.filter(group=group, agreed_at__isnull=False).order_by("-version").first()


def current_or_404(room: Room, pk: UUID) -> Agreement:
    """Fetch the version that holds by its key: a page that shows an older one answers no more."""
    found = current(room.group)
    if found is None or found.pk != pk:
        raise Http404
    return found


def to_agree(room: Room) -> Agreement | None:
    """Return what the group agreed, for somebody in it who has not said yes yet; nothing for everybody else."""
    found = current(room.group) if room.group else None
    if found is None or AgreementVoice.objects.filter(agreement=found, person=room.person).exists():
        return None
    return found


def reaffirmed(agreement: Agreement) -> list:
    """List the days on which the group read a version again, newest first."""
    return list(Reaffirmation.objects.filter(agreement=agreement).order_by("-on").values_list("on", flat=True))


def translations(room: Room, agreement: Agreement) -> QuerySet[Translation]:
    """Return those within reach of a reader: reviewed ones, her own, and all of them for whoever facilitates."""
    within = Q(reviewed_at__isnull=False) | Q(by=room.person)
    found = Translation.objects.filter(agreement=agreement).select_related("by").order_by("-reviewed_at", "at", "pk")
    return found if room.is_led else found.filter(within)


def reviewed_translation(agreement: Agreement) -> Translation | None:
    """Return the translation that stands beside a version."""
    found = Translation.objects.filter(agreement=agreement, reviewed_at__isnull=False)
    return found.order_by("-reviewed_at", "pk").first()


def translation_or_404(room: Room, agreement: Agreement, pk: UUID) -> Translation:
    """Fetch a translation of the version that holds."""
    found = translations(room, agreement).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def published_copy(room: Room) -> SharedAgreement | None:
    """Return the copy that the group has at the school, if it published one."""
    return SharedAgreement.objects.filter(group=room.group).first()


def opening_words(request: HttpRequest, group: UUID) -> Agreement | None:
    """Return what is read aloud as an evening begins, with its `translation` and `yeses`; only to whoever is in.

    A coordinator who holds the evening without being in the group has the sheet without these words.
    """
    if request.audience != "facilitator":
        return None
    try:
        room = group_room(request, group)
    except Http404:
        return None
    found = versions(room).current
    if found is not None:
        found.translation = reviewed_translation(found)
    return found


def copies(request: HttpRequest, slug: str) -> tuple[School, list[SharedAgreement]]:
    """Return a school and what its groups published to it, for those whose tie to it opens the copies."""
    school = School.objects.filter(slug=slug, pk__in=request.held.schools(*READERS_OF_COPIES[request.audience])).first()
    if school is None:
        raise Http404
    return school, list(SharedAgreement.objects.filter(school=school).order_by("-published_at", "pk"))
