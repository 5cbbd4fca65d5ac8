"""One run at a time on a study."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.study.lock import only_one

HOLD = """
import sys, time
from pathlib import Path
from hearthlink.study.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_holder_is_refused_and_the_first_one_ends_by_a_kill(tmp_path: Path) -> None:
    """While a process holds a study another is refused; killed without warning, it lets go."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    with holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WrongUse, match="Another run"), only_one(tmp_path):
            pass
        holder.kill()
        holder.wait()
    with only_one(tmp_path):
        pass


def test_the_lock_is_let_go_when_the_run_stops(tmp_path: Path) -> None:
    """However the block ends, the next run may begin."""
    with pytest.raises(ValueError, match="stop"), only_one(tmp_path):
        raise ValueError("stop")
    with only_one(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_told_plainly(tmp_path: Path) -> None:
    """Where the lock cannot be made the message is one of ours, and names no more than the file."""
    (tmp_path / ".lock").mkdir()
    with pytest.raises(DataProblem, match="The system refused") as stop, only_one(tmp_path):
        pass
    assert str(tmp_path) not in stop.value.sentence
