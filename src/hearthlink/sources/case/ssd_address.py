"""Addresses of the Standard Safeguarding Dataset: an object, the bare text of one variant, or the doubled text of another (domain.md 1.8.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

PLACEHOLDERS = ("SSD_PH", "NULL")
"""What the dataset writes for a value that it cannot supply, and what a query window writes for none."""

PARTS = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN")


def read_addresses(
    texts: Iterable[str | None], postcodes: Iterable[str | None]
) -> tuple[list[str | None], list[str | None]]:
    """One line and the property reference number of each address; the postcode is left out of the line.

    Takes the JSON object of the dataset, the bare comma-joined text of one variant, and the other variant that writes the
    same text as building and as house (domain.md 1.8.1).
    """
    lines: list[str | None] = []
    uprns: list[str | None] = []
    for text, postcode in zip(texts, postcodes, strict=True):
        line, uprn = _address(text, postcode)
        lines.append(line)
        uprns.append(uprn)
    return lines, uprns


def _address(text: str | None, postcode: str | None) -> tuple[str | None, str | None]:
    if not text:
        return None, None
    held = _json_object(text)
    if held is None:
        parts = [part.strip() for part in text.split(",")]
        uprn = None
    else:
        parts = postal_order({key.upper(): _plain(value) for key, value in held.items()})
        uprn = next((_plain(value) for key, value in held.items() if key.upper() == "UPRN"), "") or None
    bare = "".join((postcode or "").split()).upper()
    kept = [part for part in parts if part and "".join(part.split()).upper() != bare]
    return ", ".join(kept) or None, uprn


def _json_object(text: str) -> dict[str, object] | None:
    if not text.startswith("{"):
        return None
    try:
        held = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None


def _plain(value: object) -> str:
    text = str(value).strip() if isinstance(value, str) else ""
    return "" if text in PLACEHOLDERS else text


def postal_order(held: Mapping[str, str]) -> list[str]:
    """The parts of an address, by name as in `PARTS`, in the order in which they are written on a letter."""
    parts = {name: held.get(name, "") for name in PARTS}
    if parts["HOUSE"] == parts["BUILDING"]:
        parts["BUILDING"] = ""
    parts["STREET"] = f"{parts.pop('HOUSE')} {parts['STREET']}".strip()
    return list(parts.values())
