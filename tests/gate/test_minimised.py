"""What a protocol does not list is not read: a canary in every unlisted field of every kind of file is in nothing that the readers give."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
from made_authority import copy_of, run_study
from made_engine import engine_at_hand
from made_extracts import census, child, episode, extracts, write
from made_protocol import filled, sign, team
from made_protocol import write as write_protocol
from made_workbooks import made_xlsx

from hearthlink.errors import DataProblem
from hearthlink.sources import receive, source_files
from hearthlink.sources.case import liquidlogic, mosaic, ssd, ssd_activity
from hearthlink.sources.claims.academy_tables import ACADEMY_TABLES
from hearthlink.sources.claims.shbe_layout import CLAIM_FIELDS, PERSON_FIELDS
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.intake.fills import CENSUS, FEED, FILLS, KEPT_IN, SHBE, TIMES
from hearthlink.sources.reading.delimited import normal
from hearthlink.study import open_study
from hearthlink.study.acts_inside import RECEIVED
from hearthlink.study.minimised import only_listed, wanted_of
from hearthlink.synthetic.synthesise import synthesise
from hearthlink.synthetic.world import Settings
from hearthlink.tables import identity as i
from hearthlink.tables.catalogue import ALL_TABLES
from hearthlink.tables.census import FLAT
from hearthlink.tables.wanted import EVERYTHING, NOT_IN_WINDOW, NOT_LISTED, Wanted

CANARY = "CANARYQXZ"
SUPPLIERS = (
    *INTAKE.values(), *ssd.TABLES, *mosaic.TABLES, *liquidlogic.TABLES, ssd_activity.PERSON, ssd_activity.EPISODES,
    *ssd_activity.FURTHER, *ACADEMY_TABLES,
)  # fmt: skip
ALL_LAYOUTS = (
    "cin", "ssd", "identifiers", "mosaic", "liquidlogic", "daily_api", "flat", "shbe", "cts", "academy", "universal_credit", "homelessness",
    "rent", "housing_payments", "council_tax", "school_meals", "geography",
)  # fmt: skip
MONEY = ("universal_credit", "homelessness", "rent", "housing_payments", "council_tax", "school_meals")
COMBINATIONS: Mapping[str, tuple[str, ...]] = {
    "XML, the dataset, months, periods and money": ("cin", "ssd", "shbe", "cts", *MONEY, "geography"),
    "flat tables, the plain layout and Academy": ("cin_csv", "identifiers", "academy", "geography"),
    "the daily feed and Mosaic": ("daily_api", "mosaic", "cts", "geography"),
    "the feed alone": ("daily_api", "shbe", "geography"),
    "the dataset alone": ("ssd", "cts", "geography"),
    "XML and Liquidlogic": ("cin", "liquidlogic", "cts", "geography"),
}  # fmt: skip
DATED = ("first_date", "last_date", "start_date", "end_date", "referral_date")
PLAIN = {"forename", "surname", "birth_date", "postcode"}


def least() -> Wanted:
    """Names, birth dates, postcodes and what no row can be without; nothing else of any table."""
    specs = [spec for spec in RECEIVED if spec.name not in {"homelessness", "rent_balance", "looked_after"}]
    return Wanted(
        {
            spec.name: frozenset(c.name for c in spec.columns if c.required or c.name in DATED or c.name in PLAIN)
            for spec in specs
        }
    )


def keys(n: int) -> Sequence[int]:
    return random.Random(n).sample(range(2**53), n)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracts of a small invented authority in every layout."""
    place = tmp_path_factory.mktemp("layouts")
    synthesise(place, Settings(children=50, households=90, months=13, layouts=ALL_LAYOUTS))
    return place / "in"


def some_of(authority: Path, folder: Path, layouts: Sequence[str]) -> Path:
    """A folder of extracts with these layouts alone."""
    folder.mkdir()
    for layout in layouts:
        if layout == "cin":
            shutil.copy(next(authority.glob("*.xml")), folder)
        else:
            shutil.copytree(authority / layout, folder / layout)
    return folder


