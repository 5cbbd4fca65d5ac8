"""What may be asked of the practice authority besides its size: layouts, the year that follows, months held back, corrections."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from hearthlink.errors import WrongUse
from hearthlink.synthetic import DEFAULT_LAYOUTS, PRACTICE_LAYOUTS, Settings, World
from hearthlink.synthetic.synthesise import synthesise, wards
from hearthlink.synthetic.world import Ward
from hearthlink.synthetic.writing.formats import LAYOUTS, chosen, layout_names, layouts_asked

SETTINGS = Settings(children=120, households=260, months=13, seed=5)
REVISED = Settings(children=400, households=900, months=13, seed=5)


@cache
def files(settings: Settings) -> Mapping[str, bytes]:
    """Every file of a small authority, as `synthesise` would write it."""
    whole: dict[str, bytes] = {}
    made = list(wards(settings))
    for form in chosen(settings):
        parts = [form.part(ward, settings) for ward in made]
        begun = form.begin(settings)
        counts = {
            name: tuple(map(sum, zip(*(part[name].counts for part in parts if name in part), strict=True)))
            for name in begun
        }
        ends = form.end(settings, counts)
        for name, opening in begun.items():
            whole[name] = opening + b"".join(p[name].body for p in parts if name in p) + ends.get(name, b"")
    return whole


def table(settings: Settings, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(files(settings)[name].decode()), strict=True))


# --- layouts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "more", "less"),
    [("", (), ()), ("mosaic", ("mosaic",), ()), ("mosaic,-ssd", ("mosaic",), ("ssd",)), ("-rent", (), ("rent",)), (" +mosaic , ", ("mosaic",), ())],
)  # fmt: skip
def test_layouts_are_the_default_ones_with_and_without_the_named(
    words: str, more: tuple[str, ...], less: tuple[str, ...]
) -> None:
    """A name adds a layout, a name after a minus leaves one out, and the order is that of the table."""
    found = layouts_asked(words)
    assert set(found) == {*PRACTICE_LAYOUTS, *more} - set(less)
    assert list(found) == [name for name in layout_names() if name in found]


def test_all_is_every_layout() -> None:
    """The word all asks for every layout, linking for those that linking needs, and one may still be left out or added."""
    assert layouts_asked("linking") == DEFAULT_LAYOUTS
    assert set(layouts_asked("linking,-ssd,mosaic")) == {*DEFAULT_LAYOUTS, "mosaic"} - {"ssd"}
    assert layouts_asked("all") == layout_names()
    assert set(layouts_asked("all,-rent")) == set(layout_names()) - {"rent"}


@pytest.mark.parametrize("words", ["rents", "-nothing", "linking,-cin,-ssd,-shbe,-cts,-geography"])
def test_a_layout_there_is_none_of_is_refused(words: str) -> None:
    """An unknown name, and asking for nothing at all, is a wrong use that lists or guesses the names."""
    with pytest.raises(WrongUse, match="layouts"):
        layouts_asked(words)


def test_layout_names_are_unique_and_none_is_written_unasked(tmp_path: Path) -> None:
    """Each layout has a name of its own, and a folder holds the layouts asked for and the truth."""
    assert len(set(layout_names())) == len(LAYOUTS)
    made = synthesise(tmp_path / "made", replace(SETTINGS, layouts=("cin", "rent")))
    assert {name.split("/")[0] for name in made.files} == {"in", "truth"}
    assert {name for name in made.files if name.startswith("in/")} == {
        "in/cin_2019_20.xml", "in/rent/tenagree.csv", "in/rent/rent_balance.csv",
    }  # fmt: skip


def test_a_further_layout_changes_no_other_file() -> None:
    """Every file of the default layouts, and the truth, is the same bytes beside any others."""
    money = tuple(
        name for name in layout_names() if name in ("rent", "universal_credit", "council_tax", "school_meals")
    )
    with_more = files(replace(SETTINGS, layouts=(*DEFAULT_LAYOUTS, *money)))
    for name, body in files(SETTINGS).items():
        assert with_more[name] == body, name


def test_every_money_layout_is_the_same_bytes_with_any_number_of_processes(tmp_path: Path) -> None:
    """One process and two write the same bytes of the optional layouts."""
    settings = Settings(
        children=60, households=2410, months=3, held_back=1, refresh=1,
        layouts=("universal_credit", "homelessness", "rent", "housing_payments", "council_tax", "school_meals"),
    )  # fmt: skip
    digests: list[str] = []
    for processes in (1, 2):
        made = synthesise(tmp_path / str(processes), settings, processes=processes)
        text = b"".join(name.encode() + (made.folder / name).read_bytes() for name in made.files)
        digests.append(hashlib.sha256(text).hexdigest())
    assert digests[0] == digests[1]


# --- the year that follows ---------------------------------------------------------------------------------------

FOLLOWED = replace(SETTINGS, months=36, following=True)


def test_the_year_that_follows_has_its_census_and_twelve_months_of_benefits() -> None:
    """With 36 months and the year that follows there are 48 monthly files and a second census, dated a year later."""
    found = files(FOLLOWED)
    months = sorted(name for name in found if name.startswith("in/shbe/"))
    assert (len(months), months[0], months[-1]) == (48, "in/shbe/SHBE_201704.txt", "in/shbe/SHBE_202103.txt")
    census = etree.fromstring(found["in/next_year/cin_2020_21.xml"])
    assert census.findtext(".//ReferenceDate") == "2021-03-31"
    assert "in/next_year/cin_2020_21.xml" not in files(SETTINGS)


def test_both_censuses_know_the_same_children_and_their_own_days() -> None:
    """Children whose episodes ran on are in both under one id; the first census knows nothing of the second's year."""
    first, second = (etree.fromstring(files(FOLLOWED)[f"in/{n}.xml"]) for n in ("cin_2019_20", "next_year/cin_2020_21"))
    ids = [{element.text for element in census.iter("LAchildID")} for census in (first, second)]
    assert len(ids[0] & ids[1]) > 20
    held = {row["pers_legacy_id"] for row in table(FOLLOWED, "in/ssd/ssd_person.csv")}
    assert ids[0] | ids[1] <= held
    for census, last in ((first, "2020-03-31"), (second, "2021-03-31")):
        days = [
            element.text or ""
            for element in census.iter()
            if isinstance(element.tag, str) and element.tag.endswith("Date")
        ]
        targets = {element.text for element in census.iter("InitialCPCtarget")}
        expected = {element.text for element in census.iter("ExpectedPersonBirthDate")}
        assert all(day <= last for day in days if day not in targets | expected)


