"""The command `explain`: what each agreement adds to a weight, as a table, and as files where asked."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hearthlink.cli.options import Json, KeyFolder, StudyFolder, With, now, opened
from hearthlink.errors import WrongUse

if TYPE_CHECKING:
    from hearthlink.study.explain import Explained

Pattern = Annotated[
    str,
    typer.Option("--pattern", help="Which levels are reached, such as forename=same,surname=close; others missing."),
]
Child = Annotated[
    str, typer.Option("--child", help="Id of a child, to explain a real pair; in the reviewer's role only.")
]
Household = Annotated[str, typer.Option("--household", help="Id of the household beside that child.")]
AsRole = Annotated[str, typer.Option("--role", help="The part you play in the study; a real pair is the reviewer's.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for waterfall.csv and waterfall.svg.")]


def explain(
    study: StudyFolder,
    pattern: Pattern = "",
    child: Child = "",
    household: Household = "",
    role: AsRole = "linker",
    out: Out = None,
    key: With = None,
    as_json: Json = False,
    keys: KeyFolder = None,
) -> None:
    """Say how a pair comes to its weight: what the start and each agreement or disagreement add, in bits."""
    from hearthlink.study.explain import explain as steps_of
    from hearthlink.study.explain import explain_pair, write_explained

    if bool(pattern) == bool(child or household) or bool(child) != bool(household):
        raise WrongUse("Give either --pattern, or --child and --household.")
    asked = opened(study, key, keys)
    if pattern:
        explained = steps_of(asked, pattern, clock=now)
    else:
        explained = explain_pair(asked, child=child, household=household, role=role, clock=now)
    paths = () if out is None else write_explained(explained, out)
    if as_json:
        print(json.dumps({"steps": [asdict(step) for step in explained.steps], "files": [str(path) for path in paths]}))
        return
    print("\n".join(_table(explained)))
    if paths:
        print("\n" + "\n".join(f"Wrote   {path}" for path in paths))


def _table(explained: Explained) -> list[str]:
    heading = f"  {'':<26} {'adds':>7} {'weight':>8}"
    lines = [
        f"  {step.of.replace('_', ' '):<26} {step.bits:>+7.1f} {step.total:>+8.1f}  {step.level}"
        for step in explained.steps
    ]
    last = explained.steps[-1]
    return [
        heading,
        *lines,
        "",
        f"Weight {last.total:+.1f} bits: probability {last.probability:.6f}, of this pair by itself.",
    ]
