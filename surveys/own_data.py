"""What surveys hold of a person: boxes in the inbox and the pairing of her sheet. A copy of her things has neither."""

from django.utils.translation import gettext as _

from accounts import rights
from surveys import actions


@rights.register
class Answers(rights.Part):
    """Her answers, as long as anybody can find them."""

    def sections(self, person):
        yield rights.Section(
            _("Your answers to surveys"),
            [[("", _("They are not here: no screen, export or person on our team can look up which are yours."))]],
        )

    def end(self, person):
        """Delete her boxes that are not sealed yet, and what would pair her sheets; sealed ones nobody can find."""
        actions.forget(person=person)