def test_children_first_referred_in_the_next_year_have_a_truth_of_their_own() -> None:
    """Most of as many children are referred first in the next year, none of them is among those of the census year, and each is in its census."""
    year, following = table(FOLLOWED, "truth/children.csv"), table(FOLLOWED, "truth/following_children.csv")
    assert len(year) == SETTINGS.children
    assert SETTINGS.children / 2 < len(following) < SETTINGS.children * 1.2
    assert not {row["child_id"] for row in year} & {row["child_id"] for row in following}
    assert {row["referral_date"][:4] for row in following} <= {"2020", "2021"}
    census = etree.fromstring(files(FOLLOWED)["in/next_year/cin_2020_21.xml"])
    assert {row["child_id"] for row in following} <= {element.text for element in census.iter("LAchildID")}


def test_the_unborn_of_one_census_are_born_in_the_next() -> None:
    """A child expected in the first census is in the second, where it is in it at all, with a birth date and a sex."""
    made = files(replace(REVISED, following=True))
    first, second = (etree.fromstring(made[f"in/{n}.xml"]) for n in ("cin_2019_20", "next_year/cin_2020_21"))
    expected = {
        child.findtext(".//LAchildID") for child in first.iter("Child") if child.findtext(".//ExpectedPersonBirthDate")
    }
    later = [child for child in second.iter("Child") if child.findtext(".//LAchildID") in expected]
    assert later
    assert all(child.findtext(".//PersonBirthDate") for child in later)


# --- months held back, and corrections ------------------------------------------------------------------------------


def test_months_held_back_are_unwritten_and_change_no_month_before() -> None:
    """With a month held back the last file is missing, the others are the same bytes, and no period tells of later days."""
    whole, earlier = files(SETTINGS), files(replace(SETTINGS, held_back=1))
    assert set(whole) - set(earlier) == {"in/shbe/SHBE_202003.txt"}
    assert all(earlier[name] == whole[name] for name in earlier if name.startswith("in/shbe/") or name.endswith(".xml"))
    rows = table(replace(SETTINGS, held_back=1), "in/cts/household_period.csv")
    assert rows
    assert all(tuple(reversed(row["from_date"].split("/"))) <= ("2020", "02", "29") for row in rows)


