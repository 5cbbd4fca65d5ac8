"""The truth of what befell each household and how it lived, for whoever judges an analysis of what came before referrals.

``truth/events.csv`` has a row for each event. ``log_rate_ratio`` is what the event adds to the log of the family's hazard of
referral in its month and the ``Settings.event_months`` after it; a ``placebo`` adds nothing, whatever is asked. Where
``household_id`` is blank the family had no claim. ``truth/states.csv`` has the true circumstances of each claim with children over
each stretch in which none changed, passported or not: weekly pence, before housing costs. ``truth/changes.csv``, where rounds
of corrections were asked for, lists what they added, changed and withdrew.
"""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.synthetic.world import Award, Claim, Event, Family, Settings, Ward
from hearthlink.synthetic.writing.text import Part, iso, pence, rows

EVENTS = "truth/events.csv"
STATES = "truth/states.csv"
CHANGES = "truth/changes.csv"
CHANGE_COLUMNS = ("refresh", "system", "record_id", "what", "about")
EVENT_COLUMNS = ("household_id", "family_number", "day", "event", "log_rate_ratio", "placebo")
STATE_COLUMNS = (
    "household_id",
    "family_number",
    "from",
    "to",
    "tenure",
    "rent",
    "bedrooms",
    "bedrooms_needed",
    "overcrowded",
    "workless",
    "passported",
    "universal_credit",
    "income_before_housing_costs",
    "housing_support",
    "council_tax_owed",
    "recovery_stage",
)


def begin(settings: Settings) -> dict[str, bytes]:
    """Each file with its header row."""
    opened = {EVENTS: rows([EVENT_COLUMNS]), STATES: rows([STATE_COLUMNS])}
    return opened | ({CHANGES: rows([CHANGE_COLUMNS])} if settings.refresh else {})


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The events and states of one ward, in the order of families and claims."""
    claims = {claim.number: claim for claim in ward.claims}
    ordered = sorted(ward.claims, key=lambda claim: claim.number)
    made = {
        EVENTS: Part(rows(_events(ward, claims, settings))),
        STATES: Part(rows(row for claim in ordered if claim.has_children for row in _states(claim, settings))),
    }
    if settings.refresh:
        made[CHANGES] = Part(rows((c.refresh, c.system, c.record, c.what, c.about) for c in ward.changes))
    return made


def _events(ward: Ward, claims: dict[int, Claim], settings: Settings) -> Iterator[tuple[object, ...]]:
    effect = f"{settings.event_log_rate_ratio:g}"
    for family in ward.families:
        for event in family.events:
            household = _household(family, event, claims)
            yield (
                household,
                family.number,
                iso(event.day),
                event.kind,
                effect if event.raises else "0",
                _flag(not event.raises),
            )
    for one in ward.circumstances:
        claim = claims.get(one.claim)
        if not one.family:
            continue
        reference = claim.household_reference if claim is not None else ""
        for trace in one.traces:
            yield reference, one.family, iso(trace.day), trace.kind, "0", "true"


def _household(family: Family, event: Event, claims: dict[int, Claim]) -> str:
    """The claim that an event befell: one that ran that day, or the family's first."""
    held = [claims[number] for number in family.claims if number in claims]
    running = [claim for claim in held if claim.start <= event.day and (claim.end is None or event.day <= claim.end)]
    return next((claim.household_reference for claim in (*running, *held)), "")


def _states(claim: Claim, settings: Settings) -> Iterator[tuple[object, ...]]:
    first = settings.month_starts()[0]
    for award in claim.awards:
        detail = award.detail
        if detail is None or (award.end is not None and award.end < first) or award.start > settings.watched_until:
            continue
        earned = award.claimant_earnings or award.partner_earnings
        yield (
            claim.household_reference, claim.family, iso(award.start), iso(award.end), detail.tenure, detail.rent,
            detail.bedrooms, detail.needed, _flag(detail.bedrooms < detail.needed), _flag(not earned),
            _flag(bool(award.passport)), _flag(award.universal_credit), _income(award), pence(award.hb_weekly),
            award.council_tax_balance, award.recovery_stage,
        )  # fmt: skip


def _income(award: Award) -> int:
    """Income before housing costs: what comes in, Housing Benefit with it. A passported household has what the law says it needs."""
    detail = award.detail
    if detail is None:
        return 0
    if award.passport:
        return detail.applicable + (award.hb_weekly or 0)
    lines = (
        detail.claimant_net, detail.partner_net, award.tax_credits, award.child_benefit, award.disability_benefit,
        award.state_pension, award.other_income, award.hb_weekly, award.universal_credit_weekly,
    )  # fmt: skip
    return sum(line or 0 for line in lines)


def _flag(held: bool) -> str:
    return "true" if held else "false"
