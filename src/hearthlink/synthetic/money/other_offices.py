"""What offices beside children's services and benefits write down: each has keyed the people and the home for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hearthlink.synthetic import recording
from hearthlink.synthetic.circumstances import Circumstances
from hearthlink.synthetic.recording import Office
from hearthlink.synthetic.streams import stream
from hearthlink.synthetic.world import (
    Address,
    Claim,
    RecordedAddress,
    RecordedPerson,
    Settings,
    Stay,
    TruePerson,
    Ward,
    address_lines,
)


@dataclass(slots=True)
class Counter:
    """One office at its counter: its own errors, and the claims of the ward by number."""

    office: Office
    claims: dict[int, Claim]
    settings: Settings

    def person(self, true: TruePerson) -> RecordedPerson:
        """A person as this office keyed them."""
        return recording.person(self.office, true)

    def address(self, true: Address, community: str, day: date) -> RecordedAddress:
        """An address as this office keyed it."""
        return recording.address(self.office, true, community, day, None)

    def claim_reference(self, circumstances: Circumstances, held: float) -> str:
        """The claim's reference, where the office holds it: as often as ``held`` says."""
        known = self.office.random.random() < held
        claim = self.claims.get(circumstances.claim)
        return claim.household_reference if claim is not None and known else ""

    def known(self, day: date | None) -> date | None:
        """A day that lay behind when the extract was taken; a later one is not known yet."""
        return day if day is not None and day <= self.settings.extracted else None


def counter(ward: Ward, settings: Settings, layout: str) -> Counter:
    """The office that a layout comes from, with a stream of its own."""
    office = Office("benefits", settings, stream(settings, ward.number, f"write {layout}"))
    return Counter(office, {claim.number: claim for claim in ward.claims}, settings)


def lines(address: RecordedAddress, count: int = 3) -> tuple[str, ...]:
    """The first lines of an address, blank where there are fewer."""
    return (*address_lines(address), *("",) * count)[:count]


def stay_on(stays: Sequence[Stay], day: date) -> Stay:
    """Where a household lived on a day; before the first stay the first."""
    return next((stay for stay in reversed(stays) if stay.start <= day), stays[0])
