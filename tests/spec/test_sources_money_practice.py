"""The practice authority's files of money, rent and homes, received whole: every row accounted for, and put to the right household."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hearthlink.engine import Engine, open_engine
from hearthlink.sources import receive, source_files
from hearthlink.sources.intake.handles import Handles
from hearthlink.sources.intake.taking import take
from hearthlink.sources.money import join_queries as q
from hearthlink.sources.money.join import households_at_hand, join, named_in
from hearthlink.sources.money.received import FOLDERS, TABLES, read_money
from hearthlink.sources.reading.columns import only
from hearthlink.sources.reading.files import SourceFiles
from hearthlink.sources.reading.tabular import open_tabular
from hearthlink.synthetic.settings import DEFAULT_LAYOUTS, Settings
from hearthlink.synthetic.synthesise import synthesise
from hearthlink.tables.withheld import WITHHELD

YEAR = "2019-20"
SECRET = (
    "nino",
    "partner_nino",
    "upn",
    "claimant_surname",
    "surname",
    "postcode",
    "claim_ref",
    "uc_claim_id",
    "tag_ref",
    "account_ref",
    "case_ref",
)
"""Columns of the files whose values may stand in no content table."""


def keys(number: int) -> Sequence[int]:
    return random.Random(number).sample(range(2**53), number)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented authority with every file of money."""
    folder = tmp_path_factory.mktemp("authority")
    synthesise(folder, Settings(children=120, households=300, layouts=(*DEFAULT_LAYOUTS, *FOLDERS)))
    return folder / "in"


@pytest.fixture(scope="module")
def received(authority: Path) -> dict[str, pa.Table]:
    """All of it received."""
    with open_engine(threads=2) as engine:
        return receive(engine, source_files(authority), year=YEAR, new_key=keys)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_every_file_is_accounted_for(authority: Path, received: dict[str, pa.Table]) -> None:
    """What was kept and what was set aside add up to the rows of the file, file by file, and every table has rows."""
    receipt = received["receipt"].to_pylist()
    for layout in FOLDERS:
        for path in sorted((authority / layout).iterdir()):
            lines = [row for row in receipt if row["file"] == path.name]
            kept = sum(row["rows_kept"] for row in lines if row["reason"] == "kept")
            assert kept + sum(row["rows_refused"] for row in lines) == len(rows_of(path)) > 0, path.name
    assert all(received[spec.name].num_rows for spec in TABLES)


def test_no_name_number_or_reference_reaches_the_content_room(authority: Path, received: dict[str, pa.Table]) -> None:
    """No National Insurance or pupil number, no surname, postcode or reference of any file stands in a content table."""
    secrets = {
        row[column]
        for layout in FOLDERS
        for path in (authority / layout).iterdir()
        for row in rows_of(path)
        for column in SECRET
        if row.get(column)
    }
    assert len(secrets) > 500
    held = {
        str(value)
        for spec in TABLES
        for name in spec.names
        if not name.endswith("_key")
        for value in pc.unique(received[spec.name].column(name)).to_pylist()
    }
    assert held & secrets == set()


def test_numbers_are_in_no_table_at_all(authority: Path, received: dict[str, pa.Table]) -> None:
    """National Insurance numbers join rows in memory and stand in no table of any room."""
    numbers = {row["nino"] for row in rows_of(authority / "universal_credit" / "uc_award.csv")} - {""}
    for name, table in received.items():
        for column in table.columns:
            if pa.types.is_string(column.type):
                assert numbers.isdisjoint(column.to_pylist()), name


@contextmanager
def at_hand(received: dict[str, pa.Table]) -> Iterator[Engine]:
    with open_engine(threads=2) as engine, households_at_hand(engine, received, Handles()):
        yield engine


ASKED = (
    ("universal_credit/uc_award.csv", ("claimant_", "partner_"), (q.ADDRESS,), 0.8),
    ("rent/tenagree.csv", ("",), (q.ADDRESS, q.PERSON, q.PROPERTY), 0.8),
    ("rent/tenagree.csv", ("",), (q.PROPERTY,), 0.6),
    ("housing_payments/dhp.csv", ("",), (q.ADDRESS,), 0.8),
)


