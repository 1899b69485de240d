"""Who can read what, once: the rows of the access matrix, their words, and the table of /privacy/ made from both."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

AUDIENCES = {
    "caregiver": _("the families of the group"),
    "facilitator": _("the parent who facilitates"),
    "coordinator": _("the coordinator"),
    "staff": _("the people who work at the school"),
    "leader": _("the school's leaders"),
    "parent_seat": _("parents on the school council"),
    "staff_seat": _("staff on the school council"),
    "district": _("the district"),
    "evaluator": _("the evaluator"),
    "operator": _("who runs this service"),
}

RIGHTS = {
    "reads": pgettext_lazy("what somebody may do", "read"),
    "writes": pgettext_lazy("what somebody may do", "read and write"),
    "own": _("only what is theirs"),
    "writes own": _("write their own while it is open; nobody can read it back"),
    "hides": _("read and write, and can hide a text from the group"),
    "if facilitating": _("only if named to facilitate, and not paid by the school"),
    "as a family": _("only if they are one of the group's families"),
    "copy": _("a copy, if the group publishes it"),
    "asked for": _("what kind of help was asked for, without names"),
    "head count": _("how many came, without names"),
    "first name": pgettext_lazy("what somebody may do", "first names"),
    "logged": _("read and change; each look is written down"),
    "masked": _("with most of it covered"),
    "keeps": _("read, and can keep one in the group"),
    "sends": _("write, and send what the group has read for 72 hours"),
    "sent": _("read, once the group has read it for 72 hours"),
    "allows": _("of their own they say yes, and can take it back; of others' only those let out for everybody"),
    "public": _("only those let out for everybody"),
    "public shared": _("only those let out for everybody, if the leaders share the report"),
    "puts in": _("ask, with no name kept; read the answers"),
    "holds back": _("read, and can hold back what names a person"),
    "answers them": _("read after two days, and answer"),
    "strikes": _("read it first, and can strike lines for 48 hours"),
    "what is left": _("read what is left after those 48 hours"),
    "if shared": _("only while the leaders share it"),
    "writes learned": _("write what was learned, each with its sources"),
    "asks": _("ask whoever wrote them, and read the answer"),
    "allowed": _("read, with the yes of whoever wrote them"),
    "asked": _("read what is asked"),
    "authors": _("write them; once published they never change"),
    "comments": _("the comments, mixed, after the form closes"),
    "labels": _("group results in words, only from five answers up"),
    "labels shared": _("group results in words, if the leaders share them"),
    "counts": _("in how many schools; of one school only what its leaders share"),
    "sealed file": _("one sealed file without names, after the key is destroyed"),
    "answers": pgettext_lazy("what somebody may do", "answer"),
    "moderates": _("read, and keep the conversation kind"),
    "result": pgettext_lazy("what somebody may do", "the result"),
    "creates": _("ask, and read the result"),
    "drafts": _("write a draft, and read the result"),
    "status": _("only how far it is"),
    "published": _("read what was published"),
    "stage": _("read, and write their own part"),
    "confirms": _("read, and confirm that it is done"),
    "own copy": _("a copy of their own data"),
    "contacts": _("the list of contacts; each copy is written down"),
    "frozen": _("group results as they were released"),
    "backup": pgettext_lazy("who runs the service keeps it", "the backup"),
    "about me": _("who looked at their telephone, and who was admitted, when"),
    "space log": _("what was hidden in the group"),
    "own acts": _("what they did themselves"),
    "system": _("what the machines did"),
}


class Row(NamedTuple):
    """One thing that is kept, and the right of each audience that has one; whoever is not named has none."""

    resource: str
    rights: dict[str, str]


FAMILIES_WORDS = Row(
    _("What families write to each other"),
    {
        "caregiver": "writes",
        "facilitator": "hides",
        "coordinator": "if facilitating",
        "parent_seat": "as a family",
    },
)
MATRIX = [
    FAMILIES_WORDS,
    Row(
        _("The group's agreements"),
        {
            "caregiver": "writes",
            "facilitator": "writes",
            "coordinator": "copy",
            "leader": "copy",
            "parent_seat": "as a family",
            "staff_seat": "copy",
        },
    ),
    Row(
        _("Who came, by name"),
        {
            "caregiver": "own",
            "facilitator": "writes",
            "coordinator": "writes",
            "leader": "head count",
            "parent_seat": "own",
            "district": "head count",
            "evaluator": "head count",
        },
    ),
    Row(
        _("Who is coming, and what would help them come"),
        {
            "caregiver": "own",
            "facilitator": "reads",
            "coordinator": "writes",
            "leader": "asked for",
            "parent_seat": "own",
        },
    ),
    Row(
        _("Telephone numbers and e-mails"),
        {
            "caregiver": "own",
            "facilitator": "first name",
            "coordinator": "logged",
            "parent_seat": "own",
            "operator": "masked",
        },
    ),
    Row(
        _("The opinion after each session"),
        {
            "caregiver": "writes own",
            "facilitator": "comments",
            "coordinator": "labels",
            "leader": "labels",
            "parent_seat": "own",
            "district": "counts",
            "evaluator": "sealed file",
        },
    ),
    Row(
        _("What somebody adds in their own words to a form"),
        {"caregiver": "writes own", "facilitator": "comments", "parent_seat": "own"},
    ),
    Row(
        _("The answers to a survey"),
        {"caregiver": "writes own", "parent_seat": "own", "evaluator": "sealed file"},
    ),
    Row(
        _("Group results"),
        {
            "caregiver": "labels",
            "facilitator": "labels",
            "coordinator": "labels",
            "staff": "labels shared",
            "leader": "labels",
            "parent_seat": "labels",
            "staff_seat": "labels",
            "district": "counts",
            "evaluator": "labels",
        },
    ),
    Row(
        _("The questions of forms and surveys"),
        {
            "caregiver": "asked",
            "facilitator": "asked",
            "coordinator": "authors",
            "leader": "asked",
            "parent_seat": "asked",
            "staff_seat": "asked",
            "district": "asked",
            "evaluator": "authors",
        },
    ),
    Row(
        _("Themes: what three people or more said, in other words"),
        {
            "caregiver": "keeps",
            "facilitator": "sends",
            "coordinator": "if facilitating",
            "leader": "sent",
            "parent_seat": "sent",
            "staff_seat": "sent",
            "evaluator": "sent",
        },
    ),
    Row(
        _("Somebody's exact words that leave the group"),
        {
            "caregiver": "allows",
            "facilitator": "asks",
            "coordinator": "public",
            "staff": "public shared",
            "leader": "allowed",
            "parent_seat": "allowed",
            "staff_seat": "allowed",
            "district": "public shared",
            "evaluator": "public",
        },
    ),
    Row(
        _("Questions from the families' box"),
        {
            "caregiver": "puts in",
            "facilitator": "holds back",
            "coordinator": "if facilitating",
            "leader": "answers them",
            "parent_seat": "as a family",
        },
    ),
    Row(
        _("What the council asks families"),
        {
            "caregiver": "answers",
            "facilitator": "moderates",
            "coordinator": "reads",
            "leader": "result",
            "parent_seat": "creates",
            "staff_seat": "drafts",
            "district": "status",
            "evaluator": "status",
        },
    ),
    Row(
        _("Decisions of the council"),
        {
            "caregiver": "reads",
            "facilitator": "reads",
            "coordinator": "reads",
            "staff": "published",
            "leader": "stage",
            "parent_seat": "writes",
            "staff_seat": "writes",
            "district": "reads",
            "evaluator": "reads",
        },
    ),
    Row(
        _("What the school answered and promised"),
        {
            "caregiver": "confirms",
            "facilitator": "reads",
            "coordinator": "reads",
            "staff": "reads",
            "leader": "writes",
            "parent_seat": "reads",
            "staff_seat": "reads",
            "district": "reads",
            "evaluator": "reads",
        },
    ),
    Row(
        _("Meetings of families and staff: what was agreed, how often each side spoke"),
        {
            "caregiver": "reads",
            "facilitator": "writes",
            "coordinator": "writes",
            "leader": "stage",
            "parent_seat": "as a family",
        },
    ),
    Row(
        _("What goes to the school's leaders after sessions 1, 3 and 9"),
        {
            "facilitator": "strikes",
            "coordinator": "what is left",
            "leader": "what is left",
        },
    ),
    Row(
        _("Notes of an interview or of a talk with families"),
        {
            "facilitator": "own",
            "coordinator": "if facilitating",
            "evaluator": "own",
        },
    ),
    Row(
        _(
            "The report of a series, with how many came, what help was asked for, results in words "
            "and words let out for everybody"
        ),
        {
            "caregiver": "reads",
            "facilitator": "reads",
            "coordinator": "reads",
            "staff": "if shared",
            "leader": "reads",
            "parent_seat": "reads",
            "staff_seat": "reads",
            "district": "if shared",
            "evaluator": "writes learned",
        },
    ),
    Row(
        _("Copies that leave this site"),
        {
            "caregiver": "own copy",
            "coordinator": "contacts",
            "leader": "frozen",
            "parent_seat": "own copy",
            "staff_seat": "frozen",
            "district": "frozen",
            "evaluator": "sealed file",
            "operator": "backup",
        },
    ),
    Row(
        _("The record of who did what"),
        {
            "caregiver": "about me",
            "facilitator": "space log",
            "coordinator": "own acts",
            "leader": "own acts",
            "parent_seat": "own acts",
            "staff_seat": "own acts",
            "district": "own acts",
            "evaluator": "own acts",
            "operator": "system",
        },
    ),
]


class Reader(NamedTuple):
    """Those who may do the same, and what exactly."""

    who: list[str]
    right: str


class Promise(NamedTuple):
    """One row of the table in words: who may, and everybody else, who may not."""

    resource: str
    readers: list[Reader]
    nobody: list[str]


def promises() -> list[Promise]:
    """Return the table of who can read what, in the words of the active language."""
    return [
        Promise(
            row.resource,
            [
                Reader([AUDIENCES[who] for who, has in row.rights.items() if has == right], RIGHTS[right])
                for right in dict.fromkeys(row.rights.values())
            ],
            [words for who, words in AUDIENCES.items() if who not in row.rights],
        )
        for row in MATRIX
    ]
