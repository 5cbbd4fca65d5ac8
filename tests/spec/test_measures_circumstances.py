"""What claims say of a household at a month's end: sources in order of trust, empty cells, ended claims, months without a file."""

from __future__ import annotations

from datetime import date

import pytest

from hearthlink.measures.circumstances import Circumstances, circumstances
from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.months import UNKNOWN, grid_of

BEGAN, JUNE = date(2019, 1, 7), 26


def told(*periods: Row, **more: tuple[Row, ...]) -> Circumstances:
    award: Row = {"benefit": "hb", "start_date": BEGAN, "status": "in_payment"}
    plain: Row = {"start_date": BEGAN, "status": "in_payment"}
    tables = example_tables({"award": (award,), "household_period": tuple({**plain, **one} for one in periods), **more})
    return circumstances(grid_of(tables, YEAR_START), tables)


SHBE, CTS = {"source": "shbe", "rent": 100}, {"source": "cts", "rent": 200}


@pytest.mark.parametrize(
    ("periods", "rent"),
    [
        pytest.param((CTS, SHBE), 100, id="the housing benefit extract before council tax support"),
        pytest.param((CTS, SHBE | {"rent": None}), 200, id="an empty cell gives way to the next source"),
        pytest.param((CTS, SHBE | {"rent": 0}), 0, id="a nought does not"),
        pytest.param((SHBE | {"status": "ended"},), UNKNOWN, id="an ended claim says nothing"),
        pytest.param((SHBE, SHBE | {"rent": 300, "start_date": date(2019, 5, 1)}), 300, id="what began last holds"),
        pytest.param((SHBE | {"end_date": date(2019, 6, 29)},), UNKNOWN, id="what ended before the month's last day does not hold"),
        pytest.param((SHBE | {"bedrooms": 2, "rent": 50}, SHBE), 50, id="of two that began together the one that says more"),
        pytest.param((SHBE, SHBE | {"rent": 50}), 100, id="else the one that is larger by what it says"),
    ],
)  # fmt: skip
def test_what_holds_at_a_months_end(periods: tuple[Row, ...], rent: int) -> None:
    """The rent that holds on 30 June 2019, whatever the order of the rows."""
    for rows in (periods, periods[::-1]):
        assert int(told(*rows).whole("rent")[0, JUNE]) == rent


def test_a_source_says_nothing_of_a_month_that_no_file_of_it_speaks_of() -> None:
    """Where the Housing Benefit file of June is missing, council tax support is asked."""
    covered = tuple({"source": "hb", "month": date(2019, month, 1), "covered": month != 6} for month in range(1, 13))
    made = told(SHBE, CTS, month_covered=covered).whole("rent")[0]
    assert made[JUNE - 1 : JUNE + 2].tolist() == [100, 200, 100]


def test_flags_and_words_have_a_place_for_what_is_not_known() -> None:
    """A flag is 1, 0 or -1 and a word its place among those asked for, or -1."""
    made = told(SHBE | {"passported": False, "tenure": "private"})
    assert int(made.flag("passported")[0, JUNE]) == 0
    assert int(made.flag("uc_in_payment")[0, JUNE]) == -1
    assert int(made.code("tenure", ("council", "private"))[0, JUNE]) == 1
    assert int(made.code("tenure", ("council",))[0, JUNE]) == -1
