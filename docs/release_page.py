"""The page of the states of a release, and their picture, drawn from the data that the commands go by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import product

from hearthlink.governance.release import NEXT, RULES, VOTES, Entry, Move, State, outcome

WIDE, HIGH, STEP, TOP, UNDER = 118, 44, 152, 190, 330
PLACES: dict[State, tuple[int, int]] = {
    **{
        state: (20 + STEP * number, TOP)
        for number, state in enumerate(
            (
                State.DRAFT,
                State.CHECKED,
                State.SUBMITTED,
                State.REVIEWED_ONCE,
                State.APPROVED,
                State.RELEASED,
                State.WITHDRAWN,
            )
        )
    },
    State.RETURNED: (20 + STEP * 3 - 60, UNDER),
    State.REJECTED: (20 + STEP * 3 + 90, UNDER),
}
"""Where each state is drawn. Which arrows there are comes from the rules alone."""


def edges() -> list[tuple[State, State, str]]:
    """Every way from one state to another, with the moves that lead there."""
    found: dict[tuple[State, State], list[str]] = {}
    for rule in RULES:
        for since in rule.since:
            for to in [rule.leads] if rule.leads else sorted(_after_vote(since, rule.move), key=list(State).index):
                if to is not None and to is not since:
                    found.setdefault((since, to), []).append(rule.move.value)
    return [(since, to, " or ".join(dict.fromkeys(moves))) for (since, to), moves in found.items()]


def _after_vote(since: State, move: Move) -> set[State]:
    """What a review in a state may come to: the first to one state, the second to whatever the two come to."""
    firsts = [()] if since is State.SUBMITTED else [(one,) for one in VOTES]
    return {outcome([_vote(one) for one in (*first, move)]) for first, move in product(firsts, [move])}


def _vote(move: Move) -> Entry:
    return Entry(1, move.value, "", "", "", "", "", "")


def picture() -> str:
    """The states and the moves between them as SVG, without a script, a style sheet or an address."""
    width, height = 20 + STEP * 6 + WIDE + 20, UNDER + HIGH + 70
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            'aria-labelledby="title desc" font-family="sans-serif" font-size="13">'
        ),
        '<title id="title">The states of a release</title>',
        f'<desc id="desc">{escape("; ".join(f"{a.value} to {b.value}: {words}" for a, b, words in edges()))}.</desc>',
        (
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 10 5 0 10z" fill="#484d50"/></marker></defs>'
        ),
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(line for edge in edges() for line in _arrow(*edge)),
        *(line for state in PLACES for line in _box(state)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _box(state: State) -> Iterator[str]:
    x, y = PLACES[state]
    fill, ink = ("#12436d", "#ffffff") if state is State.RELEASED else ("#f3f5f6", "#0b0c0c")
    yield f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" fill="{fill}" stroke="#484d50"/>'
    yield f'<text x="{x + WIDE // 2}" y="{y + HIGH // 2 + 5}" text-anchor="middle" fill="{ink}">{escape(state.value)}</text>'


def _arrow(since: State, to: State, words: str) -> Iterator[str]:
    (x, y), (to_x, to_y) = PLACES[since], PLACES[to]
    middle = WIDE // 2
    if y == to_y and to_x == x + STEP:
        start, end = (x + WIDE, y + HIGH // 2), (to_x, to_y + HIGH // 2)
        path, label = f"M{start[0]} {start[1]} L{end[0]} {end[1]}", ((start[0] + end[0]) // 2, y - 8)
        yield _line(path)
        yield from _words(label, words, above=True)
    elif y == to_y:
        rise = 26 + (x - to_x) // STEP * 30
        path = f"M{x + middle} {y} C{x + middle} {y - rise - 20} {to_x + middle} {y - rise - 20} {to_x + middle} {y}"
        yield _line(path)
        if x == max(PLACES[a][0] for a, b, _ in edges() if b is to and PLACES[a][1] == y):
            yield from _words(((x + to_x) // 2 + middle, y - 3 * (rise + 20) // 4 - 8), words, above=True)
    elif to_y > y:
        yield _line(f"M{x + middle} {y + HIGH} L{to_x + middle} {to_y}")
        yield from _words((to_x + middle, to_y + HIGH + 18), words, above=False)
    else:
        yield _line(
            f"M{x} {y + HIGH // 2} C{x - 200} {y + HIGH // 2} {to_x + middle} {to_y + HIGH + 90} {to_x + middle} {to_y + HIGH}"
        )
        yield from _words((to_x + middle + 80, to_y + HIGH + 110), words, above=False)


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="#484d50" stroke-width="1.4" marker-end="url(#tip)"/>'


def _words(place: tuple[int, int], words: str, *, above: bool) -> Iterator[str]:
    """The words of an arrow, a few to a line, growing away from it."""
    parts = words.replace("passed the automatic checks", "passed/the checks").replace(" or ", "/or ").split("/")
    x, y = place
    first = y - 14 * (len(parts) - 1) if above else y
    for number, part in enumerate(parts):
        yield f'<text x="{x}" y="{first + 14 * number}" text-anchor="middle" font-size="11" fill="#484d50">{escape(part)}</text>'


def parts(table: Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], str]) -> list[str]:
    """The page: the picture, the moves, and in each state whose turn it is."""
    moves = [
        (
            rule.move.value,
            ", ".join(one.value for one in rule.since),
            "anybody who takes part" if rule.move is Move.CHANGE else " or ".join(one.value for one in rule.by),
            rule.leads.value if rule.leads else "what the two reviews come to",
            rule.needs,
        )
        for rule in RULES
    ]
    turns = [(state.value, ", ".join(one.value for one in NEXT[state][0]) or "—", NEXT[state][1]) for state in State]
    ends = [
        (first.value, second.value, outcome([_vote(first), _vote(second)]).value)
        for number, first in enumerate(VOTES)
        for second in VOTES[number:]
    ]
    return [
        "Nothing leaves a study but as a release. How to make one: [release what was cleared](../how-to/release.md).",
        "![The states of a release and the moves between them](release.svg)",
        (
            "## Moves\n\nEach is signed by whoever makes it, over the exact digest of the package, and has its line in the ledger. "
            "A vote for one package is none for another, and neither is one for this package before a byte of it changed."
        ),
        table(("move", "from", "by", "to", "needs"), moves),
        "## Two reviews\n\nThe second reviewer is not told what the first said until both have spoken, so nothing is decided by one alone.",
        table(("one says", "the other", "it is"), ends),
        "## Whose turn it is",
        table(("state", "turn of", "what they do"), turns),
    ]