def received(folder: Path, wanted: Wanted = EVERYTHING) -> dict[str, pa.Table]:
    with engine_at_hand() as engine:
        return receive(engine, source_files(folder, wanted=wanted), year="2019-20", new_key=keys)


# --- a canary in every field that is not listed -----------------------------------------------------------------


def spoil(folder: Path, wanted: Wanted) -> int:
    """Put the canary into every value of every field that is not listed, and into a column nobody knows. How many fields those were."""
    spoilt = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xml":
            spoilt += spoil_xml(path, wanted)
        elif path.suffix == ".json":
            spoilt += spoil_json(path, wanted)
        elif path.suffix == ".txt":
            spoilt += spoil_months(path, wanted)
        elif path.suffix == ".csv" and path.parent.name != "geography":
            spoilt += spoil_table(path, wanted)
    return spoilt


def spoil_xml(path: Path, wanted: Wanted) -> int:
    text, passed = path.read_text("utf-8"), wanted.unlisted(CENSUS)
    for element in passed:
        text = re.sub(f"<{element}>[^<]*<", f"<{element}>{CANARY}<", text)
    path.write_text(text, "utf-8")
    return len(passed)


def spoil_json(path: Path, wanted: Wanted) -> int:
    passed = wanted.unlisted(FEED) - {"disabilities", "factors"}

    def spoilt(value: object) -> object:
        if isinstance(value, dict):
            made = {
                n: CANARY if n in passed and not isinstance(v, list | dict) else spoilt(v) for n, v in value.items()
            }
            return {**made, "remark": CANARY}
        return [spoilt(one) for one in value] if isinstance(value, list) else value

    lists = {"disabilities", "factors"} & wanted.unlisted(FEED)
    text = json.dumps(spoilt(json.loads(path.read_text("utf-8"))))
    for name in lists:
        text = re.sub(rf'"{name}": \[[^\]]*\]', f'"{name}": ["{CANARY}"]', text)
    path.write_text(text, "utf-8")
    return len(passed) + len(lists)


def spoil_months(path: Path, wanted: Wanted) -> int:
    """Texts alone: a figure that holds words would show a record that has slipped."""
    passed = wanted.unlisted(SHBE)
    claim = [f.number for n, f in CLAIM_FIELDS.items() if n in passed and f.holds.name in {"TEXT", "UNDATED"}]
    person = [f.number for n, f in PERSON_FIELDS.items() if n in passed and f.holds.name in {"TEXT", "UNDATED"}]
    lines = [line.split("|") for line in path.read_text("utf-8").splitlines()]
    for cells in lines:
        for number in {"D": claim, "S": person}.get(cells[0], []):
            cells[number - 1] = CANARY
    path.write_text("\n".join("|".join(cells) for cells in lines) + "\n", "utf-8")
    return len(claim) + len(person)


def spoil_table(path: Path, wanted: Wanted) -> int:
    head, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
    passed = set(unlisted_of(path, head, wanted))
    # An address says of itself that it is withheld, whether or not the rest of it is read.
    cells = [[CANARY if n in passed else cell for n, cell in enumerate(row)] + [CANARY] for row in rows]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[*head, "remark"], *cells])
    path.write_text(out.getvalue(), "utf-8")
    return len(passed)


def unlisted_of(path: Path, head: Sequence[str], wanted: Wanted) -> Iterator[int]:
    stem = path.stem.lower()
    if path.parent.name == "cin_csv":
        keep = {"LAchildID", *(n for n in FLAT.get(path.stem, ()) if n.endswith(("ID", "Date"))), "CINreferralDate"}
        yield from (n for n, name in enumerate(head) if name in wanted.unlisted(CENSUS) and name not in keep)
        return
    tables = [table for table in SUPPLIERS if stem in table.stems]
    for table in tables:
        closed = not wanted.lists_any(KEPT_IN.get(table.name))
        passed = wanted.unlisted(FILLS.get(table.name, {}))
        for column in table.columns:
            spelt = {normal(name) for name in (column.name, *column.also)}
            read = any(
                column.name in other.names and column.name not in wanted.unlisted(FILLS.get(other.name, {}))
                for other in tables
            )
            if (closed and len(tables) == 1) or (column.name in passed and not read):
                yield from (n for n, header in enumerate(head) if normal(header) in spelt)


