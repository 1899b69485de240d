"""What a coordinator says when she plans a series or moves an evening."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import contacts
from dialogue_series import schedule
from dialogue_series.draft import minutes_between
from dialogue_series.forms.families import HELP, NAME_LENGTH
from dialogue_series.wording import PROBLEMS

LANGUAGE = _("Choose a language")
NO_DATE = _("Enter a date, like 2027-02-18")
NO_TIME = _("Enter a time, like 18:00")
WEEKDAYS = (
    (0, _("Mondays")),
    (1, _("Tuesdays")),
    (2, _("Wednesdays")),
    (3, _("Thursdays")),
    (4, _("Fridays")),
    (5, _("Saturdays")),
    (6, _("Sundays")),
)
SHORTEST, LONGEST = 60, 120


def date_field(**fields):
    """Return a field for a day, with the browser's own calendar."""
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=["%Y-%m-%d", "%m/%d/%Y"],
        error_messages={"required": NO_DATE, "invalid": NO_DATE},
        **fields,
    )


def time_field(**fields):
    """Return a field for a time on the wall."""
    return forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
        error_messages={"required": NO_TIME, "invalid": NO_TIME},
        **fields,
    )


class GroupForm(forms.Form):
    """What the group is called, and the language it speaks most."""

    school = forms.ChoiceField(label=_("At which school?"), error_messages={"required": _("Choose a school")})
    name = forms.CharField(
        label=_("Name of the group"),
        help_text=_("Families see it. It helps to tell one series from another."),
        max_length=80,
        error_messages={
            "required": _("Give the group a name"),
            "max_length": _("Write a shorter name, of up to 80 letters"),
        },
    )
    language = forms.ChoiceField(
        label=_("Which language will the group speak most?"),
        help_text=_("Each family still gets its messages in its own language."),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": LANGUAGE, "invalid_choice": LANGUAGE},
    )

    def __init__(self, *args, schools, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [(school.slug, school.name) for school in schools]
        if len(schools) == 1:
            del self.fields["school"]


class WhenForm(forms.Form):
    """On which day of the week, from when, at what time."""

    weekday = forms.TypedChoiceField(
        label=_("Which day of the week?"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a day of the week"), "invalid_choice": _("Choose a day of the week")},
    )
    first_on = date_field(
        label=_("When is the first session?"),
        help_text=_("If you choose another day of the week, we take the next one after it."),
    )
    starts_at = time_field(label=_("It starts at"))
    ends_at = time_field(label=_("It ends at"), help_text=_("An hour. If everything is interpreted, allow up to two."))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_first_on(self):
        on = self.cleaned_data["first_on"]
        if problem := schedule.date_problem(on, self.today):
            raise ValidationError(PROBLEMS[problem], code=problem)
        return on

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("starts_at") and cleaned.get("ends_at"):
            minutes = minutes_between(cleaned["starts_at"], cleaned["ends_at"])
            if not SHORTEST <= minutes <= LONGEST:
                self.add_error("ends_at", ValidationError(_("A session lasts from one to two hours."), code="length"))
        return cleaned


class DayForm(forms.Form):
    """Another day for one evening; among the rows of a table, by its number."""

    on = date_field(label=_("New date"))
    use_anyway = forms.BooleanField(required=False, label=_("Use this day although there is no school"))

    def __init__(self, *args, number=None, **kwargs):
        super().__init__(*args, **kwargs)
        # Only an answer to a refusal: nobody should tick it beforehand.
        self.asks_anyway = False
        self.number = number
        if number:
            self.auto_id = f"id_{number}_%s"
            self.fields["use_anyway"].widget.attrs["value"] = number

    def refuse(self, code):
        """Say in words why not this day; a day without school may be used all the same."""
        self.asks_anyway = code == "no_school"
        self.add_error("on", ValidationError(PROBLEMS[code], code=code))


class MoveForm(DayForm):
    """Another day or hour for an evening that families already know of."""

    starts_at = time_field(label=_("It starts at"))

    def refuse_with(self, refusal):
        """Take the words of an action's refusal."""
        self.asks_anyway = refusal.code == "no_school"
        self.add_error("on", refusal)


class WhereForm(forms.Form):
    """Where, and what can be offered."""

    place = forms.CharField(
        label=_("Room"),
        help_text=_("As you would tell a family: which door, which room."),
        max_length=160,
        error_messages={
            "required": _("Write where families meet"),
            "max_length": _("Write it shorter, in up to 160 letters"),
        },
    )
    video_url = forms.URLField(
        label=_("Video link"),
        required=False,
        assume_scheme="https",
        max_length=200,
        error_messages={
            "invalid": _("Paste the whole link, like https://video.example.org/room"),
            "max_length": _("This link is too long. Use its short form."),
        },
    )
    dial_in = forms.CharField(
        label=_("Phone number to listen in"),
        required=False,
        max_length=40,
        error_messages={"max_length": _("Write the number and its code, in up to 40 letters")},
    )
    offers = forms.MultipleChoiceField(
        label=_("What can you offer families, at no cost to them?"),
        required=False,
        choices=[(kind, label) for kind, label in HELP.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from this list")},
    )


class PlaceForm(WhereForm):
    """Where, who leads, and what can be offered."""

    field_order = (
        "place",
        "video_url",
        "dial_in",
        "people",
        "added_name",
        "added_contact",
        "co_runs",
        "offers",
    )

    people = forms.MultipleChoiceField(
        label=_("Who facilitates?"),
        help_text=_("At least one parent whom the school does not pay: families speak more freely among families."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from this list")},
    )
    added_name = forms.CharField(
        label=_("Or add somebody: name"),
        required=False,
        max_length=NAME_LENGTH,
        error_messages={"max_length": _("Write a shorter name, of up to 60 letters")},
    )
    added_contact = forms.CharField(label=_("Their phone or e-mail"), required=False, max_length=contacts.MAX_LENGTH)
    co_runs = forms.BooleanField(label=_("I help to run the sessions too"), required=False)

    def __init__(self, *args, people, added, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.added, self.staff = added, staff
        self.fields["people"].choices = [(str(person.pk), person.name) for person in people]
        if not people:
            del self.fields["people"]

    def clean_added_contact(self):
        typed = self.cleaned_data["added_contact"]
        if not typed:
            return None
        contact = contacts.read(typed)
        if contact.value in self.staff:
            raise ValidationError(PROBLEMS["on_staff_list"], code="on_staff_list")
        return contact

    def clean(self):
        cleaned = super().clean()
        name, contact = cleaned.get("added_name"), cleaned.get("added_contact")
        if name and contact is None and "added_contact" not in self.errors:
            self.add_error("added_contact", ValidationError(_("Add a phone or an e-mail too."), code="no_address"))
        if contact and not name and "added_name" not in self.errors:
            self.add_error("added_name", ValidationError(_("Add the name too."), code="no_name"))
        is_about_people = {"people", "added_name", "added_contact"} & set(self.errors)
        if not (cleaned.get("people") or self.added or name or is_about_people):
            first = "people" if "people" in self.fields else "added_name"
            self.add_error(
                first,
                ValidationError(
                    _("Choose at least one person who facilitates, is a parent here, and is not paid by the school."),
                    code="no_parent_facilitator",
                ),
            )
        return cleaned


class QuestionsForm(forms.Form):
    """Which questions a series asks; what families have answered already is not asked about."""

    survey = forms.ChoiceField(
        label=_("Before the ten sessions and after them"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose questions"), "invalid_choice": _("Choose questions")},
    )
    feedback = forms.ChoiceField(
        label=_("After each session"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose questions"), "invalid_choice": _("Choose questions")},
    )

    def __init__(self, *args, instruments, begun, **kwargs):
        super().__init__(*args, **kwargs)
        for which in begun:
            del self.fields[which]
        for field in self.fields.values():
            field.choices = [(row.slug, row.title) for row in instruments]
