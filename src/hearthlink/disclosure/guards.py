"""What keeps each table from giving away what another holds back: whether it is part of the joint attack, and if not, which rule stands in."""

from __future__ import annotations

from hearthlink.errors import OurFault

JOINT = "Part of the joint attack, its numbers themselves."
MADE_OF = "Made of rounded numbers that are part of the joint attack, and of nothing else."
ALONE = "Each number by its size, families and what it leaves"

GUARDS: dict[str, str] = {
    "headline": JOINT,
    "on_benefit_by_": JOINT,
    "measures_": JOINT,
    "measured_": JOINT,
    "unseen_": JOINT,
    "comparison": MADE_OF,
    "compared": f"{MADE_OF[:-1]} where its row is of all children; a row of some ages or areas is attacked beside their tables.",
    "bounds": "Rounded numbers of all children; a bound that leaves fewer than the threshold reaches nobody or everybody.",
    "sensitivity": "Rounded differences from the headline, of the threshold at least.",
    "roads": "Rounded differences from the headline, of the threshold at least; shares that would show fewer say at least.",
    "who_was_counted": f"{ALONE} of those counted; their sum only beside all of its parts.",
    "staged": f"{ALONE} of any number that is printed; at least, where that is few.",
    "linkage_stages": "Each number by its size; at least, where few were lost since the stage before.",
    "curve_": f"{ALONE} of the printed windows that hold it; and attacked, all curves together, beside the windows that are held back.",
    "effects_": "Four cells of the threshold at least in every draw. Where the exposed can be had by subtraction, or tell beside the curves of a "
    "window that is held back, neither they nor the exposed that they are compared with are printed, so that the ratio gives neither.",
    "link_quality_by_": "Attacked by themselves, topic by topic, as the headline's tables are; other shares only where those are printed.",
    "link_quality": "Rounded parts, of which each and what it leaves is of the threshold at least, or at least.",
    "calibration": "Rounded parts, of which each and what it leaves is of the threshold at least; one band alone is never held back.",
    "lost_before_weighing": "Each number by its size; what it leaves says at least.",
    "matched_or_not": "Made of rounded numbers that the tables of the quality of links print as shares.",
    "receipts": "Numbers of records, each by its size; the whole of a file only beside all of its parts.",
    "findings": "Numbers of records, each by its size and what it leaves.",
    "reporting": "Words made of printed figures alone.",
    "held_back": "How many figures are held back in a table, never which rule did so.",
}
"""By how the name of a table begins."""


def guard_of(name: str) -> str:
    """The rule that guards a table: that of the longest beginning of its name. Raises OurFault for a table that nobody thought of: it may not leave."""
    known = [one for one in GUARDS if name == one or (one.endswith("_") and name.startswith(one))]
    if not known:
        raise OurFault(f"Table {name} has no rule that guards it, so nothing is released.")
    return GUARDS[max(known, key=len)]
