"""Dates in orders that a mapping names, and names held in one string: what each order reads, and what it leaves."""

from __future__ import annotations

from datetime import date

import pytest

from hearthlink.sources.intake.name_parts import ORDERS, NameParts, Order, name_parts
from hearthlink.sources.reading.date_formats import DATE_FORMATS, DateFormat, has_short_year, read_spelt
from hearthlink.sources.reading.dates import day_of

DATES: tuple[tuple[DateFormat, str, date | None], ...] = (
    ("yyyy-mm-dd", "2019-04-01", date(2019, 4, 1)), ("yyyy-mm-dd", "2019/4/1", date(2019, 4, 1)), ("yyyymmdd", "20190401", date(2019, 4, 1)),
    ("dd/mm/yyyy", "1.4.2019", date(2019, 4, 1)), ("ddmmyyyy", "01042019", date(2019, 4, 1)), ("dd mon yyyy", "1 April 2019", date(2019, 4, 1)),
    ("dd mon yyyy", "01-APR-2019 00:00:00", date(2019, 4, 1)), ("mm/dd/yyyy", "4/1/2019 12:00:00 AM", date(2019, 4, 1)),
    ("dd/mm/yy", "01/04/19", date(2019, 4, 1)), ("dd/mm/yy", "01/04/31", date(1931, 4, 1)), ("ddmmyy", "010419", date(2019, 4, 1)),
    ("yymmdd", "190401", date(2019, 4, 1)), ("dd mon yy", "01-Apr-30", date(2030, 4, 1)), ("mm/dd/yy", "04/01/19", date(2019, 4, 1)),
    ("cyymmdd", "1190401", date(2019, 4, 1)), ("cyymmdd", "0850401", date(1985, 4, 1)),
    ("dd/mm/yyyy", "31/02/2019", None), ("dd/mm/yyyy", "2019-04-01", None), ("dd/mm/yy", "01/04/2019", None), ("yyyymmdd", "2019-04-01", None),
    ("dd mon yyyy", "1 Smith 2019", None), ("dd/mm/yyyy", "", None), ("dd/mm/yyyy", "01/04/2019; x", None), ("dd/mm/yyyy", "1/4/²019", None),
)  # fmt: skip


@pytest.mark.parametrize(("spelt", "text", "day"), DATES)
def test_a_date_is_read_in_the_order_that_is_named(spelt: DateFormat, text: str, day: date | None) -> None:
    """A date is read in the one order that a mapping names, and what is not spelt so is no date."""
    found = read_spelt(text, spelt, 30)
    assert (None if found is None else day_of(found)) == day


def test_every_order_of_a_date_is_tried() -> None:
    """Each order that there is has an example above, and exactly those with two digits of the year need a pivot."""
    assert {case[0] for case in DATES} == {*DATE_FORMATS}
    short = {"dd/mm/yy", "ddmmyy", "yymmdd", "dd mon yy", "mm/dd/yy"}
    assert {spelt for spelt, _, _ in DATES if has_short_year(spelt)} == short


NAMES: tuple[tuple[Order, str, NameParts], ...] = (
    ("SURNAME, TITLE FORENAMES", "AAA BBB, MRS. CCC DDD", NameParts("AAA BBB", "MRS.", ("CCC", "DDD"))),
    ("SURNAME, TITLE FORENAMES", "AAA, CCC", NameParts("AAA", None, ("CCC",))),
    ("SURNAME, TITLE FORENAMES", "AAA", NameParts("AAA", None, ())),
    ("SURNAME, FORENAMES", "A-BB , CCC  DDD", NameParts("A-BB", None, ("CCC", "DDD"))),
    ("SURNAME TITLE FORENAMES", "AAA BBB MR CCC", NameParts("AAA BBB", "MR", ("CCC",))),
    ("SURNAME TITLE FORENAMES", "AAA CCC DDD", NameParts("AAA", None, ("CCC", "DDD"))),
    ("SURNAME FORENAMES", "AAA CCC", NameParts("AAA", None, ("CCC",))),
    ("TITLE FORENAMES SURNAME", "Dr CCC DDD AAA", NameParts("AAA", "Dr", ("CCC", "DDD"))),
    ("FORENAMES SURNAME", "CCC AAA", NameParts("AAA", None, ("CCC",))),
    ("FORENAMES SURNAME", "  ", NameParts(None, None, ())),
    ("SURNAME, TITLE FORENAMES", ",", NameParts(None, None, ())),
)  # fmt: skip


@pytest.mark.parametrize(("order", "text", "parts"), NAMES)
def test_a_name_is_taken_apart_in_the_order_that_is_named(order: Order, text: str, parts: NameParts) -> None:
    """A name in one string is parted as its order says; a part that is not there is empty."""
    assert name_parts(text, order) == parts


def test_every_order_of_a_name_is_tried() -> None:
    """Each order that there is has an example above."""
    assert {case[0] for case in NAMES} == {*ORDERS}
