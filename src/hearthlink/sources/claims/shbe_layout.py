"""The Single Housing Benefit Extract: which of its 341 fields are read, by number and name (domain.md 2.2).

Numbers and names are those published for the extract of April 2015. Earlier months may hold fewer fields and later ones more; the
places of these do not change, and what stands beyond the last known field is counted and never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

WIDTH = 341
LEAST_WIDTH = 315
"""A record with fewer fields holds no birth date of a dependant, and is another layout."""


class Holds(Enum):
    """What a field holds, which tells a record whose fields have shifted."""

    TEXT = "text"
    UNDATED = "text or a code, and never a date"
    DATE = "date"
    PENCE = "whole pence a week"
    CODE = "a code of one or two digits"
    COUNT = "count"
    AMOUNT = "a whole number, pence or hours; of the test for shifted fields only that it is no date"
    KEYED = "a National Insurance number, turned into a keyed number at once"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the extract: its number, counted from 1, its name in the layout, what it holds and what it means."""

    number: int
    name: str
    holds: Holds
    says: str

    @property
    def column(self) -> str:
        """The column's name while it is parsed."""
        return f"f{self.number}"


T, N, D, P, C, K = Holds.TEXT, Holds.UNDATED, Holds.DATE, Holds.PENCE, Holds.CODE, Holds.COUNT
A, S = Holds.AMOUNT, Holds.KEYED

RECORD_TYPE = Field(1, "REC_TYPE", T, "D a claim, S a person in its household; others are not needed")
HB_REF = Field(2, "LCHBREF", T, "Housing Benefit claim reference")
CTR_REF = Field(3, "LCLCTRREF", T, "council tax support claim reference")

CLAIM = {
    "claimant_surname": Field(6, "CCSURNAME", N, "claimant's surname"),
    "claimant_forename": Field(7, "CCFORENAME", N, "claimant's forename"),
    "claimant_birth": Field(8, "CDDOB", D, "claimant's birth date"),
    "address_1": Field(10, "CCADDRESS", T, "address, first line"),
    "postcode": Field(11, "CCPCODE", T, "postcode"),
    "passport": Field(12, "PASSPORTIND", C, "1, 2, 3 and 5 passported, 4 standard"),
    "dependants": Field(13, "DNNUMDEPS", K, "number of dependants"),
    "status": Field(33, "LCHBSTAT", C, "0 other, 1 in payment, 2 suspended"),
    "decided": Field(37, "LDHBDEC", D, "claim decided"),
    "start": Field(41, "LDSTARTDAT", D, "entitlement start"),
    "pence": Field(43, "LAHBAMT", P, "weekly entitlement"),
    "partner_flag": Field(123, "PCPTNRFG", C, "0 no partner, 1 one, 2 more"),
    "partner_start": Field(124, "PDSTART", D, "partner from"),
    "partner_end": Field(125, "PDEND", D, "partner until"),
    "partner_surname": Field(128, "PCSURNAME", N, "partner's surname"),
    "partner_forename": Field(129, "PCFORENAME", N, "partner's forename"),
    "claimant_sex": Field(177, "CCSEX", N, "claimant's sex"),
    "partner_birth": Field(178, "PDDOB", D, "partner's birth date"),
    "end": Field(202, "CDENDHB", D, "claim ended"),
    "partner_sex": Field(213, "PCSEX", N, "partner's sex"),
    "changed": Field(253, "CDCHGEFF", D, "day from which the last change takes effect"),
    "claimant_middle": Field(279, "CCFORENAME2", N, "claimant's second forename"),
    "address_2": Field(280, "CCADDRESS2", T, "address, second line"),
    "address_3": Field(281, "CCADDRESS3", T, "address, third line"),
    "address_4": Field(282, "CCADDRESS4", T, "address, fourth line"),
    "partner_middle": Field(283, "PCFORENAME2", N, "partner's second forename"),
}
"""Fields of a D record that say who claims, where they live and what was awarded."""

SECRETS = {
    "claimant_nino": Field(4, "CCNINO", S, "claimant's National Insurance number, to follow a household by, in memory alone"),
    "partner_nino": Field(126, "PCNINO", S, "partner's National Insurance number, to follow a household by, in memory alone"),
}  # fmt: skip

FACTS = {
    "tenure": Field(9, "CCTEN", C, "tenancy type, 1 to 9"),
    "non_dependants": Field(14, "NNNONDEPS", A, "number of non-dependant groups"),
    "size_criteria": Field(21, "CASSSC", A, "reduction for spare bedrooms, social tenants"),
    "benefit_cap": Field(42, "CABENCAP", A, "reduction by the benefit cap"),
    "landlord_reason": Field(53, "LCDIRPYT", N, "reason for paying the landlord"),
    "eligible_rent": Field(57, "LAWKELHB", A, "eligible rent, weekly"),
    "dhp": Field(70, "LADISPYT", A, "discretionary housing payment, weekly"),
    "claimant_capital": Field(75, "CATOTCAP", A, "claimant's capital"),
    "rent": Field(181, "CACRENT", A, "contractual rent, for the period in the next field"),
    "rent_code": Field(182, "CCCRENTP", N, "period that the contractual rent covers"),
    "lha_rooms": Field(206, "CNLHAROOMS", A, "rooms allowed by the local housing allowance"),
    "lha_rate": Field(209, "CALHA", A, "local housing allowance"),
    "end_reason": Field(210, "CCHBCLOSED", N, "reason for closing"),
    "partner_capital": Field(239, "PATOTCAP", A, "partner's capital"),
    "claimant_hours": Field(241, "CNWKLHRS", A, "hours of paid work a week, claimant"),
    "partner_hours": Field(242, "PNWKLHRS", A, "hours of paid work a week, partner"),
    "bedrooms": Field(278, "LNBDRMS", K, "number of bedrooms"),
}
"""Fields of a D record about rent, home and circumstances."""

