"""The words of released labels, in the language of the moment: phrases that also fit into a sentence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.disclosure import HELD_BACK, NOT_ENOUGH, Label

NAMED_BAND_WORDS: dict[str, Promise] = {
    "fewer_than_half": _("fewer than half"),
    "half": _("half"),
    "more_than_half": _("more than half"),
    "third_or_fewer": _("a third or fewer"),
    "between_thirds": _("between a third and two thirds"),
    "two_thirds_or_more": _("two thirds or more"),
}
ANSWERED_WORDS: dict[str, Promise] = {"5-9": _("5 to 9 answered"), "10-14": _("10 to 14 answered")}
NOTHING_SHOWN_WORDS: dict[Label, Promise] = {
    NOT_ENOUGH: _("Fewer than 5 answers: kept private"),
    HELD_BACK: _("Asked of only some people: kept private"),
}
CHANGE_WORDS: dict[str, Promise] = {
    "rose": pgettext_lazy("between two surveys", "rose"),
    "fell": pgettext_lazy("between two surveys", "fell"),
    "about_the_same": pgettext_lazy("between two surveys", "about the same"),
}
A_FEW = pgettext_lazy("families who asked for help", "a few families")
ARRANGED_WORDS: dict[str, Promise] = {
    "yes": pgettext_lazy("help arranged", "yes"),
    "partly": pgettext_lazy("help arranged", "partly"),
    "no": pgettext_lazy("help arranged", "no"),
}
BELOW, BETWEEN, ABOVE = (
    _("%(high)s%% or fewer"),
    _("between %(low)s%% and %(high)s%%"),
    _("%(low)s%% or more"),
)
ABOUT = _("about %(count)s answered")
SENTENCE = _("%(answered)s; %(share)s")


def answered_in_words(released: Label) -> str:
    """Say about how many answered, in the language of the moment."""
    words = ANSWERED_WORDS.get(released.n_band)
    return str(words) if words else ABOUT % {"count": released.n_band}


def share_in_words(released: Label) -> str:
    """Say which share said yes, so that it fits into a sentence."""
    if released.band in NAMED_BAND_WORDS:
        return str(NAMED_BAND_WORDS[released.band])
    low, high = released.edges
    words = BELOW if low == 0 else ABOVE if high == 100 else BETWEEN
    return words % {"low": low, "high": high}


def in_words(released: Label) -> str:
    """Say all of a label: "5 to 9 answered; more than half"."""
    if not released.is_shown:
        return str(NOTHING_SHOWN_WORDS[released])
    return SENTENCE % {"answered": answered_in_words(released), "share": share_in_words(released)}
