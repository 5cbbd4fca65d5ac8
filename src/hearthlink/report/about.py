"""What the report says of a study besides its cleared tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class About:
    """The facts of a study and of a run, none of them drawn from a person's record.

    `year` is a census year such as "2019-20". `gateways` gives, for each source, the law by which it may be used.
    `threshold` and `rounding` are the disclosure rule; `draws` is how many times the linkage was drawn. `run_id` is a
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

    @property
    def year_start(self) -> date:
        """1 April, on which the census year begins."""
        return date(int(self.year[:4]), 4, 1)

    @property
    def year_end(self) -> date:
        """31 March, on which it ends."""
        return date(int(self.year[:4]) + 1, 3, 31)
