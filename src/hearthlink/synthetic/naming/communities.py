"""The communities of the invented authority: their share, their codes, their naming custom and how often offices err on them."""

from dataclasses import dataclass
from typing import Literal

Custom = Literal[
    "british", "irish", "traveller", "caribbean", "gendered", "plain", "pakistani", "bangladeshi", "sikh", "gujarati",
    "tamil", "somali", "father_name", "arab", "west_african", "akan", "chinese", "vietnamese", "portuguese",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Community:
    """A community. Factors multiply the error rates of names, birth dates and addresses when errors are unequal.

    ``share`` is among families, roughly a mixed English city, and ``children`` the mean number in one. ``benefit_code`` is the ethnic group of SHBE
    (1-15, 99), which is not the DfE's set. Unequal rates follow domain.md 3.1: missed matches are commoner for Asian,
    Black and other groups and for people without a fixed address.
    """

    name: str
    share: float
    ethnicity: str
    benefit_code: int
    custom: Custom
    children: float
    name_factor: float
    date_factor: float
    address_factor: float


COMMUNITIES: tuple[Community, ...] = (
    Community("white_british", 54.0, "WBRI", 1, "british", 1.9, 1.00, 1.00, 1.0),
    Community("irish", 1.5, "WIRI", 2, "irish", 2.1, 1.12, 1.00, 1.0),
    Community("traveller", 0.4, "WIRT", 3, "traveller", 3.6, 1.36, 1.35, 1.6),
    Community("roma", 0.8, "WROM", 3, "plain", 3.5, 1.48, 1.28, 1.5),
    Community("polish", 3.2, "WOTH", 3, "gendered", 1.8, 1.24, 1.00, 1.2),
    Community("romanian", 2.2, "WOTH", 3, "plain", 2.0, 1.24, 1.00, 1.3),
    Community("lithuanian", 1.2, "WOTH", 3, "gendered", 1.8, 1.24, 1.00, 1.2),
    Community("portuguese", 1.6, "WOTH", 3, "portuguese", 1.9, 1.24, 1.00, 1.2),
    Community("turkish", 1.5, "WOTH", 3, "plain", 2.2, 1.24, 1.07, 1.1),
    Community("pakistani", 8.0, "APKN", 9, "pakistani", 2.8, 1.36, 1.14, 1.0),
    Community("bangladeshi", 4.0, "ABAN", 10, "bangladeshi", 2.8, 1.36, 1.14, 1.0),
    Community("sikh", 1.8, "AIND", 8, "sikh", 2.0, 1.24, 1.00, 1.0),
    Community("gujarati", 1.4, "AIND", 8, "gujarati", 1.9, 1.18, 1.00, 1.0),
    Community("tamil", 1.2, "AOTH", 11, "tamil", 2.1, 1.36, 1.07, 1.0),
    Community("afghan", 1.4, "AOTH", 11, "plain", 2.9, 1.42, 1.56, 1.2),
    Community("arab", 2.0, "OOTH", 15, "arab", 2.9, 1.42, 1.35, 1.2),
    Community("somali", 3.0, "BAFR", 13, "somali", 3.4, 1.48, 1.56, 1.3),
    Community("eritrean", 1.0, "BAFR", 13, "father_name", 2.3, 1.42, 1.42, 1.3),
    Community("yoruba", 2.4, "BAFR", 13, "west_african", 2.2, 1.24, 1.07, 1.2),
    Community("igbo", 0.9, "BAFR", 13, "west_african", 2.2, 1.24, 1.07, 1.2),
    Community("ghanaian", 1.5, "BAFR", 13, "akan", 2.1, 1.24, 1.07, 1.2),
    Community("caribbean", 4.2, "BCRB", 12, "caribbean", 1.9, 1.12, 1.00, 1.2),
    Community("chinese", 0.5, "CHNE", 14, "chinese", 1.6, 1.42, 1.00, 1.0),
    Community("vietnamese", 0.3, "AOTH", 11, "vietnamese", 2.0, 1.42, 1.07, 1.0),
)  # fmt: skip

BY_NAME: dict[str, Community] = {c.name: c for c in COMMUNITIES}

_BLACK_AFRICAN = {"somali", "eritrean", "yoruba", "igbo", "ghanaian"}
_ASIAN = {"pakistani", "bangladeshi", "sikh", "gujarati", "tamil", "afghan", "chinese", "vietnamese"}
_WHITE = {"white_british", "irish", "polish", "romanian", "lithuanian", "portuguese", "turkish", "roma", "traveller"}


def child_ethnicity(first: str, second: str) -> str:
    """The census ethnicity code of a child of parents from two communities (or one, given twice)."""
    codes = {BY_NAME[first].ethnicity, BY_NAME[second].ethnicity}
    if len(codes) == 1:
        return codes.pop()
    if first in _WHITE and second in _WHITE:
        return "WOTH" if "WBRI" not in codes else BY_NAME[first].ethnicity
    pair = {first, second}
    if pair & _WHITE:
        if "caribbean" in pair:
            return "MWBC"
        if pair & _BLACK_AFRICAN:
            return "MWBA"
        if pair & _ASIAN:
            return "MWAS"
    return "MOTH"
