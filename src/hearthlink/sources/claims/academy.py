"""Academy's tables brought together as claim periods and claim persons (domain.md 2.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.errors import DataProblem
from hearthlink.sources.claims import academy_queries as q
from hearthlink.sources.claims.academy_roles import roles
from hearthlink.sources.claims.academy_tables import ACADEMY_TABLES, NEEDED, SOURCE
from hearthlink.sources.claims.cts import Claimed, nothing
from hearthlink.sources.claims.household_queries import OPEN
from hearthlink.sources.intake.claims import CLAIM_PERIOD, CLAIM_PERSON
from hearthlink.sources.intake.name_parts import name_parts
from hearthlink.sources.intake.taking import Taken, take
from hearthlink.sources.reading.columns import Values, count, found_at, joined, only, whole
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.tabular import find_tabular, open_tabular
from hearthlink.tables.wanted import EVERYTHING, Wanted

TWO_CLAIMS = "a claim_id under which hbclaim holds two claims"
TOLD_TWICE = "a claim that hbclaim holds more than once, read once"
NO_SPLIT = "a person of a split that hbhousehold does not hold"
TO_A_WEEK = {"d": (7, 1), "w": (1, 1), "m": (12, 52), "y": (1, 52)}
EARNED = re.compile(r"(?i)\b(earn|wage|salar|self.?emp)")
OUT_OF_WORK = re.compile(r"(?i)\b(job.?seeker|jsa|employment and support|esa|incapacity)")
UNIVERSAL = re.compile(r"(?i)universal credit")


def read_academy(
    engine: Engine, folder: Path | None, given: Mapping[str, Sequence[Taken]], wanted: Wanted = EVERYTHING
) -> Claimed | None:
    """Claim periods and claim persons from the tables in the folder, or from those that the study names itself; None where there are none.

    hbclaim, hbhousehold and hbmember must be there; what the others would tell is not known where they are absent. Raises DataProblem
    where one of the three is missing, or where a table is another file. The other tables know a claim by its claim_id alone: one that
    stands for claims of different check digits belongs to nobody, and its rows are set aside.
    """
    if folder is None and not any(given.get(declared.name) for declared in ACADEMY_TABLES):
        return None
    tables, tallies = _one_claim_each(*_read(folder, given, wanted))
    claim, house = tables["hbclaim"], tables["hbhousehold"]
    ref = pc.binary_join_element_wise(claim.column("claim_id"), pc.fill_null(claim.column("check_digit"), ""), "")
    reference = ref.take(found_at(house.column("claim_id"), claim.column("claim_id")))
    period = _periods(engine, tables, reference)
    person, counted = _persons(tables, reference, tallies)
    for name in [name for name in tallies if name != "hbhousehold"]:
        counted[name] = counted.get(name, tallies[name])
    return Claimed(
        SOURCE,
        period,
        person,
        tallies["hbhousehold"],
        counted["hbmember"],
        tuple(counted[n] for n in counted if n != "hbmember"),
        asks_passport=False,
    )


def _read(
    folder: Path | None, given: Mapping[str, Sequence[Taken]], wanted: Wanted
) -> tuple[dict[str, pa.Table], dict[str, Tally]]:
    tables: dict[str, pa.Table] = {}
    tallies: dict[str, Tally] = {}
    for declared in ACADEMY_TABLES:
        own = list(given.get(declared.name, ()))
        found = [path for stem in declared.stems if folder and (path := find_tabular(folder, stem)) is not None]
        if not own and found:
            own = [take(open_tabular(found[0], SOURCE), declared, wanted=wanted)]
        if own:
            tables[declared.name] = pa.concat_tables([taken.table for taken in own])
            tallies[declared.name] = own[0].tally
        elif declared in NEEDED:
            raise DataProblem(
                "The table was not found.",
                file=f"{declared.name}.csv",
                remedy="Ask for it: the page on Academy says how.",
            )
        else:
            tables[declared.name] = nothing(declared)
    return tables, tallies


def _one_claim_each(
    tables: Mapping[str, pa.Table], tallies: Mapping[str, Tally]
) -> tuple[dict[str, pa.Table], dict[str, Tally]]:
    held, counted = dict(tables), dict(tallies)
    claim = held["hbclaim"]
    told = claim.select(["claim_id", "check_digit"]).group_by(["claim_id", "check_digit"], use_threads=False)
    ids = pc.value_counts(whole(told.aggregate([]).column("claim_id")))
    doubtful = ids.field("values").filter(pc.greater(ids.field("counts"), 1))
    for name in ("hbclaim", "hbhousehold", "hbmember"):
        theirs = pc.is_in(held[name].column("claim_id"), value_set=doubtful)
        if rows := count(theirs):
            counted[name] = counted[name].refusing(TWO_CLAIMS, rows)
            held[name] = held[name].filter(pc.invert(theirs))
    claim = held["hbclaim"].sort_by([(name, "descending") for name in claim.column_names])
    first = found_at(claim.column("claim_id"), claim.column("claim_id"))
    once = pc.equal(first, pa.array(np.arange(claim.num_rows, dtype=np.int32)))
    if again := claim.num_rows - count(once):
        counted["hbclaim"] = counted["hbclaim"].noting(TOLD_TWICE, again)
        held["hbclaim"] = claim.filter(once)
    return held, counted


def _days(table: pa.Table, names: Mapping[str, str]) -> pa.Table:
    """The table with days since 1970-01-01 in place of some dates, under other names."""
    for name, day in names.items():
        table = table.append_column(day, table.column(name).cast(pa.int32())).drop_columns([name])
    return table


def _periods(engine: Engine, tables: Mapping[str, pa.Table], reference: Values) -> pa.Table:
    span = {"from_date": "from_day", "to_date": "to_day"}
    house, claim = tables["hbhousehold"], tables["hbclaim"]
    rows = pa.array(np.arange(house.num_rows, dtype=np.int64))
    put = {
        "c_house": _days(house, span)
        .select(["claim_id", "house_id", "from_day", "to_day"])
        .append_column("row_no", rows),
        "c_rent": _days(tables["hbrentass"], span),
        "c_tax": _days(tables["hbctaxass"], span),
        "c_account": tables["hbctaxclaim"],
        "c_stay": _days(tables["ctoccupation"], {"occupation_date": "from_day", "vacation_date": "to_day"}),
        "c_property": tables["ctproperty"],
        "c_balance": tables["vw_acc_bal"],
        "c_claim": _claims(claim),
    }
    for name, table in put.items():
        engine.put(name, table)
    for query in q.QUERIES:
        engine.run(query)
    told = engine.fetch(q.PERIOD)
    engine.drop(*put, *(query.writes for query in q.QUERIES))
    return _period_table(tables, told, house.take(told.column("row_no")), reference)


def _claims(claim: pa.Table) -> pa.Table:
    days = _days(claim, {"hb_suspend_date": "hb_suspend_day", "ctb_suspend_date": "ctb_suspend_day"})
    suspended = pc.fill_null(claim.column("suspend_pay_ind"), fill_value=True)
    return days.select(["claim_id", "hb_suspend_day", "ctb_suspend_day"]).append_column("suspended", suspended)


def _period_table(tables: Mapping[str, pa.Table], told: pa.Table, house: pa.Table, reference: Values) -> pa.Table:
    claim = tables["hbclaim"].take(found_at(told.column("claim_id"), tables["hbclaim"].column("claim_id")))
    hb, cts = told.column("hb"), told.column("cts")
    kind = pc.if_else(
        pc.is_valid(hb), pc.if_else(pc.is_valid(cts), "both", "hb"), pc.if_else(pc.is_valid(cts), "cts", None)
    )
    stopped = pc.equal(told.column("stopped"), 1)
    ended = pc.is_valid(told.column("finish"))
    columns: dict[str, Values] = {
        "claim_ref": reference.take(told.column("row_no")),
        "ct_account_ref": told.column("ctax_ref"),
        "uprn": pc.coalesce(house.column("uprn"), told.column("uprn")),
        **{f"address_{n}": house.column(f"addr{n}") for n in (1, 2, 3, 4)},
        "postcode": house.column("post_code"),
        "start_date": told.column("start").cast(pa.int32()).cast(pa.date32()),
        "end_date": told.column("finish").cast(pa.int32()).cast(pa.date32()),
        "claim_type": kind,
        "status": only(pc.if_else(stopped, "suspended", "in_payment"), pc.or_(stopped, pc.is_valid(kind))),
        "suspension_reason": only(claim.column("susp_reason_code"), stopped),
        "end_reason": only(
            pc.coalesce(claim.column("hb_end_reason"), claim.column("ctb_end_reason")), pc.and_(ended, _last(told))
        ),
        "bedrooms": told.column("bedrooms"),
        "hb_award": hb,
        "cts_award": cts,
        "dhp_award": told.column("dhp"),
        "council_tax_balance": told.column("balance"),
        **_incomes(tables, house),
    }
    passported = pc.fill_null(house.column("inc_supp_ind"), fill_value=False)
    columns["passport_benefit"] = only(pc.if_else(passported, "yes", "no"), pc.is_valid(house.column("inc_supp_ind")))
    bare = nothing(CLAIM_PERIOD)
    rows = told.num_rows
    return pa.table(
        {
            name: whole(columns[name]).cast(bare.schema.field(name).type)
            if name in columns
            else pa.nulls(rows, bare.schema.field(name).type)
            for name in bare.column_names
        }
    )


def _last(told: pa.Table) -> pa.Array:
    """Whether a piece is the last of its claim; they stand in order."""
    ids = (
        whole(told.column("claim_id").dictionary_encode()).indices.to_numpy()
        if told.num_rows
        else np.zeros(0, np.int32)
    )
    return pa.array(np.append(ids[1:] != ids[:-1], [True] * min(1, len(ids))))


def _incomes(tables: Mapping[str, pa.Table], house: pa.Table) -> dict[str, Values]:
    """Earnings, other income and Universal Credit of each period's split, a week; empty where the split has no row of income."""
    income, meaning = tables["hbincome"], tables["hbinccode"]
    words = meaning.column("descrip1").take(found_at(income.column("inc_code"), meaning.column("inc_code")))
    texts = pc.coalesce(words, income.column("inc_code")).to_pylist()
    kinds = pa.array([_kind(text or "") for text in texts], pa.string())
    week = _weekly(income)
    split = _split(income)
    place = _split(house)
    told: dict[str, Values] = {}
    for name, wanted in (("earnings", ("earnings",)), ("other_income", ("other", "out_of_work")), ("uc", ("uc",))):
        held = pa.table({"split": split, "pence": week}).filter(pc.is_in(kinds, pa.array(wanted)))
        total = held.group_by("split", use_threads=False).aggregate([("pence", "sum")])
        told[name] = total.column("pence_sum").take(found_at(place, total.column("split")))
    any_there = pc.is_in(place, whole(split))
    monthly = pc.divide(pc.add(pc.multiply(told["uc"], 52), 6), 12)
    return {
        "earnings": pc.coalesce(told["earnings"], only(pa.array(np.zeros(len(place), np.int64)), any_there)),
        "other_income": pc.coalesce(told["other_income"], only(pa.array(np.zeros(len(place), np.int64)), any_there)),
        "uc_in_payment": only(pc.is_valid(told["uc"]), any_there),
        "uc_award": monthly,
    }