@pytest.mark.parametrize(("file", "people", "rungs", "found"), ASKED)
def test_names_and_addresses_join_as_references_do(
    authority: Path,
    received: dict[str, pa.Table],
    file: str,
    people: tuple[str, ...],
    rungs: tuple[int, ...],
    found: float,
) -> None:
    """Where the file has a claim reference, names and addresses without it lead to the same household, or to none, and mostly to the same."""
    table = next(
        table
        for table in FOLDERS[file.partition("/")[0]]
        if table.name in {"uc_award", "rent_account", "housing_payment"}
    )
    rows = take(open_tabular(authority / file, "test"), table).table
    rows = rows.drop_columns([name for name in ("nino", "partner_nino") if name in rows.column_names])
    named = [named_in(rows, prefix) for prefix in people]
    with at_hand(received) as engine:
        by_reference = join(engine, rows, people=named, start="start_date", end="end_date", rungs=(q.CLAIM,)).place
        by_name = join(engine, rows, people=named, start="start_date", end="end_date", rungs=rungs).place
    # A claim that ended before the year and goes on as another has no people in these tables: a name leads to the one that goes on.
    has_people = pc.is_in(
        received["household_identifier"].column("household_id"),
        received["household_member"].column("household_id").combine_chunks(),
    )
    by_reference = only(by_reference, has_people.combine_chunks().take(by_reference))
    both = pc.and_(pc.is_valid(by_reference), pc.is_valid(by_name))
    same = pc.sum(pc.and_(both, pc.equal(by_reference, by_name))).as_py()
    assert same == pc.sum(both).as_py()
    assert same >= found * (len(by_reference) - by_reference.null_count) > 0


def test_what_the_study_names_itself_is_read_like_the_rest(authority: Path, received: dict[str, pa.Table]) -> None:
    """A table that comes by a mapping or from a database fills the same tables as the file in its folder."""
    files = source_files(authority)
    without = SourceFiles(files.folder, {name: at for name, at in files.have.items() if name not in FOLDERS})
    table = FOLDERS["housing_payments"][0]
    taken = take(open_tabular(authority / "housing_payments" / "dhp.csv", table.source), table)
    identity = {name: received[name] for name in received if name.startswith(("household_", "child_"))}
    alone = replace(without, have={**without.have, "housing_payments": files.have["housing_payments"]})
    with open_engine(threads=2) as engine:
        by_folder = read_money(engine, alone, households=identity, children=identity, new_key=keys)
        given = read_money(
            engine, without, households=identity, children=identity, new_key=keys, given={table.name: [taken]}
        )
    assert given.tables["housing_payment"].equals(by_folder.tables["housing_payment"])
    assert given.tables["housing_payment"].num_rows > 0


def test_files_of_money_change_nobody_who_may_be_linked(authority: Path, received: dict[str, pa.Table]) -> None:
    """Without them the same children, households and awards come out: the link and its headline hang on them only where they tell of a refuge.

    The homes of whoever is in a refuge by the homelessness files are withheld, and with them any record that gives its door.
    """
    files = source_files(authority)
    without = SourceFiles(files.folder, {name: at for name, at in files.have.items() if name not in FOLDERS})
    with open_engine(threads=2) as engine:
        bare = receive(engine, without, year=YEAR, new_key=keys)
    for name in (*(name for name in bare if name.startswith(("child", "household_"))), "referral", "award"):
        if name == "household_fact":
            continue
        hidden = {"address", "postcode", "uprn"} & set(bare[name].column_names)
        shown = [column for column in bare[name].column_names if column not in hidden]
        assert bare[name].select(shown).equals(received[name].select(shown)), name
        for column in hidden:
            one, two = bare[name].column(column).to_pylist(), received[name].column(column).to_pylist()
            more = [given for given, kept in zip(one, two, strict=True) if given != kept]
            assert len(more) < 0.02 * len(one), f"{name}.{column}"
            assert all(kept in (given, None, "", WITHHELD) for given, kept in zip(one, two, strict=True)), (
                f"{name}.{column}"
            )
    told = received["household_fact"]
    on_file = told.filter(pc.invert(told.column("credit_only")))
    assert bare["household_fact"].equals(on_file)
    assert 0 < on_file.num_rows < told.num_rows


def test_linked_on_request_they_are_households_without_an_award(authority: Path, received: dict[str, pa.Table]) -> None:
    """Where the study asks, households known from Universal Credit alone are added to those on file, with people and homes and no award."""
    with open_engine(threads=2) as engine:
        linked = receive(engine, source_files(authority), year=YEAR, new_key=keys, link_alone=True)
    told = linked["household_identifier"]
    added = told.filter(pc.starts_with(told.column("household_id"), "uc:"))
    assert told.num_rows == received["household_identifier"].num_rows + added.num_rows
    assert added.num_rows == pc.sum(linked["household_fact"].column("credit_only")).as_py() > 0
    assert (
        pc.any(
            pc.is_in(linked["award"].column("household_key"), added.column("household_key").combine_chunks())
        ).as_py()
        is False
    )
    for name in ("household_member", "household_residence"):
        who = pc.unique(linked[name].column("household_id"))
        assert pc.all(pc.is_in(added.column("household_id"), who)).as_py(), name
    assert linked["award"].equals(received["award"])
