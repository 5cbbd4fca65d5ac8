"""A case system's extract that holds other years besides is read as the census of the study's year would have it."""

from __future__ import annotations

import pytest

from hearthlink.errors import DataProblem
from hearthlink.sources.activity.census import census_of
from hearthlink.sources.census.flat_rows import Flat, Row, flat_tables, no_rows
from hearthlink.sources.census.flat_year import AFTER, OTHER_YEARS, cut_to_year
from hearthlink.sources.reading.years import census_year

YEAR = census_year("2019-20")
EPISODES: dict[str, tuple[str, str | None]] = {
    "closed before the year": ("2018-05-01", "2019-03-31"),
    "open when it began": ("2018-05-01", "2019-04-01"),
    "within it": ("2019-06-01", "2019-07-01"),
    "closed after it": ("2019-06-01", "2020-04-01"),
    "open still": ("2019-06-01", None),
    "begun on its last day": ("2020-03-31", None),
    "begun after it": ("2020-04-01", None),
}


def extract(source: str = "ssd") -> Flat:
    """A child for each episode, with two assessments: one in the summer of 2019, one begun and ended in the summer of 2020."""
    rows: dict[str, list[Row]] = no_rows()
    for number, (referred, closed) in enumerate(EPISODES.values(), 1):
        at, child = (number, number), f"C{number}"
        rows["ChildIdentifiers"].append((*at, child, None, None, None, "2010-01-01", None, None, "F", None))
        rows["ChildCharacteristics"].append((*at, child, None))
        rows["CINdetails"].append((*at, child, "1", referred, "1A", "N1", closed, closed and "RC1", None, None))
        for assessment, (start, end) in enumerate((("2019-06-20", "2020-04-02"), ("2020-06-20", "2020-07-20")), 1):
            rows["Assessments"].append((*at, child, "1", str(assessment), start, None, end))
            rows["AssessmentFactors"].append((*at, child, "1", str(assessment), "2A"))
    return Flat(flat_tables(rows), source, "ssd_person.csv", "", len(EPISODES))


def test_what_was_not_open_in_the_year_or_not_known_on_its_last_day_is_left_out() -> None:
    """Episodes of other years go with their children; of the others later activity, later ends and what hangs on them go, and are counted."""
    cut = cut_to_year(extract(), YEAR)
    children = [
        f"C{number}"
        for number, name in enumerate(EPISODES, 1)
        if name not in ("closed before the year", "begun after it")
    ]
    for table in ("ChildIdentifiers", "ChildCharacteristics", "CINdetails", "Assessments"):
        assert cut.tables[table].column("LAchildID").to_pylist() == children
    details = cut.tables["CINdetails"]
    assert details.column("CINclosureDate").to_pylist() == ["2019-04-01", "2019-07-01", None, None, None]
    assert details.column("ReasonForClosure").to_pylist() == ["RC1", "RC1", None, None, None]
    assert set(cut.tables["Assessments"].column("AssessmentAuthorisationDate").to_pylist()) == {None}
    assert not cut.tables["AssessmentFactors"].num_rows
    assert (cut.rows_in, cut.notes) == (5, {OTHER_YEARS: 2, AFTER: 5})


def test_the_census_of_such_an_extract_holds_the_year_alone() -> None:
    """The same episodes as a census file holds are typed, and the receipt says what was left out."""
    census = census_of(extract("daily_api"), YEAR)
    assert (census.referral.num_rows, census.tally.notes[OTHER_YEARS]) == (5, 2)


def test_a_census_itself_is_left_as_it_is() -> None:
    """Its own rules are asked of what a return holds, whatever its dates."""
    flat = extract("cin_csv")
    assert cut_to_year(flat, YEAR) is flat


@pytest.mark.parametrize("asked", ["2017-18", "2020-21", "2022-23"])
def test_an_extract_that_does_not_hold_the_year_is_refused(asked: str) -> None:
    """The message says of which year most referrals are, and what to ask for."""
    flat = extract()
    details = flat.tables["CINdetails"]
    flat.tables["CINdetails"] = details.slice(2, 4)
    with pytest.raises(DataProblem, match=f"Few of its referrals are of {asked}; most are of 2019-20"):
        census_of(flat, census_year(asked))
