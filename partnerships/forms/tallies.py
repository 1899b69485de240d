"""What a phone sends of its count."""

from django import forms

from partnerships.joint_meetings import GROUPS, TONES

COUNTED = (*GROUPS, *TONES)
MOST = 9999


class CountForm(forms.Form):
    """Five numbers, and without JavaScript which one goes up by one, or down again."""

    phone_key = forms.UUIDField()
    families_spoke = forms.IntegerField(min_value=0, max_value=MOST)
    staff_spoke = forms.IntegerField(min_value=0, max_value=MOST)
    affirmed = forms.IntegerField(min_value=0, max_value=MOST)
    neutral = forms.IntegerField(min_value=0, max_value=MOST)
    dismissed = forms.IntegerField(min_value=0, max_value=MOST)
    one = forms.ChoiceField(choices=[(name, name) for name in COUNTED], required=False)
    undo = forms.ChoiceField(choices=[(name, name) for name in COUNTED], required=False)
    replaces = forms.BooleanField(required=False)

    @property
    def counts(self):
        """Return the numbers after the tap that sent them."""
        said = self.cleaned_data
        counts = {name: said[name] + (name == said["one"]) - (name == said["undo"]) for name in COUNTED}
        return {name: max(count, 0) for name, count in counts.items()}
