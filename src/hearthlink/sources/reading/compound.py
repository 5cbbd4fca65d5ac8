"""Compound files, in which old workbooks lie: their chains of sectors are followed to the end before any reader does so.

A chain that comes back to itself would keep a reader busy, and taking memory, for ever. The layout is that of [MS-CFB].
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.archives import SAVE_AGAIN

LAST = 0xFFFFFFFA
"""Numbers from here on are no sectors: ends of chains, and marks of free ones."""

ENTRY = 128
_ROOT, _STREAM = 5, 2


@dataclass(frozen=True, slots=True)
class _Compound:
    data: bytes
    size: int
    file: str

    def sector(self, number: int) -> bytes:
        begin = (number + 1) * self.size
        if number >= LAST or begin >= len(self.data):
            raise _damaged(self.file)
        return self.data[begin : begin + self.size]

    def numbers(self, number: int) -> tuple[int, ...]:
        held = self.sector(number).ljust(self.size, b"\xff")
        return struct.unpack(f"<{self.size // 4}I", held)


def check_chains(data: bytes, file: str) -> None:
    """Raise DataProblem where a chain of sectors of a compound file comes back to itself or leads out of the file."""
    if len(data) < 512:
        raise _damaged(file)
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in {9, 12}:
        raise _damaged(file)
    held = _Compound(data, 1 << shift, file)
    table = _table(held)
    first_entry, cutoff, first_small, small_sectors = struct.unpack_from("<I4xIII", data, 48)
    entries = b"".join(held.sector(number) for number in _chain(first_entry, table, file))
    small = _numbers_of(held, _chain(first_small, table, file)) if small_sectors else ()
    for at in range(0, len(entries) - ENTRY + 1, ENTRY):
        kind = entries[at + 66]
        begin, length = struct.unpack_from("<II", entries, at + 116)
        if kind == _ROOT or (kind == _STREAM and length >= cutoff):
            _chain(begin, table, file)
        elif kind == _STREAM and length:
            _chain(begin, small, file)


def _table(held: _Compound) -> tuple[int, ...]:
    """For every sector the number of the next one in its chain."""
    listed = list(struct.unpack_from("<109I", held.data, 76))
    more, seen = struct.unpack_from("<I", held.data, 68)[0], set[int]()
    while more < LAST:
        if more in seen:
            raise _damaged(held.file)
        seen.add(more)
        *numbers, more = held.numbers(more)
        listed += numbers
    return _numbers_of(held, [number for number in listed if number < LAST])


def _numbers_of(held: _Compound, sectors: Sequence[int]) -> tuple[int, ...]:
    if len(set(sectors)) != len(sectors):
        raise _damaged(held.file)
    return tuple(next_one for number in sectors for next_one in held.numbers(number))


def _chain(begin: int, table: Sequence[int], file: str) -> list[int]:
    """The sectors of a chain, in order."""
    chain: list[int] = []
    number = begin
    while number < LAST:
        if number >= len(table) or len(chain) > len(table):
            raise _damaged(file)
        chain.append(number)
        number = table[number]
    return chain


def _damaged(file: str) -> DataProblem:
    return DataProblem("The workbook is damaged.", file=file, remedy=SAVE_AGAIN)