@pytest.mark.parametrize("layouts", COMBINATIONS.values(), ids=COMBINATIONS)
def test_no_canary_comes_out_of_a_reader(authority: Path, tmp_path: Path, layouts: tuple[str, ...]) -> None:
    """Every unlisted field of every file holds a canary; no table that the readers give holds it, before anything is emptied."""
    wanted = least()
    folder = some_of(authority, tmp_path / "in", layouts)
    assert spoil(folder, wanted) > 10
    assert CANARY in "".join(
        path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in {".csv", ".txt", ".json", ".xml"}
    )
    made = received(folder, wanted)
    assert made["child_identifier"].num_rows > 20
    held = {name for name, table in made.items() if CANARY in str(table.to_pylist())}
    assert held == set()
    assert not any(
        "not understood" in row["reason"] and "date" not in row["reason"] for row in made["receipt"].to_pylist()
    )


@pytest.mark.parametrize("kind", ["workbook", "Parquet"])
def test_no_canary_comes_out_of_a_workbook_or_parquet(authority: Path, tmp_path: Path, kind: str) -> None:
    """Claims and addresses as workbooks or Parquet files are read no further than as text."""
    wanted = least()
    folder = some_of(authority, tmp_path / "in", ("cin", "ssd", "cts", "geography"))
    spoil(folder, wanted)
    for path in [folder / "cts" / "person_period.csv", *(folder / "ssd").glob("ssd_*.csv")]:
        if kind == "workbook":
            path.with_suffix(".xlsx").write_bytes(
                made_xlsx({"Sheet1": list(csv.reader(io.StringIO(path.read_text("utf-8"))))})
            )
        else:
            every = arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(next(csv.reader([path.read_text("utf-8").splitlines()[0]])), pa.string())
            )
            pq.write_table(arrow_csv.read_csv(path, convert_options=every), path.with_suffix(".parquet"))
        path.unlink()
    made = received(folder, wanted)
    assert made["child_identifier"].num_rows > 20
    assert made["household_member"].num_rows > 20
    assert not any(CANARY in str(table.to_pylist()) for table in made.values())


@pytest.mark.parametrize("layouts", list(COMBINATIONS.values())[:2], ids=list(COMBINATIONS)[:2])
def test_what_is_listed_is_as_if_all_had_been_read(authority: Path, tmp_path: Path, layouts: tuple[str, ...]) -> None:
    """Names, birth dates, days and households come out the same whether or not the rest is read."""
    wanted = least()
    folder = some_of(authority, tmp_path / "in", layouts)
    whole, small = received(folder), received(folder, wanted)
    for name in ("child_identifier", "child_adult", "child_referral", "household_identifier", "household_member"):
        columns = [c for c in sorted((wanted.listed or {})[name]) if not c.endswith("_key")]
        assert (
            small[name].select(columns).sort_by(columns[0]).to_pylist()
            == whole[name].select(columns).sort_by(columns[0]).to_pylist()
        ), name


def test_a_table_that_is_not_listed_is_not_read(authority: Path, tmp_path: Path) -> None:
    """Of files whose table is not listed the rows are counted and nothing else is taken; what would lie in it has no row."""
    folder = some_of(authority, tmp_path / "in", ("cin", "ssd", "cts", *MONEY, "geography"))
    every = {spec.name: frozenset(spec.names) for spec in RECEIVED}
    made = received(
        folder,
        Wanted(
            {
                name: columns
                for name, columns in every.items()
                if name not in {"homelessness", "temporary_accommodation"}
            }
        ),
    )
    assert made["homelessness"].num_rows == made["temporary_accommodation"].num_rows == 0
    told = [row for row in made["receipt"].to_pylist() if row["source"] == "homelessness"]
    closed = [row for row in told if row["reason"] == NOT_LISTED]
    assert closed
    assert all(row["rows_refused"] == row["rows_in"] > 0 for row in closed)
    assert made["rent_account"].num_rows > 0


