"""The command `check`: what would change an answer, in a study; or the rules of the census alone, of a file or a folder of flat tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hearthlink.cli.options import Json, KeyFolder, Quiet, With, now, opened
from hearthlink.cli.progress import Screen
from hearthlink.cli.typed import typed
from hearthlink.errors import DataProblem, WrongUse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hearthlink.study import Study
    from hearthlink.study.checking.checking import FileRead, Finding, Findings, Joined

StudyOrCensus = Annotated[
    Path, typer.Argument(help="A study's folder; or a census: its XML, or a folder of its flat tables.")
]
Again = Annotated[bool, typer.Option("--again", help="Redo steps that are unchanged too.")]
Accept = Annotated[str | None, typer.Option("--accept", help="Code of a finding to accept; it needs a reason.")]
Reason = Annotated[str, typer.Option("--reason", help="Why it may stand. Name nobody: it is shown beside the finding.")]
By = Annotated[str, typer.Option("--by", help="Name or initials of who accepts it.")]
Withdraw = Annotated[str | None, typer.Option("--withdraw", help="Code of a finding that is no longer accepted.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the findings of a census outside a study.")]
Year = Annotated[
    str | None, typer.Option("--year", help="Census year whose rules are asked outside a study, such as 2024-25.")
]

PLAIN = {
    "stops": "Stops the run",
    "look": "To look at",
    "error": "Errors by the census's rules",
    "query": "Queries by the census's rules",
    "note": "Worth knowing",
}
"""Severities in plain words, gravest first."""


def check(
    study: StudyOrCensus,
    again: Again = False,
    accept: Accept = None,
    reason: Reason = "",
    by: By = "",
    withdraw: Withdraw = None,
    out: Out = None,
    year: Year = None,
    key: With = None,
    quiet: Quiet = False,
    as_json: Json = False,
    keys: KeyFolder = None,
) -> None:
    """Look for what would change the answer, and write where it lies: a page and a table that hold no value."""
    if study.suffix and not study.exists():
        raise DataProblem("The file was not found.", file=study.name, remedy="Put it there and run again.")
    with Screen(quiet=quiet or as_json) as screen:
        if (study / "study.toml").is_file() or not study.exists() or (study.is_dir() and not any(study.iterdir())):
            if out is not None or year is not None:
                raise WrongUse("This is a study: its year and its place are its own.", column="--out, --year")
            asked = opened(study, key, keys)
            found = _of_study(asked, screen, again=again, accept=accept, reason=reason, by=by, withdraw=withdraw)
        else:
            if accept or withdraw:
                raise WrongUse("A finding is accepted in a study; this is none.", column="--accept, --withdraw")
            from hearthlink.study.checking.census import check_census

            found = check_census(study, clock=now, out=out, year=year, progress=screen.progress)
    if as_json:
        print(json.dumps(_as_plain(found)))
    elif not quiet:
        _print(found, study, accepted=accept, key=key)


def _of_study(
    study: Study,
    screen: Screen,
    *,
    again: bool,
    accept: str | None,
    reason: str,
    by: str,
    withdraw: str | None,
) -> Findings:
    from hearthlink.study.checking import checking

    found = checking.check_study(study, clock=now, again=again, progress=screen.progress, tell=screen.tell)
    if accept is None and withdraw is None:
        return found
    if accept is not None:
        checking.accept(study, accept, reason=reason, by=by, clock=now)
    if withdraw is not None:
        checking.withdraw(study, withdraw, clock=now)
    return checking.check_study(study, clock=now)


def _as_plain(found: Findings) -> dict[str, Any]:
    ours = [
        {
            "code": one.code, "severity": one.severity, "says": one.says, "looked_at": one.looked_at, "found": one.found,
            "remedy": one.remedy, "open": one.open,
        }
        for one in found.found
    ]  # fmt: skip
    return {
        "step": "check",
        "done": True,
        "findings": [one for one in ours if one["looked_at"] is not None],
        "census": [
            {name: value for name, value in one.items() if name != "looked_at"}
            for one in ours
            if one["looked_at"] is None
        ],
        "joined": [
            {"stage": one.stage, "by": one.by, "children": one.children, "joined": one.joined} for one in found.joined
        ],
        "unasked": found.unasked,
        "read": [
            {
                "source": one.source,
                "file": one.file,
                "records": one.records,
                "set_aside": one.set_aside,
                "told": dict(one.told),
            }
            for one in found.read
        ],
        "page": str(found.page),
        "table": str(found.table),
    }


def _print(found: Findings, study: Path, *, accepted: str | None, key: str | None = None) -> None:
    if accepted:
        print("  Accepted. The reason stays in this study; should it name a person, withdraw it and write it again.\n")
    _print_read(found.read, found.period)
    for severity, words in PLAIN.items():
        of_it = found.told(severity)
        still = [one for one in of_it if one.open]
        if of_it:
            accepted_too = f", {len(of_it) - len(still)} accepted" if len(still) < len(of_it) else ""
            print(f"  {words}: {len(still)}{accepted_too}")
        for one in still:
            print(_line(one))
        if of_it:
            print()
    if not found.found:
        print("  Nothing was found.\n")
    if found.unasked:
        print(f"  {found.unasked}\n")
    _print_joined(found.joined)
    print(f"Page    {found.page}\nTable   {found.table}")
    if (study / "study.toml").is_file():
        print(f"\nNext: {typed('run', study, *(('--with', key) if key else ()))}")


def _print_read(read: Sequence[FileRead], period: str) -> None:
    """How many records each source gave, its files together; what was set aside or noted is on the page."""
    print(f"  Records read ({period})")
    for source in dict.fromkeys(one.source for one in read):
        of_it = [one for one in read if one.source == source]
        named = of_it[0].file if len(of_it) == 1 else f"{source}, {len(of_it)} files"
        aside = sum(one.set_aside for one in of_it)
        notes = sum(len(one.told) for one in of_it)
        print(
            f"    {sum(one.records for one in of_it):,}  {named}"
            + (f", {aside:,} set aside" if aside else "")
            + (f"; {notes} note{'s' if notes > 1 else ''} on the page" if notes else "")
        )
    print()


def _print_joined(joined: Sequence[Joined]) -> None:
    """How children of the census were found in the case system: every stage, and of the years of birth those that fall behind."""
    if not joined:
        return
    every, *others = joined
    print(f"  Children found in the case system: {every.joined:,} of {every.children:,}, by {every.by}")
    for one in others:
        if not one.stage.startswith("born") or one.joined * every.children < 0.95 * every.joined * one.children:
            print(f"{'':6}{one.stage}: {one.joined:,} of {one.children:,}")
    print()


def _line(one: Finding) -> str:
    of = "" if one.looked_at is None else f" of {one.looked_at:,}"
    note = f"\n{'':6}{one.note}" if one.note else ""
    return f"    {one.found:,}{of}  {one.says} ({one.code})\n{'':6}{one.remedy}{note}"
