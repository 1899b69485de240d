"""What surveys hold of a person: boxes in the inbox and the pairing of her sheet. A copy of her things has neither."""

from django.utils.translation import gettext as _

from accounts import rights
from surveys import sealing
from surveys.models import FormPerson, InboxBox, KeyRing, Sheet


@rights.register
class Answers(rights.Part):
    """Her answers, as long as anybody can find them."""

    def sections(self, person):
        yield rights.Section(
            _("Your answers to surveys"),
            [[("", _("They are not here: nobody can look up whose answers are whose, and we cannot either."))]],
        )

    def end(self, person):
        """Delete her boxes that are not sealed yet, and what would pair her sheets; sealed ones nobody can find."""
        for line in FormPerson.objects.filter(person=person).select_related("form"):
            if key := found(sealing.box_key, line.form.ring_id, person=person.pk, form=line.form_id):
                InboxBox.objects.filter(pk=key).delete()
        for ring in KeyRing.objects.filter(waves__sheets__pair__isnull=False, destroyed_at=None).distinct():
            if pair := found(sealing.pair_of, ring.pk, person=person.pk):
                Sheet.objects.filter(wave__ring=ring, pair=pair).update(pair=None)


def found(key, ring, **whose):
    """Return a key of somebody's, or None where the ring that makes it is gone."""
    try:
        return key(ring, **whose)
    except sealing.NoKeys:
        return None
