"""The record: counts about a run. No row of it stands for a person."""

from __future__ import annotations

from hearthlink.tables.spec import Column, Kind, Room, Sensitivity, TableSpec

COUNT = Sensitivity.COUNT
TEXT, WHOLE, NUMBER = Kind.TEXT, Kind.WHOLE, Kind.NUMBER

RECEIPT = TableSpec(
    "receipt",
    Room.RECORD,
    "What was read from each file: rows in, rows kept, rows refused or filtered and why.",
    (
        Column("source", TEXT, "cin, ssd, shbe, cts, postcodes or deprivation", COUNT, True),
        Column("file", TEXT, "file name, without its folder", COUNT, True),
        Column("sha256", TEXT, "hash of the bytes read", COUNT, True),
        Column("rows_in", WHOLE, "records in the file", COUNT, True),
        Column("rows_kept", WHOLE, "records that went on", COUNT, True),
        Column("rows_refused", WHOLE, "records set aside for the reason beside", COUNT, True),
        Column("reason", TEXT, "why set aside; one row a reason, 'kept' for the row of kept records", COUNT, True),
    ),
)

FINDING = TableSpec(
    "finding",
    Room.RECORD,
    "A check that would change the answer, and how many records it found.",
    (
        Column("code", TEXT, "code of the check", COUNT, True),
        Column("severity", TEXT, "stops, look or note", COUNT, True),
        Column("says", TEXT, "what it means", COUNT, True),
        Column("looked_at", WHOLE, "records looked at", COUNT, True),
        Column("found", WHOLE, "records found", COUNT, True),
        Column("remedy", TEXT, "what to do", COUNT, True),
    ),
)

LINK_SUMMARY = TableSpec(
    "link_summary",
    Room.RECORD,
    "How good the links are, overall: one row a measure. By the posterior, and by the truth where there is one.",
    (
        Column("basis", TEXT, "posterior or truth", COUNT, True),
        Column("measure", TEXT, "precision, recall, f1, wrong_sibling, children, linked …", COUNT, True),
        Column("level", TEXT, "person, household or model", COUNT, True),
        Column("value", NUMBER, "a share, or a count", COUNT, True),
        Column("numerator", NUMBER, "the count above the line; empty where not a share", COUNT),
        Column("denominator", NUMBER, "the count below the line; empty where not a share", COUNT),
        Column("low", NUMBER, "lower end of the 95% interval; empty where there is none", COUNT),
        Column("high", NUMBER, "upper end of the 95% interval; empty where there is none", COUNT),
    ),
)

RECORD_TABLES = (RECEIPT, FINDING, LINK_SUMMARY)
