"""Clerical review: which children are looked at, what a reviewer is shown, and what the answers say of the links."""

from hearthlink.review.cards import Card, Facts, Line
from hearthlink.review.corrections import Says, corrected
from hearthlink.review.design import draw
from hearthlink.review.oneself import LATER, comes_again, concerns, long_answered, second_opinions, shown_again
from hearthlink.review.summary import summary
from hearthlink.review.verdicts import Answer, added, latest, require_whole

__all__ = [
    "LATER",
    "Answer",
    "Card",
    "Facts",
    "Line",
    "Says",
    "added",
    "comes_again",
    "concerns",
    "corrected",
    "draw",
    "latest",
    "long_answered",
    "require_whole",
    "second_opinions",
    "shown_again",
    "summary",
]
