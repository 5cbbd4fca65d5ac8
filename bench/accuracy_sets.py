"""A set on disk, as the scorer and the peers need it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.accuracy_scores import Truth

FORMS = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%m/%d/%Y")
PLAIN = ("person_id", "household_id", "forename", "surname", "dob", "sex", "initial", "address", "postcode")


def truth_of(folder: Path) -> dict[str, Truth]:
    """The truth of each child of the set."""
    persons: defaultdict[str, set[str]] = defaultdict(set)
    homes: defaultdict[str, set[str]] = defaultdict(set)
    children: dict[str, None] = {}
    for row in pq.read_table(folder / "truth.parquet").to_pylist():
        child = row["left_person_id"]
        children[child] = None
        persons[child] |= {row["right_person_id"]} - {None}
        homes[child] |= {row["household_id"]} - {None}
    return {child: Truth(frozenset(persons[child]), frozenset(homes[child])) for child in children}


def homes_of(folder: Path) -> dict[str, str]:
    """The household of each person on the right that has one."""
    right = pq.read_table(folder / "right.parquet")
    if "household_id" not in right.column_names:
        return {}
    rows = zip(right["person_id"].to_pylist(), right["household_id"].to_pylist(), strict=True)
    return {person: home for person, home in rows if home is not None}


def for_peers(folder: Path) -> tuple[pa.Table, pa.Table]:
    """Children and members with the columns every peer takes, one row a person, prepared with the care a user of a peer would take.

    Capitals and single spaces; dates to ISO in the form that most of the column's values fit, those that fit none as they are; of
    several addresses the latest; a column that is empty or one value on a side is emptied on both.
    """
    left, right = (pq.read_table(folder / f"{side}.parquet") for side in ("left", "right"))
    children = [row for row in left.to_pylist() if row.get("role") in {"child", None}]
    sides = [_plain(children), _plain(right.to_pylist())]
    useless = [name for name in PLAIN[2:] if any(_says_nothing(side, name) for side in sides)]
    kept = [[{**row, **dict.fromkeys(useless)} for row in side] for side in sides]
    schema = pa.schema([(name, pa.string()) for name in PLAIN])
    return pa.Table.from_pylist(kept[0], schema), pa.Table.from_pylist(kept[1], schema)


def _says_nothing(rows: Sequence[dict[str, str | None]], name: str) -> bool:
    counts = Counter(row[name] for row in rows if row[name])
    return not counts or (name not in {"sex", "initial"} and counts.most_common(1)[0][1] > 0.7 * len(rows))


def _plain(rows: Sequence[dict[str, str | None]]) -> list[dict[str, str | None]]:
    form = _form(row.get("birth_date") for row in rows)
    latest: dict[str | None, dict[str, str | None]] = {}
    for row in sorted(rows, key=lambda row: (str(row["person_id"]), row.get("valid_from") or "")):
        latest[row["person_id"]] = {
            "person_id": row["person_id"],
            "household_id": row.get("household_id"),
            "dob": _date(row.get("birth_date"), form),
            "sex": (row.get("sex") or "")[:1].upper() or None,
            "initial": (_words(row.get("middle_names")) or "")[:1] or None,
            **{name: _words(row.get(name)) for name in ("forename", "surname", "address", "postcode")},
        }
    return list(latest.values())


def _words(text: str | None) -> str | None:
    return re.sub(r"[^A-Z0-9]+", " ", (text or "").upper()).strip() or None


def _form(values: Iterable[str | None]) -> str:
    said = [value for value in values if value]
    return max(FORMS, key=lambda form: sum(_parsed(value, form) is not None for value in said[:500]))


def _date(value: str | None, form: str) -> str | None:
    if not value:
        return None
    found = _parsed(value, form)
    return found.date().isoformat() if found else value


def _parsed(value: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(value, form)  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None
