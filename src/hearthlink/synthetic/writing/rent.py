"""The council's own rent accounts: a row for each tenancy and rent, and each month's balance (``domain.md`` 2.8).

Council tenants only. A debt is positive. ``charged`` and ``paid`` are the month's, so that each balance is the one before it with
the charge and less the payment. Rent is charged on Mondays.
"""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.circumstances import Circumstances, Tenancy
from hearthlink.synthetic.money.other_offices import Counter, counter, lines
from hearthlink.synthetic.world import Settings, Ward
from hearthlink.synthetic.writing.text import Part, pounds, rows, slashed

TENANCIES = "in/rent/tenagree.csv"
BALANCES = "in/rent/rent_balance.csv"
TENANCY_COLUMNS = (
    "tag_ref",
    "claim_ref",
    "forename",
    "surname",
    "dob",
    "sex",
    "uprn",
    "address_1",
    "address_2",
    "address_3",
    "postcode",
    "tenure",
    "cot",
    "eot",
    "termination_reason",
    "rent",
    "rent_from",
    "no_beds",
    "nosp_date",
    "possession_order_date",
    "date_of_eviction",
)
BALANCE_COLUMNS = ("tag_ref", "date", "charged", "paid", "cur_bal")


def begin(settings: Settings) -> dict[str, bytes]:
    """Both header rows."""
    return {TENANCIES: rows([TENANCY_COLUMNS]), BALANCES: rows([BALANCE_COLUMNS])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The tenancies of one ward that had begun when the extract was taken."""
    office = counter(ward, settings, "rent")
    known = [(one, held) for one in ward.circumstances for held in one.tenancies if office.known(held.start)]
    first = settings.month_starts()[0]
    balances = (
        (held.reference, slashed(b.day), pounds(b.charged), pounds(b.paid), pounds(b.owed))
        for _, held in known
        for b in held.balances
        if first <= b.day <= settings.extracted
    )
    return {
        TENANCIES: Part(rows(row for one, held in known for row in _tenancy(office, one, held))),
        BALANCES: Part(rows(balances)),
    }


def _tenancy(office: Counter, one: Circumstances, held: Tenancy) -> Iterator[tuple[object, ...]]:
    if not one.adults:
        return
    person = office.person(one.adults[0])
    home = office.address(held.address, one.adults[0].community, held.start)
    reference, ended = office.claim_reference(one, 0.6), office.known(held.end)
    for step in held.steps:
        if office.known(step.start) is None:
            break
        yield (
            held.reference, reference, person.forename, person.surname, slashed(person.birth_date), person.sex,
            home.uprn or "", *lines(home), home.postcode, "council tenant", slashed(held.start), slashed(ended),
            held.end_reason if ended else "", pounds(step.weekly), slashed(step.start), held.bedrooms,
            slashed(office.known(held.notice)), slashed(office.known(held.possession)), slashed(office.known(held.evicted)),
        )  # fmt: skip
