"""Clerical review: which children are looked at, what a reviewer is shown, and what the answers say of the links."""

from hearthlink.review.cards import Card, Facts, Line
from hearthlink.review.corrections import Says, corrected
from hearthlink.review.design import draw
from hearthlink.review.summary import summary
from hearthlink.review.verdicts import Answer, added, latest, require_whole

__all__ = [
    "Answer",
    "Card",
    "Facts",
    "Line",
    "Says",
    "added",
    "corrected",
    "draw",
    "latest",
    "require_whole",
    "summary",
]
