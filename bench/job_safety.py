"""One run of a study in a process of its own, with its guards or without: `job_safety.py STUDY on|off|apart` prints seconds as JSON.

`off` is for measuring alone. It puts nothing in the place of what guards a run (gate, seals, ledger, the guard of the network, the
attacker of the output checks) from outside: the product has no such setting.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hearthlink.disclosure import attack
from hearthlink.governance import keys, ledger, network, permission
from hearthlink.study import open_study, permitted, practice, seen
from hearthlink.study import run as carry_out


def main(folder: Path, mode: str) -> None:
    """Run it once."""
    if mode == "off":
        unguard()
    begun, spent = time.perf_counter(), time.process_time()
    carry_out(open_study(folder), clock=lambda: datetime.now(UTC), apart=mode == "apart")
    print(json.dumps({"wall": time.perf_counter() - begun, "processor": time.process_time() - spent}))


def unguard() -> None:
    """Let everything by: nothing is asked, sealed, entered, watched or attacked."""
    setattr(keys.Keys, "seal", _as_it_is)  # noqa: B010 - what has no such setting has no such type
    setattr(keys.Keys, "open", _as_it_is)  # noqa: B010
    setattr(ledger.Ledger, "write", _nothing)  # noqa: B010
    in_place_of(permission.require, _nothing)
    in_place_of(permitted._hold, _nothing)  # noqa: SLF001 - the bench alone
    in_place_of(permitted.require_dataset, _nothing)
    in_place_of(practice.require_reproduced, _nothing)
    in_place_of(seen.remember_end, _nothing)
    in_place_of(network.closed_network, _open)
    in_place_of(attack.too_narrow, _nobody)


def in_place_of(guard: Callable[..., object], other: Callable[..., object]) -> None:
    """Put something in the place of a function wherever a module knows it by name. Ends the bench where no module does."""
    found = 0
    for module in [m for name, m in sys.modules.items() if name.startswith("hearthlink")]:
        for name in [n for n, held in vars(module).items() if held is guard]:
            setattr(module, name, other)
            found += 1
    if not found:
        raise SystemExit(f"No module knows {guard.__name__}: the bench no longer measures what it says.")


def _nothing(*_given: object, **_named: object) -> None:
    """Asks nothing and does nothing."""


def _nobody(*_given: object, **_named: object) -> list[object]:
    """An attacker who finds nothing."""
    return []


def _as_it_is(_self: object, _room: object, _name: str, content: bytes) -> bytes:
    return bytes(content)


@contextmanager
def _open(*_given: object, **_named: object) -> Iterator[None]:
    yield


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
