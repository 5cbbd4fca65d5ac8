"""Intake tables filled from any tabular file: by name, by synonym, by a mapping; typed, counted, and never quoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
import pytest

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.declared import CODE, DATE, END, FLAG, NUMBER, PENCE, TEXT, WHOLE, IntakeTable, plain
from hearthlink.sources.intake.rules import ColumnRule, TableRules
from hearthlink.sources.intake.taking import LEFT_OUT, Taken, take
from hearthlink.sources.reading.delimited import Sheet
from hearthlink.sources.reading.text_columns import Tabular

TABLE = IntakeTable(
    "claim", "A claim.", "cts", ("claims",),
    (
        plain("ref", TEXT, "its reference", "claim_ref", required=True),
        plain("postcode", TEXT, "postcode", "post_code", needed=True),
        plain("start", DATE, "from", "from_date"),
        plain("end", END, "until", "to_date"),
        plain("award", PENCE, "paid a week"),
        plain("rooms", WHOLE, "rooms"),
        plain("hours", NUMBER, "hours"),
        plain("live", FLAG, "it runs"),
        plain("kind", CODE, "hb or cts", "type", codes={"hb_only": "hb", "ctr": "cts"}),
        plain("name", TEXT, "a name"),
    ),
)  # fmt: skip
NAMES = list(TABLE.names)


def in_memory(headers: Sequence[str], rows: Sequence[Sequence[str]], asked: list[int] | None = None) -> Tabular:
    """A file that lies in memory; which columns were asked for is noted."""

    def read(places: Mapping[str, int], missing: Sequence[str]) -> Sheet:
        (asked if asked is not None else []).extend(places.values())
        columns = {
            name: [None if row[place].strip() in ("", *missing) else row[place].strip() for row in rows]
            for name, place in places.items()
        }
        return Sheet(pa.table(columns, pa.schema([(name, pa.string()) for name in columns])), len(rows), {})

    return Tabular("cts", "x.csv", "0", tuple(headers), read)


def taken(headers: str, *rows: Sequence[str], rules: TableRules | None = None) -> Taken:
    return take(in_memory(headers.split("|"), rows), TABLE, rules)


def column(name: str, kept: Taken) -> list[object]:
    return kept.table.column(name).to_pylist()


def test_columns_are_found_by_name_or_synonym_and_typed() -> None:
    """Columns are found whatever their order, case and spelling, and come in the declared order and type."""
    made = taken(
        "Post Code|CLAIM-REF|x|from_date|to_date|award|rooms|hours|live|type",
        ("ZZ1 1AA", "A", "?", "01/04/2019", "31/12/2099", "£1,012.34", "3", "16.5", "Y", "HB only"),
    )
    assert made.table.column_names == NAMES
    assert made.table.to_pylist() == [
        {"ref": "A", "postcode": "ZZ1 1AA", "start": date(2019, 4, 1), "end": None, "award": 101234, "rooms": 3,
         "hours": 16.5, "live": True, "kind": "hb", "name": None}
    ]  # fmt: skip
    assert (made.tally.rows_in, made.tally.rows_kept) == (1, 1)
    assert {note: rows for note, rows in made.tally.notes.items() if rows} == {}
    kinds = [str(field.type) for field in made.table.schema]
    assert kinds == "string string date32[day] date32[day] int64 int64 double bool string string".split()


def test_only_listed_columns_are_ever_read() -> None:
    """A column that the declaration does not list is not asked for, whatever it holds."""
    asked: list[int] = []
    take(in_memory(("nino", "ref", "postcode", "medical"), [("CANARY", "A", "B", "CANARY")], asked), TABLE)
    assert sorted(asked) == [1, 2]


def test_a_name_goes_before_a_synonym() -> None:
    """Where a file has the column's own name and a synonym of it, the own name is meant."""
    assert column("kind", taken("ref|postcode|type|kind", ("A", "B", "zzz", "CTR"))) == ["cts"]


