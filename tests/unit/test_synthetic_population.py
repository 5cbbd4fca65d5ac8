"""The invented authority's people: the counts asked for, families that look like families, and a hazard that is really there."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from hearthlink.errors import WrongUse
from hearthlink.synthetic import Settings
from hearthlink.synthetic.referrals import month_of
from hearthlink.synthetic.synthesise import synthesise, wards
from hearthlink.synthetic.ward import make_ward, plan_wards
from hearthlink.synthetic.world import Ward

SMALL = Settings(children=240, households=560, seed=5)


@pytest.fixture(scope="module")
def town() -> tuple[Ward, ...]:
    return tuple(wards(Settings(seed=11)))


def people_of(settings: Settings, *, childless: bool = True) -> list[Ward]:
    """Every ward without circumstances, which move no person and no truth: see test_synthetic_circumstances."""
    return [make_ward(settings, plan, childless=childless, circumstances=False) for plan in plan_wards(settings)]


def test_same_settings_give_the_same_world() -> None:
    """Two makings from one seed are equal in every part, and another seed gives other people."""
    assert list(wards(SMALL)) == list(wards(SMALL))
    assert list(wards(SMALL)) != list(wards(replace(SMALL, seed=6)))


@pytest.mark.parametrize("children", [50, 240, 1300])
def test_referred_children_are_as_many_as_asked(children: int) -> None:
    """Children referred in the year are exactly the number asked, each with a record and one row of truth."""
    made = people_of(Settings(children=children, households=children * 2))
    truths = [truth for ward in made for truth in ward.truths]
    records = {record.legacy_id for ward in made for record in ward.care_records}
    assert len(truths) == children
    assert {truth.legacy_id for truth in truths} <= records
    assert len({truth.legacy_id for truth in truths}) == children


def test_households_with_children_are_nearly_as_asked(town: tuple[Ward, ...]) -> None:
    """Claims with children come within a few of the number asked, and as many again have none."""
    with_children = sum(claim.has_children for ward in town for claim in ward.claims)
    without = sum(not claim.has_children for ward in town for claim in ward.claims)
    assert abs(with_children - 5000) <= 25
    assert without >= 5000


@pytest.mark.parametrize("share", [0.2, 0.48, 0.7])
def test_realised_share_is_near_the_one_asked(share: float) -> None:
    """The share of born referred children in a household with a claim in payment is within two points of that asked."""
    made = people_of(Settings(children=600, households=1440, share=share))
    truths = [truth for ward in made for truth in ward.truths if truth.born]
    assert abs(sum(t.covered for t in truths) / len(truths) - share) < 0.02


def test_identifiers_are_unique_and_truth_points_at_real_members(town: tuple[Ward, ...]) -> None:
    """No two claims share a reference, and every listed child of the truth is a member of the claim it names."""
    claims = {claim.number: claim for ward in town for claim in ward.claims}
    references = [claim.household_reference for claim in claims.values()]
    assert len(set(references)) == len(references)
    for truth in (t for ward in town for t in ward.truths):
        assert bool(truth.households) == (truth.absent is None)
        for home in truth.households:
            claim = claims[home.claim]
            assert claim.household_reference == home.household_reference
            found = [m for m in claim.members if m.reference == home.member and m.person.number == truth.number]
            assert bool(found) == (home.member is not None)


def test_awards_lie_back_to_back_over_the_claim(town: tuple[Ward, ...]) -> None:
    """A claim's awards begin with it, follow one another without gap or overlap, and end with it."""
    for claim in (c for ward in town for c in ward.claims):
        assert claim.awards[0].start == claim.start
        assert claim.awards[-1].end == claim.end
        for one, two in pairwise(claim.awards):
            assert one.end is not None
            assert (two.start - one.end).days == 1


def test_members_and_addresses_stay_inside_the_claim(town: tuple[Ward, ...]) -> None:
    """Nobody is listed, and no address held, outside the days of the claim; and spans do not run backwards."""
    for claim in (c for ward in town for c in ward.claims):
        for span in (*claim.members, *claim.addresses):
            assert span.start >= claim.start
            assert span.end is None or span.start <= span.end
            assert claim.end is None or (span.end is not None and span.end <= claim.end)


def test_families_look_like_families(town: tuple[Ward, ...]) -> None:
    """Brothers and sisters differ in forename; some families have twins, several surnames, or a grandparent in charge."""
    families = [f for ward in town for f in ward.families if f.children and f.claims]
    for family in families:
        assert len({(c.forename, c.middle_name) for c in family.children}) == len(family.children)
        gaps = [(b.birth_date - a.birth_date).days for a, b in pairwise(family.children)]
        assert all(gap == 0 or gap > 270 for gap in gaps)
    twins = sum(any(a.birth_date == b.birth_date for a, b in pairwise(f.children)) for f in families)
    several = sum(len({c.surname for c in f.children}) > 1 for f in families)
    arrangements = Counter(f.arrangement for f in families)
    assert 0.01 < twins / len(families) < 0.05
    assert 0.10 < several / len(families) < 0.30
    assert all(arrangements[kind] for kind in ("lone", "couple", "step", "two_homes", "grandparent", "kinship"))


