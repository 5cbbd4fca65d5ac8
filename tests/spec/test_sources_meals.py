"""Free school meals: which child, or whose household, a spell of entitlement is of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from made_money import handles, keys, read, reasons, rows_of

from hearthlink.sources.money.files import REPLACED
from hearthlink.sources.money.join import NOBODY
from hearthlink.sources.money.meals import BY_HOUSEHOLD, BY_NAME, BY_NUMBER, CHILD_IN_DOUBT, NO_SPELL

Cells = Mapping[str, object]
FILE = "school_meals/fsmperiodsonroll.csv"
NUMBERS = handles(upn=[("A123456789012", "C2"), ("B123456789012", "C1"), ("B123456789012", "C3")])


def spell(**cells: object) -> Cells:
    return {"upn": "", "fsmstartdate": "2018-09-01", "fsmenddate": "", **cells}


ONE_OF_US = {"surname": "Smith", "forename": "CCC", "dob": "2012-05-03"}
TWINS = {"surname": "GREEN", "forename": "Ggg", "dob": "2010-01-02"}
ELSEWHERE = {"surname": "BROWN", "forename": "eee", "dob": "2011-08-07"}

CASES: tuple[tuple[str, Cells, str, str], ...] = (
    ("unique pupil number", spell(upn="a123456789012"), "C2", BY_NUMBER),
    ("a number goes before a name", spell(upn="A123456789012", **ONE_OF_US), "C2", BY_NUMBER),
    ("name and birth date", spell(**ONE_OF_US), "C1", BY_NAME),
    ("an unknown number and a name", spell(upn="Z999999999999", **ONE_OF_US), "C1", BY_NAME),
    ("two children alike, one of them at that postcode", spell(**TWINS, postcode="ZZ2 2BB"), "C2", BY_NAME),
    ("two children alike", spell(**TWINS), "", CHILD_IN_DOUBT),
    ("a number that two children bear", spell(upn="B123456789012"), "", CHILD_IN_DOUBT),
    ("a child of a household who is no child of the study", spell(**ELSEWHERE, fsmstartdate="2019-09-01"), "H3", BY_HOUSEHOLD),
    ("the household at that time", spell(**ELSEWHERE, fsmenddate="2018-12-20"), "H2", BY_HOUSEHOLD),
    ("over two households in turn", spell(**ELSEWHERE), "", CHILD_IN_DOUBT),
    ("an adult of the name", spell(surname="BROWN", forename="Ddd", dob="1980-06-05"), "", NOBODY),
    ("nobody", spell(surname="QQQ", forename="Qqq", dob="2010-01-01"), "", NOBODY),
    ("a number cut short", spell(upn="A12345"), "", NOBODY),
)  # fmt: skip


@pytest.mark.parametrize(("row", "whose", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_spell_goes_to_a_child_or_to_a_household(tmp_path: Path, row: Cells, whose: str, words: str) -> None:
    """By number, else by name and birth date, to the child of the study; else to the household of the dependant; never to both."""
    money = read(tmp_path, {FILE: [row]}, handles=NUMBERS)
    assert [one["whose"] for one in rows_of(money, "school_meal")] == ([whose] if whose else [])
    assert reasons(money) == {words: 1}


def test_what_a_spell_says(tmp_path: Path) -> None:
    """Dates, protection and category are kept; the pupil number, name and country are not."""
    row = spell(**ONE_OF_US, fsmenddate="2020-03-20", transitional_protection="Y", FSMCategory="TFSM", ukcountry="ENG")
    money = read(tmp_path, {FILE: [row]})
    assert rows_of(money, "school_meal") == [
        {
            "whose": "C1",
            "start_date": "2018-09-01",
            "end_date": "2020-03-20",
            "protected": True,
            "category": "means_tested",
        }
    ]
    assert "ENG" not in str(money.tables)


def test_the_same_spell_of_a_later_term_replaces_the_earlier(tmp_path: Path) -> None:
    """A spell is told again every term; one that has since ended is the same spell, ended."""
    files = {
        "school_meals/fsm_201910.csv": [spell(**ONE_OF_US)],
        "school_meals/fsm_202001.csv": [spell(**ONE_OF_US, fsmenddate="2019-12-20"), spell(**ONE_OF_US, fsmstartdate="2016-09-01", fsmenddate="2017-07-20")],
    }  # fmt: skip
    money = read(tmp_path, files)
    assert [(row["start_date"], row["end_date"]) for row in rows_of(money, "school_meal")] == [
        ("2016-09-01", "2017-07-20"),
        ("2018-09-01", "2019-12-20"),
    ]
    assert reasons(money)[REPLACED] == 1


def test_the_order_of_pupils_changes_nothing(tmp_path: Path) -> None:
    """Spells in another order, under other keys, come out the same."""
    rows = [case[1] for case in CASES]
    one = read(tmp_path / "one", {FILE: rows}, handles=NUMBERS)
    other = read(tmp_path / "other", {FILE: rows[::-1]}, handles=NUMBERS, new_key=keys(4))
    assert rows_of(one, "school_meal") == rows_of(other, "school_meal") != []
    assert reasons(one) == reasons(other)


def test_the_school_census_has_its_pupils_in_another_table(tmp_path: Path) -> None:
    """Spells that hold only the pupil's key take name and number from the roll of the same key, of any term, former numbers too."""
    spells = [
        {"pupilonrolltableid": key, "fsmstartdate": "2018-Sep-03 00:00:00", "fsmenddate": "", "ukcountry": "ENG"}
        for key in ("a-1", "b-2", "c-3", "d-4", "")
    ]
    roll = [
        {"pupilonrolltableid": "a-1", "upn": "", "formerupn": "", "surname": "SMITH", "forename": "CCC", "dob": "2012-May-03 00:00:00"},
        {"pupilonrolltableid": "b-2", "upn": "", "formerupn": "A123456789012", "surname": "", "forename": "", "dob": ""},
        {"pupilonrolltableid": "c-3", "upn": "Z999999999999", "formerupn": "", "surname": "QQQ", "forename": "Q", "dob": "2012-May-03 00:00:00"},
        {"pupilonrolltableid": "z-9", "upn": "", "formerupn": "", "surname": "QQQ", "forename": "Q", "dob": "2012-May-03 00:00:00"},
    ]  # fmt: skip
    files = {"school_meals/2024_autumn_fsmperiodsonroll.csv": spells, "school_meals/2024_autumn_pupilonroll.csv": roll}
    money = read(tmp_path, files, handles=NUMBERS)
    assert [(row["whose"], row["start_date"]) for row in rows_of(money, "school_meal")] == [
        ("C1", "2018-09-03"),
        ("C2", "2018-09-03"),
    ]
    assert reasons(money) == {BY_NAME: 1, BY_NUMBER: 1, NOBODY: 3, NO_SPELL: 1}


def test_spells_that_name_nobody_are_not_one_anothers(tmp_path: Path) -> None:
    """Two spells from one day without any name or number are both counted as nobody's, and neither replaces the other."""
    money = read(tmp_path, {FILE: [spell(), spell()]})
    assert reasons(money) == {NOBODY: 2}
