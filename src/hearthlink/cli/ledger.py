"""The commands `ledger verify`, `show` and `export`: whether what was done was entered and left as it was, and what that is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import Json, StudyFolder

app = typer.Typer(
    help="The ledger: what was done in a study, by counts, each line signed and bound to the one before.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

StudyOrFile = Annotated[Path, typer.Argument(help="The study's folder, or a file that `ledger export` wrote.")]
Head = Annotated[
    str, typer.Option("--head", help="A head as it is printed on a paper or a package: is it in this ledger?")
]
Every = Annotated[bool, typer.Option("--every", help="Check each signature, and not the last of each key alone.")]
Last = Annotated[int, typer.Option("--last", min=0, help="Show only so many lines, the last ones; 0 shows all.")]
Out = Annotated[Path, typer.Argument(help="The file to write; one that is there is left alone.")]


@app.command("verify")
def verify(study: StudyOrFile, head: Head = "", every: Every = False, as_json: Json = False) -> None:
    """Say whether the ledger is whole, or name the first line that is not and what is wrong with it (exit code 1). Opens no room."""
    from hearthlink.study import open_study
    from hearthlink.study.ledger import check_export, check_ledger, find_head

    whole = check_export(study) if study.is_file() else check_ledger(open_study(study), every=every)
    found = find_head(open_study(study), head) if head and study.is_dir() else None
    if as_json:
        print(json.dumps(asdict(whole) | ({"found": {"line": found[0], "time": found[1]}} if found else {})))
        return
    print(f"The ledger is sound: {whole.lines:,} lines, from {whole.first or '-'} to {whole.last or '-'}.")
    for who, count in whole.by.items():
        if who != "nobody":
            print(f"  {count:,} signed by {'the key of the study itself' if who == 'the study' else who}")
    if whole.unsigned:
        print(f"  {whole.unsigned:,} entered before lines were signed")
    print(f"Head {whole.head}")
    if found is not None:
        print(f"\nThe head you gave is line {found[0]:,}, entered {found[1]}.")


@app.command("show")
def show(study: StudyFolder, last: Last = 0) -> None:
    """Print the ledger in words: when, what, in which role, how many of what, and who says so."""
    from hearthlink.study import open_study
    from hearthlink.study.ledger import told_by_ledger

    for line in told_by_ledger(open_study(study), last):
        print(line)


@app.command("export")
def export(study: StudyFolder, out: Out) -> None:
    """Write the ledger out for an auditor, with the public keys that check it; no person's data is in it."""
    from hearthlink.study import open_study
    from hearthlink.study.ledger import export_ledger

    count = export_ledger(open_study(study), out)
    print(f"Wrote {count:,} lines to {out}\nAnybody checks it with: hearthlink ledger verify {out.name}")
