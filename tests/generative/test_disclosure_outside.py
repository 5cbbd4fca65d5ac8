"""An attacker who has the tables that others publish of the same children, and subtracts what is released from them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from attacker_of_releases import WHOLE, Attacker, Seen, seen_in, truth_of
from made_answers import TOPICS as TOPIC_GROUPS
from made_answers import World, world
from made_releases import History, part_of
from solving import Narrow

from hearthlink.disclosure import STRICT, ClearedTable, Policy, pack
from hearthlink.disclosure.outside import read_outside
from hearthlink.errors import DataProblem
from hearthlink.tables.profiles import PROFILES

STUDIES = int(os.environ.get("PROVE_COUNT", "0")) // 4 or 4
"""Studies to try, where `dev.py prove` asks for the full count."""
ANY_FAMILY = replace(STRICT, families=1, largest_family=1.0)
KEYS = (("on_benefit", "on_day"), ("overcrowded", "on_day"))
TOPICS = ("age", "stage")
HEADER = "source,topic,group,topic_2,group_2,children\n"


def study(seed: int) -> World:
    """A small study of two topics, with small groups in plenty."""
    size = random.Random(seed).choice((120, 240, 500))
    return world(size, seed, topics=TOPICS, keys=KEYS, draws=1)


def published(made: World, *, off: int = 0, hide: int = 0) -> bytes:
    """What others publish: children by each topic and by both, exactly; a number under `hide` is held back, and one of them is `off`."""
    (ages, codes), (stages, others) = (made.labels[name] for name in TOPICS)
    lines: list[str] = []
    for name, (groups, mine) in made.labels.items():
        lines += [f"the department,{name},{group},,,{int((mine == place).sum())}" for place, group in enumerate(groups)]
    for place, age in enumerate(ages):
        for second, stage in enumerate(stages):
            count = int(((codes == place) & (others == second)).sum()) + (off if (place, second) == (2, 1) else 0)
            lines.append(f"the department,age,{age},stage,{stage},{'c' if count < hide else count}")
    return (HEADER + "\n".join(lines) + "\n").encode()


def printed(tables: Iterable[ClearedTable]) -> int:
    """How many figures are printed."""
    return sum(column.kind != "text" and cell.value is not None
               for table in tables for row in table.rows for column, cell in zip(table.columns, row, strict=True))  # fmt: skip


Wanted = tuple[str, int, float, float]
"""A small figure of which nothing is printed: what it is, its place for the attacker, its true number, and what range is asked of it."""


def told_by(made: World, seen: Seen) -> tuple[int, list[tuple[str, Narrow]]]:
    """How many small figures are not to come out, and those that do for who has the outside tables."""
    attacker = Attacker([made], [seen], exact=True)
    attacker.crossed(0, made, *TOPICS)
    every = [*groups_of(made, seen, attacker), *cells_of(made, seen, attacker)]
    assert attacker.holds(attacker.true() | {place: truth for _, place, truth, _ in every})
    found = attacker.narrower([({place: 1.0}, asked) for _, place, _, asked in every])
    return len(every), [(every[one.place][0], one) for one in found]


def groups_of(made: World, seen: Seen, attacker: Attacker) -> Iterable[Wanted]:
    """Each small figure of a group that is held back."""
    for group, (size, figures) in truth_of(made).items():
        for key, (having, lacking, _) in figures.items():
            if group == WHOLE or seen.having.get((key, group)) is not None or min(having, lacking) >= seen.threshold:
                continue
            for figure, truth in (("h", having), ("l", lacking)):
                place = attacker.at[0, figure, key, group]
                yield f"{figure} {key} {group}", place, truth, min(seen.width, size)


def cells_of(made: World, seen: Seen, attacker: Attacker) -> Iterable[Wanted]:
    """Each small figure of a cell of the crossing; nothing is printed of any cell."""
    (ages, codes), (stages, others) = (made.labels[name] for name in TOPICS)
    for place, age in enumerate(ages):
        for second, stage in enumerate(stages):
            inside = (codes == place) & (others == second)
            for key in made.seen if inside.any() else ():
                observed, having = (float(one[key][inside].sum(0).mean()) for one in (made.seen, made.true))
                figures = {"h": having, "l": observed - having, "u": float(inside.sum()) - observed}
                for figure, truth in figures.items():
                    if truth < seen.threshold and (figure != "u" or key[0] != "on_benefit"):
                        at = attacker.at[0, figure, key, age, stage]
                        yield f"{figure} {key} {age} {stage}", at, truth, min(seen.width, int(inside.sum()))


def test_tables_of_two_topics_do_not_give_small_figures_away() -> None:
    """A reader who has the exact children of every pair of groups works out no small figure of either topic more narrowly than is asked."""
    tried = 0
    for seed in range(STUDIES):
        made = study(seed)
        policy = replace(Policy.of(list(PROFILES)[seed % len(PROFILES)]), families=1, largest_family=1.0)
        cleared = History(policy).clear(made, [("department.csv", published(made))])
        assert (cleared.outside.differing, cleared.outside.most) == (0, 0.0)
        many, told = told_by(made, seen_in(cleared.tables, KEYS))
        assert not told, (seed, told)
        tried += many
    assert tried >= 30


CELLS = {
    ("16 and 17", "Looked after"): (5, 5), ("1 to 4", "Looked after"): (40, 10), ("5 to 9", "Looked after"): (40, 10),
    ("16 and 17", "Referral only"): (60, 30), ("1 to 4", "Referral only"): (360, 0), ("5 to 9", "Referral only"): (360, 0),
}  # fmt: skip
"""Children, and those on benefit, of which no two in a row or column are few: and yet all five of the first are on benefit, as the sums tell."""


def of_cells() -> World:
    """The children of those cells, each a family of its own."""
    names = {name: TOPIC_GROUPS[name][0] for name in TOPICS}
    rows = [(age, stage, place < on) for (age, stage), (many, on) in CELLS.items() for place in range(many)]
    labels = {
        name: (names[name], np.array([names[name].index(row[at]) for row in rows])) for at, name in enumerate(TOPICS)
    }
    count, true = len(rows), np.array([[row[2]] for row in rows])
    return World(
        np.arange(count), labels, {KEYS[0]: np.ones((count, 1), bool)}, {KEYS[0]: true}, {KEYS[0]: {}}, {},
        true.copy(), np.full(count, 30),
    )  # fmt: skip


@pytest.mark.parametrize("profile", PROFILES)
def test_a_cell_that_no_table_prints_does_not_come_out_of_those_that_are_printed(profile: str) -> None:
    """Where all printed numbers together would tell of the children of one stage and one age, one of the numbers is held back."""
    made = of_cells()
    cleared = History(replace(Policy.of(profile), families=1, largest_family=1.0)).clear(
        made, [("department.csv", published(made))]
    )
    seen = seen_in(cleared.tables, KEYS[:1])
    assert seen.having[KEYS[0], WHOLE] is not None
    assert not told_by(made, seen)[1]


def test_what_is_registered_holds_back_no_less() -> None:
    """With tables of others registered no more figures are printed; with sizes alone the tables are the same bytes."""
    made = study(2)
    alone = History(ANY_FAMILY).clear(made).tables
    sizes = b"".join(
        line + b"\n" for line in published(made).splitlines() if b",,," in line or line.startswith(b"source")
    )
    assert pack(History(ANY_FAMILY).clear(made, [("a.csv", sizes)]).tables) == pack(alone)
    crossed = History(ANY_FAMILY).clear(made, [("a.csv", published(made))]).tables
    assert printed(crossed) <= printed(alone)


def test_a_policy_that_does_not_think_of_sizes_thinks_of_registered_ones() -> None:
    """Where the sizes of groups are registered they count as known, whatever the policy takes for granted."""
    made = study(1)
    policy = replace(ANY_FAMILY, totals_known=False)
    known = History(policy).clear(made, [("a.csv", published(made))]).tables
    assert pack(known) == pack(History(ANY_FAMILY).clear(made, [("a.csv", published(made))]).tables)


@pytest.mark.parametrize(("off", "hide"), [(3, 0), (7, 0), (0, 6)])
def test_a_table_of_other_children_is_said_to_differ_and_is_not_dropped(off: int, hide: int) -> None:
    """Where a table counts others than the study does, by how many is said, to the checker alone; numbers held back there are not known."""
    made = study(3)
    plain = History(ANY_FAMILY).clear(made)
    cleared = History(ANY_FAMILY).clear(made, [("a.csv", published(made, off=off, hide=hide))])
    assert (cleared.outside.differing > 0) == (off > 0)
    assert 0 < cleared.outside.most <= off if off else cleared.outside.most == 0
    assert printed(cleared.tables) <= printed(plain.tables)
    assert [table.notes for table in cleared.tables] == [table.notes for table in plain.tables]


def naive(children: int, matched: int) -> tuple[int, int]:
    """The least and the most unmatched, for who subtracts a rounded number of matched children from an exact total."""
    middle = 5 * ((2 * matched + 5) // 10)
    return children - middle - 2, children - middle + 2


def test_what_is_published_less_what_is_matched_gives_no_unmatched_children_away() -> None:
    """Hidden under ten and rounded to five alone, every small number of unmatched children is told within five by subtraction; here none is."""
    draw = np.random.default_rng(6)
    exposed = tried = 0
    for seed in range(6):
        made = world(300, seed, topics=("age", "ethnic_group"), keys=KEYS[:1], draws=1)
        every = replace_links(made, draw.random(300) < 0.85)
        seen = seen_in(History(ANY_FAMILY).clear(every).tables, KEYS[:1])
        for group, (size, figures) in truth_of(every).items():
            matched, unmatched, _ = figures[KEYS[0]]
            if group == WHOLE or not 0 < unmatched < 10 or matched < 10:
                continue
            low, high = naive(size, int(matched))
            exposed += high - low < 9
            tried += 1
            if seen.having.get((KEYS[0], group)) is not None:
                raise AssertionError(f"the matched of {group} are printed beside {unmatched} unmatched")
    assert exposed == tried >= 10


def replace_links(made: World, matched: np.ndarray) -> World:
    """The same children, of whom these are matched."""
    return replace(made, true={KEYS[0]: matched[:, None]}, seen={KEYS[0]: np.ones((len(matched), 1), bool)})


BROKEN = (
    (b"", "columns"),
    (b"source,topic,children\na,age,3\n", "columns"),
    (b"source,topic,group,children\na,age,x\n", "more or fewer"),
    (b"source,topic,group,children\na,age,x,3.5\n", "whole number"),
    (b"source,topic,group,children\na,age,x,-3\n", "whole number"),
    (b"source,topic,group,children\n,age,x,3\n", "names its source"),
    (b"source,topic,group,children\na,age,x,3\na,age,x,4\n", "two numbers"),
    (b"source,topic,group,topic_2,group_2,children\na,age,x,stage,,4\n", "names its source"),
    (b"source,topic,group,topic_2,group_2,children\na,age,x,age,y,4\n", "names its source"),
    (b"source,topic,group,children\na,age,\xff,3\n", "UTF-8"),
)


@pytest.mark.parametrize(("content", "says"), BROKEN)
def test_a_table_that_is_not_understood_stops_everything(content: bytes, says: str) -> None:
    """Whatever is wrong with an outside table is said with its line, and nothing is cleared; no value of it is said."""
    with pytest.raises(DataProblem, match=says) as raised:
        read_outside([("department.csv", content)])
    assert "outside/department.csv" in str(raised.value)


def test_numbers_may_have_commas_and_marks_of_what_is_held_back() -> None:
    """A thousand may be written with a comma, and a number held back with any of the usual letters."""
    said = b'source,topic,group,children\nd,age,a,"1,234"\nd,age,b,c\nd,age,c,\n'
    assert dict(read_outside([("a.csv", said)]).sizes) == {("d", ("age", "a")): 1234}


def test_groups_that_the_study_does_not_know_are_counted() -> None:
    """A group in words of its own binds nothing, and the checker is told that there is one."""
    said = HEADER.encode() + b"d,age,from one to four,,,30\nd,age,1 to 4,,,30\nd,town,north,,,10\n"
    assert History(ANY_FAMILY).clear(study(1), [("a.csv", said)]).outside.unmet == 2


def test_memory_and_outside_tables_go_together() -> None:
    """A second release with tables of others registered is held back no less than without them."""
    made: Policy = ANY_FAMILY
    every = study(4)
    history = History(made)
    history.release(part_of(every, np.arange(len(every.family)) % 4 > 0))
    plain = history.clear(every)
    known = history.clear(every, [("a.csv", published(every))])
    assert plain.repeats == known.repeats
    assert printed(known.tables) <= printed(plain.tables)
