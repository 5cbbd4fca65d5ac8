"""Census codes to the coarse groups that the research room holds (handbook: domain 1.4)."""

from __future__ import annotations

import pyarrow as pa

ETHNIC_GROUPS: dict[str, str] = {
    **dict.fromkeys(("WBRI", "WIRI", "WIRT", "WOTH", "WROM"), "White"),
    **dict.fromkeys(("MWBC", "MWBA", "MWAS", "MOTH"), "Mixed"),
    **dict.fromkeys(("AIND", "APKN", "ABAN", "AOTH", "CHNE"), "Asian"),
    **dict.fromkeys(("BCRB", "BAFR", "BOTH"), "Black"),
    "OOTH": "Other",
}
"""Broad groups of the 2011 and 2021 censuses, in which Chinese is Asian. Refused and not obtained are not known."""

_FACTOR_STEMS: dict[str, str] = {
    "1": "Alcohol misuse",
    "2": "Drug misuse",
    "3": "Domestic abuse",
    "4": "Mental health",
    "5": "Learning disability",
    "6": "Physical disability or illness",
    "8": "Privately fostered",
}

FACTOR_GROUPS: dict[str, str] = {
    **{f"{stem}{who}": group for stem, group in _FACTOR_STEMS.items() for who in "ABCDEF"},
    "7A": "Young carer",
    "9A": "Unaccompanied asylum seeker",
    "10A": "Going missing",
    "11A": "Child sexual exploitation",
    "12A": "Trafficking",
    "13A": "Gangs",
    "14A": "Socially unacceptable behaviour",
    "15A": "Self-harm",
    "16A": "Neglect",
    "17A": "Emotional abuse",
    **dict.fromkeys(("18A", "18B", "18C"), "Physical abuse"),
    **dict.fromkeys(("19A", "19B", "19C"), "Sexual abuse"),
    "20": "Other factor",
    "21": "No factor found",
    "22A": "Female genital mutilation",
    "23A": "Abuse linked to faith or belief",
    "24A": "Child criminal exploitation",
}
"""Factors of an assessment in groups that compare across years, whoever of the household they are about. None lies within another."""

STAGES = ("referral", "assessment", "section 47", "child in need plan", "protection plan", "looked after")
"""How far a case went, from the least to the most serious."""

STATUSES = ("none", "ended", "nil", "suspended", "in_payment", "credit_only")
"""The state of a household's awards on a day, from the least to the most; and last, known from Universal Credit alone, which has none."""


def code_table(groups: dict[str, str]) -> pa.Table:
    """A code list as a table of two columns: code and its group."""
    return pa.table({"code": list(groups), "grouping": list(groups.values())})