def test_an_address_that_is_not_listed_still_says_that_it_is_withheld(tmp_path: Path) -> None:
    """Of an unlisted address the word that locks a record is taken, and nothing else of it."""
    head = (
        "person_id,child_id,forename,surname,dob,gender\nP1,C1,AAA,SMITH,2012-05-03,F\nP2,C2,BBB,JONES,2012-05-04,F\n"
    )
    homes = "person_id,address,postcode,start_date\nP1,CONFIDENTIAL 1 CANARYQXZ STREET,ZZ1 1AA,2018-01-01\nP2,2 CANARYQXZ STREET,ZZ1 1AB,2018-01-01\n"
    files = {name: held for name, held in extracts().items() if not name.startswith("ssd/")}
    files |= {"identifiers/child_person.csv": head.encode(), "identifiers/child_address.csv": homes.encode()}
    files["cin_2020.xml"] = census(child("C1", episode()), child("C2", episode()))
    files = {n: h for n, h in files.items() if not n.endswith(".xml") or n == "cin_2020.xml"}
    made = received(write(tmp_path, files), least())
    locked = dict(
        zip(*(made["child_identifier"].column(name).to_pylist() for name in ("child_id", "restricted")), strict=True)
    )
    assert locked == {"C1": True, "C2": False}
    assert CANARY not in str(made["child_address"].to_pylist())


# --- the window -------------------------------------------------------------------------------------------------


def windowed(
    tmp_path: Path, *children: str, window: tuple[date, date] = (date(2019, 4, 1), date(2020, 3, 31))
) -> dict[str, pa.Table]:
    files = {name: held for name, held in extracts().items() if not name.endswith(".xml")}
    return received(write(tmp_path, files | {"cin_2020.xml": census(*children)}), Wanted(cohort=window))


def test_a_child_not_referred_in_the_window_is_set_aside_and_counted(tmp_path: Path) -> None:
    """Of a child whose episodes all began outside the window, in one block or several, no row is kept; rows in and kept reconcile."""
    made = windowed(
        tmp_path,
        child("C1", episode("2019-06-10")),
        child("C2", episode("2018-06-10"), episode("2017-06-10")),
        child("C3", episode("2018-06-10")), child("C3", episode("2019-06-10")),
        child("C4", " "),
    )  # fmt: skip
    assert sorted(made["child_identifier"].column("child_id").to_pylist()) == ["C1", "C3"]
    assert made["child"].num_rows == 2
    (row,) = (one for one in made["receipt"].to_pylist() if one["reason"] == NOT_IN_WINDOW)
    assert (row["rows_in"], row["rows_refused"]) == (5, 3), "C2, C4, and the first block of C3"
    (kept,) = (one for one in made["receipt"].to_pylist() if one["source"] == "cin" and one["reason"] == "kept")
    assert kept["rows_kept"] == 2


def test_the_days_at_the_ends_of_the_window_are_in_it(tmp_path: Path) -> None:
    """The first and the last day count, the days before and after do not."""
    days = ("2019-05-01", "2019-04-30", "2019-05-31", "2019-06-01")
    made = windowed(
        tmp_path, *(child(f"C{n}", episode(day)) for n, day in enumerate(days)), window=(date(2019, 5, 1), date(2019, 5, 31)),
    )  # fmt: skip
    assert sorted(made["child_identifier"].column("child_id").to_pylist()) == ["C0", "C2"]


def test_a_census_with_nobody_of_the_window_is_told(tmp_path: Path) -> None:
    """Where every child is outside, the words say so, and quote nobody."""
    with pytest.raises(DataProblem, match="window of the protocol"):
        windowed(tmp_path, child("C2", episode("2018-06-10")))


