"""The commands `mask` and `mask-key`: keyed tokens instead of names, for a partner who may not share names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import Json, Quiet, now
from hearthlink.cli.progress import Screen

Persons = Annotated[Path, typer.Argument(help="Whom to mask: a CSV or Parquet file of people, as match takes it.")]
Out = Annotated[
    Path, typer.Argument(help="File for the tokens. It is what you send; its crosswalk, beside it, you keep.")
]
Key = Annotated[Path, typer.Option("--key", help="The key that both parties hold, made by mask-key.")]
KeyFile = Annotated[
    Path, typer.Argument(help="File of the key: a new one to make it, one that is there to see its fingerprint.")
]
Map = Annotated[
    str | None,
    typer.Option("--map", help="Other names of columns: birth_date=dob,surname=name, or a TOML file of such."),
]
Everybody = Annotated[
    bool, typer.Option("--everybody", help="Mask all people, not only those whose role is a child's.")
]
Households = Annotated[
    bool,
    typer.Option(
        "--households", help="Say too who is of one household, and mask households. It tells more: see the page."
    ),
]


def mask(
    persons: Persons, out: Out, key: Key, names: Map = None, everybody: Everybody = False, households: Households = False,
    quiet: Quiet = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Turn names, birth dates and addresses into keyed tokens, for a partner who may not share names."""
    from hearthlink.study.matching.mask import crosswalk_of, ledger_of, mask_file
    from hearthlink.study.matching.person_files import read_map

    with Screen(quiet=quiet or as_json) as screen:
        done = mask_file(
            persons, out, key=key, clock=now, names=read_map(names) if names else None, everybody=everybody,
            households=households, progress=screen.progress,
        )  # fmt: skip
    if as_json:
        print(json.dumps({"masked": str(out), "records": done.records, "key": done.fingerprint, "said": done.said}))
    elif not quiet:
        print("\n".join(f"  {sentence}" for sentence in done.said))
        print(f"\nSend       {out}   (personal data still, to whoever links; never with the key)")
        print(f"Keep       {crosswalk_of(out)}")
        print(f"Key        {done.fingerprint}   (read it to the other party: theirs must say the same)")
        print(f"Ledger     {ledger_of(out)}")


def mask_key(file: KeyFile, quiet: Quiet = False, as_json: Json = False) -> None:
    """Make the key that two parties mask with, or say the fingerprint of one."""
    from hearthlink.study.matching.mask import make_key

    key, made = make_key(file)
    if as_json:
        print(json.dumps({"key": str(file), "fingerprint": key.fingerprint, "made": made}))
    elif quiet:
        print(key.fingerprint)
    else:
        print(f"Made {file}" if made else f"{file} was there already, and is as it was")
        print(f"\nFingerprint   {key.fingerprint}   (say it to the other party by telephone: theirs must be the same)")
        print("Give the other party the file in person or over a way of its own, and never to whoever links.")
