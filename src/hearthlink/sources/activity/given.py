"""Activity out of tables of a council's own: each row of a supplier's that was mapped becomes part of a census, as if the census had said it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hearthlink.errors import DataProblem
from hearthlink.sources.census.flat_rows import Flat
from hearthlink.sources.census.flat_tying import Read, Row, tied
from hearthlink.sources.intake.activity import ELEMENTS, SOURCE
from hearthlink.sources.intake.taking import Taken

CHILDREN, REFERRALS = "cin_child", "referral"
"""The tables without which there is no activity."""

UNOWNED = "of no assessment or plan that is there, left out"
OWNERS: Mapping[str, tuple[str, str]] = {
    "assessment_factor": ("assessment", "assessment_id"),
    "protection_review": ("protection_plan", "protection_plan_id"),
}
"""Tables whose rows may name only what they belong to: that table, and the column that both have."""

Given = Mapping[str, Sequence[Taken]]


def flat_given(given: Given) -> Flat:
    """The flat census that these intake tables are. Raises DataProblem where the children or their referrals are not among them."""
    for table in (CHILDREN, REFERRALS):
        if not given.get(table):
            raise DataProblem(
                f"Activity is to come from tables of your own, and none of them fills {table}.",
                file="study.toml",
                column="source.table",
                remedy=f'Add a [[source]] with table = "{table}"; the page Tables to fill says what it holds.',
            )
    named = _named({table: given[table] for table in ELEMENTS if given.get(table)})
    counts: Counter[str] = Counter()
    read = {ELEMENTS[table][0]: _read(table, parts) for table, parts in named.items()}
    _own(read, named, counts)
    _from_children(read, named[CHILDREN])
    tables, children = tied(read, counts)
    for table, parts in named.items():
        for part in parts:
            counts.update(
                {f"{table}: {words}": rows for words, rows in {**part.tally.notes, **part.tally.refused}.items()}
            )
    first, *others = (part.tally for parts in named.values() for part in parts)
    return Flat(
        tables, SOURCE, first.file, first.sha256, children, {words: rows for words, rows in counts.items() if rows},
        {one.file: (one.sha256, one.rows_in) for one in others}, {flat: one.file for flat, one in read.items()},
    )  # fmt: skip


def _named(given: Given) -> dict[str, list[Taken]]:
    """The tables, each under a name of its own in the receipt: several may be sheets of one workbook."""
    held = Counter(part.tally.file for parts in given.values() for part in parts)
    return {
        table: [
            replace(one, tally=replace(one.tally, file=f"{one.tally.file}, {table}"))
            if held[one.tally.file] > 1
            else one
            for one in parts
        ]
        for table, parts in given.items()
    }


def _read(table: str, parts: Sequence[Taken]) -> Read:
    """The rows of all parts of a table as the census writes them, with the line of each in its own file."""
    elements = ELEMENTS[table][1]
    rows: list[Row] = []
    lines: list[int] = []
    for part in parts:
        rows += ({elements[name]: text for name, text in row.items() if name in elements} for row in _texts(part))
        lines += [0] * part.table.num_rows if part.lines is None else part.lines.to_pylist()
    file = parts[0].tally.file if len(parts) == 1 else f"{parts[0].tally.file} or {len(parts) - 1} more"
    return Read(rows, lines, file, parts[0].tally.sha256)


def _texts(part: Taken) -> Iterator[dict[str, str | None]]:
    """The rows as texts: dates in ISO form, flags as true and false."""
    for row in part.table.to_pylist():
        yield {name: _text(value) for name, value in row.items()}


def _text(value: object) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _own(read: dict[str, Read], named: Mapping[str, list[Taken]], counts: Counter[str]) -> None:
    """Give a factor or a review that names only its assessment or plan the child of that."""
    for table, (owner, column) in OWNERS.items():
        flat, elements = ELEMENTS[table]
        if table not in named:
            continue
        owners = read.get(ELEMENTS[owner][0])
        children = {row[elements[column]]: row["LAchildID"] for row in (owners.rows if owners else ())}
        held = read[flat]
        told = [
            {**row, "LAchildID": row["LAchildID"] or children.get(row[elements[column]] or "")} for row in held.rows
        ]
        kept = [place for place, row in enumerate(told) if row["LAchildID"]]
        counts[f"{table}: {UNOWNED}"] += len(told) - len(kept)
        read[flat] = replace(held, rows=[told[place] for place in kept], lines=[held.lines[place] for place in kept])


def _from_children(read: dict[str, Read], children: Sequence[Taken]) -> None:
    """Ethnicity and disabilities out of the children's own table, where they have none of theirs."""
    for flat, column, element in (
        ("ChildCharacteristics", "ethnicity", "Ethnicity"),
        ("Disabilities", "disabilities", "Disability"),
    ):
        if flat in read:
            continue
        held = read["ChildIdentifiers"]
        said = [row[column] for part in children for row in _texts(part)]
        told = [
            ({"LAchildID": row["LAchildID"], element: one}, line)
            for row, line, text in zip(held.rows, held.lines, said, strict=True)
            for one in _several(text)
        ]
        if told:
            read[flat] = replace(held, rows=[row for row, _ in told], lines=[line for _, line in told])


def _several(text: str | None) -> Sequence[str]:
    """The codes in one cell, parted by commas, semicolons or blanks."""
    return (text or "").replace(",", " ").replace(";", " ").split()
