"""Months before and after the year: what came before and what followed is read, and who may be linked stays as at the day of referral."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from tests.made_extracts import claim, cts_files, dependant, extracts, month, write
from tests.spec.test_sources_receive import received

from hearthlink.sources.claims.household_sources import by_window
from hearthlink.sources.reading.years import OUTSIDE, census_year

IDENTITY = ("household_member", "household_residence", "household_count")
EVERY = census_year("2019-20").months
WINDOW = ((2019, 3), (2020, 3))
FILES = (
    (2017, 4), (2018, 1), (2018, 10), (2019, 2), (2019, 3), (2019, 6), (2019, 9), (2019, 12), (2020, 3), (2020, 6), (2020, 12), (2021, 3),
)  # fmt: skip
"""Months enough to stand for the 48: those that are missing change nothing of what is asked here."""
YEAR = tuple(one for one in FILES if WINDOW[0] <= one <= WINDOW[1])


def told(folder: Path, lines: dict[tuple[int, int], list[str]]) -> dict[str, pa.Table]:
    """What is received of monthly files with these lines, and no other claim."""
    files = {name: data for name, data in extracts().items() if not name.startswith("shbe/")}
    files |= {f"shbe/SHBE_{y}{m:02}.txt": month(y, m, held) for (y, m), held in lines.items()}
    return received(write(folder, files))


def usual(**more: str) -> list[str]:
    return [claim(**more), dependant()]


def rows(tables: dict[str, pa.Table], name: str) -> list[dict[str, object]]:
    """The rows of a table, without the random key."""
    return [
        {column: value for column, value in row.items() if column != "household_key"}
        for row in tables[name].to_pylist()
    ]


def test_the_time_looked_at() -> None:
    """Every month from 24 before the year to 12 after it is looked at: 48, so that -24 to +12 is seen for every child."""
    year = census_year("2019-20")
    assert (year.history_start, year.follow_end) == (date(2017, 4, 1), date(2021, 3, 31))
    assert (EVERY[0], EVERY[-1], len(EVERY)) == ((2017, 4), (2021, 3), 48)
    assert (year.following.text, year.preceding.text) == ("2020-21", "2018-19")


def test_history_changes_nobody_who_may_be_linked(tmp_path: Path) -> None:
    """Who was on a claim in the year is told alike with 13 months and with 48, though names, homes and lists differ in the other months."""
    early = [claim(f10="7 OLD ROAD", f6="FORMER"), dependant(), dependant(f309="R2", f314="BBB", f315="01-02-2010")]
    late = [claim(f10="9 NEW ROAD"), dependant(), dependant(f309="R3", f314="CCC", f315="01-02-2020")]
    short = told(tmp_path / "short", dict.fromkeys(YEAR, usual()))
    wide = told(
        tmp_path / "wide",
        {one: usual() if one in YEAR else early if one < YEAR[0] else late for one in FILES},
    )
    for name in (*IDENTITY, "household_identifier"):
        assert rows(wide, name) == rows(short, name), name
    homes = [(row["start_date"], row["end_date"]) for row in rows(wide, "household_home")[:3]]
    assert homes == [
        (date(2017, 4, 1), date(2019, 2, 28)),
        (date(2019, 3, 1), date(2020, 3, 31)),
        (date(2020, 4, 1), None),
    ]


def test_amounts_are_told_over_the_whole_time(tmp_path: Path) -> None:
    """A claim's amounts of every month that is there are told, though linking looks at those of the year alone."""
    made = told(tmp_path, {one: usual(f43=str(5000 + 100 * (one[0] - 2017))) for one in FILES})
    spans = [(row["start_date"], row["weekly_pence"]) for row in rows(made, "award") if row["benefit"] == "hb"]
    assert [pence for _, pence in spans] == [5000, 5100, 5200, 5300, 5400]
    assert [start for start, _ in spans][1:] == [
        date(2017, 5, 1),
        date(2018, 11, 1),
        date(2020, 1, 1),
        date(2021, 1, 1),
    ]


@pytest.mark.parametrize("there", [FILES[:3], FILES[-2:]], ids=["ended before", "began after"])
def test_a_claim_of_another_time_is_no_candidate(tmp_path: Path, there: tuple[tuple[int, int], ...]) -> None:
    """A household whose claim ended long before the year or began after it is nowhere that the link of the day looks, and is told elsewhere."""
    other = [
        claim("H2", f41="01-05-2020" if there[0] > YEAR[-1] else "07-03-2016", f7="ZZZ"),
        dependant("H2", f314="YYY"),
    ]
    made = told(tmp_path, {one: [*usual(), *(other if one in there else [])] for one in FILES})
    for name in IDENTITY:
        assert {row["household_id"] for row in rows(made, name)} <= {"H1", "T9"}, name
        over_time = {row["household_id"] for row in rows(made, f"{name}_over_time")}
        assert over_time == {"H1", "H2", "T9"} or name == "household_count", name
    key = {row["household_id"]: row["household_key"] for row in made["household_identifier"].to_pylist()}
    assert set(key) == {"H1", "H2", "T9"}
    for name in ("award", "household_person"):
        assert key["H2"] in {row["household_key"] for row in made[name].to_pylist()}, name


