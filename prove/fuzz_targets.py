"""The readers that fuzzing is put to, each with good files to begin from. A further one is a row of TARGETS.

Every value in the good files holds `CANARY`, which no message may hold. A reader that accounts for rows asserts that it does.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from made_extracts import census, child, claim, dependant, episode, month  # noqa: E402  # pyright: ignore[reportMissingImports]
from made_workbooks import made_ods, made_xlsx  # noqa: E402  # pyright: ignore[reportMissingImports] - the tests' own

from prove.fuzz_mapping import as_guess, as_mapped, as_mapping, mapped_tables, mappings  # noqa: E402
from prove.fuzz_money import as_awards, as_return, awards, returns  # noqa: E402

CANARY = "QZX"


@dataclass(frozen=True, slots=True)
class Target:
    """A reader under test: its name, what it does with bytes and a folder of its own, and good files of its kind."""

    name: str
    read: Callable[[bytes, Path], None]
    seeds: Callable[[], Sequence[bytes]]


class MiscountedError(AssertionError):
    """Rows went missing, or something changed that may not."""


def require(holds: bool, words: str) -> None:  # noqa: FBT001 - a plain condition
    """Raise MiscountedError unless the condition holds."""
    if not holds:
        raise MiscountedError(words)


def as_table(data: bytes, folder: Path) -> None:
    """Any table: every column is read, and every row is kept or set aside."""
    from hearthlink.sources.reading.tabular import open_tabular

    path = folder / "case.dat"
    path.write_bytes(data)
    tabular = open_tabular(path, "cts")
    sheet = tabular.read({f"c{place}": place for place in range(len(tabular.headers))}, missing=("N/A",))
    kept, refused = sheet.table.num_rows, sum(sheet.refused.values())
    require(sheet.rows_in == kept + refused, f"{sheet.rows_in} in, {kept} kept, {refused} refused")
    for column in sheet.table.columns:
        column.validate(full=True)


def as_dates(data: bytes, folder: Path) -> None:
    """Dates, one to a line: each is read or counted as not understood."""
    from hearthlink.sources.reading.dates import Order, order_of, read_days

    _ = folder
    texts = pa.array(data.decode("utf-8", "replace").split("\n"), pa.string())
    read = read_days(texts, ends=True, month_first=order_of(texts) is Order.MONTH)
    require(len(read.days) == len(texts), f"{len(texts)} in, {len(read.days)} out")


def as_query(data: bytes, folder: Path) -> None:
    """A query: what is let through changes nothing, whatever it is."""
    from hearthlink.sources.database.query import require_one_select

    _ = folder
    query = data.decode("utf-8", "replace")
    require_one_select(query, "sqlite", "database x")
    with sqlite3.connect(":memory:") as held:
        held.execute("CREATE TABLE t (a, b)")
        held.execute("INSERT INTO t VALUES (1, 2)")
        before, steps = held.total_changes, iter(range(50))
        held.set_progress_handler(lambda: next(steps, None) is None, 1_000)
        with suppress(sqlite3.Error, sqlite3.Warning, ValueError, OverflowError):
            held.execute(query).fetchmany(10)
        require(held.total_changes == before, "the query changed something")
    held.close()


def as_feed(data: bytes, folder: Path) -> None:
    """The daily feed: as names, as spells and as activity, every record kept or set aside."""
    from hearthlink.sources.case.daily_api import daily_identifiers, daily_stages, read_flat

    path = folder / "feed.json"
    path.write_bytes(data)
    held = daily_identifiers([path])
    kept = sum(tally.rows_kept for tally in held.tallies if tally.file == path.name)
    require(held.person.num_rows == kept, f"{held.person.num_rows} persons, {kept} kept")
    for table in (
        held.person,
        held.address,
        *(one.table for one in daily_stages([path])),
        *read_flat([path]).tables.values(),
    ):
        table.validate(full=True)


def as_census(data: bytes, folder: Path) -> None:
    """The census: flat and typed, every child of the file in both."""
    from hearthlink.sources.activity.census import read_xml
    from hearthlink.sources.activity.flat import read_flat
    from hearthlink.sources.reading.years import census_year

    path = folder / "case.xml"
    path.write_bytes(data)
    flat = read_flat([path], "cin")
    children = flat.tables["ChildIdentifiers"].num_rows
    require(children <= flat.rows_in, f"{flat.rows_in} in, {children} with identifiers")
    for table in flat.tables.values():
        table.validate(full=True)
    read_xml(path, census_year("2019-20"))


def as_month(data: bytes, folder: Path) -> None:
    """A month of Housing Benefit: every record is a claim, a person or set aside."""
    from hearthlink.sources.claims.shbe import read_month

    path = folder / "SHBE_201908.txt"
    path.write_bytes(data)
    month = read_month(path, nino_key=(1, 2), threads=1)
    kept = month.claim.num_rows + sum(month.person.column("record").to_pylist())
    require(month.tally.rows_kept == kept, f"{month.tally.rows_in} in, {month.tally.rows_kept} said, {kept} kept")
    for table in (month.claim, month.person):
        table.validate(full=True)


def as_address(data: bytes, folder: Path) -> None:
    """Addresses of the safeguarding dataset, one to a line: each gives one line and one number, or none."""
    from hearthlink.sources.case.ssd_address import read_addresses

    _ = folder
    texts = data.decode("utf-8", "replace").split("\n")
    lines, numbers = read_addresses(texts, ["ZZ1 1AA"] * len(texts))
    require(len(lines) == len(numbers) == len(texts), f"{len(texts)} in, {len(lines)} out")


def _rows(sep: str) -> str:
    return "".join(
        sep.join((f"{CANARY}{n}", f"{n:02d}/04/2019", f'"{CANARY}, {n} ""St"""', f"{n}.50")) + "\r\n"
        for n in range(1, 9)
    )


