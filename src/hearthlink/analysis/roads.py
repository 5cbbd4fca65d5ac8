"""The share on benefit by other roads, at the top level alone: what a manager can check on paper, and what one best link would have said."""

from __future__ import annotations

import numpy as np

from hearthlink.analysis.cohort import Cohort
from hearthlink.analysis.measured import on_draws
from hearthlink.analysis.quality import TWENTIETHS
from hearthlink.analysis.shares import Record, over_draws


def road_rows(cohort: Cohort) -> list[Record]:
    """The rows of the table `error_check`.

    The identity (handbook: linkage 5.7): the share truly on benefit is the share linked to a claim, times precision, over recall. It
    takes links to households with a claim in payment to be as good as all links, which the draws need not.
    """
    children = cohort.children
    count = children.num_rows
    best = np.asarray(children.column("on_benefit").to_numpy(), bool)
    right, on_file = (
        np.round(children.column(name).to_numpy() * TWENTIETHS).astype(np.int64)
        for name in ("expected_right", "expected_on_file")
    )
    linked = np.asarray(children.column("best_link").to_pylist(), object) != "none"
    found, made, there = int(right[linked].sum()), TWENTIETHS * int(linked.sum()), int(on_file.sum())
    drawn = over_draws("having", on_draws(children).sum(axis=0, dtype=np.int64))
    rows: list[Record] = [
        {"road": "draws", "says": "All likely matches, by the draws of the matching", "having": drawn["having"]},
        {
            "road": "best_link",
            "says": "The best match of each child alone, where it is more likely right than not",
            "having": float(best.sum()),
        },
    ]
    if found and made and there:
        precision, recall = found / made, min(1.0, found / there)
        rows.append(
            {
                "road": "identity",
                "says": "On paper: children matched to a claim, times the share of matches that are right, over the share found",
                "having": min(float(count), float(best.sum()) * precision / recall),
                "precision": precision,
                "recall": recall,
            }
        )
    return [{"order": place, "children": count, **row} for place, row in enumerate(rows)]
