"""A sheet of answers as it comes from a page."""

from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from surveys.models import Item
from surveys.questionnaire import NUMBER_MOST
from surveys.sealing import COMMENT_CHARACTERS, Answers

# No option can have this value: a slug holds no such sign.
OPT_OUT = "~"
UNANSWERED = _("Choose an answer, or “I'd rather not answer”")
ASKED_IF = _("If you answered “%(answer)s” to “%(question)s”:")
# Before what was written to a question among others: the number that the question has on the page.
NUMBERED = "%d. %s"
BETWEEN = "\n\n"
# Of two digits, and the line end before the next.
ROOM_FOR_NUMBER = len(NUMBERED % (99, "")) + len(BETWEEN)


class OneLine(forms.CharField):
    """Free words, their line ends counted once whatever the browser sends."""

    def __init__(self, *, most, **kwargs):
        counted = {"rows": 3, "data-count": most, "data-count-left": _("{n} characters left")}
        too_long = _("You wrote %(show_value)d characters, and %(limit_value)d fit. Please shorten it a little.")
        super().__init__(
            required=False,
            widget=forms.Textarea(attrs=counted),
            validators=[MaxLengthValidator(most, too_long)],
            **kwargs,
        )

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class OneOf(forms.ChoiceField):
    """One answer, or none: on the sheet its name, or None."""

    widget = forms.RadioSelect


class Several(forms.MultipleChoiceField):
    """Any number of answers, or none; whoever also says that she would rather not answer is taken at that word."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        chosen = super().clean(value)
        return OPT_OUT if OPT_OUT in chosen else [name for name, _words in self.choices if name in chosen]


class NumberAndBox(forms.MultiWidget):
    """A place for the number, and a box beside it for who would rather not say it."""

    def __init__(self):
        super().__init__({"": forms.TextInput, "out": forms.CheckboxInput})

    def decompress(self, value):
        return [None, None]


class Number(forms.MultiValueField):
    """A number of two digits, or none."""

    def __init__(self, *, opt_out, **kwargs):
        self.opt_out = opt_out
        beyond = _("Write a number from 0 to %(most)s, in digits.") % {"most": NUMBER_MOST}
        number = forms.IntegerField(
            required=False,
            min_value=0,
            max_value=NUMBER_MOST,
            error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], beyond),
        )
        fields = (number, forms.BooleanField(required=False))
        super().__init__(fields, widget=NumberAndBox(), require_all_fields=False, required=False, **kwargs)

    def compress(self, values):
        number, is_out = values or (None, False)
        if number is None and not is_out:
            raise ValidationError(UNANSWERED, code="required")
        return OPT_OUT if is_out else str(number)


class AnswerForm(forms.Form):
    """Every question with its answers and a way not to answer; nothing chosen beforehand."""

    def __init__(self, asked, weekday, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields.update(fields_of(asked, weekday, get_language()))

    def clean(self):
        """Take nothing that is wrong with a question to which the answers before it do not lead."""
        for question in self.asked.questions:
            if question.asked_if and not question.is_asked(self.answers):
                self.errors.pop(name_of(question), None)
                self.cleaned_data.pop(name_of(question), None)

    @property
    def questions(self):
        """Return the questions, each to be drawn as its field says."""
        return [self[name_of(question)] for question in self.asked.questions]

    @property
    def answers(self) -> Answers:
        """Return what was answered, None where somebody would rather not or was not asked."""
        chosen = {question.slug: self.cleaned_data.get(name_of(question)) for question in self.asked.sealed}
        return {slug: None if value == OPT_OUT else value for slug, value in chosen.items()}

    @property
    def free_line(self) -> str:
        """Return what was written in free words, to whichever question; nothing where there is none."""
        lines = [
            NUMBERED % (number, self.cleaned_data[name_of(question)])
            for number, question in enumerate(self.asked.questions, start=1)
            if not question.is_sealed and self.cleaned_data.get(name_of(question))
        ]
        return BETWEEN.join(filter(None, [*lines, self.cleaned_data.get("comment", "")]))

    @property
    def copy(self):
        """Return the questions and what was answered, in words, for the one page that shows them again."""
        rows = [
            {"label": self[name].label, "value": said(self.fields[name], self.cleaned_data[name])}
            for name in map(name_of, self.asked.questions)
            if self.cleaned_data.get(name)
        ]
        if self.cleaned_data.get("comment"):
            rows.append({"label": self.asked.comment_text, "value": self.cleaned_data["comment"]})
        return rows


@lru_cache(maxsize=256)
def fields_of(asked, weekday, _language):
    """Return the fields of a page of questions: made once a language, since they keep nothing of what is sent."""
    written = [question for question in asked.questions if not question.is_sealed]
    free_lines = len(written) + bool(asked.comment_text)
    # Together they fill one box of one length.
    most = (COMMENT_CHARACTERS - ROOM_FOR_NUMBER * len(written)) // max(free_lines, 1)
    fields = {}
    for question in asked.questions:
        field = fields[name_of(question)] = field_of(question, asked.opt_out, most)
        # Answers in no order hang on no thread.
        field.is_choice = question.kind == Item.Kind.CHOICE
        field.label = question.text.replace("%(weekday)s", weekday)
        if question.asked_if:
            words = {"answer": question.asked_if.answer, "question": question.asked_if.question}
            field.help_text = ASKED_IF % {**words, "question": words["question"].replace("%(weekday)s", weekday)}
            field.asked_if = f"item-{question.asked_if.slug}={question.asked_if.value}"
    if asked.comment_text:
        fields["comment"] = OneLine(label=asked.comment_text, help_text=asked.comment_hint, most=most)
    return fields


def field_of(question, opt_out, most):
    """Return the field of a question's kind, and how it is drawn."""
    if question.kind == Item.Kind.TEXT:
        return OneLine(most=most, template_name="surveys/_text.html")
    if question.kind == Item.Kind.NUMBER:
        return Number(opt_out=opt_out, template_name="surveys/_number.html")
    takes_several = question.kind == Item.Kind.SEVERAL
    return (Several if takes_several else OneOf)(
        choices=[*question.options, (OPT_OUT, opt_out)],
        error_messages={"required": UNANSWERED, "invalid_choice": UNANSWERED},
        template_name="surveys/_several.html" if takes_several else "_likert.html",
    )


def name_of(question):
    """Return under which name a question's answer comes from a page."""
    return f"item-{question.slug}"


def said(field, answer):
    """Say an answer in the words of its question."""
    words = {OPT_OUT: getattr(field, "opt_out", ""), **dict(getattr(field, "choices", ()))}
    return "; ".join(str(words.get(one, one)) for one in ([answer] if isinstance(answer, str) else answer))
