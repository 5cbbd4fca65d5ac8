"""The report as PDF/UA-1: the words, charts and tables of the page, set for paper."""

from hearthlink.report.pdf.document import pdf

__all__ = ["pdf"]
