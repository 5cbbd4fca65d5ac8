"""Homelessness cases (``domain.md`` 2.7): a case for each time a household lost its home, and for some whose home was in danger.

Cases are recorded since April 2018, when the Homelessness Reduction Act 2017 began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic.circumstances import HomelessCase, Tenancy
from hearthlink.synthetic.families import Period
from hearthlink.synthetic.policy_rates import evictions_stayed
from hearthlink.synthetic.world import Stay

SINCE = date(2018, 4, 3)
TENANCY = "end of private rented tenancy - assured shorthold"
ARREARS = ("rent arrears: change in personal circumstances", "rent arrears: reduction in earnings",
           "rent arrears: change in benefit", "rent arrears: rise in rent")  # fmt: skip
OTHER_SUBREASONS = (
    "landlord wishing to sell or re-let",
    "landlord wishing to sell or re-let",
    "breach of tenancy, not arrears",
)
OTHER_REASONS = (
    "family no longer willing or able to accommodate", "friends no longer willing or able to accommodate",
    "relationship with partner ended, non-violent", "domestic abuse - victim", "property disrepair",
    "fire, flood or other emergency",
)  # fmt: skip
OTHER_WEIGHTS = (40, 12, 18, 20, 6, 4)
TEMPORARY = {
    "hostel": "hostel",
    "temporary": "bed and breakfast hotel",
    "refuge": "refuge",
    "hmo": "private sector, nightly paid",
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
                TENANCY if renting_privately else "end of social rented tenancy", random.choice(ARREARS), home.address,
                None, None, "", closed if closed <= period.until else None,
                random.choice(("kept the home", "kept the home", "duty ended: lost contact")) if closed <= period.until else "",
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda case: (case.opened, case.reference)))


def _reference(number: int, place: int) -> str:
    return f"H{number % 10_000_000_000:010d}{place + 1}"


def _reason(random: Random, day: date, refuge: Stay, evicted: bool, private: bool) -> tuple[str, str]:
    if refuge.address.kind == "refuge":
        return "domestic abuse - victim", ""
    if evicted:
        return "end of social rented tenancy", random.choice(ARREARS[:3])
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
        random.choice(("rehoused by the council", "private rented home found", "duty ended: lost contact"))
        if until
        else ""
    )
    return HomelessCase(
        _reference(number, place), opened, opened + timedelta(days=random.randrange(0, 15)), duty, reason, detail,
        lost.address, room.start, until, TEMPORARY.get(room.address.kind, "other temporary accommodation"),
        until + timedelta(days=random.randrange(0, 10)) if until else None, outcome,
    )  # fmt: skip
