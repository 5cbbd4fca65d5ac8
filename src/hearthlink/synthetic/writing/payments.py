"""Discretionary housing payments, from the benefits system and so with its references and names (``domain.md`` 2.8)."""

from __future__ import annotations

from hearthlink.synthetic.circumstances import Circumstances, Spell
from hearthlink.synthetic.money.other_offices import Counter, counter
from hearthlink.synthetic.world import Settings, Ward
from hearthlink.synthetic.writing.text import Part, pounds, rows, slashed

FILE = "in/housing_payments/dhp.csv"
COLUMNS = (
    "claim_ref",
    "forename",
    "surname",
    "dob",
    "postcode",
    "from_date",
    "to_date",
    "weekly_amount",
    "one_off",
    "award_reason",
)


def begin(settings: Settings) -> dict[str, bytes]:
    """The header row."""
    return {FILE: rows([COLUMNS])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The payments of one ward that had begun when the extract was taken."""
    office = counter(ward, settings, "housing_payments")
    known = ((one, spell) for one in ward.circumstances for spell in one.payments if office.known(spell.start))
    return {FILE: Part(rows(_payment(office, one, spell) for one, spell in known))}


def _payment(office: Counter, one: Circumstances, spell: Spell) -> tuple[object, ...]:
    claim = office.claims[one.claim]
    claimant = next(m.person for m in claim.members if m.role == "claimant" and (m.end is None or m.end >= spell.start))
    address = next((a for a in reversed(claim.addresses) if a.start <= spell.start), claim.addresses[0])
    return (
        claim.household_reference, claimant.forename, claimant.surname, slashed(claimant.birth_date), address.postcode,
        slashed(spell.start), slashed(spell.end), pounds(spell.weekly), "", spell.reason,
    )  # fmt: skip