@cache
def delimited() -> tuple[bytes, ...]:
    """Delimited text in several marks and encodings."""
    head = ("claim_ref", "from_date", "address", "rent")
    plain = [sep.join(head) + "\r\n" + _rows(sep) for sep in ",;|\t"]
    accented = plain[0].replace(CANARY, f"{CANARY}\u00e9")
    return (
        *(text.encode() for text in plain),
        ("sep=;\n" + plain[1]).encode(),
        ("A title\n\n" + plain[0] + "Total,,,36.00\n,,,\n").encode(),
        *(accented.encode(code) for code in ("utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman")),
    )


@cache
def workbooks() -> tuple[bytes, ...]:
    """Workbooks of each kind."""
    grid = [
        ["claim_ref", "rent", "live"],
        *([f"{CANARY}{n}", n / 2, n % 2 == 0] for n in range(1, 6)),
        ["Total", 7.5, None],
    ]
    old = (TESTS / "files" / "claims.xls").read_bytes()
    return made_xlsx({"Claims": grid, "Notes": []}), made_ods({"Claims": grid}), old


@cache
def parquet() -> tuple[bytes, ...]:
    """Parquet of several types and ways of packing."""
    table = pa.table(
        {
            "claim_ref": [f"{CANARY}{n}" for n in range(20)],
            "rent": [n / 2 for n in range(20)],
            "rooms": pa.array(list(range(20)), pa.int32()),
            "day": pa.array(list(range(20)), pa.date32()),
            "role": pa.array([CANARY, "b"] * 10).dictionary_encode(),
        }
    )
    made: list[bytes] = []
    for packed in ("none", "snappy", "zstd"):
        held = io.BytesIO()
        pq.write_table(table, held, compression=packed)
        made.append(held.getvalue())
    return tuple(made)


def dates() -> tuple[bytes, ...]:
    """Dates in every spelling."""
    return (
        b"2019-04-01\n01/04/2019\n1 April 2019\n43831\n\n2019-06-30T23:00:00Z\n31/12/2099\n01-APR-2019",
        b"04/25/2019\n04/01/2019 12:00:00 AM\n4.1.2019",
    )


@cache
def feeds() -> tuple[bytes, ...]:
    """The daily feed as one list, as lines, and inside one object."""
    plan = {"start_date": "2019-07-01", "end_date": CANARY, "postcode": CANARY}
    blocks = (
        "child_in_need_plans",
        "section_47_assessments",
        "child_protection_plans",
        "child_looked_after_placements",
    )
    assessment = {"start_date": "2019-07-01", "factors": ["1A", CANARY]}
    episode: dict[str, object] = {
        "social_care_episode_id": CANARY,
        "referral_date": "2019-06-10",
        "child_and_family_assessments": [assessment],
        **{block: [plan] for block in blocks},
    }
    children = [
        {
            "la_child_id": f"{CANARY}{n}",
            "mis_child_id": n,
            "child_details": {
                "first_name": CANARY,
                "date_of_birth": "2012-05-03",
                "disabilities": [CANARY],
                "purge": n == 2,
            },
            "social_care_episodes": [episode, {"purge": True}],
            "purge": n == 3,
        }
        for n in range(5)
    ]
    lines = "\n".join(json.dumps(child) for child in children)
    return json.dumps(children).encode(), lines.encode(), json.dumps({"n": 1, "children": children}, indent=1).encode()


