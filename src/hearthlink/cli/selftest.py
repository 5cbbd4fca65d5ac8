"""The command `selftest`: for whoever runs the machine, whether a name ever gets out of where it may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import Json, Quiet, now
from hearthlink.cli.progress import Screen
from hearthlink.errors import ExitCode

Folder = Annotated[Path, typer.Argument(help="The folder to write the report into.")]
CanFail = Annotated[
    bool, typer.Option("--show-it-can-fail", help="Plant leaks, and see that they are found: ends with 4, as a real one would.")
]  # fmt: skip


def selftest(
    folder: Folder = Path("hearthlink-selftest"), show_it_can_fail: CanFail = False, quiet: Quiet = False, as_json: Json = False
) -> int:  # fmt: skip
    """Plant made-up names, try every command and every failure, and search all that is left. Needs no study; takes a few minutes."""
    from hearthlink.study.selftest import selftest as test

    with Screen(quiet=quiet or as_json) as screen:
        result = test.self_test(
            folder, clock=now, show_it_can_fail=show_it_can_fail, tell=lambda says: screen.progress(says, 0.0)
        )
    print(json.dumps(test.as_json(result)) if as_json else f"{test.verdict(result)}\n\nReport  {folder / test.REPORT}")
    if result.hits:
        return int(ExitCode.OURS)
    return int(ExitCode.FINE if result.sound else ExitCode.DATA)
