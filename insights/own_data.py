"""What insights hold of a person: the notes that she took of talks, which nobody else reads."""

from django.utils.translation import gettext as _

from accounts import rights
from insights.models import TalkNote


@rights.register
class Notes(rights.Part):
    """Her own notes."""

    def sections(self, person):
        notes = TalkNote.objects.filter(author=person).order_by("written_at", "pk")
        yield rights.Section(
            _("Your notes of talks"),
            [[(_("Words"), one.text), (_("Code"), one.code), (_("When"), one.written_at)] for one in notes],
        )
