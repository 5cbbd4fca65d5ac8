"""One monthly Housing Benefit file: records in shape, records out of shape, and files that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_extracts import claim, dependant, month, record

from hearthlink.errors import DataProblem
from hearthlink.sources.dates import read_day
from hearthlink.sources.shbe import Month, read_month
from hearthlink.sources.shbe_layout import CLAIM, PERSON, PROBES, READ, WIDTH


def read(tmp_path: Path, lines: list[str], data: bytes | None = None, name: str = "SHBE_201906.txt") -> Month:
    path = tmp_path / name
    path.write_bytes(month(2019, 6, lines) if data is None else data)
    return read_month(path)


def many(odd: list[str]) -> list[str]:
    """A hundred good claims, and the odd lines after the tenth."""
    good = [line for n in range(100) for line in (claim(f"H{n}"), dependant(f"H{n}"))]
    return [*good[:20], *odd, *good[20:]]


def shifted(line: str, at: int, *, by: int) -> str:
    """A record of as many fields in which those from a place on have moved: to the right (1) or to the left (-1)."""
    fields = line.split("|")
    moved = [*fields[:at], "", *fields[at:-1]] if by > 0 else [*fields[:at], *fields[at + 1 :], ""]
    assert len(moved) == WIDTH
    return "|".join(moved)


def test_a_claim_and_its_people_are_read(tmp_path: Path) -> None:
    """A D record gives a claim, its claimant and its partner; an S record gives a person with a role."""
    partner = {"f123": "1", "f124": "01-05-2018", "f128": "JONES", "f129": "DDD", "f178": "05-06-1980", "f213": "M"}
    made = read(tmp_path, [claim(f280="B", **partner), dependant(), dependant(f308="2", f309="AB123456C", f314="FFF")])
    assert made.claim.num_rows == 1
    assert made.claim.column("address").to_pylist() == ["1 A STREET, B"]
    assert made.claim.column("pence").to_pylist() == [9000]
    people = {(p["role"], p["forename"], p["sex"], p["reference"]) for p in made.person.to_pylist()}
    assert people == {
        ("claimant", "CCC", "F", None),
        ("partner", "DDD", "M", None),
        ("dependant", "AAA", None, "R1"),
        ("non_dependant", "FFF", None, None),
    }
    assert (made.tally.rows_in, made.tally.rows_kept) == (3, 3)
    assert made.scan == read_day("2019-06-30")


def test_only_needed_fields_are_converted() -> None:
    """Neither National Insurance numbers nor any field outside the layout's table is converted."""
    assert {4, 126, 274}.isdisjoint(READ)
    assert set(READ) == {1, 2, 3} | {f.number for group in (CLAIM, PERSON, PROBES) for f in group.values()}


ODD = (
    ("a field short", claim("HX").rsplit("|", 1)[0], "not 341 fields, first at line 22"),
    ("a field over", claim("HX") + "|", "not 341 fields, first at line 22"),
    ("a person a field short", dependant("HX").rsplit("|", 1)[0], "not 341 fields, first at line 22"),
    ("a claim shifted left", shifted(claim("HX"), 4, by=-1), "fields shifted, first at line 22"),
    ("a claim shifted right", shifted(claim("HX"), 4, by=1), "fields shifted, first at line 22"),
    (
        "a claim shifted late",
        shifted(claim("HX", f220="01-03-2017", f253="01-06-2019"), 34, by=-1),
        "fields shifted, first at line 22",
    ),
    ("a person shifted left", shifted(dependant("HX"), 306, by=-1), "fields shifted, first at line 22"),
    ("a person shifted right", shifted(dependant("HX"), 306, by=1), "fields shifted, first at line 22"),
    ("another type of record", record("P", "HX"), "record of another type, not needed"),
    ("no reference", claim(""), "no claim reference"),
    ("neither kind of person", dependant("HX", f308="7"), "neither dependant nor non-dependant"),
    ("a person marked as a test", dependant("HX", f313="TEST"), "marked as a duplicate or a test"),
    ("a person marked as a duplicate", dependant("HX", f314="AAA (DUPLICATE)"), "marked as a duplicate or a test"),
)


@pytest.mark.parametrize(("line", "reason"), [case[1:] for case in ODD], ids=[case[0] for case in ODD])
def test_a_record_out_of_shape_is_set_aside(tmp_path: Path, line: str, reason: str) -> None:
    """One odd record among many is set aside under its reason, with its line where its fields are at fault."""
    made = read(tmp_path, many([line]))
    assert {reason: rows for reason, rows in made.tally.refused.items() if rows} == {reason: 1}
    assert made.tally.rows_in == 201
    assert made.claim.num_rows == 100


def test_a_strange_date_is_missing_and_does_not_cost_the_record(tmp_path: Path) -> None:
    """A birth date that is not a date is missing and noted; the record stays."""
    made = read(tmp_path, [claim(), dependant(f315="31-02-2012"), dependant(f309="R2", f315="UNKNOWN")])
    assert made.claim.num_rows == 1
    assert made.person.num_rows == 3
    assert made.tally.notes["a date not understood, taken as missing"] == 2


def test_a_claimant_marked_as_a_test_goes_and_the_claim_stays(tmp_path: Path) -> None:
    """A claimant marked as a test is left out and noted; claim and child stay."""
    made = read(tmp_path, [claim(f6="TEST"), dependant()])
    assert made.claim.num_rows == 1
    assert made.person.column("role").to_pylist() == ["dependant"]
    assert [note for note, rows in made.tally.notes.items() if rows and "claimant" in note]


GOOD = month(2019, 6, many([]))
REFUSED = (
    ("cut off", GOOD[: len(GOOD) // 2], "breaks off", None),
    ("cut off at a line's end", month(2019, 6, [claim()], trailer=False), "breaks off", None),
    ("no header", GOOD.split(b"\n", 1)[1], "header", 1),
    ("another month than its name", month(2019, 7, [claim()]), "month", 1),
    ("shifted throughout", month(2019, 6, [shifted(line, 4, by=-1) for line in many([])]), "shifted fields", 2),
    ("a field short throughout", GOOD.replace(b"D|H", b"D|").replace(b"||||", b"|||"), "shifted fields", 2),
    ("no claim", month(2019, 6, [dependant()]), "no claim", None),
    ("a CSV", b"claim_ref,postcode\nA,ZZ1 1AA\n", "header", 1),
)


@pytest.mark.parametrize(("data", "words", "line"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_went_wrong_is_refused(tmp_path: Path, data: bytes, words: str, line: int | None) -> None:
    """A file cut off, shifted throughout, of another month or of another kind is refused, and nothing of it is quoted."""
    with pytest.raises(DataProblem, match=words) as problem:
        read(tmp_path, [], data)
    assert problem.value.line == line
    assert not any(value in str(problem.value) for value in ("SMITH", "AAA", "1985", "2012", "ZZ1", "H1"))
