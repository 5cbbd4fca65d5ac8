"""Homelessness cases (``domain.md`` 2.7): a case for each time a household lost its home, and for some whose home was in danger.

Cases are recorded since April 2018, when the Homelessness Reduction Act 2017 began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic.circumstances import HomelessCase, Tenancy
from hearthlink.synthetic.families import Period
from hearthlink.synthetic.money.policy_rates import evictions_stayed
from hearthlink.synthetic.world import Stay

SINCE = date(2018, 4, 3)
TENANCY = "End of private rented tenancy - assured shorthold tenancy"
ARREARS = ("Rent arrears due to change in personal circumstances", "Rent arrears due to reduction in employment income",
           "Rent arrears due to change in benefit entitlement", "Rent arrears due to increase in rent")  # fmt: skip
OTHER_SUBREASONS = (
    "Landlord wishing to sell or re-let the property",
    "Landlord wishing to sell or re-let the property",
    "Breach of tenancy, not related to rent arrears",
)
OTHER_REASONS = (
    "Family no longer willing or able to accommodate", "Friends no longer willing or able to accommodate",
    "Relationship with partner ended (non-violent breakdown)", "Domestic abuse - victim", "Property disrepair",
    "Fire or flood / other emergency",
)  # fmt: skip
OTHER_WEIGHTS = (40, 12, 18, 20, 6, 4)
TEMPORARY = {
    "hostel": "hostel",
    "temporary": "Bed and breakfast hotels",
    "refuge": "refuge",
    "hmo": "Nightly paid, self-contained",
}


def homeless_cases(
    random: Random,
    number: int,
    period: Period,
    stays: Sequence[Stay],
    struck: Sequence[date],
    arrears: Sequence[date],
    tenancies: Sequence[Tenancy],
    *,
    renting_privately: bool,
) -> tuple[HomelessCase, ...]:
    """The cases of a family. ``struck`` are the days on which it went to temporary accommodation, ``arrears`` those of debt."""
    evicted = {tenancy.evicted + timedelta(days=1) for tenancy in tenancies if tenancy.evicted is not None}
    found: list[HomelessCase] = []
    for day in struck:
        place = next((p for p, stay in enumerate(stays) if stay.start == day), None)
        opened = day - timedelta(days=random.choice((0, 0, 7, 21, 42, 56)))
        if place is None or place == 0 or opened < SINCE or day > period.until:
            continue
        reason, detail = _reason(random, day, stays[place], day in evicted, renting_privately)
        found.append(_case(random, number, len(found), opened, stays[place - 1], stays[place], reason, detail, period))
    for day in arrears:
        opened = day + timedelta(days=random.randrange(10, 60))
        if random.random() > 0.25 or opened < SINCE or opened > period.until:
            continue
        home = next((s for s in stays if s.start <= opened and (s.end is None or opened <= s.end)), stays[-1])
        closed = opened + timedelta(days=random.randrange(40, 120))
        found.append(
            HomelessCase(
                _reference(number, len(found)), opened, opened + timedelta(days=5), "prevention",
                TENANCY if renting_privately else "End of social rented tenancy", random.choice(ARREARS), home.address,
                None, None, "", closed if closed <= period.until else None,
                random.choice(("Secured existing accommodation for 6 or more months", "Contact lost")) if closed <= period.until else "",
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda case: (case.opened, case.reference)))


def _reference(number: int, place: int) -> str:
    return f"H{number % 10_000_000_000:010d}{place + 1}"


def _reason(random: Random, day: date, refuge: Stay, evicted: bool, private: bool) -> tuple[str, str]:
    if refuge.address.kind == "refuge":
        return "Domestic abuse - victim", ""
    if evicted:
        return "End of social rented tenancy", random.choice(ARREARS[:3])
    if private and not evictions_stayed(day) and random.random() < 0.55:
        return TENANCY, random.choice((*ARREARS, *OTHER_SUBREASONS))
    return random.choices(OTHER_REASONS, OTHER_WEIGHTS)[0], ""


def _case(
    random: Random,
    number: int,
    place: int,
    opened: date,
    lost: Stay,
    room: Stay,
    reason: str,
    detail: str,
    period: Period,
) -> HomelessCase:
    until = room.end if room.end is not None and room.end <= period.until else None
    duty = "prevention" if (room.start - opened).days >= 21 else random.choice(("relief", "relief", "main"))
    outcome = (
        random.choice(("Main duty owed", "Secured alternative accommodation for 6 or more months", "Contact lost"))
        if until
        else ""
    )
    return HomelessCase(
        _reference(number, place), opened, opened + timedelta(days=random.randrange(0, 15)), duty, reason, detail,
        lost.address, room.start, until, TEMPORARY.get(room.address.kind, "other temporary accommodation"),
        until + timedelta(days=random.randrange(0, 10)) if until else None, outcome,
    )  # fmt: skip
