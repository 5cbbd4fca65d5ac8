"""One monthly Housing Benefit file: records in shape, records out of shape, and files that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_extracts import claim, dependant, month, record

from hearthlink.errors import DataProblem
from hearthlink.sources.claims import shbe_lines
from hearthlink.sources.claims.shbe import MENDED, Month, read_month
from hearthlink.sources.claims.shbe_layout import CLAIM_FIELDS, PERSON_FIELDS, READ, WIDTH
from hearthlink.sources.claims.shbe_lines import month_of
from hearthlink.sources.reading.dates import read_day

NOT_NUMBERS = ("", "XX999999XX", "TN010185F", "AB999999C", "CANARY")


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
    """Names of titles, landlords, banks and software are not read, nor any other field that the layout's table does not list."""
    assert {5, 127, 212, 224, 247, 274, 288, 289, *range(300, 308)}.isdisjoint(READ)
    assert set(READ) == {f.number for group in (CLAIM_FIELDS, PERSON_FIELDS) for f in group.values()}


def test_a_national_insurance_number_is_no_text_and_tells_only_likeness(tmp_path: Path) -> None:
    """Two claims of one number have one keyed number, which another key makes another; fillers, temporary and other numbers have none."""
    lines = [claim(f"H{n}", f4=nino) for n, nino in enumerate(("AB123457C", "AB 12 34 57", "QQ123457D", *NOT_NUMBERS))]
    path = tmp_path / "SHBE_201906.txt"
    path.write_bytes(month(2019, 6, lines))
    one, other = (read_month(path, nino_key=key).person.column("nino").to_pylist() for key in ((5, 7), (11, 13)))
    assert one[0] == one[1]
    assert len({one[0], one[2], other[0], other[2]}) == 4
    assert one[3:] == [None] * len(NOT_NUMBERS)
    assert not {str(value) for value in one} & {"AB123457C", "123457"}


