"""Addresses of the children, as one line each, and who is locked because of what an address says."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.case.children_merged import Owner
from hearthlink.sources.case.identifier_tables import FILE
from hearthlink.sources.intake.spells import NOT_A_CHILD
from hearthlink.sources.reading.columns import Values, count, joined, only, whole
from hearthlink.sources.reading.receipts import Tally

LINES = tuple(f"address_{n}" for n in range(1, 6))
CONFIDENTIAL = "confidential"
COVERED = "without dates, and the same as a dated one"


def addresses(told: pa.Table, owner: Owner, tallies: Sequence[Tally]) -> tuple[pa.Table, list[Tally]]:
    """Addresses of the children, with the column `confidential`; and the tallies, with what was set aside.

    A row without dates is dropped where a dated one says the same (domain.md 1.8.1).
    """
    child_id = by_file(told, "person_id", owner)
    rows = told.append_column("child_id", child_id).filter(pc.is_valid(child_id))
    start, end = rows.column("start_date"), rows.column("end_date")
    table = pa.table(
        {
            "child_id": rows.column("child_id"),
            "start_date": start,
            "end_date": end,
            "address": _lines(rows),
            "postcode": rows.column("postcode"),
            "uprn": rows.column("uprn"),
            "address_kind": pc.utf8_lower(rows.column("address_kind")),
            "dated": pc.or_(pc.is_valid(start), pc.is_valid(end)),
            CONFIDENTIAL: pc.fill_null(rows.column("confidential"), False),
            FILE: rows.column(FILE),
        }
    )
    table = table.sort_by([(name, "ascending") for name in table.column_names])
    dated = whole(table.column("dated"))
    same = joined([pc.fill_null(table.column(name), "") for name in ("child_id", "address", "postcode")], "\x1f")
    kept = table.filter(pc.invert(pc.and_(pc.invert(dated), pc.is_in(same, same.filter(dated)))))
    counted = set_aside(tallies, NOT_A_CHILD, told, rows)
    return kept.drop_columns(["dated", FILE]), set_aside(counted, COVERED, table, kept)


def by_file(told: pa.Table, column: str, owner: Owner) -> pa.Array:
    """The child that each row belongs to; each file may name children by another kind of id."""
    files = whole(told.column(FILE))
    child = pa.nulls(told.num_rows, pa.string())
    for number in pc.unique(files).to_pylist():
        ours = pc.equal(files, number)
        child = whole(pc.coalesce(child, owner.of(only(told.column(column), ours))))
    return child


def set_aside(tallies: Sequence[Tally], reason: str, before: pa.Table, after: pa.Table) -> list[Tally]:
    """The tallies, the rows that are gone counted under the reason, each in its own file."""
    counted: list[Tally] = []
    for number, tally in enumerate(tallies):
        gone = count(pc.equal(before.column(FILE), number)) - count(pc.equal(after.column(FILE), number))
        counted.append(tally.refusing(reason, gone) if gone else tally)
    return counted


def _lines(rows: pa.Table) -> pa.Array:
    """The address as one line without its postcode, from the one line it is told in or from its several."""
    line: Values = rows.column("address")
    if any(rows.column(name).null_count < rows.num_rows for name in LINES):
        line = pc.coalesce(line, joined([rows.column(name) for name in LINES], ", "))
    pairs = zip(line.to_pylist(), rows.column("postcode").to_pylist(), strict=True)
    return pa.array([without_postcode(text, postcode) for text, postcode in pairs], pa.string())


def without_postcode(text: str | None, postcode: str | None) -> str | None:
    """The line on one line, without the postcode where it ends with it, however that is spaced."""
    if not text:
        return None
    bare = "".join((postcode or "").split()).upper()
    line = ", ".join(part for part in (" ".join(part.split()) for part in text.replace("\n", ",").split(",")) if part)
    if bare and "".join(line.split()).upper().endswith(bare):
        left = len(bare)
        while left:
            left -= not line[-1].isspace()
            line = line[:-1]
        line = line.rstrip(" ,")
    return line or None
