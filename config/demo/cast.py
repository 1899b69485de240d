"""Who plays in the demonstration: always the same people, with the same keys."""

import uuid
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

KEYS = uuid.UUID("5b0f7a52-0c1e-4a67-9a59-8f9a3f7d1c10")


class Player(NamedTuple):
    """Somebody of the cast: name, what she is, the kinds of ties she has, language and addresses."""

    name: str
    role: object
    kinds: tuple[str, ...]
    language: str = "es"
    phone: str = ""
    email: str = ""

    @property
    def key(self) -> uuid.UUID:
        """Return the person's key, which never changes."""
        return uuid.uuid5(KEYS, self.name)


CAREGIVER = _("caregiver")
ROSA = Player("Rosa", _("parent coordinator, on the school's payroll"), ("coordinator",), phone="+17735550100")
ELENA = Player("Elena", _("parent who facilitates"), ("caregiver",), phone="+17735550101")
FAMILIES = (
    Player("Lucía", CAREGIVER, ("caregiver",), phone="+17735550111"),
    Player("Carmen", CAREGIVER, ("caregiver",), phone="+17735550112"),
    Player("Marisol", CAREGIVER, ("caregiver",), phone="+17735550113", email="marisol@familia.example"),
    Player("Don Ernesto", CAREGIVER, ("caregiver",), phone="+17735550113"),
    Player("Yesenia", CAREGIVER, ("caregiver",), phone="+17735550115"),
    Player("Teresa", CAREGIVER, ("caregiver",), email="teresa@familia.example"),
    Player("Denise", CAREGIVER, ("caregiver",), "en", phone="+17735550117"),
    Player("Guadalupe", CAREGIVER, ("caregiver",), phone="+17735550118"),
)
PRINCIPAL = Player("Dra. Grant", _("principal"), ("leader",), "en", email="grant@mirador.example")
TEACHER = Player("Mr. Okafor", _("teacher"), ("staff",), "en", email="okafor@mirador.example")
PARENT_SEAT = Player("Ana", _("council member, parent seat"), ("caregiver", "parent_seat"), phone="+17735550121")
STAFF_SEAT = Player("Ms. Lewis", _("council member, staff seat"), ("staff_seat",), "en", email="lewis@mirador.example")
DISTRICT_LEAD = Player("Dr. Bell", _("district lead"), ("district_lead",), "en", email="bell@distrito.example")
EVALUATOR = Player("Sam", _("evaluator"), ("evaluator",), "en", email="sam@evaluacion.example")
ELSEWHERE = Player("Patricia", _("caregiver at another school"), (), phone="+17735550130")

CAST = (
    ROSA,
    ELENA,
    *FAMILIES,
    PRINCIPAL,
    TEACHER,
    PARENT_SEAT,
    STAFF_SEAT,
    DISTRICT_LEAD,
    EVALUATOR,
    ELSEWHERE,
)
BY_KEY = {str(player.key): player for player in CAST}
