"""The accuracy figures of docs/benchmarks.md, written between their own markers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- accuracy, written by bench/accuracy.py -->", "<!-- end of accuracy -->"


def write(page: Path, sets: Sequence[dict[str, Any]]) -> None:
    """Put the figures between the markers of the page, and leave its other words alone."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    missed = [row["set"] for row in sets if not row["aim"]["met"]]
    told = f"The aim is met on {len(sets) - len(missed)} of {len(sets)} sets" + (
        f", and not on {', '.join(missed)}." if missed else "."
    )
    figures = "\n\n".join(["### F1 beside peers", told, _table(_beside(sets)), "### Ours alone", _table(_ours(sets))])
    page.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8", newline="\n")


def _beside(sets: Sequence[dict[str, Any]]) -> list[Sequence[str]]:
    peers = list(dict.fromkeys(peer for row in sets for peer in row["peers"]))
    rows: list[Sequence[str]] = [
        ("set", "children", "members", "ours", *peers, "our error as a share of the best peer's")
    ]
    for row in sets:
        told = [_pair(row["peers"].get(peer, {})) for peer in peers]
        shares = " and ".join(_number(row["aim"].get(what), 2) for what in ("person", "household"))
        rows.append(
            (row["set"], f"{row['children']:,}", f"{row['members']:,}", _pair(row["hearthlink"]), *told, shares)
        )
    return rows


def _pair(found: dict[str, Any]) -> str:
    return f"{_number(found.get('person_f1'))} and {_number(found.get('household_f1'))}"


def _ours(sets: Sequence[dict[str, Any]]) -> list[Sequence[str]]:
    names = {
        "person_precision": "persons: precision", "person_recall": "recall", "household_precision": "households: precision",
        "household_recall": "recall", "wrong_sibling": "wrong sibling", "none_right": "not on file, said so",
        "household_calibration": "calibration error, households", "person_calibration": "persons", "seconds": "s",
    }  # fmt: skip
    rows: list[Sequence[str]] = [("set", *names.values())]
    rows += [(row["set"], *(_number(row["hearthlink"].get(name)) for name in names)) for row in sets]
    return rows


def _number(value: float | None, places: int = 3) -> str:
    return "" if value is None else f"{value:.{places}f}"


def _table(lines: Sequence[Sequence[str]]) -> str:
    rows = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
