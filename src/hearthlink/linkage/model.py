"""The linkage model: how often each level of agreement occurs in each class of pair.

Three classes. *Same person*: the child and the listed member are one. *Same household*: they live together and are two people, as
brothers and sisters are. *Unrelated*: neither. Home fields (address, carer) are shared by the first two, for both live there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hearthlink.linkage.comparisons import FIELDS, HOME_FIELDS, PERSON_FIELDS, Comparison

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shares = Mapping[str, Floats]

SAME_PERSON, SAME_HOUSEHOLD, UNRELATED = "same_person", "same_household", "unrelated"
CLASSES = (SAME_PERSON, SAME_HOUSEHOLD, UNRELATED)
MOVED, NEIGHBOUR = "same_person_elsewhere", "neighbour"
MODEL, SIZE, DEPENDENCE = "model", "class_size", "dependence"


@dataclass(frozen=True, slots=True)
class Size:
    """How many pairs there are of a class, the standard error of that, and whether the data support the class at all."""

    pair_class: str
    pairs: float
    error: float
    supported: bool


@dataclass(frozen=True, slots=True)
class Dependence:
    """How far two fields agree together beyond what their class alone would have: phi from -1 to 1, and its standard error."""

    pair_class: str
    fields: tuple[str, str]
    phi: float
    error: float


@dataclass(frozen=True, slots=True)
class Model:
    """m, h and u for every field, and the sizes that turn them into odds.

    shares[class][field]: array of one probability a level, the missing level 1 (it says nothing), the others adding to 1.
    errors[class][field]: their standard errors, nan where counted rather than estimated.
    names_together: how much oftener forename and surname agree together by chance than each alone would have it.
    households: benefit households on file on a child's day, on average. naming: of them, how many name somebody who may be the child.
    neighbours: of them, how many share its postcode.
    children: children to link. identified: the classes were told apart; otherwise the stated rates below stand in. converged: the
    best start came to rest, after `iterations` turns, at log-likelihood `likelihood`, which `starts_agreeing` starts reached.
    sizes: pairs of each class, those of the same person elsewhere and of neighbours told apart. dependence: a check of the model.
    """

    shares: Mapping[str, Shares]
    errors: Mapping[str, Shares]
    prior: Floats
    names_together: float
    households: float
    naming: float
    neighbours: float
    children: int
    iterations: int
    converged: bool
    identified: bool
    likelihood: float = 0.0
    starts_agreeing: int = 0
    sizes: tuple[Size, ...] = ()
    dependence: tuple[Dependence, ...] = ()


def _stated(fields: tuple[Comparison, ...], of: str) -> dict[str, tuple[float, ...]]:
    return {field.of: tuple(float(getattr(level, of)) for level in field.levels) for field in fields}


STATED = _stated(FIELDS, "same")
"""Rates among true matches from which estimation starts, and which stand in where it fails: the order of published disagreement
rates in English records (names a few per cent, birth date about 1%, address 8 to 12%)."""

STATED_SIBLING = _stated(PERSON_FIELDS, "sibling")
"""The same among two dependants of one household, where too few are listed to count."""

STATED_CHANCE = _stated(HOME_FIELDS, "chance")
"""The same among strangers, of the fields of the home."""


def normalised(counts: Floats, missing: int, *, towards: Floats | None = None, strength: float = 0.0) -> Floats:
    """Level counts as shares that add to 1 over the levels that are not missing; the missing level is 1.

    `towards` and `strength` add that many made-up counts in the given proportions, so that no share is nought.
    """
    keep = np.arange(len(counts)) != missing
    total = counts * keep
    if towards is not None:
        total = total + strength * towards * keep / float((towards * keep).sum())
    shares = total / max(float(total.sum()), 1e-300)
    shares[missing] = 1.0
    return shares


def every_pattern(fields: tuple[Comparison, ...] = FIELDS) -> Wholes:
    """Every combination of levels without the missing ones: shape (patterns, fields)."""
    levels = [[n for n in range(len(f.levels)) if n != f.missing] for f in fields]
    return np.array(list(product(*levels)), dtype=np.int64)


NUMBERS = (
    "names_together", "households", "naming", "neighbours", "children", "iterations", "converged", "identified", "likelihood", "starts_agreeing",
)  # fmt: skip


def to_table(model: Model) -> pa.Table:
    """The model as rows of the `parameter` table."""
    rows: list[tuple[str, int, str, str, float, float | None]] = []
    for pair_class in CLASSES:
        for field in FIELDS:
            for level, (label, value) in enumerate(
                zip((lv.label for lv in field.levels), model.shares[pair_class][field.of], strict=True)
            ):
                error = float(model.errors[pair_class][field.of][level])
                rows.append((field.of, level, label, pair_class, float(value), None if np.isnan(error) else error))
    rows += [(MODEL, n, "prior", c, float(model.prior[n]), None) for n, c in enumerate(CLASSES)]
    rows += [(MODEL, 0, name, "all", float(getattr(model, name)), None) for name in NUMBERS]
    for number, size in enumerate(model.sizes):
        says = "pairs of this class" if size.supported else "pairs of this class: too few to support it, so dropped"
        rows.append((SIZE, number, says, size.pair_class, size.pairs, None if np.isnan(size.error) else size.error))
    for number, found in enumerate(model.dependence):
        rows.append((DEPENDENCE, number, " and ".join(found.fields), found.pair_class, found.phi, found.error))
    columns = ("field", "level", "label", "pair_class", "value", "standard_error")
    return pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))


def from_table(table: pa.Table) -> Model:
    """The model that `to_table` wrote."""
    rows = table.to_pylist()
    shares: dict[str, dict[str, Floats]] = {c: {} for c in CLASSES}
    errors: dict[str, dict[str, Floats]] = {c: {} for c in CLASSES}
    for pair_class in CLASSES:
        for field in FIELDS:
            mine = sorted(
                (r["level"], r["value"], r["standard_error"])
                for r in rows
                if (r["field"], r["pair_class"]) == (field.of, pair_class)
            )
            shares[pair_class][field.of] = np.array([value for _, value, _ in mine])
            errors[pair_class][field.of] = np.array([np.nan if e is None else e for _, _, e in mine])
    size = {r["label"]: r["value"] for r in rows if r["field"] == MODEL and r["label"] != "prior"}
    prior = np.array([r["value"] for r in rows if r["label"] == "prior"])
    return Model(
        shares, errors, prior, size["names_together"], size["households"], size["naming"], size["neighbours"], int(size["children"]),
        int(size["iterations"]), bool(size["converged"]), bool(size["identified"]), size["likelihood"], int(size["starts_agreeing"]),
        tuple(
            Size(r["pair_class"], r["value"], np.nan if r["standard_error"] is None else r["standard_error"], "dropped" not in r["label"])
            for r in rows if r["field"] == SIZE
        ),
        tuple(
            Dependence(r["pair_class"], tuple(r["label"].split(" and ")), r["value"], r["standard_error"])
            for r in rows if r["field"] == DEPENDENCE
        ),
    )  # fmt: skip


__all__ = [
    "CLASSES",
    "FIELDS",
    "HOME_FIELDS",
    "MOVED",
    "NEIGHBOUR",
    "PERSON_FIELDS",
    "SAME_HOUSEHOLD",
    "SAME_PERSON",
    "STATED",
    "STATED_CHANCE",
    "STATED_SIBLING",
    "UNRELATED",
    "Dependence",
    "Flags",
    "Floats",
    "Model",
    "Shares",
    "Size",
    "Wholes",
    "every_pattern",
    "from_table",
    "normalised",
    "to_table",
]  # fmt: skip
