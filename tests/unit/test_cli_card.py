"""A review card fits the window it is shown in, whatever its size, and loses nothing."""

from __future__ import annotations

from datetime import date

import pytest

from hearthlink.cli.card import card_lines, screens
from hearthlink.review import Card, Line

CARD = Card(
    date(2019, 6, 10),
    (
        Line(
            "Child", "AAA BBB, female, born 01 Jan 2010", "dependant AAAA BBB, female, born 10 Jan 2010", "name close"
        ),
        Line("", "", "dependant CCC BBB, male, born 02 Feb 2012, listed from 03 Mar 2013", "forename differs"),
        Line("Address", "1 DDD STREET, EEE, AA1 1AA", "2 FFF ROAD, EEE, AA1 1AB", "differs"),
        Line("Adults", "mother GGG HHH, born 04 Apr 1980", "", "not in this household"),
    ),
)
KEYS = ("m match", "n no match", "u not sure", "b back", "q leave", "? help")
WORDS = sorted(
    {word for line in CARD.lines for part in (line.child, line.household, line.word) for word in part.split()}
)


def shown(columns: int, rows: int | None) -> list[str]:
    return screens("Child 1 of 200, first reading", "600 left", card_lines(CARD, columns), KEYS, columns, rows)


@pytest.mark.parametrize("columns", [32, 40, 64, 76, 77, 80, 100, 200])
@pytest.mark.parametrize("rows", [12, 16, 24, 60])
def test_no_screen_is_larger_than_the_window(columns: int, rows: int) -> None:
    """Each screen leaves the last column and the last line free, says how far the sitting is, and shows every key whole."""
    for screen in shown(columns, rows):
        lines = screen.split("\n")
        assert len(lines) < rows
        assert max(map(len, lines)) < columns
        assert "600 left" in screen
        assert all(key in screen for key in KEYS)


@pytest.mark.parametrize("columns", [32, 64, 80, 200])
@pytest.mark.parametrize("rows", [12, 24, None])
def test_every_word_of_a_card_is_shown(columns: int, rows: int | None) -> None:
    """Page after page, every word of both records and of how they compare is there."""
    pages = shown(columns, rows)
    assert [word for word in WORDS if word not in " ".join(pages).split()] == []
    assert all((f"space more ({n} of {len(pages)})" in page) == (len(pages) > 1) for n, page in enumerate(pages, 1))


def test_where_there_is_no_screen_there_is_one_page() -> None:
    """What is printed to no screen is never parted."""
    assert len(shown(40, None)) == 1
