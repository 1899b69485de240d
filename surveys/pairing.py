"""The sheets of before and of after, put together for good, or never again. Worker only.

Whatever is changed here is written anew under new names and in a random order: the place of a row tells nothing, and
an older copy of the database, even beside the keys, does not lead from a row to a later one.
"""

from hashlib import sha256

from django.db import connection

from surveys.models import Sheet, Wave

ANEW = """
WITH kept AS (DELETE FROM surveys_sheet WHERE wave_id = %(before)s RETURNING pair, answers)
INSERT INTO surveys_sheet (id, wave_id, pair, answers)
SELECT gen_random_uuid(), %(before)s, {pair}, kept.answers FROM kept {found} ORDER BY gen_random_uuid()
"""
PAIRED = ANEW.format(
    pair="after.pair",
    found=(
        "LEFT JOIN surveys_sheet after "
        "ON after.wave_id = %(after)s AND after.pair = sha256(%(secret)s::bytea || kept.pair)"
    ),
)
# A name that nobody's key makes looks like all the others: a gap would say who was forgotten.
UNPAIRED = ANEW.format(
    pair="CASE WHEN kept.pair = %(pair)s THEN sha256(uuid_send(gen_random_uuid())) ELSE kept.pair END", found=""
)


def blinded(pair: bytes, *, secret: bytes) -> bytes:
    """Return the name that a pair will have for good; once the secret is forgotten it is as good as random."""
    return sha256(secret + pair).digest()


def pair_for_good(*, before: Wave, after: Wave, secret: bytes) -> None:
    """Give both sheets of each person one name; whoever filled in one of them only gets none.

    The sheets of `after` bear their blinded names already; those of `before` are still under the ring's key.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAIRED, {"before": before.pk, "after": after.pk, "secret": secret})
    both = Sheet.objects.filter(wave=before, pair__isnull=False).values("pair")
    Sheet.objects.filter(wave=after, pair__isnull=False).exclude(pair__in=both).update(pair=None)


def unpair(before: Wave, *, pair: bytes) -> None:
    """Let a sheet that is still under the ring's key be paired with no other, unseen."""
    if Sheet.objects.filter(wave=before, pair=pair).exists():
        with connection.cursor() as cursor:
            cursor.execute(UNPAIRED, {"before": before.pk, "pair": pair})
