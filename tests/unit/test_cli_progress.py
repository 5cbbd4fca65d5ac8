"""The bar: nothing for short work, something that moves for long work, on the error stream of a terminal alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LONG = """
import time
from hearthlink.cli import progress
progress.PATIENCE = {patience}
with progress.Screen(quiet=False) as screen:
    screen.progress("Reading", 0.0)
    time.sleep({seconds})
"""


def shown(seconds: float, *, patience: float) -> bytes:
    """What a terminal gets to see of work that takes so long, where a person is patient for so long."""
    pty = pytest.importorskip("pty", reason="needs a terminal of its own, which this system has not")
    ours, theirs = pty.openpty()
    worker = subprocess.Popen(
        [sys.executable, "-c", LONG.format(seconds=seconds, patience=patience)], stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 65536):
            seen += part
    except OSError:
        pass  # the terminal's other end is closed
    os.close(ours)
    assert worker.wait() == 0
    return seen


def test_long_work_shows_a_bar_though_it_says_nothing_more() -> None:
    """A step that tells no progress at all still shows that something moves."""
    assert b"Reading" in shown(0.9, patience=0.2)


def test_short_work_shows_nothing() -> None:
    """Work within a person's patience leaves the screen alone."""
    # A busy machine may take its time over nothing, and is given it.
    assert shown(0.4, patience=30.0) == b""
