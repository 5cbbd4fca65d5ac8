"""Monthly Single Housing Benefit Extracts: 341 fields between pipes, as of the last Friday of each month (``domain.md`` 2.2).

A file is a header record H with the reference date in its third field, then for each claim a D record followed by an S
record for each dependant and non-dependant, and a trailer Z with the numbers of D, of S and of all records. Money is
whole pence a week; blank is missing. Fields are named here by their numbers in that list, counted from 1. Codes whose
meaning is not public are left blank.

A claim is in a file from the scan after it was received until the scan after it ended. The passport codes 1, 2, 3 and 5
are taken in the order of DWP's list of passporting benefits, since only 4, standard, is documented.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hearthlink.synthetic.money.policy_rates import upratings_between
from hearthlink.synthetic.world import (
    AUTHORITY_NAME,
    Award,
    AwardDetail,
    Claim,
    Member,
    RecordedAddress,
    Settings,
    Ward,
    address_lines,
)
from hearthlink.synthetic.writing.text import Part, dashed, in_force, pence

FIELDS = 341
PASSPORT = {
    "": "4",
    "income support": "1",
    "income-based jobseeker's allowance": "2",
    "income-related employment and support allowance": "3",
    "guarantee pension credit": "5",
}
STATUS = {"payment": "1", "suspended": "2"}
SIZED = frozenset({"council", "housing_association", "private"})
"""Tenures whose bedrooms the office needs to know: those under the size criteria or the local housing allowance."""
ACTIVE = frozenset({"payment", "suspended", "nil"})


@dataclass(frozen=True, slots=True)
class Spell:
    """A claim's time on Housing Benefit: first and last day, and the days on which what a record says may change."""

    claim: Claim
    start: date
    end: date | None
    changes: tuple[date, ...]


def scan_days(settings: Settings) -> tuple[date, ...]:
    """The last Friday of each month, oldest first."""
    return tuple(_last_friday(first) for first in settings.month_starts())


def file_name(scan: date) -> str:
    """The file of a month, relative to the out folder."""
    return f"in/shbe/SHBE_{scan.year}{scan.month:02}.txt"


def begin(settings: Settings) -> dict[str, bytes]:
    """Each month's header record."""
    return {
        file_name(scan): f"H|{AUTHORITY_NAME} made-up data|{dashed(scan)}|{settings.version}\n".encode()
        for scan in scan_days(settings)
    }


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The claims of one ward in every month's file."""
    scans = scan_days(settings)
    before = (_last_friday(settings.month_starts()[0] - timedelta(1)), *scans[:-1])
    lines: list[list[str]] = [[] for _ in scans]
    claims = [0] * len(scans)
    for spell in filter(None, map(_spell, ward.claims)):
        records, seen = (), (-1, -1)
        for month, (previous, scan) in enumerate(zip(before, scans, strict=True)):
            if not _on_file(spell, previous, scan):
                continue
            now = (bisect_right(spell.changes, previous), bisect_right(spell.changes, scan))
            if now != seen:
                records, seen = tuple(_records(spell, previous, scan)), now
            lines[month] += records
            claims[month] += 1
    return {
        file_name(scan): Part(("\n".join(text) + "\n" if text else "").encode(), (count, len(text) - count))
        for scan, text, count in zip(scans, lines, claims, strict=True)
    }


def end(settings: Settings, counts: Mapping[str, tuple[int, ...]]) -> dict[str, bytes]:
    """Each month's trailer: how many claims, members and records in all, these and the two at the ends."""
    trailers: dict[str, bytes] = {}
    for scan in scan_days(settings):
        claims, members = counts.get(file_name(scan), (0, 0))
        trailers[file_name(scan)] = f"Z|{claims}|{members}|{claims + members + 2}\n".encode()
    return trailers


