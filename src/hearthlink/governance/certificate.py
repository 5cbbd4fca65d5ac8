"""The certificate of a study's destruction: what two people agreed and carried out, signed by both, and how an outsider checks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance.approval import Kept, Signature, doubts, read_kept
from hearthlink.governance.chain import judge
from hearthlink.governance.ledger import STUDY_LEDGER, Event
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import ProtocolLines, digest_of
from hearthlink.governance.signing import SigningKey, canonical, fingerprint, holds, is_practice, raw_of

AGREED, BEGUN, DESTROYED = (
    "hearthlink destruction agreed 1",
    "hearthlink destruction begun 1",
    "hearthlink destruction certificate 1",
)
"""What a signature is of: one made for another purpose never counts here."""

MAY_SIGN = (Part.CUSTODIAN, Part.APPROVER)
"""Whose signatures count."""

METHOD = (
    "Keys first: each was overwritten in its file and the file removed, so that what they had sealed opens no more (cryptographic erase).",
    "Then every other file that holds or held data was overwritten once and removed; one that has another name elsewhere lost this name only.",
    "Then the folder was looked through again, and nothing was left in it but what is listed as staying.",
)
LIMITS = (
    "Erasing keys is a purge in the sense of NIST SP 800-88 Rev. 2 only as far as the keys never left the control of those who held them.",
    "Overwriting is a clear, and not even that on solid-state disks (wear levelling), journals, snapshots and folders that a service copies elsewhere.",
    "It does not reach copies: backups, extracts where they came from, what was written out, sent or has left, and what a link led to.",
    "Whoever keeps such copies destroys them, and says so.",
    "It says nothing of memory, swap space, and what a screen has shown.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a certificate that holds says, in sentences, and the digest of what was destroyed."""

    lines: tuple[str, ...]
    inventory: str


def signed_statement(said: Mapping[str, object], key: SigningKey) -> dict[str, object]:
    """What is said, with the signature of all of it."""
    return {**said, "signature": key.sign(said)}


def is_signed(statement: Mapping[str, Any]) -> bool:
    """Whether a statement was signed, as it stands, by the key that it names."""
    said = {name: value for name, value in statement.items() if name != "signature"}
    return holds(said, str(statement.get("signature", "")), str(statement.get("key", "")))


def digest(said: object) -> str:
    """The SHA-256 of what is said, however it is spelt."""
    return hashlib.sha256(canonical({"said": said})).hexdigest()


def faults_of_agreement(agreed: Mapping[str, Any], begun: Mapping[str, Any], inventory: object) -> Iterator[str]:
    """What is wrong with the two signatures without which nothing is destroyed, in sentences; nothing where they hold."""
    if agreed.get("for") != AGREED or not is_signed(agreed):
        yield "The signature of whoever agreed to it does not hold."
    if begun.get("for") != BEGUN or not is_signed(begun):
        yield "The signature of whoever carried it out does not hold."
    if begun.get("agreed") != digest(agreed):
        yield "What was carried out is not what was agreed."
    if begun.get("inventory") != digest(inventory):
        yield "The list of what was destroyed is not the one that was signed."
    if agreed.get("of") != begun.get("of"):
        yield "The two signatures are about different studies."
    if str(agreed.get("name")) == str(begun.get("name")) or _raw(agreed) == _raw(begun):
        yield "One person signed twice, and two must."
    if not str(agreed.get("at")) <= str(begun.get("at")) <= str(agreed.get("until")):
        yield "What was agreed had run out when it was carried out."


def _raw(statement: Mapping[str, Any]) -> bytes:
    try:
        return raw_of(str(statement.get("key")))
    except ValueError:
        return b""


def written(said: Mapping[str, object], key: SigningKey) -> str:
    """The text of a certificate, signed."""
    return json.dumps(signed_statement(said, key), indent=1, ensure_ascii=False) + "\n"


