"""What is learnt at the level of families: who is absent, listed, apart, hosted, and how homes agree; and where learning starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hearthlink.linkage.comparisons import ADDRESS, CARER, PERSON_FIELDS, SURNAME
from hearthlink.linkage.model import SAME_HOUSEHOLD, SAME_PERSON, STATED, UNRELATED, Floats, Model, normalised

BRED_ELSEWHERE = 0.03
"""Stated: children whose surname is that of nobody listed in their household."""

HOSTS = ((1.0, 9.0), (1.0, 49.0))
"""Where learning how many households that units live with only host them, and list none of their children, starts: of those that name
nobody who may be a child, of whom more are such, and of those that name somebody. Beta priors."""

HOST_SURNAME = np.array([0.40, 0.05, 0.0, 0.55])
"""Where learning how a unit's surname agrees with its host's starts: same, close, missing, different."""

OUTLIVES = (1.0, 999.0)
"""Stated, for nothing in the files shows it: of children still listed, how many have left and how many have not. A beta prior."""

STAYS_ON = (18.0, 2.0)
"""Stated: of children whose listing has ended, most often at 16 to 19 on leaving education, how many live there still and how many
have left; those whom the council looks after are told apart later. A beta prior."""

LATER = (1.0, 49.0)
"""Where learning how many of those listed are listed only after the day starts; a date beside a row need not be that of its listing."""

KIND = np.array([188.0, 8.0, 4.0])
"""Where learning starts how often a child on a list is one of its dependants, something else, or claimant or partner."""

LEFT_OVER = 20.0 * np.array([0.5, 0.2, 0.12, 0.07, 0.04, 0.03, 0.02, 0.01, 0.01])
"""Where learning starts how many of those listed in a unit's home are none of its children: households whose others are not referred
leave some over, and files that hold whole families hardly any."""

APART = ((0.5, 49.5), (1.0, 19.0), (1.0, 9.0), (0.5, 49.5))
"""Where learning how many children live apart from their unit's home, be it their own address or carers, starts, by how they part from
it. Of a child whose own address may be that home's one in a hundred; of one found at another address one in twenty; of one whose surname
is not that by which the unit and the home agree, besides, one in ten; of one whose unit's home is on no file one in a hundred.
Beta priors."""

OFF_FILE = ((0.5, 9.5), (1.0, 1.0), (1.0, 1.0))
"""Where learning how many of those who live apart from their unit's home are in no household on file starts, by how they part from it
where it is on file. A child whose own address may be that home's is apart because another household lists it, or hardly ever. Beta priors."""

ELSEWHERE, OTHER_NAME, NOWHERE = 1, 2, 3
"""The ways to part in APART after the first, in which a child's own address may be its unit's home."""

AT_HOME = np.array([level.home for level in ADDRESS.levels])
"""Which levels of address place two records in one home or building: shape (levels,)."""

LEAN_NAMING = 10.0
"""How many homes' worth of weight it keeps that any household on file is as likely to be a home, whether it names a child or not."""

LEAN = 30.0
"""How many units' worth of weight the pair model's shares keep in the family model."""

HOST = "host"
"""Names the shares of surname levels at a household that only hosts the unit."""


@dataclass(frozen=True, slots=True)
class HomeModel:
    """What is learnt at the level of families.

    absent: P(in no household on file). naming: P(the home names somebody who may be a child | it is on file). listed: P(listed | lives
    there, where children are named) for infants and for older children. apart: P(a child belongs to another household than its unit's
    home), by how it parts from that (ways to part,). off_file: P(it is in no household on file | it lives apart), by how it parts from a
    home on file (ways to part but the last,). later: P(listed only after the day | listed). kinds: P(listed as each of the KINDS |
    listed). left_over: P(so many of those listed are no child of the unit | its home), the last all with as many or more. hosts: P(a
    household only hosts the unit and lists none of it | its home), where it names nobody who may be a child and where it names somebody
    (2,). same, chance: shares of levels at the true household and at another, by home field and surname, and under HOST surname at a
    host's. person: m of the person fields. outlives, stays_on: as stated above.
    """

    absent: float
    naming: float
    listed: tuple[float, float]
    apart: Floats
    off_file: Floats
    later: float
    kinds: Floats
    left_over: Floats
    hosts: Floats
    same: Mapping[str, Floats]
    chance: Mapping[str, Floats]
    person: Mapping[str, Floats]
    outlives: float
    stays_on: float


def first_model(model: Model) -> HomeModel:
    """Where the family model starts: the pair model's shares, half the children absent, nearly all listed."""
    same = {f: model.shares[SAME_HOUSEHOLD][f].copy() for f in ("address", "carer", "ages")}
    chance = {f: model.shares[UNRELATED][f].copy() for f in ("address", "carer", "ages")}
    neighbours = max(model.neighbours, 0.1) / model.households
    somewhere = np.where(AT_HOME, 0.3 / model.households, neighbours)
    chance["address"] = normalised(np.append(somewhere[:-1], 1.0), ADDRESS.missing)
    names = np.full(len(CARER.levels), 0.3) / model.households
    names[0] /= 3.0
    chance["carer"] = normalised(np.append(names[:-1], 1.0), CARER.missing)
    same["surname"] = normalised(np.append(np.array(STATED["surname"])[:-1], BRED_ELSEWHERE), SURNAME.missing)
    same[HOST] = normalised(HOST_SURNAME, SURNAME.missing)
    person = {f.of: model.shares[SAME_PERSON][f.of].copy() for f in PERSON_FIELDS}
    return HomeModel(
        0.5,
        float(naming_share(model)[1]),
        (0.75, 0.90),
        np.array([_mean(beta) for beta in APART]),
        np.array([_mean(beta) for beta in OFF_FILE]),
        _mean(LATER),
        KIND / KIND.sum(),
        LEFT_OVER / LEFT_OVER.sum(),
        np.array([_mean(beta) for beta in HOSTS]),
        same,
        chance,
        person,
        _mean(OUTLIVES),
        _mean(STAYS_ON),
    )


def naming_share(model: Model) -> Floats:
    """The shares of households on file that name nobody who may be a child, and that name somebody: shape (2,)."""
    naming = min(model.naming, model.households)
    return np.array([model.households - naming, naming]) / model.households


def per_household(model: Model, home: HomeModel) -> Floats:
    """P(it is the home | the home is on file) of one household that names nobody who may be a child, and of one that names somebody: shape (2,)."""
    share = naming_share(model)
    return np.array([1.0 - home.naming, home.naming]) / np.maximum(share * model.households, 1e-6) * (share > 0)


def _mean(beta: tuple[float, float]) -> float:
    return beta[0] / (beta[0] + beta[1])
