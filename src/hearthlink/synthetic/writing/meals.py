"""Spells of entitlement to free school meals, as the school census holds them (``domain.md`` 2.9).

A child whose household is passported, or has Universal Credit and earns little, is entitled; one in seven does not claim. Since
April 2018 a spell that began, or ran then, stays open until the child leaves school. The school keyed the child for itself, under
the pupil number that children's services hold too, where they hold one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hearthlink.synthetic.care import upn
from hearthlink.synthetic.circumstances import Circumstances
from hearthlink.synthetic.money.other_offices import Counter, counter, stay_on
from hearthlink.synthetic.world import Award, Claim, Settings, TruePerson, Ward
from hearthlink.synthetic.writing.text import Part, iso, rows

FILE = "in/school_meals/fsm_periods.csv"
COLUMNS = ("upn", "forename", "surname", "dob", "sex", "postcode", "fsmstartdate", "fsmenddate", "protected")
PROTECTED_SINCE = date(2018, 4, 1)
TAKE_UP = 0.86
CREDIT_LIMIT = 740_000 // 52
"""Net earnings a week, in pence, up to which Universal Credit gives free meals: 7,400 pounds a year."""


def begin(settings: Settings) -> dict[str, bytes]:
    """The header row."""
    return {FILE: rows([COLUMNS])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The pupils of one ward, each once however many claims list them."""
    office = counter(ward, settings, "school_meals")
    held = {record.person.number: record.upn for record in ward.care_records if record.upn}
    seen: set[int] = set()
    found: list[tuple[object, ...]] = []
    for one in ward.circumstances:
        claim = office.claims.get(one.claim)
        if claim is None or not claim.has_children:
            continue
        entitled = tuple(_entitled(claim))
        for child in one.people:
            if child.number not in seen and _pupil(child, settings):
                seen.add(child.number)
                found += _spells(office, one, child, entitled, held.get(child.number, ""))
    return {FILE: Part(rows(found))}


def _pupil(child: TruePerson, settings: Settings) -> bool:
    age = (settings.extracted - child.birth_date).days / 365.25
    return 4.0 < age < 19.0


def _entitled(claim: Claim) -> Iterator[tuple[date, date | None]]:
    """The unbroken stretches over which the household was entitled."""
    start: date | None = None
    end: date | None = None
    for award in claim.awards:
        if _gives_meals(award):
            start, end = start or award.start, award.end
        elif start is not None:
            yield start, end
            start = None
    if start is not None:
        yield start, end


def _gives_meals(award: Award) -> bool:
    if award.passport:
        return True
    detail = award.detail
    return (
        award.universal_credit
        and detail is not None
        and (detail.claimant_net or 0) + (detail.partner_net or 0) < CREDIT_LIMIT
    )


def _spells(
    office: Counter, one: Circumstances, child: TruePerson, entitled: tuple[tuple[date, date | None], ...], number: str
) -> Iterator[tuple[object, ...]]:
    random = office.office.random
    claims = random.random() < TAKE_UP
    begins = child.birth_date.replace(year=child.birth_date.year + 4, day=1)
    school = date(begins.year + (1 if (begins.month, 1) >= (9, 1) else 0), 9, 1)
    leaves = date(school.year + 13, 7, 20)
    if not claims or not entitled:
        return
    person, pupil = office.person(child), number or upn(random, child.birth_date)
    until: date | None = None
    for start, end in entitled:
        first = max(start + timedelta(days=random.randrange(5, 60)), school)
        if (until is not None and first <= until) or first > leaves or (end is not None and first > end):
            continue
        protected = end is None or end >= PROTECTED_SINCE
        until = leaves if protected else end
        if office.known(first):
            home = office.address(stay_on(one.stays, first).address, child.community, first)
            yield (
                pupil, person.forename, person.surname, iso(person.birth_date), person.sex, home.postcode, iso(first),
                iso(office.known(until)), "Y" if protected and first >= PROTECTED_SINCE else "N",
            )  # fmt: skip
