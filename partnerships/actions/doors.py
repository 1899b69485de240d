"""Trying the door: the worker opens every address of a group as somebody of the school would, and undoes it all."""

import logging

from django.db import transaction

from accounts.database import acting
from accounts.in_process import Visitor
from accounts.models import Membership, Person, School
from notifications import clock, wake
from partnerships.access.doors import parts_of_addresses, waiting_trials
from partnerships.doors import addresses
from partnerships.models import DoorTrial, Group

log = logging.getLogger(__name__)

TRY = "partnerships.tasks.try_doors"
OPENS = 200
# What somebody of each kind is, all at once: the most that one can be without being a family.
TIES = {
    DoorTrial.Kind.PRINCIPAL: (Membership.Kind.LEADER, Membership.Kind.PRINCIPAL_SEAT),
    DoorTrial.Kind.TEACHER: (Membership.Kind.STAFF,),
    DoorTrial.Kind.COUNCIL: (Membership.Kind.STAFF_SEAT,),
    DoorTrial.Kind.DISTRICT: (Membership.Kind.DISTRICT_LEAD,),
    DoorTrial.Kind.ADMINISTRATOR: (Membership.Kind.OPERATOR,),
}


@transaction.atomic
def ask(*, group: Group, person: Person, kind: str) -> DoorTrial:
    """Ask the worker to try the door as somebody of this kind; asked twice while it is at it, it tries once."""
    at = clock.now()
    waiting = waiting_trials(at=at).filter(group=group, person=person, kind=kind).first()
    wake.after_commit(TRY)
    return waiting or DoorTrial.objects.create(group=group, person=person, kind=kind, asked_at=at)


def try_waiting() -> None:
    """Try every door that somebody asked for; one that fails keeps no other."""
    for trial in list(waiting_trials(at=clock.now()).select_related("group__space__school__district", "person")):
        try:
            answers = answers_to(trial)
        except Exception as error:  # noqa: BLE001
            log.error("trial %s could not be made: %s", trial.pk, type(error).__name__)
            continue
        with transaction.atomic():
            DoorTrial.objects.filter(pk=trial.pk, answered_at=None).update(answers=answers, answered_at=clock.now())


def answers_to(trial: DoorTrial) -> list[dict]:
    """Return what each address answers to the member who asks, and to a made-up person of the school; nothing stays.

    An address that does not open to the member proves nothing about a wall, and is left out.
    """
    with transaction.atomic():
        with acting("caregiver", trial.person_id):
            found = addresses(parts_of_addresses(trial.group))
        member, other = Visitor(trial.person), Visitor(stand_in(trial.kind, trial.group.space.school))
        answers = [
            {"page": page, "address": path, "other": other.get(path).status_code}
            for page, path in found
            if member.get(path).status_code == OPENS
        ]
        transaction.set_rollback(True)
    return answers


def stand_in(kind: str, school: School) -> Person:
    """Make somebody of this kind at a school; only ever inside what is rolled back."""
    is_superuser = kind == DoorTrial.Kind.ADMINISTRATOR
    person = Person.objects.create(name=kind, state=Person.State.HERE, is_superuser=is_superuser, is_staff=is_superuser)
    for tie in TIES[kind]:
        Membership.objects.create(person=person, kind=tie, since=clock.now(), on_payroll=False, **where(tie, school))
    return person


def where(tie: str, school: School) -> dict:
    """Return the column that says where such a tie holds."""
    if tie == Membership.Kind.OPERATOR:
        return {}
    return {"district": school.district} if tie == Membership.Kind.DISTRICT_LEAD else {"school": school}
