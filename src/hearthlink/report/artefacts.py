"""Every file of the report, from cleared tables alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hearthlink.disclosure import ClearedTable
from hearthlink.report.about import About
from hearthlink.report.brief import brief
from hearthlink.report.page import TITLE, render
from hearthlink.report.pdf import pdf
from hearthlink.report.spreadsheets import book, ods, xlsx
from hearthlink.report.tidy import data_files
from hearthlink.tables.measures import Measure


def artefacts(cleared: Sequence[ClearedTable], about: About, *, definitions: Mapping[str, Measure]) -> dict[str, bytes]:
    """The report, full and brief, as pages and as PDF; the tables as workbooks; and as data files. The same bytes for the same tables.

    `definitions` are the measures in force, by name, for the annex of methods.
    """
    full, short = render(cleared, about, definitions), brief(cleared, about)
    workbook = book(cleared, about, title=TITLE, definitions=definitions)
    return {
        "report.html": full.encode(),
        "brief.html": short.encode(),
        "report.pdf": pdf(full, about),
        "brief.pdf": pdf(short, about, brief=True),
        "tables.ods": ods(workbook),
        "tables.xlsx": xlsx(workbook),
        **{f"tables/{name}": content for name, content in data_files(cleared, about).items()},
    }
