"""The command `incident`: freeze a study at once and report what was in scope; and `incident lift`, by two approvers."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hearthlink.cli.options import KeyFolder, StudyFolder, from_keyboard, now
from hearthlink.cli.typed import typed

USUAL = "report"


class _Incident(TyperGroup):
    """`incident STUDY` means `incident report STUDY`: nobody looks for a word in a hurry."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - the context is of the library beneath typer
        named = next((one for one in args if not one.startswith("-")), None)
        asks = named is None or named in self.commands
        return super().parse_args(ctx, args if asks else [USUAL, *args])


app = typer.Typer(
    cls=_Incident,
    help="Something went wrong with the data: freeze the study and report. hearthlink incident STUDY --with NAME --what WORDS",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Signs = Annotated[str, typer.Option("--with", help="The name of your signing key.")]
What = Annotated[str, typer.Option("--what", help="What happened, in your own words; name nobody.")]


@app.command("report")
def report(study: StudyFolder, key: Signs, what: What, keys: KeyFolder = None) -> None:
    """Freeze a study at once, and write what was in scope by counts and kinds, the ledger's last lines and the 72-hour clock. Opens no room."""
    from hearthlink.study import open_study
    from hearthlink.study.ending.incident import report_incident

    told = report_incident(open_study(study), key, what, ask=from_keyboard, clock=now, folder=keys)
    print(f"Frozen: nothing more is done in this study until two approvers lift it.\n\nReport  {told.report}")
    print(f"Tell the Commissioner by {told.tell_by}, if that has to be; the clock may have begun before.")
    print(f"Next    {typed('incident lift', study)} --with NAME, by each of two approvers, when it may go on")


@app.command("lift")
def lift(study: StudyFolder, key: Signs, keys: KeyFolder = None) -> None:
    """Say, as an approver, that a frozen study may go on; with the second approver it does."""
    from hearthlink.study import open_study
    from hearthlink.study.ending.incident import lift as say_so

    name, count = say_so(open_study(study), key, ask=from_keyboard, clock=now, folder=keys)
    print(f"{name} says that it may go on; {count} of 2 have.")
    print(f"\nNext: {typed('status', study)}" if count > 1 else "\nNext: another approver says so too.")
