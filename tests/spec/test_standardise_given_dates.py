"""Dates as any file writes them: the style is told from the whole column, and what is no date stays text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pyarrow as pa
import pytest

from hearthlink.standardise.birth_texts import Dates, read_dates
from hearthlink.standardise.births import births
from hearthlink.standardise.given import given


def read(*columns: list[object], latest: int | None = None) -> list[list[object]]:
    """Each column's answers: the day as ISO text, a text after a mark, or None."""
    return [
        shown(one) for one in read_dates([pa.chunked_array([pa.array(column)]) for column in columns], latest=latest)
    ]


def shown(one: Dates) -> list[object]:
    days = one.days.cast(pa.date32()).to_pylist()
    return [
        day.isoformat() if day else f"text {text}" if text else None
        for day, text in zip(days, one.text.to_pylist(), strict=True)
    ]


SPELLINGS = [
    ("2010-06-14", "2010-06-14"), ("2010/6/14", "2010-06-14"), ("14/06/2010", "2010-06-14"), ("14.6.2010", "2010-06-14"),
    ("14-06-10", "2010-06-14"), ("20100614", "2010-06-14"), ("14062010", "2010-06-14"), ("14 June 2010", "2010-06-14"),
    ("14th Jun 2010", "2010-06-14"), ("June 14, 2010", "2010-06-14"), ("14-JUN-10", "2010-06-14"), ("2010-JUN-14", "2010-06-14"),
    ("2010-06-14T00:00:00", "2010-06-14"), ("14/06/2010 00:00", "2010-06-14"), ("40343", "2010-06-14"), ("40343.0", "2010-06-14"), ("14/06/85", "1985-06-14"),
    ("31/02/2010", "text 2010-02-31"), ("2010-13-45", "text 2010-13-45"), ("2010", "text 2010"), ("2010.0", "text 2010"), ("ab12", "text AB12"),
    ("14/O6/2O1O", "text 2010-06-14"), ("l4.06.Z010", "text 2010-06-14"), ("114/06/2010", "text 2010-06-114"), ("2010-06-1x", "text 2010-06-1X"),
    ("Monday 14 June 2010", "2010-06-14"), ("Mon, 14th of Jun 2010", "2010-06-14"), ("'2010-06-14", "2010-06-14"), ('"14/06/2010"', "2010-06-14"),
    ("14 de junio de 2010", "2010-06-14"), ("14 juin 2010", "2010-06-14"), ("14. Juni 2010", "2010-06-14"), ("3 f\u00e9vrier 2010", "2010-02-03"),
    ("3 pa\u017adziernika 2010", "2010-10-03"), ("5 Dec 2010", "2010-12-05"), ("5 de dezembro de 2010", "2010-12-05"), ("140610", "2010-06-14"),
    ("1276473600", "2010-06-14"), ("1276473600000", "2010-06-14"), ("-86400000000", "1967-04-07"), ("########", None),
    ("2010-06", "2010-06-01"), ("06/2010", "2010-06-01"), ("Jun 2010", "2010-06-01"),
    ("", None), ("unknown", None), ("N/A", None), ("0000-00-00", None), ("9999-12-31", None), ("//", None), (None, None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "date_or_text"), SPELLINGS)
def test_a_date_is_read_however_it_is_written(written: str | None, date_or_text: str | None) -> None:
    """Each way of writing a day gives that day; an impossible day, a year alone and a code stay text; fillers are empty."""
    assert read([written, "25/12/2011"])[0][0] == date_or_text


STYLES = [
    (["03/04/2010", "25/12/2010"], ["01/02/2011"], ["2010-04-03", "2010-12-25"], ["2011-02-01"]),
    (["03/04/2010", "12/25/2010"], ["01/02/2011"], ["2010-03-04", "2010-12-25"], ["2011-01-02"]),
    (["03/04/2010"], ["12/25/2010", "01/02/2011"], ["2010-03-04"], ["2010-12-25", "2011-01-02"]),
    (["03/04/2010", "25/12/2010"], ["12/25/2010"], ["2010-04-03", "2010-12-25"], ["2010-12-25"]),
    (["03/04/2010"], ["01/02/2011"], ["2010-04-03"], ["2011-02-01"]),
    (["03/04/2010", "12/25/2010", "12/26/2010", "25/12/2010"], [None], ["2010-03-04", "2010-12-25", "2010-12-26", "2010-12-25"], [None]),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "one_read", "other_read"), STYLES)
def test_the_whole_column_tells_whether_the_month_comes_first(
    one: list[object], other: list[object], one_read: list[object], other_read: list[object]
) -> None:
    """A second part past 12 makes a column month first; an ambiguous column follows the other, else the day comes first."""
    assert read(one, other) == [one_read, other_read]


