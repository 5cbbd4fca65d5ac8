"""The commands `splink read` and `splink write`: settings of Splink told in plain rows, and our model written as such."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import Json, KeyFolder, StudyFolder, With, now, opened

app = typer.Typer(
    help="Read a Splink settings file, or write this study's model as one.", no_args_is_help=True, rich_markup_mode=None
)

Settings = Annotated[Path, typer.Argument(help="A settings file as Splink 4 or 5 saves it, in JSON.")]
Out = Annotated[Path, typer.Argument(help="The settings file to write; one that is there is left alone.")]


@app.command("read")
def read(file: Settings, as_json: Json = False) -> None:
    """Say how a Splink settings file is understood; what cannot be said is named, with exit code 2."""
    from hearthlink.study.splink import read_settings

    told = read_settings(file)
    if as_json:
        print(json.dumps(asdict(told)))
        return
    print(f"  prior {told.prior:+.2f} bits")
    before = ""
    for line in told.lines:
        if line.comparison != before:
            print(f"\n  {line.comparison}")
        before = line.comparison
        rarer = f"  (rarer {line.frequency} weighs more)" if line.frequency else ""
        print(f"    {line.weight:>+7.2f}  {line.level}{rarer}")
    pairs = (
        f"{len(told.rules)} rules form pairs." if told.rules else "No rule: every record is paired with every other."
    )
    print(f"\n{pairs} Everything in this file can be said here.")
    print("\n".join(("", *told.notes)) if told.notes else "", end="\n" if told.notes else "")


@app.command("write")
def write(study: StudyFolder, out: Out, key: With = None, keys: KeyFolder = None) -> None:
    """Write this study's model as a Splink settings file, and say what Splink has no words for."""
    from hearthlink.study.splink import write_settings

    lost = write_settings(opened(study, key, keys), out, clock=now)
    print(f"Wrote {out}\n\nNot in it:")
    print("\n".join(f"  {sentence}" for sentence in lost))
