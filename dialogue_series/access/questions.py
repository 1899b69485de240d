"""Which questions a series can ask its families, and until when that can change."""

from dialogue_series.models import Series
from surveys.access import published
from surveys.models import Form, Instrument, Wave

# Which kinds of wave ask in each of the two.
WAVES = {"survey": (Wave.Kind.BEFORE, Wave.Kind.AFTER), "feedback": (Wave.Kind.WINDOW,)}


def choices(series: Series) -> list[Instrument]:
    """List what can be asked at the school of a series, the newest version of each: ours, and its district's own."""
    return published(series.school.district_id)


def begun(series: Series) -> set[str]:
    """Return which of the two was asked already: its questions stay, or no two answers could be compared."""
    kinds = set(Form.objects.filter(ring=series.ring_id).values_list("wave__kind", flat=True))
    return {which for which, asked in WAVES.items() if kinds & set(asked)}
