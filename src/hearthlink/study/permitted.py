"""On whose authority a study runs: its protocol where it has one, and else its own permission lines. Asked anew before every step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from hearthlink.errors import DataProblem, HearthlinkError, OurFault, Refused, WrongUse
from hearthlink.governance import Event, Ledger, Permission
from hearthlink.governance.approval import Kept, doubts, read_kept
from hearthlink.governance.narrowing import Asked, digests_of, widened
from hearthlink.governance.permit import Host
from hearthlink.governance.protocol import PROTOCOL_FILE, SIGNATURES_FILE, ProtocolLines, problems
from hearthlink.study.asking import digest_of, read_plan
from hearthlink.study.ended import require_open
from hearthlink.study.study import STUDY_FILE, Study
from hearthlink.study.toml import read_toml

LEDGER_FILE = "ledger.jsonl"
UNOPENED = "No file was opened."
LEFT_BY_SYSTEMS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What a desktop leaves in any folder that it shows. No reader of ours opens a file of such a name."""
CLOCK_MAY_SLIP = timedelta(minutes=2)
"""How far a machine's clock may be put right by the network without being taken for one that was set back."""


def permission_of(study: Study, now: datetime) -> Permission:
    """The permission of a study at a time. Where it has a protocol that is what counts, and each time it is held up it is read again."""
    lines = study.lines.permission
    return Permission(
        lines.purpose, dict(lines.gateways), lines.ethics, lines.dpia, lines.agreement, lines.ends,
        hosts=None if study.protocol is None else hosts_of(study.protocol),
        held=partial(_hold, study, now),
    )  # fmt: skip


def hosts_of(protocol: ProtocolLines) -> frozenset[Host]:
    """The hosts and ports of the databases that a protocol lets be asked."""
    parts = (one.rpartition(":") for one in protocol.allowed.databases)
    return frozenset((host, int(port)) for host, _, port in parts if port.isdigit())


def require_dataset(study: Study, found: Mapping[str, str]) -> None:
    """Let a study go on only with the extracts whose SHA-256 its protocol holds, where it holds any: no row is read of others.

    `found` is the hash of every file in the folder of extracts, by its path there.
    """
    told = {} if study.protocol is None else digests_of(study.protocol)
    read = {path: digest for path, digest in found.items() if path.rpartition("/")[2] not in LEFT_BY_SYSTEMS}
    strange = sorted(set(told.items()) ^ set(read.items())) if told else []
    if strange:
        raise Refused(
            "This is not the extract whose digest the protocol holds.", file=f"in/{strange[0][0]}",
            remedy="No row was read. Put the extract there that was agreed, or have a new version of the protocol signed.",
        )  # fmt: skip


def read_protocol(folder: Path) -> ProtocolLines:
    """The protocol of a study. Raises WrongUse where there is none or it is not understood."""
    path = folder / PROTOCOL_FILE
    if not path.is_file():
        raise WrongUse(
            "There is no protocol here.", file=PROTOCOL_FILE, remedy="Begin one with: hearthlink protocol new"
        )
    return read_toml(path, ProtocolLines)[0]


def read_signatures(folder: Path) -> Kept:
    """The signatures of a study's protocol; none where nobody has signed. Raises Refused where they were changed."""
    path = folder / SIGNATURES_FILE
    try:
        return read_kept(path.read_text(encoding="utf-8")) if path.exists() else Kept()
    except UnicodeDecodeError:
        return read_kept("")


def asked_of(study: Study) -> Asked:
    """What a study asks for beside its protocol. Names in the folder of extracts are listed; none of its files is opened."""
    written = study.written
    queries = {one.table for one in written.source if one.query is not None}
    here = [one for one in study.extracts.rglob("*") if one.name not in LEFT_BY_SYSTEMS]
    permission = written.permission
    return Asked(
        year_start=study.year_start,
        year_end=study.year_end,
        profile=written.disclosure.profile,
        threshold=written.disclosure.threshold,
        rounding=written.disclosure.rounding,
        analysis=digest_of(read_plan(study.folder)),
        layouts=frozenset({path.name for path in here if path.parent == study.extracts} | queries),
        files=frozenset(path.relative_to(study.extracts).as_posix() for path in here if path.is_file()),
        told={
            **{name: getattr(permission, name) for name in ("purpose", "ethics", "dpia", "agreement")},
            **{f"gateways.{name}": gateway for name, gateway in permission.gateways.items()},
        },
        ends=permission.ends,
        name_origin=permission.name_origin,
        keep_pseudonyms=written.refresh.keep_pseudonyms,
        households_without_children=written.cohort.keep_households_without_children,
        universal_credit_alone=written.cohort.link_universal_credit_alone,
    )


