"""The figures of cells as rows of tables, for the page of evidence. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Table = tuple[str, tuple[str, ...], list[tuple[str, ...]]]
"""What it shows, its headings and its rows."""

KIND = ("children", "errors", "authorities")

RIGHT = (
    "How right the links are: mean ± Monte Carlo error, and the least and greatest of any authority. *Lost* is the share of "
    "children with a household on file who were compared with none of theirs. Seconds are one processor's, from receiving to "
    "the answer, with other work beside."
)
MEAN = (
    "Whether probabilities mean what they say: expected calibration error over all authorities together, in points, with what "
    "perfect probabilities would show by chance in brackets. *Answer* is each child's one, of a household or of none; the last "
    "two count every household a child might be in and every person it might be."
)
HOLD = (
    "How often 95% intervals hold the truth, in %, ± Monte Carlo error: for these children the share that was so, and for the "
    "process the share that its families come with. Widths are in points; had the links been known, the first would be nil."
)


def tables(cells: Sequence[Mapping[str, Any]]) -> list[Table]:
    """How right the links are, how much probabilities mean, and how often intervals hold, a row for each cell."""
    return [
        (
            RIGHT,
            (*KIND, "household F1", "person F1", "wrong sibling, %", "lost, %", "seconds"),
            [
                (
                    *_kind(cell),
                    _ranged(cell["household_f1"]),
                    _ranged(cell["person_f1"]),
                    _ranged(cell["wrong_sibling_share"], 100, 3),
                    _meant(cell["lost_before_scoring"], 100, 2),
                    f"{cell['processor_seconds']['mean']:.1f}",
                )
                for cell in cells
            ],
        ),
        (
            MEAN,
            (*KIND, *(cells[0]["calibration"] if cells else ())),
            [
                (*_kind(cell), *(f"{100 * c['error']:.2f} ({100 * c['by_chance']:.2f})" for c in cell["calibration"].values()))
                for cell in cells
            ],
        ),
        (
            HOLD,
            (
                *KIND, "these children: held", "width", "off, root mean square", "the process: held", "held with true links",
                "width over that of true links", "bounds not met",
            ),
            [(*_kind(cell), *_intervals(cell), str(cell["bounds_not_met"])) for cell in cells],
        ),
    ]  # fmt: skip


def _kind(cell: Mapping[str, Any]) -> tuple[str, ...]:
    return f"{cell['children']:,}", f"{cell['times_default_errors']:g} times", f"{cell['authorities']:,}"


def _intervals(cell: Mapping[str, Any]) -> tuple[str, ...]:
    these, process = cell["these_children"], cell["the_process"]
    return (
        _held(these["covered"]),
        f"{these['width_in_points']['mean']:.2f}",
        f"{these['estimate_less_truth_in_points']['root_mean_square']:.2f}",
        _held(process["covered"]),
        _held(process["covered_with_true_links"]),
        f"{process['width_over_that_of_true_links']['mean']:.3f}",
    )


def _held(covered: Mapping[str, float]) -> str:
    return f"{100 * covered['share']:.1f} ± {100 * covered['monte_carlo_error']:.1f}"


def _meant(figures: Mapping[str, float], times: float, places: int) -> str:
    return f"{times * figures['mean']:.{places}f} ± {times * figures['monte_carlo_error']:.{places}f}"


def _ranged(figures: Mapping[str, float], times: float = 1, places: int = 4) -> str:
    return f"{_meant(figures, times, places)} ({times * figures['least']:.{places}f} to {times * figures['greatest']:.{places}f})"
