"""Which months files speak of: monthly files by their month, rows by what is in them, and a source without a file of none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.made_extracts import claim, cts_files, dependant, extracts, month, table, write
from tests.spec.test_sources_receive import received

from hearthlink.sources.months_covered import Flags, by_awards, by_files, by_spans, months_of
from hearthlink.sources.reading.years import census_year

YEAR = census_year("2019-20")
MONTHS = months_of(YEAR)
NEEDED = ".......................XXXXXXXXXXXXX............"


def days(*months: int, middle: int = 14) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A day in each of some months, by their numbers from 0."""
    return np.array([MONTHS.starts[month] + middle for month in months], np.int64)


def drawn(covered: Flags) -> str:
    return "".join("X" if one else "." for one in covered)


def test_the_months_are_those_of_the_time_looked_at() -> None:
    """48 months, of which the 24th, the month before the year, to the 36th are those that the study needs."""
    assert (len(MONTHS.starts), MONTHS.needed) == (48, slice(23, 36))
    assert list(MONTHS.starts[[0, 24, 47]].astype("datetime64[D]").astype(str)) == [
        "2017-04-01",
        "2019-04-01",
        "2021-03-01",
    ]


def test_a_monthly_file_speaks_of_its_month() -> None:
    """By the day that each tells of, wherever in the month it lies."""
    assert drawn(by_files(MONTHS, [int(day) for day in days(0, 2, 47)])) == "X.X" + "." * 44 + "X"


SPANS = [
    ("no row at all", (), (), "." * 48),
    ("rows of the year alone", (24, 30), (26, 33), NEEDED),
    ("an end two years before", (5, 24), (1, 30), ".XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX............"),
    ("a beginning after the year", (24, 40), (30,), "." * 23 + "X" * 18 + "." * 7),
    ("no end at all, so nothing tells that it reaches back", (2, 24), (), NEEDED),
]


@pytest.mark.parametrize(("says", "starts", "ends", "expected"), SPANS, ids=[one[0] for one in SPANS])
def test_spans_speak_from_the_first_end_to_the_last_beginning(
    says: str, starts: tuple[int, ...], ends: tuple[int, ...], expected: str
) -> None:
    """An extract holds nothing that ended before it begins, and nothing that began after it was taken; the year it holds."""
    assert drawn(by_spans(MONTHS, days(*starts), days(*ends))) == expected, says


def test_one_wrong_date_is_no_sign() -> None:
    """Where a usual month has twenty ends, a single one two years before does not make the extract reach so far."""
    many = [month for month in range(23, 36) for _ in range(20)]
    assert drawn(by_spans(MONTHS, days(*many), days(3, *many))) == NEEDED


AWARDS = [
    ("every month", {}, "X" * 48),
    ("a month without a file", {20: 0}, "X" * 20 + "." + "X" * 27),
    ("a month with a few strays", {20: 2}, "X" * 20 + "." + "X" * 27),
    ("fewer awards years ago, as the benefit was new", dict.fromkeys(range(12), 3), "X" * 48),
    ("nothing before the year", dict.fromkeys(range(24), 0), "." * 24 + "X" * 24),
]


@pytest.mark.parametrize(("says", "changed", "expected"), AWARDS, ids=[one[0] for one in AWARDS])
def test_awards_speak_of_the_months_they_begin_in(says: str, changed: dict[int, int], expected: str) -> None:
    """Twenty awards of a month each begin in every month but those changed: one with hardly any beside full ones has no file."""
    told = [month for month in range(48) for _ in range(changed.get(month, 20))]
    assert drawn(by_awards(MONTHS, days(*told, middle=0), days(*told, middle=26))) == expected, says


def test_every_source_has_every_month(tmp_path: Path) -> None:
    """The table names each month of each source once; a missing monthly file is a month not covered, an absent folder covers none."""
    files = {name: data for name, data in extracts(cts=cts_files()).items() if not name.startswith("shbe/")}
    there = [one for one in YEAR.months[12:] if one != (2019, 8)]
    files |= {f"shbe/SHBE_{y}{m:02}.txt": month(y, m, [claim(), dependant()]) for y, m in there}
    files["rent/tenagree.csv"] = table(
        "tag_ref start_date end_date", [("A1", "2018-01-08", "2018-06-30"), ("A2", "2019-06-01", "")]
    )
    rows = received(write(tmp_path, files))["month_covered"].to_pylist()
    assert len(rows) == len({(row["month"], row["source"]) for row in rows}) == 48 * 9
    covered = {(row["source"], row["month"]) for row in rows if row["covered"]}
    assert {day for source, day in covered if source == "hb"} == {date(y, m, 1) for y, m in there}
    assert {source for source, _ in covered} == {"hb", "cts", "rent"}
    assert min(day for source, day in covered if source == "rent") == date(2018, 6, 1)