def test_rows_outside_the_months_are_set_aside_as_they_are_read(authority: Path, tmp_path: Path) -> None:
    """Rows of every dated table that end before the study's months, or begin after them, are in no table and are counted."""
    folder = some_of(authority, tmp_path / "in", ("cin", "ssd", "cts", *MONEY, "geography"))
    path = folder / "housing_payments" / next(p.name for p in (folder / "housing_payments").iterdir())
    head, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
    table = INTAKE["housing_payment"]
    spelt = [{normal(one) for one in (name, *table.column(name).also)} for name in TIMES["housing_payment"]]
    start, end = (next(n for n, name in enumerate(head) if normal(name) in names) for names in spelt)
    early = list(rows[0])
    early[start], early[end] = "2001-04-01", "2001-05-01"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, early, *rows])
    path.write_text(out.getvalue(), "utf-8")
    made = received(folder)
    told = {
        row["reason"]: row["rows_refused"] for row in made["receipt"].to_pylist() if row["source"] == "housing_payments"
    }
    assert told["outside the time from 24 months before the year to 12 after it"] == 1
    assert all(start in INTAKE[name].names and end in INTAKE[name].names for name, (start, end) in TIMES.items())


# --- what is declared -------------------------------------------------------------------------------------------


def test_what_fills_what_is_about_columns_that_are_there() -> None:
    """Every field that is declared is one of a layout, every column that it fills is one of ours, and no required field is among them."""
    known: dict[str, list[Mapping[str, bool]]] = {}
    for table in SUPPLIERS:
        known.setdefault(table.name, []).append({column.name: column.required for column in table.columns})
    columns = {f"{spec.name}.{column.name}" for spec in ALL_TABLES.values() for column in spec.columns}
    for name, fills in FILLS.items():
        for field, filled_ in fills.items():
            assert any(field in held for held in known[name]), (name, field)
            assert not all(held.get(field, False) for held in known[name]), (name, field)
            assert set(filled_) <= columns, (name, field)
    elements = {element for table in FLAT.values() for element in table}
    assert set(CENSUS) <= elements
    assert set(SHBE) <= {*CLAIM_FIELDS, *PERSON_FIELDS}
    assert all(set(filled_) <= columns for fills in (CENSUS, SHBE, FEED) for filled_ in fills.values())
    assert set(KEPT_IN) <= set(known)


def test_every_column_that_may_be_left_out_can_be() -> None:
    """Each column of a received table that a row can be without is filled by a declared field, or is made by us of others."""
    filled_ = {
        column for fills in (*FILLS.values(), CENSUS, SHBE, FEED) for columns in fills.values() for column in columns
    }
    made_by_us = {
        "child_identifier.forename", "child_identifier.surname", "child_identifier.birth_date",  # who a child is: needed to join
        "household_member.surname", "household_member.birth_date", "household_person.born",  # who a member is: needed to follow
        "universal_credit.pay_shift", "universal_credit.notice", "rent_account.rent_period", "rent_account.charged_weeks", "rent_account.tenancy_end",
        "rent_balance.weeks_owed", "homelessness.people", "homelessness.children", "homelessness.closed_date", "household_period.status",
        "household_period.non_dependant_deduction", "household_fact.passported",
    }  # fmt: skip
    dated = {"start_date", "end_date", "first_date", "last_date"}
    left = {
        f"{spec.name}.{column.name}"
        for spec in RECEIVED
        for column in spec.columns
        if not column.required and column.name not in dated and not column.name.endswith(("_key", "_no"))
    }
    assert left - filled_ - made_by_us - {"postcode_area.imd_decile", "postcode_area.idaci_decile"} == set()


