"""What the series hold of a person: invitations, places, answers about evenings, help asked for, attendance."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import rights
from dialogue_series.actions import joining
from dialogue_series.forms.families import HELP
from dialogue_series.forms.logistics_lists import MODES
from dialogue_series.models import Attendance, Enrolment, Invitation, JoinRequest, Rsvp, SupportRequest
from notifications.addressing import alone
from notifications.models import Address

ANSWERS = {
    Rsvp.Answer.IN_PERSON: gettext_lazy("In person"),
    Rsvp.Answer.VIDEO: gettext_lazy("By video"),
    Rsvp.Answer.CANNOT: gettext_lazy("I can't this time"),
    Rsvp.Answer.UNKNOWN: gettext_lazy("I don't know yet"),
}
PLACES = {
    Enrolment.State.JOINED: gettext_lazy("Joined"),
    Enrolment.State.WAITING: gettext_lazy("Waiting for a place"),
    Enrolment.State.LEFT: gettext_lazy("Left the group"),
}


@rights.register
class Evenings(rights.Part):
    """Her part of the series."""

    def sections(self, person):
        invitations = Invitation.objects.filter(person=person).select_related("series").order_by("invited_at", "pk")
        yield rights.Section(
            _("Your invitations"),
            [[(_("Series"), one.series.name), (_("When"), one.invited_at)] for one in invitations],
        )
        places = Enrolment.objects.filter(person=person).select_related("series").order_by("asked_at", "pk")
        yield rights.Section(
            _("Your places"),
            [
                [(_("Series"), one.series.name), (_("Place"), PLACES[one.state]), (_("Since"), one.asked_at)]
                for one in places
            ],
        )
        yield rights.Section(
            _("What you said about coming"),
            [[*evening(one.session), (_("Answer"), ANSWERS[one.answer])] for one in of_evenings(Rsvp, person)],
        )
        yield rights.Section(
            _("Help you asked for"),
            [
                [*evening(one.session), (_("Help"), HELP[one.kind]), (_("Note"), one.note)]
                for one in of_evenings(SupportRequest, person)
            ],
        )
        yield rights.Section(
            _("Sessions you came to"),
            [[*evening(one.session), (_("How"), MODES[one.mode])] for one in of_evenings(Attendance, person)],
        )

    def end(self, person):
        for place in Enrolment.objects.filter(person=person).exclude(state=Enrolment.State.LEFT):
            joining.give_up(enrolment=place)
        hers = Address.objects.filter(owners=person).values("value")
        JoinRequest.objects.filter(
            Q(value__in=alone(person).values("value")) | Q(value__in=hers, name__iexact=person.name)
        ).delete()


def of_evenings(model, person):
    """Return somebody's rows about evenings, in the order of the evenings."""
    return model.objects.filter(person=person).select_related("session__series").order_by("session__begins", "pk")


def evening(session):
    """Return the cells that name an evening."""
    return [(_("Series"), session.series.name), (_("Day"), session.on)]