def standing_of(study: Study, lines: ProtocolLines, kept: Kept, now: datetime) -> Iterator[Refused]:
    """Everything that keeps a study from going on by its protocol at a time, the gravest first; nothing where it may."""
    lacks = problems(lines)
    if lacks:
        yield _refusal(f"The protocol is not whole: {lacks[0]}.", "hearthlink protocol check says all that is missing.")
    approved = doubts(lines, kept, practice=study.lines.practice is not None)
    if approved:
        yield _refusal(
            " ".join(approved), "hearthlink protocol diff says what changed; hearthlink protocol sign signs."
        )
    yield from by_the_clock(study.folder, lines, kept, now)
    for setting, words in widened(lines, asked_of(study)):
        yield Refused(
            f"The study asks for more than its protocol allows. {words}", file=STUDY_FILE, column=setting,
            remedy=f"{UNOPENED} Ask for less, or have a new version of the protocol signed.",
        )  # fmt: skip


def _hold(study: Study, now: datetime, _today: date) -> None:
    """Raise Refused where the protocol does not let the study go on, was taken away or was never there. A practice study needs none."""
    require_open(study, now)
    folder = study.folder
    events = _entries(folder)
    if not (folder / PROTOCOL_FILE).is_file():
        signed = (folder / SIGNATURES_FILE).exists() or any(one["event"] == Event.SIGNED.value for one in events)
        if study.protocol is not None or signed:
            raise _refusal("The protocol was taken away.", "Put it back: its signatures are still here.")
        if study.lines.practice is None:
            raise _refusal(
                "There is no protocol: nothing says on whose authority this study runs.",
                "Begin one with: hearthlink protocol new STUDY",
            )
        return
    try:
        lines = read_protocol(folder)
        if lines != study.protocol:
            raise _refusal("The protocol changed while it was in use.", "Run again: it is then asked for anew.")
        stop = next(standing_of(study, lines, read_signatures(folder), now), None)
    except (WrongUse, DataProblem) as fault:
        raise Refused(
            f"The protocol cannot be held up: {fault.what}", file=fault.file, line=fault.line, column=fault.column,
            remedy=f"{UNOPENED} {fault.remedy or ''}".strip(),
        ) from None  # fmt: skip
    if stop is not None:
        raise stop


def by_the_clock(folder: Path, lines: ProtocolLines, kept: Kept, now: datetime) -> Iterator[Refused]:
    """Everything that keeps a study from going on by its protocol at this time, with what was done in it before."""
    today = now.date()
    events = _entries(folder)
    stamps = [*(one["time"] for one in events), *(one.signed_at for one in kept.signatures)]
    if stamps and max(stamps) > f"{now + CLOCK_MAY_SLIP:%Y-%m-%dT%H:%M:%SZ}":
        yield _refusal("The clock was set back: something was done here later.", "Set it right, and run again.")
    if len(kept.revocations) < sum(one["event"] == Event.REVOKED.value for one in events):
        yield _refusal("A revocation was taken out of the signatures.", "Put back the file as it was.")
    dates = lines.dates
    if dates.destroy_by and today > dates.destroy_by:
        yield _refusal(
            f"Everything was to be destroyed by {dates.destroy_by:%d %B %Y}.",
            "Destroy the folder, as the protocol says.",
        )
    if dates.ends and today > dates.ends:
        yield _refusal(f"The protocol ended on {dates.ends:%d %B %Y}.", "A new end date needs a new version, signed.")
    if dates.starts and today < dates.starts:
        yield _refusal(f"The protocol begins on {dates.starts:%d %B %Y}.", "Wait for that day.")
    for name, approval in (("ethics", lines.ethics), ("dpia", lines.dpia), ("agreement", lines.agreement)):
        if approval.review and today > approval.review:
            yield _refusal(
                f"The approval {name} was to be looked at again by {approval.review:%d %B %Y}.",
                "Have it looked at, write the new date into a new version, and have that signed.",
            )


def _entries(folder: Path) -> list[dict[str, str]]:
    """The time and event of every line of the ledger. Raises Refused where the ledger was changed."""
    path = folder / LEDGER_FILE
    if not path.is_file():
        return []
    if (folder / PROTOCOL_FILE).is_file():
        try:
            Ledger(path, _no_clock).verify()
        except HearthlinkError:
            raise Refused(
                "The ledger was changed.", file=LEDGER_FILE, remedy=f"{UNOPENED} Tell who holds the study."
            ) from None
    entries: list[dict[str, str]] = []
    for line in path.read_bytes().splitlines():
        try:
            entry = json.loads(line)
            entries.append({"time": str(entry["time"]), "event": str(entry["event"])})
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return entries


def _no_clock() -> datetime:
    raise OurFault("Nothing is entered in the ledger here.")


def _refusal(what: str, remedy: str) -> Refused:
    return Refused(what, file=PROTOCOL_FILE, remedy=f"{UNOPENED} {remedy}")