def test_a_claim_that_goes_on_as_one_of_the_year_keeps_its_history(tmp_path: Path) -> None:
    """A claim that ended before the year and goes on as another tells its awards, but nobody of it may be linked."""
    before = [claim("H0", f41="07-03-2016"), dependant("H0")]
    after = [claim("H1", f41="01-12-2018"), dependant("H1")]
    made = told(tmp_path, {one: before if one < (2018, 12) else after for one in FILES})
    key = {row["household_id"]: row["household_key"] for row in made["household_identifier"].to_pylist()}
    assert set(key) == {"H0", "H1", "T9"}
    assert [(row["household_key"], row["follows_key"]) for row in made["household_followed"].to_pylist()] == [
        (key["H1"], key["H0"])
    ]
    assert {row["household_id"] for row in rows(made, "household_member")} == {"H1", "T9"}
    assert key["H0"] in {row["household_key"] for row in made["award"].to_pylist()}


def test_a_claim_decided_late_is_one_of_the_year(tmp_path: Path) -> None:
    """A claim that is in a file after the year for the first time, and was made to begin in it, was on file from its effective date."""
    late = [claim("H2", f41="02-03-2020", f7="ZZZ", f8="01-02-1990"), dependant("H2", f314="YYY", f310="02-03-2020")]
    made = told(tmp_path, {one: [*usual(), *(late if one > (2020, 4) else [])] for one in FILES})
    assert "H2" in {row["household_id"] for row in rows(made, "household_member")}
    starts = [row["start_date"] for row in rows(made, "household_member") if row["household_id"] == "H2"]
    assert set(starts) == {date(2020, 3, 2)}


def test_a_child_listed_after_the_year_makes_a_household_one_with_a_child(tmp_path: Path) -> None:
    """A newborn comes onto the claim months later: the household is on file on the day, by its adults, and no child is listed yet."""
    alone = [claim("H2", f7="ZZZ", f13="0")]
    with_child = [claim("H2", f7="ZZZ"), dependant("H2", f314="YYY", f315="03-02-2020", f310="01-06-2020")]
    made = told(tmp_path, {one: [*usual(), *(with_child if one > (2020, 5) else alone)] for one in FILES})
    assert [row["role"] for row in rows(made, "household_member") if row["household_id"] == "H2"] == ["claimant"]


def test_months_missing_far_from_the_year_are_told_once() -> None:
    """Each month that linking needs is told where it is missing; of those before and after, each run of months is, once."""
    there = sorted({*EVERY[3:10], *EVERY[12:48]} - {(2019, 8)})
    paths = [Path(f"SHBE_{y}{m:02}.txt") for y, m in (*there, (2017, 3), (2021, 4))]
    read, absent = by_window(paths, census_year("2019-20"))
    assert read == paths[:-2]
    assert {one.file: next(iter(one.notes)) for one in absent} == {
        "SHBE_201703.txt": OUTSIDE,
        "SHBE_202104.txt": OUTSIDE,
        "SHBE_201704.txt to SHBE_201706.txt": "no file for these months of the 24 before the year",
        "SHBE_201802.txt to SHBE_201803.txt": "no file for these months of the 24 before the year",
        "SHBE_201908.txt": "no file for this month",
    }


def test_periods_of_the_whole_time_are_told(tmp_path: Path) -> None:
    """Council tax support of two years before is told as an award, and a listing that ended then is not among those to be linked."""
    periods = [
        ("T9", "900", "9 Z STREET", "", "ZZ1 1AA", "01/05/2017", "31/03/2018", "CTR only", "live", "8.00", ""),
        ("T9", "900", "9 Z STREET", "", "ZZ1 1AA", "01/04/2018", "31/12/2099", "CTR only", "live", "12.34", ""),
    ]
    persons = [
        ("T9", "R91", "claimant", "DDD", "", "JONES", "05/06/1980", "M", "", "01/05/2017", "31/12/2099"),
        ("T9", "R92", "dependant", "EEE", "", "JONES", "07/08/2011", "F", "", "01/05/2017", "31/12/2099"),
        ("T9", "R93", "dependant", "FFF", "", "JONES", "07/08/2000", "F", "", "01/05/2017", "31/08/2018"),
    ]
    made = received(write(tmp_path, extracts(cts=cts_files(periods, persons))))
    awards = [row for row in rows(made, "award") if row["benefit"] == "cts"]
    assert [(row["start_date"], row["weekly_pence"]) for row in awards] == [
        (date(2017, 5, 1), 800),
        (date(2018, 4, 1), 1234),
    ]
    listed = {row["forename"] for row in rows(made, "household_member") if row["household_id"] == "T9"}
    assert listed == {"DDD", "EEE"}
