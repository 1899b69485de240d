"""A sheet of answers as it comes from a page."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from surveys.sealing import COMMENT_CHARACTERS, Answers

# No option can have this value: a slug holds no such sign.
OPT_OUT = "~"
UNANSWERED = _("Choose an answer, or “I'd rather not answer”")


class OneLine(forms.CharField):
    """Free words, their line ends counted once whatever the browser sends."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class AnswerForm(forms.Form):
    """Every question with its answers and a way not to answer; nothing chosen beforehand."""

    def __init__(self, asked, weekday, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        for question in asked.questions:
            self.fields[f"item-{question.slug}"] = forms.ChoiceField(
                label=question.text.replace("%(weekday)s", weekday),
                choices=[*question.options, (OPT_OUT, asked.opt_out)],
                widget=forms.RadioSelect,
                error_messages={"required": UNANSWERED, "invalid_choice": UNANSWERED},
            )
        if asked.comment_text:
            self.fields["comment"] = OneLine(
                label=asked.comment_text,
                help_text=asked.comment_hint,
                required=False,
                widget=forms.Textarea(
                    attrs={"rows": 3, "data-count": COMMENT_CHARACTERS, "data-count-left": _("{n} characters left")}
                ),
                validators=[
                    MaxLengthValidator(
                        COMMENT_CHARACTERS,
                        _("You wrote %(show_value)d characters, and %(limit_value)d fit. Please shorten it a little."),
                    )
                ],
            )

    @property
    def scales(self):
        """Return the questions, each to be drawn as a fieldset."""
        return [self[f"item-{question.slug}"] for question in self.asked.questions]

    @property
    def answers(self) -> Answers:
        """Return what was answered, None where somebody would rather not."""
        chosen = {question.slug: self.cleaned_data[f"item-{question.slug}"] for question in self.asked.questions}
        return {slug: None if value == OPT_OUT else value for slug, value in chosen.items()}

    @property
    def free_line(self) -> str:
        """Return what was written on the free line; nothing where there is none."""
        return self.cleaned_data.get("comment", "")

    @property
    def copy(self):
        """Return the questions and what was answered, in words, for the one page that shows them again."""
        rows = [
            {"label": field.label, "value": dict(field.field.choices)[self.cleaned_data[field.name]]}
            for field in self.scales
        ]
        if self.free_line:
            rows.append({"label": self.asked.comment_text, "value": self.free_line})
        return rows