@pytest.mark.parametrize(
    ("listed", "field", "read"),
    [
        (None, "sex", True),
        ({"child_identifier": frozenset({"sex"})}, "sex", True),
        ({"child": frozenset({"sex"})}, "sex", True),
        ({"child_identifier": frozenset({"forename"})}, "sex", False),
        ({}, "sex", False),
        ({}, "forename", True),
    ],
)
def test_a_field_is_read_where_anything_it_fills_is_listed(
    listed: Mapping[str, frozenset[str]] | None, field: str, read: bool
) -> None:
    """One listed column is enough; a field that fills none is needed to join or to date."""
    assert (field not in Wanted(listed).unlisted(FILLS["child_person"])) is read


# --- a whole study ----------------------------------------------------------------------------------------------


UNLISTED: Mapping[str, tuple[str, ...]] = {
    "child_adult": ("relationship", "lives_with"),
    "household_residence": ("uprn",),
    "household_period": ("suspension_reason",),
    "child": ("ethnicity",),
    "temporary_accommodation": ("kind",),
}


def test_no_canary_in_an_unlisted_column_is_anywhere_after_a_run(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """After a whole run by a protocol that leaves columns out, no room, file, log, report or temporary file holds what stood in them."""
    study = copy_of(real, tmp_path / "study")
    keys_ = team(Path.home())
    said = filled(study, keys_) | {"version": 9}
    for terms in said["sources"].values():  # pyright: ignore[reportAttributeAccessIssue]
        for table, columns in terms["columns"].items():
            terms["columns"][table] = [column for column in columns if column not in UNLISTED.get(table, ())]
    write_protocol(study, said)
    sign(study, keys_, "linker", "officer")
    opened = open_study(study)
    wanted = wanted_of(opened.protocol, RECEIVED)
    assert spoil(study / "in", wanted) > 5
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    run_study(study)
    from made_authority import all_tables, store_of, table

    store = store_of(study)
    for room in ("identity", "content", "research", "record"):
        for spec in all_tables(room):
            if store.digest(spec):
                assert CANARY not in str(table(study, spec.name).to_pylist()), spec.name
    left = {
        path
        for path in [*study.rglob("*"), *temporary.rglob("*")]
        if path.is_file() and "in" not in path.relative_to(tmp_path).parts
    }
    assert left
    assert not [path.name for path in left if CANARY.encode() in path.read_bytes()]
    assert CANARY not in "".join(capfd.readouterr())
    assert table(study, "child").column("ethnicity").null_count == table(study, "child").num_rows
    assert table(study, "household_residence_over_time").column("uprn").null_count > 0


def test_what_tells_of_the_whole_time_is_emptied_as_what_tells_of_the_year() -> None:
    """A column that is not listed of a table is not kept of the table over time either."""
    spec = i.HOUSEHOLD_RESIDENCE_OVER_TIME
    row = {"household_id": "H1", "uprn": CANARY, "address": "a", "postcode": "p"}
    held = spec.conform(pa.Table.from_pylist([row], schema=spec.schema))
    protocol = _protocol({"household_residence": ("household_id", "address")})
    made = only_listed({spec.name: held}, (*RECEIVED, *i.OVER_TIME), protocol)[spec.name]
    assert made.column("uprn").null_count == 1
    assert made.column("address").to_pylist() == ["a"]


def _protocol(columns: Mapping[str, tuple[str, ...]]):  # noqa: ANN202 - a protocol of one source
    from hearthlink.governance.protocol import ProtocolLines, SourceTerms

    return ProtocolLines(version=1, sources={"benefits": SourceTerms(columns=dict(columns))})


def test_a_protocol_says_what_is_wanted() -> None:
    """A table of which a needed column is not listed is not wanted at all; without a protocol everything is."""
    protocol = _protocol({"household_residence": ("household_id", "uprn"), "award": ("weekly_pence",)})
    wanted = wanted_of(protocol, RECEIVED)
    assert wanted.listed == {"household_residence": frozenset({"household_id", "uprn"})}
    assert wanted_of(None, RECEIVED) == EVERYTHING
    assert replace(wanted, listed=None) == EVERYTHING
