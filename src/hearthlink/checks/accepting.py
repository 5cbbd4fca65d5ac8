"""Accepting what a check found: kept with its reason and its count, and open again once more is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

Act = Literal["accept", "withdraw"]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The finding of a check as somebody accepted it: how many there were, why, who says so, and when."""

    code: str
    found: int
    reason: str
    by: str
    day: date

    def holds(self, found: int) -> bool:
        """Whether it still holds: no more is found now than was accepted."""
        return found <= self.found


def acceptances(accepted: pa.Table) -> Mapping[str, Acceptance]:
    """What is accepted at present, by code: the latest entry of each check, unless it withdraws the one before."""
    held: dict[str, Acceptance] = {}
    for row in accepted.sort_by("entry").to_pylist():
        if row["act"] == "withdraw":
            held.pop(row["code"], None)
        else:
            held[row["code"]] = Acceptance(row["code"], row["found"], row["reason"], row["by"] or "", row["day"])
    return held


def with_entry(accepted: pa.Table, act: Act, said: Acceptance) -> pa.Table:
    """The table `accepted` with one entry more."""
    row = {
        "entry": accepted.num_rows + 1,
        "code": said.code,
        "act": act,
        "found": said.found,
        "reason": said.reason,
        "by": said.by or None,
        "day": said.day,
    }
    return pa.concat_tables([accepted, pa.Table.from_pylist([row], schema=accepted.schema)])
