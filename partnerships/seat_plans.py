"""How many seats of each kind a board has at first, and what is known of it; every number can be changed after.

A Chicago council: cps.edu, Local School Council eligibility, and 105 ILCS 5/34-2.2 (a parent chairs). Where nothing is
known for certain a board begins without seats, and whoever sets it up adds them.
"""

from typing import NamedTuple

from partnerships.models import Board, Seat

Kind = Seat.Kind
COUNCIL = {Kind.PRINCIPAL: 1, Kind.PARENT: 6, Kind.COMMUNITY: 2, Kind.TEACHER: 2, Kind.STAFF: 1}


class Plan(NamedTuple):
    """What a board of one sort begins with."""

    kind: str
    seats: dict
    is_chaired_by_parent: bool
    meeting_law: str


LAW = Board.MeetingLaw
PLANS = {
    "lsc_high": Plan(Board.Kind.LSC, {**COUNCIL, Kind.STUDENT: 3}, True, LAW.ILLINOIS),
    "lsc_k8": Plan(Board.Kind.LSC, {**COUNCIL, Kind.STUDENT: 1}, True, LAW.ILLINOIS),
    "lsc_k6": Plan(Board.Kind.LSC, COUNCIL, True, LAW.ILLINOIS),
    # A standing committee of the council, chaired by a parent.
    "bac": Plan(Board.Kind.BAC, {}, True, LAW.ILLINOIS),
    "pac": Plan(Board.Kind.PAC, {}, False, LAW.ILLINOIS),
    "pta": Plan(Board.Kind.PTA, {}, False, LAW.NONE),
    "custom": Plan(Board.Kind.CUSTOM, {}, False, LAW.NONE),
}
# What members of a council complete once they are elected.
TRAINING = {
    Board.Kind.LSC: {
        "training_es": "Los nueve cursos para integrantes del consejo\nHuellas digitales\nFormularios de elegibilidad",
        "training_en": "The nine courses for council members\nFingerprints\nEligibility forms",
    }
}
