"""Which groups, counted as one, would let more be shown: found by trying, and told to nobody but the output checker."""

from __future__ import annotations

import pytest

from hearthlink.disclosure import Policy
from hearthlink.disclosure.merging import Merging, mergings
from hearthlink.governance import Role
from hearthlink.study.acts import MERGE
from hearthlink.study.merging import INSIDE, lines_of

Row = dict[str, object]


def row(topic: str, group: str, children: int, on: int) -> Row:
    """A row of the answer; each child is a family."""
    return {
        "question": "on_benefit", "topic": topic, "group": group, "children": children, "families": children,
        "largest_family": min(1, children), "on_benefit": float(on), "fewest_on": on, "most_on": on, "on_families": on,
        "on_largest_family": min(1, on), "off_families": children - on, "off_largest_family": 1, "overlapping": False,
    }  # fmt: skip


def advice(topic: str, *groups: tuple[str, int, int], profile: str = "strict") -> list[Merging]:
    """What is advised for one topic."""
    whole = row("all_children", "all", sum(n for _, n, _ in groups), sum(on for *_, on in groups))
    return mergings([whole, *(row(topic, *group) for group in groups)], Policy.of(profile))


CASES = {
    "a small last band joins its neighbour": (
        "age", (("0 to 4", 200, 90), ("5 to 9", 220, 100), ("10 to 15", 210, 90), ("16 and 17", 60, 30), ("18", 4, 2)),
        [(("16 and 17", "18"),)],
    ),
    "of bands in an order only neighbours join, though others are smaller": (
        "age", (("0 to 4", 15, 7), ("5 to 9", 220, 100), ("10 to 15", 4, 2)), [(("5 to 9", "10 to 15"),)],
    ),
    "of groups without an order the small ones join each other": (
        "ethnic_group", (("White", 400, 200), ("Asian", 60, 25), ("Black", 14, 8), ("Mixed", 16, 9), ("Other", 50, 20)),
        [(("Black", "Mixed"),)],
    ),
    "nothing is held back, so nothing is advised": ("sex", (("Female", 300, 150), ("Male", 300, 140)), []),
    "two groups that could only become one are left as they are": ("sex", (("Female", 300, 150), ("Male", 5, 2)), []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_advised(case: str) -> None:
    """The groups that are named are those of which, counted as one, no fewer figures are shown and fewer held back."""
    topic, groups, joined = CASES[case]
    found = advice(topic, *groups)
    assert [one.joined for one in found] == joined
    for one in found:
        assert one.held_after < one.held_before
        assert one.shown_after >= one.shown_before


def test_the_profile_decides() -> None:
    """Bands with eight and nine on benefit are small under the strict profile and not under the others."""
    groups = (("0 to 9", 200, 90), ("10 to 15", 220, 100), ("16", 17, 9), ("17", 17, 8), ("18", 16, 8))
    assert advice("age", *groups)
    assert advice("age", *groups, profile="nhs") == []


def test_only_the_output_checker_is_told_and_nothing_is_kept() -> None:
    """The act is the output checker's, writes no table, and says first for whom it is."""
    assert (MERGE.role, MERGE.writes) == (Role.OUTPUT_CHECKER, ())
    assert next(lines_of([])) == INSIDE
