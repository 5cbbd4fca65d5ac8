"""The proof of links, at tiny size: what a trial sees is the run's, and the judge can say no."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hearthlink.analysis import on_the_day as answer
from hearthlink.analysis import overall
from hearthlink.study import Settings

if TYPE_CHECKING:
    from prove.trial import Trial

ROOT = Path(__file__).parents[2]
SMALL = Settings(seed=10_000, children=60, households=140)


@pytest.fixture(scope="module", autouse=True)
def _beside() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Proofs lie at the root of the repository."""
    sys.path.insert(0, str(ROOT))
    yield
    sys.path.remove(str(ROOT))


@pytest.fixture(scope="module")
def one(_beside: None) -> Trial:
    """One small authority, held against its truth."""
    from prove.trial import Trial, trial

    found = trial(SMALL)
    assert isinstance(found, Trial)
    return found


def test_what_is_written_is_what_synthesise_writes(tmp_path: Path) -> None:
    """The extracts and the truth of a trial are the practice authority's, byte for byte."""
    from prove.authority import written

    from hearthlink.synthetic.synthesise import synthesise

    made = synthesise(tmp_path / "made", SMALL)
    written(tmp_path / "written", SMALL)
    folders = ("in/", "truth/")
    names = {name for name in made.files if name.startswith(folders)}
    assert names == {p.relative_to(tmp_path / "written").as_posix() for p in (tmp_path / "written").rglob("*.*")}
    assert all((made.folder / name).read_bytes() == (tmp_path / "written" / name).read_bytes() for name in names)


def test_the_row_of_all_children_is_the_first_of_the_answer(tmp_path: Path) -> None:
    """What a trial takes for the answer is what the answer's first row says."""
    from prove.authority import answered, written

    found = answered(written(tmp_path, SMALL))
    first = answer(found.tables["research_child"])["answer"].to_pylist()[0]
    assert found.overall == {name: first[name] for name in found.overall}
    assert found.overall == overall(found.tables["research_child"])


def test_a_trial_is_near_its_truth(one: Trial) -> None:
    """Links of a small authority are mostly right, every child is in some band, and the oracle's interval is about as wide as ours."""
    assert one.household.f1 > 0.9
    assert one.children - 5 < sum(answers for answers, _, _ in one.bands["answer"]) <= SMALL.children
    assert one.process is not None
    assert one.oracle is not None
    assert one.oracle[0] < one.realised < one.oracle[1]


def test_the_judge_says_which_bound_is_not_met(one: Trial) -> None:
    """Trials whose interval misses the truth, whose width is too great, or that stop, fail by name; good ones do not."""
    from prove.cells import Cell, judged

    cell = Cell(60, 1, 4)
    low, high = one.oracle or (0.0, 0.0)
    true, sure = ((100.0, 99.0, 99.0),), ((100.0, 99.0, 90.0),)
    bands = {"household named": true, "answer": true}
    good = replace(one, these=(one.realised - 1, one.realised + 1), process=(low, high), bands=bands)
    assert judged(cell, [good] * 4, []).failed == ()
    missing = replace(good, these=(one.realised + 1, one.realised + 2))
    wide = replace(good, process=(0.0, float(one.children)))
    too_sure = replace(good, bands=bands | {"answer": sure})
    assert judged(cell, [missing] * 4, []).failed == ("coverage, these children",)
    assert judged(cell, [wide] * 4, []).failed == ("width, the process",)
    assert judged(cell, [too_sure] * 4, []).failed == ("calibration error, answer",)
    assert judged(cell, [good] * 4, ["OurFault"]).failed == ("1 came to no answer (OurFault)",)


@pytest.mark.parametrize(
    ("share", "trials", "held"),
    [(0.95, 1000, True), (0.929, 1000, False), (0.971, 1000, False), (0.91, 200, True), (0.85, 200, False)],
)
def test_coverage_is_judged_strictly_over_a_thousand(share: float, trials: int, held: bool) -> None:
    """Over a thousand trials coverage is within 93% and 97% or it fails; over fewer its Monte Carlo error is given twice."""
    from prove.cells import coverage, within

    right = round(share * trials)
    assert within(coverage([True] * right + [False] * (trials - right))) is held


def test_drawn_families_make_shares_vary_as_families_do() -> None:
    """Shares of drawn authorities centre on the population's and vary as sampling families of such sizes would make them."""
    import numpy as np
    from prove.families import Families, drawn

    population = Families((1, 2, 3, 2), (1, 0, 3, 0))
    shares = [drawn(population, Settings(seed=seed, children=400)) for seed in range(400)]
    # A family of n children adds (y - share n); the mean of the squares over the mean size squared, by the number of families.
    size, on = np.array(population.children), np.array(population.on_benefit)
    families = 400 * 0.975 / size.mean()
    spread = float(np.sqrt(np.mean((on - 0.5 * size) ** 2) / families) / size.mean())
    assert np.mean(shares) == pytest.approx(0.5, abs=4 * spread / 20)
    assert np.std(shares) == pytest.approx(spread, rel=0.15)


def test_cells_become_rows_of_three_tables(one: Trial) -> None:
    """The page has a row for each cell in each table, as many entries as headings."""
    from prove.cells import Cell, judged
    from prove.page import tables

    figures = judged(Cell(60, 1, 2), [one, one], []).figures
    made = tables([figures, figures])
    assert len(made) == 3
    assert all([len(row) for row in rows] == [len(headings)] * 2 for _, headings, rows in made)


def test_too_few_authorities_judge_nothing() -> None:
    """A cell over so few authorities that no coverage could fail is named as not judged."""
    from prove import links
    from prove.cells import Cell

    assert links.too_few([Cell(22_000, 4, 1), Cell(2_200, 4, 48)]) == [
        "22,000 children, errors times 4: too few authorities to judge"
    ]