@cache
def censuses() -> tuple[bytes, ...]:
    """The census of a year, in two encodings."""
    blocks = (
        "<Assessments><AssessmentActualStartDate>2019-06-11</AssessmentActualStartDate><FactorsIdentifiedAtAssessment>"
        f"<AssessmentFactors>1A</AssessmentFactors><AssessmentFactors>{CANARY}</AssessmentFactors></FactorsIdentifiedAtAssessment>"
        "</Assessments><CINPlanDates><CINPlanStartDate>2019-07-01</CINPlanStartDate></CINPlanDates>"
        "<Section47><S47ActualStartDate>2019-07-01</S47ActualStartDate></Section47>"
        f"<ChildProtectionPlans><CPPstartDate>2019-08-01</CPPstartDate><InitialCategoryOfAbuse>{CANARY}</InitialCategoryOfAbuse>"
        "<Reviews><CPPreviewDate>2019-09-01</CPPreviewDate></Reviews></ChildProtectionPlans>"
    )
    plain = census(
        child(f"{CANARY}1", episode(inside=blocks)), child(f"{CANARY}2"), child(f"{CANARY}3", episode(day=CANARY))
    )
    plain = plain.replace(b"CANARYUPN", CANARY.encode())
    return plain, plain.decode().replace("'utf-8'", "'windows-1252'").replace("N1", "N1\u00e9").encode("cp1252")


@cache
def months() -> tuple[bytes, ...]:
    """A month of Housing Benefit."""
    lines = [
        claim(f"{CANARY}1"),
        dependant(f"{CANARY}1"),
        claim(f"{CANARY}2"),
        claim(f"{CANARY}3"),
        dependant(f"{CANARY}3"),
    ]
    return (
        month(2019, 8, lines),
        month(2019, 8, [*lines, claim(f"{CANARY}4").replace("|", "||", 1)]),
        month(2019, 8, lines, trailer=False),
    )


def addresses() -> tuple[bytes, ...]:
    """Addresses in every variant of the dataset."""
    held = {"FLAT": "2", "BUILDING": CANARY, "HOUSE": 1, "STREET": CANARY, "TOWN": None, "UPRN": 1.0}
    return (f"{json.dumps(held)}\n2, {CANARY}, 1 A STREET, ZZ1 1AA\n\nSSD_PH\n{{}}\n[]".encode(),)


def queries() -> tuple[bytes, ...]:
    """Queries that may be asked, and some that may not."""
    return (
        b"SELECT a, b FROM t WHERE a = 'QZX' AND b LIKE '%:x' ORDER BY a",
        b"WITH c AS (SELECT a FROM t) SELECT a FROM c UNION SELECT b FROM t",
        b"DELETE FROM t WHERE a = 'QZX'; SELECT a FROM t",
        b"INSERT INTO t SELECT a, 'QZX' FROM t",
        b"SELECT a FROM t; UPDATE t SET a = 'QZX'",
    )


TARGETS: tuple[Target, ...] = (
    Target("delimited text", as_table, delimited),
    Target("workbooks", as_table, workbooks),
    Target("parquet", as_table, parquet),
    Target("dates", as_dates, dates),
    Target("queries", as_query, queries),
    Target("census", as_census, censuses),
    Target("monthly extracts", as_month, months),
    Target("daily feed", as_feed, feeds),
    Target("dataset addresses", as_address, addresses),
    Target("mappings", as_mapping, mappings),
    Target("mapped tables", as_mapped, mapped_tables),
    Target("guessed mappings", as_guess, mapped_tables),
    Target("homelessness return", as_return, returns),
    Target("credit awards", as_awards, awards),
)


def never_ends(_data: bytes, _folder: Path) -> None:
    """A reader that waits for what does not come."""
    time.sleep(60)


def dies(_data: bytes, _folder: Path) -> None:
    """A reader that takes its process with it."""
    os._exit(1)


TRIALS: tuple[Target, ...] = (
    Target("never ends", never_ends, lambda: (b"x",)),
    Target("dies", dies, lambda: (b"x",)),
)
"""Readers at fault, on which the fuzzing itself is tried."""
