"""What was read from each file, in counts: rows in, rows kept, rows set aside and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa

from hearthlink.sources.reading.text import Extract
from hearthlink.tables.record import RECEIPT

KEPT = "kept"
NOT_READ = "not read"
OBJECTED = "left out, for an objection or an order"


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one file. `refused` are records set aside by reason; `notes` are kept records with something to say."""

    source: str
    file: str
    sha256: str
    rows_in: int
    refused: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)

    def refusing(self, reason: str, rows: int) -> Tally:
        """The tally with so many more records set aside."""
        return replace(self, refused={**self.refused, reason: self.refused.get(reason, 0) + rows})

    def noting(self, note: str, rows: int) -> Tally:
        """The tally with a note on so many more kept records."""
        return replace(self, notes={**self.notes, note: self.notes.get(note, 0) + rows})

    @property
    def rows_kept(self) -> int:
        """Records that went on."""
        return self.rows_in - sum(self.refused.values())


def tally(
    extract: Extract, rows_in: int, refused: Mapping[str, int] | None = None, notes: Mapping[str, int] | None = None
) -> Tally:
    """The tally of a file that was read. A translated encoding is a note on all of its rows."""
    counted = Tally(extract.source, extract.file, extract.sha256, rows_in, dict(refused or {}), dict(notes or {}))
    return counted.noting(extract.note, rows_in) if extract.note else counted


def unread(source: str, file: str, reason: str) -> Tally:
    """The tally of a file that was left closed."""
    return Tally(source, file, NOT_READ, 0, {}, {reason: 0})


def receipt(tallies: Iterable[Tally]) -> pa.Table:
    """The receipt: for each file the row of kept records, then one row for each reason and each note.

    `rows_in` is the same on every row of a file. A reason counts in `rows_refused`; a note, which sets nothing aside,
    counts in `rows_kept`. A file that was left closed has the row of its reason alone.
    """
    rows: list[tuple[str, str, str, int, int, int, str]] = []
    for one in tallies:
        head = (one.source, one.file, one.sha256, one.rows_in)
        if one.sha256 != NOT_READ:
            rows.append((*head, one.rows_kept, 0, KEPT))
        rows += [(*head, 0, count, reason) for reason, count in sorted(one.refused.items()) if count]
        rows += [
            (*head, count, 0, note) for note, count in sorted(one.notes.items()) if count or one.sha256 == NOT_READ
        ]
    columns = list(zip(*rows, strict=True)) or [()] * len(RECEIPT.names)
    return RECEIPT.conform(
        pa.table([pa.array(list(c), f.type) for c, f in zip(columns, RECEIPT.schema, strict=True)], RECEIPT.names)
    )
