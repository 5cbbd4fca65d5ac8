"""The ways offices err: each at its rate, on those it can strike, and none at all when none is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from hearthlink.synthetic import Settings, recording
from hearthlink.synthetic.errors import PROCESSES, System, rates, struck
from hearthlink.synthetic.naming.communities import COMMUNITIES
from hearthlink.synthetic.naming.names import NICKNAMES, VARIANTS, adult_name, child_name
from hearthlink.synthetic.recording import Office
from hearthlink.synthetic.synthesise import wards
from hearthlink.synthetic.world import TruePerson

EVEN = Settings(unequal_errors=False)


@pytest.mark.parametrize("system", ["care", "benefits"])
def test_each_process_strikes_at_its_rate(system: System) -> None:
    """Over many draws every named process comes out near the rate in the table."""
    known, random, draws = rates(EVEN, system, "white_british"), Random(4), 60_000
    for field in known.names:
        found = Counter(struck(random, known, field) for _ in range(draws))
        for process in (p for p in PROCESSES if p.field == field):
            rate = process.care if system == "care" else process.benefits
            allowed = 5 * (max(rate, 1e-5) / draws) ** 0.5 + 1e-4
            assert abs(found[process.name] / draws - rate) < allowed, process.name


def test_rates_may_differ_by_community_and_may_not() -> None:
    """Unequal errors are commoner for some communities; equal ones are the same for all; the scale multiplies both."""
    unequal = {c.name: rates(Settings(), "care", c.name).cumulative["forename"][-1] for c in COMMUNITIES}
    equal = {rates(EVEN, "care", c.name).cumulative["forename"][-1] for c in COMMUNITIES}
    doubled = rates(replace(EVEN, error_scale=2.0), "care", "somali").cumulative["surname"][0]
    assert unequal["somali"] > unequal["white_british"]
    assert len(equal) == 1
    assert doubled == pytest.approx(2 * rates(EVEN, "care", "somali").cumulative["surname"][0])


def test_every_process_has_a_source_and_a_name_of_its_own() -> None:
    """No process lacks the ground for its rate, and no two share a name."""
    assert all(process.source for process in PROCESSES)
    assert len({process.name for process in PROCESSES}) == len(PROCESSES)


def test_no_errors_when_none_are_asked() -> None:
    """With the scale at nought, every recorded name, birth date and sex is the true one."""
    for ward in wards(Settings(children=120, households=300, error_scale=0.0)):
        people = {p.number: p for f in ward.families for p in (*f.adults, *f.children)}
        for claim in ward.claims:
            for member in claim.members:
                true = people.get(member.person.number)
                if true is not None:
                    assert member.person.errors in ((), ("truncated",))
                    assert member.person.birth_date == true.birth_date
                    assert member.person.surname == recording.plain_letters(true.surname).upper()[:32]


def test_errors_do_not_stir_the_people() -> None:
    """Changing the error scale leaves the true families and their claims' days as they were."""
    base = Settings(children=120, households=300)
    for one, two in zip(wards(base), wards(replace(base, error_scale=3.0)), strict=True):
        assert [f.children for f in one.families if f.claims] == [f.children for f in two.families if f.claims]
        assert sorted((c.number, c.start) for c in one.claims) == sorted((c.number, c.start) for c in two.claims)


def _person(forename: str, surname: str) -> TruePerson:
    return TruePerson(1, forename, "", surname, "", date(2010, 3, 4), False, "F", "WBRI", "white_british", ())


@pytest.mark.parametrize(("system", "limit"), [("care", 30), ("benefits", 32)])
def test_long_names_are_cut_where_each_system_cuts(system: System, limit: int) -> None:
    """Thirty characters in children's services, thirty-two in benefits, and the record says so."""
    office = Office(system, Settings(error_scale=0.0), Random(1))
    held = recording.person(office, _person("A" * 40, "B" * 40))
    assert (len(held.forename), len(held.surname)) == (limit, limit)
    assert "truncated" in held.errors


def test_the_unborn_have_neither_name_nor_date_nor_sex() -> None:
    """An unborn child's record holds a placeholder forename and no birth date or sex."""
    held = recording.person(Office("care", Settings(), Random(1)), _person("AAA", "SMITH"), unborn=True)
    assert (held.forename, held.birth_date, held.sex) == ("Unborn", None, "")


@pytest.mark.parametrize("community", [c.name for c in COMMUNITIES])
def test_every_community_can_name_a_family(community: str) -> None:
    """Each community gives parents and children full names, and siblings forenames of their own."""
    random, taken = Random(2), set[str]()
    father = adult_name(random, community, "M", 1980)
    mother = adult_name(random, community, "F", 1982, husband=father)
    for year in range(2003, 2019, 3):
        name = child_name(random, community, "M" if year % 2 else "F", date(year, 5, 6), mother, father, taken)
        assert name.forename
        assert name.surname
        taken.add(name.forename)


def test_variants_and_nicknames_lead_somewhere_else() -> None:
    """No name is listed as a variant or pet name of itself."""
    assert all(name not in forms for table in (VARIANTS, NICKNAMES) for name, forms in table.items())
