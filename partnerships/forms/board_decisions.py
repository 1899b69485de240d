"""What a board writes about a decision: the words it asks about, why it did not ask, and what it decided.

A draft may lack words, so that nothing typed is lost; it is complete before families read it.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.leads import date_field
from partnerships.forms.written import WordsField, number_field
from partnerships.models import Decision
from partnerships.models.decisions import Kind

LANGUAGES = ("es", "en")
MOST_OPTIONS = 6
WORDS = ("title", "background", "question")
LACKS = {
    "title_es": _("the title in Spanish"),
    "title_en": _("the title in English"),
    "background_es": _("the background in Spanish"),
    "background_en": _("the background in English"),
    "question_es": _("the question in Spanish"),
    "question_en": _("the question in English"),
}
KINDS = [
    (
        Kind.PULSE,
        _("How each family sees it. You read what more or fewer than half said, never exact numbers in a small group"),
    ),
    (
        Kind.GROUP_POSITION,
        _("The position of the group. If five or more answer, families can choose to tell you their exact count"),
    ),
]
OUTCOMES = [
    (Decision.Outcome.AS_FAMILIES, _("As families said")),
    (Decision.Outcome.PARTLY, _("Partly as families said")),
    (Decision.Outcome.OTHERWISE, _("Otherwise than families said")),
]


def lacking(decision: Decision) -> list:
    """Return, in words, what a draft lacks before families can read it."""
    missing = [words for name, words in LACKS.items() if not getattr(decision, name).strip()]
    said = [[option.get(language, "").strip() for option in decision.options] for language in LANGUAGES]
    if len(decision.options) == 1:
        missing.append(_("a second option"))
    if not all(all(texts) for texts in said):
        missing.append(_("every option in both languages"))
    elif any(len({*texts}) < len(texts) for texts in said):
        missing.append(_("options that differ"))
    return missing


class DecisionForm(forms.Form):
    """What is to be decided, in both languages; only one title is needed to keep it."""

    def __init__(self, *args, decision=None, **kwargs):
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            self.fields[f"title_{language}"] = WordsField(
                label=_("What will be decided?"), most=120, required="", rows=2
            )
            self.fields[f"background_{language}"] = WordsField(
                label=_("What families need to know"),
                help_text=_("What is planned, what it costs, whom it touches, what else is possible."),
                most=4000,
                required="",
            )
            self.fields[f"question_{language}"] = WordsField(
                label=_("The question to families"), most=300, required="", rows=3
            )
            for number in range(1, MOST_OPTIONS + 1):
                self.fields[f"option_{number}_{language}"] = forms.CharField(
                    label=_("Option %(number)s") % {"number": number},
                    max_length=120,
                    error_messages={"max_length": _("Write it shorter")},
                    widget=forms.TextInput(),
                )
        for field in self.fields.values():
            field.required = False
        self.fields["kind"] = forms.ChoiceField(
            label=_("What will you read of the answers?"),
            choices=KINDS,
            initial=Kind.PULSE,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose one"), "invalid_choice": _("Choose one")},
        )
        self.fields["decides_on"] = date_field(_("When does the board decide?"))
        if decision:
            self.initial = words_of(decision)

    def in_language(self, language):
        """Return the fields of one language, in the order in which they are filled in."""
        names = [*WORDS, *(f"option_{number}" for number in range(1, MOST_OPTIONS + 1))]
        return [self[f"{name}_{language}"] for name in names]

    def clean(self):
        """Take a draft that has a title in one language at least."""
        if not any(self.cleaned_data.get(f"title_{language}") for language in LANGUAGES) and not self.errors:
            self.add_error("title_es", _("Write what will be decided, in one of the languages at least"))
        return self.cleaned_data

    @property
    def words(self):
        """Return what was typed as the actions take it."""
        said = self.cleaned_data
        pairs = [
            {language: said.get(f"option_{number}_{language}", "") for language in LANGUAGES}
            for number in range(1, MOST_OPTIONS + 1)
        ]
        names = [f"{name}_{language}" for name in WORDS for language in LANGUAGES]
        return {
            **{name: said[name] for name in [*names, "kind", "decides_on"]},
            "options": [pair for pair in pairs if any(pair.values())],
        }


def words_of(decision):
    """Return a decision's words as the form shows them."""
    names = [f"{name}_{language}" for name in WORDS for language in LANGUAGES]
    found = {name: getattr(decision, name) for name in [*names, "kind", "decides_on"]}
    for number, option in enumerate(decision.options, start=1):
        found |= {f"option_{number}_{language}": option[language] for language in LANGUAGES}
    return found


class PublishForm(forms.Form):
    """Until when families answer."""

    closes_on = date_field(_("Last day on which families answer"))


class NotConsultedForm(forms.Form):
    """Why families were not asked: it stands in public for ever."""

    because_es = WordsField(label=_("Why, in Spanish"), most=1000, required=_("Write why, in Spanish too"), rows=4)
    because_en = WordsField(label=_("Why, in English"), most=1000, required=_("Write why, in English too"), rows=4)


class RecordForm(forms.Form):
    """How the board voted, and why."""

    votes_for = number_field(_("Votes for"), least=0, most=99, missing=_("Write how many voted for it, as a number"))
    votes_against = number_field(
        _("Votes against"), least=0, most=99, missing=_("Write how many voted against it, as a number")
    )
    votes_abstained = number_field(_("Abstained"), least=0, most=99, missing=_("Write how many abstained, as a number"))
    outcome = forms.ChoiceField(
        label=_("Beside what families said, what was decided is…"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one"), "invalid_choice": _("Choose one")},
    )
    decided_es = WordsField(
        label=_("What was decided and why, in Spanish"), most=2000, required=_("Write it in Spanish too")
    )
    decided_en = WordsField(
        label=_("What was decided and why, in English"), most=2000, required=_("Write it in English too")
    )

    def __init__(self, *args, was_asked, **kwargs):
        super().__init__(*args, **kwargs)
        if not was_asked:
            del self.fields["outcome"]

    def clean(self):
        """Return what was said; where families were not asked, what was decided cannot be as they said."""
        return {"outcome": Decision.Outcome.OTHERWISE, **self.cleaned_data}
