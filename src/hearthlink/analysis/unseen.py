"""Why a measure cannot be seen of a child: one reason each, the first that holds, so that with those observed they add up.

*Not linked* is three things: the child is in no household on file, it is elsewhere, or its link was missed. The draws of the linkage tell
the last apart, and none of them is *no*.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hearthlink.analysis.cohort import Flags, Small, Whole
from hearthlink.analysis.shares import FALSE, REASON, TRUE, Members, Record, Said, families_of, over_draws

IN_CARE = "In care on the day, so in no household on file"
NO_HOUSEHOLD = "In no household on file"
TOO_YOUNG = "Younger than the window is long"
NO_AGE = "Age not known"
NO_FILE = "Months of which no file speaks"
NO_CLAIM = "No claim on file at the time"
NOT_THROUGHOUT = "Claim began within the window"
FEW_MONTHS = "Fewer than twelve months with a claim on file"
PASSPORTED = "Not held: the claim is passported through another benefit"
CREDIT_ALONE = "Not held: known from Universal Credit alone"
NOT_HELD = "Not held"
NOT_REACHED = "No file reaches a year after the referral"


def coded(true: Flags, seen: Flags, reasons: Sequence[tuple[str, Flags]]) -> Small:
    """A value for each candidate, or child: TRUE or FALSE where it is seen, else the first reason that holds. The last always does."""
    codes = np.full(len(true), REASON + len(reasons) - 1, np.int8)
    for place in range(len(reasons) - 2, -1, -1):
        codes[reasons[place][1]] = REASON + place
    # What comes before all, such as being in care, stands even where something could be seen.
    blocked = np.zeros(len(true), bool)
    for name, holds in reasons:
        if name in BEFORE_ALL:
            blocked |= holds
    told = seen & ~blocked
    codes[told] = np.where(true[told], TRUE, FALSE)
    return codes


BEFORE_ALL = frozenset({IN_CARE, NO_HOUSEHOLD, TOO_YOUNG, NO_AGE, NO_FILE})
"""Reasons that stand whatever a household's claim would say."""


def too_young(lived: Whole, months: int) -> Flags:
    """Whether a child was born within the window: impossible time, which is left out and said so.

    The mother's household could be asked in its stead; but who lived there before a birth is not told by a claim that lists the child.
    Ages are in threes of months, so that a child is taken to be no older than it surely is.
    """
    return (lived >= 0) & (lived < months)


def unseen_rows(one: Said, by: Members) -> list[Record]:
    """A row for each reason; `by` are all children."""
    rows: list[Record] = []
    for place, reason in enumerate(one.reasons):
        code = REASON + place
        settled = one.fixed == code
        settled[one.varying] = False
        counts = (one.codes == code).sum(axis=0, dtype=np.int64) + int(settled.sum())
        families, largest = families_of(one.best == code, by)
        rows.append(
            {
                "reason": reason,
                "order": place,
                **over_draws("children", counts),
                "families": int(families[0]),
                "largest_family": int(largest[0]),
            }
        )
    return rows
