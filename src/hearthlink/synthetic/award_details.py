"""What an award was worked out from: who was counted, the home, and every line of income."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AwardDetail:
    """The working behind one award. Money is pence a week; None is *not held*, as income is of passported claims.

    ``entitled`` is bedrooms under the size criteria and the local housing allowance (at most four there), ``needed`` by the
    bedroom standard. Earnings here are net; the award holds them gross. ``assessed`` less ``applicable`` is the excess, where
    it is above nought, and ``disregarded`` what is left out of earnings besides the standard disregard. ``charge`` is the
    council tax of the home. Premiums are in the order of SHBE's fields 115 to 121: family, lone parent, disability, severe
    disability, disabled child, carer, enhanced disability.
    """

    tenure: str
    dependants: int
    counted_children: int
    non_dependants: int
    rent: int
    local_housing_allowance: int | None
    bedrooms: int
    entitled: int
    needed: int
    claimant_net: int | None
    partner_net: int | None
    earnings_disregard: int | None
    disregarded: int | None
    contribution_jobseeker: int | None
    contribution_support: int | None
    carer: int | None
    care: int | None
    mobility: int | None
    maintenance: int | None
    occupational_pension: int | None
    applicable: int
    assessed: int | None
    excess: int | None
    premiums: tuple[int, ...]
    recovery: int
    charge: int
    universal_credit_monthly: int | None
    suspension_reason: str
    sanctioned: bool
