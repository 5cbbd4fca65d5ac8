"""What in the extracts would change the answer: a card for each check, and how much each found."""

from hearthlink.checks.card import Card, Example, Severity
from hearthlink.checks.check import CARDS, check, findings, question

__all__ = ["CARDS", "Card", "Example", "Severity", "check", "findings", "question"]
