"""The three acts of linking: compare, estimate, and weigh families against households."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.linkage.decided import decided
from hearthlink.linkage.draws import Draws, draw_links
from hearthlink.linkage.estimate import fitted
from hearthlink.linkage.evidence import KINDS, MOST_SIZE, Children, Evidence, units_of_at_most
from hearthlink.linkage.households import INFANT, hopeful, posterior
from hearthlink.linkage.learn import learn
from hearthlink.linkage.model import Floats, Wholes, from_table, to_table
from hearthlink.linkage.parts import compare_all
from hearthlink.linkage.portions import promising
from hearthlink.linkage.prepare import lay_out
from hearthlink.linkage.rarity import bearers_of, rarity, surnames_at_home
from hearthlink.linkage.resolve import Answers, answers
from hearthlink.linkage.rivals import one_each, rivals_of
from hearthlink.linkage.rules import RULES, Rule

Progress = Callable[[str, float], None]

ADULT = KINDS.index("adult")
YEAR = 365

LOOKED_AT = "person_no group_id record_id role forename surname birth_date referral_date".split()
"""What weighing looks at of a person."""

NO_DAY = -(10**6)
"""Stands for a day that is not known, in days since 1970: earlier than any record."""


def agreement(
    engine: Engine, tables: Mapping[str, pa.Table], *, progress: Progress, rules: Sequence[Rule] = RULES
) -> dict[str, pa.Table]:
    """Candidate pairs and the counts of their agreement patterns, from `person`, `place`, `family_adult` and, where given, `household_count`."""
    lay_out(engine, tables)
    compare_all(engine, rules, progress=progress)
    return {name: engine.take(name) for name in ("candidate_pair", "agreement_pattern")}


def candidate_pairs(engine: Engine, tables: Mapping[str, pa.Table], *, rules: Sequence[Rule] = RULES) -> pa.Table:
    """The table `candidate_pair` alone, from the same tables: for weighing by parameters that are known already."""
    lay_out(engine, tables)
    compare_all(engine, rules, progress=lambda _words, _share: None, counted=False)
    return engine.take("candidate_pair")


def estimate(agreement_pattern: pa.Table) -> pa.Table:
    """The `parameter` table: what agreement on each field is worth."""
    return to_table(fitted(agreement_pattern))


def link(
    tables: Mapping[str, pa.Table], *, draws: int, cut: float, decision: pa.Table | None = None
) -> dict[str, pa.Table]:
    """`candidate_posterior`, `link` and `link_draw` from `candidate_pair`, `parameter` and `person`.

    A child is linked to its likeliest household where being in any is likelier than `cut`; otherwise it is in none on file. Two
    equally likely households are a child in two homes, not a doubt about being in one. Reviewers' decisions, where given, stand.
    """
    model = from_table(tables["parameter"])
    child, member = (_side(tables["person"], side) for side in ("child", "member"))
    # What is copied has the same bytes wherever it lay; children are few, and their ids are written as they are here.
    child = child.combine_chunks().take(pa.array(np.arange(child.num_rows)))
    evidence = promising(tables["candidate_pair"], _children(child, member), lambda evidence: hopeful(evidence, model))
    home, counts = learn(evidence, model)
    where = posterior(evidence, model, home)
    rivals = rivals_of(evidence, model, home, where, child)
    where = where if rivals is None else posterior(evidence, model, home, rivals.free)
    found = one_each(answers(evidence, where), evidence, where, child)
    drawn = draw_links(evidence, model, counts, found, draws=draws, rivals=rivals)
    households, members = _names(found, evidence, tables["candidate_pair"], member)
    made = {
        "candidate_posterior": _candidate_posterior(found, child, households, members),
        "link": _link(found, child, households, members, cut),
        "link_draw": _link_draw(drawn, child, draws),
    }
    return decided(made, decision, cut=cut)


def _side(person: pa.Table, side: str) -> pa.Table:
    """The people of one side in order of their numbers. They most often lie so already, one side after the other: then nothing is copied."""
    here = pc.equal(person.column("side"), side).to_numpy()
    count, first = int(np.count_nonzero(here)), int(np.argmax(here)) if len(here) else 0
    rows = person.select(LOOKED_AT)
    mine = rows.slice(first, count) if here[first : first + count].all() else rows.filter(pa.array(here))
    in_order = bool((np.diff(mine.column("person_no").to_numpy()) > 0).all())
    return mine if in_order else mine.sort_by("person_no")


def _children(child: pa.Table, member: pa.Table) -> Children:
    """The children in order of their numbers. Those of one family referred on one day, or on none that is known, are a unit."""
    day = child.column("referral_date").cast(pa.int32()).fill_null(NO_DAY).to_numpy().astype(np.int64)
    born = child.column("birth_date").cast(pa.int32()).fill_null(NO_DAY).to_numpy().astype(np.int64)
    family = child.column("group_id").combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    first_day = int(day.min(initial=0))
    _, unit = np.unique(family * (int(day.max(initial=0)) - first_day + 1) + day - first_day, return_inverse=True)
    bearers = bearers_of(child, member)
    common, kinds = rarity(bearers), _kinds(member)
    return Children(
        number=child.column("person_no").to_numpy(),
        unit=units_of_at_most(unit.reshape(-1)),
        infant=(born != NO_DAY) & (day != NO_DAY) & (day - born < INFANT),
        forename=common.forename,
        surname=common.surname,
        forename_given_surname=common.given_surname,
        members=member.column("person_no").to_numpy(),
        names=surnames_at_home(bearers),
        kinds=kinds,
        sizes=_sizes(child, member, kinds, bearers.group[bearers.children :]),
    )


def _kinds(member: pa.Table) -> Wholes:
    """Which of the KINDS each member is, by its role."""
    found = [
        pc.is_in(member.column("role"), pa.array(roles)).to_numpy()
        for roles in (["dependant"], ["claimant", "partner"])
    ]
    return np.select(found, [0, 2], 1)


def _sizes(child: pa.Table, member: pa.Table, kinds: Wholes, home: Wholes) -> Floats:
    """How many households have each number of members who, by role or age, may be a child: shape (MOST_SIZE + 1,).

    kinds, home: what each member is, and a number for its household (members,).
    """
    born = member.column("birth_date").cast(pa.int32()).fill_null(NO_DAY).to_numpy()
    first = pc.min(child.column("birth_date")).cast(pa.int32()).as_py()
    young = (kinds != ADULT) | (born != NO_DAY) & (born >= (NO_DAY if first is None else first - YEAR))
    members = np.bincount(home, young).astype(np.int64)[np.bincount(home) > 0]
    return np.bincount(np.minimum(members, MOST_SIZE), minlength=MOST_SIZE + 1).astype(np.float64)


def _names(found: Answers, evidence: Evidence, pair: pa.Table, member: pa.Table) -> tuple[pa.Array, pa.Array]:
    """The councils' own names for the household and the member of each answer; null for none."""
    number = member.column("person_no").to_numpy()
    in_household = pair.column("household_no").to_numpy()
    somebody = np.zeros(int(in_household.max(initial=-1)) + 1, dtype=np.int64)
    somebody[in_household] = pair.column("member_no").to_numpy()  # whoever it is, its household is this one
    household = evidence.block_household[evidence.cell_block[found.cell[found.cell >= 0]]]
    of = np.full(len(found.cell), -1)
    of[found.cell >= 0] = np.searchsorted(number, somebody[household])
    person = np.where(found.member >= 0, np.searchsorted(number, found.member), -1)
    return _taken(member.column("group_id"), of), _taken(member.column("record_id"), person)