EARNINGS = {
    "claimant_employed": (Field(77, "CANWKEMP", A, "net earnings, employed"), Field(76, "CAGWKEMP", A, "gross earnings, employed")),
    "claimant_self": (Field(79, "CANWKSEMP", A, "net earnings, self-employed"), Field(78, "CAGWKSEMP", A, "gross, self-employed")),
    "partner_employed": (Field(134, "PANWKEMP", A, "partner's net earnings, employed"), Field(133, "PAGWKEMP", A, "gross")),
    "partner_self": (Field(136, "PANWKSEMP", A, "partner's net earnings, self-employed"), Field(135, "PAGWKSEMP", A, "gross")),
}  # fmt: skip
"""Net earnings, and the gross ones that stand in where no net figure is held."""


def _income(claimant: int, partner: int | None, name: str, says: str) -> tuple[Field, ...]:
    first = Field(claimant, f"CA{name}", A, says)
    return (first,) if partner is None else (first, Field(partner, f"PA{name}", A, f"{says}, partner"))


OTHER_INCOME = (
    *_income(84, 141, "CB", "child benefit"), *_income(86, 142, "PERSPEN", "personal pension"),
    *_income(98, 154, "NTC", "tax credits"), *_income(103, 159, "CA", "carer's allowance"),
    *_income(104, 161, "SMPP", "statutory maternity or paternity pay"), *_income(105, 162, "SRP", "state pension"),
    *_income(112, 160, "SSP", "statutory sick pay"), *_income(113, 169, "OTHINC", "other income"),
    *_income(183, 184, "PCINC", "pension credit, savings credit"), *_income(187, 188, "OPINC", "occupational pension"),
    *_income(240, None, "INCCAP", "notional income from capital"),
)  # fmt: skip
"""Income lines summed as other income, by the list of domain.md 2.2; the names are those of the claimant's field."""

JOBSEEKER = _income(89, 145, "CONTJSA", "jobseeker's allowance, contributory")
"""Income lines of those who look for work; the passporting benefits are told by a code whose meanings are not published."""

OUT_OF_WORK = (
    *_income(30, 31, "WKESA", "employment and support allowance"), *JOBSEEKER,
    *_income(95, 151, "IBSHORTHI", "incapacity benefit, short term"), *_income(96, 152, "IBLONG", "incapacity benefit, long term"),
    *_income(292, 293, "ESABSC", "employment and support allowance, basic"), *_income(294, 295, "ESAWRAG", "its work-related part"),
    *_income(296, 297, "ESASCG", "its support part"),
)  # fmt: skip
"""Income lines that only people out of work, or kept from it by illness, are paid; other income as well."""

PERSON = {
    "kind": Field(308, "CCSUBTYPE", C, "1 dependant, 2 non-dependant"),
    "reference": Field(309, "CCSUBREF", T, "child reference; a National Insurance number here is dropped unread"),
    "start": Field(310, "CDSUBSTART", D, "in the household from"),
    "end": Field(311, "CDSUBEND", D, "in the household until"),
    "surname": Field(313, "CCSUBSURNAME", N, "surname"),
    "forename": Field(314, "CCSUBFORENAME", N, "forename"),
    "birth": Field(315, "CDSUBDOB", D, "birth date"),
}
"""Fields of an S record."""

PERSON_FACTS = {"deduction": Field(17, "NNDEDUC1", A, "deduction for a non-dependant")}

PROBES = {
    "claimed": Field(35, "LDHBREC", D, "claim received"),
    "made": Field(220, "CDHBMADE", D, "date claim made"),
    "outcome": Field(39, "LXHBOUT", N, "outcome of the decision"),
    "field_40": Field(40, "FIELD40", N, "beside the entitlement start"),
    "method": Field(179, "CCRAMOP", N, "method of payment"),
    "told": Field(251, "CDCHGNOT", D, "change told"),
}
"""Fields of a D record that are looked at only to see whether the record has shifted."""

KEYS = {"type": RECORD_TYPE, "hb_ref": HB_REF, "ctr_ref": CTR_REF}
LINES = (*(field for pair in EARNINGS.values() for field in pair), *OTHER_INCOME, *OUT_OF_WORK)
CLAIM_FIELDS = {**KEYS, **CLAIM, **SECRETS, **FACTS, **PROBES, **{field.column: field for field in LINES}}
"""Every field of a D record that is read, by our name; income lines by their column."""
PERSON_FIELDS = {**KEYS, **PERSON, **PERSON_FACTS}
"""Every field of an S record that is read, by our name."""

READ = tuple(sorted({f.number for group in (CLAIM_FIELDS, PERSON_FIELDS) for f in group.values()}))
PASSPORTED = ("1", "2", "3", "5")
STANDARD = ("4",)
ROLES = {"1": "dependant", "2": "non_dependant"}
TENURES = {
    "1": "council", "2": "private", "3": "private", "4": "housing_association", "5": "owner", "6": "private", "7": "other",
    "8": "council_temporary", "9": "private",
}  # fmt: skip
"""Tenancy types (CCTEN): 5 and 7 are council tax alone, and vanish after April 2013; 8 is often temporary accommodation."""
