"""Nothing that leaves as comma-separated text is run by a spreadsheet, wherever it stands and whatever it hides behind."""

from __future__ import annotations

import csv
import io

import pytest

from hearthlink.report.tidy import written
from hearthlink.study.papers.fields import fields_csv
from hearthlink.study.release.checks import RUNS

SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BEFORE = ("", " ", "\t", "\r", "\n", "\r\n", "\u00a0", "\u2003", "\ufeff", "\u200b", " \u200b\u00a0")


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEFORE, ids=lambda before: ascii(before).strip("'") or "nothing")
def test_a_cell_or_a_header_that_a_spreadsheet_would_run_is_text(sign: str, before: str) -> None:
    """Behind blanks, line ends and letters without width too, each sign has an apostrophe before it and stands on one line."""
    word = f"{before}{sign}cmd|' /c calc'!A1"
    rows = list(csv.reader(io.StringIO(written([[word, "plain"], ["plain", word]]).decode())))
    for cell in (rows[0][0], rows[1][1]):
        assert cell.startswith(f"'{sign}")
        assert "\n" not in cell


@pytest.mark.parametrize("word", [";=1+1", ",=1+1"])
def test_a_sign_after_what_may_part_cells_is_text(word: str) -> None:
    """Where another mark parts cells, as in other countries, what stands behind it would be a cell."""
    assert next(csv.reader(io.StringIO(written([[word]]).decode())))[0] == f"'{word}"


@pytest.mark.parametrize("word", ["-5", "-0.5", "+3", "12", "1e-3", "a=b", "AAA-BBB", "", "c"])
def test_numbers_and_plain_words_stay(word: str) -> None:
    """A negative number is a number, and a sign within a word harms nobody."""
    assert next(csv.reader(io.StringIO(written([[word, "end"]]).decode())))[0] == word


@pytest.mark.parametrize("sign", SIGNS[:4])
def test_papers_and_the_check_of_a_release_know_the_same_signs(sign: str) -> None:
    """The table of fields that the papers bring is as safe, and what a release is looked through for has each sign."""
    assert fields_csv([], (f" {sign}x",)).decode("utf-8-sig").splitlines()[-1] == f"'{sign}x"
    assert sign in RUNS
