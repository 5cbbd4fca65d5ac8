"""An attacker who has every release of a study, and the tables of others, and tries to work out what they hold back and who came or went."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from attacker_of_releases import attack, seen_in
from made_answers import world
from made_releases import History, part_of, sequence

from hearthlink.disclosure import STRICT, ClearedTable, Policy, pack
from hearthlink.errors import DataProblem

TRIALS = int(os.environ.get("PROVE_COUNT", "0"))
SEQUENCES = TRIALS or 16
"""Histories of three releases to try, where `dev.py prove` asks for the full count."""

ANY_FAMILY = replace(STRICT, families=1, largest_family=1.0)
"""The families rule holds more back; without it the attacker has more to go on."""
NHS, DFE = (replace(Policy.of(name), families=1, largest_family=1.0) for name in ("nhs", "dfe"))
MILDER_THEN_STRICTER = (replace(ANY_FAMILY, threshold=10), replace(ANY_FAMILY, threshold=15, share_base=30), ANY_FAMILY)
HISTORIES: tuple[tuple[Policy, ...], ...] = (
    (ANY_FAMILY,) * 3, (STRICT,) * 3, (replace(ANY_FAMILY, totals_known=False),) * 3, (ANY_FAMILY,) * 4, MILDER_THEN_STRICTER,
    (NHS,) * 3, (DFE,) * 3,
)  # fmt: skip


@pytest.mark.parametrize("start", range(4))
def test_no_release_lets_earlier_ones_be_subtracted(start: int) -> None:
    """Of all releases together no figure that any holds back, and no change of fewer than ten, is narrowed below the profile."""
    tried = anew = 0
    for seed in range(start, SEQUENCES, 4):
        policies = HISTORIES[seed % len(HISTORIES)]
        history, changes = sequence(seed, policies)
        new = [place for place, repeats in enumerate(history.repeats) if repeats is None]
        keys = list(history.worlds[0].seen)
        for last in range(1, len(new) + 1):
            worlds = [history.worlds[place] for place in new[:last]]
            seen = [seen_in(history.printed[place], keys) for place in new[:last]]
            for exact in (False, True) if policies[0].totals_known else (False,):
                found = attack(worlds, seen, exact=exact)
                assert not found.told, (seed, changes, found.told[0])
                tried += found.tried
        anew += len(new) - 1
    assert tried >= 30
    assert anew >= 1


def two_releases(seed: int) -> tuple[History, Policy]:
    """A study of two topics, of which a third of the children come after the first release."""
    every = world(
        480, seed, topics=["age", "stage"], keys=(("on_benefit", "on_day"), ("suspension", "before_12")), draws=1
    )
    history = History(ANY_FAMILY)
    history.release(part_of(every, np.arange(480) % 3 > 0))
    history.worlds.append(every)
    return history, ANY_FAMILY


def test_the_attacker_finds_what_a_release_tells_that_was_not_checked_against_the_one_before() -> None:
    """Without memory the very same releases tell of changes of few: what holds them back is that the checks remember."""
    told = 0
    for seed in range(3):
        history, _ = two_releases(seed)
        alone = History(ANY_FAMILY).release(history.worlds[-1]).tables
        seen = [seen_in(tables, list(history.worlds[0].seen)) for tables in (history.printed[0], alone)]
        told += len(attack(history.worlds, seen, exact=False).told)
    assert told >= 3


def test_the_same_data_again_are_the_same_tables_byte_for_byte() -> None:
    """A second release of nothing new is the first, whatever it held back."""
    history, _ = two_releases(3)
    made = history.worlds[0]
    again = history.clear(made)
    assert pack(again.tables) == history.earlier[0][1]
    assert again.repeats is None


@pytest.mark.parametrize("many", [1, 5])
def test_where_few_changed_in_all_only_the_last_release_may_be_said_again(many: int) -> None:
    """Of fewer than ten more children no figure is new, and a note says so and what to do."""
    history, _ = two_releases(3)
    inside = np.arange(480) % 3 > 0
    inside[np.flatnonzero(~inside)[:many]] = True
    made = history.clear(part_of(history.worlds[1], inside))
    assert made.repeats == 1
    assert [table.rows for table in made.tables[:-1]] == [table.rows for table in history.printed[0][:-1]]
    assert "Release anew when more have changed" in made.tables[-1].notes[1]


def test_a_release_that_says_another_again_is_not_taken_for_new_data() -> None:
    """After a release that repeats the first, enough new children lead to new figures, checked against the first."""
    history, _ = two_releases(4)
    few = np.arange(480) % 3 > 0
    few[np.flatnonzero(~few)[:4]] = True
    every = history.worlds.pop()
    assert history.release(part_of(every, few)).repeats == 1
    after = history.clear(every)
    assert after.repeats is None
    assert [table.rows for table in after.tables[:1]] != [table.rows for table in history.printed[0][:1]]


def test_a_stricter_rule_does_not_say_a_milder_release_again() -> None:
    """Where only a repetition could leave and the rules have become stricter, nothing does."""
    history, _ = two_releases(3)
    inside = np.arange(480) % 3 > 0
    inside[np.flatnonzero(~inside)[:4]] = True
    history.policy = replace(ANY_FAMILY, threshold=15)
    with pytest.raises(DataProblem, match="milder rules"):
        history.clear(part_of(history.worlds[1], inside))


def spoilt(content: bytes, how: str) -> bytes:
    """The bytes of a release, spoilt in one way."""
    if how == "cut":
        return content[: len(content) // 2]
    said = json.loads(content)
    if how == "form":
        said["cleared"] = 99
    elif how == "empty":
        said["tables"] = []
    elif how == "number":
        table = next(one for one in said["tables"] if one["name"] == "headline")
        table["rows"][0][1][0] += 5
    elif how == "rules":
        said["tables"][0]["threshold"] = 15
    return json.dumps(said).encode()


@pytest.mark.parametrize("how", ["cut", "form", "empty", "number", "rules"])
def test_an_earlier_release_that_cannot_be_read_stops_everything(how: str) -> None:
    """A release that was cut, is of another form, empty, of other numbers or of two rules is not passed over."""
    history, _ = two_releases(3)
    history.earlier[0] = (1, spoilt(history.earlier[0][1], how))
    with pytest.raises(DataProblem, match="Release 1"):
        history.clear(history.worlds[1])


@pytest.mark.parametrize("missing", ["figures", "release"])
def test_a_release_without_its_true_numbers_and_true_numbers_without_a_release_stop_everything(missing: str) -> None:
    """Neither half of what is remembered is enough."""
    history, _ = two_releases(3)
    if missing == "figures":
        history.figures = history.figures.slice(0, 0)
    else:
        history.earlier = []
    with pytest.raises(DataProblem, match="Release 1"):
        history.clear(history.worlds[1])


def test_what_is_not_solved_in_time_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no time to solve anything nothing new leaves that was not out before."""
    every = world(240, 3, topics=["stage"], keys=(("on_benefit", "on_day"),), draws=1)
    history = History(ANY_FAMILY)
    history.release(part_of(every, np.arange(240) % 3 > 0))
    with_time = history.clear(every)
    assert with_time.repeats is None
    monkeypatch.setattr("hearthlink.disclosure.attack.SECONDS", 0.0)
    made = history.clear(every)
    assert made.repeats == 1 or figures_in(made.tables) < figures_in(with_time.tables)


def figures_in(tables: Iterable[ClearedTable]) -> int:
    """How many counts are printed."""
    return sum(column.kind == "count" and cell.value is not None
               for table in tables for row in table.rows for column, cell in zip(table.columns, row, strict=True))  # fmt: skip
