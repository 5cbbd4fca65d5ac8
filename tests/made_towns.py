"""Towns with what real files have, and what our linkage makes of them before anything is dropped or rounded."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
from made_persons import REFERRED, Records, Row, Town, compared, tables, town

from hearthlink.linkage import estimate
from hearthlink.linkage.evidence import Evidence, gather
from hearthlink.linkage.home_model import HomeModel
from hearthlink.linkage.households import Posterior, posterior
from hearthlink.linkage.learn import learn
from hearthlink.linkage.linkage import _children, _side
from hearthlink.linkage.model import Model, from_table


def rough(made: Town, seed: int) -> Town:
    """The town with what real files have: values missing, listings that ended or begin later, babies, communal places, second homes."""
    chance = random.Random(seed)
    persons = [_rough_person(chance, row) for row in made.records.persons]
    places = [
        row | _any(chance, {"communal": True}, {"number": None}, {"start_date": REFERRED + timedelta(days=300)})
        for row in made.records.places
    ]
    adults = [row | _any(chance, {"birth_date": None}, {"surname": None}) for row in made.records.adults]
    return replace(made, records=Records(persons, places, adults))


def _any(chance: random.Random, *changes: Row, rate: float = 0.04) -> Row:
    found: Row = {}
    for change in changes:
        if chance.random() < rate:
            found |= change
    return found


def _rough_person(chance: random.Random, row: Row) -> Row:
    changes: list[Row] = [{"sex": None}, {"birth_date": None}, {"birth_date_weak": True}]
    if row["role"] == "dependant":
        baby = REFERRED - timedelta(days=chance.randrange(90))
        more: list[Row] = [
            {"end_date": REFERRED - timedelta(days=chance.randrange(-10, 300))},
            {"start_date": None},
            {"role": "non_dependant"},
            {"start_date": REFERRED + timedelta(days=30)},
            {"birth_date": baby, "start_date": REFERRED + timedelta(days=20)},
        ]
        changes += more
    if row["role"] == "child":
        changes.append({"birth_date": REFERRED - timedelta(days=chance.randrange(90))})
    return row | _any(chance, *changes)


@dataclass(frozen=True, slots=True)
class Ours:
    """What our linkage makes of a town, before anything faint is dropped or rounded."""

    tables: Mapping[str, pa.Table]
    evidence: Evidence
    model: Model
    home: HomeModel
    where: Posterior


def ours(made: Town) -> Ours:
    given = compared(tables(made.records))
    model = from_table(estimate(given["agreement_pattern"]))
    evidence = gather(
        given["candidate_pair"], _children(*(_side(given["person"], side) for side in ("child", "member")))
    )
    home, _ = learn(evidence, model)
    return Ours(given, evidence, model, home, posterior(evidence, model, home))


def authority(seed: int) -> Town:
    return rough(town(seed, families=45, households=60, error=0.12), seed)


def doubtful(seed: int, *, families: int, households: int) -> Town:
    """A town of few names and many errors, where addresses and carers are mostly unknown."""
    return town(seed, families=families, households=households, error=0.3, names=2, known=0.15)


def bytes_of(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return sink.getvalue().to_pybytes()


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    return table.take(pa.array(np.random.default_rng(seed).permutation(table.num_rows)))
