"""Council tax owed at the end of each month, and the stage of its recovery (``domain.md`` 2.8).

The account names its lead liable person in one string, without a birth date. Accounts that owe nothing have no row.
"""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.circumstances import Circumstances
from hearthlink.synthetic.money.other_offices import Counter, counter, lines
from hearthlink.synthetic.world import Settings, Ward
from hearthlink.synthetic.writing.text import Part, pounds, rows, slashed

FILE = "in/council_tax/council_tax_arrears.csv"
COLUMNS = (
    "account_ref",
    "lead_liab_name",
    "uprn",
    "address_1",
    "address_2",
    "address_3",
    "postcode",
    "as_at",
    "balance_due",
    "recovery_stage",
)


def begin(settings: Settings) -> dict[str, bytes]:
    """The header row."""
    return {FILE: rows([COLUMNS])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The accounts of one ward that owed anything."""
    office = counter(ward, settings, "council_tax")
    return {FILE: Part(rows(row for one in ward.circumstances if one.tax for row in _account(office, one)))}


def _account(office: Counter, one: Circumstances) -> Iterator[tuple[object, ...]]:
    claim = office.claims[one.claim]
    liable = claim.members[0].person
    name = ", ".join(filter(None, (liable.surname, " ".join(filter(None, (liable.title, liable.forename))))))
    first, last = office.settings.month_starts()[0], office.settings.extracted
    for balance in one.tax:
        if first <= balance.day <= last:
            home = next((a for a in reversed(claim.addresses) if a.start <= balance.day), claim.addresses[0])
            yield (
                claim.council_tax_account, name, home.uprn or "", *lines(home), home.postcode, slashed(balance.day),
                pounds(balance.owed), balance.stage.replace(" ", "_"),
            )  # fmt: skip