def _taken(values: pa.ChunkedArray, seat: Wholes) -> pa.Array:
    """The value at each seat, null where the seat is -1."""
    return values.combine_chunks().take(pa.array(seat, mask=seat < 0))


def _candidate_posterior(found: Answers, child: pa.Table, households: pa.Array, members: pa.Array) -> pa.Table:
    return pa.table(
        {
            "child_id": _taken(child.column("record_id"), found.child),
            "rank": pa.array(found.rank),
            "household_id": households,
            "member_id": members,
            "probability": pa.array(np.round(found.probability, 9)),
            "p_member": pa.array(np.round(found.p_member, 9)),
        }
    )


def _link(found: Answers, child: pa.Table, households: pa.Array, members: pa.Array, cut: float) -> pa.Table:
    none = np.flatnonzero(found.rank == 0)
    best = np.minimum(none + 1, len(found.rank) - 1)
    has = (found.rank[best] == 1) & (found.child[best] == found.child[none])
    linked = has & (found.probability[none] <= 1.0 - cut)
    listed = linked & (found.member[best] >= 0)
    return pa.table(
        {
            "child_id": child.column("record_id"),
            "family_id": child.column("group_id"),
            "outcome": pa.array(np.where(listed, "listed", np.where(linked, "unlisted", "none")), pa.string()),
            "household_id": _taken(pa.chunked_array([households]), np.where(linked, best, -1)),
            "member_id": _taken(pa.chunked_array([members]), np.where(listed, best, -1)),
            "p_household": pa.array(np.round(np.where(has, found.probability[best], 0.0), 9)),
            "p_person": pa.array(np.round(np.where(has, found.p_member[best], 0.0), 9)),
            "p_none": pa.array(np.round(found.probability[none], 9)),
        }
    )


def _link_draw(drawn: Draws, child: pa.Table, draws: int) -> pa.Table:
    ranks = pa.FixedSizeListArray.from_arrays(pa.array(drawn.reshape(-1), pa.int32()), draws)
    return pa.table({"child_id": child.column("record_id"), "ranks": ranks.cast(pa.list_(pa.int32()))})
