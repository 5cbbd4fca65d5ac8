"""What a claim's household lived on: who is in it on a day, and every line of its income."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from hearthlink.synthetic.awards import uprating_days
from hearthlink.synthetic.money.life import Life
from hearthlink.synthetic.money.policy_rates import (
    CREDIT_TAPER,
    CREDIT_THRESHOLD,
    TWO_CHILDREN_FROM,
    Rates,
    net,
    rates,
)
from hearthlink.synthetic.world import Award, TruePerson

GROWN = 6574
"""Days in eighteen years."""


@dataclass(slots=True)
class Now:
    """A household on a day: its adults, whether a couple, its dependants, the grown others who live there, and the year's rates.

    ``counted`` are the children for whom an amount is paid.
    """

    day: date
    rate: Rates
    couple: bool
    adults: int
    children: list[TruePerson]
    lodgers: list[TruePerson]
    counted: int


def household_on(life: Life, day: date) -> Now:
    """The household of a claim on a day, as the claim lists it."""
    adults = 0
    children: list[TruePerson] = []
    lodgers: list[TruePerson] = []
    for member in life.claim.members:
        if member.start <= day and (member.end is None or member.end >= day):
            if member.role == "dependant":
                children.append(life.people[member.person.number])
            elif member.role == "non_dependant":
                one = life.people[member.person.number]
                if (day - one.birth_date).days > GROWN:
                    lodgers.append(one)
            else:
                adults += 1
    return Now(day, rates(day), adults > 1, max(adults, 1) + len(lodgers), children, lodgers, _counted(children))


def _counted(children: list[TruePerson]) -> int:
    """Children for whom an amount is paid: third and later ones born since April 2017 are not counted."""
    if len(children) < 3:
        return len(children)
    eldest_first = sorted(children, key=lambda child: (child.birth_date, child.number))
    return 2 + sum(child.birth_date < TWO_CHILDREN_FROM for child in eldest_first[2:])


@dataclass(slots=True)
class Income:
    """The lines of a week's income, in pence. Earnings are gross; ``disregarded`` is left out of net ones beyond ``standard``."""

    claimant: int
    partner: int
    claimant_hours: int
    partner_hours: int
    tax_credits: int
    child_benefit: int
    jobseeker: int
    support: int
    carer: int
    care: int
    mobility: int
    maintenance: int
    state_pension: int
    occupational_pension: int
    claimant_net: int
    partner_net: int
    standard: int
    other: int = 0
    disregarded: int = 0

    @property
    def earned(self) -> int:
        """Net earnings of both, less the standard disregard."""
        return self.claimant_net + self.partner_net - self.standard

    @property
    def assessed(self) -> int:
        """The income that counts: earnings less what is disregarded, and the benefits that are not."""
        counted = self.tax_credits + self.jobseeker + self.support + self.carer + self.other
        return max(self.earned - self.disregarded, 0) + counted + self.state_pension + self.occupational_pension

    def lower(self, surplus: int) -> None:
        """Let so much less count, by disregarding earnings first and taking from other lines then."""
        less = min(surplus, self.earned)
        self.disregarded += less
        surplus -= less
        for line in ("occupational_pension", "other", "tax_credits", "support", "jobseeker", "carer", "state_pension"):
            less = min(surplus, getattr(self, line))
            if less:
                setattr(self, line, getattr(self, line) - less)
                surplus -= less


@dataclass(frozen=True, slots=True)
class Sources:
    """What income a household has besides what its outline says: drawn once for a claim.

    ``swings`` are the days from which earnings, and hours, stand at a factor each.
    """

    swings: tuple[tuple[date, float, float], ...]
    care: bool
    mobility: bool
    carer: bool
    support: bool
    disabled_child: bool
    maintenance: int
    occupational_pension: int


