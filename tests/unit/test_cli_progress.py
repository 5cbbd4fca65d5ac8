"""The bar: nothing for short work, something that moves for long work, on the error stream of a terminal alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LONG = """
import time
from hearthlink.cli import progress
progress.PATIENCE = 0.2
with progress.Screen(quiet=False) as screen:
    screen.progress("Reading", 0.0)
    time.sleep({seconds})
"""


def shown(seconds: float) -> bytes:
    """What a terminal gets to see of work that takes so long."""
    pty = pytest.importorskip("pty", reason="needs a terminal of its own, which this system has not")
    ours, theirs = pty.openpty()
    worker = subprocess.Popen([sys.executable, "-c", LONG.format(seconds=seconds)], stdout=theirs, stderr=theirs)
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
    assert b"Reading" in shown(0.9)


def test_short_work_shows_nothing() -> None:
    """Work within a person's patience leaves the screen alone."""
    assert shown(0.0) == b""