SHORT = [f"{n % 12 + 7:02}-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(60)]


@pytest.mark.parametrize(
    ("column", "first"),
    [(SHORT, "2007-01-01"), ([text.replace("-", "") for text in SHORT], "2007-01-01"),
     (["-".join(reversed(text.split("-"))) for text in SHORT], "2007-01-01"), (["".join(reversed(text.split("-"))) for text in SHORT], "2007-01-01"),
     ([f"{text[3:5]}/{text[6:]}/{text[:2]}" for text in SHORT], "2007-01-01"), (["850314", *SHORT[:5]], "1985-03-14"),
     ([f"20{n % 12 + 7:02}{n % 11 + 1:02}" for n in range(60)], "2007-01-01")],
)  # fmt: skip
def test_a_short_year_stands_where_the_whole_column_says(column: list[object], first: str) -> None:
    """A year of two figures comes first where that place holds what no day can be, or fewer kinds than days have; six figures may be a month."""
    found = read(column)[0]
    assert found[0] == first
    assert not any(str(day).startswith("text") for day in found)


@pytest.mark.parametrize("days", [("01",), ("01", "15"), ("28", "29", "30", "31")])
def test_dates_on_few_days_of_the_month_are_no_years(days: tuple[str, ...]) -> None:
    """Firsts and ends of months are of fewer kinds than the years they lie in, and still days."""
    column: list[object] = [
        f"{day}/{month:02}/{year:02}" for year in range(4, 24) for month in (1, 3, 5) for day in days
    ]
    assert read(column)[0][0] == f"2004-01-{days[0]}"


def test_typed_columns_are_dates_already() -> None:
    """Dates, timestamps, and whole numbers spelt yyyymmdd are read as what they are, with or without a decimal point."""
    assert read([date(2010, 6, 14), None])[0] == ["2010-06-14", None]
    assert read([datetime(2010, 6, 14, 9, 30), None])[0] == ["2010-06-14", None]  # noqa: DTZ001
    local = pa.array([datetime(2010, 6, 13, 23, 0)], pa.timestamp("us", "Europe/London"))  # noqa: DTZ001 - told in UTC
    assert shown(read_dates([pa.chunked_array([local])])[0]) == ["2010-06-14"]
    assert read([20100614, 20111225])[0] == ["2010-06-14", "2011-12-25"]
    assert read([20100614.0, None])[0] == ["2010-06-14", None]


def test_two_figures_stand_for_a_year_that_has_been() -> None:
    """The latest year that other dates name is the last that two figures can mean."""
    assert read(["14/06/19", "14/06/21"], latest=2020)[0] == ["2019-06-14", "1921-06-14"]


def born(
    left: Sequence[str | None], right: Sequence[str | None]
) -> tuple[list[list[object]], list[list[object]], list[str]]:
    sides = [given(pa.table({"person_id": [str(n) for n in range(len(rows))], "birth_date": pa.array(rows, pa.string())}), which)
             for which, rows in (("left", left), ("right", right))]  # fmt: skip
    made, said = births(sides, latest=None)
    return [one.date.to_pylist() for one in made], [one.text.to_pylist() for one in made], said


DAYS = [f"{n % 28 + 1:02}/{n % 12 + 1:02}/20{n % 10:02}" for n in range(60)]


@pytest.mark.parametrize("default", ["01/01/1900", "01/01/1970", "11/11/1911", "05/05/2005"])
def test_a_day_that_systems_fill_in_is_no_birth_date(default: str) -> None:
    """Known defaults go, and so does any day that far too many share; what went is said without the day."""
    dates, _, said = born(DAYS, [*DAYS[:20], *[default] * 40])
    assert sum(day is None for day in dates[1]) >= 40
    assert None not in dates[0]
    assert said == ["birth dates on the right: 67% on days that systems fill in, taken as empty"]


@pytest.mark.parametrize(
    ("right", "says"),
    [([None] * 60, "none"), (["05/05/2005"] * 60, "all one value"), ([f"code{n}" for n in range(60)], "mostly no dates, compared as text"),
     ([str(2000 + n % 9) for n in range(60)], "mostly years, compared as years")],
)  # fmt: skip
def test_a_column_that_says_little_is_said_to(right: list[str | None], says: str) -> None:
    """Birth dates that are lacking, all alike, codes or years are named as such."""
    assert born(DAYS, right)[2] == [f"birth dates on the right: {says}"]


def test_codes_are_compared_as_written_and_years_as_years() -> None:
    """Where one side holds codes both give their texts; where one holds years both give their years, as dates alike."""
    _, texts, _ = born(["a1", "b2"], ["A1", "c3"])
    assert texts == [["A1", "B2"], ["A1", "C3"]]
    dates, texts, _ = born(["14/06/2010", None, "soon"], ["2010", "2012", ""])
    assert dates == [[date(2010, 1, 1), None, None], [date(2010, 1, 1), date(2012, 1, 1), None]]
    assert texts == [[None, None, "SOON"], [None, None, None]]


@pytest.mark.parametrize(("years", "only_years"), [(60, True), (30, True), (10, False)])
def test_the_first_of_january_of_many_years_is_a_year(years: int, only_years: bool) -> None:
    """Where that day is far too common on one side, both sides are compared by year, and it is said; a few are dates like others."""
    right = [f"01/01/20{n % 10:02}" if n < years else day for n, day in enumerate(DAYS)]
    dates, _, said = born(DAYS, right)
    assert all(str(day).endswith("-01-01") for day in dates[0]) is only_years
    assert said == (["birth dates on the right: mostly years, compared as years"] if only_years else [])


def test_the_first_of_january_of_one_year_is_no_year() -> None:
    """A system's default day is taken as empty, though it is a first of January, and the other days stay whole."""
    dates, _, said = born(DAYS, ["01/01/2005"] * 40 + DAYS[:20])
    assert sum(day is None for day in dates[1]) >= 40
    assert any(day and not str(day).endswith("-01-01") for day in dates[1])
    assert said == ["birth dates on the right: 67% on days that systems fill in, taken as empty"]


def test_a_heaped_day_of_the_month_is_weak_and_a_usual_one_is_not() -> None:
    """The first of the month is weak in a file that has it far oftener than the calendar, and in no other."""
    sides = [
        given(pa.table({"person_id": [str(n) for n in range(400)], "birth_date": days}), "left")
        for days in ([f"2010-{n % 12 + 1:02}-01" if n % 2 else f"2011-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(400)],
                     [f"20{n % 15:02}-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(400)])
    ]  # fmt: skip
    (heaped, usual), _ = births(sides, latest=None)
    assert sum(heaped.weak.to_pylist()) >= 200
    assert not any(usual.weak.to_pylist())
