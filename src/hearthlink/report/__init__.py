"""The report: words, charts and tables made from cleared tables alone."""

from hearthlink.report.about import About
from hearthlink.report.page import render
from hearthlink.report.tidy import tidy

__all__ = ["About", "render", "tidy"]
