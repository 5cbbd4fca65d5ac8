"""What the report says of a study besides its cleared tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class About:
    """The facts of a study and of a run, none of them drawn from a person's record.

    `year` is a census year such as "2019-20". `gateways` gives, for each source, the law by which it may be used.
    `threshold` and `rounding` are the disclosure rule, `noughts` whether that nobody is in a group is printed; `draws` is how many times the linkage was drawn. `run_id` is a
    digest of what went in. `run_date` and `ledger_head` are printed where given: a report without them is the same
    bytes on every run. `contact` is whom to ask.
    """

    study: str
    authority: str
    year: str
    practice: bool
    purpose: str
    gateways: Mapping[str, str]
    ethics: str
    dpia: str
    agreement: str
    threshold: int
    rounding: int
    draws: int
    version: str
    run_id: str
    run_date: date | None = None
    ledger_head: str = ""
    contact: str = ""
    noughts: bool = False

    @property
    def small(self) -> str:
        """Which counts are held back, in words."""
        return f"from 1 to {self.threshold - 1}" if self.noughts else f"under {self.threshold}"

    @property
    def rounded(self) -> str:
        """What is done to the other counts, in words."""
        return f"rounded to the nearest {self.rounding}" if self.rounding > 1 else "exact"

    @property
    def year_start(self) -> date:
        """1 April, on which the census year begins."""
        return date(int(self.year[:4]), 4, 1)

    @property
    def year_end(self) -> date:
        """31 March, on which it ends."""
        return date(int(self.year[:4]) + 1, 3, 31)
