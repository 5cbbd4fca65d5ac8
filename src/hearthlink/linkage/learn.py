"""What only families can teach: how many children are in no household on file, who is listed, who lives apart, how homes agree.

Expectation-maximisation over units, from the pair model's shares, which keep a little weight so that small files stay sensible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from hearthlink.linkage.comparisons import ADDRESS, AGES, CARER, PERSON_FIELDS, SURNAME, Comparison
from hearthlink.linkage.evidence import Evidence
from hearthlink.linkage.grouping import summed
from hearthlink.linkage.home_model import (
    APART,
    AT_HOME,
    HOST,
    HOSTS,
    KIND,
    LATER,
    LEAN,
    LEAN_NAMING,
    LEFT_OVER,
    NOWHERE,
    OFF_FILE,
    OUTLIVES,
    STAYS_ON,
    HomeModel,
    first_model,
    naming_share,
)
from hearthlink.linkage.households import Posterior, chances, posterior
from hearthlink.linkage.model import Floats, Model, Wholes
from hearthlink.linkage.patterns import PATTERNS, by_level

MOST_TURNS = 12
CLOSE_ENOUGH = 1e-4
SURE = 0.95
LEAST = 1e-9
"""No share is less, so that nothing is ever taken for impossible."""

LEAN_OTHERS = 1.0
"""How many units' worth of weight what lies beside the nearest household keeps, in what lies there by chance."""

LEAN_HOST = 10.0
"""How many units' worth of weight the stated shares of a host's surname keep."""

HOMES: tuple[Comparison, ...] = (ADDRESS, CARER, SURNAME)


@dataclass(frozen=True, slots=True)
class Counts:
    """Expected counts from which a family model is made or drawn: each an array of weights over its outcomes.

    absent: (no, yes) children. naming: (no, yes) homes. listed: (no, yes) for infants and older. apart: (no, yes) children, by how they
    part from their unit's home. off_file: (no, yes) of those who live apart from a home on file, likewise. later: (no, yes) of those listed. kinds: of those listed, by kind. left_over: units by how many at home
    are not theirs. hosts: (no, yes) homes, of those that name nobody who may be a child and of those that do. same, by_chance, person:
    by level.
    """

    absent: Floats
    naming: Floats
    listed: tuple[Floats, Floats]
    apart: tuple[Floats, ...]
    off_file: tuple[Floats, ...]
    later: Floats
    kinds: Floats
    left_over: Floats
    hosts: tuple[Floats, ...]
    same: Mapping[str, Floats]
    by_chance: Mapping[str, Floats]
    person: Mapping[str, Floats]


def learn(evidence: Evidence, model: Model) -> tuple[HomeModel, Counts]:
    """The family model that fits, and the expected counts it was made from."""
    home, by_chance = first_model(model), chances(evidence, model)
    counts = expected(evidence, model, posterior(evidence, model, home, by_chance=by_chance))
    for _ in range(MOST_TURNS):
        before, home = home.absent, made_of(counts)
        counts = expected(evidence, model, posterior(evidence, model, home, by_chance=by_chance))
        if abs(before - home.absent) < CLOSE_ENOUGH:
            break
    return made_of(counts), counts


def expected(evidence: Evidence, model: Model, where: Posterior) -> Counts:
    """Expected counts under a posterior, with the prior's leaning added."""
    unit = evidence.unit_of_child
    in_block = where.block[evidence.cell_block]
    listed_cell = summed(evidence.listed.cell, where.member, len(where.cell))
    infant = evidence.infant[evidence.cell_child]
    start = first_model(model)
    by_person, at_host = _by_person(evidence, where), where.block * where.hosted
    lists = where.cell * (1.0 - where.hosted[evidence.cell_block])
    named = lists * evidence.block_naming[evidence.cell_block]
    by_listing = summed(evidence.listed.listing, where.member, 2 * len(KIND)).reshape(2, -1)
    # Where matches could not be told apart there may be none, and learning from what was taken for them would make them so.
    by_pattern = summed(evidence.listed.pattern, where.member, PATTERNS) * model.identified
    return Counts(
        naming=summed(evidence.block_naming, where.block, 2) + LEAN_NAMING * naming_share(model),
        absent=np.array([1.0 + len(unit) - where.child_none.sum(), 1.0 + where.child_none.sum()]),
        listed=(
            _listed(named[infant], listed_cell[infant], 3.0, 9.0),
            _listed(named[~infant], listed_cell[~infant], 2.0, 18.0),
        ),
        apart=_apart(evidence, where, in_block),
        off_file=_off_file(evidence, where, in_block),
        later=np.array([LATER[1], LATER[0]]) + by_listing.sum(axis=1),
        kinds=_kinds(evidence) + by_listing.sum(axis=0),
        left_over=LEFT_OVER + _left_over(evidence, where),
        hosts=_hosts(evidence, where.block, at_host),
        same={
            **{f.of: _counted(_levels(evidence, f), by_person, f) + _lean(start.same[f.of], f) for f in HOMES},
            AGES.of: _counted(evidence.cell_ages, lists, AGES) + _lean(start.same[AGES.of], AGES),
            HOST: _counted(evidence.block_surname, at_host, SURNAME)
            + _lean(start.same[HOST], SURNAME) * LEAN_HOST / LEAN,
        },
        by_chance=_by_chance(evidence, model, where, start),
        person={
            f.of: _but_missing(by_level(by_pattern, f.of), f) + _lean(start.person[f.of], f) for f in PERSON_FIELDS
        },
    )