def test_corrections_are_those_that_the_list_tells_of() -> None:
    """Every child and claim that differs after a round is on the list, and every record on it differs."""
    before, after = REVISED, replace(REVISED, refresh=1)
    changes = table(after, "truth/changes.csv")
    assert {row["what"] for row in changes} == {"added", "changed", "withdrawn"}
    told = {row["record_id"] for row in changes if row["system"] == "children's services"}
    assert told == _differing(before, after, "Child", "LAchildID")
    claims = {row["record_id"] for row in changes if row["system"] == "benefits" and row["what"] != "changed"}
    known = [{row["claim_ref"] for row in table(s, "in/cts/household_period.csv")} for s in (before, after)]
    assert known[0] ^ known[1] <= claims
    assert len(known[0] ^ known[1]) > len(claims) / 2


def _differing(one: Settings, two: Settings, tag: str, name: str) -> set[str]:
    """The ids of the census's children whose record in one file is not what it is in the other, or not there."""
    told: list[dict[str, bytes]] = []
    for settings in (one, two):
        census = etree.fromstring(files(settings)["in/cin_2019_20.xml"])
        told.append(
            {child.findtext(f".//{name}") or "": etree.tostring(child, with_tail=False) for child in census.iter(tag)}
        )
    names = {row["pers_legacy_id"]: row for row in table(one, "in/ssd/ssd_person.csv")}
    later = {row["pers_legacy_id"]: row for row in table(two, "in/ssd/ssd_person.csv")}
    return {
        child
        for child in {*told[0], *told[1], *names, *later}
        if told[0].get(child) != told[1].get(child) or _named(names, child) != _named(later, child)
    }


def _named(rows: Mapping[str, dict[str, str]], child: str) -> tuple[str, ...] | None:
    row = rows.get(child)
    return (
        None if row is None else (row["pers_forename"], row["pers_surname"], row["pers_dob"], row["pers_expected_dob"])
    )


def test_rounds_of_correction_add_up() -> None:
    """The second round's list begins with the first's, and the truth keeps step with both."""
    first, second = (table(replace(REVISED, refresh=n), "truth/changes.csv") for n in (1, 2))
    assert second[: len(first)] == first
    assert len(second) > len(first)
    census = etree.fromstring(files(replace(REVISED, refresh=2))["in/cin_2019_20.xml"])
    held = {element.text for element in census.iter("LAchildID")}
    assert {row["child_id"] for row in table(replace(REVISED, refresh=2), "truth/children.csv")} <= held


@pytest.mark.parametrize("change", [{"held_back": 13}, {"held_back": -1}, {"refresh": -1}, {"layouts": ("nothing",)}])
def test_what_cannot_be_asked_is_refused(change: dict[str, object]) -> None:
    """Impossible settings are a wrong use that names the setting."""
    with pytest.raises(WrongUse, match=next(iter(change))):
        next(wards(replace(SETTINGS, **change)))  # pyright: ignore[reportArgumentType]


# --- worlds that may fool an analysis -------------------------------------------------------------------------------

NO_EFFECT = Settings(children=300, households=900, months=24, seed=5, event_log_rate_ratio=0.0, layouts=("cin",))


def _made(world: World) -> tuple[Ward, ...]:
    return tuple(wards(replace(NO_EFFECT, world=world)))


def _first_days(made: tuple[Ward, ...]) -> dict[int, date]:
    """The first referral day of each family that was referred in the year."""
    day = {truth.number: truth.referral_day for ward in made for truth in ward.truths}
    found: dict[int, date] = {}
    for family in (family for ward in made for family in ward.families):
        days = [day[child.number] for child in family.children if child.number in day]
        if days:
            found[family.number] = min(days)
    return found


def _days_after(made: tuple[Ward, ...], kind: str) -> list[int]:
    """How long after each referred family's first referral an event of the kind befell it; before it, below nought."""
    first = _first_days(made)
    events = ((family, event) for ward in made for family in ward.families for event in family.events)
    return [(e.day - first[f.number]).days for f, e in events if e.kind == kind and f.number in first]


def test_in_a_world_of_seasons_events_and_referrals_come_in_autumn() -> None:
    """September to November hold far more of both than their share of the year."""
    made = _made("seasons")
    drawn = [
        e.day for w in made for f in w.families for e in f.events if e.kind in ("suspension", "arrears", "job_loss")
    ]
    covered = [truth.referral_day for ward in made for truth in ward.truths if truth.covered]
    for days in (drawn, covered):
        assert sum(day.month in (9, 10, 11) for day in days) / len(days) > 0.36


