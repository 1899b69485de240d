"""How long an SMS is, by letters in and outside GSM-7."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.segments import GSM_7_LETTERS, Segments, segments

INVITATION = (
    "Academia Mirador: Rosa le invita a un grupo de familias, 10 jueves, 6 pm. Vea y responda: "
    "https://ejemplo.org/i/K7QX2PbR9mT4wZsV8nLc3d ALTO para salir"
)


def test_the_spanish_invitation_is_one_segment():
    assert segments(INVITATION) == Segments("GSM-7", 1, len(INVITATION), ())


def test_one_letter_outside_makes_the_whole_text_ucs_2_and_is_named():
    assert segments(INVITATION.replace("familias", "mamás")) == Segments("UCS-2", 3, len(INVITATION) - 3, ("á",))


def test_letters_of_spanish_in_and_outside_gsm_7():
    assert segments("éÉñÑ¿¡ü").offending == ()
    assert segments("áíóúÁÍÓÚ").offending == tuple("áíóúÁÍÓÚ")


def test_each_offending_letter_is_named_once_in_order():
    assert segments("6:00\u202fp. m. “sí” “sí”").offending == ("\u202f", "“", "í", "”")


@pytest.mark.parametrize(
    ("text", "count", "units"),
    [
        ("", 0, 0),
        ("a" * 160, 1, 160),
        ("a" * 161, 2, 161),
        ("a" * 306, 2, 306),
        ("a" * 307, 3, 307),
        ("€" * 80, 1, 160),
        ("€" * 81, 2, 162),
        # A letter of two places does not fit in the last place of a segment.
        ("a" * 152 + "€" + "a" * 152, 3, 306),
        ("á" * 70, 1, 70),
        ("á" * 71, 2, 71),
        ("á" * 134, 2, 134),
        ("á" * 135, 3, 135),
        ("😀" * 35, 1, 70),
        ("😀" * 36, 2, 72),
        ("😀" * 67, 3, 134),
    ],
)
def test_segments_at_every_edge(text, count, units):
    measured = segments(text)

    assert (measured.count, measured.units) == (count, units)


def test_gsm_7_holds_127_letters_and_ten_of_two_places():
    assert len(GSM_7_LETTERS) == 137


@given(st.text(max_size=700))
def test_a_text_fills_its_segments_and_no_more(text):
    measured = segments(text)

    alone, joined = (160, 153) if measured.encoding == "GSM-7" else (70, 67)
    room = alone if measured.count <= 1 else joined * measured.count
    assert measured.units <= room
    assert (measured.count == 1) == (0 < measured.units <= alone)
