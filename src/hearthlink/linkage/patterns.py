"""The person fields of a pair as one whole number: what holds of a pattern is worked out once for it and looked up for every pair.

There are a few thousand patterns and millions of pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from hearthlink.linkage.comparisons import PERSON_FIELDS
from hearthlink.linkage.model import Floats, Wholes

SHAPE = tuple(len(field.levels) for field in PERSON_FIELDS)
PATTERNS = prod(SHAPE)

_AXIS = {field.of: axis for axis, field in enumerate(PERSON_FIELDS)}
_LEVELS = np.indices(SHAPE).reshape(len(SHAPE), -1)


def packed(column: Mapping[str, np.ndarray]) -> np.ndarray:
    """The pattern of each pair from its `<field>_level` columns: shape (pairs,), 16 bits wide."""
    pattern = column[f"{PERSON_FIELDS[0].of}_level"].astype(np.int16)
    for field in PERSON_FIELDS[1:]:
        pattern *= len(field.levels)
        pattern += column[f"{field.of}_level"]
    return pattern


def level_of(name: str) -> Wholes:
    """The level that a field reaches in each pattern: shape (patterns,)."""
    return _LEVELS[_AXIS[name]]


def by_level(weight: Floats, name: str) -> Floats:
    """How much of the weight of patterns (patterns,) lies at each level of a field: shape (levels,)."""
    others = tuple(axis for axis in range(len(SHAPE)) if axis != _AXIS[name])
    return weight.reshape(SHAPE).sum(axis=others)
