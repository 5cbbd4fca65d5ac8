"""Records of a monthly file as typed columns: claims with their money, persons with their role, and which records are out of shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.claims.shbe_layout import (
    CLAIM_FIELDS,
    EARNINGS,
    JOBSEEKER,
    OTHER_INCOME,
    OUT_OF_WORK,
    PASSPORTED,
    PERSON_FIELDS,
    PROBES,
    ROLES,
    SECRETS,
    Field,
    Holds,
)
from hearthlink.sources.claims.shbe_lines import Lines, Whole
from hearthlink.sources.claims.shbe_slip import SHIFTED_AT
from hearthlink.sources.reading.columns import Values, count, each, joined, matches, only, trimmed, whole
from hearthlink.sources.reading.dates import Days, read_days
from hearthlink.sources.reading.marked import REASON, is_marked
from hearthlink.sources.reading.nino import keyed

UNKNOWN_KIND = "neither dependant nor non-dependant"
NO_REFERENCE = "no claim reference"
DATE_SHAPED = r"\d\d?[-/]\d\d?[-/]\d{4}"
SHAPES = {Holds.PENCE: r"^-?\d+$", Holds.CODE: r"^\d\d?$", Holds.COUNT: r"^\d+$"}
NUMBERS = (Holds.PENCE, Holds.COUNT, Holds.AMOUNT)
NATIONAL_INSURANCE = r"(?i)^[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-Z]?$"


@dataclass(frozen=True, slots=True)
class Kept:
    """Records of one type as columns; the lines of those out of shape and of all; and counts of records set aside and of values not read."""

    table: pa.Table
    shifted: Whole
    refused: Mapping[str, int]
    lines: Whole
    unread: int
    unread_amounts: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    """Columns of a record type: texts trimmed, dates read, numbers read, and how many fields of each record hold what they should not."""

    texts: Mapping[str, Values]
    days: Mapping[str, Days]
    numbers: Mapping[str, pa.Array]
    odd: Whole
    unread_amounts: Mapping[str, pa.Array] = field(default_factory=dict)


def read_claims(lines: Lines, nino_key: Sequence[int], without: frozenset[str] = frozenset()) -> Kept:
    """D records in shape and with a reference. Fields named in `without` are looked at for the record's shape alone."""
    records = lines.of_type("D", CLAIM_FIELDS.values())
    read = _emptied(_read(records.table, CLAIM_FIELDS), without)
    texts, numbers = read.texts, read.numbers
    names = ("hb_ref", "ctr_ref", "postcode", "passport", "status", "tenure", "rent_code", "end_reason")
    people = [f"{who}_{what}" for who in ("claimant", "partner") for what in ("surname", "forename", "middle", "sex")]
    table = pa.table(
        {
            **{name: texts[name] for name in (*names, *people)},
            **{name: days.days for name, days in read.days.items() if name not in PROBES},
            **{name: keyed(records.table.column(one.column), nino_key) for name, one in SECRETS.items()},
            "dependants": numbers["dependants"],
            "pence": numbers["pence"],
            "address": joined([texts[f"address_{n}"] for n in (1, 2, 3, 4)], ", "),
            **_facts(texts, numbers),
        }
    )
    return _keep(table, records, read, read.odd, {})


def read_persons(lines: Lines, without: frozenset[str] = frozenset()) -> Kept:
    """S records in shape, of a known kind, with a reference, and not marked as a duplicate or a test. `without` as for claims."""
    records = lines.of_type("S", PERSON_FIELDS.values())
    read = _emptied(_read(records.table, PERSON_FIELDS), without)
    rows = records.table.num_rows
    role = each(read.texts["kind"], lambda kind: ROLES.get(kind) if kind else None, pa.string())
    reference = read.texts["reference"]
    table = pa.table(
        {
            "hb_ref": read.texts["hb_ref"],
            "ctr_ref": read.texts["ctr_ref"],
            "role": role,
            "reference": only(reference, pc.invert(_fits(reference, NATIONAL_INSURANCE))),
            "forename": read.texts["forename"],
            "middle": pa.nulls(rows, pa.string()),
            "surname": read.texts["surname"],
            "birth": read.days["birth"].days,
            "sex": pa.nulls(rows, pa.string()),
            "start": read.days["start"].days,
            "end": read.days["end"].days,
            "record": pa.array(np.ones(rows, bool)),
            "nino": pa.nulls(rows, pa.int64()),
            "deduction": only(read.numbers["deduction"], pc.equal(role, "non_dependant")),
        }
    )
    marked = is_marked(table.column("forename"), table.column("surname"))
    rules = {UNKNOWN_KIND: pc.is_valid(role), REASON: pc.invert(marked)}
    return _keep(table, records, read, read.odd + _up(pc.is_null(role)), rules)


def together(kept: Kept, right: Kept) -> Kept:
    """What was kept, with records whose fields had slipped and that were put right; these are no longer out of shape."""
    shifted = np.setdiff1d(kept.shifted, right.lines)
    refused = {reason: rows + right.refused.get(reason, 0) for reason, rows in kept.refused.items()}
    table = pa.concat_tables([kept.table, right.table])
    return Kept(
        table, shifted, refused, right.lines, kept.unread + right.unread, kept.unread_amounts + right.unread_amounts
    )


