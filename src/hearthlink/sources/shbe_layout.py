"""The Single Housing Benefit Extract: which of its 341 fields are read, by number and name (domain.md 2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

WIDTH = 341


class Holds(Enum):
    """What a field holds, which tells a record whose fields have shifted."""

    TEXT = "text"
    UNDATED = "text or a code, and never a date"
    DATE = "date"
    PENCE = "whole pence a week"
    CODE = "a code of one or two digits"
    COUNT = "count"


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
"""Fields of a D record."""

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

PROBES = {
    "claimed": Field(35, "LDHBREC", D, "claim received"),
    "made": Field(220, "CDHBMADE", D, "date claim made"),
    "outcome": Field(39, "LXHBOUT", N, "outcome of the decision"),
    "field_40": Field(40, "FIELD40", N, "beside the entitlement start"),
    "cap": Field(42, "CABENCAP", N, "benefit cap reduction"),
    "method": Field(179, "CCRAMOP", N, "method of payment"),
    "told": Field(251, "CDCHGNOT", D, "change told"),
    "bedrooms": Field(278, "LNBDRMS", K, "number of bedrooms"),
}
"""Fields of a D record that are looked at only to see whether the record has shifted."""

KEYS = {"type": RECORD_TYPE, "hb_ref": HB_REF, "ctr_ref": CTR_REF}
READ = tuple(sorted({f.number for group in (KEYS, CLAIM, PERSON, PROBES) for f in group.values()}))
PASSPORTED = ("1", "2", "3", "5")
STANDARD = ("4",)
ROLES = {"1": "dependant", "2": "non_dependant"}
