"""The files of money and homes: which of them is which table, each read, and those of one table put together with their counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.taking import Taken, take
from hearthlink.sources.intake.typing_of import TYPES
from hearthlink.sources.reading.columns import Values, whole
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.tabular import SUFFIXES, open_tabular
from hearthlink.tables.wanted import EVERYTHING, Wanted

FILE = "file_no"
SENT = "sent_date"
NO_REFERENCE = "a reference without a letter or a digit"
REPLACED = "said again or corrected by a later row"
UNDATED = "rows about the same thing differ, and none says when it was sent"
UNSAID = pa.scalar(date(1, 1, 1), pa.date32())
"""When a row was sent of which nobody says it: before all others."""


@dataclass(frozen=True, slots=True)
class Heap:
    """The rows of one intake table from every file of it: its columns and `file_no`, the place of the row's file among the tallies."""

    rows: pa.Table
    tallies: tuple[Tally, ...]

    def keeping(self, mask: Values, reason: str) -> Heap:
        """The rows where the mask is true; the others are set aside, each counted for its file."""
        gone = self.per_file(pc.invert(mask))
        tallies = tuple(one.refusing(reason, n) for one, n in zip(self.tallies, gone, strict=True))
        return Heap(self.rows.filter(mask), tallies)

    def noting(self, mask: Values, note: str) -> Heap:
        """The same rows, with a note on those where the mask is true."""
        told = self.per_file(mask)
        return Heap(self.rows, tuple(one.noting(note, n) for one, n in zip(self.tallies, told, strict=True)))

    def told_by(self, name: str, reference: Values) -> Heap:
        """The rows with a tidied reference as a further column; those that have none are set aside."""
        return self.having(name, reference).keeping(pc.is_valid(reference), NO_REFERENCE)

    def per_file(self, mask: Values) -> list[int]:
        """How many rows of each file the mask is true for."""
        files = self.rows.column(FILE).filter(mask).to_numpy()
        return [int(n) for n in np.bincount(files, minlength=len(self.tallies))]

    def by(self, words: pa.Array) -> Heap:
        """The same rows, with a note for each of the words that stand beside them."""
        heap = self
        for word in sorted(pc.unique(words).drop_null().to_pylist()):
            heap = heap.noting(pc.fill_null(pc.equal(words, word), False), word)
        return heap

    def having(self, name: str, column: Values) -> Heap:
        """The same rows with a further column."""
        return Heap(self.rows.append_column(name, column), self.tallies)


def read_folder(
    folder: Path | None, tables: Sequence[IntakeTable], given: Sequence[Path] = (), wanted: Wanted = EVERYTHING
) -> dict[str, list[Taken]]:
    """Each table of a folder from the files that are called like it, in order of name; a month or a number may stand before or after it.

    Files that the study names itself (`given`) are left to its mapping.

    Raises DataProblem where a file is called like none of the tables, or cannot be read.
    """
    read: dict[str, list[Taken]] = {table.name: [] for table in tables}
    for path in files_in(folder, SUFFIXES, given):
        table = tables[0] if len(tables) == 1 else _called(path, tables)
        read[table.name].append(take(open_tabular(path, table.source), table, wanted=wanted))
    return read


def heap_of(table: IntakeTable, *pieces: Iterable[Taken]) -> Heap:
    """Everything that was read of one table, put together."""
    held = [one for part in pieces for one in part]
    schema = pa.schema([(column.name, TYPES[column.kind]) for column in table.columns])
    parts = [one.table.select(schema.names).cast(schema) for one in held]
    files = [np.full(one.table.num_rows, number, np.int64) for number, one in enumerate(held)]
    rows = pa.concat_tables([*parts, schema.empty_table()]).combine_chunks()
    number = pa.array(np.concatenate([*files, np.array([], np.int64)]))
    return Heap(rows.append_column(FILE, number), tuple(one.tally for one in held))