def _last_friday(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    last = following - timedelta(1)
    return last - timedelta((last.weekday() - 4) % 7)


def _spell(claim: Claim) -> Spell | None:
    """The claim's Housing Benefit spell, or None where it never had any."""
    active = [award for award in claim.awards if award.hb_status in ACTIVE]
    if claim.hb_reference is None or not active:
        return None
    after = timedelta(1)
    changes = {claim.received, claim.decided}
    changes.update(award.start for award in claim.awards)
    changes.update(address.start for address in claim.addresses)
    changes.update(member.start for member in claim.members)
    changes.update(member.end for member in claim.members if member.end)
    changes.update(member.end + after for member in claim.members if member.end)
    final = active[-1].end
    if final:
        changes |= {final, final + after}
    return Spell(claim, active[0].start, final, tuple(sorted(changes)))


def _on_file(spell: Spell, previous: date, scan: date) -> bool:
    if scan < spell.claim.received or scan < spell.start:
        return False
    return spell.end is None or max(spell.end, spell.claim.decided) > previous


def _records(spell: Spell, previous: date, scan: date) -> Iterator[str]:
    """The D record and the S records, as the claim stands at the scan or on its last day if that was earlier."""
    claim = spell.claim
    day = scan if spell.end is None else min(scan, spell.end)
    listed = [m for m in claim.members if m.role in ("dependant", "non_dependant") and m.start <= day]
    live = [m for m in listed if m.end is None or m.end >= day]
    recent = [m for m in listed if m.end is None or m.end >= day or m.end > previous]
    award = _award(claim, day)
    yield "|".join(_claim_fields(spell, award, live, day, scan)[1:])
    deduction = award.non_dependant_deduction
    for member in recent:
        owed = 0
        if member.role == "non_dependant" and in_force(member.start, member.end, day):
            owed, deduction = deduction, 0
        yield _member(claim, member, day, owed)


def _award(claim: Claim, day: date) -> Award:
    starts = [award.start for award in claim.awards]
    return claim.awards[max(bisect_right(starts, day) - 1, 0)]


def _address(claim: Claim, day: date) -> RecordedAddress | None:
    begun = [address for address in claim.addresses if address.start <= day]
    return begun[-1] if begun else next(iter(claim.addresses), None)


def _holder(claim: Claim, role: str, day: date) -> Member | None:
    return next((m for m in claim.members if m.role == role and in_force(m.start, m.end, day)), None)


def _claim_fields(spell: Spell, award: Award, live: list[Member], day: date, scan: date) -> list[str]:
    """The fields of a D record, that of number n at index n; index 0 is not written."""
    claim = spell.claim
    fields = [""] * (FIELDS + 1)
    fields[1], fields[2], fields[3] = "D", claim.hb_reference or "", claim.ctr_reference or ""
    _identity(fields, claim, day)
    fields[9] = str(claim.tenure)
    fields[13] = str(sum(member.role == "dependant" for member in live))
    fields[14] = str(sum(member.role == "non_dependant" for member in live))
    decided = claim.decided <= scan
    closed = spell.end is not None and spell.end <= scan
    fields[33] = STATUS.get(award.hb_status, "0") if decided and not closed else "0"
    if claim.ctr_reference:
        fields[34] = STATUS.get(award.ctr_status, "0") if decided else "0"
    fields[35], fields[220] = dashed(claim.received), dashed(claim.received)
    if decided:
        fields[37] = dashed(claim.decided)
        _money(fields, claim, award)
    fields[41] = dashed(spell.start)
    if closed:
        fields[202], fields[210] = dashed(spell.end), claim.end_reason
    if award.start > spell.start:
        fields[251], fields[253] = dashed(min(_told(claim, award.start), scan)), dashed(award.start)
    _home(fields, claim, award)
    fields[247], fields[274] = str(claim.ethnic_code), "HEARTHLINK"
    return fields


def _told(claim: Claim, effective: date) -> date:
    """The day on which the office was told of a change: within four weeks of it, by no rule; of an uprating, on the day."""
    if upratings_between(effective - timedelta(1), effective):
        return effective
    return effective + timedelta((claim.number * 7 + effective.toordinal() * 13) % 29)


def _identity(fields: list[str], claim: Claim, day: date) -> None:
    """Claimant, partner and address, as they stand on the day."""
    claimant, partner = _holder(claim, "claimant", day), _holder(claim, "partner", day)
    fields[123] = "1" if partner else "0"
    if claimant:
        person = claimant.person
        fields[4], fields[5] = person.national_insurance_number, person.title
        fields[6], fields[7], fields[279] = person.surname, person.forename, person.middle_name
        fields[8], fields[177] = dashed(person.birth_date), person.sex
    if partner:
        person = partner.person
        fields[124], fields[126], fields[127] = dashed(partner.start), person.national_insurance_number, person.title
        fields[128], fields[129], fields[283] = person.surname, person.forename, person.middle_name
        fields[178], fields[213] = dashed(person.birth_date), person.sex
    address = _address(claim, day)
    if address:
        for number, line in zip((10, 280, 281, 282), address_lines(address), strict=False):
            fields[number] = line
        fields[11] = address.postcode


def _money(fields: list[str], claim: Claim, award: Award) -> None:
    """Award, rent, income and hours, in pence a week. A passported claim holds no line of income, nor hours."""
    fields[12] = PASSPORT[award.passport]
    fields[21] = str(award.size_criteria_reduction)
    fields[42] = str(award.benefit_cap_reduction)
    if award.hb_weekly is not None:
        fields[43] = str(award.hb_weekly)
        fields[50] = str(award.hb_weekly + award.benefit_cap_reduction)
    fields[53] = "1" if award.direct_to_landlord else ""
    fields[57] = fields[68] = pence(award.eligible_rent)
    fields[70] = str(award.discretionary_payment)
    fields[181], fields[182] = pence(award.contractual_rent), "1" if award.contractual_rent is not None else ""
    if award.passport:
        return
    gross = 78 if award.self_employed else 76
    fields[75] = pence(award.capital)
    fields[gross] = pence(award.claimant_earnings)
    fields[133] = pence(award.partner_earnings)
    fields[84], fields[98] = pence(award.child_benefit), pence(award.tax_credits)
    fields[99], fields[105] = pence(award.disability_benefit), pence(award.state_pension)
    fields[113] = pence(award.other_income)
    fields[241] = str(award.claimant_hours)
    if fields[123] == "1":
        fields[242] = str(award.partner_hours)
    if award.detail is not None:
        _income(fields, award, award.detail, gross)


def _income(fields: list[str], award: Award, detail: AwardDetail, gross: int) -> None:
    """What the income was worked out from: net earnings, disregards, and each benefit on a line of its own."""
    fields[30] = pence(detail.contribution_support)
    fields[73] = fields[74] = pence(detail.assessed)
    fields[gross + 1] = pence(detail.claimant_net)
    fields[80], fields[81] = pence(detail.earnings_disregard), pence(detail.disregarded)
    fields[89], fields[103] = pence(detail.contribution_jobseeker), pence(detail.carer)
    fields[99], fields[100] = pence(detail.care), pence(detail.mobility)
    fields[134] = pence(detail.partner_net)
    fields[185], fields[187] = pence(detail.maintenance), pence(detail.occupational_pension)
    named = (detail.contribution_support, detail.contribution_jobseeker, detail.carer, detail.maintenance,
             detail.occupational_pension)  # fmt: skip
    fields[113] = pence((award.other_income or 0) - sum(amount or 0 for amount in named))
    left_out = (award.child_benefit, detail.care, detail.mobility, detail.maintenance)
    fields[114] = str(sum(amount or 0 for amount in left_out))


def _home(fields: list[str], claim: Claim, award: Award) -> None:
    """Bedrooms and the local housing allowance, and what there is of premiums and recovery."""
    detail = award.detail
    if detail is None:
        fields[278] = str(claim.bedrooms)
        if claim.local_housing_allowance is not None:
            fields[62], fields[209] = "1", str(claim.local_housing_allowance)
            fields[206] = str(claim.bedrooms_entitled)
        return
    if detail.local_housing_allowance is not None:
        fields[62], fields[208], fields[209] = "1", "1", str(detail.local_housing_allowance)
        fields[206] = str(detail.entitled)
    if detail.tenure in SIZED:
        fields[278] = str(detail.bedrooms)
    fields[115:122] = map(str, detail.premiums)
    if award.hb_weekly is not None:
        fields[245] = str(max(award.hb_weekly - detail.recovery, 0))


def _member(claim: Claim, member: Member, day: date, deduction: int) -> str:
    """An S record: fields 1-3, 17 for a non-dependant's deduction, and 308-315; all others blank."""
    person = member.person
    kind = "1" if member.role == "dependant" else "2"
    left = dashed(member.end) if member.end is not None and member.end <= day else ""
    owed = str(deduction) if member.role == "non_dependant" else ""
    return (
        f"S|{claim.hb_reference or ''}|{claim.ctr_reference or ''}{'|' * 14}{owed}{'|' * 291}"
        f"{kind}|{member.reference}|{dashed(member.start)}|{left}|"
        f"{person.title}|{person.surname}|{person.forename}|{dashed(person.birth_date)}{'|' * 26}"
    )
