"""Who can read what is written in a room, in words, made from the rules that open it and from nothing else."""

from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.promises import AUDIENCES, FAMILIES_WORDS
from notifications import clock
from partnerships.access.spaces import Role, Room, coordinators_outside, members

# No page of theirs shows a text; but whoever runs the server could read it, so no sentence says that they cannot.
NOT_PROMISED = {"operator"}
SOUNDS_LIKE_Y = ("i", "í", "hi", "hí")


@dataclass(frozen=True)
class Readers:
    """Who can and who cannot read here: `{{ readers }}` is for the band, `readers.promise` stands above a box."""

    can: str
    cannot: list[str]
    also: list[str]

    def __str__(self):
        return " ".join([self.can, *self.cannot])

    @property
    def promise(self) -> list[str]:
        """Return every sentence of the promise, in order."""
        return [str(self), *self.also]


def for_room(room: Room) -> Readers:
    """Return who can read what is written in a room, and who cannot, in the active language."""
    at = clock.now()
    inside = members(room, at=at)
    # Somebody at the door is told of the group as it will be with her in it.
    count = len({room.person.pk, *(place.person_id for place in inside)})
    leading = [place.person.name for place in inside if place.role == Role.FACILITATOR]
    outside = coordinators_outside(room, inside, at=at)
    return Readers(who_can(room, count, leading), who_cannot(outside), what_else(leading))


def who_can(room: Room, count: int, leading: list[str]) -> str:
    """Say how many people can read here, and who facilitates among them."""
    said = {"count": count, "names": listed(leading)}
    if count == 1:
        return _("For now only you can read this: nobody else has entered yet.")
    if room.group is None:
        return (
            _(
                "Who can read this: the %(count)s people in the groups of this school's families, those of earlier "
                "series too."
            )
            % said
        )
    if not leading:
        return _("Who can read this: the %(count)s people in this group.") % said
    return (
        ngettext(
            "Who can read this: the %(count)s people in this group, among them %(names)s, who facilitates it.",
            "Who can read this: the %(count)s people in this group, among them %(names)s, who facilitate it.",
            len(leading),
        )
        % said
    )


def who_cannot(outside: list) -> list[str]:
    """Say who cannot: those who coordinate, by name, and every audience without a right to families' words."""
    paid = [tie.person.name for tie in outside if tie.is_barring]
    others = [tie.person.name for tie in outside if not tie.is_barring]
    said = []
    if paid:
        said.append(
            ngettext(
                "%(names)s, who works at the school, cannot read it.",
                "%(names)s, who work at the school, cannot read it.",
                len(paid),
            )
            % {"names": listed(paid)}
        )
    if others:
        said.append(
            ngettext(
                "%(names)s, who coordinates the sessions, cannot read it.",
                "%(names)s, who coordinate the sessions, cannot read it.",
                len(others),
            )
            % {"names": listed(others)}
        )
    nobody = [str(words) for who, words in AUDIENCES.items() if who not in {*FAMILIES_WORDS.rights, *NOT_PROMISED}]
    said.append(_("Nor can %(audiences)s read it.") % {"audiences": alternatives(nobody)})
    return said


def what_else(leading: list[str]) -> list[str]:
    """Say the rest of the promise: the council, papers, the name, taking back, and its one limit."""
    said = [
        _("Somebody from the school council can read it only as one of these families; the list of members says so."),
        _("Whoever joins later will be able to read it too."),
        _("We do not ask about immigration status."),
        _("You can hide your name: nobody will see it on a screen, whoever facilitates included."),
        _("You can delete what you wrote."),
    ]
    if leading:
        limit = ngettext(
            "One limit: if someone may be in danger, %(names)s will get help.",
            "One limit: if someone may be in danger, %(names)s will get help.",
            len(leading),
        )
        said.append(limit % {"names": listed(leading)})
    return said


def listed(names: list[str]) -> str:
    """Join names as one says them aloud: Elena, Marta and Rosa."""
    if len(names) < 2:
        return "".join(names)
    said = {"first": ", ".join(names[:-1]), "last": names[-1]}
    if get_language().startswith("es") and names[-1].lower().startswith(SOUNDS_LIKE_Y):
        return f"{said['first']} e {said['last']}"
    return _("%(first)s and %(last)s") % said


def alternatives(names: list[str]) -> str:
    """Join what is refused: the leaders, the district or the evaluator."""
    return _("%(first)s or %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
