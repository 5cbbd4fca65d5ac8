"""The bench, at tiny size: it goes through, and leaves its figures. No time is asserted."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from made_authority import FEW_QUESTIONS

from hearthlink.study.asking import PLAN_FILE

ROOT = Path(__file__).parents[2]
TINY = "--children 50 --households 130 --months 13 --repeats 1 --times 1 --pairs 10000".split()


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not tell a child's peak memory")
def test_the_bench_leaves_its_figures_and_its_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bench at tiny size leaves evidence with time and memory of both sides, and writes them between the page's markers."""
    monkeypatch.syspath_prepend(str(ROOT))
    from bench import beside, growth, page, run, studies
    from prove import evidence

    def with_few_questions(made: Path, folder: Path) -> Path:
        study = studies.fresh(made, folder)
        (study / PLAN_FILE).write_text(FEW_QUESTIONS, encoding="utf-8")
        return study

    monkeypatch.setattr(evidence, "FOLDER", tmp_path)
    for runs in (beside, growth):
        monkeypatch.setattr(runs, "fresh", with_few_questions)
    told = tmp_path / "page.md"
    told.write_text(f"Before.\n{page.BEGIN}\nold figures\n{page.END}\nAfter.\n", encoding="utf-8")
    run.main([*TINY, "--scratch", str(tmp_path), "--page", str(told)])

    speed = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))["figures"]
    assert set(speed["persons"]) == {"child", "member"}
    sides = (speed["hearthlink"], *speed["splink"])
    assert all(side[what]["least"] > 0 for side in sides for what in ("wall_s", "processor_s", "peak_mib"))
    sizes = json.loads((tmp_path / "growth.json").read_text(encoding="utf-8"))["figures"]["sizes"]
    assert [(row["factor"], row["children"]) for row in sizes] == [(1, 50)]
    assert set(sizes[0]["steps_s"]) > {"receive", "link", "report"}

    words = told.read_text(encoding="utf-8")
    assert words.startswith("Before.\n")
    assert words.endswith("\nAfter.\n")
    assert "old figures" not in words
    assert "| `hearthlink run`, all of it |" in words


@pytest.mark.parametrize(("growth", "held"), [(8.0, True), (12.4, True), (13.0, False)])
def test_growth_is_close_to_linear_up_to_a_quarter_more(
    monkeypatch: pytest.MonkeyPatch, growth: float, held: bool
) -> None:
    """From one size to ten times it, time or memory may grow twelve and a half times, and no more."""
    monkeypatch.syspath_prepend(str(ROOT))
    from bench.growth import close_to_linear

    names = ("made_s", "made_peak_mib", "run_s", "run_peak_mib")
    rows = [{"factor": 1, **dict.fromkeys(names, 1.0)}, {"factor": 10, **dict.fromkeys(names, 9.0), "run_s": growth}]
    assert close_to_linear(rows) is held
