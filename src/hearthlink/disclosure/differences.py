"""How the children with a match differ from those without, as it may leave: worked out from released figures alone."""

from __future__ import annotations

from collections.abc import Sequence

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, seal
from hearthlink.disclosure.figures import HELD_BACK, share, words
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import TITLES

NOTE = (
    "A standardised difference is the difference of two shares over their spread; 0.1 or more either way is commonly taken as worth "
    "notice (Austin 2009; Harron, Doidge and Goldstein 2020). Children without a match are, for the most part, in no household on "
    "file: a difference tells who claims as well as who is missed."
)
Rounded = tuple[int, int]
"""Children, and those of them with a match, both rounded."""


def matched_or_not(
    everyone: Rounded | None, topics: Sequence[tuple[str, Sequence[tuple[str, Rounded | None]]]], policy: Policy
) -> ClearedTable | None:
    """The make-up of those matched and of those not, group by group; a group or all that is held back is held back here.

    `topics`: the name of each with its groups and their rounded numbers, None where they are held back.
    """
    if everyone is None or not topics or min(everyone[1], everyone[0] - everyone[1]) < policy.share_base:
        return None
    lines: list[list[Cell]] = []
    for name, groups in topics:
        for group, figures in groups:
            head = [words(TITLES.get(name, name)), words(group)]
            lines.append([*head, *([HELD_BACK] * 3 if figures is None else _compared(figures, everyone, policy))])
    return seal(
        "matched_or_not",
        "Children with a match beside those without",
        (
            ClearedColumn("characteristic", "Characteristic", "text"),
            ClearedColumn("group", "Group", "text"),
            ClearedColumn("with_match", "Of those with a match", "share"),
            ClearedColumn("without", "Of those without", "share"),
            ClearedColumn("difference", "Standardised difference", "ratio"),
        ),
        lines,
        notes=[NOTE],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _compared(figures: Rounded, everyone: Rounded, policy: Policy) -> list[Cell]:
    matched, without = everyone[1], everyone[0] - everyone[1]
    one, other = figures[1] / matched, (figures[0] - figures[1]) / without
    return [
        share(figures[1], matched, policy),
        share(figures[0] - figures[1], without, policy),
        Cell(round(standardised_difference(one, other), 2) + 0.0, decimals=2),
    ]


def standardised_difference(one: float, other: float) -> float:
    """The difference of two shares over the root of their mean variance (Austin 2009); nought where neither varies."""
    spread = ((one * (1 - one) + other * (1 - other)) / 2) ** 0.5
    return (one - other) / spread if spread > 0 else 0.0