def _apart(evidence: Evidence, where: Posterior, at_home: Floats) -> tuple[Floats, ...]:
    """Children who stay and who live apart, by how they part from their unit's home, with the prior's leaning: (no, yes) each.

    at_home: P(the unit's home is the cell's household) (cells,). A child alone in its unit lives apart from nobody where there is no
    home on file.
    """
    unit = evidence.unit_of_child
    on_none = where.none[unit]
    parting = np.append(evidence.cell_parting, np.full(len(unit), NOWHERE))
    could = np.append(at_home, np.where((np.bincount(unit) > 1)[unit], on_none, 0.0))
    leave = np.append(at_home * where.leaves, on_none * where.leaves_none)
    stay, left = (summed(parting, weight, len(APART)) for weight in (could - leave, leave))
    return tuple(np.array([stay[n] + no, left[n] + yes]) for n, (yes, no) in enumerate(APART))


def _off_file(evidence: Evidence, where: Posterior, at_home: Floats) -> tuple[Floats, ...]:
    """Children who live apart from a home on file, and are and are not on file themselves, with the prior's leaning: (no, yes) each.

    A child alone in its unit is left out, since it can be apart from its unit's home only where another household lists it.
    """
    several = (np.bincount(evidence.unit_of_child) > 1)[evidence.unit_of_child][evidence.cell_child]
    leave = at_home * where.leaves * several
    on, off = (summed(evidence.cell_parting, leave * part, len(OFF_FILE)) for part in (1.0 - where.off, where.off))
    return tuple(np.array([on[n] + no, off[n] + yes]) for n, (yes, no) in enumerate(OFF_FILE))


def _hosts(evidence: Evidence, home: Floats, at_host: Floats) -> tuple[Floats, ...]:
    """Homes that do not and that do only host their unit, with the prior's leaning, of those that name nobody and of those that do: (no, yes)."""
    own, host = (summed(evidence.block_naming, weight, len(HOSTS)) for weight in (home - at_host, at_host))
    return tuple(np.array([own[n] + no, host[n] + yes]) for n, (yes, no) in enumerate(HOSTS))


def _by_person(evidence: Evidence, where: Posterior) -> Floats:
    """P(the unit's home is the block's household, and one of its children is listed there): shape (blocks,).

    What homes look like is learnt from families found by a person: a street may hold a home for everybody, and would teach that all
    live there unlisted. Where households list nobody who may be a child, P(home) must do.
    """
    if not len(evidence.listed.cell):
        return where.block
    block = evidence.cell_block[evidence.listed.cell]
    return np.minimum(where.block, summed(block, where.member, len(where.block)))


def _levels(evidence: Evidence, field: Comparison) -> Wholes:
    return {"address": evidence.block_address, "carer": evidence.block_carer, "surname": evidence.block_surname}[
        field.of
    ]


def _left_over(evidence: Evidence, where: Posterior) -> Floats:
    """Units by how many listed in their home are none of their children, a part of one going to the numbers on either side."""
    block = evidence.cell_block[evidence.listed.cell]
    lists = where.block * (1.0 - where.hosted)
    of_unit = summed(block, where.member, len(where.block)) / np.maximum(lists, 1e-12)
    listed = evidence.listed_there[evidence.first_cell]
    left = np.clip(listed - of_unit, 0.0, len(LEFT_OVER) - 1.0)
    below = np.floor(left).astype(np.int64)
    above = np.minimum(below + 1, len(LEFT_OVER) - 1)
    part = left - below
    return summed(below, lists * (1.0 - part), len(LEFT_OVER)) + summed(above, lists * part, len(LEFT_OVER))


def _others_at_home(evidence: Evidence, where: Posterior) -> Floats:
    """How many other households agree with a unit's address at each level, by units whose own home is sure and is at that address.

    Where the home is in doubt, so is whether another household there is chance, and what is assumed would be found: (levels,). What none of
    so many homes showed keeps half a home's worth; where no home is sure, what lies beside the nearest household says all there is.
    """
    at_home = AT_HOME[evidence.block_address]
    sure = np.zeros(len(where.none), dtype=bool)
    sure[evidence.block_unit[(where.block >= SURE) & at_home]] = True
    others = sure[evidence.block_unit] & (where.block < 1.0 - SURE)
    counts = summed(evidence.block_address[others], np.ones(int(others.sum())), len(AT_HOME))
    homes = float(sure.sum())
    shown = (counts + 0.5) / (homes + 1.0)
    return (homes * shown + LEAN_OTHERS * _besides_nearest(evidence)) / (homes + LEAN_OTHERS)


