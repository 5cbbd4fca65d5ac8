"""Records that were merged into others, and whose a row is that names a child by one of several ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.case.children_join import bare, noughtless, once
from hearthlink.sources.reading.columns import Values, found_at, whole


def survivors(person: pa.Table, file: str) -> pa.Array:
    """Along the persons the row of the record that each was merged into in the end; its own row where it was not.

    A record merged into itself, or into one that is not there, stays itself. Raises DataProblem where merges run in a circle.
    """
    own = np.arange(person.num_rows, dtype=np.int64)
    into = whole(person.column("merged_into"))
    if into.null_count == len(into):
        return pa.array(own)
    once = pc.coalesce(found_at(into, person.column("person_id")).cast(pa.int64()), pa.array(own)).to_numpy()
    last = once
    for _ in range(person.num_rows.bit_length()):
        last = last[last]
    circling = int(np.count_nonzero(once[last] != last))
    if circling:
        raise DataProblem(
            f"{circling:,} records are merged into one another in a circle, so none of them is the one that remains.",
            file=file,
            column="merged_into",
            remedy="Ask which record remains, and leave its merged_into empty.",
        )
    return pa.array(last)


@dataclass(frozen=True, slots=True)
class Owner:
    """The child a row of the case system belongs to: for each kind of id, the ids and the child of each.

    twins: children who have their person in common with another child of the census, and that other child.
    """

    known: tuple[tuple[pa.Array, pa.Array], ...]
    twins: tuple[pa.Array, pa.Array]

    def of(self, ids: Values) -> pa.Array:
        """The child ids of rows, by the kind of id that names most of them: a person's own, the census's, or an older one.

        An id without its leading noughts, or without marks and case, counts only where it finds twice as many rows.
        """
        named = whole(ids)
        exact = self._best(named, lambda column: column)
        loose = [self._best(named, form) for form in (noughtless, bare)] if 2 * _held(exact) < _held(named) else []
        return next((child for child in loose if _held(child) > 2 * _held(exact)), exact)

    def _best(self, named: pa.Array, form: Callable[[pa.Array], pa.Array]) -> pa.Array:
        ours = form(named)
        found = [child.take(found_at(ours, once(form(known), known))) for known, child in self.known]
        return min(found, key=lambda child: child.null_count)

    def shared(self, table: pa.Table) -> pa.Table:
        """The rows of children, and those of a child once more for each twin it has."""
        twin, other = self.twins
        if not len(twin):
            return table
        pairs = pa.table({"child_id": other, "twin": twin})
        more = pairs.join(table, "child_id", join_type="inner")
        more = more.drop_columns(["child_id"]).rename_columns({"twin": "child_id"})
        both = pa.concat_tables([table, more.select(table.column_names)])
        return both.sort_by([(name, "ascending") for name in both.column_names])


def _held(column: pa.Array) -> int:
    return len(column) - column.null_count


def owner_of(child_id: pa.Array, row: pa.Array, person: pa.Table, survivor: pa.Array) -> Owner:
    """Whose each id is, given the row of each child's person. Ids of merged records belong to the child of the one that remains."""
    child = child_id.take(found_at(survivor, row))
    theirs = person.append_column("owner", child).filter(pc.is_valid(child))
    owner = whole(theirs.column("owner"))
    by_id = [(whole(theirs.column(name)), owner) for name in ("person_id", "legacy_id", "child_id")]
    other = child_id.take(found_at(row, row))
    again = pc.fill_null(pc.not_equal(other, child_id), fill_value=False)
    return Owner((by_id[0], (child_id, child_id), *by_id[1:]), (child_id.filter(again), other.filter(again)))
