"""What is typed about talks and findings."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from insights.methods.words import GUIDES, QUESTIONS, SOURCES
from partnerships.forms.leads import date_field
from partnerships.forms.written import WordsField, language_field, number_field

MOST_OF_A_NOTE, MOST_OF_A_LINE, MOST_OF_A_CLAIM, MOST_OF_A_CODE = 2000, 400, 400, 24
MOST_PEOPLE = 50


class TalkForm(forms.Form):
    """That a talk was held."""

    kind = forms.ChoiceField(
        label=_("Which talk was it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which talk it was."), "invalid_choice": _("Choose which talk it was.")},
    )
    held_on = date_field(_("When was it?"))
    came = number_field(
        _("How many came?"),
        least=1,
        most=MOST_PEOPLE,
        missing=_("Write how many came."),
        help_text=_("Only the number. You are not counted."),
    )
    has_consent = forms.TypedChoiceField(
        label=_("You read the consent aloud. What did they say?"),
        help_text=_(
            "If somebody takes it back, log the same talk again with no: your notes of it are deleted, and the lines "
            "that you shared are taken back."
        ),
        coerce=lambda said: said == "yes",
        choices=[("yes", _("Everybody said yes to notes")), ("no", _("Somebody said no, so I took none"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they said.")},
    )

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, GUIDES[kind].title) for kind in kinds]


def code_field(**kwargs):
    """Ask for a short code."""
    return forms.CharField(
        label=_("Your code for it"),
        max_length=MOST_OF_A_CODE,
        required=False,
        error_messages={"max_length": _("A code has 24 letters at most.")},
        **kwargs,
    )


class NoteForm(forms.Form):
    """One line of a talk."""

    text = WordsField(
        most=MOST_OF_A_NOTE,
        rows=3,
        label=_("One line of what was said"),
        help_text=_("Only you read it. Write no names all the same."),
        required=_("Write the line"),
    )
    language = language_field(initial=get_language)
    code = code_field(help_text=_("One or two words, such as: welcome, childcare. No names."))


class CodeForm(forms.Form):
    """Another code for a note."""

    code = code_field()


class LineForm(forms.Form):
    """A line as others will read it."""

    text = WordsField(
        most=MOST_OF_A_LINE,
        rows=3,
        label=_("The line as others will read it"),
        help_text=_("In words that name nobody, and by which nobody is known. Its code goes along."),
        required=_("Write the line"),
    )
    language = language_field(initial=get_language)
    translated = WordsField(
        most=MOST_OF_A_LINE,
        rows=3,
        label=_("The same in the other language"),
        required=_("Write it in the other language too"),
    )
    question = forms.ChoiceField(
        label=_("Which question does it speak of?"),
        choices=[(question, asked.title) for question, asked in QUESTIONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a question"), "invalid_choice": _("Choose a question")},
    )
    said_by = number_field(
        _("How many of the families said this?"),
        least=0,
        most=MOST_PEOPLE,
        missing=_("Write how many said it."),
        help_text=_("At least three. The number is written nowhere."),
    )
    has_speakers_yes = forms.BooleanField(
        label=_("I read this line to whoever said it, and the answer was yes"),
        error_messages={"required": _("Read it to whoever said it, and ask for a yes first.")},
    )

    def __init__(self, *args, talk, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["has_speakers_yes" if talk.is_with_families else "said_by"]


class FindingForm(forms.Form):
    """A claim, what it stands on and what it cannot say."""

    claim_es = WordsField(
        most=MOST_OF_A_CLAIM, rows=3, label=_("What we found, in Spanish"), required=_("Write it in Spanish")
    )
    claim_en = WordsField(
        most=MOST_OF_A_CLAIM, rows=3, label=_("What we found, in English"), required=_("Write it in English")
    )
    sources = forms.MultipleChoiceField(
        label=_("What does it stand on?"),
        help_text=_("How many stand behind it is taken from here; you do not type it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of these is not there any more. Choose again.")},
    )
    limit_es = WordsField(
        most=MOST_OF_A_CLAIM,
        rows=3,
        label=_("What it cannot say, in Spanish"),
        help_text=_("Such as: only who came was asked; it does not show the cause."),
        required="",
    )
    limit_en = WordsField(most=MOST_OF_A_CLAIM, rows=3, label=_("What it cannot say, in English"), required="")

    def __init__(self, *args, evidence, **kwargs):
        super().__init__(*args, **kwargs)
        self.evidence = {f"{one.kind} {one.of}": one for one in evidence}
        self.fields["sources"].choices = [
            (key, f"{SOURCES[one.kind]}. {one.words}") for key, one in self.evidence.items()
        ]
        # A draft may still lack them; publishing asks for them.
        self.fields["limit_es"].required = self.fields["limit_en"].required = False

    def clean_sources(self):
        """Return each source as its kind and its row."""
        return [(self.evidence[key].kind, self.evidence[key].of) for key in self.cleaned_data["sources"]]
