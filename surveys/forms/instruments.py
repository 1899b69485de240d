"""What whoever writes an instrument says of it, every text in both languages beside each other."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.models import Instrument, Item, Option

LANGUAGES = {"es": _("In Spanish"), "en": _("In English")}
# A choice that has to be drawn like any other; no construct, place or answer is named so.
NONE = "-"
CONSTRUCTS = {
    NONE: _("Nothing that is scored"),
    Item.Construct.UNDERSTANDING: _("Understanding"),
    Item.Construct.CONFIDENCE: _("Confidence"),
    Item.Construct.FREQUENCY: _("Frequency"),
    Item.Construct.IDEAS: _("Ideas for working together"),
    Item.Construct.INCLUSIVENESS: _("Inclusiveness"),
    Item.Construct.ADVOCACY: _("Advocacy"),
}
PLACES = {
    NONE: pgettext_lazy("where a question is about", "Neither"),
    Item.Place.HOME: _("At home"),
    Item.Place.STAFF: _("With school staff"),
}
KINDS = {
    Item.Kind.SCALE: _("A scale: answers in words, from least to most"),
    Item.Kind.CHOICE: _("One answer of several"),
    Item.Kind.SEVERAL: _("As many answers as fit"),
    Item.Kind.NUMBER: _("A number from 0 to 99"),
    Item.Kind.TEXT: _("Free words"),
}
FEWEST_ROWS, SPARE_ROWS = 6, 2


def words_field(model, name, *, rows=0, **fields):
    """Return a field for a text of one language, as long as its column takes; a draft may leave it for later."""
    return forms.CharField(
        required=False,
        max_length=model._meta.get_field(name).max_length,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput,
        error_messages={"max_length": _("These words are too long. %(limit_value)s characters fit.")},
        **fields,
    )


class InBoth(forms.Form):
    """A form of texts in both languages: fields named `text_es` and `text_en`."""

    def put(self, name, model, column, heading, *, rows=0, hint=""):
        """Ask for a text in both languages."""
        for code, language in LANGUAGES.items():
            self.fields[f"{name}_{code}"] = words_field(model, column, rows=rows, label=language)
            self.fields[f"{name}_{code}"].widget.attrs["lang"] = code
        self.headings = {**getattr(self, "headings", {}), name: (heading, hint)}

    def pair(self, name):
        """Return the two fields of a text, with its heading."""
        heading, hint = self.headings[name]
        return {"heading": heading, "hint": hint, "fields": [self[f"{name}_{code}"] for code in LANGUAGES]}

    def said(self, name):
        """Return what was written, by language."""
        return {code: self.cleaned_data[f"{name}_{code}"] for code in LANGUAGES}


class TitleForm(InBoth):
    """What a new instrument is called, and whose it is."""

    district = forms.ChoiceField(label=_("For which district?"), error_messages={"required": _("Choose a district")})

    def __init__(self, *args, districts, **kwargs):
        super().__init__(*args, **kwargs)
        self.put("title", Instrument, "title", _("Title, as families read it"))
        for code in LANGUAGES:
            self.fields[f"title_{code}"].required = True
            self.fields[f"title_{code}"].error_messages["required"] = _("Write the title in both languages")
        self.fields["district"].choices = [(str(district.pk), district.name) for district in districts]
        if len(districts) == 1:
            del self.fields["district"]

    @property
    def title(self):
        """Return the pair of the title's words."""
        return self.pair("title")


class WordsForm(InBoth):
    """What stands around the questions."""

    def __init__(self, *args, draft, **kwargs):
        names = ("title", "intro", "comment_text", "comment_hint", "opt_out")
        written = {f"{name}_{code}": getattr(draft, f"{name}_{code}") for name in names for code in LANGUAGES}
        super().__init__(*args, initial=written, **kwargs)
        self.put("title", Instrument, "title", _("Title, as families read it"))
        hint = _("How many questions, how long they take, and who sees what.")
        self.put("intro", Instrument, "intro", _("Who can see this"), rows=4, hint=hint)
        hint = _("Facilitators who do not work at the school read it, mixed, when three or more came in.")
        self.put("comment_text", Instrument, "comment_text", _("Free line at the end"), hint=hint)
        self.put("comment_hint", Instrument, "comment_hint", _("Under the free line: who reads it"), rows=4)
        self.put("opt_out", Instrument, "opt_out", _("For who would rather not answer"))

    @property
    def pairs(self):
        """Return the texts in order."""
        return [self.pair(name) for name in self.headings]

    @property
    def written(self):
        """Return the words as surveys.authoring takes them."""
        comment = {"text": self.said("comment_text"), "hint": self.said("comment_hint")}
        return {**{name: self.said(name) for name in ("title", "intro", "opt_out")}, "comment": comment}


