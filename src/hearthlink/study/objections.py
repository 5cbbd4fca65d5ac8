"""Those who object to a study: whether anybody was found for each line of the list in its folder, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass

from hearthlink.study.acts_inside import OBJECTIONS
from hearthlink.study.beside import Clock, entered
from hearthlink.study.study import Study
from hearthlink.tables import identity as i

__all__ = ["Heeded", "heeded"]


@dataclass(frozen=True, slots=True)
class Heeded:
    """What the last run made of the list, by counts, and the numbers of the lines for which more than one was found, or nobody.

    `outside`: somebody fits who is in the extracts and in no table of the study. `nobody`: nobody in the extracts fits.
    """

    file: str
    lines: int
    found: int
    several: tuple[int, ...]
    outside: tuple[int, ...]
    nobody: tuple[int, ...]
    children: int
    households: int

    def as_json(self) -> dict[str, object]:
        """The same for a script."""
        return {
            "file": self.file, "lines": self.lines, "found": self.found, "several": list(self.several), "outside": list(self.outside),
            "nobody": list(self.nobody),
            "children_left_out": self.children, "households_left_out": self.households,
        }  # fmt: skip


def heeded(study: Study, clock: Clock) -> Heeded:
    """What became of each line of the list when the extracts were last received. Nothing that stands in the list is told.

    Raises DataProblem where nothing was received yet, Refused without permission.
    """
    with entered(study, OBJECTIONS, clock) as opened:
        rows = opened.load(i.OBJECTION).to_pylist()
        opened.counts["lines"] = len(rows)
    several, outside, nobody = (
        tuple(row["line"] for row in rows if row["outcome"].startswith(word))
        for word in ("more", "in the extracts", "nobody")
    )
    return Heeded(
        file=study.objections.name,
        lines=len(rows),
        found=len(rows) - len(nobody) - len(outside),
        several=several,
        outside=outside,
        nobody=nobody,
        children=sum(row["children"] for row in rows),
        households=sum(row["households"] for row in rows),
    )
