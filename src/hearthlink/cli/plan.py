"""The command `plan`: what the study is to ask, what can be told of it, and its seal."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from hearthlink.cli.options import Json, StudyFolder, now
from hearthlink.cli.typed import typed

Write = Annotated[
    bool, typer.Option("--write", help="Write analysis.toml with every question of the study, to be edited.")
]
Seal = Annotated[
    bool, typer.Option("--seal", help="Seal the plan as it stands: whatever is added later is exploratory.")
]


def plan(study: StudyFolder, write: Write = False, seal: Seal = False, as_json: Json = False) -> None:
    """Show what the study is to ask and what can be told of each question, by the counts expected before any record is seen."""
    from hearthlink.study import open_study
    from hearthlink.study.plan import seal_plan, show_plan, write_plan

    opened = open_study(study)
    if write:
        write_plan(opened)
    if seal:
        seal_plan(opened, now)
    shown = show_plan(opened)
    if as_json:
        print(json.dumps(shown.as_json()))
        return
    print("\n".join(shown.lines()))
    print(f"\nNext: {typed('run' if shown.sealed else 'plan', study)}{'' if shown.sealed else ' --seal'}")
