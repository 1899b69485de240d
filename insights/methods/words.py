"""The four questions that a series is evaluated by, and how each talk about it is held; all of it in our own words."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.models import Finding, FindingSource, Question, Talk
from surveys.disclosure import Label
from surveys.models import Item
from surveys.wording import answered_in_words

Construct, Kind = Item.Construct, Talk.Kind


class Asked(NamedTuple):
    """One of the four: how it is asked, what it is about, and which results of the surveys speak of it."""

    title: Promise
    about: Promise
    constructs: frozenset = frozenset()


QUESTIONS = {
    Question.PARTNERSHIP: Asked(
        _("Do families and educators become partners?"),
        _("What taking part changes between families and those who work at the school."),
        frozenset({Construct.IDEAS, Construct.INCLUSIVENESS}),
    ),
    Question.GROWTH: Asked(
        _("Does it help children when adults talk about how they grow?"),
        _("What talks about emotions and living together change at home, at school and around it."),
        frozenset({Construct.UNDERSTANDING, Construct.CONFIDENCE, Construct.FREQUENCY}),
    ),
    Question.CODESIGN: Asked(
        _("Do families help to shape the school?"),
        _("How families take part in planning and deciding after the series, so that it is fair to all."),
        frozenset({Construct.ADVOCACY}),
    ),
    # What families say of the evenings themselves is about this one.
    Question.CONDITIONS: Asked(
        _("What has to be in place for the series to work?"),
        _("What made it possible to come and to speak, and what stood in the way."),
    ),
}

SAID_BY_SEVERAL = "three_or_more"


def n_in_words(finding: Finding) -> str:
    """Say the smallest number behind a finding, as its sources do."""
    if finding.n_band == SAID_BY_SEVERAL:
        return gettext("Said by three people or more; nobody was counted.")
    answered = answered_in_words(Label(finding.n_band, ""))
    return gettext("The smallest number behind it: %(answered)s.") % {"answered": answered}


SOURCES = {
    FindingSource.Kind.RESULT: _("Released results"),
    FindingSource.Kind.THEME: _("Themes"),
    FindingSource.Kind.QUOTE: _("Words that everybody may read"),
    FindingSource.Kind.LINE: _("Lines from talks"),
}
# A report may be shared with people who may not read these words: it only names them.
NAMED = {
    FindingSource.Kind.THEME: _("A theme that the families let the school read."),
    FindingSource.Kind.LINE: _("A line from a talk, shared with the families and those who lead the school."),
}


# Guides


class Guide(NamedTuple):
    """How one talk is held; it fits on a page."""

    title: Promise
    purpose: Promise
    consent: tuple[Promise, ...]
    questions: tuple[Promise, ...]
    closing: Promise


CONSENT_OF_ONE = (
    _("You speak for yourself. You may skip any question, or stop at any moment."),
    _("Only I read my notes. No line leaves them until you have heard it and said yes to it."),
    _("Please name no family. If a name slips out, I do not write it down."),
    _("There is one limit: if somebody may be in danger, I have to get help."),
    _("May I take notes?"),
)
CLOSING_OF_ONE = _(
    "Ask what you have not asked. Read aloud each line that you would like to share, and ask for a yes to each one. "
    "Say thank you. Type your notes the same day, and destroy the paper."
)
GUIDES = {
    Kind.FOCUS_GROUP: Guide(
        _("Focus group with families, at the end of the series"),
        _(
            "To hear from families what these ten sessions changed for them, and what they want from the school now. "
            "It takes about an hour. Nobody who works at the school is in the room."
        ),
        (
            _("You are here because you want to be. You may skip a question, say nothing or leave; nothing follows."),
            _("I take notes. Only I read them, and I write no names."),
            _(
                "What at least three of you say I may put in other words. You read it first: for 72 hours any of you "
                "can keep it here, without saying who. After that the school reads it."
            ),
            _(
                "What somebody tells here is theirs. Please leave it in this room. I cannot promise that everybody "
                "will."
            ),
            _("There is one limit: if somebody may be in danger, I have to get help."),
            _("May I take notes? If one of you says no, I take none."),
        ),
        (
            _("Think back to the first session. What did you expect, and what came of it?"),
            _("What do you do differently at home since then? Tell us about one moment."),
            _("How do you talk with people at the school today? What is easier now, and what is harder?"),
            _("When did you feel welcome at the school, and when not?"),
            _("What would it take for families and educators to learn these things together?"),
            _("What have you asked of the school, and what came back?"),
            _("In which decisions do you want a say? What would you need for that?"),
            _("What made it possible for you to come? What almost kept you away?"),
        ),
        _(
            "Say back in two sentences what you heard, and ask what is missing. Say what happens now: which lines they "
            "may see, where, and for how long. Say thank you. Type your notes the same day, and destroy the paper."
        ),
    ),
    Kind.FIRST_INTERVIEW: Guide(
        _("Interview with whoever facilitates, halfway"),
        _(
            "To learn how the group grows together, and what the person who leads it needs, while there is time to "
            "change something. It takes about 40 minutes."
        ),
        CONSENT_OF_ONE,
        (
            _("How are people getting to know each other? How do you notice it?"),
            _("Which part of a session works best? Which one do you change as you go?"),
            _("When does the group fall silent? What have you tried?"),
            _("What do people understand differently now about emotions and living together?"),
            _("How is it to prepare and lead this, beside all that you do?"),
            _("What came of the conversations with the school's leaders so far?"),
            _("What do you need before the next session, and from whom?"),
        ),
        CLOSING_OF_ONE,
    ),
    Kind.LAST_INTERVIEW: Guide(
        _("Interview with whoever facilitates, at the end"),
        _(
            "To understand what made the series work here, and what another school should know before it begins. "
            "It takes about an hour."
        ),
        CONSENT_OF_ONE,
        (
            _("If you had five minutes to tell somebody about this series, where would you begin?"),
            _("Which session changed something in the group? What happened there?"),
            _("What can families do now that they did not do before?"),
            _("What changed between families and educators? What did not?"),
            _("Where have families had a say at the school since? Who opened that door?"),
            _("What did the school have in place for this, and what was missing?"),
            _("What would you do differently with the next group?"),
            _("Who of this group could lead one, and what would that take?"),
        ),
        CLOSING_OF_ONE,
    ),
    Kind.DEBRIEF: Guide(
        _("Reading the results with the principal"),
        _(
            "To read the released results together, hear what the principal makes of them, and end with what the "
            "school will do and by when. It takes about an hour, with the page of results open."
        ),
        (
            _("We look at the results that families read before you. Nothing more exact exists that I could show."),
            _("I do not guess who said what, and I ask you not to."),
            _("Only I read my notes. No line leaves them until you have heard it and said yes to it."),
            _("May I take notes?"),
        ),
        (
            _("Before we look: what do you think families said?"),
            _("What did you expect to see here? What surprises you?"),
            _("Where something fell: what might explain it, and whom could you ask?"),
            _("How do families read this themselves? What would you not have thought of?"),
            _("Which requests of families have no answer yet? What stands in the way?"),
            _("In which decision of this year could families take part from the beginning?"),
            _("What does the next group need from you: time, a room, money, a word to the staff?"),
            _("What will you tell families about this conversation, and when?"),
        ),
        _(
            "Write down what the school will do, each with a name and a day, and enter it where families see it. "
            "Agree on when you look at it again. Say thank you. Type your notes the same day, and destroy the paper."
        ),
    ),
}
