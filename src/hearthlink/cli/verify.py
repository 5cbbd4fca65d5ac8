"""The command `verify`: a release package, or a certificate of destruction, checked by somebody who has nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import Json
from hearthlink.errors import ExitCode, WrongUse

Package = Annotated[
    Path, typer.Argument(help="The archive or folder of a release, or the certificate that hearthlink destroy left.")
]
Digest = Annotated[
    str, typer.Option("--protocol", help="The digest that its protocol must have, as you know it from elsewhere.")
]

DIGITS = 64
"""How long a digest is, written out."""


def verify(package: Package, protocol: Digest = "", as_json: Json = False) -> int:
    """Say whether this is what was released, to the byte, and who let it leave. Needs no study and no network; exit code 1 where it is not."""
    from hearthlink.study.release.verify import verify_package

    if protocol and (len(protocol) != DIGITS or set(protocol) - set("0123456789abcdef")):
        raise WrongUse(
            f"A digest has {DIGITS} figures and letters from a to f, and this has not.",
            column="--protocol",
            remedy="The council prints it with: hearthlink protocol show STUDY",
        )
    found = verify_package(package, protocol=protocol)
    if as_json:
        print(json.dumps(found.as_json()))
    elif found.holds:
        print("\n".join(found.shows) + "\n\nIt holds, to the byte.")
    else:
        print("It does not hold:\n" + "\n".join(f"  {each}" for each in found.wrong[:20]))
    return int(ExitCode.FINE if found.holds else ExitCode.DATA)
