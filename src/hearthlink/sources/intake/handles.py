"""How households and children are told in other files: references that are used to join, in memory, and are never kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa


def nobody(handle: pa.DataType, whose: str = "household_id") -> pa.Table:
    """A handle that nobody is told by."""
    return pa.table({"handle": pa.array([], handle), whose: pa.array([], pa.string())})


@dataclass(frozen=True, slots=True)
class Handles:
    """Each a table of `handle` and whom it stands for. One handle may stand for several, and one may have several.

    claim and account are texts as the files wrote them, followed by `household_id`: every claim reference a household goes by, and its
    council tax accounts. nino holds whole numbers that stand for the National Insurance numbers of claimants and partners under `nino_key`
    (`nino.keyed`). unkept holds claim references of households that the study does not keep. upn is a text followed by `child_id`: unique pupil numbers, former ones too.
    None of them is ever written to a table, a receipt or a message.
    """

    claim: pa.Table = field(default_factory=lambda: nobody(pa.string()))
    account: pa.Table = field(default_factory=lambda: nobody(pa.string()))
    nino: pa.Table = field(default_factory=lambda: nobody(pa.int64()))
    nino_key: Sequence[int] = (0, 0)
    unkept: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    upn: pa.Table = field(default_factory=lambda: nobody(pa.string(), "child_id"))
