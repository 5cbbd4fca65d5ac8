"""Claims told as periods: council tax support extracts, Academy's tables, a supplier's own; all one shape (domain.md 2.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.claims.household_fold import Words, together
from hearthlink.sources.intake.claims import CLAIM_PERIOD, CLAIM_PERSON
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.taking import take
from hearthlink.sources.intake.typing_of import TYPES
from hearthlink.sources.reading.columns import Values, each, joined, only, whole
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.marked import REASON, is_marked
from hearthlink.sources.reading.nino import keyed
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.tabular import find_tabular, open_tabular
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.tables.wanted import EVERYTHING, Wanted

SOURCE = "cts"
NATIONAL_INSURANCE = r"(?i)^[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-Z]?$"
WEEKS = {
    "week": (1, 1),
    "fortnight": (1, 2),
    "four_weeks": (1, 4),
    "month": (12, 52),
    "quarter": (4, 52),
    "year": (1, 52),
}
"""What a rent is multiplied and divided by to be the rent of a week: twelve months, four quarters or a year are 52 weeks."""
PASSPORTS = {
    "jobseeker": re.compile(r"(?i)\b(job.?seeker|jsa)"),
    "sickness": re.compile(r"(?i)\b(employment and support|esa)"),
    "pension_credit": re.compile(r"(?i)\b(pension credit|gpc|pc)\b"),
    "income_support": re.compile(r"(?i)\b(income support|is)\b"),
}
"""The words by which each passporting benefit is known."""
PLAIN = (
    "eligible_rent", "bedrooms", "lha_rooms", "lha_rate", "benefit_cap", "size_criteria", "non_dependant_deduction",
    "overpayment_recovery", "uc_in_payment", "uc_award", "council_tax_balance", "recovery_stage", "tenure", "suspension_reason", "end_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one source of claims told as periods: the two intake tables, and the counts of the files they came from.

    A source may tell one of the two alone; the other is then empty, and has no counts. `others` count further tables it was told by.
    `asks_passport` says whether a blank passporting benefit means none; where that is not said, it does if any row names one.
    """

    source: str
    period: pa.Table
    person: pa.Table
    period_tally: Tally | None
    person_tally: Tally | None
    others: tuple[Tally, ...] = ()
    asks_passport: bool | None = None


@dataclass(frozen=True, slots=True)
class Periods:
    """Household periods and person periods made ready: dates as days since 1970-01-01, amounts in pence, addresses by number.

    period: claim_ref, address_no, uprn, start, end, housing_only, with_housing, state, pence, hb_pence, passported, dependants, ages and
    the facts of a household period. person: claim_ref, reference, role, forename, middle, surname, birth, sex, start, end, nino.
    """

    source: str
    period: pa.Table
    person: pa.Table
    period_tally: Tally | None
    person_tally: Tally | None


def read_council_tax(folder: Path, wanted: Wanted = EVERYTHING) -> Claimed:
    """Both tables of a council tax support extract. Raises DataProblem where one is missing, is another file, or holds no row."""
    periods, persons = (_opened(folder, table) for table in (CLAIM_PERIOD, CLAIM_PERSON))
    period, person = take(periods, CLAIM_PERIOD, wanted=wanted), take(persons, CLAIM_PERSON, wanted=wanted)
    passport = CLAIM_PERIOD.column("passport_benefit")
    asks = bool(
        {normal(name) for name in (passport.name, *passport.also)} & {normal(header) for header in periods.headers}
    )
    return Claimed(SOURCE, period.table, person.table, period.tally, person.tally, asks_passport=asks)


def _opened(folder: Path, table: IntakeTable) -> Tabular:
    """The file in the folder that goes by one of the table's names."""
    for stem in table.stems:
        path = find_tabular(folder, stem)
        if path is not None:
            return open_tabular(path, SOURCE)
    raise DataProblem(
        "The file was not found.", file=f"{table.stems[0]}.csv", remedy="Put the extract there and run again."
    )


def nothing(table: IntakeTable) -> pa.Table:
    """An intake table without a row."""
    return pa.table({column.name: pa.array([], TYPES[column.kind]) for column in table.columns})


def prepare(claimed: Claimed, addresses: Words, nino_key: Sequence[int]) -> Periods:
    """The periods ready to be brought together with others; a period that ends before it begins is set aside."""
    period, counted = claimed.period, claimed.period_tally
    forwards = pc.fill_null(pc.greater_equal(period.column("end_date"), period.column("start_date")), fill_value=True)
    kept = period.filter(forwards)
    counted = counted and counted.refusing("an end before its start", period.num_rows - kept.num_rows)
    person, persons = _persons(claimed.person, claimed.person_tally, nino_key)
    return Periods(
        claimed.source, _periods(kept, addresses, asks_passport=claimed.asks_passport), person, counted, persons
    )


