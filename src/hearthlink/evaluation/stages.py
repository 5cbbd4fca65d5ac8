"""Where children are found and lost on the way to a match: proposed as a candidate, kept, chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.evaluation.calibration import Flags
from hearthlink.evaluation.intervals import Number
from hearthlink.evaluation.truth import TrueLink

Whole = npt.NDArray[np.int64]
Parameters = Mapping[tuple[str, str], float]

FACTS = ("identified", "converged", "iterations", "starts_agreeing")
"""What is said of how the model was learned, where the model says it."""

DEPENDENT, SURELY = 0.1, 2.0
"""A leftover correlation of two fields that is worth telling, and how many standard errors it must be from nought."""


def with_candidate(pair: pa.Table) -> int:
    """How many children were compared with anybody."""
    return int(pc.count_distinct(pair.column("child_no")).as_py())


def compared_with_own(pair: pa.Table, person: pa.Table, truths: Mapping[str, TrueLink]) -> tuple[int, int]:
    """Of the children with a true household on file, how many were compared with one of theirs: that many, of so many."""
    number = person.column("person_no")
    record = dict(zip(person.column("record_id").to_pylist(), number.to_pylist(), strict=True))
    member = person.filter(pc.equal(person.column("side"), "member"))
    home = member.column("group_id").combine_chunks().dictionary_encode()
    code = {name: place for place, name in enumerate(home.dictionary.to_pylist())}
    of_member = np.full(int(pc.max(number).as_py() or 0) + 1, -1, dtype=np.int64)
    of_member[member.column("person_no").to_numpy()] = home.indices.to_numpy()
    own = {(record[child], code[household]) for child, true in truths.items() if child in record
           for household in true.households if household in code}  # fmt: skip
    children = {child for child, _ in own}
    homes = len(code) + 1
    keys = pair.column("child_no").to_numpy().astype(np.int64) * homes + of_member[pair.column("member_no").to_numpy()]
    wanted = np.array(sorted(child * homes + household for child, household in own), dtype=np.int64)
    there = wanted[np.isin(wanted, keys)] // homes
    return int(np.unique(there).size), len(children)


def answers_given(link: pa.Table, verdicts: Sequence[str | None]) -> tuple[Number, Flags]:
    """Each child's one answer, its household or none: how likely it was to be right, and whether it is. Children of the truth alone."""
    linked = np.array([outcome != "none" for outcome in link.column("outcome").to_pylist()], dtype=bool)
    chance = np.where(linked, link.column("p_household").to_numpy(), link.column("p_none").to_numpy())
    known = np.array([one is not None for one in verdicts], dtype=bool)
    right = np.array([one in ("right", "rightly_none") for one in verdicts], dtype=bool)
    return chance[known].astype(np.float64), right[known]


def candidates_of(posterior: pa.Table, truths: Mapping[str, TrueLink], level: str) -> tuple[Number, Flags]:
    """Every household that a child may be in, or person that it may be: how likely, and whether it is. Children of the truth alone."""
    name, chance = ("household_id", "probability") if level == "household" else ("member_id", "p_member")
    some = posterior.filter(posterior.column(name).is_valid())
    children, things = some.column("child_id").to_pylist(), some.column(name).to_pylist()
    known = np.array([child in truths for child in children], dtype=bool)
    right = np.array(
        [child in truths and thing in _of(truths[child], level) for child, thing in zip(children, things, strict=True)],
        dtype=bool,
    )
    return some.column(chance).to_numpy().astype(np.float64)[known], right[known]


def _of(true: TrueLink, level: str) -> frozenset[str]:
    return true.households if level == "household" else true.members


def expected_of(posterior: pa.Table, level: str) -> Number:
    """The probabilities of every household that a child may be in, or person that it may be."""
    name, chance = ("household_id", "probability") if level == "household" else ("member_id", "p_member")
    return posterior.filter(posterior.column(name).is_valid()).column(chance).to_numpy().astype(np.float64)


def model_facts(parameter: pa.Table) -> Iterator[tuple[str, str, float]]:
    """What the model says of itself: measure, level and value.

    How it came to rest; how many classes of pair the records told apart; of how many pairs of fields it was asked whether they agree
    independently of each other within a class, and for how many they do not.
    """
    rows = parameter.to_pylist()
    for row in rows:
        if row["field"] == "model" and row["label"] in FACTS:
            yield str(row["label"]), "model", float(row["value"])
    told_apart = {str(row["pair_class"]) for row in rows if row["field"] == "class_size" and row["value"] > 0}
    asked = [row for row in rows if row["field"] == "dependence"]
    apart = [row for row in asked if abs(row["value"]) > max(DEPENDENT, SURELY * (row["standard_error"] or 0.0))]
    yield "classes", "model", float(len(told_apart))
    yield "dependence_asked", "model", float(len(asked))
    yield "dependence_found", "model", float(len(apart))
