"""What a tie to a school means, in words for the person who has it."""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership

Kind = Membership.Kind

TIES = {
    Kind.CAREGIVER: _("You are a family of %(where)s."),
    Kind.COORDINATOR: _("You coordinate the sessions at %(where)s."),
    Kind.STAFF: _("You work at %(where)s."),
    Kind.LEADER: _("You lead %(where)s."),
    Kind.PARENT_SEAT: _("You hold a parent seat on the council of %(where)s."),
    Kind.COMMUNITY_SEAT: _("You hold a community seat on the council of %(where)s."),
    Kind.TEACHER_SEAT: _("You hold a teacher seat on the council of %(where)s."),
    Kind.STAFF_SEAT: _("You hold a staff seat on the council of %(where)s."),
    Kind.STUDENT_SEAT: _("You hold the student seat on the council of %(where)s."),
    Kind.PRINCIPAL_SEAT: _("You hold the principal's seat on the council of %(where)s."),
    Kind.DISTRICT_LEAD: _("You lead the district %(where)s."),
    Kind.EVALUATOR: _("You evaluate the sessions in %(where)s."),
    Kind.OPERATOR: _("You run this service."),
}

# The first page of each audience that has one, for whoever holds several.
VIEWS = {
    "coordinator": _("Coordinating the sessions"),
    "leader": _("Leading the school"),
    "caregiver": _("My sessions"),
    "board": _("My board"),
    "district": _("The district"),
    "evaluator": _("Sealed files"),
    "operator": _("The register"),
    "staff": _("What is open to school staff"),
}

PUBLISHED = _("what families and the school publish")
COUNCIL = _("the council's pages")
# What stays open to those for whom the families' space is closed.
STAYS_OPEN = {
    Kind.COORDINATOR: _("the calendar, the list of families, who is coming, what would help them come, and attendance"),
    Kind.STAFF: PUBLISHED,
    Kind.LEADER: _("how many families come, and what the group says as a whole once five or more have answered"),
    Kind.TEACHER_SEAT: COUNCIL,
    Kind.STAFF_SEAT: COUNCIL,
    Kind.STUDENT_SEAT: COUNCIL,
    Kind.PRINCIPAL_SEAT: COUNCIL,
}
CLOSED = _(
    "Because of this, the space of the families of %(where)s is closed to you, even if you are also a family here. "
    "It has to be: people speak freely only where nobody from the school listens. What stays open to you: %(open)s."
)
UNSAID = _("Until you say whether %(where)s pays you, the space of its families is closed to you.")
OPEN = {
    Kind.CAREGIVER: _("You can enter the families' group that invited you, and say what you think."),
    Kind.COORDINATOR: _(
        "You have the calendar, the list of families and attendance. You read the families' group only if it "
        "named you to facilitate."
    ),
    Kind.PARENT_SEAT: _(
        "You can enter the families' group only if you are one of its families; your name is marked there."
    ),
    Kind.COMMUNITY_SEAT: _("You have the council's pages. The families' group is not one of them."),
    Kind.DISTRICT_LEAD: _("You see whether the sessions take place, never what a family said."),
    Kind.EVALUATOR: _("You get one sealed file for each series, without names, after its key is destroyed."),
    Kind.OPERATOR: _("You keep the register of schools and ties. You see no contact details and no answers."),
}


class TieInWords(NamedTuple):
    """One tie, what it means, and whether it closes the families' space."""

    title: str
    meaning: str
    is_barring: bool
    # Where a coordinator may say whether the school pays her; nothing for any other tie.
    pay_school: UUID | None = None


def explain(tie: Membership) -> TieInWords:
    """Return a tie in words; this is the only place where the reason of a closed door is said."""
    where = str(tie.school or tie.district or "")
    title = TIES[tie.kind] % {"where": where}
    pay_school = tie.school_id if tie.kind == Kind.COORDINATOR else None
    if tie.has_pay_unsaid:
        return TieInWords(title, UNSAID % {"where": where}, is_barring=True, pay_school=pay_school)
    if tie.is_barring:
        closed = CLOSED % {"where": where, "open": STAYS_OPEN[tie.kind]}
        return TieInWords(title, closed, is_barring=True, pay_school=pay_school)
    return TieInWords(title, str(OPEN[tie.kind]), is_barring=False, pay_school=pay_school)
