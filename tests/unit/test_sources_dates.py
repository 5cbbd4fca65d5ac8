"""Dates as suppliers write them."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthlink.sources.reading.dates import Order, order_of, read_days

SPELT = (
    ("2020-04-25", date(2020, 4, 25)),
    ("25-04-2020", date(2020, 4, 25)),
    ("25/04/2020", date(2020, 4, 25)),
    ("5/4/2020", date(2020, 4, 5)),
    (" 2020-04-25 ", date(2020, 4, 25)),
    ("2020-04-25 00:00:00", date(2020, 4, 25)),
    ("2020-04-25T00:00:00.000", date(2020, 4, 25)),
    ("2020-Apr-25 00:00:00", date(2020, 4, 25)),
    ("25-APR-2020", date(2020, 4, 25)),
    ("25.04.2020", date(2020, 4, 25)),
    ("25 April 2020", date(2020, 4, 25)),
    ("1st sept 2020", date(2020, 9, 1)),
    ("25/04/2020 1:05:00 PM", date(2020, 4, 25)),
    ("43831.75", date(2020, 1, 1)),
    ("43831", date(2020, 1, 1)),
    ("2020-06-30T23:00:00Z", date(2020, 7, 1)),
    ("2020-03-28T23:00:00Z", date(2020, 3, 28)),
    ("2020-01-30T23:00:00Z", date(2020, 1, 30)),
)
NOT_DATES = ("31-02-2020", "2020-13-01", "01/01/20", "00-01-2020", "UNKNOWN", "25 XYZ 2020", "25-04 2020", "0000-01-01")


@pytest.mark.parametrize(("text", "day"), SPELT)
def test_a_date_is_read_however_it_is_spelt(text: str, day: date) -> None:
    """Each spelling seen in real extracts gives its day, and midnight exported in summer as 23:00 UTC is put right."""
    assert read_days(pa.array([text])).dates.to_pylist() == [day]


@pytest.mark.parametrize("text", NOT_DATES)
def test_what_is_no_date_is_missing_and_counted(text: str) -> None:
    """A value that is not a date, or has a two-digit year, is missing and counts as not understood."""
    read = read_days(pa.array([text, None, "2020-01-01"]))
    assert read.dates.to_pylist() == [None, None, date(2020, 1, 1)]
    assert read.unread.to_pylist() == [True, False, False]
    assert read.unread_count == 1


ORDERS = (
    ("a first number past 12", ["25/04/2020", "04/05/2020"], Order.DAY, [date(2020, 4, 25), date(2020, 5, 4)]),
    ("a second number past 12", ["04/25/2020", "04/05/2020"], Order.MONTH, [date(2020, 4, 25), date(2020, 4, 5)]),
    ("the same with times", ["4/25/2020 12:00:00 AM", "4-5-2020"], Order.MONTH, [date(2020, 4, 25), date(2020, 4, 5)]),
    ("nothing that tells", ["04/05/2020", None], Order.UNTOLD, [date(2020, 5, 4), None]),
    ("both", ["04/25/2020", "25/04/2020"], Order.MIXED, [None, date(2020, 4, 25)]),
    ("one mistake among many", ["04/25/2020", *["25/04/2020"] * 21], Order.DAY, [None, *[date(2020, 4, 25)] * 21]),
    ("no such spelling", ["2020-04-25", None], None, [date(2020, 4, 25), None]),
)


@pytest.mark.parametrize(("texts", "order", "days"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS])
def test_a_column_tells_which_number_is_the_day(
    texts: list[str | None], order: Order | None, days: list[date | None]
) -> None:
    """Whether the day or the month stands first is told from the whole column; where nothing tells, the day does."""
    column = pa.array(texts, pa.string())
    assert order_of(column) is order
    assert read_days(column, month_first=order is Order.MONTH).dates.to_pylist() == days


def test_an_end_far_in_the_future_is_open() -> None:
    """31 December 2099 or later, as an end, means that the end has not come; as another date it stays."""
    ends = pa.array(["31/12/2099", "31/12/9999", "30/12/2099"])
    assert read_days(ends, ends=True).dates.to_pylist() == [None, None, date(2099, 12, 30)]
    assert read_days(ends).dates.null_count == 0
    assert read_days(ends, ends=True).unread_count == 0


@given(
    st.lists(st.one_of(st.none(), st.dates(date(1890, 1, 1), date(2199, 12, 31))), min_size=1),
    st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"]),
    st.integers(0, 3),
)
def test_a_column_of_one_shape_reads_as_its_spellings_do(days: list[date | None], shape: str, skipped: int) -> None:
    """The quick reading of a column in one spelling gives the same days as reading it value by value."""
    texts = pa.array([day and day.strftime(shape) for day in days], pa.string()).slice(skipped)
    mixed = pa.concat_arrays([texts, pa.array([" 2020-01-01"])])
    assert read_days(texts).dates.to_pylist() == days[skipped:]
    assert read_days(mixed).dates.to_pylist() == [*days[skipped:], date(2020, 1, 1)]
