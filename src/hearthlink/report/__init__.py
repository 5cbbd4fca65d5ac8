"""The report: words, charts and tables made from cleared tables alone."""

from hearthlink.report.about import About
from hearthlink.report.artefacts import artefacts
from hearthlink.report.brief import brief
from hearthlink.report.page import render

__all__ = ["About", "artefacts", "brief", "render"]
