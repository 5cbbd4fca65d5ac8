"""What the papers are made of: the protocol as it stands, who signed it, and what the ledger says was done. No table is opened for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hearthlink.errors import Refused
from hearthlink.governance import Event
from hearthlink.governance.approval import doubts
from hearthlink.governance.chain import START, Line
from hearthlink.governance.protocol import PROTOCOL_FILE, ProtocolLines, digest_of, problems
from hearthlink.study.ledger import ledger_of
from hearthlink.study.permitted import read_protocol, read_signatures
from hearthlink.study.research.classified import Classification, kept
from hearthlink.study.study import Study
from hearthlink.tables.catalogue import ALL_TABLES

STEP = "papers"
"""How the writing of papers is called in the ledger. Those lines are none of what papers tell, or no two would be alike."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that stands in the papers.

    `signed_by` are the approvers who signed this very text, `doubts` why it does not hold yet, in sentences. `rows` are the rows of each
    table as they were last counted, `read` what was counted of extracts as they were last read, `events` how often each event was entered.
    `head` is the ledger's, entered on `day`.
    """

    name: str
    authority: str
    year: str
    made_up: bool
    lines: ProtocolLines
    digest: str
    signed_by: tuple[str, ...]
    doubts: tuple[str, ...]
    rows: Mapping[str, int]
    read: Mapping[str, int]
    objections: Mapping[str, int]
    events: Mapping[str, int]
    acts: Mapping[str, int]
    classified: tuple[Classification, ...]
    head: str
    entered: int
    day: date | None

    @property
    def foot(self) -> tuple[str, ...]:
        """What every paper says of itself: from which protocol and which ledger it was made."""
        day = "before anything was entered" if self.day is None else f"{self.day:%d %B %Y}"
        return (
            f"Protocol version {self.lines.version}, digest {self.digest}",
            f"Ledger as it stood on {day}: {self.entered:,} lines, head {self.head}",
            "Made by Hearthlink from the protocol and the ledger; no table was opened. It says what was written down and what ran, and judges nothing.",
        )


def facts_of(study: Study) -> Facts:
    """What the papers of a study are made of. Raises WrongUse where it has no protocol, Refused where that is not whole."""
    lines = read_protocol(study.folder)
    lacking = problems(lines)
    if lacking:
        raise Refused(
            f"The protocol is not whole: {lacking[0]}.", file=PROTOCOL_FILE,
            remedy="No paper was written. hearthlink protocol check says all that is missing.",
        )  # fmt: skip
    signatures, digest = read_signatures(study.folder), digest_of(lines)
    entered = [line for line in ledger_of(study).judged().lines if line.said["step"] != STEP]
    done = [line for line in entered if line.said["event"] == Event.STEP.value]
    return Facts(
        name=study.lines.name,
        authority=study.lines.authority,
        year=study.lines.year,
        made_up=study.lines.practice is not None,
        lines=lines,
        digest=digest,
        signed_by=tuple(dict.fromkeys(one.signer for one in signatures.signatures if one.digest == digest)),
        doubts=tuple(doubts(lines, signatures, practice=study.lines.practice is not None)),
        rows={name: count for name, count in _last(done).items() if name in ALL_TABLES},
        read=_last([line for line in entered if line.said["event"] == Event.READ.value]),
        objections=_last([line for line in entered if line.said["event"] == Event.OBJECTIONS.value]),
        events=dict(sorted(Counter(str(line.said["event"]) for line in entered).items())),
        acts=dict(sorted(Counter(str(line.said["step"]) for line in done).items())),
        classified=kept(study),
        head=entered[-1].hash if entered else START,
        entered=len(entered),
        day=datetime.fromisoformat(str(entered[-1].said["time"])).date() if entered else None,
    )


def _last(lines: Sequence[Line]) -> dict[str, int]:
    """Every count of some lines, each as it was entered last."""
    found: dict[str, int] = {}
    for line in lines:
        counts = line.said["counts"]
        if isinstance(counts, dict):
            found |= {str(name): int(count) for name, count in counts.items()}
    return found