def _besides_nearest(evidence: Evidence) -> Floats:
    """How many households agree with a unit's address at each level besides the nearest, were that the home: (levels,).

    It needs no home to be sure, which none is where nobody on file is named.
    """
    level, unit = evidence.block_address, evidence.block_unit
    nearest = np.full(evidence.units, len(AT_HOME))
    np.minimum.at(nearest, unit, np.where(AT_HOME[level], level, len(AT_HOME)))
    found = nearest < len(AT_HOME)
    counts = np.bincount(level[found[unit]], minlength=len(AT_HOME)).astype(np.float64)
    counts -= np.bincount(nearest[found], minlength=len(AT_HOME))
    return (counts + 0.5) / (float(found.sum()) + 1.0)


def _kinds(evidence: Evidence) -> Floats:
    """What learning starts from for kinds of member, those that nobody is in left all but out.

    Where all who are listed are claimants and partners, that no child is among them stays as likely as it was.
    """
    there = np.bincount(evidence.listed.listing % len(KIND), minlength=len(KIND)) > 0
    return np.where(there, KIND, LEAST) if there[:-1].any() else KIND


def _listed(present: Floats, listed: Floats, no: float, yes: float) -> Floats:
    return np.array([max(float(present.sum() - listed.sum()), 0.0) + no, float(listed.sum()) + yes])


def _counted(level: Wholes, weight: Floats, field: Comparison) -> Floats:
    return _but_missing(np.bincount(level, weights=weight, minlength=len(field.levels)).astype(np.float64), field)


def _but_missing(counts: Floats, field: Comparison) -> Floats:
    counts[field.missing] = 0.0
    return counts


def _lean(shares: Floats, field: Comparison) -> Floats:
    kept = np.arange(len(shares)) != field.missing
    return LEAN * shares * kept / float((shares * kept).sum())


def _by_chance(evidence: Evidence, model: Model, where: Posterior, start: HomeModel) -> dict[str, Floats]:
    """How often the home of another household agrees: every such agreement is a candidate, so what is not a home is chance."""
    everything = len(where.none) * model.households
    result = {AGES.of: _counted(evidence.cell_ages, 1.0 - where.cell, AGES) + _lean(start.chance[AGES.of], AGES)}
    by_blocking = {ADDRESS: AT_HOME, CARER: np.arange(len(CARER.levels)) < CARER.missing}
    for field, formed in by_blocking.items():
        counts = _counted(_levels(evidence, field), 1.0 - where.block, field)
        counts[formed] += 0.5
        nearby = ~formed & (np.arange(len(counts)) != field.missing)
        counts[nearby] = everything * start.chance[field.of][nearby]
        if field is ADDRESS:
            others = len(where.none) * _others_at_home(evidence, where)
            counts[formed] = others[formed]
            # Not every household nearby is a candidate in a large file, so what is found there is the least that chance does.
            counts[nearby] = np.maximum(counts[nearby], others[nearby])
        counts[-1] = max(everything - float(counts[:-1].sum()), 1.0)
        result[field.of] = counts
    return result


def made_of(counts: Counts) -> HomeModel:
    """The family model with the expected shares of the counts."""
    return _model(counts, lambda weights: weights / float(weights.sum()))


def drawn_from(counts: Counts, random: np.random.Generator) -> HomeModel:
    """A family model drawn from what the counts leave open: Dirichlet with those counts (Rubin 1987, proper imputation)."""

    def draw(weights: Floats) -> Floats:
        return random.dirichlet(np.maximum(weights, 1e-3))

    return _model(counts, draw)


def _model(counts: Counts, shares: Callable[[Floats], Floats]) -> HomeModel:
    fields = {**{f.of: f for f in (*HOMES, AGES, *PERSON_FIELDS)}, HOST: SURNAME}

    def over(weights: Mapping[str, Floats]) -> dict[str, Floats]:
        result: dict[str, Floats] = {}
        for name, weight in weights.items():
            kept = np.arange(len(weight)) != fields[name].missing
            value = np.ones(len(weight))
            value[kept] = np.maximum(shares(np.maximum(weight[kept], LEAST)), LEAST)
            result[name] = value
        return result

    absent = shares(counts.absent)[1]
    return HomeModel(
        absent=float(np.clip(absent, 0.005, 0.995)),
        naming=float(shares(counts.naming)[1]) if counts.naming.all() else float(counts.naming[1] > 0),
        listed=(float(shares(counts.listed[0])[1]), float(shares(counts.listed[1])[1])),
        apart=np.array([float(shares(each)[1]) for each in counts.apart]),
        off_file=np.array([float(shares(each)[1]) for each in counts.off_file]),
        later=float(shares(counts.later)[1]),
        kinds=shares(counts.kinds),
        left_over=shares(counts.left_over),
        hosts=np.array([float(shares(each)[1]) for each in counts.hosts]),
        same=over(counts.same),
        chance=over(counts.by_chance),
        person=over(counts.person),
        outlives=float(shares(np.array(OUTLIVES))[0]),
        stays_on=float(shares(np.array(STAYS_ON))[0]),
    )
