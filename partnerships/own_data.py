"""What the spaces hold of a person: what she wrote, reacted to and agreed to, and where she belongs.

The worker reads by row-level security what is hers, and nothing that somebody else wrote.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import rights
from partnerships.models import (
    AgreementVoice,
    GroupMember,
    IdeaSupport,
    OutreachLead,
    Post,
    Quote,
    Reaction,
    Reply,
    SeatStep,
    SeatTerm,
    Translation,
)
from partnerships.seats_shown import STEPS

REACTIONS = {
    Reaction.Kind.HELPED: gettext_lazy("It helped me"),
    Reaction.Kind.ME_TOO: gettext_lazy("It is so for me too"),
}


@rights.register
class Spaces(rights.Part):
    """Her part of what families write."""

    def sections(self, person):
        places = GroupMember.objects.filter(person=person).select_related("group").order_by("since", "pk")
        yield rights.Section(
            _("Your groups"),
            [[(_("Group"), one.group.name), (_("Since"), one.since), (_("Until"), one.until)] for one in places],
        )
        yield rights.Section(_("What you wrote"), written(Post, person) + written(Reply, person))
        translations = Translation.objects.filter(by=person).order_by("at", "pk")
        yield rights.Section(
            _("Translations you wrote"), [[(_("Words"), one.text), (_("When"), one.at)] for one in translations]
        )
        quotes = Quote.objects.filter(post__authorship__person=person).order_by("asked_at", "pk")
        yield rights.Section(
            _("Words of yours that somebody asked to share"),
            [
                [
                    (_("Words"), one.words),
                    (_("Asked"), one.asked_at),
                    (_("The principal and the council can read them"), one.for_leaders and one.is_shared),
                    (_("Everybody can read them"), one.for_public and one.is_shared),
                ]
                for one in quotes
            ],
        )
        reactions = Reaction.objects.filter(person=person).order_by("kind", "pk")
        yield rights.Section(_("Your reactions"), [[(_("Reaction"), REACTIONS[one.kind])] for one in reactions])
        voices = AgreementVoice.objects.filter(person=person).select_related("agreement__group").order_by("at", "pk")
        yield rights.Section(_("Agreements you said yes to"), [[(_("When"), one.at)] for one in voices])
        count = IdeaSupport.objects.filter(person=person).count()
        yield rights.Section(_("Ideas you stand behind"), [[(_("How many"), count)]] if count else [])
        leads = OutreachLead.objects.filter(person=person).order_by("from_on", "pk")
        yield rights.Section(
            _("Appointments"), [[(_("Since"), one.from_on), (_("Until"), one.until_on)] for one in leads]
        )
        yield from on_boards(person)


def on_boards(person):
    """Yield the seats that somebody holds or held, and what she said, to herself alone, on the way to one."""
    terms = SeatTerm.objects.filter(person=person).select_related("seat__board").order_by("from_on", "pk")
    yield rights.Section(
        _("Seats on boards"),
        [[(_("Board"), one.seat.board.name), (_("Since"), one.from_on), (_("Until"), one.until_on)] for one in terms],
    )
    steps = SeatStep.objects.filter(person=person).select_related("board").order_by("at", "pk")
    yield rights.Section(
        _("What you said on the way to a seat"),
        [[(_("Board"), one.board.name), (_("Words"), STEPS[one.step]), (_("When"), one.at)] for one in steps],
    )


def written(model, person):
    """Return somebody's own texts, those without her name included, as rows of a copy."""
    texts = model.objects.filter(authorship__person=person).order_by("at", "pk")
    return [
        [
            (_("Words"), one.text or _("You took these words back")),
            (_("When"), one.at),
            (_("With your name"), one.signed_by_id is not None or one.deleted_at is not None),
        ]
        for one in texts
    ]
