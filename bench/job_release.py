"""What leaves, and the ledger, timed in a process of its own: `job_release.py STUDY KEYS` prints seconds as JSON.

The study is asked again with nothing to be done; a release is made, handed in, approved by two and let leave; its package is verified; the
study is cleared again beside it; and a ledger of 20,000 lines is verified.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from made_protocol import PASSPHRASE  # pyright: ignore[reportMissingImports] - the tests' own

from hearthlink.governance import Event, Ledger
from hearthlink.governance.release import Move
from hearthlink.study import open_study
from hearthlink.study import run as carry_out
from hearthlink.study.release.acts import Hand, finish, make, review, submit
from hearthlink.study.release.verify import verify_package

LINES = 20_000


def main(folder: Path, keys: Path) -> None:
    """Time each once."""
    study = open_study(folder)
    hand = {who: Hand(who, lambda _: PASSPHRASE, now, keys) for who in ("author", "custodian", "officer")}
    told = {
        "asked_again": timed(lambda: carry_out(study, clock=now, upto="clear")),
        "release_made": timed(lambda: make(study, hand["author"])),
        "release_submitted": timed(lambda: submit(study, hand["author"], None)),
        "release_approved": timed(lambda: review(study, hand["custodian"], None, Move.APPROVE))
        + timed(lambda: review(study, hand["officer"], None, Move.APPROVE)),
        "release_left": timed(lambda: finish(study, hand["officer"], None)),
        "package_verified": timed(lambda: _verified(folder)),
        "cleared_beside_it": timed(lambda: carry_out(study, clock=now, upto="clear")),
        "ledger_of_20000_verified": _ledger(),
    }
    print(json.dumps(told))


def _verified(folder: Path) -> None:
    found = verify_package(next((folder / "releases").glob("*/*.zip")))
    if not found.holds:
        raise SystemExit("The package that was measured does not verify.")


def _ledger() -> float:
    with tempfile.TemporaryDirectory() as made:
        ledger = Ledger(Path(made) / "ledger.jsonl", now)
        kept, os.fsync = os.fsync, lambda _: None  # a disk would be measured otherwise
        try:
            for _ in range(LINES):
                ledger.write(Event.STEP, step="receive", role="custodian", counts={"child": 2_200, "award": 39_075})
        finally:
            os.fsync = kept
        return timed(ledger.verify)


def timed(act: Callable[[], object]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
