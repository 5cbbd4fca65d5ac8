"""One engine for all tests of a process: to open one takes as long as many a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

from hearthlink.engine import Engine, open_engine

OPENED = ExitStack()


@cache
def _opened() -> Engine:
    return OPENED.enter_context(open_engine(threads=1))


@contextmanager
def engine_at_hand() -> Iterator[Engine]:
    """The engine, with nothing in it. Whoever uses it must leave nothing there, unless they stop half way."""
    engine = _opened()
    done = False
    try:
        yield engine
        done = True
    finally:
        left = engine._put | engine._kept
        engine.drop(*left)
        assert not (done and left), f"tables were left in the engine: {sorted(left)}"