def _kind(text: str) -> str:
    if UNIVERSAL.search(text):
        return "uc"
    if EARNED.search(text):
        return "earnings"
    return "out_of_work" if OUT_OF_WORK.search(text) else "other"


def _split(table: pa.Table) -> pa.Array:
    return whole(joined([table.column("claim_id"), table.column("house_id")], "\x1f"))


def _weekly(income: pa.Table) -> pa.Array:
    letter = pc.utf8_slice_codeunits(pc.utf8_lower(pc.fill_null(income.column("freq_period"), "w")), 0, 1)
    place = found_at(letter, pa.array(list(TO_A_WEEK)))
    times = pa.array([times for times, _ in TO_A_WEEK.values()], pa.int64()).take(place)
    parts = pc.multiply(
        pa.array([parts for _, parts in TO_A_WEEK.values()], pa.int64()).take(place),
        pc.fill_null(income.column("freq_len"), 1),
    )
    parts = only(parts, pc.greater(parts, 0))
    return whole(
        pc.divide(pc.add(pc.multiply(pc.multiply(income.column("inc_amt"), times), 2), parts), pc.multiply(parts, 2))
    )


def _persons(
    tables: Mapping[str, pa.Table], reference: Values, tallies: Mapping[str, Tally]
) -> tuple[pa.Table, dict[str, Tally]]:
    member, house, claim = tables["hbmember"], tables["hbhousehold"], tables["hbclaim"]
    row = found_at(_split(member), _split(house))
    there = pc.is_valid(row)
    counted = {"hbmember": tallies["hbmember"].refusing(NO_SPLIT, member.num_rows - int(pc.sum(there).as_py() or 0))}
    member, row = member.filter(there), row.filter(there)
    start, end = house.column("from_date").take(row), house.column("to_date").take(row)
    own = claim.column("nino").take(found_at(member.column("claim_id"), claim.column("claim_id")))
    role, notes = roles(member, own, start)
    for note, rows in notes.items():
        counted["hbmember"] = counted["hbmember"].noting(note, rows)
    forename, surname = _names(member)
    columns: dict[str, Values] = {
        "claim_ref": reference.take(row),
        "person_ref": member.column("person_ref"),
        "role": role,
        "title": member.column("title"),
        "forename": forename,
        "surname": surname,
        "birth_date": member.column("birth_date"),
        "sex": member.column("gender"),
        "nino": member.column("nino"),
        "start_date": start,
        "end_date": end,
        "hours": member.column("hours_worked"),
        "disability": member.column("disable_ind"),
    }
    bare, rows = nothing(CLAIM_PERSON), member.num_rows
    person = pa.table(
        {
            name: whole(columns[name]).cast(bare.schema.field(name).type)
            if name in columns
            else pa.nulls(rows, bare.schema.field(name).type)
            for name in bare.column_names
        }
    )
    known = pc.is_valid(person.column("role"))
    counted["hbmember"] = counted["hbmember"].refusing("no role", rows - int(pc.sum(known).as_py() or 0))
    return _unbroken(person.filter(known)), counted


