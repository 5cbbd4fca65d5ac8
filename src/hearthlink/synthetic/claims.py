"""Claims while they are being made: when they run, who is listed, and what is paid."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic.awards import (
    Change,
    ClaimKind,
    Means,
    draw_changes,
    in_payment,
    make_means,
    run_awards,
)
from hearthlink.synthetic.families import Household, Period
from hearthlink.synthetic.world import (
    Award,
    Event,
    Role,
    Stay,
    TruePerson,
)

_DAY = timedelta(days=1)
QUIET = 0.35
"""How often things befall a claim whose events are not watched, against a family's own."""
_END_REASONS = (
    "moved to universal credit",
    "income too high",
    "no longer liable",
    "claimant withdrew",
    "review not returned",
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One person's time in one role, before it is recorded."""

    person: TruePerson
    role: Role
    start: date
    end: date | None


@dataclass(slots=True)
class OpenClaim:
    """A claim while it is being made; ``main_home`` is false for the claim of a parent in the children's other home.

    ``quiet_events`` are those of a claim whose events raise nobody's hazard: of the other home, and of people with no child.
    ``received`` is the day the claim came in, where it is not drawn.
    """

    number: int
    kind: ClaimKind
    means: Means
    start: date
    end: date | None
    end_reason: str
    household: Household | None
    stays: list[Stay]
    listings: list[Listing] = field(default_factory=list[Listing])
    awards: tuple[Award, ...] = ()
    replaced_by: int | None = None
    replaces: int | None = None
    main_home: bool = True
    pensioner: bool = False
    community: str = "white_british"
    quiet_events: tuple[Event, ...] = ()
    received: date | None = None

    @property
    def hb_reference(self) -> str | None:
        """The Housing Benefit reference, where there is one."""
        return None if self.kind == "ctr" else _checked(f"6{self.number:09d}")

    @property
    def ctr_reference(self) -> str | None:
        """The council tax reduction reference, where there is one; nothing in it tells the other reference."""
        return None if self.kind == "hb" else _checked(f"3{(self.number * 7919 + 12345) % 999_999_937:09d}")

    def runs_on(self, day: date) -> bool:
        """Whether the claim is open on a day."""
        return self.start <= day and (self.end is None or day <= self.end)

    def pays_on(self, day: date) -> bool:
        """Whether the claim is open and in payment on a day."""
        return self.runs_on(day) and in_payment(self.awards, day)


def _checked(figures: str) -> str:
    """The figures and a check digit, so that what stands before the last digit is one claim's alone."""
    return f"{figures}{sum(int(one) * weight for weight, one in enumerate(reversed(figures), 2)) % 11 % 10}"


@dataclass(slots=True)
class ClaimNumbers:
    """Hands out claim numbers of one ward."""

    last: int

    def take(self) -> int:
        """The next claim number."""
        self.last += 1
        return self.last


# --- when claims run and who is on them ------------------------------------------------------------------


def _span(random: Random, period: Period) -> tuple[date, date | None, str]:
    span = (period.until - period.first).days
    if random.random() < 0.8:
        start = period.first - timedelta(days=30 + int(random.expovariate(1 / 1100)))
    else:
        start = period.first + timedelta(days=random.randrange(span))
    life = int(random.expovariate(1 / 2800)) + 30
    end = max(start, period.first) + timedelta(days=life)
    if end > period.until:
        return start, None, ""
    return start, end, random.choice(_END_REASONS)


def open_family_claims(random: Random, household: Household, period: Period, numbers: ClaimNumbers) -> list[OpenClaim]:
    """The claims of a family over the period: usually one; two where a couple part; the other home's where it has one."""
    kind: ClaimKind = random.choices(("both", "ctr", "hb"), (0.52, 0.37, 0.11))[0]
    start, end, reason = _span(random, period)
    if household.moved_away is not None and (end is None or end >= household.moved_away):
        end, reason = household.moved_away - _DAY, "moved out of area"
        start = min(start, end - timedelta(days=20))
    born = household.children[0].birth_date
    if end is not None and born > end:
        end, reason = None, ""
    children = sum(1 for child in household.children if child.birth_date <= max(start, period.first))
    means = make_means(random, kind, len(household.adults), children)
    first = OpenClaim(numbers.take(), kind, means, start, end, reason, household, household.stays)
    first.community = household.community
    claims = [first]
    left = household.partner_leaves
    if left is not None and first.runs_on(left) and left > start + timedelta(days=20) and len(household.adults) > 1:
        claims.append(_part(random, household, first, left, numbers))
    for claim in claims:
        _list_members(random, household, claim, period)
        _pay(random, household, claim, period)
    parent = household.other_parent
    if parent is not None and random.random() < 0.3:
        claims.append(_other_home(random, household, parent, period, numbers))
    household.claims = [claim.number for claim in claims]
    return claims


def open_late_claim(
    random: Random, household: Household, period: Period, numbers: ClaimNumbers, start: date
) -> OpenClaim:
    """The claim of a family that had none until a day, and has one from then on."""
    kind: ClaimKind = random.choices(("both", "ctr", "hb"), (0.52, 0.37, 0.11))[0]
    children = sum(1 for child in household.children if child.birth_date <= start)
    means = make_means(random, kind, len(household.adults), children)
    claim = OpenClaim(numbers.take(), kind, means, start, None, "", household, household.stays)
    claim.community = household.community
    _list_members(random, household, claim, period)
    _pay(random, household, claim, period)
    household.claims = [claim.number]
    return claim


def _part(random: Random, household: Household, first: OpenClaim, left: date, numbers: ClaimNumbers) -> OpenClaim:
    means = make_means(random, first.kind, 1, first.means.children)
    later = OpenClaim(
        numbers.take(), first.kind, means, left + timedelta(days=random.choice((0, 0, 0, 7, 14))), first.end,
        first.end_reason, household, household.stays, replaces=first.number, community=household.community,
    )  # fmt: skip
    if later.end is not None and later.end <= later.start:
        later.end = None
    first.end, first.end_reason, first.replaced_by = left - _DAY, "change of household", later.number
    return later


def _other_home(
    random: Random, household: Household, parent: TruePerson, period: Period, numbers: ClaimNumbers
) -> OpenClaim:
    kind: ClaimKind = random.choice(("both", "ctr", "hb"))
    start, end, reason = _span(random, period)
    means = make_means(random, kind, 1, 0)
    claim = OpenClaim(numbers.take(), kind, means, start, end, reason, household, list(household.other_home))
    claim.main_home, claim.community = False, parent.community
    claim.listings = [Listing(parent, "claimant", start, None)]
    if random.random() < 0.2:
        claim.listings += _dependants(random, household, claim, period)
    claim.awards, events = run_awards(
        random,
        means,
        start,
        end,
        draw_changes(random, means, max(start, period.first), end or period.until, busy=QUIET),
    )
    claim.quiet_events = tuple(events)
    return claim


def _list_members(random: Random, household: Household, claim: OpenClaim, period: Period) -> None:
    adults = list(household.adults)
    if claim.replaces is not None:
        adults = [a for a in adults if a.sex == "F"][:1] or adults[:1]
    one = adults[0]
    if len(adults) == 1:
        claim.listings.append(Listing(one, "claimant", claim.start, None))
    else:
        claim.listings += _couple(random, one, adults[1], claim, period)
    claim.listings += _dependants(random, household, claim, period)


def _couple(random: Random, one: TruePerson, two: TruePerson, claim: OpenClaim, period: Period) -> list[Listing]:
    """A couple's roles; some exchange them between two monthly extracts."""
    last = claim.end or period.until
    days = (last - max(claim.start, period.first)).days
    if days < 60 or random.random() > 0.06:
        return [Listing(one, "claimant", claim.start, None), Listing(two, "partner", claim.start, None)]
    swap = max(claim.start, period.first) + timedelta(days=random.randrange(30, days))
    return [
        Listing(one, "claimant", claim.start, swap - _DAY), Listing(two, "partner", claim.start, swap - _DAY),
        Listing(two, "claimant", swap, None), Listing(one, "partner", swap, None),
    ]  # fmt: skip


def _leaves_school(random: Random, born: date) -> date:
    """The last day a young person counts as a dependant: 31 August after 16, 18 or 19."""
    age = random.choices((16, 18, 19), (0.18, 0.55, 0.27))[0]
    birthday = born.year + age + (1 if (born.month, born.day) > (8, 31) else 0)
    return date(birthday, 8, 31)


def _dependants(random: Random, household: Household, claim: OpenClaim, period: Period) -> list[Listing]:
    """The children as the claim lists them: late when newborn, until they leave school, and now and then never."""
    listings: list[Listing] = []
    never = 0.10 if household.arrangement == "kinship" else 0.022
    for child in household.children:
        if child.birth_date > period.until or random.random() < never:
            continue
        lag = 300 if random.random() < 0.04 else 7 + int(random.expovariate(1 / 35))
        start = max(claim.start, child.birth_date + timedelta(days=lag))
        if household.arrangement in ("kinship", "grandparent"):
            start = max(start, child.birth_date + timedelta(days=random.randrange(4000)))
        over = _leaves_school(random, child.birth_date)
        closing = claim.end or period.until
        if start > closing:
            continue
        if start > over:
            if random.random() < 0.6:
                listings.append(Listing(child, "non_dependant", start, None))
            continue
        if over >= closing:
            listings.append(Listing(child, "dependant", start, None))
            continue
        listings.append(Listing(child, "dependant", start, over))
        if random.random() < 0.6:
            listings.append(Listing(child, "non_dependant", over + _DAY, None))
    return listings


def _pay(random: Random, household: Household, claim: OpenClaim, period: Period) -> None:
    """Run the money of a claim, with moves and births, and tell the family what befell it."""
    first, last = max(claim.start, period.first), claim.end or period.until
    changes = draw_changes(random, claim.means, first, last, busy=household.strain, seasonal=household.seasonal)
    changes += [Change(e.day, "move") for e in household.events if e.kind in ("move", "homelessness")]
    claim.awards, events = run_awards(random, claim.means, claim.start, claim.end, changes)
    household.events += events
    if claim.start > period.first and claim.replaces is None:
        household.events.append(Event(claim.start, "award_start"))
    if claim.end is not None and claim.replaced_by is None and claim.end > period.first:
        household.events.append(Event(claim.end, "award_end"))


# --- claims with no child ----------------------------------------------------------------------------------


def open_childless_claim(
    random: Random,
    adults: list[TruePerson],
    stay: Stay,
    period: Period,
    numbers: ClaimNumbers,
    *,
    pensioner: bool,
    start: date | None = None,
) -> OpenClaim:
    """A claim of pensioners or of people with no child, which a study removes by a declared filter.

    ``start`` is drawn unless given; a claim with a given start runs on.
    """
    kind: ClaimKind = random.choices(("both", "ctr", "hb"), (0.45, 0.47, 0.08))[0]
    drawn, end, reason = _span(random, period)
    if start is None:
        start = drawn
    else:
        end, reason = None, ""
    means = make_means(random, kind, len(adults), 0, pensioner=pensioner)
    claim = OpenClaim(numbers.take(), kind, means, start, end, reason, None, [stay])
    claim.pensioner, claim.community = pensioner, adults[0].community
    roles: tuple[Role, ...] = ("claimant", "partner")
    claim.listings = [Listing(person, role, start, None) for person, role in zip(adults, roles, strict=False)]
    changes = draw_changes(random, means, max(start, period.first), end or period.until, busy=QUIET)
    claim.awards, events = run_awards(random, means, start, end, changes)
    claim.quiet_events = tuple(events)
    return claim
