"""The sealed files of a district, for its evaluators: which series, when there is one, and the same bytes for ever."""

from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.http import Http404

from accounts.models import Membership
from accounts.roles import Held
from dialogue_series.models import Series
from surveys.access import KEYS_OUTLIVE_THE_RING
from surveys.models import EvaluatorFile

# The parts of a file, by the last word of their address.
PARTS = {"answers": "content", "code_book": "code_book"}


class Filed(NamedTuple):
    """A series and its file, or the day from which there will be one."""

    series: Series
    file: EvaluatorFile | None

    @property
    def from_on(self) -> date:
        """Return the first day on which the keys are gone: the file is written then, or later."""
        return self.series.ring.ends_on + KEYS_OUTLIVE_THE_RING + timedelta(days=1)

    @property
    def digests(self) -> dict[str, str]:
        """Return for each part the mark by which two copies are known to be the same."""
        return {part: sha256(self.part(part)).hexdigest() for part in PARTS} if self.file else {}

    def part(self, name: str) -> bytes:
        """Return the bytes of one part."""
        return bytes(getattr(self.file, PARTS[name]))


def files(held: Held) -> list[Filed]:
    """List the series of the districts that somebody evaluates, each with its file if there is one."""
    found = (
        Series.objects.select_related("school", "ring")
        .only("school__name", "school__slug", "name", "ring__ends_on")
        .filter(school__district__in=held.districts(Membership.Kind.EVALUATOR), published_at__isnull=False)
        .order_by("school__name", "name", "pk")
    )
    files = EvaluatorFile.objects.in_bulk([series.ring_id for series in found])
    return [Filed(series, files.get(series.ring_id)) for series in found]


def one_file(held: Held, pk: UUID, part: str) -> Filed:
    """Fetch one of them that has been written."""
    for filed in files(held):
        if filed.series.pk == pk and filed.file and part in PARTS:
            return filed
    raise Http404
