"""A world in which referral comes first: within weeks of it, the claim of every other family is suspended for a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic.claims import OpenClaim
from hearthlink.synthetic.referrals import Referred
from hearthlink.synthetic.world import Award, Event

HOW_OFTEN = 0.5
_DAY = timedelta(days=1)


def suspend_after(random: Random, referred: Iterable[Referred], until: date) -> None:
    """Suspend the claims of some referred families from within weeks of their first referral, and note it as raising nothing."""
    for one in referred:
        day = min(day for _, day in one.days)
        start = day + timedelta(days=random.randrange(3, 45))
        end = start + timedelta(days=random.randrange(14, 60))
        claim = next((c for c in one.claims if c.main_home and c.pays_on(start) and c.runs_on(end)), None)
        if claim is not None and end <= until and random.random() < HOW_OFTEN:
            _suspend(claim, start, end)
            one.household.events.append(Event(start, "suspension", raises=False))


def _suspend(claim: OpenClaim, start: date, end: date) -> None:
    claim.awards = tuple(piece for award in claim.awards for piece in _pieces(award, start, end))


def _pieces(award: Award, start: date, end: date) -> Iterator[Award]:
    """The award before, in and after the suspension."""
    if award.start > end or (award.end is not None and award.end < start):
        yield award
        return
    first, last = max(award.start, start), end if award.end is None else min(award.end, end)
    if award.start < first:
        yield replace(award, end=first - _DAY)
    suspended = {name: "suspended" for name in ("hb_status", "ctr_status") if getattr(award, name) == "payment"}
    yield replace(award, start=first, end=last, **suspended)
    if award.end is None or last < award.end:
        yield replace(award, start=last + _DAY)