UNREAD = (
    ("start", "31/02/2019"), ("end", "soon"), ("award", "12.x"), ("rooms", "2.5"), ("hours", "many"), ("live", "maybe"), ("kind", "other"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value"), UNREAD)
def test_what_cannot_be_read_is_empty_and_counted_by_its_column(name: str, value: str) -> None:
    """A value that is there and cannot be read is empty, and counted under the column's name."""
    made = taken(f"ref|postcode|{name}", ("A", "B", value), ("A", "B", ""))
    assert column(name, made) == [None, None]
    notes = {note: n for note, n in made.tally.notes.items() if n}
    assert notes == {f"{name}: a value not understood, taken as missing": 1}


AMOUNTS = (
    ("12", 1200), ("£12.50", 1250), ("1,234.56", 123456), ("-3.10", -310), ("(3.10)", -310), ("3.10-", -310), ("3.10 CR", -310),
    (".5", 50), ("0", 0), ("", None),
)  # fmt: skip


@pytest.mark.parametrize(("text", "pence"), AMOUNTS)
def test_amounts_are_whole_pence(text: str, pence: int | None) -> None:
    """Pounds become whole pence, however the sign is written."""
    assert column("award", taken("ref|postcode|award", ("A", "B", text))) == [pence]


def test_rows_without_a_required_value_are_set_aside_and_counted() -> None:
    """A row without its reference is refused under that reason; one without a needed value stays."""
    made = taken("ref|postcode", ("A", ""), ("", "B"), ("", ""))
    assert column("ref", made) == ["A"]
    assert {reason: n for reason, n in made.tally.refused.items() if n} == {"no ref": 2}
    assert made.tally.rows_kept == 1


def test_a_missing_column_is_named_with_the_nearest_header() -> None:
    """A needed column that is not there is named with the header nearest to it."""
    with pytest.raises(DataProblem, match=r'closest header is "post_codes"') as problem:
        taken("ref|post_codes", ("A", "B"))
    assert (problem.value.file, problem.value.line, problem.value.column) == ("x.csv", 1, "postcode")


def test_a_first_row_that_is_no_header_is_never_quoted() -> None:
    """Where the first row names nothing that is known, none of it is repeated."""
    with pytest.raises(DataProblem, match="not the header") as problem:
        taken("SMITH|ZZ1 1AA|postcodf", ("A", "B", "C"))
    assert "SMITH" not in str(problem.value)
    assert "postcodf" not in str(problem.value)


def test_a_column_there_twice_is_refused() -> None:
    """Two columns of one name are not guessed between."""
    with pytest.raises(DataProblem, match="columns 2 and 3"):
        taken("ref|postcode|Postcode", ("A", "B", "C"))


def test_a_header_without_rows_is_refused() -> None:
    """A file that must hold rows and holds none is refused."""
    with pytest.raises(DataProblem, match="no rows"):
        taken("ref|postcode")


def mapped(
    *rows: Sequence[str],
    headers: str = "R|P|X|Y",
    only: dict[str, tuple[str, ...]] | None = None,
    rules: dict[str, ColumnRule] | None = None,
) -> Taken:
    held = {"ref": ColumnRule(("R",)), "postcode": ColumnRule(("P",)), **(rules or {})}
    return taken(headers, *rows, rules=TableRules("claim", "maps/x.toml", only=only or {}, columns=held))


RULES = (
    ("first that holds something", ColumnRule(("X", "Y")), "name", ("", "b"), "b"),
    ("joined", ColumnRule(("X", "Y"), join=" "), "name", ("a", "b"), "a b"),
    ("joined, one blank", ColumnRule(("X", "Y"), join=" "), "name", ("", "b"), "b"),
    ("constant", ColumnRule(constant="ctr"), "kind", ("", ""), "cts"),
    ("constant of nothing", ColumnRule(constant=""), "name", ("a", ""), None),
    ("surname of one string", ColumnRule(("X",), order="SURNAME, TITLE FORENAMES", part="surname"), "name", ("AAA BBB, MRS CCC DDD", ""), "AAA BBB"),
    ("forename of one string", ColumnRule(("X",), order="SURNAME, TITLE FORENAMES", part="forename"), "name", ("AAA, MRS CCC DDD", ""), "CCC"),
    ("further forenames", ColumnRule(("X",), order="SURNAME, TITLE FORENAMES", part="middle_names"), "name", ("AAA, CCC DDD EEE", ""), "DDD EEE"),
    ("title", ColumnRule(("X",), order="TITLE FORENAMES SURNAME", part="title"), "name", ("Dr. CCC AAA", ""), "Dr."),
    ("surname last", ColumnRule(("X",), order="TITLE FORENAMES SURNAME", part="surname"), "name", ("Dr CCC AAA", ""), "AAA"),
    ("surname before a title", ColumnRule(("X",), order="SURNAME TITLE FORENAMES", part="surname"), "name", ("AAA BBB MR CCC", ""), "AAA BBB"),
    ("two-digit year under the pivot", ColumnRule(("X",), date="dd/mm/yy", pivot=30), "start", ("01/04/19", ""), date(2019, 4, 1)),
    ("two-digit year over the pivot", ColumnRule(("X",), date="dd/mm/yy", pivot=30), "start", ("01/04/61", ""), date(1961, 4, 1)),
    ("American", ColumnRule(("X",), date="mm/dd/yyyy"), "start", ("04/01/2019", ""), date(2019, 4, 1)),
    ("run together", ColumnRule(("X",), date="yyyymmdd"), "start", ("20190401", ""), date(2019, 4, 1)),
    ("with its century", ColumnRule(("X",), date="cyymmdd"), "start", ("1190401", ""), date(2019, 4, 1)),
    ("by month's name, with a time", ColumnRule(("X",), date="dd mon yyyy"), "start", ("1-Apr-2019 00:00:00", ""), date(2019, 4, 1)),
    ("far end", ColumnRule(("X",), date="yyyymmdd"), "end", ("20991231", ""), None),
    ("pence", ColumnRule(("X",), unit="pence"), "award", ("1234", ""), 1234),
    ("a month to a week", ColumnRule(("X",), per="month"), "award", ("520", ""), 12000),
    ("four weeks to a week", ColumnRule(("X",), per="four weeks"), "award", ("40", ""), 1000),
    ("a year to a week, in pence", ColumnRule(("X",), unit="pence", per="year"), "award", ("5200", ""), 100),
    ("codes", ColumnRule(("X",), codes={"17": "hb"}), "kind", ("17", ""), "hb"),
    ("flag by codes", ColumnRule(("X",), codes={"open": "yes", "shut": "no"}), "live", ("SHUT", ""), False),
    ("turned round", ColumnRule(("X",), invert=True), "live", ("Y", ""), False),
    ("missing", ColumnRule(("X",), missing=("N/K",)), "name", ("N/K", ""), None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "name", "held", "meant"), [case[1:] for case in RULES], ids=[case[0] for case in RULES]
)
def test_a_mapping_says_where_a_column_comes_from(
    rule: ColumnRule, name: str, held: tuple[str, str], meant: object
) -> None:
    """Each thing that a mapping can say does what it says, and leaves nothing unread."""
    made = mapped(("A", "B", *held), rules={name: rule})
    assert column(name, made) == [meant]
    assert not any(made.tally.notes.values())


def test_codes_of_a_mapping_stand_alone() -> None:
    """Where a mapping gives codes, our own spellings no longer count: a code it leaves out is unread."""
    made = mapped(
        ("A", "B", "CTR", ""), ("A", "B", "9", ""), rules={"kind": ColumnRule(("X",), codes={"1": "hb", "9": ""})}
    )
    assert column("kind", made) == [None, None]
    assert sum(made.tally.notes.values()) == 1


def test_a_mapping_may_take_only_some_rows() -> None:
    """Rows that a mapping does not take are counted as left out, and blank ones are told apart from the rest."""
    rows = (("A", "B", "D", ""), ("A", "B", "s", ""), ("A", "B", "", ""))
    assert mapped(*rows, only={"X": ("D", "S")}).tally.refused == {LEFT_OUT: 1, "no ref": 0}
    assert mapped(*rows, only={"x": ("",)}).tally.refused == {LEFT_OUT: 2, "no ref": 0}


def test_with_a_mapping_nothing_is_found_by_name() -> None:
    """A column that the mapping leaves out stays empty even where the file has one of that name."""
    assert column("name", mapped(("A", "B", "C", "D"), headers="R|P|name|Y")) == [None]


def test_a_header_that_a_mapping_names_and_the_file_lacks() -> None:
    """The header that is not in the file is named, with the nearest one and the mapping to mend."""
    with pytest.raises(DataProblem, match=r'closest header is "Yes".*maps/x.toml') as problem:
        mapped(("A", "B", "C", "D"), headers="R|P|X|Yes", rules={"name": ColumnRule(("Yess",))})
    assert problem.value.column == "Yess"


def test_dates_that_do_not_tell_follow_the_others_of_their_file() -> None:
    """Where one column of a file can only have the month first, another in which no date tells is read so too, and the receipt says it."""
    made = taken(
        "ref|postcode|start|end", ("A", "B", "04/01/2019", "04/25/2019"), ("A", "B", "05/01/2019", "12/31/2099")
    )
    assert column("start", made) == [date(2019, 4, 1), date(2019, 5, 1)]
    assert column("end", made) == [date(2019, 4, 25), None]
    assert {note.split(":")[0]: n for note, n in made.tally.notes.items() if "month first" in note} == {
        "start": 2,
        "end": 2,
    }
    alone = taken("ref|postcode|start|end", ("A", "B", "04/01/2019", ""))
    assert column("start", alone) == [date(2019, 1, 4)]
    assert {note: rows for note, rows in alone.tally.notes.items() if rows} == {
        "start: dates are read with the day first, though none tells day from month": 1
    }


def test_no_header_is_quoted_where_most_are_lacking() -> None:
    """Where most columns that a mapping names are not in the file its first row may be data, and none of it is quoted."""
    with pytest.raises(DataProblem, match="is it the right file") as problem:
        mapped(
            ("A", "B", "C", "D"),
            headers="SMITH|P|X|NAMES",
            rules={"name": ColumnRule(("NAMED",)), "kind": ColumnRule(("K",))},
        )
    assert "SMITH" not in str(problem.value)
    assert '"NAMES"' not in str(problem.value)


def test_ids_that_a_spreadsheet_has_shortened_are_refused_where_they_are_needed() -> None:
    """Claims would run together by what is left of their numbers: most of them shortened, and the file is refused; a few, and their rows are."""
    headers = "ref|postcode"
    with pytest.raises(DataProblem, match="shortened 2 of its 3 numbers") as refused:
        taken(headers, ("4.10001E+12", "ZZ1 1AA"), ("4.10001E+12", "ZZ1 1AA"), ("4100013000000", "ZZ1 1AA"))
    assert (refused.value.file, refused.value.column) == ("x.csv", "ref")
    made = taken(headers, ("4.10001E+12", "ZZ1 1AA"), ("A", "ZZ1 1AA"), ("B", "ZZ1 1AA"))
    assert (column("ref", made), made.tally.refused["no ref"]) == (["A", "B"], 1)


def test_a_needed_column_whose_dates_are_of_an_unknown_form_is_refused() -> None:
    """A file whose birth dates have years of two digits is refused with the words that mend it; one that is half readable is not."""
    table = IntakeTable("t", "people", "cts", (), (plain("birth_date", DATE, "born"),))

    def read(*dates: str) -> Taken:
        return take(in_memory(["birth_date"], [[one] for one in dates]), table)

    with pytest.raises(DataProblem, match="None of its 30 dates is understood") as refused:
        read(*["01/04/19"] * 30)
    assert "mapping" in (refused.value.remedy or "")
    assert read(*["01/04/19"] * 29, "01/04/2019").table.num_rows == 30


def test_a_column_that_every_row_needs_and_none_of_whose_codes_is_ours_is_refused() -> None:
    """Every row would be set aside: the message says which column, and which words of ours its codes may stand for."""
    roles = plain("role", CODE, "who", codes={"claimant": "claimant", "partner": "partner"}, required=True)
    table = IntakeTable("t", "people", "cts", (), (roles,))
    with pytest.raises(DataProblem, match="None of its 40 codes is understood") as refused:
        take(in_memory(["role"], [["1"], ["2"]] * 20), table)
    assert "claimant, partner" in (refused.value.remedy or "")
    assert take(in_memory(["role"], [["1"], ["Claimant"]] * 20), table).tally.refused["no role"] == 20
