"""The questions, asked of coarse attributes under pseudonyms."""

from hearthlink.analysis.answer import answer
from hearthlink.analysis.on_the_day import on_the_day, overall

__all__ = ["answer", "on_the_day", "overall"]
