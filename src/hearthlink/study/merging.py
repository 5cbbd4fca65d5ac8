"""Which groups, counted as one, would let more be shown. Only the output checker is told: whoever reads it knows which groups are small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from hearthlink.disclosure import Policy
from hearthlink.disclosure.merging import Merging, mergings
from hearthlink.study.acts import MERGE
from hearthlink.study.beside import Clock, entered
from hearthlink.study.study import Study
from hearthlink.tables import research as s

INSIDE = "For the output checker alone, and not for release: it tells which groups are small. Nothing of it is kept."


def what_to_merge(study: Study, *, clock: Clock) -> list[Merging]:
    """For each topic of the share on benefit with figures held back, the groups that are best counted as one, by the study's own profile.

    Raises Refused where the permission or the site forbids it, DataProblem where nothing was answered yet.
    """
    lines = study.lines.disclosure
    with entered(study, MERGE, clock) as opened:
        rows = opened.load(s.ANSWER).to_pylist()
        found = mergings(rows, Policy.of(lines.profile, lines.threshold, lines.rounding))
        opened.counts.update({"topics": len(found)})
    return found


def lines_of(found: Sequence[Merging]) -> Iterator[str]:
    """The advice in words."""
    yield INSIDE
    yield ""
    if not found:
        yield "No two groups of a topic, counted as one, would let more of the share on benefit be shown."
    for one in found:
        joined = "; ".join(" with ".join(names) for names in one.joined)
        yield f"{one.title}: count as one {joined}."
        yield f"  Figures held back: {one.held_after} in place of {one.held_before}; shown: {one.shown_after} in place of {one.shown_before}."
    if found:
        yield ""
        yield "Tried on each topic by itself, with the share on benefit. Beside other questions more may be held back."


def as_json(found: Sequence[Merging]) -> dict[str, object]:
    """The advice as plain JSON."""
    return {"for": INSIDE, "topics": [asdict(one) for one in found]}
