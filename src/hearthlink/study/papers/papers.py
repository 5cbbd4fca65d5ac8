"""Papers that write themselves: what an officer has to write of a study, from its protocol and its ledger alone.

No extract and no table is opened, so nobody in the data can be in them. At the same protocol and the same head of the ledger they are
the same bytes: they carry the day on which the ledger was last written, not the day on which they were printed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hearthlink.errors import WrongUse
from hearthlink.governance import Event, Ledger
from hearthlink.study.ended import require_open
from hearthlink.study.ledger import attempted, check_ledger, signs_lines
from hearthlink.study.lock import only_one
from hearthlink.study.papers.dpia import dpia, fields_paper, record
from hearthlink.study.papers.facts import STEP, Facts, facts_of
from hearthlink.study.papers.fields import field_rows, fields_csv
from hearthlink.study.papers.flow import flow_svg
from hearthlink.study.papers.page import page
from hearthlink.study.papers.public import notice, summary
from hearthlink.study.permitted import LEDGER_FILE
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study

SAYS: dict[str, str] = {
    "dpia.html": "facts for the data protection impact assessment",
    "record-of-processing.html": "record of processing, UK GDPR Article 30",
    "privacy-notice.html": "text for a privacy notice, Articles 13 and 14",
    "public-summary.html": "entry for a public list of projects",
    "fields.html": "field table: every column, whether collected, who uses it, why, until when",
    "fields.csv": "the same, for a spreadsheet",
    "data-flow.svg": "how data flow, as a picture",
}
"""The papers, and what each is."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Papers:
    """What was written: the files, and whether the protocol they are of holds, or why it does not."""

    files: tuple[Path, ...]
    doubts: tuple[str, ...]
    head: str


def write_papers(study: Study, out: Path, *, clock: Clock) -> Papers:
    """Write the papers of a study into a folder. Its own papers of before are replaced; anything else that lies there keeps it from writing.

    Raises WrongUse where the study has no protocol or the folder holds other things, Refused where the protocol is not whole or the study
    has ended, DataProblem where the ledger is not sound. An unsigned protocol's papers say on each page that they are a draft.
    """
    with (
        only_one(study.folder),
        attempted(Ledger(study.folder / LEDGER_FILE, clock, signs_lines(study, None)), STEP),
    ):
        require_open(study, clock())
        _require_ours(out)
        check_ledger(study)
        facts = facts_of(study)
        made = papers_of(facts)
        for name, content in made.items():
            write_whole(out / name, content)
        Ledger(study.folder / LEDGER_FILE, clock, signs_lines(study, None)).write(
            Event.PAPERS, step=STEP, counts={"papers": len(made)}, about=facts.digest
        )
    return Papers(tuple(out / name for name in made), facts.doubts, facts.head)


def papers_of(facts: Facts) -> dict[str, bytes]:
    """Every paper by its name."""
    fields = field_rows(facts.lines)
    pages = {
        "dpia.html": dpia(facts, fields),
        "record-of-processing.html": record(facts, fields),
        "privacy-notice.html": notice(facts, fields),
        "public-summary.html": summary(facts),
        "fields.html": fields_paper(facts, fields),
    }
    foot = f"\n<!-- {facts.foot[0]}. {facts.foot[1]} -->"
    return {name: page(paper).encode() for name, paper in pages.items()} | {
        "fields.csv": fields_csv(fields, facts.foot),
        "data-flow.svg": flow_svg(facts.lines).replace("</desc>", f"</desc>{foot}", 1).encode(),
    }


def _require_ours(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise WrongUse("Papers are written into a folder, and this is none.", file=out.name)
    strange = [path for path in out.iterdir() if path.name not in SAYS or path.is_symlink()] if out.exists() else []
    if strange:
        raise WrongUse(
            "This folder holds other things; they were left as they are.", file=out.name,
            remedy="Name a new folder, or one that holds papers and nothing else.",
        )  # fmt: skip