def test_in_a_world_of_strain_the_families_with_more_events_are_referred_more() -> None:
    """With no effect, referred families have more events than others, though each event raises nothing."""
    made = _made("confounding")
    referred = _first_days(made)
    counts = {True: [0, 0], False: [0, 0]}
    for family in (f for ward in made for f in ward.families if f.claims and f.children):
        counts[family.number in referred][0] += sum(e.kind in ("suspension", "arrears") for e in family.events)
        counts[family.number in referred][1] += 1
    rates = {known: events / families for known, (events, families) in counts.items()}
    assert rates[True] > 1.4 * rates[False]


def test_in_a_world_of_aftermath_suspensions_follow_referrals() -> None:
    """Suspensions are many times as common in the seven weeks after a referral as in those before, and raise nothing."""
    made = _made("aftermath")
    days = _days_after(made, "suspension")
    after, before = sum(0 < day <= 49 for day in days), sum(-49 <= day < 0 for day in days)
    assert after > 5 * max(before, 1)
    assert any(not e.raises for ward in made for f in ward.families for e in f.events)
    for claim in (claim for ward in made for claim in ward.claims):
        assert all(two.start - one.end == timedelta(days=1) for one, two in pairwise(claim.awards) if one.end)


def test_in_a_world_of_late_claims_claims_start_within_a_month_of_referral() -> None:
    """Families without a claim begin one after their referral, and their children stay without one on the day."""
    made = _made("late_claims")
    days = _days_after(made, "award_start")
    after, before = sum(0 < day <= 30 for day in days), sum(-30 <= day < 0 for day in days)
    assert after > 10
    assert after > 3 * before
    late = [f.number for w in made for f in w.families if f.claims and any(not e.raises for e in f.events)]
    assert late
    absent = {truth.number: truth.absent for ward in made for truth in ward.truths}
    children = [
        absent[c.number] for w in made for f in w.families if f.number in late for c in f.children if c.number in absent
    ]
    assert set(children) <= {"no_claim", "unborn"}


def test_in_a_world_of_backdating_claims_begin_before_the_referral_that_they_came_of() -> None:
    """Claims that begin in the weeks before a referral and were received after it are many, and raise nothing."""
    made = _made("backdated")
    first = _first_days(made)
    claims = [c for ward in made for c in ward.claims if c.family in first]
    late = [c for c in claims if c.start < first[c.family] < c.received]
    assert len(late) > 15
    assert all(c.decided > c.received for c in late)
    covered = {truth.number: truth.covered for ward in made for truth in ward.truths}
    families = {c.family for c in late}
    assert any(
        covered.get(child.number) for w in made for f in w.families if f.number in families for child in f.children
    )


def test_the_truth_says_what_raises_referral() -> None:
    """Each event's ratio is the one asked for, but for those that come of a referral and those drawn as placebos."""
    settings = replace(NO_EFFECT, event_log_rate_ratio=0.9, world="aftermath")
    rows = table(settings, "truth/events.csv")
    assert {(row["log_rate_ratio"], row["placebo"]) for row in rows} == {("0.9", "false"), ("0", "true")}
    assert {row["event"] for row in rows if row["placebo"] == "false"} >= {"suspension", "job_loss", "arrears", "move"}
    assert {row["event"] for row in rows if row["placebo"] == "true"} >= {
        "suspension",
        "pay_rise",
        "overpayment_recovery",
    }


@pytest.mark.parametrize("world", ["plain", "seasons", "confounding", "aftermath", "late_claims", "backdated"])
@pytest.mark.parametrize("size", [(50, 50), (50, 60)])
def test_the_smallest_authority_can_be_written_whole(world: World, size: tuple[int, int]) -> None:
    """Fifty children, every layout, the year that follows, and two rounds of correction make every file, in every world."""
    settings = Settings(
        children=size[0], households=size[1], months=2, following=True, refresh=2, seed=size[1], world=world,
        layouts=layout_names(),
    )  # fmt: skip
    made = files(settings)
    assert {"in/rent/tenagree.csv", "in/next_year/cin_2020_21.xml", "truth/changes.csv"} <= set(made)
    assert all(body.endswith(b"\n") for name, body in made.items() if name.endswith((".csv", ".txt")))
