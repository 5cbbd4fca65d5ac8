"""The command `rooms`: who holds the key of which room, and the keys made or sealed anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from hearthlink.cli.options import Json, KeyFolder, StudyFolder, With, now, opened
from hearthlink.cli.typed import typed
from hearthlink.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hearthlink.study.rooms import Held

New = Annotated[
    bool,
    typer.Option("--new", help="Make other keys, and delete what the earlier ones sealed: it must be received again."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


def rooms(
    study: StudyFolder,
    key: With = None,
    new: New = False,
    yes: Yes = False,
    as_json: Json = False,
    keys: KeyFolder = None,
) -> None:
    """Say who holds the key of which room; with --with, make the keys or seal yours anew to all whom the protocol names."""
    from hearthlink.study.rooms import keep_rooms, rooms_held

    if new and key is None:
        raise WrongUse("Say who makes them: --with NAME.", column="--new")
    held = opened(study, key, keys)
    rooms_held(held)  # a study whose keys rest together is told so before anything is asked
    if new and not (yes or as_json or typer.confirm("Everything in the rooms is deleted, decisions too. Go on?")):
        print("Nothing was done.")
        return
    done = keep_rooms(held, clock=now, new=new) if key is not None else []
    people = rooms_held(held)
    if as_json:
        print(json.dumps({"done": done, "people": [_as_plain(one) for one in people]}))
        return
    print("\n".join([*done, *([""] if done else []), *(_lines(people) or ["The protocol names nobody yet."])]))
    if done:
        print(f"\nNext: {typed('run', study)} --with NAME")


def _as_plain(one: Held) -> dict[str, object]:
    return {
        "name": one.name,
        "parts": [part.value for part in one.parts],
        "rooms": {room.value: sealed for room, sealed in one.rooms.items()},
    }


def _lines(people: Sequence[Held]) -> list[str]:
    lines: list[str] = []
    for one in people:
        there = ", ".join(room.value for room, sealed in one.rooms.items() if sealed)
        wanting = ", ".join(room.value for room, sealed in one.rooms.items() if not sealed)
        lines.append(f"  {one.name} ({', '.join(part.value for part in one.parts)})")
        lines.append(f"      holds {there or 'no key'}" + (f"; not yet {wanting}" if wanting else ""))
    return lines
