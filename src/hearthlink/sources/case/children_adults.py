"""The adults whom the case system relates to the children."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.case.children_homes import by_file, set_aside
from hearthlink.sources.case.children_merged import Owner
from hearthlink.sources.case.identifier_tables import FILE
from hearthlink.sources.intake.spells import NOT_A_CHILD
from hearthlink.sources.reading.columns import joined
from hearthlink.sources.reading.receipts import Tally

TOLD = "named among the related adults already"
SEVERAL = ";"
"""Parts several names in one cell."""


def adults(told: pa.Table, owner: Owner, tallies: Sequence[Tally]) -> tuple[pa.Table, list[Tally]]:
    """Adults of the children; and the tallies, with what was set aside. An earlier file speaks before a later one.

    An adult with a former surname stands there once under each: either may be the name on a claim.
    """
    child_id = by_file(told, "person_id", owner)
    rows = told.append_column("child_id", child_id).filter(pc.is_valid(child_id))
    rows = rows.append_column("pair", joined([rows.column("child_id"), rows.column("adult_id")], "\x1f"))
    kept = rows.slice(0, 0)
    for number in sorted(pc.unique(rows.column(FILE)).to_pylist()):
        one = rows.filter(pc.equal(rows.column(FILE), number))
        new = one.filter(pc.invert(pc.is_in(one.column("pair"), kept.column("pair").combine_chunks())))
        kept = pa.concat_tables([kept, new])
    table = _table(kept)
    former = _former(kept)
    if former.num_rows:
        table = pa.concat_tables([table, former])
    table = table.sort_by([(name, "ascending") for name in table.column_names if name != "lives_with"])
    return table, set_aside(set_aside(tallies, NOT_A_CHILD, told, rows), TOLD, rows, kept)


def _table(rows: pa.Table) -> pa.Table:
    return pa.table(
        {
            "child_id": rows.column("child_id"),
            "adult_id": rows.column("adult_id"),
            "relationship": pc.utf8_lower(rows.column("relationship")),
            "forename": rows.column("forename"),
            "surname": rows.column("surname"),
            "birth_date": rows.column("birth_date"),
            "lives_with": rows.column("lives_with"),
        }
    )


def _former(rows: pa.Table) -> pa.Table:
    """The rows of adults with former surnames, once under each of those."""
    rows = rows.filter(pc.is_valid(rows.column("former_surname")))
    names = pc.split_pattern(rows.column("former_surname").combine_chunks(), SEVERAL)
    spread = rows.take(pc.list_parent_indices(names))
    former = pc.utf8_trim_whitespace(pc.list_flatten(names))
    spread = spread.set_column(spread.column_names.index("surname"), "surname", former)
    return _table(spread.filter(pc.not_equal(former, "")))
