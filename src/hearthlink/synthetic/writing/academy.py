"""Claims as the tables of an Academy database (``domain.md`` 2.3), one CSV a table.

Any change of circumstances begins another split (``house_id``), in which every member stands again; what still runs ends on 31 December
2099; dates are texts with a time; names are cut at 32 letters. A claim's reference as people see it is claim_id and check_digit together.
Only a suspension that still lasts can be told, for Academy keeps the day of the present one alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from hearthlink.synthetic.world import Award, Claim, Member, RecordedAddress, Settings, Ward, address_lines
from hearthlink.synthetic.writing.text import Part, in_force, midnight, pounds, rows

OPEN = date(2099, 12, 31)
CUT = 32
ACTIVE = frozenset({"payment", "suspended", "nil"})
TYPES = {"claimant": "1", "partner": "2", "dependant": "3", "non_dependant": "4"}
INCOMES = {
    "WAG": "WAGES AND EARNINGS (NET)", "CHB": "CHILD BENEFIT", "TXC": "TAX CREDITS", "DLA": "DLA OR PIP", "SRP": "STATE PENSION",
    "OTH": "OTHER INCOME", "UCR": "UNIVERSAL CREDIT",
}  # fmt: skip
COLUMNS = {
    "hbclaim": (
        "claim_id", "check_digit", "status_ind", "application_date", "applic_recvd_date", "cancel_date", "suspend_pay_ind",
        "hb_suspend_date", "ctb_suspend_date", "susp_reason_code", "hb_end_reason", "ctb_end_reason", "nino", "ethnic_id",
    ),
    "hbhousehold": (
        "claim_id", "house_id", "from_date", "to_date", "inc_supp_ind", "addr1", "addr2", "addr3", "addr4", "post_code", "uprn",
    ),
    "hbmember": (
        "claim_id", "house_id", "member_id", "person_ref", "name", "surname", "title", "forename", "type", "birth_date", "gender",
        "nino", "hours_worked", "disable_ind",
    ),
    "hbincome": ("claim_id", "house_id", "inc_code", "inc_amt", "freq_len", "freq_period"),
    "hbinccode": ("inc_code", "descrip1"),
    "hbrentass": ("claim_id", "from_date", "to_date", "type_ind", "dhp_ind", "model_amt"),
    "hbctaxass": ("claim_id", "from_date", "to_date", "type_ind", "model_amt"),
    "hbctaxclaim": ("claim_id", "ctax_ref"),
    "ctaccount": ("account_ref", "account_cd", "lead_liab_name"),
    "ctproperty": ("property_ref", "addr1", "postcode", "no_beds", "uprn"),
    "ctoccupation": ("account_ref", "property_ref", "occupation_date", "vacation_date", "live_ind"),
    "vw_acc_bal": ("account_ref", "balance"),
}  # fmt: skip
Row = tuple[object, ...]


def path(table: str) -> str:
    """The file of a table, relative to the out folder."""
    return f"in/academy/{table}.csv"


def begin(settings: Settings) -> dict[str, bytes]:
    """Every table with its header row; the income codes are the same for all."""
    begun = {path(table): rows([columns]) for table, columns in COLUMNS.items()}
    begun[path("hbinccode")] += rows(INCOMES.items())
    return begun


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The claims of one ward that ran within the months asked for."""
    first, last = settings.month_starts()[0], settings.extracted
    held: dict[str, list[Row]] = {table: [] for table in COLUMNS if table != "hbinccode"}
    for claim in ward.claims:
        if claim.start <= last and (claim.end is None or claim.end >= first):
            for table, row in _claim(claim, last):
                held[table].append(row)
    return {path(table): Part(rows(lines)) for table, lines in held.items()}


def _claim(claim: Claim, last: date) -> Iterator[tuple[str, Row]]:
    reference = claim.household_reference
    number = reference[:-1]
    yield "hbclaim", _head(claim, number, reference[-1], last)
    for house, (start, end) in enumerate(_splits(claim, last), 1):
        award = _award(claim, start)
        yield "hbhousehold", _split(claim, number, house, start, end, award)
        for place, member in enumerate((m for m in claim.members if in_force(m.start, m.end, start)), 1):
            yield "hbmember", _member(number, house, place, member)
        yield from (("hbincome", (number, house, *income)) for income in _incomes(award))
    for award in (award for award in claim.awards if award.start <= last):
        yield from _assessments(claim, number, award, last)
    if claim.ctr_reference:
        yield from _account(claim, number, last)


def _splits(claim: Claim, last: date) -> Iterator[tuple[date, date | None]]:
    after = timedelta(1)
    changes = {award.start for award in claim.awards} | {address.start for address in claim.addresses}
    for member in claim.members:
        changes.add(member.start)
        if member.end:
            changes.add(member.end + after)
    until = claim.end if claim.end and claim.end <= last else None
    within = sorted(day for day in changes if claim.start < day <= (until or last))
    for start, following in pairwise((claim.start, *within, None)):
        if start is not None:
            yield start, following - after if following else until


