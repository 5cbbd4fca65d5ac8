"""The command line: parse, ask `study`, print. Every stop is one plain message and its exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Annotated

import typer

from hearthlink import __version__
from hearthlink.cli.check import check
from hearthlink.cli.correct import correct
from hearthlink.cli.destroy import destroy
from hearthlink.cli.door import close_other_mouths, guarded
from hearthlink.cli.explain import explain
from hearthlink.cli.incident import app as incident
from hearthlink.cli.ledger import app as ledger
from hearthlink.cli.map import map_columns
from hearthlink.cli.mask import mask, mask_key
from hearthlink.cli.match import match
from hearthlink.cli.merge import merge
from hearthlink.cli.next import next_thing
from hearthlink.cli.objections import objections
from hearthlink.cli.options import Json, KeyFolder, Quiet, StudyFolder, With, as_options, opened
from hearthlink.cli.papers import papers
from hearthlink.cli.plan import plan
from hearthlink.cli.progress import Screen
from hearthlink.cli.protocol import app as protocol
from hearthlink.cli.release import app as release
from hearthlink.cli.research import research
from hearthlink.cli.review import review
from hearthlink.cli.risk import risk
from hearthlink.cli.rooms import rooms
from hearthlink.cli.running import carry_out
from hearthlink.cli.selftest import selftest
from hearthlink.cli.splink import app as splink
from hearthlink.cli.typed import typed
from hearthlink.cli.verify import verify

app = typer.Typer(
    name="hearthlink",
    help="Link children's social care records to benefits records, and clear what may be learnt from the link.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)

WORLDS = "A world that may fool an analysis: plain, seasons, confounding, aftermath, late_claims or backdated."

Again = Annotated[bool, typer.Option("--again", help="Redo steps that are unchanged too.")]
Apart = Annotated[
    bool, typer.Option("--apart", help="Do each role's steps in a process of their own, though the keys rest together.")
]
Children = Annotated[int, typer.Option(min=50, help="Children referred in the year.")]
Households = Annotated[int, typer.Option(min=50, help="Benefit households with children.")]
Share = Annotated[float, typer.Option(min=0.02, max=0.95, help="Share of the children in a household on benefit.")]
Year = Annotated[str, typer.Option(help="Census year.")]
Months = Annotated[int, typer.Option(min=13, max=60, help="Months of benefit files, the last in March of the year.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed makes another authority.")]

WATCHED = 36
"""Months of benefit files up to the year's end that the practice authority has; with those of the year that follows, 48."""


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"Hearthlink {__version__}")
        raise typer.Exit


@app.callback()
def every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Link children's social care records to benefits records, and clear what may be learnt from the link."""


@app.command()
def init(folder: StudyFolder, year: Year = "2019-20") -> None:
    """Begin a study: a folder with a commented study.toml."""
    from hearthlink.study import begin

    path = begin(folder, year=year)
    print(
        f"Made {path}\n\nNext: put your extracts in {folder / 'in'}, and begin the protocol\n  {typed('protocol new', folder)}"
    )


@app.command()
def synthesise(
    out: Annotated[Path, typer.Argument(help="Folder to make the practice authority in.")],
    children: Children = 2200,
    households: Households = 5000,
    share: Share = 0.48,
    year: Year = "2019-20",
    months: Months = WATCHED,
    seed: Seed = 1,
    error_scale: Annotated[
        float, typer.Option(min=0, max=10, help="Multiplies every rate of error in the records.")
    ] = 1.0,
    equal_errors: Annotated[
        bool, typer.Option("--equal-errors", help="The same rates of error for every community.")
    ] = False,
    effect: Annotated[
        float, typer.Option(min=-3, max=3, help="Log rate ratio of referral after an event; 0 for none.")
    ] = 0.7,
    layouts: Annotated[
        str,
        typer.Option(
            help="Layouts besides the usual ones; -NAME leaves one out: school_meals,-ssd,mosaic. Or a set: all, linking."
        ),
    ] = "",
    following: Annotated[
        bool, typer.Option("--following/--no-following", help="A year more of benefits, and the next year's census.")
    ] = True,
    held_back: Annotated[int, typer.Option(min=0, max=59, help="Leave the last so many months unwritten.")] = 0,
    refresh: Annotated[
        int, typer.Option(min=0, max=99, help="Rounds of corrections the records have been through.")
    ] = 0,
    world: Annotated[str, typer.Option(help=WORLDS)] = "plain",
    tables_only: Annotated[
        bool, typer.Option("--tables-only", help="Person tables in Parquet alone, for any size.")
    ] = False,
    processes: Annotated[int, typer.Option(min=1, help="Processes at work; the bytes are the same.")] = 1,
    quiet: Quiet = False,
) -> None:
    """Invent an authority and write what its systems would export. Everyone in it is made up."""
    from hearthlink.study import Settings, layouts_asked, make_practice, world_asked

    settings = Settings(
        children=children, households=households, share=share, year=year, months=months, seed=seed,
        error_scale=error_scale, unequal_errors=not equal_errors, event_log_rate_ratio=effect,
        layouts=layouts_asked(layouts), following=following and not tables_only, held_back=held_back, refresh=refresh, world=world_asked(world),
    )  # fmt: skip
    with as_options(), Screen(quiet=quiet) as screen:
        make_practice(out, settings, tables_only=tables_only, processes=processes, progress=screen.progress)
    if not quiet:
        print(f"Made a practice authority in {out} (everyone in it is made up)")
        if not tables_only:
            print(
                f"\nNext: {typed('run', out)}\nor, as a council does it, with people and a protocol: {typed('protocol new', out)}"
            )


