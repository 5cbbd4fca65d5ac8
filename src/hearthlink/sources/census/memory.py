"""Memory while a large census is read: taken from the system's own allocator, and given back to it.

Arrow's usual allocators keep what was let go of for the next to ask, which a program that works on and on gains by. Here tables as large as
the census are made one after another, and what is kept for nothing would add up to as much again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

WORTH_GIVING = 16 * 2**20
"""Bytes of tables at once, below which what is held for nothing is no more than the system would hardly notice."""


@contextmanager
def plain_memory() -> Iterator[None]:
    """Arrow takes memory from the system's allocator meanwhile."""
    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)
        give_back()


def give_back() -> None:
    """Give the system what memory is held for nothing, by Arrow and by whatever else takes it from the system's allocator."""
    if pa.system_memory_pool().max_memory() < WORTH_GIVING:
        return  # asked for each column of each table, it would take longer than a small census takes to read
    pa.default_memory_pool().release_unused()
    pa.system_memory_pool().release_unused()
