"""Every rule of the census is tested by its own examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import pyarrow as pa
import pytest

from hearthlink.checks import CENSUS_CARDS, CensusCard, census_findings
from hearthlink.checks.census import PLACES
from hearthlink.checks.census_card import FlatRows
from hearthlink.checks.census_tables import check_letter, read_day, reference_of, year_of
from hearthlink.checks.working_days import BANK_HOLIDAYS, working_days_before
from hearthlink.engine import Engine, open_engine
from hearthlink.tables.census import FLAT

USUAL = {"LAchildID": "A", "CINdetailsID": "1", "AssessmentID": "1", "CPPID": "1"}
DOMAIN_CODES = (
    "100 1510 1520 1530 1540 1550 1560Q 1570 1580 4180 8500 8510 8520 8525Q 8530Q 8535Q 8545Q 8750 8770Q 8772 8775Q 2886Q 4220 8540"
    " 8590 8600 8606 8568 8569Q 8610 8650 8866 8620 8630 8640 8805 8810 8585Q 8555Q 8815 8816 8820 8565 8831 8832 2990 8825Q 2991Q"
    " 1103 2889 1104 1105 4015 8608 8696 8736 8670Q 8863Q 8896 8867 8614 8897Q 8898 8869 8873Q 8945Q 8950Q 4000 4001 4016 4017 4003"
    " 4004 4008 4009Q 4010 4011 4012Q 4013 4014 8615 8675Q 8715 8740 8839 8890 8868 8870Q 8875 2884 2883 2885 8720 8730 8840 8925"
    " 8930 8935 8940 8841 8842Q 8905 8910 8915 8920 8790 8794 2887Q 2888Q"
).split()
NAMED = [pytest.param(card, id=f"{card.code}-{card.years[0]}") for card in CENSUS_CARDS]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine for the whole file."""
    with open_engine(threads=1) as opened:
        yield opened


def flat_of(rows: FlatRows, tables: set[str]) -> dict[str, pa.Table]:
    """Flat tables of a few rows: every column given, ids that are not told the usual ones."""
    made: dict[str, pa.Table] = {}
    for name in tables:
        usual = {column: USUAL.get(column) for column in FLAT[name]}
        cells = [usual | dict(row) for row in rows.get(name, ())]
        made[name] = pa.table({c: pa.array([row[c] for row in cells], pa.string()) for c in FLAT[name]})
    return made


def tables_of(card: CensusCard) -> set[str]:
    return {column.split(".")[0] for column in (*card.about, *card.needs)} | {*card.passing, *card.failing}


def found_by(engine: Engine, card: CensusCard, rows: FlatRows) -> pa.Table:
    ends = date(card.example_year, 3, 31)
    return census_findings(engine, flat_of(rows, tables_of(card)), reference_date=ends, cards=(card,))


@pytest.mark.parametrize("card", NAMED)
def test_a_rule_keeps_to_its_own_examples(engine: Engine, card: CensusCard) -> None:
    """Each rule finds nothing in its passing example, and in its failing one the first of its columns, and no column but its own."""
    assert found_by(engine, card, card.passing).num_rows == 0
    found = found_by(engine, card, card.failing)
    assert found.schema == PLACES
    places = {f"{row['table']}.{row['column']}" for row in found.to_pylist()}
    assert card.places[0] in places
    assert places <= set(card.places)
    assert set(found.column("severity").to_pylist()) == {card.kind}


@pytest.mark.parametrize("card", NAMED)
def test_examples_differ_in_what_the_rule_is_about(card: CensusCard) -> None:
    """Its two examples are the same but for cells of the columns that the rule judges, or rows of the tables they stand in."""
    about_tables = {column.split(".")[0] for column in card.about}
    differing: set[str] = set()
    for table in {*card.passing, *card.failing}:
        passing, failing = card.passing.get(table, ()), card.failing.get(table, ())
        if len(passing) != len(failing):
            assert table in about_tables
            differing.add(table)
            continue
        for one, other in zip(passing, failing, strict=True):
            changed = {f"{table}.{c}" for c in {*one, *other} if one.get(c, USUAL.get(c)) != other.get(c, USUAL.get(c))}
            assert changed <= set(card.about), changed
            differing |= changed
    assert differing


def test_every_rule_of_the_reference_is_a_card() -> None:
    """The rules that matter to a linkage are all there, each once in any year, and a card's columns exist."""
    assert {card.code for card in CENSUS_CARDS} == set(DOMAIN_CODES)
    for year in range(2017, 2028):
        held = Counter(card.code for card in CENSUS_CARDS if card.years[0] <= year <= card.years[1])
        assert max(held.values()) == 1
    for card in CENSUS_CARDS:
        assert all(column.split(".")[1] in FLAT[column.split(".")[0]] for column in (*card.about, *card.needs)), (
            card.code
        )
        assert (card.code.endswith("Q")) == (card.kind == "query"), card.code


def test_rules_speak_to_a_reader() -> None:
    """A rule says what it found in words that begin a sentence, and what is done about it in a sentence."""
    for card in CENSUS_CARDS:
        assert card.says[0].isupper(), card.code
        assert not card.says.endswith("."), card.code
        assert card.use.endswith("."), card.code


def test_nothing_is_found_in_nothing(engine: Engine) -> None:
    """Without any table no rule is asked; with empty ones only the missing header is told."""
    assert census_findings(engine, {}).num_rows == 0
    empty = flat_of({}, set(FLAT))
    assert set(census_findings(engine, empty).column("code").to_pylist()) == {"100"}


