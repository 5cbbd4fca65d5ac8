"""The command `map`: guess where a supplier's columns belong, ask about the doubtful, and write the mapping. No value is ever shown."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hearthlink.cli.options import Json, Quiet, now
from hearthlink.cli.progress import Screen
from hearthlink.errors import WrongUse

if TYPE_CHECKING:
    from hearthlink.study.mapping import ColumnGuess, Looked, TableGuess

File = Annotated[
    Path | None, typer.Argument(help="A table of a supplier's: CSV, workbook or Parquet; or a folder of such.")
]
Table = Annotated[str | None, typer.Option("--table", help="Which of our tables it fills, where you know.")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="Which sheet of a workbook.")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write the mapping to, such as maps/supplier.toml.")]
Yes = Annotated[bool, typer.Option("--yes", help="Take the best guess of everything; the doubtful stays marked.")]
List = Annotated[bool, typer.Option("--list", help="List the mappings that come with Hearthlink.")]
Show = Annotated[str | None, typer.Option("--show", help="Print one of those mappings by its name.")]

NONE = "-"


def map_columns(
    file: File = None,
    table: Table = None,
    sheet: Sheet = None,
    out: Out = None,
    yes: Yes = False,
    list_known: List = False,
    show: Show = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Guess a mapping from the headers and shapes of a supplier's file, and ask about what is doubtful."""
    from hearthlink.study.mapping import as_plain, known_mappings, look, shown, write_mapping

    if list_known or show is not None:
        print(
            "\n".join(f"{name:<28}{says}" for name, says in known_mappings().items()) if show is None else shown(show)
        )
        return
    if file is None:
        raise WrongUse("A file to look at is needed.", remedy="hearthlink map FILE --out maps/NAME.toml")
    with Screen(quiet=quiet or as_json) as screen:
        looked = look(file, clock=now, table=table, sheet=sheet, progress=screen.progress)
    if not (yes or quiet or as_json) and sys.stdin.isatty():
        looked = _asked(looked)
    if out is not None:
        write_mapping(looked, out)
    if as_json:
        print(json.dumps({"mapping": None if out is None else str(out), "tables": as_plain(looked)}))
    elif out is None:
        print(looked.text)
    elif not quiet:
        _say(looked)
        print(f"\nMapping  {out}\nNext     mend what is marked in it, and name it in study.toml under [[source]]")


def _say(looked: Looked) -> None:
    """What was guessed, in a line for each column."""
    for guess in looked.tables:
        print(f"\n{guess.file or 'The file'} fills {guess.table.name}: {guess.table.says}")
        for one in guess.columns:
            print(
                f"  {one.sureness.value:<9} {one.column.name:<24} {_from(one)}{f'  ({one.shape})' if one.shape else ''}"
            )
            for doubt in one.doubts:
                print(f"{'':12}{doubt}")
        for name in guess.lacking:
            print(f"  MISSING   {name:<24} {guess.table.column(name).says}")
        if guess.unread:
            print(f"  Not read: {', '.join(guess.unread)}")
    for sentence in looked.strange:
        print(f"\n{sentence}")


def _from(one: ColumnGuess) -> str:
    part = f" ({one.rule.part})" if one.rule.part else ""
    return " and ".join(one.rule.headers) + part


def _asked(looked: Looked) -> Looked:
    """The guess with every doubtful column settled by whoever sits there."""
    from dataclasses import replace

    return replace(looked, tables=tuple(_ask_table(guess) for guess in looked.tables))


def _ask_table(guess: TableGuess) -> TableGuess:
    from hearthlink.study.mapping import answered

    asked = [one for one in guess.doubtful if one.rule.part is None]
    if asked:
        print(f"\n{guess.file or 'The file'} fills {guess.table.name}. Enter takes the first; {NONE} takes none.")
    for one in asked:
        choices = (*one.rule.headers, *one.others)
        print(f"\n  {one.column.name}: {one.column.says}")
        for doubt in one.doubts:
            print(f"    {doubt}")
        for number, header in enumerate(choices, start=1):
            print(f"    {number}  {header}  ({guess.profiles[header].shape or 'empty'})")
        chosen = _choice(len(choices))
        guess = answered(guess, one.column.name, None if chosen is None else choices[chosen])
    return guess


def _choice(most: int) -> int | None:
    """The number chosen, counted from 0; None where none is right."""
    while True:
        said = typer.prompt("  Which", default="1", show_default=False).strip()
        if said == NONE:
            return None
        if said.isdigit() and 1 <= int(said) <= most:
            return int(said) - 1
        print(f"  A number from 1 to {most}, or {NONE} for none.")
