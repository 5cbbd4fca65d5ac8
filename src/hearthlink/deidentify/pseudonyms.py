"""New names for children, families and households, and rows in the order of those names, so that the order of ids is lost with the ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import OurFault

Whole = npt.NDArray[np.int64]
NewPseudonyms = Callable[[str, Sequence[str]], list[str]]
"""Pseudonyms for ids of one kind: child, family or household. All of one kind differ."""


@dataclass(frozen=True, slots=True)
class Named:
    """Pseudonyms of ids by place, and the place of each among them when they are put in order."""

    names: pa.Array
    order: Whole

    def of(self, places: Whole) -> pa.Array:
        """The pseudonym at each place; empty where the place is -1."""
        return self.names.take(pa.array(places, mask=places < 0))


def named(kind: str, ids: Sequence[str], new_pseudonyms: NewPseudonyms) -> Named:
    """A new pseudonym for each of some ids, all different. Raises OurFault where two pseudonyms are one."""
    names = new_pseudonyms(kind, ids)
    if len(names) != len(ids) or len(set(names)) != len(names):
        raise OurFault("Pseudonyms are not distinct.")
    made = pa.array(names, pa.string())
    order = np.empty(len(made), np.int64)
    order[pc.call_function("sort_indices", [made]).to_numpy()] = np.arange(len(made))
    return Named(made, order)


def fresh(kind: str, ids: pa.ChunkedArray, new_pseudonyms: NewPseudonyms) -> pa.Array:
    """A new pseudonym for each distinct id; empty stays empty."""
    coded = ids.combine_chunks().dictionary_encode()
    return named(kind, coded.dictionary.to_pylist(), new_pseudonyms).names.take(coded.indices)


def word_codes(values: pa.ChunkedArray) -> Whole:
    """A number for each word of a column, in the order of the words; the empty come first."""
    coded = values.combine_chunks().dictionary_encode()
    place = np.empty(len(coded.dictionary) + 1, np.int64)
    place[pc.call_function("sort_indices", [coded.dictionary]).to_numpy()] = np.arange(len(coded.dictionary))
    place[-1] = -1
    return place[pc.fill_null(coded.indices, -1).to_numpy()]
