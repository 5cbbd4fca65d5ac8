"""Who signs the end of a study, or that a frozen one may go on, has their part by a protocol that two approvers signed."""

from __future__ import annotations

from hearthlink.errors import Refused
from hearthlink.governance.approval import doubts
from hearthlink.governance.protocol import PROTOCOL_FILE
from hearthlink.study.permitted import read_signatures
from hearthlink.study.study import Study


def require_approved(study: Study, nobody: str, *, remedy: str | None = None) -> None:
    """Raise Refused where the protocol does not hold: else anybody could name themselves in it. `nobody` says who then has no part.

    In a practice study without a protocol everybody has every part.
    """
    practice = study.lines.practice is not None
    if study.protocol is None and practice:
        return
    why = (
        ["There is no protocol."]
        if study.protocol is None
        else doubts(study.protocol, read_signatures(study.folder), practice=practice)
    )
    if why:
        raise Refused(f"{nobody} by a protocol that holds. {why[0]}", file=PROTOCOL_FILE, remedy=remedy)
