"""The command `objections`: how many of those who object were found and left out, and which lines of the list found nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hearthlink.cli.options import Json, KeyFolder, StudyFolder, With, now, opened
from hearthlink.cli.typed import typed

if TYPE_CHECKING:
    from hearthlink.study.objections import Heeded

MOST = 40
"""So many line numbers are said; how many more there are is said after them."""


def objections(study: StudyFolder, key: With = None, keys: KeyFolder = None, as_json: Json = False) -> None:
    """Say what the last run made of the list of those who object: counts and line numbers, and nothing that stands in it."""
    from hearthlink.study.objections import heeded

    told = heeded(opened(study, key, keys), now)
    if as_json:
        print(json.dumps(told.as_json()))
        return
    print("\n".join(_said(told)))
    if told.nobody:
        print(
            f"\nNext: put right what those lines say, and run again: {typed('run', study, *(('--with', key) if key else ()))}"
        )


def _said(told: Heeded) -> list[str]:
    if not told.lines:
        return [f"When the extracts were last received there was no list ({told.file}), or it had no line."]
    words = [
        f"{told.lines:,} lines in {told.file} when the extracts were last received",
        f"{told.found:,} found, {len(told.outside):,} in the extracts and not in this study, {len(told.nobody):,} not found anywhere",
        f"{told.children:,} children and {told.households:,} households left out, before anybody was linked",
    ]
    if told.nobody:
        words.append(
            f"Nobody in the extracts fits line{_lines(told.nobody)}: nobody was left out for them. Are they spelt right?"
        )
    if told.outside:
        words.append(
            f"Whoever fits line{_lines(told.outside)} is in the extracts and in no table of this study: there is nothing to leave out."
        )
    if told.several:
        words.append(f"More than one record fitted line{_lines(told.several)}: all who fit were left out.")
    return words


def _lines(numbers: Sequence[int]) -> str:
    said = ", ".join(f"{number:,}" for number in numbers[:MOST])
    more = f" and {len(numbers) - MOST:,} more" if len(numbers) > MOST else ""
    return f"{'s' if len(numbers) > 1 else ''} {said}{more}"