def is_certificate(path: Path) -> bool:
    """Whether a file says that it is a certificate of destruction."""
    try:
        return json.loads(path.read_text(encoding="utf-8")).get("what") == DESTROYED
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def verify_certificate(path: Path) -> Told:
    """Check a certificate of destruction with nothing else at hand; where the study's ledger lies beside it, that too.

    Raises WrongUse where the file is no certificate, DataProblem which says what does not hold.
    """
    if not is_certificate(path):
        raise WrongUse("This is no certificate of destruction.", file=path.name)
    said = json.loads(path.read_text(encoding="utf-8"))
    try:
        faults = list(_faults(said, path))
        told = () if faults else tuple(_told(said))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        faults, told = ["It does not say what a certificate says."], ()
    if faults:
        raise DataProblem(
            faults[0], file=path.name, remedy="The certificate proves nothing as it stands. Ask for it again."
        )
    return Told(told, digest(said["inventory"]))


def _faults(said: Mapping[str, Any], path: Path) -> Iterator[str]:
    agreed, begun = said["agreed"], said["begun"]
    yield from faults_of_agreement(agreed, begun, said["inventory"])
    if not is_signed(said):
        yield "It was changed after it was signed."
    if said["of"] != begun["of"]:
        yield "It is about another study than the one that was to be destroyed."
    yield from _strangers(said)
    beside = path.with_name(STUDY_LEDGER)
    if beside.is_file():
        yield from _against_ledger(said, beside)


def _strangers(said: Mapping[str, Any]) -> Iterator[str]:
    """Signatures of people who had no part in it, by the protocol that two approvers signed."""
    signers = [said["agreed"], said["begun"], said]
    if said["protocol"] is None:
        if not said["made_up"] or not all(is_practice(one["key"]) for one in signers):
            yield "It names no protocol, and so nobody who might have signed."
        return
    lines = ProtocolLines.model_validate(said["protocol"])
    kept = Kept(tuple(Signature(**one, protocol=said["protocol"]) for one in said["protocol_signatures"]))
    try:
        read_kept(json.dumps(asdict(kept)))
    except Refused as fault:
        yield fault.what
    if digest_of(lines) != said["of"]["protocol"] or doubts(lines, kept, practice=bool(said["made_up"])):
        yield "The protocol in it is not one that two approvers signed."
    may = {one.key: one.name for one in lines.person if one.key and set(one.roles) & set(MAY_SIGN)}
    for one in signers:
        if may.get(one["key"]) != one["name"]:
            yield "Somebody signed whom the protocol names neither as custodian nor as approver."


def _against_ledger(said: Mapping[str, Any], ledger: Path) -> Iterator[str]:
    judged = judge(ledger.read_bytes().split(b"\n")[:-1])
    if judged.fault is not None and said["ledger"]["sound"]:
        yield f"The ledger beside it was changed: line {judged.fault[0]:,}. {judged.fault[1]}"
    told = any(
        line.said["event"] == Event.DESTROYED.value and line.said["about"] == digest(said["inventory"])
        for line in judged.lines
    )
    if judged.fault is None and not (told and said["ledger"]["head"] in {line.hash for line in judged.lines}):
        yield "The ledger beside it does not tell of this destruction, or was cut short since."


def _told(said: Mapping[str, Any]) -> Iterator[str]:
    inventory = said["inventory"]
    files = sum(part["files"] for part in inventory["parts"])
    size = sum(part["bytes"] for part in inventory["parts"])
    yield f"Destroyed at {said['at']}: {said['of']['study']}, project {said['of']['project'] or 'without a number'}."
    yield f"{len(inventory['keys'])} keys and {files:,} files of {size:,} bytes."
    for words, one in (
        ("Agreed by", said["agreed"]), ("carried out by", said["begun"]), ("certified by", said),
    ):  # fmt: skip
        yield f"{words} {one['name']}, {one['at']}, key {fingerprint(one['key'])}"
    yield (
        "All in it is made up, and so are its people."
        if said["made_up"]
        else (
            "Those who signed are custodian or approver by the protocol in it, which two approvers signed. "
            "That the letters of their keys are theirs you learn from them alone."
        )
    )
    yield f"Head of the ledger: {said['ledger']['head']}"


def stamp(now: datetime) -> str:
    """A time as it is written in what is signed."""
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")
