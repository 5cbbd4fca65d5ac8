"""The truth behind the exports, in a folder that evaluation alone opens: children, members and errors.

``children.csv`` has a row for each child referred in the year, as of their first referral. Its outcome is *listed* where
a true household's claim lists them that day, *unlisted* where they lived in one whose claim does not, and *none*
where they lived in none. ``household_id`` is the home whose claim lists them, the main home first; other true homes are in
``second_household_id``. ``member_key`` is the household and the member reference that the S record (field 309) and
``person_ref`` carry; name, birth date and start are as that record holds them. ``following_children.csv``, where the next
year is watched, has the same of the children first referred in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hearthlink.synthetic.world import Claim, LinkTruth, Member, Settings, TrueHousehold, Ward
from hearthlink.synthetic.writing.text import Part, in_force, iso, rows

CHILDREN = "truth/children.csv"
FOLLOWING = "truth/following_children.csv"
MEMBERS = "truth/members.csv"
ERRORS = "truth/errors.csv"

CHILD_COLUMNS = (
    "child_id",
    "person_id",
    "referral_date",
    "born",
    "outcome",
    "why",
    "household_id",
    "second_household_id",
    "member_key",
    "member_role",
    "member_forename",
    "member_surname",
    "member_birth_date",
    "member_start_date",
    "second_member_key",
    "on_benefit",
    "on_benefit_main_home",
    "family_number",
    "person_number",
    "community",
)
MEMBER_COLUMNS = (
    "household_id",
    "member_key",
    "role",
    "forename",
    "surname",
    "birth_date",
    "start_date",
    "end_date",
    "family_number",
    "person_number",
    "child_id",
)
ERROR_COLUMNS = ("system", "record_id", "about", "error")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is true of one child's link: outcome, its household and member record, and any others."""

    outcome: str
    household: TrueHousehold | None
    member: Member | None
    others: tuple[TrueHousehold, ...]


def begin(settings: Settings) -> dict[str, bytes]:
    """Each file with its header row."""
    opened = {CHILDREN: rows([CHILD_COLUMNS]), MEMBERS: rows([MEMBER_COLUMNS]), ERRORS: rows([ERROR_COLUMNS])}
    return opened | ({FOLLOWING: rows([CHILD_COLUMNS])} if settings.following else {})


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The truth of one ward."""
    claims = {claim.number: claim for claim in ward.claims}
    families = {child.number: family.number for family in ward.families for child in family.children}
    children = (_child(truth, claims, families) for truth in ward.truths)
    made = {CHILDREN: Part(rows(children)), MEMBERS: Part(rows(_members(ward))), ERRORS: Part(rows(_errors(ward)))}
    if settings.following:
        made[FOLLOWING] = Part(rows(_child(truth, claims, families) for truth in ward.following))
    return made


def answer(truth: LinkTruth, claims: dict[int, Claim]) -> Answer:
    """The true household and member record of a child: a listed one before an unlisted, the main home before another."""
    if not truth.households:
        return Answer("none", None, None, ())
    ordered = sorted(truth.households, key=lambda home: (home.member is None, not home.main_home))
    first = ordered[0]
    member = listed_member(claims[first.claim], first.member, truth.referral_day)
    return Answer("unlisted" if member is None else "listed", first, member, tuple(ordered[1:]))


def listed_member(claim: Claim, reference: str | None, day: date) -> Member | None:
    """The claim's record of a member as it stands on the day."""
    return next(
        (m for m in claim.members if m.reference == reference and in_force(m.start, m.end, day)),
        None,
    )


def member_key(household: TrueHousehold | None) -> str:
    """The name of a dependant's record in the files: the household, a bar and the member reference."""
    if household is None or household.member is None:
        return ""
    return f"{household.household_reference}|{household.member}"


def _child(truth: LinkTruth, claims: dict[int, Claim], families: dict[int, int]) -> tuple[object, ...]:
    found = answer(truth, claims)
    person = None if found.member is None else found.member.person
    return (
        truth.legacy_id,
        truth.person_id,
        iso(truth.referral_day),
        _flag(truth.born),
        found.outcome,
        truth.absent or "",
        "" if found.household is None else found.household.household_reference,
        ";".join(home.household_reference for home in found.others),
        member_key(found.household) if found.member else "",
        "" if found.member is None else found.member.role,
        "" if person is None else person.forename,
        "" if person is None else person.surname,
        "" if person is None else iso(person.birth_date),
        "" if found.member is None else iso(found.member.start),
        ";".join(filter(None, map(member_key, found.others))),
        _flag(truth.covered),
        _flag(truth.covered_main),
        families.get(truth.number, ""),
        truth.number,
        truth.community,
    )


def _flag(held: bool) -> str:
    return "true" if held else "false"


def _members(ward: Ward) -> Iterator[tuple[object, ...]]:
    children = {record.person.number: record.legacy_id for record in ward.care_records}
    for claim in ward.claims:
        household = claim.household_reference
        for member in claim.members:
            person = member.person
            yield (
                household,
                f"{household}|{member.reference}",
                member.role,
                person.forename,
                person.surname,
                iso(person.birth_date),
                iso(member.start),
                iso(member.end),
                claim.family,
                person.number,
                children.get(person.number, ""),
            )


def _errors(ward: Ward) -> Iterator[tuple[str, ...]]:
    """A row for each process that struck a record, once however many rows the record has."""
    for record in ward.care_records:
        struck = [("child", error) for error in record.person.errors]
        struck += [("address", error) for address in record.addresses for error in address.errors]
        struck += [("adult", error) for adult in record.adults for error in adult.person.errors]
        for about, error in struck:
            yield "children's services", record.legacy_id, about, error
    for claim in ward.claims:
        household = claim.household_reference
        listed = {m.reference: m for m in claim.members}
        for reference, member in listed.items():
            for error in member.person.errors:
                yield "benefits", f"{household}|{reference}", member.role, error
        for error in (error for address in claim.addresses for error in address.errors):
            yield "benefits", household, "address", error
