"""What leaves by the profiles beside what other rules print, before one attacker."""

from __future__ import annotations

from other_rules import RULES, Leaves, Outcome, alone, compared, judged, removed, study, two_per_line


def test_the_profiles_leave_nothing_open_where_other_rules_do() -> None:
    """Of the same studies no profile leaves a small figure that can be narrowed, every other rule does, and strict loses no more than two per line."""
    found = compared(range(6))
    assert {name: one.narrow for name, one in found.items() if name not in RULES} == {"strict": 0, "nhs": 0, "dfe": 0}
    assert all(found[name].small > 20 for name in found)
    assert found["small figures held back, the others rounded"].narrow > 20
    assert found["small cells removed, as ACRO does"].exact > 0
    assert found["strict"].lost <= found["two per line"].lost
    assert found["dfe"].changed == 0


def test_the_attacker_can_be_withstood_and_can_win() -> None:
    """One group of two held back is known to the child where sums are exact; two of three hold, but for a reader who knows they are small."""
    topics = {"t": [(100, 50), (100, 46), (100, 4)]}
    outcomes: dict[str, Outcome] = {
        rule.__name__: judged(rule(topics), topics) for rule in (alone, two_per_line, removed)
    }
    assert (outcomes["removed"].small, outcomes["removed"].exact) == (1, 1)
    assert (outcomes["two_per_line"].small, outcomes["two_per_line"].narrow) == (1, 0)
    assert outcomes["two_per_line"].lost == 4
    assert (outcomes["alone"].small, outcomes["alone"].lost) == (1, 1)


def test_studies_are_the_same_for_every_rule() -> None:
    """A study is made from its seed alone, and each rule prints or holds back every figure of it."""
    made, topics = study(3)
    assert study(3)[1] == topics
    assert len(made.family) in (300, 800, 2200)
    leaves: list[Leaves] = [rule(topics) for rule in RULES.values()]
    assert all(len(one.printed) == 3 * sum(len(groups) for groups in topics.values()) for one in leaves)
