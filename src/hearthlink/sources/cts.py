"""The council tax support extract: a table of household periods and one of person periods (domain.md 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.columns import each, joined, matches, only
from hearthlink.sources.dates import read_days
from hearthlink.sources.delimited import Named, Sheet, read_sheet
from hearthlink.sources.marked import REASON, is_marked
from hearthlink.sources.receipts import Tally, tally
from hearthlink.sources.text import Extract, open_extract

SOURCE = "cts"
BAD_DATE = "a date not understood, taken as missing"
NO_REFERENCE = "no claim reference"
NO_START = "no start date"
UNKNOWN_ROLE = "a role that is none of claimant, partner, dependant and non-dependant"

HOUSEHOLDS = "household_period.csv"
PERSONS = "person_period.csv"

FROM = Named("from_date", ("from", "period_from", "start_date"))
TO = Named("to_date", ("to", "period_to", "end_date"))
HOUSEHOLD_COLUMNS = (
    Named("claim_ref"),
    Named("uprn"),
    Named("address_1", ("addr1", "address_line_1", "address")),
    Named("address_2", ("addr2", "address_line_2"), optional=True),
    Named("address_3", ("addr3", "address_line_3"), optional=True),
    Named("address_4", ("addr4", "address_line_4"), optional=True),
    Named("postcode", ("post_code",)),
    FROM,
    TO,
    Named("claim_type"),
    Named("status"),
    Named("ctr_weekly_award", ("cts_weekly_award",)),
    Named("passport_benefit"),
)
PERSON_COLUMNS = (
    Named("claim_ref"),
    Named("person_ref"),
    Named("role"),
    Named("forename"),
    Named("other_names", ("middle_names",), optional=True),
    Named("surname"),
    Named("dob", ("date_of_birth", "birth_date")),
    Named("sex", ("gender",)),
    FROM,
    TO,
)
ROLES = {
    "claimant": "claimant",
    "partner": "partner",
    "dependant": "dependant",
    "dependent": "dependant",
    "child": "dependant",
    "non_dependant": "non_dependant",
    "non_dependent": "non_dependant",
    "boarder": "non_dependant",
}
SEX = {"m": "M", "male": "M", "1": "M", "f": "F", "female": "F", "2": "F"}
STATES = {"live": "in_payment", "in payment": "in_payment", "suspended": "suspended", "ended": "ended", "nil": "nil"}


@dataclass(frozen=True, slots=True)
class CouncilTax:
    """Household periods and person periods, dates as days since 1970-01-01, amounts in pence; and their tallies.

    period: claim_ref, address, postcode, uprn, start, end, housing_only, state, pence, passported.
    person: claim_ref, reference, role, forename, middle, surname, birth, sex, start, end.
    """

    period: pa.Table
    person: pa.Table
    period_tally: Tally
    person_tally: Tally


def read_council_tax(folder: Path) -> CouncilTax:
    """Both tables. Raises DataProblem where one is missing, is another file, or holds no row."""
    period, period_tally = _periods(*_open(folder / HOUSEHOLDS, HOUSEHOLD_COLUMNS))
    person, person_tally = _persons(*_open(folder / PERSONS, PERSON_COLUMNS))
    return CouncilTax(period, person, period_tally, person_tally)


def _open(path: Path, columns: tuple[Named, ...]) -> tuple[Extract, Sheet]:
    extract = open_extract(path, SOURCE)
    sheet = read_sheet(extract, columns)
    if not sheet.table.num_rows:
        raise DataProblem(
            "The file has a header and no rows.", file=path.name, remedy="Ask the supplier to export it again."
        )
    return extract, sheet


def _periods(extract: Extract, sheet: Sheet) -> tuple[pa.Table, Tally]:
    table = sheet.table
    start, end = read_days(table.column("from_date")), read_days(table.column("to_date"), ends=True)
    lines = [table.column(f"address_{n}") for n in (1, 2, 3, 4)]
    pence = _pence(table.column("ctr_weekly_award"))
    read = pa.table(
        {
            "claim_ref": table.column("claim_ref"),
            "address": joined(lines, ", "),
            "postcode": table.column("postcode"),
            "uprn": table.column("uprn"),
            "start": start.days,
            "end": end.days,
            "housing_only": pc.fill_null(pc.starts_with(pc.utf8_lower(table.column("claim_type")), "hb"), False),
            "state": _mapped(table.column("status"), STATES),
            "pence": pence,
            "passported": _passported(table.column("passport_benefit")),
        }
    )
    return _dated(read, tally(extract, sheet.rows_in, sheet.refused, {BAD_DATE: start.unread_count + end.unread_count}))


def _persons(extract: Extract, sheet: Sheet) -> tuple[pa.Table, Tally]:
    table = sheet.table
    start, end, birth = (
        read_days(table.column("from_date")),
        read_days(table.column("to_date"), ends=True),
        read_days(table.column("dob")),
    )
    read = pa.table(
        {
            "claim_ref": table.column("claim_ref"),
            "reference": table.column("person_ref"),
            "role": _mapped(table.column("role"), ROLES),
            "forename": table.column("forename"),
            "middle": table.column("other_names"),
            "surname": table.column("surname"),
            "birth": birth.days,
            "sex": _mapped(table.column("sex"), SEX),
            "start": start.days,
            "end": end.days,
        }
    )
    unread = start.unread_count + end.unread_count + birth.unread_count
    counted = tally(extract, sheet.rows_in, sheet.refused, {BAD_DATE: unread})
    read, counted = _keep(read, counted, pc.is_valid(read.column("role")), UNKNOWN_ROLE)
    read, counted = _keep(read, counted, pc.invert(is_marked(read.column("forename"), read.column("surname"))), REASON)
    return _keep(read, counted, pc.is_valid(read.column("claim_ref")), NO_REFERENCE)


def _dated(read: pa.Table, counted: Tally) -> tuple[pa.Table, Tally]:
    read, counted = _keep(read, counted, pc.is_valid(read.column("claim_ref")), NO_REFERENCE)
    read, counted = _keep(read, counted, pc.is_valid(read.column("start")), NO_START)
    forwards = pc.fill_null(pc.greater_equal(read.column("end"), read.column("start")), True)
    return _keep(read, counted, forwards, "an end before its start")


def _keep(table: pa.Table, counted: Tally, mask: pa.ChunkedArray, reason: str) -> tuple[pa.Table, Tally]:
    kept = table.filter(mask)
    return kept, counted.refusing(reason, table.num_rows - kept.num_rows)


def _mapped(column: pa.ChunkedArray, meanings: dict[str, str]) -> pa.Array:
    """What each text means; empty where it is none of them."""
    return each(column, lambda text: meanings.get(text.lower().replace("-", "_")) if text else None, pa.string())


def _pence(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Pounds a week as whole pence; empty where not a number."""
    bare = pc.replace_substring_regex(column, "[£, ]", "")
    pounds = only(bare, matches(bare, r"^-?\d{1,9}(\.\d+)?$")).cast(pa.float64())
    return pc.round(pc.multiply(pounds, 100.0)).cast(pa.int64())


def _passported(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """True where a passporting benefit is named."""
    words = pc.utf8_lower(pc.fill_null(column, ""))
    return pc.invert(pc.is_in(words, pa.array(["", "n", "no", "none"])))