def _read(table: pa.Table, fields: Mapping[str, Field]) -> _Read:
    texts: dict[str, Values] = {}
    days: dict[str, Days] = {}
    numbers: dict[str, pa.Array] = {}
    strange: dict[str, pa.Array] = {}
    odd = np.zeros(table.num_rows, np.int64)
    for name, one in fields.items():
        if one.holds is Holds.KEYED:
            continue
        column = table.column(one.column)
        if one.holds in NUMBERS:
            numbers[name], wrong = _whole_numbers(column, negative=one.holds is not Holds.COUNT)
            if wrong is not None:
                odd += 2 * _up(_fits(column, DATE_SHAPED)) if one.holds is Holds.AMOUNT else _up(wrong)
                strange[name] = wrong
            continue
        texts[name] = column = trimmed(column)
        if one.holds is Holds.DATE:
            days[name] = read_days(column)
            if days[name].unread_count:
                odd += _up(pc.and_(days[name].unread, matches(column, r"\d")))
        elif one.holds is Holds.UNDATED:
            dated = _fits(column, DATE_SHAPED)
            odd += 2 * _up(dated) if count(dated) else 0
        elif one.holds in SHAPES:
            odd += _up(pc.and_(pc.is_valid(column), pc.invert(matches(column, SHAPES[one.holds]))))
    return _Read(texts, days, numbers, odd, strange)


def _emptied(read: _Read, without: frozenset[str]) -> _Read:
    """What was read without some fields: they have shown whether the record has slipped, and go no further."""
    texts = {name: only(column, pa.scalar(False)) if name in without else column for name, column in read.texts.items()}
    numbers = {name: pa.nulls(len(one), one.type) if name in without else one for name, one in read.numbers.items()}
    return replace(read, texts=texts, numbers=numbers)


def _whole_numbers(column: Values, *, negative: bool) -> tuple[pa.Array, pa.Array | None]:
    """Whole numbers, and which values were there and are none; nothing for the latter where all could be read."""
    try:
        quick = whole(column).cast(pa.int64())
        if negative or (pc.min(quick).as_py() or 0) >= 0:
            return quick, None
    except pa.ArrowInvalid:
        pass
    column = trimmed(column)
    fit = matches(column, r"^-?\d{1,15}$" if negative else r"^\d{1,15}$")
    return whole(only(column, fit)).cast(pa.int64()), whole(pc.and_(pc.is_valid(column), pc.invert(fit)))


def _fits(column: Values, pattern: str) -> pa.Array:
    return whole(pc.fill_null(pc.match_substring_regex(column, pattern), fill_value=False))


def _up(flags: Values) -> Whole:
    return whole(flags).to_numpy(zero_copy_only=False).astype(np.int64)


def _facts(texts: Mapping[str, Values], numbers: Mapping[str, pa.Array]) -> dict[str, Values]:
    """Money and home. What a passported claim earns or owns is not asked, so it is not known even where a nought stands there."""
    asked = pc.invert(pc.is_in(texts["passport"], pa.array(PASSPORTED)))
    earned = [pc.coalesce(numbers[net.column], numbers[gross.column]) for net, gross in EARNINGS.values()]
    benefits = [numbers[one.column] for one in OUT_OF_WORK]
    others = [numbers[one.column] for one in OTHER_INCOME]
    reason = texts["landlord_reason"]
    told = pc.is_in(reason, pa.array(["0", "1"]))
    plain = (
        "size_criteria",
        "benefit_cap",
        "eligible_rent",
        "dhp",
        "rent",
        "lha_rooms",
        "lha_rate",
        "bedrooms",
        "non_dependants",
    )
    return {
        **{name: numbers[name] for name in plain},
        "earnings": only(_total(earned), asked),
        "other_income": only(_total([*others, *benefits]), asked),
        "out_of_work_benefit": only(pc.greater(_total(benefits), 0), asked),
        "jobseeker_benefit": only(pc.greater(_total([numbers[one.column] for one in JOBSEEKER]), 0), asked),
        "capital": only(_total([numbers["claimant_capital"], numbers["partner_capital"]]), asked),
        "claimant_hours": only(numbers["claimant_hours"], asked),
        "partner_hours": only(numbers["partner_hours"], asked),
        "arrears_payment": only(pc.equal(reason, "1"), told),
    }


def _total(columns: Sequence[pa.Array]) -> pa.Array:
    """The sum of what is held; empty where nothing is."""
    there = pc.is_valid(columns[0])
    total = pc.fill_null(columns[0], 0)
    for column in columns[1:]:
        if column.null_count < len(column):
            there = pc.or_(there, pc.is_valid(column))
            total = pc.add(total, pc.fill_null(column, 0))
    return whole(only(total, there))


def _keep(table: pa.Table, records: Lines, read: _Read, odd: Whole, rules: Mapping[str, Values]) -> Kept:
    """Records in shape that have a reference and keep the rules; each of the others is counted once, under its first reason."""
    in_shape = odd < SHIFTED_AT
    mask: Values = pa.array(in_shape)
    referred = pc.or_(pc.is_valid(table.column("hb_ref")), pc.is_valid(table.column("ctr_ref")))
    refused: dict[str, int] = {}
    for reason, rule in {NO_REFERENCE: referred, **rules}.items():
        before, mask = mask, whole(pc.and_(mask, rule))
        refused[reason] = count(before) - count(mask)
    needed = (name for name in read.days if name not in PROBES)
    unread = sum(count(pc.and_(read.days[name].unread, mask)) for name in needed)
    amounts = sum(count(pc.and_(wrong, mask)) for wrong in read.unread_amounts.values())
    return Kept(table.filter(mask), records.line[~in_shape], refused, records.line, unread, amounts)
