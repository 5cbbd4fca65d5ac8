"""A claim's household while its circumstances are being drawn: the claim, the people, the events, and the claim's own chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

from hearthlink.synthetic.circumstances import Spell, TenureKind, Trace, TraceKind
from hearthlink.synthetic.claims import OpenClaim
from hearthlink.synthetic.families import Period
from hearthlink.synthetic.world import Claim, EventKind, Role, TruePerson


@dataclass(slots=True)
class Life:
    """One claim and what is drawn for it. ``random`` is its own: what is drawn for one claim stirs no other.

    ``happened`` holds the days of the family's events by kind, as far as the claim ran on them or the day before.
    ``taken_over`` is true where the claim followed another, at a council home whose tenancy is told of there.
    """

    claim: Claim
    opened: OpenClaim
    people: Mapping[int, TruePerson]
    happened: Mapping[EventKind, tuple[date, ...]]
    period: Period
    random: Random
    tenure: TenureKind
    taken_over: bool = False
    payments: list[Spell] = field(default_factory=list[Spell])
    recoveries: list[Spell] = field(default_factory=list[Spell])
    sanctions: list[Spell] = field(default_factory=list[Spell])
    traces: list[Trace] = field(default_factory=list[Trace])

    @property
    def first(self) -> date:
        """The first day of the claim that is watched."""
        return max(self.claim.start, self.period.first)

    @property
    def last(self) -> date:
        """The last day of the claim that is watched."""
        return self.period.until if self.claim.end is None else min(self.claim.end, self.period.until)

    def days(self, kind: EventKind) -> tuple[date, ...]:
        """The days of one kind of event."""
        return self.happened.get(kind, ())

    def trace(self, day: date, kind: TraceKind) -> None:
        """Note what befell the household, where it did so while watched."""
        if self.period.first <= day <= self.period.until:
            self.traces.append(Trace(day, kind))

    def living(self, day: date, *roles: Role) -> list[TruePerson]:
        """The people whom the claim lists in these roles on a day."""
        return [
            self.people[member.person.number]
            for member in self.claim.members
            if member.role in roles and member.start <= day and (member.end is None or member.end >= day)
        ]


def weekly_on(spells: list[Spell], day: date) -> int:
    """What the spells in force on a day come to."""
    return sum(spell.weekly for spell in spells if spell.start <= day <= spell.end)