def _unbroken(person: pa.Table) -> pa.Table:
    """The same with a person's rows of splits that follow on each other as one, where nothing is said of them but the days."""
    said = [name for name in person.column_names if name not in ("start_date", "end_date")]
    person = person.sort_by(
        [(name, "ascending") for name in ("claim_ref", "person_ref", "role", "start_date", "end_date")]
    )
    rows = person.num_rows
    fresh = np.ones(rows, bool)
    end = pc.fill_null(person.column("end_date").cast(pa.int32()), OPEN).to_numpy()
    start = person.column("start_date").cast(pa.int32()).to_numpy()
    same = start[1:] <= end[:-1].astype(np.int64) + 1
    for name in said:
        coded = whole(whole(person.column(name)).dictionary_encode(null_encoding="encode").indices).to_numpy(
            zero_copy_only=False
        )
        same = same & (coded[1:] == coded[:-1])
    fresh[1:] = ~same
    first = np.flatnonzero(fresh)
    if not rows:
        return person
    last = np.maximum.reduceat(end, first)
    ends = only(pa.array(last.astype(np.int32)), pa.array(last < OPEN)).cast(pa.date32())
    kept = person.take(pa.array(first)).drop_columns(["end_date"]).append_column("end_date", ends)
    return kept.select(person.column_names)


def _names(member: pa.Table) -> tuple[Values, Values]:
    """Forename and surname; from the whole name, such as SURNAME, MR FORENAME, where both are blank."""
    forename, surname = member.column("forename"), member.column("surname")
    bare = pc.and_(pc.is_null(forename), pc.is_null(surname))
    coded = whole(only(member.column("name"), bare)).dictionary_encode()
    told = [name_parts(text, "SURNAME, TITLE FORENAMES") for text in coded.dictionary.to_pylist()]
    first = pa.array([" ".join(part.forenames) or None for part in told], pa.string()).take(coded.indices)
    last = pa.array([part.surname for part in told], pa.string()).take(coded.indices)
    return pc.coalesce(forename, first), pc.coalesce(surname, last)
