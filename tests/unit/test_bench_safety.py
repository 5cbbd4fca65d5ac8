"""The bench of what being safe costs: what is taken off is really taken off, and what is measured is written where it belongs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench import safety

ROOT = Path(__file__).parent.parent.parent
UNGUARDED = """
import json, sys
sys.path.insert(0, "bench")
import job_safety
from datetime import UTC, date, datetime
from hearthlink.governance import Permission, Keys, Ledger, Event
from hearthlink.governance import permit
from hearthlink.tables import Room
from pathlib import Path
job_safety.unguard()
permit.require(Permission("", {}, "", "", "", None), date(2026, 1, 1))
sealed = Keys({}).seal(Room.IDENTITY, "a", b"plain")
Ledger(Path("nowhere") / "ledger.jsonl", lambda: datetime.now(UTC)).write(Event.BEGUN)
print(json.dumps([sealed.decode(), Keys({}).open(Room.IDENTITY, "a", sealed).decode(), Path("nowhere").exists()]))
"""


def test_without_guards_nothing_is_asked_sealed_or_entered() -> None:
    """With the guards taken off an empty permission is let by, a seal is the plain bytes, and no ledger is written."""
    done = subprocess.run([sys.executable, "-c", UNGUARDED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["plain", "plain", False]


def test_a_guard_that_nobody_knows_ends_the_bench() -> None:
    """A guard that has moved is not silently left on."""
    code = "import sys; sys.path.insert(0, 'bench'); import job_safety; job_safety.in_place_of(lambda: None, print)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no longer measures" in done.stderr


def test_ratios_are_of_turns_and_medians_of_kinds() -> None:
    """The ratio is the median over turns of one kind of run over the other in the same turn."""
    costs = {
        "on": [(2.0, 1.1), (3.0, 2.2), (4.0, 3.0)],
        "off": [(1.0, 1.0), (3.0, 2.0), (2.0, 4.0)],
        "apart": [(4.0, 2.2)] * 3,
    }
    wall = safety._ratios(costs, 0)
    assert (wall["on"], wall["on / off"]) == ([3.0, 2.0, 4.0], 2.0)
    assert safety._ratios(costs, 1)["on / off"] == pytest.approx(1.1)


def test_figures_stand_between_the_marks_alone(tmp_path: Path) -> None:
    """Writing twice leaves the words around as they were."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{safety.BEGIN}\nold\n{safety.END}\nafter\n", encoding="utf-8")
    three = {
        "on": [2.0, 1.0, 3.0],
        "off": [2.0, 1.0, 3.0],
        "apart": [2.0, 1.0, 3.0],
        "on / off": 1.02,
        "apart / on": 1.5,
    }
    figures = {
        "machine": {"cores": 4, "load": 0.1, "python": "3", "taken": "2026-01-01"}, "turns": 3, "wall": three, "processor": three,
        "times": dict.fromkeys(safety.WORDS, 0.25),
    }  # fmt: skip
    safety.write(page, figures)
    safety.write(page, figures)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert text.count("1.020") == 2
    assert "old" not in text
