"""`hearthlink review`: one pair on the screen, one key for the answer, and the screen cleared before the next.

What is shown goes to the screen and nowhere else; what is answered goes to `study` and nowhere else.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from hearthlink.cli.card import card_lines, screens
from hearthlink.cli.keys import END, pressed
from hearthlink.cli.options import KeyFolder, StudyFolder, With, now, opened
from hearthlink.cli.typed import typed

if TYPE_CHECKING:
    from hearthlink.study.review import Card, Pair, Sitting

ANSWERS = {"m": "match", "n": "no_match", "u": "not_sure"}
KEYS = ("m match", "n no match", "u not sure", "b back", "q leave", "? help")

HELP = (
    "m  match: the child belonged to this household on that day, listed or not",
    "n  no match: it belonged to another household, or to none of these",
    "u  not sure: the records do not say enough; better than a guess",
    "b  back: the pair before this one again; the later answer counts",
    "q  leave: answers so far are kept, and the next sitting goes on from here",
    "",
    (
        "Words beside the facts: same; close, a little different; swapped, where day "
        "and month changed places; differs; missing, where one side has nothing."
    ),
    "Nothing here says what the computer thinks.",
    "If you know this family, leave, and ask a colleague to go on.",
    "",
    "Any key goes back to the pair.",
)

NOTHING = (
    "Every child is with another reviewer. Some are for two people to read: --second, when the first has finished."
)
NOTHING_TWICE = (
    "There is nothing for you to read a second time yet. A child comes when another reviewer has answered all of it."
)

Reviewer = Annotated[str, typer.Option("--reviewer", help="Your name or initials; kept beside your answers.")]
Children = Annotated[
    int | None, typer.Option("--children", min=1, help="Children to draw, 200 unless said; only when drawing.")
]
Second = Annotated[bool, typer.Option("--second", help="Look again at the fifth that two people read, as the second.")]
Afresh = Annotated[bool, typer.Option("--afresh", help="Draw other children, from the links as they are now.")]


def review(
    study: StudyFolder,
    reviewer: Reviewer,
    children: Children = None,
    second: Second = False,
    afresh: Afresh = False,
    key: With = None,
    keys: KeyFolder = None,
) -> None:
    """Show children beside households and keep what you answer. It shows names; see that nobody reads along."""
    from hearthlink.study.review import begin_sitting, pairs_to_show

    sitting = begin_sitting(
        opened(study, key, keys),
        reviewer=reviewer,
        clock=now,
        children=children,
        second=second,
        afresh=afresh,
    )
    if not pairs_to_show(sitting):
        print(NOTHING_TWICE if second else NOTHING)
        return
    with _screen() as clear:
        answered, left, concerns = _sit(sitting, clear)
    print(f"{answered:,} answered in this sitting, {left:,} left.")
    for sentence in concerns:
        print(f"\nThink it over: {sentence}")
    if left:
        print(f"\nNext: {typed('review', study)} --reviewer ...  goes on where you left")
    else:
        print(f"\nNext: {typed('run', study)}  heeds the answers and says how good the matches are")


def _sit(sitting: Sitting, clear: Callable[[], None]) -> tuple[int, int, list[str]]:
    """Show pair after pair until the last or the key to leave. How many were answered, how many are left, and what to think over."""
    from hearthlink.study.review import Answer, card_of, keep_answer, pairs_to_show, thought_over

    keys = pressed()
    pairs = pairs_to_show(sitting)
    place = _first_left(pairs)
    seconds: list[float] = []
    while place < len(pairs):
        pair, begun = pairs[place], monotonic()
        key = _ask(sitting, pair, card_of(sitting, pair), keys, clear)
        if key in ANSWERS:
            seconds.append(monotonic() - begun)
            sitting = keep_answer(sitting, pair, Answer(ANSWERS[key]))
            at = pair.child_id, pair.household_id
            pairs = pairs_to_show(sitting)
            here = next(n for n, one in enumerate(pairs) if (one.child_id, one.household_id) == at)
            place = next((n for n in range(here + 1, len(pairs)) if not pairs[n].answered), _first_left(pairs))
        elif key == "b":
            place = max(place - 1, 0)
        else:
            break
    return len(seconds), sum(not pair.answered for pair in pairs), thought_over(sitting, seconds)


def _first_left(pairs: Sequence[Pair]) -> int:
    return next((number for number, pair in enumerate(pairs) if not pair.answered), len(pairs))


def _ask(sitting: Sitting, pair: Pair, card: Card, keys: Iterator[str], clear: Callable[[], None]) -> str:
    """Show a pair, page by page where the screen is small, until a key that means something is pressed."""
    from hearthlink.study.review import pairs_to_show

    left = f"{sum(not one.answered for one in pairs_to_show(sitting)):,} left"
    reading = "second reading" if sitting.second else "first reading"
    head = f"Child {pair.number:,} of {pair.of:,}, {reading}" + (" (answered before)" if pair.answered else "")
    page, helping = 0, False
    while True:
        # Laid out anew after every key: the window may have another size by now.
        columns, rows = _size()
        pages = screens(head, left, HELP if helping else card_lines(card, columns), KEYS, columns, rows)
        clear()
        print(pages[page % len(pages)], flush=True)
        key = next(keys)
        if key == " ":
            page += 1
        elif helping or key == "?":
            page, helping = 0, not helping
        elif key in ANSWERS or key in {"b", "q", END}:
            return key


def _size() -> tuple[int, int | None]:
    """Columns and rows of the screen; rows are None where what is printed goes to no screen."""
    size = shutil.get_terminal_size((100, 40))
    return size.columns, size.lines if sys.stdout.isatty() else None


@contextmanager
def _screen() -> Iterator[Callable[[], None]]:
    """A screen of its own where the terminal has one, cleared before each pair and left without a trace of any."""
    if not sys.stdout.isatty():
        yield lambda: print("\n" + "=" * 20)
        return
    from rich.console import Console

    console = Console(color_system=None, highlight=False)
    console.set_alt_screen(True)
    try:
        yield console.clear
    finally:
        console.clear()
        console.set_alt_screen(False)
