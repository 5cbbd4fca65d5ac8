"""Claims that two sources tell: they become one household, and what the later one says again is counted in the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.claims.cts import Claimed
from hearthlink.sources.reading.columns import count, whole
from hearthlink.sources.reading.receipts import Tally

AGAIN = "told by another source as well, and counted once"
PERIOD = ("claim_ref", "start_date")
PERSON = ("claim_ref", "role", "forename", "surname", "birth_date", "start_date")


def with_told_twice(every: Sequence[Claimed]) -> list[Claimed]:
    """The claims as they are, with a note on every file whose rows an earlier source has told already."""
    made: list[Claimed] = []
    for place, one in enumerate(every):
        before = every[:place]
        made.append(
            replace(
                one,
                period_tally=_noted(one.period_tally, one.period, [other.period for other in before], PERIOD),
                person_tally=_noted(one.person_tally, one.person, [other.person for other in before], PERSON),
            )
        )
    return made


def _noted(tally: Tally | None, table: pa.Table, before: Sequence[pa.Table], key: tuple[str, ...]) -> Tally | None:
    held = [_keys(other, key) for other in before if other.num_rows]
    if tally is None or not held or not table.num_rows:
        return tally
    again = count(pc.is_in(_keys(table, key), value_set=pa.concat_arrays(held)))
    return tally.noting(AGAIN, again) if again else tally


def _keys(table: pa.Table, key: tuple[str, ...]) -> pa.Array:
    """What tells a row, as one text: letters in capitals, days as numbers."""
    parts = [pc.utf8_upper(pc.fill_null(table.column(name).cast(pa.string()), "")) for name in key]
    return whole(pc.binary_join_element_wise(*parts, "\x1f"))