ODD = (
    ("two fields short", claim("HX").rsplit("|", 2)[0], "not 341 fields, first at line 22"),
    ("a field over", claim("HX") + "|", "not 341 fields, first at line 22"),
    ("a person two fields short", dependant("HX").rsplit("|", 2)[0], "not 341 fields, first at line 22"),
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
    ("neither header nor date in any place", GOOD.replace(b"30-06-2019", b"JUNE"), "header", 1),
    (
        "no trailer, and cut off within a record",
        month(2019, 6, many([])).split(b"\n", 1)[1].rsplit(b"|", 200)[0],
        "breaks off",
        None,
    ),
    ("another month than its name", month(2019, 7, [claim()]), "month", 1),
    (
        "shifted throughout, here and there",
        month(2019, 6, [shifted(line, 4 + n, by=-1) for n, line in enumerate(many([]))]),
        "shifted fields",
        2,
    ),
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


def test_a_file_without_header_must_say_its_month_in_its_name(tmp_path: Path) -> None:
    """Records alone are read where the name says the month, whose last day is the date; else the file is refused."""
    bare = GOOD.split(b"\n", 1)[1].rsplit(b"Z|", 1)[0]
    made = read(tmp_path, [], bare)
    assert (made.scan, made.claim.num_rows, made.tally.rows_in) == (read_day("2019-06-30"), 100, 200)
    assert any("no header" in note for note in made.tally.notes)
    with pytest.raises(DataProblem, match="in its name"):
        read(tmp_path, [], bare, "extract.txt")


NAMES = (
    ("SHBE_201904.txt", (2019, 4)),
    ("shbe-2019-04.csv", (2019, 4)),
    ("SHBE 2019 04 26.txt", (2019, 4)),
    ("hb9803_SHBE_206728k April 2008.csv", (2008, 4)),
    ("SHBE_Sept_2014.txt", (2014, 9)),
    ("2014 december extract.dat", (2014, 12)),
    ("SHBE 26-04-2019.txt", (2019, 4)),
    ("SHBE_042019.txt", (2019, 4)),
    ("SHBE April 2019 and May 2019.txt", None),
    ("SHBE_201913.txt", None),
    ("maybe 2019.txt", None),
    ("extract.txt", None),
)


@pytest.mark.parametrize(("name", "told"), NAMES, ids=[name for name, _ in NAMES])
def test_a_month_is_told_by_the_name_in_common_ways(name: str, told: tuple[int, int] | None) -> None:
    """Year and month as figures or words, in either order; a name that says none, or two, says nothing."""
    assert month_of(Path("folder") / name) == told


def listed(numbers: list[int], lines: list[str], *, header: list[str] | None = None, delimiter: str = ",") -> bytes:
    """Records with only some of their fields, whose first row lists these."""
    rows = [[line.split("|")[number - 1] for number in numbers] for line in lines]
    return "\n".join(delimiter.join(row) for row in [header or [str(n) for n in numbers], *rows]).encode()


OLDER = [number for number in range(1, 342) if number not in {5, 6, 7, 10, 307, 315}]


@pytest.mark.parametrize("numbers", [OLDER, [n for n in range(1, 342) if n not in {6, 7}], list(reversed(OLDER))])
def test_a_copy_that_lists_its_fields_is_read_by_their_numbers(tmp_path: Path, numbers: list[int]) -> None:
    """Whichever fields are there, in whatever order, each is found by its number; what is not there is empty."""
    data = listed(numbers, [claim("H1", "T1", f43="8100"), dependant("H1", "T1"), dependant("H1", "T1", f308="2")])
    made = read(tmp_path, [], data, "hb SHBE_2k April 2019.csv")
    assert made.claim.column("pence").to_pylist() == [8100]
    born = None if 315 not in numbers else read_day("2012-05-03")
    assert [(row["role"], row["birth"]) for row in made.person.to_pylist()] == [
        ("dependant", born), ("non_dependant", born), ("claimant", read_day("1985-02-01")),
    ]  # fmt: skip
    assert made.scan == read_day("2019-04-30")


def test_a_copy_that_lists_its_fields_by_name_is_read(tmp_path: Path) -> None:
    """Names of the layout do as well as numbers; a column that is none of them is counted and not read."""
    numbers = [1, 2, 3, 8, 12, 13, 33, 37, 41, 43, 247]
    header = [
        "REC_TYPE",
        "LCHBREF",
        "LCLCTRREF",
        "CDDOB",
        "PASSPORTIND",
        "DNNUMDEPS",
        "LCHBSTAT",
        "LDHBDEC",
        "LDSTARTDAT",
        "LAHBAMT",
        "NEW",
    ]
    made = read(tmp_path, [], listed(numbers, [claim()], header=header, delimiter="|"), "SHBE April 2019.csv")
    assert made.claim.column("pence").to_pylist() == [9000]
    assert made.tally.notes["1 fields beyond the 341 known, not read"] == 1


@pytest.mark.parametrize("without", [[2], [1, 2]])
def test_a_copy_without_references_is_refused(tmp_path: Path, without: list[int]) -> None:
    """Without the record type or the reference of a claim nothing can be told."""
    with pytest.raises(DataProblem):
        read(tmp_path, [], listed([n for n in OLDER if n not in without], [claim()]), "SHBE April 2019.csv")


@pytest.mark.parametrize(
    ("more", "words"), [(-9, "an older layout of 332 fields"), (7, "7 fields beyond the 341 known")]
)
def test_fewer_or_more_fields_are_another_version(tmp_path: Path, more: int, words: str) -> None:
    """A file all of whose records have fewer fields, or more, is read for the fields that are known, and says so."""
    change = (lambda line: line.rsplit("|", -more)[0]) if more < 0 else (lambda line: line + "|NEW" * more)
    made = read(tmp_path, [change(line) for line in many([])])
    assert (made.claim.num_rows, made.person.num_rows) == (100, 200)
    assert any(note.startswith(words) for note in made.tally.notes)


def test_claims_of_council_tax_benefit_alone_are_read(tmp_path: Path) -> None:
    """Before April 2013 a claim may have no Housing Benefit reference: its council tax reference stands for it."""
    alone = claim("", "T1", f9="5", f33="0", f37="", f43="")
    made = read(tmp_path, [alone, dependant("", "T1")], month(2013, 3, [alone, dependant("", "T1")]), "SHBE_201303.txt")
    assert made.claim.num_rows == 1
    assert made.claim.column("tenure").to_pylist() == ["5"]


FULL = {"f220": "01-03-2017", "f253": "01-06-2019", "f35": "02-03-2017", "f5": "MR", "f4": "QQ123457A"}
WHOLE_CLAIM = claim("HX", "TX", **FULL)
SLIPS = (
    ("an address cut in two", WHOLE_CLAIM.replace("1 A STREET", "1 A|STREET"), "1 A STREET"),
    ("a field lost before the address", WHOLE_CLAIM.replace("||1 A STREET", "|1 A STREET"), "1 A STREET"),
    ("a field gained before the address", WHOLE_CLAIM.replace("||1 A STREET", "|||1 A STREET"), "1 A STREET"),
    ("shifted right within a whole record", shifted(WHOLE_CLAIM, 8, by=1), "1 A STREET"),
    ("shifted left within a whole record", shifted(WHOLE_CLAIM, 8, by=-1), "1 A STREET"),
)


@pytest.mark.parametrize(("line", "address"), [case[1:] for case in SLIPS], ids=[case[0] for case in SLIPS])
def test_a_slip_that_can_be_told_is_put_right(tmp_path: Path, line: str, address: str) -> None:
    """Where what the fields hold leaves one place for a slip, the record is put right, kept and noted."""
    made = read(tmp_path, many([line]))
    assert made.claim.num_rows == 101
    (mended,) = [row for row in made.claim.to_pylist() if row["pair"].startswith("HX")]
    assert (mended["address"], mended["postcode"], mended["pence"], mended["changed"]) == (
        address, "ZZ1 1AA", 9000, read_day("2019-06-01"),
    )  # fmt: skip
    assert (made.tally.notes[MENDED], sum(made.tally.refused.values())) == (1, 0)


def test_a_slip_in_two_possible_places_is_set_aside(tmp_path: Path) -> None:
    """A name that may stand in either of two fields is not guessed: the record is set aside with its line."""
    made = read(tmp_path, many([claim("HX", "TX", **FULL).replace("SMITH|CCC", "SMITH|JONES|CCC")]))
    assert made.claim.num_rows == 100
    assert made.tally.refused == {**dict.fromkeys(made.tally.refused, 0), "not 341 fields, first at line 22": 1}


@pytest.mark.parametrize("by", [1, -1])
def test_a_month_shifted_at_one_place_throughout_is_put_right(tmp_path: Path, by: int) -> None:
    """Where every record has slipped at the same place, and that place can be told, the whole month is read, and says so."""
    good = [line for n in range(60) for line in (claim(f"H{n}", f"T{n}", **FULL), dependant(f"H{n}", f"T{n}"))]
    made = read(tmp_path, [shifted(line, 199, by=by) for line in good])
    straight = read(tmp_path, good)
    assert made.claim.equals(straight.claim)
    assert made.person.equals(straight.person)
    assert [note for note in made.tally.notes if "at one and the same place" in note]


@pytest.mark.parametrize("width", [2000, 1 << 24])
def test_pieces_of_any_size_tell_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """However the file is cut into pieces, records, lines and counts are the same."""
    lines = many([claim("HX").rsplit("|", 3)[0], record("P", "HX")])
    whole = read(tmp_path, lines)
    monkeypatch.setattr(shbe_lines, "PIECE", width)
    made = read(tmp_path, lines)
    assert made.claim.equals(whole.claim)
    assert sorted(made.person.to_pylist(), key=str) == sorted(whole.person.to_pylist(), key=str)
    assert made.tally == whole.tally


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_other_encodings_are_told(tmp_path: Path, encoding: str) -> None:
    """A name with an accent is the same in any of the encodings that suppliers use."""
    text = month(2019, 6, [claim(f6="ZOË"), dependant()]).decode()
    made = read(tmp_path, [], text.encode(encoding))
    assert "ZOË" in made.person.column("surname").to_pylist()


HOSTILE = (
    ("NULs", GOOD.replace(b"SMITH", b"SM\0TH", 1)),
    ("a field of ten megabytes", GOOD.replace(b"1 A STREET", b"A" * 10_000_000, 1)),
    ("quotation marks unpaired", GOOD.replace(b"SMITH", b'"SM"ITH', 3)),
    ("a lone carriage return", GOOD.replace(b"SMITH", b"SM\rITH", 1)),
    ("another line end", GOOD.replace(b"\n", b"\r\n")),
    ("blank lines between", GOOD.replace(b"\n", b"\n\n")),
    ("letters of another script", GOOD.replace(b"SMITH", "\u0405\u041c\u0406\u0422\u041d".encode(), 5)),
    ("spreadsheet's dates", GOOD.replace(b"03-05-2012", b"41032")),
    ("amounts as a spreadsheet writes them", GOOD.replace(b"|9000|", b"|9E+03|")),
    ("nothing but delimiters", b"|" * 5000),
    ("a number in place of a type", GOOD.replace(b"\nD|", b"\n1|")),
)


@pytest.mark.parametrize("data", [case[1] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_harmful_file_is_read_or_refused_in_words(tmp_path: Path, data: bytes) -> None:
    """Whatever a file holds, it is read with every record accounted for, or refused in words that hold nothing of it."""
    problem: DataProblem | None = None
    made: Month | None = None
    try:
        made = read(tmp_path, [], data)
    except DataProblem as raised:
        problem = raised
    if problem is not None:
        assert not any(value in str(problem) for value in ("SMITH", "AAA", "1985", "2012", "ZZ1", "9E+03"))
        assert problem.__cause__ is None
        assert problem.__suppress_context__ or problem.__context__ is None
    if made is not None:
        assert made.claim.num_rows <= made.tally.rows_kept <= made.tally.rows_in
