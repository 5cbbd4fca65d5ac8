"""What in the extracts would change the answer: a card for each check, and how much each found; and the census's own rules."""

from hearthlink.checks.card import Card, Example, Severity
from hearthlink.checks.census import CENSUS_CARDS, census_findings
from hearthlink.checks.census_card import CensusCard
from hearthlink.checks.check import CARDS, check, findings, question

__all__ = [
    "CARDS",
    "CENSUS_CARDS",
    "Card",
    "CensusCard",
    "Example",
    "Severity",
    "census_findings",
    "check",
    "findings",
    "question",
]