def draw_sources(life: Life) -> Sources:
    """Draw a claim's further income."""
    random, claim = life.random, life.claim
    disability = life.opened.means.disability
    single = all(member.role != "partner" for member in claim.members)
    working_age = not claim.pensioner
    return Sources(
        _swings(life), disability > 0, disability > 8000, working_age and random.random() < 0.07,
        working_age and random.random() < 0.05,
        any(member.role == "dependant" and member.disabled for member in claim.members),
        random.choice((1500, 2500, 4000)) if single and claim.has_children and random.random() < 0.2 else 0,
        random.randrange(500, 6000) if claim.pensioner and random.random() < 0.5 else 0,
    )  # fmt: skip


def _swings(life: Life) -> tuple[tuple[date, float, float], ...]:
    """Earnings over the months: a rise each April, and for three earners in ten hours that change every few weeks."""
    random, means = life.random, life.opened.means
    swings: list[tuple[date, float, float]] = [(date.min, 1.0, 1.0)]
    if not (means.earnings or means.partner_earnings or life.days("job_loss")):
        return tuple(swings)
    level = 1.0
    days = [(day, "rise") for day in uprating_days(life.first, life.last)]
    if random.random() < 0.3:
        day = life.first + timedelta(days=random.randrange(20, 90))
        while day < life.last:
            days.append((day.replace(day=1), "swing"))
            day += timedelta(days=random.randrange(28, 120))
    lost = min(life.days("job_loss"), default=date.max)
    for day, kind in sorted(days):
        hours = 1.0 if kind == "rise" else random.uniform(0.78, 1.22)
        level *= 1.03 if kind == "rise" else 1.0
        swings.append((day, level * hours, hours))
        if day < lost or means.partner_earnings:
            life.trace(day, "pay_rise" if kind == "rise" else "earnings_change")
    return tuple(swings)


def income_of(life: Life, sources: Sources, base: Award, now: Now) -> Income:
    """The household's income on a day, passported or not: what of it the office holds is the award's to say."""
    day, rate, couple = now.day, now.rate, now.couple
    _, factor, worked = sources.swings[bisect_right(sources.swings, day, key=lambda swing: swing[0]) - 1]
    claimant, partner = int((base.claimant_earnings or 0) * factor), int((base.partner_earnings or 0) * factor)
    hours, partner_hours = round(base.claimant_hours * worked), round(base.partner_hours * worked)
    lost = [lost for lost in life.days("job_loss") if lost <= day]
    if lost and couple:
        # The outline hands what the partner earns to the claimant; here the partner goes on earning it.
        claimant, partner, hours, partner_hours = 0, claimant, 0, hours
    if not couple:
        partner = partner_hours = 0
    hours = hours if claimant else 0
    children = len(now.children)
    plain = not base.universal_credit and not base.passport
    full_time = max(hours, partner_hours) >= (16 if children else 30)
    standard = (2500 if children and not couple else 1000 if couple else 500) + (1710 if full_time else 0)
    pensioner = life.claim.pensioner
    claimant_net, partner_net = net(claimant), net(partner)
    return Income(
        claimant, partner, hours, partner_hours,
        _tax_credits(now, claimant + partner, max(hours, partner_hours)) if plain and not pensioner else 0,
        rate.eldest_benefit + rate.other_benefit * (children - 1) if children else 0,
        rate.jobseeker if lost and plain and (day - lost[-1]).days < 182 else 0,
        rate.jobseeker if sources.support and not (claimant or partner or life.opened.means.earnings) else 0,
        rate.carer if sources.carer and claimant < 12000 else 0,
        rate.care if sources.care else 0, rate.mobility if sources.mobility else 0, sources.maintenance,
        rate.pension * (8 if couple else 5) // 5 - 3000 if pensioner else 0, sources.occupational_pension,
        claimant_net, partner_net, min(standard, claimant_net + partner_net),
    )  # fmt: skip


def _tax_credits(now: Now, earnings: int, hours: int) -> int:
    if not now.children:
        return 0
    full = now.rate.credit_family + now.rate.credit_child * now.counted + (now.rate.credit_work if hours >= 16 else 0)
    return max(int(full - CREDIT_TAPER * max(earnings - CREDIT_THRESHOLD, 0)), 0)
