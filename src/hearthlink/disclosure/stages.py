"""From the children looked for to those matched, and what was lost before anything was weighed, as it may leave."""

from __future__ import annotations

from collections.abc import Sequence

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, Marker, seal
from hearthlink.disclosure.figures import HELD_BACK, NOT_APPLICABLE, least_share, share, small_or_rounded, words
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import Row, number

STAGES: tuple[tuple[tuple[str, str], str], ...] = (
    (("children", "model"), "Children looked for by name"),
    (("with_candidate", "household"), "Compared with at least one household"),
    (("linked", "household"), "Matched to a household"),
    (("linked", "person"), "Matched to a person listed in it"),
)


NOTE = (
    "Rules propose the households that a child is compared with. To learn what they miss, children without a sure match are compared "
    "with every household on file and matched again; the more of them, the closer the bound. At most: the upper end of a 95% range."
)


def linkage_stages(summary: Sequence[Row], policy: Policy) -> ClearedTable | None:
    """How many children are left at each stage of the matching; None where nothing was matched."""
    found = {(str(row["measure"]), str(row["level"])): number(row, "value") or 0.0
             for row in summary if row["basis"] == "posterior"}  # fmt: skip
    there = [(says, found[key]) for key, says in STAGES if key in found]
    before = [0.0, *(count for _, count in there)]
    lines = [[words(says), _left(count, last, policy)] for (says, count), last in zip(there, before, strict=False)]
    if not lines:
        return None
    return seal(
        "linkage_stages",
        "Children at each stage of the matching",
        (ClearedColumn("stage", "Stage", "text"), ClearedColumn("children", "Children", "count")),
        lines,
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _left(count: float, before: float, policy: Policy) -> Cell:
    """Those left at a stage; *at least* where so few were lost since the one before that they could be had by subtraction."""
    if 0 <= before - count < policy.threshold <= count:
        least = policy.rounded(before) - policy.step
        return Cell(least, Marker.AT_LEAST) if least >= policy.threshold else HELD_BACK
    return small_or_rounded(count, policy)


def lost_before(blocking: Sequence[Row], summary: Sequence[Row], policy: Policy) -> ClearedTable | None:
    """What the rules that propose candidates have cost: by searching past them, and by the truth where there is one."""
    values = {str(row["measure"]): number(row, "value") or 0.0 for row in blocking}
    if not values:
        return None
    lines: list[list[Cell]] = [
        [words(says), small_or_rounded(values[name], policy), NOT_APPLICABLE]
        for name, says in (
            ("compared", "Pairs of a child and a household compared"),
            ("passed_over", "Pairs of records that a rule left alone, since too many are alike"),
            ("unsure", "Children without a sure match"),
            ("searched", "Of them, children compared with every household on file"),
            ("searched_pairs", "Pairs of a child and a household compared for that"),
            ("found_more", "Children found only by that"),
        )
        if name in values
    ]
    on_file = _on_file(summary)
    high = next((number(row, "high") for row in blocking if row["measure"] == "lost"), None)
    if high is not None and on_file >= policy.share_base:
        lines.append([words("Children on file lost before weighing, at most"), *_most(high * on_file, on_file, policy)])
    lines += [
        [words("Children truly on file who were compared with their own household"), *_truth(row, policy)]
        for row in summary
        if (row["basis"], row["measure"]) == ("truth", "compared")
    ]
    return seal(
        "lost_before_weighing",
        "Matches lost before weighing",
        (
            ClearedColumn("measure", "Measure", "text"),
            ClearedColumn("number", "Number", "count"),
            ClearedColumn("share", "Share", "share"),
        ),
        lines,
        notes=[NOTE],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _on_file(summary: Sequence[Row]) -> float:
    """Children expected to be on file: what recall, as the model expects it, is a share of."""
    found = (number(row, "denominator") for row in summary
             if (row["basis"], row["measure"], row["level"]) == ("posterior", "recall", "household"))  # fmt: skip
    return next((one for one in found if one is not None), 0.0)


def _most(lost: float, on_file: float, policy: Policy) -> list[Cell]:
    """An upper bound as a share, to the percentage above: a bound on an estimate, and no count of anybody."""
    parts = 1000
    under = policy.rounded(on_file)
    return [NOT_APPLICABLE, Cell(-(-policy.outward(lost) * parts // under) / parts, decimals=1)]


def _truth(row: Row, policy: Policy) -> list[Cell]:
    over, under = number(row, "numerator") or 0.0, number(row, "denominator") or 0.0
    base = small_or_rounded(under, policy)
    if not isinstance(base.value, int) or over < policy.threshold:
        return [base, HELD_BACK]
    if under - over < policy.threshold:
        return [base, least_share(base.value, policy)]
    return [base, share(policy.rounded(over), base.value, policy)]
