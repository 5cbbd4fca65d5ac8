"""Linking alone is measured rightly: the links scored as they stand or at the best cut, the aims told by the largest size."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.linkage import aims
from bench.linkage_scores import scored

TRUTH = {"child_id": ["A", "B", "C"], "household_id": ["H", "J", ""], "member_id": ["H1", "", ""]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three children: one listed, one at home and not listed, one in no household on file."""
    (tmp_path / "tables").mkdir()
    pq.write_table(pa.table(TRUTH), tmp_path / "tables" / "truth.parquet")
    pq.write_table(
        pa.table({"unique_id": [0, 1, 2], "record": ["A", "B", "C"], "household": ["F", "F", "F"]}),
        tmp_path / "child.parquet",
    )
    pq.write_table(
        pa.table({"unique_id": [3, 4], "record": ["H1", "K1"], "household": ["H", "K"]}), tmp_path / "member.parquet"
    )
    return tmp_path


def test_our_links_are_scored_as_they_stand(folder: Path) -> None:
    """Right household of two, right person of one, and a third child wrongly named: F1 4/5 and 2/3."""
    links = pa.table(
        {
            "child_id": ["A", "B", "C"],
            "household_id": ["H", "J", "K"],
            "member_id": ["H1", None, "K1"],
            "p_household": [0.9, 0.8, 0.7],
            "p_person": [0.9, 0.0, 0.7],
        }
    )
    pq.write_table(links, folder / "links.parquet")
    assert scored(folder / "links.parquet", folder) == {"household_f1": 0.8, "person_f1": 0.6667}


def test_a_peers_links_are_scored_at_their_best_cut(folder: Path) -> None:
    """The wrong link is the likelier last, so the best cut leaves it out."""
    links = pa.table({"child": [0, 2], "member": [3, 4], "probability": [0.9, 0.2]})
    pq.write_table(links, folder / "links.parquet")
    assert scored(folder / "links.parquet", folder) == {"household_f1": 0.6667, "person_f1": 1.0}


def test_an_aim_is_met_at_the_largest_size_or_not_at_all() -> None:
    """Each aim is the median ratio of the last size beside what it may be at most."""
    names = ("ours", "ours, birth date alone", "splink, tight rules", "splink, birth date alone", "exact cascade")
    job = {"person_f1": 0.9, "household_f1": 0.9, "pairs": 100, "seconds": {"start": 9.0, "link": 1.0}}

    def size(ratio: float) -> dict[str, object]:
        pairs = (
            "ours / splink, tight rules",
            "ours, birth date alone / splink, birth date alone",
            "ours / exact cascade",
        )
        each = {"wall": {"median": ratio}, "peak": {"median": ratio}}
        return {"jobs": dict.fromkeys(names, job), "ratios": dict.fromkeys(pairs, each)}

    assert all(aim["met"] for aim in aims({"sizes": [size(9.0), size(0.05)]}))
    slow = {aim["says"]: aim["met"] for aim in aims({"sizes": [size(0.01), size(0.11)]})}
    assert slow["ours / splink, tight rules: wall"]
    assert not slow["ours, birth date alone / splink, birth date alone: wall"]
