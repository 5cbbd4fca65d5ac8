"""Whether the chances that the model states are to be believed, as it may leave."""

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

LEVELS = {
    "answer": "each child's one answer",
    "household": "every household a child may live in",
    "person": "every person a child may be",
}
BASES = {"posterior": "as the model expects", "truth": "by the truth", "clerical review": "by clerical review"}


def calibration(rows: Sequence[Row], summary: Sequence[Row], policy: Policy) -> ClearedTable | None:
    """How many answers of each band of chance are right; None where there is no answer at all."""
    if not rows:
        return None
    hidden = _hidden(rows, policy)
    lines = [_band(row, policy, hidden=row in hidden) for row in rows]
    columns = (
        ClearedColumn("level", "Answers", "text"),
        ClearedColumn("chance", "Chance the model gave", "text"),
        ClearedColumn("answers", "Number of answers", "count"),
        ClearedColumn("expected", "Right, as expected", "share"),
        ClearedColumn("right", "Right, as found", "share"),
        ClearedColumn("low", "From", "share"),
        ClearedColumn("high", "To", "share"),
    )
    return seal(
        "calibration",
        "Whether the chances can be believed",
        columns,
        lines,
        notes=_notes(summary, policy),
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _hidden(rows: Sequence[Row], policy: Policy) -> list[Row]:
    """Bands with too few answers; where one alone of a level is so, the next smallest too, since the sum of a level is known."""
    hidden: list[Row] = []
    for level in dict.fromkeys((row["basis"], row["level"]) for row in rows):
        mine = sorted((row for row in rows if (row["basis"], row["level"]) == level), key=_answers)
        few = [row for row in mine if _answers(row) < policy.threshold]
        hidden += mine[: len(few) + (len(few) == 1)]
    return hidden


def _answers(row: Row) -> float:
    return number(row, "answers") or 0.0


def _band(row: Row, policy: Policy, *, hidden: bool) -> list[Cell]:
    start, end = (number(row, name) or 0.0 for name in ("start", "end"))
    said = f"under {100 * end:.0f}%" if start == 0 else f"{100 * start:.0f}% to {100 * end:.0f}%"
    level, basis = LEVELS.get(str(row["level"]), str(row["level"])), BASES.get(str(row["basis"]), str(row["basis"]))
    head = [words(f"{level}, {basis}"), words(said)]
    answers = _answers(row)
    if hidden:
        return [*head, *[HELD_BACK] * 5]
    base = small_or_rounded(answers, policy)
    under = policy.rounded(answers)
    right = number(row, "right")
    expected = _share(number(row, "expected") or 0.0, answers, under, policy)
    if right is None:
        return [*head, base, expected, *[NOT_APPLICABLE] * 3]
    found = _share(right, answers, under, policy)
    if found.value is None or answers - right < policy.threshold:
        return [*head, base, expected, found, *[HELD_BACK] * 2]
    low, high = number(row, "low"), number(row, "high")
    ends = protected_ends(
        right, None if low is None else low * answers, None if high is None else high * answers, answers, policy
    )
    shown = [share(one, under, policy) for one in (ends.low, ends.high)] if ends else [NOT_AVAILABLE] * 2
    return [*head, base, expected, found, *shown]


def _share(over: float, of: float, under: int, policy: Policy) -> Cell:
    if over < policy.threshold:
        return HELD_BACK
    return least_share(under, policy) if of - over < policy.threshold else share(policy.rounded(over), under, policy)


def _notes(summary: Sequence[Row], policy: Policy) -> list[str]:
    """What the table is, and how far apart on average the chances and the shares right lie, rounded upward."""
    notes = ["Of the answers to which the model gave a chance of, say, 95%, about 95 in 100 should be right."]
    for level, says in LEVELS.items():
        for row in summary:
            if (row["measure"], row["level"]) == ("calibration_error", level):
                gap, answers = number(row, "numerator") or 0.0, number(row, "denominator") or 0.0
                if policy.rounded(answers) >= policy.share_base:
                    points = -(-1000 * policy.outward(gap) // policy.rounded(answers)) / 10
                    notes.append(
                        f"Over {says}, the chances and the shares right lie no more than {points:.1f} percentage points apart on average."
                    )
    return notes
