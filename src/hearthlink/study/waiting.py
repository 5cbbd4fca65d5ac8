"""The one thing that a study waits for, and whose it is: what `hearthlink next` shows and does. No table is opened, and no extract."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from hearthlink.governance.people import Part
from hearthlink.governance.protocol import ProtocolLines, digest_of
from hearthlink.governance.release import AUTHORS, CHECKERS, SEEN, State
from hearthlink.study.ended import require_open
from hearthlink.study.permitted import read_signatures
from hearthlink.study.protocols.protocol import Checked, check_protocol
from hearthlink.study.release.desk import told
from hearthlink.study.released import Kept, numbers_in, read_release
from hearthlink.study.standing import standing
from hearthlink.study.store import look
from hearthlink.study.study import Study


class Act(Enum):
    """What somebody does next."""

    FILL_IN = "fill in the protocol"
    SIGN = "read the protocol and sign it"
    RUN = "run the study"
    MAKE = "make the package of a release"
    HAND_IN = "look at the package and hand it in"
    REVIEW = "look at the package and say whether it may leave"
    FINISH = "let it leave"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Waits:
    """What a study waits for: the act, the names of those who may do it (anybody where there are none), and what is to be said of it."""

    act: Act
    names: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    release: int | None = None

    def is_for(self, name: str) -> bool:
        """Whether it is this person's."""
        return not self.names or name in self.names


def waits_for(study: Study, clock: Callable[[], datetime]) -> Waits:
    """What a study waits for now: its protocol first, then its steps, then its release.

    Raises Refused for a study that is destroyed, frozen or past its day, and WrongUse for a protocol that is not understood.
    """
    require_open(study, clock(), for_protocol=True)
    protocol = study.protocol
    if protocol is None and study.lines.practice is None:
        return Waits(Act.FILL_IN, (), ("There is no protocol yet: hearthlink protocol new STUDY begins one.",))
    if protocol is not None:
        waits = _for_protocol(study, protocol, check_protocol(study, clock))
        if waits is not None:
            return waits
    undone = next((row for row in standing(study) if not row.done), None)
    if undone is not None:
        return Waits(Act.RUN, _names(protocol, (Part(undone.role),)), (f"{undone.says}: {undone.why}",))
    return _for_release(study)


def _for_protocol(study: Study, protocol: ProtocolLines, found: Checked) -> Waits | None:
    """What is to be done before a protocol holds; None where it does."""
    if found.lacking or found.against_study or found.today:
        return Waits(Act.FILL_IN, _names(protocol, (Part.AUTHOR,)), tuple(found.lines()))
    if not found.approval:
        return None
    digest = digest_of(protocol)
    signed = {one.signer for one in read_signatures(study.folder).signatures if one.digest == digest}
    left = [name for name in _names(protocol, (Part.APPROVER,)) if name not in signed]
    return Waits(Act.SIGN, tuple(left), found.approval) if left else Waits(Act.FILL_IN, (), tuple(found.lines()))


def _for_release(study: Study) -> Waits:
    """What is to be done about a release, of a study whose every step is done."""
    numbers = numbers_in(study)
    kept = read_release(study, numbers[-1]) if numbers else None
    if kept is None or kept.standing.state is State.REJECTED or _is_older(study, kept):
        return Waits(Act.MAKE, _names(study.protocol, AUTHORS))
    state, number = kept.standing.state, kept.standing.release
    if state in SEEN:
        return Waits(Act.NOTHING, (), (f"Release {number} is {state.value}, and nothing has changed since.",), number)
    if state in (State.DRAFT, State.RETURNED):
        reasons = tuple(f"{one.by}: {one.why}" for one in kept.standing.reviews if one.why)
        return Waits(Act.MAKE, _names(study.protocol, AUTHORS), reasons, number)
    act = {State.CHECKED: Act.HAND_IN, State.APPROVED: Act.FINISH}.get(state, Act.REVIEW)
    return Waits(act, _may(study, kept, act), (), number)


def _may(study: Study, kept: Kept, act: Act) -> tuple[str, ...]:
    found = told(study, kept, [])
    return found.turn or _names(study.protocol, AUTHORS if act is Act.HAND_IN else CHECKERS)


def _is_older(study: Study, kept: Kept) -> bool:
    """Whether a release that has left was made of another clearing than lies there now."""
    record = look(study).record("clear")
    return kept.standing.state in SEEN and (record is None or record.fingerprint != kept.cleared_from)


def _names(protocol: ProtocolLines | None, parts: Iterable[Part]) -> tuple[str, ...]:
    """Who has one of these parts; nobody in particular where there is no protocol, or its people are not named yet."""
    wanted = set(parts)
    return (
        () if protocol is None else tuple(one.name for one in protocol.person if one.name and wanted & set(one.roles))
    )