class ItemForm(InBoth):
    """One question: its words, its answers, and what a favourable answer says."""

    kind = forms.ChoiceField(
        label=_("What kind of question is it?"),
        choices=KINDS.items(),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of question")},
    )
    construct = forms.ChoiceField(label=_("What does it measure?"), choices=CONSTRUCTS.items(), required=False)
    place = forms.ChoiceField(label=_("Where?"), choices=PLACES.items(), required=False)
    is_reversed = forms.BooleanField(label=_("Scored the other way: a high answer is a low score"), required=False)
    asked_if = forms.ChoiceField(
        label=_("Asked of whom?"),
        required=False,
        help_text=_("What only some are asked is released from 20 answers on."),
    )

    def __init__(self, *args, draft, item=None, **kwargs):
        self.written_before = list(item.options.all()) if item else []
        super().__init__(*args, initial=first_words(item, self.written_before), **kwargs)
        hint = _("%(weekday)s stands for the day of the session.")
        self.put("text", Item, "text", _("Question"), rows=2, hint=hint)
        hint = _("As it goes on after “more than half”: “feel welcome at the school”.")
        self.put("fact", Item, "fact", _("What a favourable answer says, for results"), hint=hint)
        self.rows = range(1, max(FEWEST_ROWS, len(self.written_before) + SPARE_ROWS) + 1)
        for row in self.rows:
            self.put(f"option{row}", Option, "text", _("Answer %(number)s") % {"number": row})
            self.fields[f"favourable{row}"] = forms.BooleanField(label=_("Favourable"), required=False)
        before = [one for one in draft.items.all() if item is None or one.number < item.number]
        self.fields["asked_if"].choices = [(NONE, _("Of everybody")), *answers_of(before)]

    @property
    def text(self):
        """Return the pair of the question's words."""
        return self.pair("text")

    @property
    def fact(self):
        """Return the pair of the words for results."""
        return self.pair("fact")

    @property
    def options(self):
        """Return the answers, each a pair of words and a tick."""
        return [{**self.pair(f"option{row}"), "favourable": self[f"favourable{row}"]} for row in self.rows]

    @property
    def written(self):
        """Return the question as surveys.authoring takes it; rows without a word are no answers."""
        cleaned = {name: "" if value == NONE else value for name, value in self.cleaned_data.items()}
        item, _slash, value = cleaned["asked_if"].partition("/")
        options = [
            {"text": self.said(f"option{row}"), "favourable": cleaned[f"favourable{row}"]}
            for row in self.rows
            if any(self.said(f"option{row}").values())
        ]
        return {
            "kind": cleaned["kind"],
            "text": self.said("text"),
            "fact": self.said("fact"),
            "construct": cleaned["construct"],
            "place": cleaned["place"],
            "is_reversed": cleaned["is_reversed"],
            "asked_if": {"item": item, "option": value} if item else {},
            "options": options,
        }


class FileForm(forms.Form):
    """A questionnaire in a spreadsheet."""

    file = forms.FileField(
        label=_("Excel workbook (.xlsx), up to 1 MB"),
        error_messages={"required": _("Choose the file"), "empty": _("Choose the file")},
    )
    district = TitleForm.base_fields["district"]

    def __init__(self, *args, districts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = [(str(district.pk), district.name) for district in districts]
        if len(districts) == 1:
            del self.fields["district"]


def first_words(item, options):
    """Return what a question says now, field by field."""
    if item is None:
        return {"kind": Item.Kind.SCALE, **dict.fromkeys(["construct", "place", "asked_if"], NONE)}
    base = item.asked_if
    words = {f"{name}_{code}": getattr(item, f"{name}_{code}") for name in ("text", "fact") for code in LANGUAGES}
    for row, option in enumerate(options, start=1):
        words |= {f"option{row}_{code}": getattr(option, f"text_{code}") for code in LANGUAGES}
        words[f"favourable{row}"] = option.favourable
    plain = {name: getattr(item, name) or NONE for name in ("kind", "construct", "place")}
    asked_if = f"{base.item.slug}/{base.value}" if base else NONE
    return {**plain, **words, "is_reversed": item.is_reversed, "asked_if": asked_if}


def answers_of(items):
    """Yield the answers to these questions, as choices of who is asked another one."""
    for item in items:
        for option in item.options.all():
            words = {"number": item.number, "answer": option.text}
            yield f"{item.slug}/{option.value}", _("Who answered “%(answer)s” to question %(number)s") % words