def latest_of(heap: Heap, keys: Sequence[str], *, replaced: str = REPLACED, undated: str = UNDATED) -> Heap:
    """Of rows that are about the same thing the one sent last; those it takes the place of are set aside and counted.

    Of two that were sent at the same time, or of which nobody says when, the one in the file of the later name stands, and within a file
    the one that comes last when all their columns are put in order: a choice that does not hang on the order of the rows. Where it came
    to that, the row that stands is noted.
    """
    if not heap.rows.num_rows:
        return heap
    sent = heap.rows.column(SENT) if SENT in heap.rows.column_names else pa.nulls(heap.rows.num_rows, pa.date32())
    others = [name for name in heap.rows.column_names if name not in {*keys, SENT, FILE}]
    order = [(name, "ascending") for name in (*keys, "sent", FILE, *others)]
    timed = heap.rows.append_column("sent", pc.fill_null(sent, UNSAID))
    timed = timed.take(pc.sort_indices(timed, sort_keys=order))
    rows = timed.drop_columns(["sent"])
    last = _changes(rows, keys)
    by_content = pc.and_(last, _after_a_tie(rows, _changes(timed, [*keys, "sent", FILE])))
    ordered = Heap(rows, heap.tallies).noting(by_content, undated)
    return ordered.keeping(last, replaced)


def ordinal(rows: pa.Table, within: str, of: str, day: str) -> pa.Array:
    """A running number, from 1, of each thing within its owner: by the first day it is seen, and then by its reference.

    Owners are whole numbers and references texts, none of them empty.
    """
    code = whole(rows.column(of)).dictionary_encode()
    rank = np.empty(len(code.dictionary), np.int64)
    rank[pc.sort_indices(code.dictionary).to_numpy()] = np.arange(len(code.dictionary))
    thing = rank[code.indices.to_numpy()]
    owner = whole(rows.column(within)).to_numpy()
    began = rows.column(day).cast(pa.int32()).to_numpy()
    pairs, place = np.unique(np.stack([owner, thing]), axis=1, return_inverse=True)
    place = place.ravel()
    first = np.full(pairs.shape[1], np.iinfo(np.int32).max, np.int64)
    np.minimum.at(first, place, began)
    order = np.lexsort((pairs[1], first, pairs[0]))
    owners = pairs[0][order]
    begins = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]][: len(owners)])
    number = np.empty(len(owners), np.int64)
    number[order] = np.arange(len(owners)) - np.repeat(begins, np.diff(np.r_[begins, len(owners)])) + 1
    return pa.array(number[place])


def _changes(rows: pa.Table, keys: Sequence[str]) -> pa.Array:
    """Whether each row is the last of those alike in the keys, the rows being in their order."""
    last = np.zeros(rows.num_rows, bool)
    last[-1] = True
    for name in keys:
        column = whole(rows.column(name))
        same = pc.fill_null(pc.equal(column[1:], column[:-1]), False)
        both_missing = pc.and_(pc.is_null(column[1:]), pc.is_null(column[:-1]))
        last[:-1] |= ~np.asarray(pc.or_(same, both_missing))
    return pa.array(last)


def _after_a_tie(rows: pa.Table, tied: pa.Array) -> pa.Array:
    """Whether each row stands behind one of the same tie that says something else."""
    goes_on = np.r_[False, ~np.asarray(tied)[:-1]]
    differs = np.r_[False, np.asarray(_changes(rows, [name for name in rows.column_names if name != FILE]))[:-1]]
    return pa.array(goes_on & differs)


def files_in(folder: Path | None, endings: Sequence[str], given: Sequence[Path]) -> list[Path]:
    """The files of a folder with one of these endings, in order of name, but for those that the study names itself, or whose folder it does."""
    if folder is None:
        return []
    named = {path.resolve() for path in given}
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in endings
        and path.is_file()
        and not path.name.startswith((".", "~$"))
        and named.isdisjoint((path.resolve(), folder.resolve()))
    )


def _called(path: Path, tables: Sequence[IntakeTable]) -> IntakeTable:
    """The table that a file is called like: by the longest of its names that is in the file's."""
    name = normal(path.stem)
    fits = [(len(stem), table) for table in tables for stem in table.stems if _is_like(name, stem)]
    if not fits:
        raise DataProblem(
            "The file's name does not say which table it is.",
            file=f"{path.parent.name}/{path.name}",
            remedy=f"Call it, with or without a month after it, {' or '.join(table.stems[0] for table in tables)}.",
        )
    return max(fits, key=lambda fit: fit[0])[1]


def _is_like(name: str, stem: str) -> bool:
    """Whether a name is a table's, with a month, a term or a number before or after it."""
    after = name.startswith(f"{stem}_") or (name.startswith(stem) and name[len(stem) :].isdigit())
    return name == stem or after or (name.endswith(f"_{stem}") and name[:1].isdigit())
