"""The three acts of linking: compare, estimate, and weigh families against households."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.linkage import estimate as estimation
from hearthlink.linkage.block import find_candidates
from hearthlink.linkage.compare import compare
from hearthlink.linkage.households import INFANT, Evidence, gather, posterior, units_of_at_most
from hearthlink.linkage.learn import learn
from hearthlink.linkage.model import Wholes, from_table, to_table
from hearthlink.linkage.resolve import Answers, answers, draw_links

Progress = Callable[[str, float], None]


def agreement(engine: Engine, tables: Mapping[str, pa.Table], *, progress: Progress) -> dict[str, pa.Table]:
    """Candidate pairs and the counts of their agreement patterns, from `person`, `place` and `family_adult`."""
    for name in ("person", "place", "family_adult"):
        engine.put(name, tables[name])
    find_candidates(engine)
    progress("Candidate households found", 0.4)
    compare(engine)
    return {name: engine.take(name) for name in ("candidate_pair", "agreement_pattern")}


def estimate(agreement_pattern: pa.Table) -> pa.Table:
    """The `parameter` table: what agreement on each field is worth."""
    return to_table(estimation.estimate(agreement_pattern))


def link(engine: Engine, tables: Mapping[str, pa.Table], *, draws: int, cut: float) -> dict[str, pa.Table]:
    """`candidate_posterior`, `link` and `link_draw` from `candidate_pair`, `parameter` and `person`.

    A child is linked to its likeliest household where being in any is likelier than `cut`; otherwise it is in none on file. Two
    equally likely households are a child in two homes, not a doubt about being in one.
    """
    model = from_table(tables["parameter"])
    person = tables["person"]
    child = person.filter(pc.equal(person.column("side"), "child")).sort_by("person_no")
    evidence = gather(tables["candidate_pair"], *_children(child))
    home, counts = learn(evidence, model)
    found = answers(evidence, posterior(evidence, model, home))
    drawn = draw_links(evidence, model, counts, found, draws)
    names = _Names(child, person, evidence, tables["candidate_pair"])
    return {
        "candidate_posterior": names.candidate_posterior(found),
        "link": names.link(found, cut),
        "link_draw": pa.table(
            {
                "child_id": child.column("record_id"),
                "ranks": pa.FixedSizeListArray.from_arrays(pa.array(drawn.reshape(-1)), draws).cast(
                    pa.list_(pa.int32())
                ),
            }
        ),
    }


def _children(child: pa.Table) -> tuple[Wholes, Wholes, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """Person numbers in order, the unit of each (family and day of referral), and whether it is an infant that day."""
    numbers = child.column("person_no").to_numpy()
    day = child.column("referral_date").cast(pa.int32()).to_numpy()
    born = child.column("birth_date").cast(pa.int32()).fill_null(-(10**6)).to_numpy()
    family = child.column("group_id").combine_chunks().dictionary_encode().indices.to_numpy()
    _, unit = np.unique(np.stack([family.astype(np.int64), day.astype(np.int64)], axis=1), axis=0, return_inverse=True)
    return numbers, units_of_at_most(unit.reshape(-1)), day - born < INFANT


class _Names:
    """Gives back the councils' own names to numbers, at the edge of the model."""

    def __init__(self, child: pa.Table, person: pa.Table, evidence: Evidence, pair: pa.Table) -> None:
        self._child_id = child.column("record_id").to_pylist()
        self._family_id = child.column("group_id").to_pylist()
        self._evidence = evidence
        member = person.filter(pc.equal(person.column("side"), "member"))
        self._member_no = member.column("person_no").to_numpy()
        self._member_id = member.column("record_id")
        self._household_id = member.column("group_id")
        self._household_of = dict(
            zip(pair.column("household_no").to_pylist(), pair.column("member_no").to_pylist(), strict=True)
        )

    def candidate_posterior(self, found: Answers) -> pa.Table:
        return pa.table(
            {
                "child_id": pa.array(self._child_id, pa.string()).take(pa.array(found.child)),
                "rank": pa.array(found.rank),
                "household_id": self._households(found),
                "member_id": self._members(found),
                "probability": pa.array(np.round(found.probability, 9)),
                "p_member": pa.array(np.round(found.p_member, 9)),
            }
        )

    def link(self, found: Answers, cut: float) -> pa.Table:
        none = np.flatnonzero(found.rank == 0)
        best = np.minimum(none + 1, len(found.rank) - 1)
        has = (found.rank[best] == 1) & (found.child[best] == found.child[none])
        linked = has & (found.probability[none] <= 1.0 - cut)
        household = pc.if_else(pa.array(linked), self._households(found).take(pa.array(best)), None)
        listed = linked & (found.member[best] >= 0)
        member = pc.if_else(pa.array(listed), self._members(found).take(pa.array(best)), None)
        return pa.table(
            {
                "child_id": pa.array(self._child_id, pa.string()),
                "family_id": pa.array(self._family_id, pa.string()),
                "outcome": pa.array(np.where(listed, "listed", np.where(linked, "unlisted", "none")).tolist()),
                "household_id": household,
                "member_id": member,
                "p_household": pa.array(np.round(np.where(has, found.probability[best], 0.0), 9)),
                "p_person": pa.array(np.round(np.where(has, found.p_member[best], 0.0), 9)),
                "p_none": pa.array(np.round(found.probability[none], 9)),
            }
        )

    def _households(self, found: Answers) -> pa.Array:
        number = (
            self._evidence.block_household[self._evidence.cell_block[np.maximum(found.cell, 0)]]
            if len(self._evidence.cell_block)
            else None
        )
        if number is None:
            return pa.nulls(len(found.cell), pa.string())
        seat = np.searchsorted(self._member_no, [self._household_of[int(n)] for n in number])
        return pc.if_else(pa.array(found.cell >= 0), self._household_id.take(pa.array(seat)).combine_chunks(), None)

    def _members(self, found: Answers) -> pa.Array:
        seat = np.searchsorted(
            self._member_no, np.maximum(found.member, self._member_no[0] if len(self._member_no) else 0)
        )
        return pc.if_else(pa.array(found.member >= 0), self._member_id.take(pa.array(seat)).combine_chunks(), None)
