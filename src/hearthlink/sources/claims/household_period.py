"""A household's circumstances over time: one row for each stretch in which none changed, from monthly files and from periods."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.sources.claims.cts import weekly
from hearthlink.sources.claims.household_fold import STATES, Folded
from hearthlink.sources.claims.household_queries import OPEN
from hearthlink.sources.claims.shbe_layout import TENURES
from hearthlink.sources.reading.columns import Values, found_at, only, whole
from hearthlink.tables.money import HOUSEHOLD_PERIOD

NAMES = tuple(
    name for name in HOUSEHOLD_PERIOD.names if name not in ("household_key", "start_date", "end_date", "source")
)
KINDS = {field.name: field.type for field in HOUSEHOLD_PERIOD.schema}
ENOUGH = 20
"""So many claims are needed before the data may tell what a code of a rent's period means."""
NEAR = 0.01

RUN = Query(
    "p_run",
    ("h_run", "h_month", "h_kept"),
    f"""
    WITH told AS (
        SELECT r.*, f.seen_from, f.seen_to, l.seen_to AS last_seen,
            lag(r.last_file) OVER same AS file_before, lag(l.seen_to) OVER same AS seen_before
        FROM h_run AS r JOIN h_month AS f ON f.file_no = r.first_file JOIN h_month AS l ON l.file_no = r.last_file
        WHERE r.household IN (SELECT household FROM h_kept)
        WINDOW same AS (PARTITION BY r.household, r.claim_no ORDER BY r.first_file, r.last_file, r.row_no)
    ),
    begun AS (
        SELECT *, CASE
            WHEN state = 4 AND "end" IS NOT NULL THEN "end" + 1
            WHEN seen_before IS NULL AND first_file = 1
                THEN coalesce(CASE WHEN changed <= seen_to THEN changed END, least(start, seen_to), seen_to)
            WHEN seen_before IS NULL THEN least(coalesce(start, seen_from), seen_to)
            WHEN changed > seen_before AND changed <= seen_to THEN changed
            WHEN start > seen_before AND start <= seen_to THEN start
            ELSE seen_before + 1
        END AS start_day
        FROM told
    ),
    beside AS (
        SELECT *, lead(start_day) OVER same AS next_start, lead(first_file) OVER same AS next_file,
            max(last_file) OVER () AS latest
        FROM begun
        WINDOW same AS (PARTITION BY household, claim_no ORDER BY first_file, last_file, row_no)
    )
    SELECT household, row_no, start_day, CASE
            WHEN next_start IS NULL AND (state = 4 OR last_file = latest) THEN {OPEN}
            WHEN next_start IS NULL THEN last_seen
            WHEN state <> 4 AND next_file > last_file + 1 THEN least(next_start - 1, last_seen)
            ELSE next_start - 1
        END AS end_day
    FROM beside
    """,
)
"""The days of each run of months, by the rules that awards have. A month without a file breaks none."""

HOURS = Query(
    "p_hours",
    ("h_spell", "h_hours"),
    """
    SELECT s.row_no,
        max(CASE WHEN h.role = 'claimant' THEN h.hours END) AS claimant_hours,
        max(CASE WHEN h.role = 'partner' THEN h.hours END) AS partner_hours
    FROM h_spell AS s
    JOIN h_hours AS h ON h.household = s.household
    WHERE coalesce(h.start, s.start) <= s.start AND coalesce(h."end", s.start) >= s.start
    GROUP BY s.row_no
    """,
)


def from_months(engine: Engine, folded: Folded, run: pa.Table) -> pa.Table:
    """The stretches that monthly files tell: household, days and the facts of `NAMES`."""
    rows = pa.array(np.arange(run.num_rows, dtype=np.int64))
    narrow = run.select(["household", "claim_no", "first_file", "last_file", "start", "end", "changed"])
    state = pc.fill_null(run.column("status_no"), 0)
    engine.put("h_run", narrow.append_column("row_no", rows).append_column("state", state))
    engine.put("h_month", folded.month)
    spans = engine.fetch(RUN)
    engine.drop("h_run", "h_month")
    spans = spans.filter(pc.greater_equal(spans.column("end_day"), spans.column("start_day")))
    told = run.take(spans.column("row_no"))
    text = {name: folded.codes.take(whole(told.column(f"{name}_no"))) for name in ("tenure", "rent_code", "end_reason")}
    facts: dict[str, Values] = {name: told.column(name) for name in NAMES if name in told.column_names}
    facts["status"] = only(
        pa.array(STATES).take(whole(pc.fill_null(told.column("status_no"), 0))), pc.greater(told.column("status_no"), 0)
    )
    facts["tenure"] = pa.array(list(TENURES.values())).take(found_at(text["tenure"], pa.array(list(TENURES))))
    facts["end_reason"] = text["end_reason"]
    facts["rent"] = weekly(told.column("rent").cast(pa.int64()), rent_periods(run, folded.codes, text["rent_code"]))
    for name in ("passported", "out_of_work_benefit", "jobseeker_benefit", "arrears_payment"):
        facts[name] = pc.equal(told.column(name), 1)
    return _conformed(spans, facts, "shbe")


