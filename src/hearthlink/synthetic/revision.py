"""The same authority's records after rounds of correction: some added, some changed, some withdrawn, and a list of which.

Each round has a stream of its own, so that the records of round two are those of round one, corrected again. The truth of the
link is kept in step: a child withdrawn leaves it, a child added joins it, and a claim found late covers whom it lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hearthlink.synthetic import recording
from hearthlink.synthetic.pathways import working_days
from hearthlink.synthetic.recording import Office
from hearthlink.synthetic.streams import stream
from hearthlink.synthetic.world import (
    Award,
    CareRecord,
    Change,
    Claim,
    Family,
    LinkTruth,
    Member,
    Referral,
    Role,
    Settings,
    TrueHousehold,
    TruePerson,
    Ward,
)

CHILD_WITHDRAWN, CHILD_CHANGED, SIBLING_ADDED = 0.006, 0.025, 0.04
CLAIM_WITHDRAWN, CLAIM_CHANGED, CLAIM_ADDED = 0.003, 0.012, 0.03
CARE, BENEFITS = "children's services", "benefits"
_DAY = timedelta(days=1)


def revised(ward: Ward, settings: Settings) -> Ward:
    """The ward after `Settings.refresh` rounds; the very same where there is none."""
    for number in range(1, settings.refresh + 1):
        ward = _Round(ward, settings, number, stream(settings, ward.number, f"refresh {number}")).corrected()
    return ward


@dataclass(slots=True)
class _Round:
    """One round of corrections over one ward."""

    ward: Ward
    settings: Settings
    number: int
    random: Random

    def corrected(self) -> Ward:
        """The ward after this round."""
        ward, people = self.ward, _people(self.ward)
        records, gone, changes = self._records(people)
        truths = [truth for truth in ward.truths if truth.legacy_id not in gone]
        following = tuple(truth for truth in ward.following if truth.legacy_id not in gone)
        for record, truth in self._siblings(records, truths, people):
            records.append(record)
            truths.append(truth)
            changes.append(self._change(CARE, record.legacy_id, "added", "child"))
        claims, told = self._claims(people)
        changes += told
        for claim, truth in self._late_claims(truths):
            claims.append(claim)
            truths = [_covered(one, claim) if one.number == truth.number else one for one in truths]
            changes.append(self._change(BENEFITS, claim.household_reference, "added", "claim"))
        there = {claim.number for claim in claims}
        ordered = tuple(sorted(truths, key=lambda truth: truth.person_id))
        return replace(
            ward, care_records=tuple(records), truths=ordered, following=following, claims=tuple(claims),
            circumstances=tuple(one for one in ward.circumstances if not one.claim or one.claim in there),
            changes=(*ward.changes, *changes),
        )  # fmt: skip

    def _change(self, system: str, record: str, what: str, about: str) -> Change:
        return Change(self.number, system, record, what, about)

    # --- children's services --------------------------------------------------------------------------

    def _records(self, people: dict[int, TruePerson]) -> tuple[list[CareRecord], set[str], list[Change]]:
        """The records left, those withdrawn by their id, and what is to be told of both."""
        kept: list[CareRecord] = []
        gone: set[str] = set()
        changes: list[Change] = []
        for record in self.ward.care_records:
            chance = self.random.random()
            if chance < CHILD_WITHDRAWN:
                gone.add(record.legacy_id)
                changes.append(self._change(CARE, record.legacy_id, "withdrawn", "child"))
                continue
            if chance < CHILD_WITHDRAWN + CHILD_CHANGED:
                mended, about = self._mended(record, people.get(record.person.number))
                if about:
                    changes.append(self._change(CARE, record.legacy_id, "changed", about))
                kept.append(mended)
            else:
                kept.append(record)
        return kept, gone, changes

    def _mended(self, record: CareRecord, true: TruePerson | None) -> tuple[CareRecord, str]:
        """The record with one thing put right, and what: a name or birth date that was wrong, else the need first recorded."""
        person = record.person
        if true is not None and record.expected_birth_date is None:
            if person.errors and (person.forename, person.surname) != (true.forename, true.surname):
                right = replace(person, forename=true.forename, surname=true.surname, errors=())
                return replace(record, person=right), "name"
            if person.birth_date != true.birth_date:
                right = replace(person, birth_date=true.birth_date, errors=())
                return replace(record, person=right, birth_date_estimated=False), "birth date"
        for place, referral in enumerate(record.referrals):
            if not referral.no_further_action and referral.primary_need in ("N1", "N4", "N5"):
                need = {"N1": "N5", "N4": "N1", "N5": "N4"}[referral.primary_need]
                mended = (
                    *record.referrals[:place],
                    replace(referral, primary_need=need),
                    *record.referrals[place + 1 :],
                )
                return replace(record, referrals=mended), "primary need"
        return record, ""

    def _siblings(
        self, records: list[CareRecord], truths: list[LinkTruth], people: dict[int, TruePerson]
    ) -> Iterator[tuple[CareRecord, LinkTruth]]:
        """Referrals entered late: a brother or sister listed on the same claim, referred on the same day."""
        held = {record.person.number for record in records}
        by_id = {record.legacy_id: record for record in records}
        claims = {claim.number: claim for claim in self.ward.claims}
        count = 0
        for truth in truths:
            if not truth.households or self.random.random() > SIBLING_ADDED:
                continue
            day = truth.referral_day
            for member in claims[truth.households[0].claim].members:
                child = people.get(member.person.number)
                if child is None or child.number in held or not _dependant_on(member, day) or child.birth_date > day:
                    continue
                count += 1
                held.add(child.number)
                yield self._sibling(by_id[truth.legacy_id], truth, child, count, claims)
                break

    def _sibling(
        self, like: CareRecord, truth: LinkTruth, child: TruePerson, count: int, claims: dict[int, Claim]
    ) -> tuple[CareRecord, LinkTruth]:
        ward, day = self.ward.number, truth.referral_day
        number = ward * 100_000 + 90_000 + self.number * 500 + count
        first = next(referral for referral in like.referrals if referral.day == day)
        late = Referral(
            f"{ward + 1:04d}9{self.number:02d}{count:03d}", day, first.source, first.primary_need, True,
            min(working_days(day, 2), self.settings.year_end), "RC7", None, (), (), (),
        )  # fmt: skip
        office = Office("care", self.settings, self.random)
        record = replace(
            like, person_id=str(10_000_000 + number), legacy_id=f"4{number * 6367 % 999_999_937:09d}",
            person=recording.person(office, child), expected_birth_date=None, death_date=None, birth_date_estimated=False,
            ethnicity=child.ethnicity, disabilities=(), upn="", former_upn="", upn_unknown="UN7", nhs_number="",
            referrals=(late,), cin_plans=(), looked_after=(),
        )  # fmt: skip
        homes = tuple(
            replace(home, member=listed.reference, role=listed.role, member_errors=listed.person.errors)
            for home in truth.households
            for listed in claims[home.claim].members
            if listed.person.number == child.number and _dependant_on(listed, day)
        )
        return record, replace(
            truth, number=child.number, person_id=record.person_id, legacy_id=record.legacy_id, born=True, households=homes,
            covered=any(home.in_payment for home in homes),
            covered_main=any(home.in_payment and home.main_home for home in homes), community=child.community,
            care_errors=record.person.errors,
        )  # fmt: skip

    # --- benefits -------------------------------------------------------------------------------------

    def _claims(self, people: dict[int, TruePerson]) -> tuple[list[Claim], list[Change]]:
        """The claims left and what is to be told. A claim that covers a referred child is never withdrawn."""
        needed = {home.claim for truth in (*self.ward.truths, *self.ward.following) for home in truth.households}
        kept: list[Claim] = []
        changes: list[Change] = []
        for claim in self.ward.claims:
            chance = self.random.random()
            if chance < CLAIM_WITHDRAWN and claim.number not in needed and claim.replaced_by is None:
                changes.append(self._change(BENEFITS, claim.household_reference, "withdrawn", "claim"))
                continue
            if chance > 1 - CLAIM_CHANGED:
                right, about = self._put_right(claim, people)
                changes.append(self._change(BENEFITS, claim.household_reference, "changed", about))
                kept.append(right)
            else:
                kept.append(claim)
        return kept, changes

    def _put_right(self, claim: Claim, people: dict[int, TruePerson]) -> tuple[Claim, str]:
        """The claim with a member's birth date put right where one is wrong, else with its latest award reassessed."""
        for place, member in enumerate(claim.members):
            true = people.get(member.person.number)
            if true is not None and member.person.birth_date not in (true.birth_date, None):
                right = replace(member, person=replace(member.person, birth_date=true.birth_date))
                return replace(
                    claim, members=(*claim.members[:place], right, *claim.members[place + 1 :])
                ), "birth date"
        *before, last = claim.awards
        extra = self.random.randrange(100, 900)
        weekly = {
            name: getattr(last, name) + extra
            for name, status in (("hb_weekly", last.hb_status), ("ctr_weekly", last.ctr_status))
            if status == "payment" and getattr(last, name) is not None
        }
        return replace(claim, awards=(*before, replace(last, **weekly))), "award"

    def _late_claims(self, truths: list[LinkTruth]) -> Iterator[tuple[Claim, LinkTruth]]:
        """Claims entered late, back to a month before the referral of a child who seemed to have none."""
        families = {child.number: family for family in self.ward.families for child in family.children}
        done: set[int] = set()
        for truth in truths:
            family = families.get(truth.number)
            if truth.absent != "no_claim" or family is None or family.claims or self.random.random() > CLAIM_ADDED:
                continue
            if family.number in done or not family.adults:
                continue
            done.add(family.number)
            yield self._late_claim(family, truth.referral_day - timedelta(days=30), len(done)), truth

    def _late_claim(self, family: Family, start: date, count: int) -> Claim:
        number = (self.ward.number + 1) * 100_000 + 90_000 + self.number * 500 + count
        office = Office("benefits", self.settings, self.random)
        people: list[tuple[TruePerson, Role]] = [(family.adults[0], "claimant")]
        people.extend((partner, "partner") for partner in family.adults[1:2])
        people.extend((child, "dependant") for child in family.children if child.birth_date <= start)
        members = tuple(
            Member(f"{number}{place:02d}", role, recording.person(office, person), start, None, 0, False)
            for place, (person, role) in enumerate(people, 2)
        )
        stay = next((stay for stay in reversed(family.stays) if stay.start <= start), family.stays[0])
        address = recording.address(office, stay.address, family.adults[0].community, start, None)
        award = Award(
            start, None, "none", "payment", None, 1500, None, None, 0, 0, 0, 0, "", False, None, 12000, None, False, 16, 0,
            None, None, None, None, None, 0, 0, "", 0, False,
        )  # fmt: skip
        return Claim(
            number, None, f"3{(number * 7919 + 12345) % 1_000_000_007:010d}", family.number, members, (address,), (award,),
            start, None, start + timedelta(days=40), start + timedelta(days=60), "", 7, None, 2, 2,
            f"8{number * 31 % 1_000_000_007:010d}", 99, True, False, None,
        )  # fmt: skip


def _people(ward: Ward) -> dict[int, TruePerson]:
    return {person.number: person for family in ward.families for person in (*family.adults, *family.children)}


def _dependant_on(member: Member, day: date) -> bool:
    return member.role == "dependant" and member.start <= day and (member.end is None or member.end >= day)


def _covered(truth: LinkTruth, claim: Claim) -> LinkTruth:
    """The truth of a child whose household's claim was entered late."""
    listed = next((m for m in claim.members if m.person.number == truth.number), None)
    home = TrueHousehold(
        claim.number, claim.household_reference, listed.reference if listed else None, listed.role if listed else None,
        True, True, listed.person.errors if listed else (),
    )  # fmt: skip
    return replace(truth, households=(home,), absent=None, covered=True, covered_main=True)
