"""The commands `release new`, `submit`, `review`, `approve`, `return`, `reject`, `finish`, `withdraw`, `show` and `list`: what leaves, and who lets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hearthlink.cli.options import Json, StudyFolder, from_keyboard, now
from hearthlink.cli.typed import typed

if TYPE_CHECKING:
    from hearthlink.study.release.acts import Hand, Told
    from hearthlink.study.study import Study

app = typer.Typer(
    help="A release: what leaves the study, checked by two people who did not make it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

With = Annotated[str, typer.Option("--with", help="The name of your signing key.")]
Keys = Annotated[
    Path | None,
    typer.Option("--keys", hidden=True, help="A folder of your own for signing keys, instead of the usual one."),
]
Number = Annotated[int | None, typer.Argument(min=1, help="Which release; the last one where it is left out.")]
Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence; name nobody whose records these are.")]
WhyAgain = Annotated[
    str,
    typer.Option(
        "--why", help="Of one that was returned, where nothing is to be mended: why not, for the checkers. Name nobody."
    ),
]


@app.command("new")
def new(study: StudyFolder, key: With, why: WhyAgain = "", keys: Keys = None) -> None:
    """Make the package of what the last run cleared, and let the automatic checks look at it."""
    from hearthlink.study.release.acts import make

    _do(study, key, keys, lambda opened, hand: make(opened, hand, why=why))


@app.command("submit")
def submit(study: StudyFolder, key: With, number: Number = None, keys: Keys = None) -> None:
    """Hand a checked package in; two output checkers who did not make it then look at it."""
    from hearthlink.study.release.acts import submit as hand_in

    _do(study, key, keys, lambda opened, hand: hand_in(opened, hand, number))


@app.command("review")
def look_and_say(study: StudyFolder, key: With, number: Number = None, keys: Keys = None) -> None:
    """Show a release on one page, as to an output checker, ask what no program can answer, and enter the review that comes of it."""
    from hearthlink.cli.asked import remembered
    from hearthlink.cli.next import review_in_one
    from hearthlink.study import open_study
    from hearthlink.study.release.desk import Hand

    told = review_in_one(open_study(study), Hand(key, remembered(from_keyboard), now, keys), number)
    if told is None:
        print("Nothing was entered: you may look at it again at any time.")


@app.command("approve")
def approve(study: StudyFolder, key: With, number: Number = None, keys: Keys = None) -> None:
    """Say, as an output checker, that this very package may leave. What the other says is told once both have spoken."""
    _review(study, key, keys, number, "APPROVE", "")


@app.command("return")
def send_back(study: StudyFolder, key: With, why: Why, number: Number = None, keys: Keys = None) -> None:
    """Say, as an output checker, what is to be mended before it may leave."""
    _review(study, key, keys, number, "RETURN", why)


@app.command("reject")
def reject(study: StudyFolder, key: With, why: Why, number: Number = None, keys: Keys = None) -> None:
    """Say, as an output checker, that this may not leave."""
    _review(study, key, keys, number, "REJECT", why)


@app.command("finish")
def finish(study: StudyFolder, key: With, number: Number = None, keys: Keys = None) -> None:
    """Let a release leave that two have approved: writes the archive that is handed on."""
    from hearthlink.study.release.acts import finish as let_leave

    def say(words: str) -> None:
        print(words, flush=True)

    _do(study, key, keys, lambda opened, hand: let_leave(opened, hand, number, say=say))


@app.command("withdraw")
def withdraw(study: StudyFolder, key: With, why: Why, number: Number = None, keys: Keys = None) -> None:
    """Say that a release holds no more. What was released stays as it was, and counts as seen for good."""
    from hearthlink.study.release.acts import withdraw as take_back

    _do(study, key, keys, lambda opened, hand: take_back(opened, hand, number, why=why))


@app.command("show")
def show(study: StudyFolder, number: Number = None, as_json: Json = False) -> None:
    """Say where a release stands, what was done with it, and whose turn it is; told though the study is frozen or destroyed."""
    from hearthlink.study import open_study
    from hearthlink.study.release.shown import release_told

    told = release_told(open_study(study), number)
    print(json.dumps(told.as_json()) if as_json else "\n".join(_lines(study, told)))


@app.command("list")
def list_them(study: StudyFolder, as_json: Json = False) -> None:
    """Say where each release stands; told though the study is frozen or destroyed."""
    from hearthlink.study import open_study
    from hearthlink.study.release.shown import releases_told

    found = releases_told(open_study(study))
    if as_json:
        print(json.dumps([one.as_json() for one in found]))
    elif not found:
        print(f"There is no release yet.\n\nNext: {typed('release new', study)} --with NAME")
    else:
        print("\n".join(f"{one.number:03}  {one.state.value:<15} {one.digest}" for one in found))


def _review(study: Path, key: str, keys: Path | None, number: int | None, move: str, why: str) -> None:
    from hearthlink.study.release.acts import Move, review

    _do(study, key, keys, lambda opened, hand: review(opened, hand, number, Move[move], why=why))


def _do(study: Path, key: str, keys: Path | None, act: Callable[[Study, Hand], Told]) -> None:
    from hearthlink.study import open_study
    from hearthlink.study.release.acts import Hand

    told = act(open_study(study), Hand(key, from_keyboard, now, keys))
    print("\n".join(_lines(study, told)))


def _lines(study: Path, told: Told) -> list[str]:
    lines = [f"Release {told.number:03}: {told.state.value}", f"  digest   {told.digest}", f"  package  {told.package}"]
    lines += [f"  {each}" for each in told.says]
    if told.archive:
        lines += ["", f"Archive  {told.archive}", f"Verify   {typed('verify', Path(told.archive))}"]
    who = f" ({' or '.join(told.turn)})" if told.turn else ""
    lines += ["", f"Next{who}: {told.next}"]
    needs_reason = {"return", "reject"}
    return [
        *lines,
        *(
            f"  {typed(f'release {word}', study)} {told.number} --with NAME{' --why TEXT' if word in needs_reason else ''}"
            for word in told.commands
        ),
    ]
