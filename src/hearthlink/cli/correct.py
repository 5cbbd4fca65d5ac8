"""The command `correct`: one link put right by hand, after saying which released figures it would change."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from hearthlink.cli.options import Json, KeyFolder, StudyFolder, With, now, opened
from hearthlink.cli.typed import typed
from hearthlink.errors import WrongUse

Child = Annotated[str, typer.Option("--child", help="Id of the child, as the census has it; asked for where left out.")]
Household = Annotated[str, typer.Option("--household", help="The claim's reference of the household it lives in.")]
Nobody = Annotated[bool, typer.Option("--none", help="It lives in no household on file.")]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Take back what was corrected of this child.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words that name nobody.")]
By = Annotated[str, typer.Option("--by", help="Name or initials of who says so.")]
Yes = Annotated[bool, typer.Option("--yes", help="Record it without asking.")]


NOT_FORESEEN = "Which released figures that changes nobody can say alone: the keys of the rooms are apart. The next runs work it out."


def correct(
    study: StudyFolder,
    reason: Reason,
    by: By,
    child: Child = "",
    household: Household = "",
    none: Nobody = False,
    withdraw: Withdraw = False,
    yes: Yes = False,
    key: With = None,
    as_json: Json = False,
    keys: KeyFolder = None,
) -> None:
    """Put one link right by hand, and say which released figures that changes. The next run does again only what leans on it."""
    from hearthlink.study.correct import Correction, would_change
    from hearthlink.study.correct import correct as record

    if sum((bool(household), none, withdraw)) != 1:
        raise WrongUse("Say one of --household, --none and --withdraw.")
    held = opened(study, key, keys)
    # An id that is typed at a prompt does not stay in the shell's history.
    named = child or typer.prompt("Id of the child")
    says = "household" if household else "none" if none else "withdrawn"
    correction = Correction(named, household or None, says, reason, by)
    figures = None if held.keys_apart else would_change(held, correction, now)
    if not as_json:
        print("\n".join([NOT_FORESEEN] if held.keys_apart else _said(figures)))
    if not (yes or as_json or typer.confirm("\nRecord it?")):
        print("Nothing was recorded.")
        return
    record(held, correction, now)
    if as_json:
        print(json.dumps({"recorded": True, "figures_changed": figures}))
    else:
        print(f"Recorded.\n\nNext: {typed('run', study)}")


def _said(figures: list[str] | None) -> list[str]:
    if figures is None:
        return ["Nothing was cleared yet, so no released figure changes."]
    if not figures:
        return ["No released figure would change."]
    return [f"{len(figures):,} released figures would change:", *(f"  {words}" for words in figures)]