SPELT = (("true", False), ("TRUE", False), ("1", False), ("0", False), ("false", False), ("Yes", True), ("", True))


@pytest.mark.parametrize(("spelt", "wrong"), SPELT)
def test_a_flag_is_known_in_every_spelling_of_the_census(engine: Engine, spelt: str, wrong: bool) -> None:
    """True, false, 1 and 0 are said; anything else is not."""
    found = census_findings(engine, {"CINdetails": pa.table({"ReferralNFA": [spelt]})})
    assert ("8568" in found.column("code").to_pylist()) is wrong


UPNS: tuple[tuple[str, str | None], ...] = (
    ("H801200001001", "H"), ("A950000178301", "A"), ("?80120000100A", "U"), ("A80120000100O", None), ("A8012", None),
    ("A8012000010\u0661\u0661", None),
)  # fmt: skip


@pytest.mark.parametrize(("upn", "letter"), UPNS)
def test_check_letters_are_worked_out_by_hand(upn: str, letter: str | None) -> None:
    """Places times figures by 23, the last letter of a temporary number by its place in the list; nothing where it is no number."""
    if letter and upn[12].isdigit():
        assert sum(n * int(c) for n, c in enumerate(upn[1:], start=2)) % 23 == "ABCDEFGHJKLMNPQRTUVWXYZ".index(letter)
    assert check_letter(upn) == letter


DAYS: tuple[tuple[str | None, date | None], ...] = (
    ("2020-03-31", date(2020, 3, 31)), ("31/03/2020", date(2020, 3, 31)), ("31-03-2020", date(2020, 3, 31)),
    ("2020-03-31T00:00:00", date(2020, 3, 31)), ("31/02/2020", None), ("31/03/20", None), ("NULL", None), (None, None),
)  # fmt: skip


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_days_are_read_in_both_orders(text: str | None, day: date | None) -> None:
    """ISO and day first are dates; what is no day of the calendar is missing."""
    assert read_day(text) == day


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    """Before 1 April 2024, Easter Monday, the last working day is Thursday; every bank holiday of the table is a weekday."""
    assert working_days_before(date(2024, 4, 1), 1) == date(2024, 3, 28)
    assert working_days_before(date(2023, 3, 31), 45) == date(2023, 1, 27)
    assert all(day.weekday() < 5 for day in BANK_HOLIDAYS)
    assert Counter(day.year for day in BANK_HOLIDAYS) == Counter(
        dict.fromkeys(range(2013, 2028), 8) | {2022: 10, 2023: 9}
    )


def test_the_year_is_the_reference_dates(engine: Engine) -> None:
    """The reference date counts over the year named beside it; a rule of later years is not asked of an earlier one."""
    header = {"Header": pa.table({"Year": ["2023"], "ReferenceDate": ["31/03/2024"]})}
    assert reference_of(header) == date(2024, 3, 31)
    assert [year_of(day) for day in (date(2024, 3, 31), date(2024, 4, 1), None)] == [2024, 2025, 2027]
    long_id = {"ChildIdentifiers": pa.table({"LAchildID": ["1" * 21]})}
    asked = [census_findings(engine, long_id, year=year).column("code").to_pylist() for year in (2024, 2025)]
    assert ["1570" in codes for codes in asked] == [False, True]


def test_rows_are_named_by_their_lines(engine: Engine) -> None:
    """A place is the child and the line that the file gives, or without them the row and the child's number by id."""
    episodes = {"LAchildID": ["A", "B"], "ReferralNFA": ["true", "?"]}
    (place,) = census_findings(engine, {"CINdetails": pa.table(episodes)}).to_pylist()
    assert (place["child_no"], place["line"]) == (2, 2)
    given = {**episodes, "child_no": [7, 9], "line": [120, 345]}
    (place,) = census_findings(engine, {"CINdetails": pa.table(given)}).to_pylist()
    assert (place["child_no"], place["line"]) == (9, 345)


FACTORS: tuple[Mapping[str, list[object]], ...] = (
    {"AssessmentFactors": [["21", "1A"]]},
    {"AssessmentFactors": ["['21', '1A']"]},
    {"AssessmentFactors": ["21,1a"]},
    {"AssessmentFactors": ["21", "1A"]},
)


@pytest.mark.parametrize("columns", FACTORS)
def test_factors_may_stand_with_the_assessment(engine: Engine, columns: Mapping[str, list[object]]) -> None:
    """Factors in a list, in one cell or in a row each are the factors of the assessment."""
    size = len(columns["AssessmentFactors"])
    shared = {
        "LAchildID": ["A"] * size,
        "CINdetailsID": ["1"] * size,
        "AssessmentAuthorisationDate": ["2024-06-03"] * size,
    }
    found = census_findings(engine, {"Assessments": pa.table({**shared, **columns})})
    assert "8869" in found.column("code").to_pylist()


def test_no_word_of_a_value_is_found(engine: Engine) -> None:
    """Whatever stands in the cells, a place names tables, columns and numbers alone."""
    marked = {name: pa.table({c: ["CANARY"] for c in columns}) for name, columns in FLAT.items()}
    found = census_findings(engine, marked)
    assert found.num_rows
    assert "CANARY" not in str(found.to_pylist())