def _head(claim: Claim, number: str, digit: str, last: date) -> Row:
    award = _award(claim, last)
    over = claim.end is not None and claim.end <= last
    hb, ctr = (status == "suspended" and not over for status in (award.hb_status, award.ctr_status))
    claimant = [m for m in claim.members if m.role == "claimant" and m.start <= last]
    return (
        number,
        digit,
        "C" if over else "L",
        midnight(claim.received),
        midnight(claim.received),
        midnight(claim.end) if over else "",
        "Y" if hb or ctr else "N",
        midnight(award.start) if hb else "",
        midnight(award.start) if ctr else "",
        "INFO" if hb or ctr else "",
        claim.end_reason if over and claim.hb_reference else "",
        claim.end_reason if over and claim.ctr_reference else "",
        claimant[-1].person.national_insurance_number if claimant else "",
        claim.ethnic_code,
    )


def _split(claim: Claim, number: str, house: int, start: date, end: date | None, award: Award) -> Row:
    address = _address(claim, start)
    lines = () if address is None else tuple(address_lines(address))
    return (
        number,
        house,
        midnight(start),
        midnight(end or OPEN),
        "Y" if award.passport else "N",
        *(*lines, "", "", "", "")[:4],
        "" if address is None else address.postcode,
        "" if address is None or address.uprn is None else address.uprn,
    )


def _member(number: str, house: int, place: int, member: Member) -> Row:
    person = member.person
    forenames = " ".join(filter(None, (person.forename, person.middle_name)))
    return (
        number,
        house,
        place,
        member.reference,
        f"{person.surname}, {person.title} {forenames}"[:CUT],
        person.surname[:CUT],
        person.title,
        forenames[:CUT],
        TYPES[member.role],
        midnight(person.birth_date),
        {"M": "1", "F": "2"}.get(person.sex, ""),
        person.national_insurance_number,
        member.hours if member.role in ("claimant", "partner") else "",
        "Y" if member.disabled else "N",
    )


def _incomes(award: Award) -> Iterator[Row]:
    """Income by the week; Universal Credit by the month. None is held for a passported claim."""
    if award.passport:
        return
    detail = award.detail
    earned = (
        (award.claimant_earnings, award.partner_earnings)
        if detail is None
        else (detail.claimant_net, detail.partner_net)
    )
    amounts = {
        "WAG": _total(*earned), "CHB": award.child_benefit, "TXC": award.tax_credits, "DLA": award.disability_benefit,
        "SRP": award.state_pension, "OTH": award.other_income,
    }  # fmt: skip
    yield from ((code, pounds(amount), 1, "W") for code, amount in amounts.items() if amount is not None)
    monthly = None if detail is None else detail.universal_credit_monthly
    if monthly is not None:
        yield "UCR", pounds(monthly), 1, "M"


def _assessments(claim: Claim, number: str, award: Award, last: date) -> Iterator[tuple[str, Row]]:
    over = [day for day in (award.end, claim.end) if day is not None and day <= last]
    span = (midnight(award.start), midnight(min(over) if over else OPEN))
    if award.hb_status in ACTIVE:
        yield "hbrentass", (number, *span, "1", "N", pounds(award.hb_weekly or 0))
    if award.discretionary_payment:
        yield "hbrentass", (number, *span, "1", "Y", pounds(award.discretionary_payment))
    if award.ctr_status in ACTIVE and claim.ctr_reference:
        yield "hbctaxass", (number, *span, "1", pounds(award.ctr_weekly or 0))


def _account(claim: Claim, number: str, last: date) -> Iterator[tuple[str, Row]]:
    account = claim.council_tax_account
    yield "hbctaxclaim", (number, account)
    liable = next((m.person for m in claim.members if m.role == "claimant"), None)
    name = "" if liable is None else f"{liable.surname}, {liable.title} {liable.forename}"[:CUT]
    yield "ctaccount", (account, account[-1], name)
    yield "vw_acc_bal", (account, pounds(_award(claim, last).council_tax_balance))
    for place, address in enumerate((a for a in claim.addresses if a.start <= last), 1):
        property_ref = f"{account}{place:02}"
        uprn = "" if address.uprn is None else address.uprn
        over = address.end is not None and address.end <= last
        beds = claim.bedrooms if (detail := _award(claim, address.start).detail) is None else detail.bedrooms
        yield "ctproperty", (property_ref, (*address_lines(address), "")[0], address.postcode, beds, uprn)
        yield (
            "ctoccupation",
            (
                account,
                property_ref,
                midnight(address.start),
                midnight(address.end if over else OPEN),
                "N" if over else "Y",
            ),
        )


def _award(claim: Claim, day: date) -> Award:
    """The award in force on the day: the last to have begun, or the first of all."""
    begun = [award for award in claim.awards if award.start <= day]
    return begun[-1] if begun else claim.awards[0]


def _address(claim: Claim, day: date) -> RecordedAddress | None:
    begun = [address for address in claim.addresses if address.start <= day]
    return begun[-1] if begun else next(iter(claim.addresses), None)


def _total(*amounts: int | None) -> int | None:
    held = [amount for amount in amounts if amount is not None]
    return sum(held) if held else None
