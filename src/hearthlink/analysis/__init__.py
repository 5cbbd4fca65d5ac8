"""The questions, asked of coarse attributes under pseudonyms."""

from hearthlink.analysis.answer import answer, overall

__all__ = ["answer", "overall"]
