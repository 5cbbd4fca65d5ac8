"""The command `match`: link any two person tables, without a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import Json, Quiet, now
from hearthlink.cli.progress import Screen

Left = Annotated[Path, typer.Argument(help="Who is to be linked: a CSV or Parquet file of people, or a masked file.")]
Right = Annotated[
    Path, typer.Argument(help="Among whom: a CSV or Parquet file of people and their households, or a masked file.")
]
Out = Annotated[Path, typer.Option("--out", help="File for the links: Parquet where its name ends so, else CSV.")]
Map = Annotated[
    str | None,
    typer.Option("--map", help="Other names of columns: birth_date=dob,left.surname=name, or a TOML file of such."),
]


def match(left: Left, right: Right, out: Out, names: Map = None, quiet: Quiet = False, as_json: Json = False) -> None:
    """Link the people of one file to the people and households of another, and write ids and probabilities."""
    from hearthlink.study.matching.match import ledger_of, match_files
    from hearthlink.study.matching.person_files import read_map

    with Screen(quiet=quiet or as_json) as screen:
        done = match_files(
            left,
            right,
            out,
            clock=now,
            names=read_map(names) if names else None,
            progress=screen.progress,
        )
    if as_json:
        print(json.dumps({"links": str(out), "rows": len(done.links), "said": done.said}))
    elif not quiet:
        print("\n".join(f"  {sentence}" for sentence in done.said))
        print(f"\nLinks   {out}\nLedger  {ledger_of(out)}")
