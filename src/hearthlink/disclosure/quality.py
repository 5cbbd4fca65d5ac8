"""How good the links are over all, as it may leave."""

from __future__ import annotations

from collections.abc import Sequence

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, seal
from hearthlink.disclosure.figures import (
    HELD_BACK,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    least_share,
    protected_ends,
    share,
    small_or_rounded,
    words,
)
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import Row, number

MEASURES: dict[str, str] = {
    "children": "Children looked for by name",
    "linked": "Children with a match",
    "precision": "Of the matches, how many are right",
    "recall": "Of the children who are on file, how many are matched rightly",
    "f1": "Right and found, taken together (F1)",
    "wrong_sibling": "Of the matches, how many are to another child of the right household",
    "none_right": "Of the children with no match, how many are rightly without",
    "read": "Children reviewed",
    "read_twice": "Children reviewed twice",
    "agreement": "Of the answers given twice, how many agree",
    "on_file": "Of all children, how many are in a household on file",
}
BASES = {"posterior": "As the model expects", "truth": "By the truth", "clerical review": "By clerical review"}
LEVELS = {"household": "Household", "person": "Person", "model": "All"}
TRUTH_NOTE = "The truth is known only where the people are made up."
POOLED_NOTE = (
    "Right: matched to a household of theirs. Found: right, of the children who are on file. Both are pooled: a group with little "
    "evidence of its own leans on the other groups, and its own evidence says how little. Much the same: within five points of all."
)
ELSEWHERE = frozenset(
    "calibration_error calibration_by_chance with_candidate compared readers kappa readers_alike with_oneself".split()
)
"""Measures that other tables tell."""


def link_quality(rows: Sequence[Row], policy: Policy) -> ClearedTable:
    """The measures of the linkage: shares from rounded parts, with their intervals."""
    lines = [_measure(row, policy) for row in rows if row["measure"] not in ELSEWHERE and row["basis"] != "model"]
    columns = (
        ClearedColumn("basis", "Known from", "text"),
        ClearedColumn("level", "Level", "text"),
        ClearedColumn("measure", "Measure", "text"),
        ClearedColumn("number", "Number of children", "count"),
        ClearedColumn("share", "Share", "share"),
        ClearedColumn("low", "From", "share"),
        ClearedColumn("high", "To", "share"),
    )
    return seal(
        "link_quality",
        "How good the matches are",
        columns,
        lines,
        notes=[TRUTH_NOTE],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _measure(row: Row, policy: Policy) -> list[Cell]:
    """One measure: a count, or a share of a rounded count, *at least* where what it lacks is too small to print."""
    basis, level, measure = (str(row[name]) for name in ("basis", "level", "measure"))
    head = [words(BASES.get(basis, basis)), words(LEVELS.get(level, level)), words(MEASURES.get(measure, measure))]
    over, under = number(row, "numerator"), number(row, "denominator")
    if over is None or under is None:
        return [*head, small_or_rounded(number(row, "value") or 0.0, policy), *[NOT_APPLICABLE] * 3]
    if measure == "f1":
        # Twice the right matches over twice and the errors: a child counts double, so the parts are halved.
        over, under = over / 2, under / 2
    base = small_or_rounded(under, policy)
    if not isinstance(base.value, int) or over < policy.threshold:
        return [*head, base, *[HELD_BACK] * 3]
    if under - over < policy.threshold:
        return [*head, base, least_share(base.value, policy), *[HELD_BACK] * 2]
    low, high = number(row, "low"), number(row, "high")
    ends = protected_ends(
        over, None if low is None else low * under, None if high is None else high * under, under, policy
    )
    shown = [share(one, base.value, policy) for one in (ends.low, ends.high)] if ends else [NOT_AVAILABLE] * 2
    return [*head, base, share(policy.rounded(over), base.value, policy), *shown]
