"""The mappings that come with Hearthlink: each reads back what was written in its layout, and each is guessed from its file alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from made_mapped import NOISE, Made, made
from supplier_spellings import SPELLINGS

from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.intake.rules import ColumnRule, TableRules
from hearthlink.sources.intake.taking import LEFT_OUT, Taken, take
from hearthlink.sources.mapping.form import read_mapping
from hearthlink.sources.mapping.guess import Sureness, TableGuess, guess
from hearthlink.sources.mapping.mapped import find_within
from hearthlink.sources.mapping.shipped import open_shipped, shipped
from hearthlink.sources.mapping.write import mapping_text
from hearthlink.sources.reading.tabular import open_tabular

PARTS = [(name, rules) for name in shipped() for rules in open_shipped(name).tables]
IDS = [f"{name}-{rules.fills}" for name, rules in PARTS]
RIGHT = 0.95
"""The share of columns that must be guessed right on every layout."""


def written(folder: Path, rules: TableRules, **how: bool) -> tuple[Path, Made]:
    """A file in the layout of one table of a mapping."""
    file = made(rules, **how)
    path = folder / f"{rules.file}.csv"
    path.write_bytes(file.text)
    return path, file


def read(path: Path, rules: TableRules) -> Taken:
    table = INTAKE[rules.fills]
    return take(open_tabular(path, table.source), table, rules)


@pytest.mark.parametrize(("name", "rules"), PARTS, ids=IDS)
def test_what_is_written_in_a_layout_is_read_back(tmp_path: Path, name: str, rules: TableRules) -> None:
    """A file written in a layout comes back through its mapping value for value, nothing unread and every row accounted for."""
    path, file = written(tmp_path, rules)
    taken = read(find_within(tmp_path, rules.file, INTAKE[rules.fills]), rules)
    assert taken.table.to_pylist() == file.rows
    assert {note: n for note, n in taken.tally.notes.items() if n} == {}
    assert {reason: n for reason, n in taken.tally.refused.items() if n} == (
        {LEFT_OUT: file.left_out} if file.left_out else {}
    )
    assert taken.tally.rows_in == len(file.rows) + file.left_out
    assert path.stem == rules.file
    assert name in shipped()


def wrong(found: TableGuess, rules: TableRules) -> Mapping[str, tuple[str, ...]]:
    """The columns that were guessed to come from elsewhere than they do."""
    held = {one.column.name: one.rule.headers for one in found.columns}
    said = {name: rule.headers for name, rule in rules.columns.items() if rule.constant is None}
    return {
        name: held.get(name, ())
        for name, headers in said.items()
        if not held.get(name) or not {*held[name]} <= {*headers}
    } | {name: headers for name, headers in held.items() if name not in said and NOISE in headers}


@pytest.mark.parametrize(("name", "rules"), PARTS, ids=IDS)
def test_a_layout_is_guessed_from_its_file(tmp_path: Path, name: str, rules: TableRules) -> None:
    """From headers and shapes alone the table is told and 95 columns in 100 are right; a wrong one is never called sure."""
    path, _ = written(tmp_path, rules)
    found = guess(open_tabular(path, "map"))
    assert found.table.name == rules.fills
    missed = wrong(found, rules)
    columns = sum(1 for rule in rules.columns.values() if rule.constant is None)
    assert len(missed) <= (1 - RIGHT) * columns, (name, dict(missed))
    sure = {one.column.name for one in found.columns if one.sureness is Sureness.SURE}
    assert sure & {column for column in missed if column in rules.columns} == set()


def test_suppliers_are_guessed_from_their_spellings(tmp_path: Path) -> None:
    """On headers as suppliers may spell them, in files whose names tell nothing, each table is told and 95 columns in 100 are right.

    No supplier has more than one column wrong, and none that is wrong is called sure.
    """
    columns, astray = 0, dict[str, Mapping[str, tuple[str, ...]]]()
    for name, table, theirs in SPELLINGS:
        rules = TableRules(
            table, file="export", columns={ours: ColumnRule((header,)) for ours, header in theirs.items()}
        )
        found = guess(open_tabular(written(tmp_path, rules)[0], "map"))
        assert found.table.name == table, name
        columns += len(theirs)
        astray[name] = wrong(found, rules)
        sure = {one.column.name for one in found.columns if one.sureness is Sureness.SURE}
        assert sure & {*astray[name]} == set(), name
    assert columns > 300
    assert sum(map(len, astray.values())) <= (1 - RIGHT) * columns, astray
    assert max(map(len, astray.values())) <= 1, astray


@pytest.mark.parametrize(("name", "rules"), PARTS, ids=IDS)
def test_a_guess_is_written_as_a_mapping_and_names_no_value(tmp_path: Path, name: str, rules: TableRules) -> None:
    """What is guessed is written as a mapping that the reader understands where nothing needed is lacking, and no cell stands in it."""
    path, file = written(tmp_path, rules)
    found = guess(open_tabular(path, "map"), table=rules.fills)
    text = mapping_text([found])
    if not found.lacking:
        (again,) = read_mapping(text.encode(), "x.toml").tables
        assert again.columns == found.rules().columns
    cells = {cell for line in file.text.decode().splitlines()[1:] for cell in line.split(",") if len(cell) > 4}
    allowed = (
        set(found.table.names)
        | {*file.headers}
        | {code for c in found.table.columns for code in {*c.codes, *c.codes.values()}}
    )
    assert name
    assert {cell for cell in cells - allowed if f'"{cell}"' in text or f" {cell} " in text} == set()
