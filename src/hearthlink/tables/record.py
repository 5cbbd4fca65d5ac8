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
        Column("source", TEXT, "the layout, such as cin, ssd, shbe or cts", COUNT, True),
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

JOIN_RATE = TableSpec(
    "join_rate",
    Room.RECORD,
    "How many children of the census were found among the persons of the case system, by id tried, stage and year of birth.",
    (
        Column("source", TEXT, "layout that the persons came in", COUNT, True),
        Column("by", TEXT, "id by which they were looked for; 'as joined' for how the study joins them", COUNT, True),
        Column(
            "stage",
            TEXT,
            "every child, referral, assessment, section 47, plan, looked after, or a year of birth",
            COUNT,
            True,
        ),
        Column("children", WHOLE, "children of the census there", COUNT, True),
        Column("joined", WHOLE, "of them, those found", COUNT, True),
    ),
)

REFRESH = TableSpec(
    "refresh",
    Room.RECORD,
    "What came, went and changed since the extracts were last received: children and households counted table by table.",
    (
        Column("table", TEXT, "the table", COUNT, True),
        Column("about", TEXT, "the column that tells whom a row is about", COUNT, True),
        Column("added", WHOLE, "those who were not there before", COUNT, True),
        Column("changed", WHOLE, "those of whom something else is said now", COUNT, True),
        Column("withdrawn", WHOLE, "those who are no longer there", COUNT, True),
        Column("unchanged", WHOLE, "those of whom the same is said", COUNT, True),
    ),
)

COMPARATOR = TableSpec(
    "comparator",
    Room.RECORD,
    "Published figures to compare with: people, children in low-income families, poverty lines; each with its source and its year.",
    (
        Column("measure", TEXT, "population, low_income_children or poverty_line", COUNT, True),
        Column("area", TEXT, "code of the area", COUNT, True),
        Column("year", TEXT, "the year it is of", COUNT, True),
        Column("age_from", WHOLE, "youngest age; empty where of all", COUNT),
        Column("age_to", WHOLE, "oldest age; empty where of all", COUNT),
        Column("definition", TEXT, "relative or absolute; empty for population", COUNT),
        Column("housing_costs", TEXT, "before or after; empty for population", COUNT),
        Column("value", NUMBER, "the figure", COUNT, True),
        Column("unit", TEXT, "people, share or pence a week", COUNT, True),
        Column("source", TEXT, "who published it, under what title and when", COUNT, True),
    ),
)

LINK_SUMMARY = TableSpec(
    "link_summary",
    Room.RECORD,
    "How good the links are, overall: one row a measure. By the posterior, and by the truth where there is one.",
    (
        Column("basis", TEXT, "posterior, truth, clerical review or model", COUNT, True),
        Column("measure", TEXT, "precision, recall, f1, wrong_sibling, children, linked …", COUNT, True),
        Column("level", TEXT, "person, household or model", COUNT, True),
        Column("value", NUMBER, "a share, or a count", COUNT, True),
        Column("numerator", NUMBER, "the count above the line; empty where not a share", COUNT),
        Column("denominator", NUMBER, "the count below the line; empty where not a share", COUNT),
        Column("low", NUMBER, "lower end of the 95% interval; empty where there is none", COUNT),
        Column("high", NUMBER, "upper end of the 95% interval; empty where there is none", COUNT),
    ),
)

CALIBRATION = TableSpec(
    "calibration",
    Room.RECORD,
    "Whether probabilities mean what they say: one row for each band of probability, for each way of knowing what is right.",
    (
        Column("basis", TEXT, "posterior, truth or clerical review", COUNT, True),
        Column(
            "level",
            TEXT,
            "answer: each child's one answer; household or person: every household or person a child may be in or be",
            COUNT,
            True,
        ),
        Column("start", NUMBER, "lower end of the band", COUNT, True),
        Column("end", NUMBER, "upper end of the band", COUNT, True),
        Column("answers", NUMBER, "answers whose probability is in the band", COUNT, True),
        Column("expected", NUMBER, "sum of their probabilities", COUNT, True),
        Column("right", NUMBER, "how many of them are right; empty where it is not known", COUNT),
        Column("low", NUMBER, "lower end of the 95% interval of the share right; empty where it is not known", COUNT),
        Column("high", NUMBER, "upper end of it; empty where it is not known", COUNT),
    ),
)

BLOCKING_SUMMARY = TableSpec(
    "blocking_summary",
    Room.RECORD,
    "What was lost before scoring: some children compared with every household on file, past the rules that propose candidates.",
    (
        Column(
            "measure",
            TEXT,
            "children, compared (pairs of child and household), passed_over (pairs of records that a rule left alone, since too many "
            "share its key), unsure (children), searched, searched_pairs, found_more, lost",
            COUNT,
            True,
        ),
        Column("value", NUMBER, "a count; lost is a share of the children expected to be on file", COUNT, True),
        Column("low", NUMBER, "lower end of the 95% interval; empty where there is none", COUNT),
        Column("high", NUMBER, "upper end of the 95% interval; empty where there is none", COUNT),
    ),
)

FOLLOWED_UP = TableSpec(
    "followed_up",
    Room.RECORD,
    "The time that censuses speak of: a row for the study's own census and for each one of a year beside it.",
    (
        Column("census", TEXT, "year (the study's own), next_year or previous_year", COUNT, True),
        Column("start_date", Kind.DATE, "first day of its year", COUNT, True),
        Column("end_date", Kind.DATE, "last day of its year", COUNT, True),
        Column(
            "children", WHOLE, "children in it; of another year's those who were referred in the study's", COUNT, True
        ),
    ),
    key=("census",),
)

RECORD_TABLES = (
    RECEIPT,
    REFRESH,
    FINDING,
    COMPARATOR,
    JOIN_RATE,
    LINK_SUMMARY,
    CALIBRATION,
    BLOCKING_SUMMARY,
    FOLLOWED_UP,
)
