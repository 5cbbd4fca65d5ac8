"""The picture of how data flow: sources, rooms, roles, who holds which key, and what leaves. SVG without a script, with its words in title and desc."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from hearthlink.governance.protocol import ProtocolLines, rooms_reached
from hearthlink.tables import Room

BLUE, PLUM, INK, QUIET, WASH = "#12436d", "#801650", "#0b0c0c", "#484d50", "#f3f5f6"
WIDE, LINE = 1120, 18

ROOMS: dict[Room, str] = {
    Room.IDENTITY: "names, birth dates, addresses, and how they match",
    Room.CONTENT: "needs, plans, awards and rent, without a name",
    Room.RESEARCH: "random names, coarse values, answers",
    Room.RECORD: "counts alone",
}
"""What rests in each room, in words."""


@dataclass(frozen=True, slots=True)
class _Box:
    left: int
    top: int
    wide: int
    high: int
    head: str
    words: tuple[str, ...]
    colour: str = BLUE

    @property
    def middle(self) -> int:
        return self.left + self.wide // 2


def holders(lines: ProtocolLines, room: Room) -> tuple[str, ...]:
    """Who has the key of a room, by the protocol."""
    return tuple(one.name for one in lines.person if room in rooms_reached(one.roles))


def _keys_of(lines: ProtocolLines, room: Room) -> str:
    if lines.rooms.keys == "together":
        return "Key: in the study's folder"
    return f"Key: {', '.join(holders(lines, room))}"


def told(lines: ProtocolLines) -> tuple[str, ...]:
    """What the picture shows, in sentences, for whoever does not see it."""
    together = lines.rooms.keys == "together"
    kept = (
        "The keys of all rooms rest in the study's folder: whoever has the folder has everything in it."
        if together
        else "Each room's key is sealed to those whose parts reach it."
    )
    return (
        (
            "The custodian reads the extracts of each source: "
            f"{'; '.join(f'{name}, owned by {terms.owner}, under {terms.gateway}' for name, terms in lines.sources.items())}."
        ),
        "Names go to the identity room and needs to the content room; no other role than the custodian's reaches both.",
        "The linker and the reviewer work in the identity room.",
        "The custodian takes names away: random names and coarse values go to the research room, where the analyst works.",
        "The output checkers hold back what is small; two of them let a release leave, and nothing else is meant to leave.",
        kept,
        *(f"The key of the {room.value} room: {', '.join(holders(lines, room)) or 'nobody by name'}." for room in Room),
    )


def flow_svg(lines: ProtocolLines) -> str:
    """The picture, self-contained."""
    sources = tuple(_sources(lines))
    top = 60 + max(box.high for box in sources) + 70
    rooms = tuple(_rooms(lines, top))
    below = max(box.top + box.high for box in rooms) + 74
    leaves = _leaves(lines, below)
    high = max(box.top + box.high for box in leaves) + 40
    bar, under = top - 36, rooms[0].top + rooms[0].high + 26
    ends = sorted([*(box.middle for box in sources), rooms[0].middle, rooms[3].middle])
    arrows = [
        *(_along(f"M{box.middle} {box.top + box.high} V{bar}") for box in sources),
        _along(f"M{ends[0]} {bar} H{ends[-1]}"),
        *(_along(f"M{box.middle} {bar} V{box.top - 2}", head=True) for box in (rooms[0], rooms[1], rooms[3])),
        *(_along(f"M{box.middle} {box.top + box.high} V{under}") for box in rooms[:2]),
        _along(f"M{rooms[0].middle} {under} H{rooms[2].left + 50} V{rooms[2].top + rooms[2].high + 2}", head=True),
        _along(f"M{rooms[2].middle + 40} {rooms[2].top + rooms[2].high} V{below - 2}", head=True),
    ]
    labels = [
        _label(380, bar - 8, "custodian: receive, and part names from needs"),
        _label(rooms[1].left - 20, under + 18, "custodian: take names away"),
        _label(rooms[2].middle + 225, below - 42, "analyst answers, output checkers hold back,"),
        _label(rooms[2].middle + 225, below - 22, "two output checkers let it leave"),
    ]
    body = "\n".join([*arrows, *labels, *(_drawn(box) for box in (*sources, *rooms, *leaves))])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" width="{WIDE}" height="{high}" role="img" '
        'aria-labelledby="flow-title flow-desc" font-family="Helvetica Neue, Segoe UI, Roboto, Liberation Sans, Arial, sans-serif" font-size="13">\n'
        f'<title id="flow-title">How data flow in this study</title>\n<desc id="flow-desc">{escape(" ".join(told(lines)))}</desc>\n'
        f'<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="{QUIET}"/></marker></defs>\n'
        f'<rect width="{WIDE}" height="{high}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _sources(lines: ProtocolLines) -> Iterator[_Box]:
    wide = (WIDE - 40 * (len(lines.sources) + 1)) // max(1, len(lines.sources))
    words = [
        (name, _wrapped((f"Owner: {terms.owner}", f"Gateway: {terms.gateway}"), wide))
        for name, terms in lines.sources.items()
    ]
    high = 46 + LINE * max(len(each) for _, each in words)
    for number, (name, each) in enumerate(words):
        yield _Box(40 + number * (wide + 40), 40, wide, high, f"Source: {name}", each, INK)


def _rooms(lines: ProtocolLines, top: int) -> Iterator[_Box]:
    wide = (WIDE - 5 * 40) // 4
    reach = {
        Room.IDENTITY: "Linker and reviewer match here",
        Room.CONTENT: "Custodian takes names away",
        Room.RESEARCH: "Analyst answers here",
        Room.RECORD: "All but the reviewer read it",
    }
    words = [(room, _wrapped((ROOMS[room], reach[room], _keys_of(lines, room)), wide)) for room in Room]
    high = 46 + LINE * max(len(each) for _, each in words)
    for number, (room, each) in enumerate(words):
        yield _Box(40 + number * (wide + 40), top, wide, high, f"The {room.value} room", each)


def _leaves(lines: ProtocolLines, top: int) -> tuple[_Box, _Box]:
    rule = f"{lines.disclosure.profile}: under {lines.disclosure.threshold} held back, rounded to {lines.disclosure.rounding}"
    left = _wrapped((*lines.outputs.planned, rule), 500)
    ends = _wrapped((_day_of(lines), "by two people, with a certificate"), 460)
    high = 46 + LINE * max(len(left), len(ends))
    return (
        _Box(580, top, 500, high, "What leaves: a release", left, PLUM),
        _Box(40, top, 460, high, "The end: everything is destroyed", ends, INK),
    )


def _day_of(lines: ProtocolLines) -> str:
    day = lines.dates.destroy_by
    return "" if day is None else f"by {day:%d %B %Y}"


def _wrapped(sentences: tuple[str, ...], wide: int) -> tuple[str, ...]:
    return tuple(line for one in sentences for line in textwrap.wrap(one, (wide - 28) // 7))


def _drawn(box: _Box) -> str:
    words = "\n".join(
        f'<text x="{box.left + 14}" y="{box.top + 48 + LINE * number}" fill="{INK}">{escape(line)}</text>'
        for number, line in enumerate(box.words)
    )
    return (
        f'<rect x="{box.left}" y="{box.top}" width="{box.wide}" height="{box.high}" fill="{WASH}" stroke="{box.colour}" stroke-width="1.5"/>\n'
        f'<text x="{box.left + 14}" y="{box.top + 25}" font-weight="700" font-size="15" fill="{box.colour}">{escape(box.head)}</text>\n{words}'
    )


def _along(path: str, *, head: bool = False) -> str:
    ends = ' marker-end="url(#head)"' if head else ""
    return f'<path d="{path}" stroke="{QUIET}" fill="none" stroke-width="1.5"{ends}/>'


def _label(x: int, y: int, words: str) -> str:
    wide = len(words) * 7 + 12
    return (
        f'<rect x="{x - wide // 2}" y="{y - 13}" width="{wide}" height="18" fill="#fff"/>'
        f'<text x="{x}" y="{y}" text-anchor="middle" fill="{QUIET}">{escape(words)}</text>'
    )
