"""The scorer of links: what counts as right, who is taken for whom, and what a stated probability is worth."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).parents[2]

HOMES = {"m1": "h1", "m2": "h1", "m3": "h2"}


@pytest.fixture(autouse=True)
def _within_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


def truth(**known: tuple[str | None, str | None]) -> dict:
    from bench.accuracy_scores import Truth

    def one(value: str | None) -> frozenset[str]:
        return frozenset([value] if value else [])

    return {child: Truth(one(person), one(home)) for child, (person, home) in known.items()}


def test_every_kind_of_answer_is_counted_once() -> None:
    """A right person, a sibling, an unlisted child's home, a wrong none and a right none each land where they belong."""
    from bench.accuracy_scores import Answer, score

    so = truth(a=("m1", "h1"), b=("m2", "h1"), c=(None, "h2"), d=("m3", "h2"), e=(None, None))
    said = {
        "a": Answer("h1", 0.9, "m1", 0.9, 0.1),
        "b": Answer("h1", 0.9, "m1", 0.8, 0.1),
        "c": Answer("h2", 0.7, None, 0.0, 0.3),
        "d": Answer(None, 0.0, None, 0.0, 1.0),
    }
    found = score(said, so, HOMES)
    assert (found.person_precision, found.person_recall) == (0.5, pytest.approx(1 / 3))
    assert found.person_f1 == pytest.approx(2 * 1 / (3 + 2))
    assert (found.household_precision, found.household_recall) == (1.0, 0.75)
    assert found.wrong_sibling == 0.5
    assert found.none_right == 1.0


def test_where_a_file_has_no_households_only_persons_are_judged() -> None:
    """No household truth means no household figure, and a wrong link of an absent person spoils none_right."""
    from bench.accuracy_scores import Answer, score

    found = score(
        {"a": Answer("x", 1.0, "m1", 1.0, 0.0), "b": Answer("x", 1.0, "m2", 1.0, 0.0)},
        truth(a=("m1", None), b=(None, None)),
        {},
    )
    assert found.household_f1 is None
    assert found.household_calibration is None
    assert found.none_right == 0.0


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([(1.0, True)] * 4, 0.0),
        ([(0.8, True)] * 4 + [(0.8, False)], 0.0),
        ([(0.95, False)] * 2, 0.95),
        ([(0.95, True), (0.95, False), (0.05, False), (0.05, False)], (0.9 + 0.1) / 4),
        ([], None),
    ],
)
def test_calibration_is_how_far_stated_and_true_shares_lie_apart(stated: list, expected: float | None) -> None:
    """Bins are weighted by size, and a probability of one has a bin."""
    from bench.accuracy_scores import calibration

    assert calibration(stated) == (expected if expected is None else pytest.approx(expected))


def test_a_peer_is_judged_at_the_cut_that_suits_it_best() -> None:
    """Its best link per child is taken, ties by id; the cut falls between scores, never inside a tie."""
    from bench.accuracy_scores import Link, sweep

    so = truth(a=("m1", "h1"), b=("m3", "h2"), c=(None, None))
    links = [
        Link("a", "m2", 0.95, 5.0), Link("a", "m1", 0.95, 5.0),
        Link("b", "m3", 0.5, 0.0), Link("c", "m3", 0.5, 0.0), Link("c", "m2", 0.1, -3.0),
    ]  # fmt: skip
    found = sweep(links, so, HOMES)
    assert found.person_f1 == pytest.approx(2 * 2 / (2 + 3))
    assert found.person_cut == 0.5
    assert found.at_nine_tenths.person_recall == 0.5
    assert found.at_nine_tenths.person_precision == 1.0


@pytest.mark.parametrize(
    ("ours", "best", "met"),
    [
        ((0.99, 0.99), (0.96, 0.97), True),
        ((0.98, 0.99), (0.96, 0.97), False),
        ((0.99, 0.98), (0.96, 0.97), False),
        ((1.0, 1.0), (1.0, 1.0), True),
    ],
)
def test_the_aim_is_a_third_of_the_person_error_and_half_of_the_household_error(
    ours: tuple, best: tuple, met: bool
) -> None:
    """Both must be met against the best peer on each, and a peer that failed is no peer."""
    from bench.accuracy import aim

    peers = {
        "one": {"person_f1": best[0], "household_f1": 0.5},
        "two": {"person_f1": 0.5, "household_f1": best[1]},
        "three": {"failed": "…"},
    }
    assert aim("a set", {"person_f1": ours[0], "household_f1": ours[1]}, peers)["met"] is met


def test_a_peer_gets_one_prepared_row_a_person(tmp_path: Path) -> None:
    """Dates in the file's own form become ISO, the latest address speaks, carers are left out, and a useless column is emptied on both sides."""
    from bench.accuracy_sets import for_peers

    left = {
        "person_id": ["c1", "c1", "c2", "a1"], "role": ["child", "child", "child", "claimant"],
        "birth_date": ["25/01/2015", "25/01/2015", "26/01/2016", "02/02/1980"], "address": ["1 Old", "2 New", "5 Far", "2 New"],
        "postcode": ["AA1", "AA2", "AA3", "AA2"], "valid_from": ["2010-01-01", "2020-01-01", None, None],
    }  # fmt: skip
    right = {
        "person_id": ["m1", "m2"],
        "birth_date": ["25/01/2015", "99"],
        "address": ["2, new", "3"],
        "postcode": ["00000", "00000"],
    }
    for name, columns in (("left", left), ("right", right)):
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    children, members = for_peers(tmp_path)
    assert children.column("person_id").to_pylist() == ["c1", "c2"]
    assert children.column("dob").to_pylist() == ["2015-01-25", "2016-01-26"]
    assert children.column("address").to_pylist() == ["2 NEW", "5 FAR"]
    assert members.column("dob").to_pylist() == ["2015-01-25", "99"]
    assert children.column("postcode").to_pylist() == members.column("postcode").to_pylist() == [None, None]


def test_the_practice_authority_is_a_set_that_is_scored_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty invented children are written, linked through `match`, held against their truth, and put between the page's markers."""
    from bench import accuracy, accuracy_page
    from prove import evidence

    monkeypatch.setattr(evidence, "FOLDER", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n{accuracy_page.BEGIN}\nold\n{accuracy_page.END}\nAfter.\n", encoding="utf-8")
    monkeypatch.setattr(accuracy, "SPLINK", {})
    accuracy.main(
        ["--practice", "50", "--errors", "1", "--scratch", str(tmp_path), "--page", str(page), "--threads", "2"]
    )
    (row,) = json.loads((tmp_path / "accuracy.json").read_text(encoding="utf-8"))["figures"]["sets"]
    assert 40 < row["children"] <= 50
    assert row["hearthlink"]["household_f1"] > 0.8
    words = page.read_text(encoding="utf-8")
    assert words.startswith("Before.\n")
    assert words.endswith("\nAfter.\n")
    assert "| practice-50-errors-1 | " in words


def test_a_peer_that_gives_no_answer_in_time_is_said_without_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer whose patience runs out is kept as having given no answer, with the seconds and no folder of the machine; the slow one has more."""
    from bench import accuracy_peers

    assert accuracy_peers.PATIENCE["dedupe, 400 labels"] > accuracy_peers.PATIENCE["exact cascade"]
    monkeypatch.setitem(accuracy_peers.PATIENCE, "exact cascade", 0.0)
    with pytest.raises(RuntimeError, match="no answer within 0 seconds") as failure:
        accuracy_peers.links_of("exact cascade", tmp_path, python=sys.executable, threads=1)
    assert str(tmp_path) not in str(failure.value)