@app.command()
def run(
    study: StudyFolder,
    key: With = None,
    again: Again = False,
    apart: Apart = False,
    quiet: Quiet = False,
    as_json: Json = False,
    keys: KeyFolder = None,
) -> None:
    """Carry out every step of a study that is not done, as far as your parts permit, and write the report."""
    carry_out(opened(study, key, keys), None, again=again, apart=apart, quiet=quiet, as_json=as_json)


@app.command()
def status(study: StudyFolder, as_json: Json = False) -> None:
    """Say where a study stands."""
    from hearthlink.study import open_study, standing

    asked = open_study(study)
    rows = standing(asked)
    if as_json:
        print(
            json.dumps([{"step": row.step, "done": row.done} | ({} if row.done else {"why": row.why}) for row in rows])
        )
        return
    for row in rows:
        print(f"  {'done   ' if row.done else 'not yet'}  {row.step:<12} {row.says}")
        if row.why:
            print(f"{'':24}{row.why}")
    to_do = [row for row in rows if not row.done]
    if not to_do:
        print(f"\nThe report is at {study / 'out' / 'report.html'}")
    elif asked.keys_apart:
        print(f"\nNext is the {to_do[0].role}, for the step {to_do[0].step}:\n  {typed('run', study)} --with NAME")
    else:
        print(f"\nNext: {typed('run', study)}")


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Folder to make the practice study in.")] = Path("hearthlink-demo"),
    children: Children = 2200,
    households: Households = 5000,
    seed: Seed = 1,
    quiet: Quiet = False,
) -> None:
    """Make the practice authority, run the whole job on it, and print the headline."""
    from hearthlink.study import Settings, layouts_asked, make_practice

    settings = Settings(
        children=children, households=households, seed=seed, months=WATCHED, following=True, layouts=layouts_asked("")
    )
    with as_options(), Screen(quiet=quiet) as screen:
        make_practice(folder, settings, processes=min(4, os.cpu_count() or 1), progress=screen.progress)
    if not quiet:
        print(f"Made a practice authority in {folder} (everyone in it is made up)")
    carry_out(opened(folder, None, None), None, again=False, quiet=quiet, as_json=False)


app.command("match")(match)
app.command("mask")(mask)
app.command("mask-key")(mask_key)
app.command("map")(map_columns)


app.command("next")(next_thing)
app.command("rooms")(rooms)
app.command("review")(review)
app.command("correct")(correct)
app.command("objections")(objections)
app.command("plan")(plan)
app.command("explain")(explain)
app.command("research")(research)
app.command("risk")(risk)
app.command("merge")(merge)
app.command("papers")(papers)
app.command("selftest")(selftest)
app.command("verify")(verify)
app.add_typer(splink, name="splink")
app.add_typer(protocol, name="protocol")
app.add_typer(ledger, name="ledger")
app.command("destroy")(destroy)
app.add_typer(incident, name="incident")
app.add_typer(release, name="release")


STEP_COMMANDS = {
    "receive": "Read the extracts and part names from needs.",
    "check": "Look for what would change the answer.",
    "standardise": "Make names, dates and addresses comparable.",
    "compare": "Find candidate pairs and compare them.",
    "estimate": "Learn what agreement is worth.",
    "link": "Weigh families against households.",
    "link_before": "Link again as at 12 and 24 months before.",
    "search": "Look again, past the rules that propose candidates.",
    "evaluate": "Ask how good the links are.",
    "measure": "See month by month how households stand and what befell them.",
    "deidentify": "Take names away and coarsen the rest.",
    "answer": "Work out the shares.",
    "clear": "Hold back what is small and round the rest.",
    "report": "Write the report and its tables.",
}
"""One command for each step of `study.STEPS`, by its name: the step and whatever before it is not done. A test holds the two
together; the list stands here so that asking for help does not load the whole of Hearthlink."""


def _add_step(name: str, says: str) -> None:
    def command(
        study: StudyFolder,
        key: With = None,
        again: Again = False,
        quiet: Quiet = False,
        as_json: Json = False,
        keys: KeyFolder = None,
    ) -> None:
        carry_out(opened(study, key, keys), name, again=again, quiet=quiet, as_json=as_json)

    app.command(name, help=f"{says} Does the steps before it where they are not done.")(
        check if name == "check" else command
    )


for _name, _says in STEP_COMMANDS.items():
    _add_step(_name, _says)


def _offline(act: Callable[..., object]) -> Callable[..., object]:
    """The command with the network closed while it works: no other machine is reached but by a step whose permit names it."""

    @wraps(act)
    def command(*given: object, **named: object) -> object:
        from hearthlink.study import offline

        with offline.closed_network():
            return act(*given, **named)

    return command


for _command in (
    *app.registered_commands,
    *splink.registered_commands,
    *protocol.registered_commands,
    *ledger.registered_commands,
    *incident.registered_commands,
    *release.registered_commands,
):
    if _command.callback is not None:
        _command.callback = _offline(_command.callback)


def main() -> None:
    """Run the command line and end with the exit code that fits. No traceback, and no value of the data, ever reaches the screen."""
    close_other_mouths()
    sys.exit(guarded(partial(app, standalone_mode=False)))
