"""What somebody who breaks in would learn, for the page that says who can read what."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Thief(NamedTuple):
    """Somebody who breaks in: what she learns, and the tests that show that it is this and no more."""

    who: str
    learns: str
    tests: tuple[str, ...]


THIEVES = [
    Thief(
        _("Whoever steals copies of the database"),
        _(
            "Who is in the group, who was reminded to answer, and how many sealed answers there are. Not who gave "
            "which, beyond this: whoever was reminded had not answered before."
        ),
        (
            "tests/surveys/test_thieves.py::test_a_stolen_database_tells_who_is_asked_and_how_many_answered_and_no_more",
            "tests/surveys/test_linkage_game.py::test_nobody_links_the_new_box_to_a_person_more_often_than_chance",
        ),
    ),
    Thief(
        _("Whoever steals the database and every key, before the key is destroyed"),
        _(
            "Who has answered, and who gave the answers that are not released yet: those of the sessions since the "
            "last results, and those of the first survey until the last one closes. Of older answers, nothing."
        ),
        (
            "tests/surveys/test_thieves.py::test_a_stolen_database_with_every_key_tells_whose_the_open_answers_are",
            "tests/surveys/test_thieves.py::test_of_what_was_sealed_not_even_every_key_tells_whose_it_was",
        ),
    ),
    Thief(
        _("The same, after the key is destroyed"),
        _("No more than from the database alone: nobody can look up an answer any more, and neither can we."),
        (
            "tests/surveys/test_thieves.py::test_once_the_keys_are_gone_a_stolen_database_tells_nothing_of_anybody_s_answer",
        ),
    ),
    Thief(
        _("Whoever takes over the server while a form is open"),
        _("What is sent from then on, as it passes through."),
        ("tests/surveys/test_thieves.py::test_whoever_holds_the_server_reads_what_is_sent_from_then_on",),
    ),
]