def rent_periods(run: pa.Table, codes: pa.Array, wanted: Values) -> pa.Array:
    """The period that each code of field 182 stands for: week, fortnight, four_weeks or month.

    The codes are not published. What one means is told by the claims themselves: the period by which their contractual rent comes to the
    eligible rent of a week. Where too few tell it, 1 is a week, for rents by the week come first, and another code is not known.
    """
    rent, eligible = (run.column(name).cast(pa.float64()) for name in ("rent", "eligible_rent"))
    both = pc.and_(
        pc.fill_null(pc.greater(rent, 0), fill_value=False), pc.fill_null(pc.greater(eligible, 0), fill_value=False)
    )
    ratio = pc.divide(rent.filter(both), eligible.filter(both)).to_numpy()
    of_code = whole(run.column("rent_code_no").filter(both)).to_numpy(zero_copy_only=False)
    times = {"week": 1.0, "fortnight": 2.0, "four_weeks": 4.0, "month": 52 / 12}
    meaning: dict[str, str] = {"1": "week"}
    for number, code in enumerate(codes.to_pylist()):
        of = ratio[of_code == number]
        fits = sorted(
            ((int((np.abs(of / factor - 1) < NEAR).sum()), word) for word, factor in times.items()), reverse=True
        )
        if fits[0][0] >= ENOUGH and fits[0][0] >= 2 * fits[1][0]:
            meaning[code] = fits[0][1]
    place = found_at(wanted, pa.array(list(meaning)))
    return pa.array(list(meaning.values())).take(place)


def from_periods(engine: Engine, period: pa.Table, person: pa.Table, source: str) -> pa.Table:
    """The stretches that a source of periods tells; those that follow on each other unchanged are one."""
    order = pc.sort_indices(period, sort_keys=[(name, "ascending") for name in ("household", "start", "end")])
    period = period.take(order)
    rows = period.num_rows
    hours = _hours(engine, period, person)
    asked = pc.invert(pc.fill_null(period.column("passported"), fill_value=False))
    facts: dict[str, Values] = {name: period.column(name) for name in NAMES if name in period.column_names}
    facts |= {
        "hb": period.column("hb_pence"),
        "cts": period.column("pence"),
        "status": period.column("state"),
        "claimant_hours": only(pc.coalesce(hours["claimant_hours"], _float(period.column("hours"))), asked),
        "partner_hours": only(hours["partner_hours"], asked),
    }
    fresh = _fresh(period, facts)
    first = np.flatnonzero(fresh)
    run = np.cumsum(fresh) - 1
    ends = pc.fill_null(period.column("end"), OPEN).to_numpy()
    last = np.zeros(len(first), np.int64)
    np.maximum.at(last, run, ends)
    starts = period.column("start").to_numpy()[first] if rows else np.zeros(0, np.int64)
    spans = pa.table(
        {"household": period.column("household").take(pa.array(first)), "start_day": starts, "end_day": last}
    )
    return _conformed(spans, {name: whole(values).take(pa.array(first)) for name, values in facts.items()}, source)


def _float(column: Values) -> Values:
    return column.cast(pa.float64())


def _hours(engine: Engine, period: pa.Table, person: pa.Table) -> dict[str, pa.Array]:
    """The hours that claimant and partner work, by their own rows, where these cover the first day of the period."""
    rows = pa.array(np.arange(period.num_rows, dtype=np.int64))
    known = person.filter(pc.is_valid(person.column("hours")))
    engine.put(
        "h_spell", pa.table({"row_no": rows, "household": period.column("household"), "start": period.column("start")})
    )
    engine.put("h_hours", known.select(["household", "role", "hours", "start", "end"]))
    told = engine.fetch(HOURS)
    engine.drop("h_spell", "h_hours")
    place = found_at(rows, told.column("row_no"))
    return {
        name: whole(told.column(name)).cast(pa.float64()).take(place) for name in ("claimant_hours", "partner_hours")
    }


def _fresh(period: pa.Table, facts: dict[str, Values]) -> npt.NDArray[np.bool_]:
    """Whether each row says something else than the one before it, or does not follow on it."""
    rows = period.num_rows
    fresh = np.ones(rows, bool)
    if rows < 2:
        return fresh
    reach = pc.fill_null(period.column("end"), OPEN).to_numpy()
    start, household = period.column("start").to_numpy(), period.column("household").to_numpy()
    same = (household[1:] == household[:-1]) & (start[1:] <= reach[:-1] + 1)
    for values in facts.values():
        coded = whole(whole(values).dictionary_encode(null_encoding="encode").indices).to_numpy(zero_copy_only=False)
        same &= coded[1:] == coded[:-1]
    fresh[1:] = ~same
    return fresh


def _conformed(spans: pa.Table, facts: dict[str, Values], source: str) -> pa.Table:
    rows = spans.num_rows
    columns: dict[str, Values] = {
        name: spans.column(name).cast(pa.int64()) for name in ("household", "start_day", "end_day")
    }
    columns["source"] = pa.array([source] * rows, pa.string())
    for name in NAMES:
        columns[name] = whole(facts[name]).cast(KINDS[name]) if name in facts else pa.nulls(rows, KINDS[name])
    return pa.table(columns)


def in_order(tables: Sequence[pa.Table]) -> pa.Table:
    """Every stretch of every source, in one order whatever the order of the rows they came from."""
    held = pa.concat_tables(tables)
    keys = ["household", "start_day", "end_day", "source", *NAMES]
    return held.sort_by([(name, "ascending") for name in keys])
