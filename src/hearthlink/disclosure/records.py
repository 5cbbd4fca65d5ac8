"""Receipts and findings, as they may leave."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, seal
from hearthlink.disclosure.figures import HELD_BACK, nought_or_more, words
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import Row, number

KEPT = "kept"
FIXED = re.compile(
    r"(?i)SHBE_\d{6}\.txt|(ssd_[a-z_]{1,40}|related_adults|child_(person|address|adult|alias)|(household|person)_period"
    r"|dm_(persons|addresses|personal_relationships|personal_rel_types)|dim_person(_address)?|fact_person_relation)"
    r"\.(csv|xlsx|xls|ods|parquet)"
)
"""Names that a file must have to be read at all. Any other is free text, which somebody chose, and does not leave."""

KINDS = {
    "cin": "the census",
    "objections": "the list of those who object",
    "addresses": "addresses of children and households",
    "daily_api": "the daily feed",
    "postcodes": "the postcode directory",
    "deprivation": "the indices of deprivation",
}


def file_words(row: Row) -> str:
    """The name of a file where it is one of the fixed names, else what kind of file it is."""
    name = str(row["file"])
    return name if FIXED.fullmatch(name) else KINDS.get(str(row["source"]), "another file")


def receipts(rows: Sequence[Row], policy: Policy) -> ClearedTable:
    """What was read from each file. The number of records in a file is printed only where nothing set aside is held back."""
    lines: list[list[Cell]] = []
    for row in rows:
        same = [one for one in rows if (one["source"], one["file"]) == (row["source"], row["file"])]
        parts = [number(one, "rows_refused") or 0.0 for one in same if number(one, "rows_refused")]
        kept = [number(one, "rows_kept") or 0.0 for one in same if one["reason"] == KEPT]
        printable = all(part >= policy.threshold or (policy.noughts and not part) for part in [*parts, *kept])
        is_kept = row["reason"] == KEPT
        figure = number(row, "rows_kept" if number(row, "rows_kept") else "rows_refused") or 0.0
        lines.append(
            [
                words(str(row["source"])),
                words(file_words(row)),
                words("records kept" if is_kept else str(row["reason"])),
                nought_or_more(figure, policy),
                nought_or_more(number(row, "rows_in") or 0.0, policy) if printable else HELD_BACK,
            ]
        )
    columns = (
        ClearedColumn("source", "Source", "text"),
        ClearedColumn("file", "File", "text"),
        ClearedColumn("records", "Records", "text"),
        ClearedColumn("number", "Number", "count"),
        ClearedColumn("in_file", "Records in the file", "count"),
    )
    return seal(
        "receipts",
        "What was read",
        columns,
        lines,
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def findings(rows: Sequence[Row], policy: Policy) -> ClearedTable:
    """What the checks of the data found."""
    lines: list[list[Cell]] = []
    for row in rows:
        looked, found = number(row, "looked_at") or 0.0, number(row, "found") or 0.0
        whole = nought_or_more(looked, policy)
        # All but a few of the records: the few could be had by subtraction.
        few_others = looked and looked - found < policy.threshold and whole.value is not None
        lines.append(
            [
                words(str(row["code"])),
                words(str(row["severity"])),
                words(str(row["says"])),
                whole,
                HELD_BACK if few_others else nought_or_more(found, policy),
                words(str(row["remedy"])),
            ]
        )
    columns = (
        ClearedColumn("code", "Check", "text"),
        ClearedColumn("severity", "Weight", "text"),
        ClearedColumn("says", "What it means", "text"),
        ClearedColumn("looked_at", "Records looked at", "count"),
        ClearedColumn("found", "Records found", "count"),
        ClearedColumn("remedy", "What to do", "text"),
    )
    note = f"Fewer than {policy.threshold} records found, {'but not none' if policy.noughts else 'none included'}, is held back."
    return seal(
        "findings", "What the checks of the data found", columns, lines, notes=[note],
        threshold=policy.threshold, base=policy.base, profile=policy.profile,
    )  # fmt: skip
