"""How households and children are told in other files: references that are used to join, in memory, and are never kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa


def handle(refers_to: str = "household_id") -> pa.Table:
    """A handle that nobody is told by."""
    return pa.table({"handle": pa.array([], pa.string()), refers_to: pa.array([], pa.string())})


@dataclass(frozen=True, slots=True)
class Handles:
    """Each a table of texts: `handle` as the file wrote it, and whom it stands for. One handle may stand for several, and one may have several.

    claim, account and nino are followed by `household_id`: every claim reference a household ever went by, its council tax accounts, and
    the National Insurance numbers of its claimants and partners. upn is followed by `child_id`: unique pupil numbers, former ones too.
    None of them is ever written to a table, a receipt or a message.
    """

    claim: pa.Table = field(default_factory=handle)
    account: pa.Table = field(default_factory=handle)
    nino: pa.Table = field(default_factory=handle)
    upn: pa.Table = field(default_factory=lambda: handle("child_id"))
