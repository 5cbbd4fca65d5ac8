"""The questions, asked of coarse attributes under pseudonyms."""

from hearthlink.analysis.answer import answer

__all__ = ["answer"]
