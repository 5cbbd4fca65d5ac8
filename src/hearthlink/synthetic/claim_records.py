"""What the benefits system holds of a claim: who is on it, where, and from when, as they were keyed."""

from datetime import date, timedelta
from random import Random

from hearthlink.synthetic import recording
from hearthlink.synthetic.claims import Listing, OpenClaim
from hearthlink.synthetic.naming.communities import BY_NAME
from hearthlink.synthetic.recording import Office
from hearthlink.synthetic.world import Claim, Member, RecordedAddress, RecordedPerson, Role, Stay, TruePerson

_DAY = timedelta(days=1)


def invented_nino(random: Random) -> str:
    """A National Insurance number's shape with a first letter no real number has."""
    return f"Q{random.choice('ABCEGHJKLMNPRSTWXYZ')}{random.randrange(1_000_000):06d}{random.choice('ABCD')}"


def _title(random: Random, person: TruePerson, role: Role) -> str:
    if role in ("dependant", "non_dependant"):
        return ("MASTER" if person.sex == "M" else "MISS") if random.random() < 0.6 else ""
    return "MR" if person.sex == "M" else random.choice(("MS", "MISS", "MRS"))


def record_claim(
    office: Office,
    random: Random,
    claim: OpenClaim,
    exits: dict[int, date],
    index: dict[int, RecordedPerson],
) -> Claim:
    """The claim as the benefits system holds it.

    ``exits`` gives the day on which a person (by number) left the household, as looked-after children do. ``index`` is the
    office's own index of persons, so that one who appears on two claims is usually copied and now and then keyed afresh.
    """
    references: dict[int, str] = {}
    carer = claim.listings[0].person.surname
    members: list[Member] = []
    for listing in claim.listings:
        end = listing.end if listing.end is not None else claim.end
        gone = exits.get(listing.person.number)
        if gone is not None and listing.role in ("dependant", "non_dependant"):
            if gone <= listing.start:
                continue
            end = gone if end is None or end > gone else end
        if end is not None and end < listing.start:
            continue
        reference = references.setdefault(listing.person.number, f"{claim.number}{len(references) + 1:02d}")
        recorded = _recorded(office, random, listing, carer, index)
        hours = (
            claim.means.hours
            if listing.role == "claimant"
            else claim.means.partner_hours
            if listing.role == "partner"
            else 0
        )
        members.append(
            Member(reference, listing.role, recorded, listing.start, end, hours, bool(listing.person.disabilities))
        )
    received = claim.start + timedelta(days=random.choice((-7, -3, 0, 0, 3, 10, 28)))
    return _claim(office, random, claim, members, claim.received or received)


def _recorded(
    office: Office, random: Random, listing: Listing, carer: str, index: dict[int, RecordedPerson]
) -> RecordedPerson:
    person = listing.person
    held = index.get(person.number)
    if held is not None and random.random() < 0.97:
        return held
    adult = listing.role in ("claimant", "partner")
    recorded = recording.person(
        office, person, carer_surname="" if adult else carer, title=_title(random, person, listing.role),
        newborn=not adult and (listing.start - person.birth_date).days < 60,
        national_insurance_number=invented_nino(random) if adult else "",
        date_doubtful=adult and person.community in ("somali", "eritrean", "afghan") and random.random() < 0.15,
    )  # fmt: skip
    index[person.number] = recorded
    return recorded


def _claim(office: Office, random: Random, claim: OpenClaim, members: list[Member], received: date) -> Claim:
    means = claim.means
    children = any(member.role == "dependant" for member in members)
    social = means.social_rent
    tenure = (
        (5 if random.random() < 0.3 else 7)
        if claim.kind == "ctr"
        else random.choice((1, 4))
        if social
        else random.choice((3, 3, 3, 6))
    )
    if claim.kind != "ctr" and claim.stays[-1].address.kind in ("temporary", "hostel"):
        tenure = 8
    bedrooms = min(1 + (means.children + 1) // 2 + (random.random() < 0.2), 5)
    return Claim(
        claim.number, claim.hb_reference, claim.ctr_reference, claim.household.number if claim.household else 0,
        tuple(members), _addresses(office, claim), claim.awards, claim.start, claim.end, received,
        received + timedelta(days=random.randrange(5, 45)), claim.end_reason, tenure,
        means.allowed_rent if tenure in (3, 6) else None, bedrooms, min(1 + (means.children + 1) // 2, 4),
        f"8{claim.number * 31 % 1_000_000_007:010d}",
        BY_NAME[claim.community].benefit_code if random.random() < 0.6 else 99, children, claim.pensioner,
        claim.replaced_by,
    )  # fmt: skip


def _addresses(office: Office, claim: OpenClaim) -> tuple[RecordedAddress, ...]:
    """The addresses the office had: it hears of a move some days late, and of some moves never."""
    kept: list[tuple[Stay, date]] = []
    for stay in claim.stays:
        if stay.address.kind == "out_of_area" or recording.clip(stay.start, stay.end, claim.start, claim.end) is None:
            continue
        start = max(stay.start, claim.start)
        if kept:
            if recording.stale(office, claim.community):
                continue
            start += timedelta(days=int(office.random.expovariate(1 / 14)))
            if claim.end is not None and start > claim.end:
                continue
            if start <= kept[-1][1]:
                start = kept[-1][1] + _DAY
        kept.append((stay, start))
    if not kept:
        kept = [(claim.stays[0], claim.start)]
    ends = [recording.day_before(start) for _, start in kept[1:]] + [claim.end]
    return tuple(
        recording.address(office, stay.address, claim.community, start, end)
        for (stay, start), end in zip(kept, ends, strict=True)
    )