def test_every_kind_of_life_is_there(town: tuple[Ward, ...]) -> None:
    """Swapped roles, changed references, nil and suspended awards, shared addresses, the unborn and the absent all occur."""
    claims = [c for ward in town for c in ward.claims]
    truths = [t for ward in town for t in ward.truths]
    swapped = [
        c for c in claims if len({m.role for m in c.members if m.person.number == c.members[0].person.number}) > 1
    ]
    statuses = {status for c in claims for a in c.awards for status in (a.hb_status, a.ctr_status)}
    reasons = {t.absent for t in truths}
    lodgers = Counter(a.uprn for c in claims for a in c.addresses if a.kind in ("hostel", "temporary") and a.uprn)
    assert swapped
    assert any(c.replaced_by for c in claims)
    assert {"payment", "suspended", "nil", "ended", "none"} <= statuses
    assert {"no_claim", "universal_credit_only", "looked_after", "moved_away", "unaccompanied"} <= reasons
    assert max(lodgers.values()) >= 12
    assert 0.01 < sum(not t.born for t in truths) / len(truths) < 0.05
    assert any(home.in_payment and home.member is None for t in truths for home in t.households)
    assert any(len(t.households) == 2 for t in truths)


def test_census_dates_are_in_order(town: tuple[Ward, ...]) -> None:
    """Nothing precedes its referral or follows the year, and a closed episode has a reason and no later activity."""
    last = SMALL.year_end
    for referral in (r for ward in town for record in ward.care_records for r in record.referrals):
        days = [d for a in referral.assessments for d in (a.start, a.authorised) if d is not None]
        days += [d for e in referral.enquiries for d in (e.start, e.end, e.conference) if d is not None]
        days += [d for p in referral.plans for d in (p.start, p.end, *p.reviews) if d is not None]
        assert all(referral.day <= day <= last for day in days)
        assert bool(referral.closed) == bool(referral.closure_reason)
        assert referral.closed is None or all(day <= referral.closed <= last for day in days)
        assert referral.no_further_action or referral.primary_need


def _log_rate_ratio(made: list[Ward], settings: Settings) -> float:
    """Crude log ratio of first-referral rates, family-months after an event against the others."""
    start = month_of(settings.year_start)
    referred, months = Counter[bool](), Counter[bool]()
    for ward in made:
        day = {truth.number: truth.referral_day for truth in ward.truths}
        for family in (f for f in ward.families if f.claims and f.children):
            days = [day[c.number] for c in family.children if c.number in day]
            until = month_of(min(days)) - start if days else 11
            struck = {month_of(e.day) + lag for e in family.events for lag in range(settings.event_months + 1)}
            for month in range(until + 1):
                exposed = start + month in struck
                months[exposed] += 1
                referred[exposed] += bool(days) and month == until
    return math.log(referred[True] / months[True]) - math.log(referred[False] / months[False])


@pytest.mark.parametrize("effect", [0.0, 0.9])
def test_events_raise_the_hazard_by_what_is_asked(effect: float) -> None:
    """Referral follows events at the stated log rate ratio, and at none when none is asked."""
    settings = Settings(children=2600, households=6500, event_log_rate_ratio=effect, seed=3)
    found = _log_rate_ratio(people_of(settings, childless=False), settings)
    # About 150 referrals fall in exposed months, a standard error near 0.09; frailty draws the ratio down a little.
    assert abs(found - effect) < 0.3


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(
        b"".join(path.relative_to(folder).as_posix().encode() + path.read_bytes() for path in files)
    ).hexdigest()


def test_processes_do_not_change_a_byte(tmp_path: Path) -> None:
    """One process and two write the same bytes, and a smaller world leaves none of the larger one's files behind."""
    settings = Settings(children=900, households=1000, months=4)
    synthesise(tmp_path / "one", settings)
    synthesise(tmp_path / "two", replace(settings, months=6))
    synthesise(tmp_path / "two", settings, processes=2)
    assert _digest(tmp_path / "one") == _digest(tmp_path / "two")


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    """Synthesis refuses a folder that holds files it did not write."""
    (tmp_path / "other.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(WrongUse, match="did not write"):
        synthesise(tmp_path, SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["other.txt"]


@pytest.mark.parametrize(
    "change",
    [{"children": 49}, {"share": 1.2}, {"months": 0}, {"households": 10}, {"year": "2019"}, {"year": "2019-21"}],
)
def test_impossible_settings_are_refused(change: dict[str, int]) -> None:
    """Settings that no authority could have are a wrong use, told by the name of the setting."""
    with pytest.raises(WrongUse, match=next(iter(change))):
        next(wards(replace(SMALL, **change)))


def test_tables_only_writes_person_tables(tmp_path: Path) -> None:
    """The Parquet mode writes person tables and no export file, and counts the same children."""
    made = synthesise(tmp_path / "tables", SMALL, tables_only=True)
    assert made.tally.children == SMALL.children
    assert all(name.endswith(".parquet") for name in made.files)