def _periods(period: pa.Table, addresses: Words, *, asks_passport: bool | None) -> pa.Table:
    lines = joined([period.column(f"address_{n}") for n in (1, 2, 3, 4)], ", ")
    there = pc.or_(pc.is_valid(lines), pc.is_valid(period.column("postcode")))
    kind, hb = period.column("claim_type"), period.column("hb_award")
    with_housing = pc.fill_null(pc.is_in(kind, pa.array(["hb", "both"])), fill_value=False)
    unsaid = pc.and_(pc.is_null(kind), pc.fill_null(pc.greater(hb, 0), fill_value=False))
    benefit = period.column("passport_benefit")
    blank_is_none = benefit.null_count < len(benefit) if asks_passport is None else asks_passport
    passported, asked = _passported(benefit, blank_is_none=blank_is_none)
    words = pc.utf8_lower(pc.fill_null(period.column("passport_benefit"), ""))
    kind_of = only(each(benefit, _passport, pa.string()), pc.fill_null(passported, fill_value=False))
    out_of_work = pc.match_substring_regex(words, r"\b(job.?seeker|employment and support|jsa|esa)")
    return pa.table(
        {
            "claim_ref": period.column("claim_ref"),
            "ct_account_ref": period.column("ct_account_ref"),
            "address_no": addresses.number(only(together([lines, period.column("postcode")]), whole(there))).cast(
                pa.int32()
            ),
            "uprn": period.column("uprn"),
            "start": period.column("start_date").cast(pa.int32()),
            "end": period.column("end_date").cast(pa.int32()),
            "housing_only": pc.fill_null(pc.equal(kind, "hb"), fill_value=False),
            "with_housing": pc.or_(with_housing, unsaid),
            "state": period.column("status"),
            "pence": period.column("cts_award"),
            "hb_pence": hb,
            "dhp": period.column("dhp_award"),
            "passported": passported,
            "rent": weekly(period.column("contractual_rent"), period.column("rent_period")),
            **{name: period.column(name) for name in PLAIN},
            **{name: only(period.column(name), asked) for name in ("earnings", "other_income", "capital")},
            "out_of_work_benefit": only(out_of_work, out_of_work),
            "jobseeker_benefit": only(pc.equal(kind_of, "jobseeker"), pc.is_valid(kind_of)),
            "passport_benefit": kind_of,
            "hours": period.column("hours"),
            "dependants": period.column("dependants"),
            "ages": each(period.column("dependant_ages"), _ages, pa.string()),
        }
    )


def weekly(pence: Values, period: Values) -> Values:
    """A rent as the rent of a week; empty where its period is not known."""
    words = list(WEEKS)
    place = whole(pc.index_in(period, value_set=pa.array(words)))
    times = pa.array([WEEKS[word][0] for word in words], pa.int64()).take(place)
    parts = pa.array([WEEKS[word][1] for word in words], pa.int64()).take(place)
    # Half a penny is rounded up, by whole numbers alone.
    return pc.divide(pc.add(pc.multiply(pc.multiply(pence, times), 2), parts), pc.multiply(parts, 2))


def _persons(person: pa.Table, counted: Tally | None, nino_key: Sequence[int]) -> tuple[pa.Table, Tally | None]:
    kept = person.filter(pc.invert(is_marked(person.column("forename"), person.column("surname"))))
    counted = counted and counted.refusing(REASON, person.num_rows - kept.num_rows)
    reference = kept.column("person_ref")
    as_number = pc.fill_null(pc.match_substring_regex(reference, NATIONAL_INSURANCE), fill_value=False)
    adult = pc.is_in(kept.column("role"), pa.array(["claimant", "partner"]))
    read = pa.table(
        {
            "claim_ref": kept.column("claim_ref"),
            "reference": only(reference, pc.invert(as_number)),
            "role": kept.column("role"),
            "forename": kept.column("forename"),
            "middle": kept.column("other_names"),
            "surname": kept.column("surname"),
            "birth": kept.column("birth_date").cast(pa.int32()),
            "sex": kept.column("sex"),
            "start": kept.column("start_date").cast(pa.int32()),
            "end": kept.column("end_date").cast(pa.int32()),
            "nino": only(keyed(kept.column("nino"), nino_key), adult),
            "hours": kept.column("hours"),
        }
    )
    return read, counted


def _passport(text: str | None) -> str | None:
    """Which benefit passports a claim; a bare yes does not tell."""
    if text is None or text.strip().lower() in ("", "y", "yes", "n", "no", "none"):
        return None
    return next((kind for kind, pattern in PASSPORTS.items() if pattern.search(text)), "other")


def _ages(text: str | None) -> str | None:
    """Ages as linking wants them: whole years, ascending, joined by a space; empty where a part is none."""
    parts = re.split(r"[ ,;/]+", text.strip(" ,;/")) if text else []
    if not parts or not all(part.isdigit() and int(part) < 20 for part in parts):
        return None
    return " ".join(str(age) for age in sorted(map(int, parts)))


def _passported(column: Values, *, blank_is_none: bool) -> tuple[Values, Values]:
    """Whether a passporting benefit is named, and whether income was therefore asked: true or not known to be passported."""
    words = pc.utf8_lower(pc.fill_null(column, ""))
    named = pc.invert(pc.is_in(words, pa.array(["", "n", "no", "none"])))
    return (named if blank_is_none else only(named, pc.is_valid(column))), pc.invert(named)
