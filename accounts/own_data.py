"""What accounts and the floor hold of a person: how she is called and reached, her ties, who looked her up."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access, rights
from accounts.models import Link, LogEntry, Membership, Person, SignInCode
from accounts.wording import explain
from notifications import clock
from notifications.actions import disown

ACTS = {
    LogEntry.Act.INVITED: gettext_lazy("You were invited"),
    LogEntry.Act.ADMITTED: gettext_lazy("You got a place"),
}


@rights.register
class Account(rights.Part):
    """Her account."""

    def sections(self, person):
        yield rights.Section(
            _("You"),
            [[(_("Name in the group"), person.name), (_("Language"), person.get_language_display())]],
        )
        yield rights.Section(
            _("How we reach you"),
            [
                [(_("Phone or e-mail"), address.value), (_("Messages stopped"), address.stopped_at)]
                for address in access.own_addresses(person)
            ],
        )
        ties = Membership.objects.filter(person=person).select_related("school", "district").order_by("since", "pk")
        yield rights.Section(
            _("Your ties"),
            [[(_("Tie"), explain(tie).title), (_("Since"), tie.since), (_("Until"), tie.until)] for tie in ties],
        )
        yield rights.Section(
            _("Who opened your phone or e-mail"),
            [[(_("Who"), one.by_name), (_("When"), one.at)] for one in access.who_looked(person)],
        )
        acts = LogEntry.objects.filter(about_person=person, act__in=ACTS).order_by("at", "pk")
        yield rights.Section(
            _("When you were invited and admitted"),
            [[(_("What"), ACTS[one.act]), (_("When"), one.at)] for one in acts],
        )

    def end(self, person):
        gone = disown(person=person)
        Link.objects.filter(address__in=[address.pk for address in gone]).delete()
        SignInCode.objects.filter(value__in=[address.value for address in gone]).delete()
        Authenticator.objects.filter(user=person).delete()
        EmailAddress.objects.filter(user=person).delete()
        end_sessions(person)
        # A tie that has not begun cannot be ended.
        Membership.objects.filter(person=person, since__gt=clock.now()).delete()
        person.state = Person.State.LEFT
        person.save(update_fields=["state"])


def end_sessions(person):
    """Delete the sessions of somebody's browsers; whose a session is stands inside it."""
    hers = [
        session.pk for session in Session.objects.iterator() if session.get_decoded().get(SESSION_KEY) == str(person.pk)
    ]
    Session.objects.filter(pk__in=hers).delete()
