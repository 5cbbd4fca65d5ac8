"""A release package checked by somebody who has nothing else: no study, no key, no network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hearthlink.disclosure import Policy, unpack
from hearthlink.errors import DataProblem, HearthlinkError, Refused, WrongUse
from hearthlink.governance.approval import Kept as KeptSignatures
from hearthlink.governance.approval import Signature, doubts
from hearthlink.governance.certificate import is_certificate, verify_certificate
from hearthlink.governance.protocol import ProtocolLines, digest_of
from hearthlink.governance.release import Entry, Move, Person, Roster, Standing, State, replayed
from hearthlink.governance.signing import canonical, fingerprint, holds, is_practice
from hearthlink.study.package import (
    ABOUT,
    ADDED,
    APPROVALS,
    CLEARED,
    CRATE,
    LARGEST,
    MANIFEST,
    NO_ARCHIVE,
    PROTOCOL,
    RECORD,
    WITHDRAWN,
    archive,
    as_json,
    unpacked,
)
from hearthlink.study.package import digest_of as sum_of
from hearthlink.study.release.checks import Facts, checks
from hearthlink.study.released import differing, package_files
from hearthlink.tables.profiles import narrower

CANNOT_BE_READ = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError)


@dataclass(slots=True)
class Found:
    """What a look through a package found: everything that is wrong, each in words, and what it shows where nothing is."""

    wrong: list[str] = field(default_factory=list[str])
    shows: list[str] = field(default_factory=list[str])

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong

    def as_json(self) -> dict[str, object]:
        """The same for a script."""
        return {"holds": self.holds, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was read: its files, what it says of itself, its protocol with its digest, its moves, and the digest that was given."""

    files: Mapping[str, bytes]
    about: Mapping[str, Any]
    lines: ProtocolLines | None
    digest: str
    moves: Sequence[Entry]
    pinned: str


def verify_package(path: Path, *, protocol: str = "") -> Found:
    """Look through a package, an archive or a folder; a certificate of destruction; or a notice that a release was withdrawn. `protocol` is the digest that its protocol must have, known from elsewhere.

    Raises WrongUse where there is nothing of the kind, DataProblem where the archive is none that could be looked through.
    """
    if is_certificate(path):
        return Found(shows=list(verify_certificate(path).lines))
    notice = _notice(path)
    if notice is not None:
        return _of_notice(notice)
    found = Found()
    files = _read(path, found)
    if not found.wrong:
        look_through(files, protocol.strip().lower(), found)
    if not found.wrong:
        _withdrawn(path, files, found)
    return found


def _notice(path: Path) -> Entry | None:
    """The move that a file holds by itself, as a notice of a withdrawal does; None for anything else."""
    if not path.is_file() or path.stat().st_size > LARGEST:
        return None
    try:
        return Entry(**json.loads(path.read_bytes()))
    except CANNOT_BE_READ:
        return None


def _of_notice(said: Entry) -> Found:
    """What a notice shows without the package that it is of: whoever holds that knows by its digest that it is meant."""
    if said.kind is not Move.WITHDRAW or not holds(said.says, said.signature, said.key):
        return Found(
            wrong=["it is no notice of a withdrawal that Hearthlink wrote, or it was changed: ask the council"]
        )
    return Found(
        shows=[
            f"Notice    release {said.release:03} was withdrawn on {said.at[:10]}: rely on it no more",
            f"Because   {said.why}",
            f"Digest    {said.digest}   (of the package that is meant: hearthlink verify prints that of yours)",
            f"By        {said.by}, {said.part} (key {fingerprint(said.key)})",
            "Trust     whether that key is the council's, the package tells: lay this beside the archive, and verify that",
        ]
    )


def _withdrawn(path: Path, files: Mapping[str, bytes], found: Found) -> None:
    """Note where a notice lies beside a package, signed by one of the people who let it leave, that it was withdrawn."""
    notice = path.parent / WITHDRAWN
    if not notice.is_file():
        return
    try:
        said = Entry(**json.loads(notice.read_text(encoding="utf-8")))
        signed = holds(said.says, said.signature, said.key)
        named = (
            json.loads(files[PROTOCOL])["protocol"]["person"]
            if PROTOCOL in files
            else json.loads(files[APPROVALS])["moves"]
        )
        people = {one.get("key") for one in named}
    except CANNOT_BE_READ:
        signed, said, people = False, None, set[object]()
    if said is None or not signed or said.kind is not Move.WITHDRAW:
        found.wrong.append(f"{WITHDRAWN} lies beside it and is no notice that Hearthlink wrote: ask the council")
    elif said.digest != sum_of(files[MANIFEST]):
        found.shows.append(f"Notice    {WITHDRAWN} lies beside it, and is of another package")
    else:
        whose = f"{said.by}, {said.part}" if said.key in people else f"{said.by}, whose key the package does not name"
        found.wrong.append(f"it was withdrawn on {said.at[:10]} by {whose}: {said.why}")


# --- read -------------------------------------------------------------------------------------------------------------


def _read(path: Path, found: Found) -> dict[str, bytes]:
    if path.is_dir():
        inner = next((one for one in (path, path / "package", path / "data") if (one / MANIFEST).is_file()), None)
        if inner is None:
            raise WrongUse("This folder is no release package.", file=path.name, remedy=f"It should hold {MANIFEST}.")
        return package_files(inner)
    if not path.is_file():
        raise WrongUse("There is no such package.", file=path.name)
    content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    try:
        files = unpacked(content)
    except NO_ARCHIVE:
        raise DataProblem(
            "This is no release archive, or it was cut short.", file=path.name, remedy="Ask for it again."
        ) from None
    # The same files make the same archive, to the byte: whatever else is in it, or beside its files, was put there since.
    try:
        number = int(json.loads(files[MANIFEST])["release"])
        whole = archive(number, files) == content
    except CANNOT_BE_READ:
        whole = False
    if not whole and not differing(files):
        found.wrong.append(
            "the archive is not as it was packed: something beside its files was changed, added or taken out"
        )
    return files


# --- looked through ------------------------------------------------------------------------------------------------------


def look_through(files: Mapping[str, bytes], pinned: str, found: Found) -> None:
    """Look through the files of a package, and note in `found` what is wrong and what it shows. `pinned` is the digest of its protocol, if known."""
    found.wrong += differing(files)
    if APPROVALS not in files:
        found.wrong.append(f"{APPROVALS} is missing: this was not released")
    if found.wrong:
        return
    try:
        about = json.loads(files[ABOUT])
        lines, digest = _protocol(files, about, pinned, found)
        moves = _moves(files, about, lines, found)
        _described(files, moves, found)
        if not found.wrong:
            _figures(files, about, lines, found)
        if not found.wrong:
            _shown(Package(files, about, lines, digest, moves, pinned), found)
    except CANNOT_BE_READ:
        found.wrong.append("a part of the package is not as Hearthlink writes it")
    except HearthlinkError as stop:
        found.wrong.append(stop.what)


def _protocol(
    files: Mapping[str, bytes], about: Mapping[str, Any], pinned: str, found: Found
) -> tuple[ProtocolLines | None, str]:
    """The protocol that the package holds and its digest, asked against what the release names, its signatures, and what is known of it."""
    named: Mapping[str, Any] = about["protocol"] or {}
    if PROTOCOL not in files or not named:
        if PROTOCOL in files or named or not about["made_up"]:
            found.wrong.append("the protocol is missing")
        if pinned:
            found.wrong.append("it was made without a protocol, and so not under the one given")
        return None, ""
    held = json.loads(files[PROTOCOL])
    lines = ProtocolLines.model_validate(held["protocol"])
    digest = hashlib.sha256(canonical(held["protocol"])).hexdigest()
    if (
        digest != digest_of(lines)
        or (digest, lines.version) != (str(named["digest"]), named["version"])
        or held["digest"] != digest
    ):
        found.wrong.append("the protocol is not the one that the release names")
    signatures = tuple(Signature(**one, protocol=held["protocol"]) for one in held["signatures"])
    found.wrong += [
        f"the protocol: {why}"
        for why in doubts(lines, KeptSignatures(_holding(signatures)), practice=bool(about["made_up"]))
    ]
    if pinned and pinned != digest:
        found.wrong.append(
            "the protocol is not the one whose digest was given: its people and keys are not to be relied on"
        )
    return lines, digest


def _holding(signatures: Sequence[Signature]) -> tuple[Signature, ...]:
    return tuple(one for one in signatures if holds(one.says, one.signature, one.key))


def _moves(
    files: Mapping[str, bytes], about: Mapping[str, Any], lines: ProtocolLines | None, found: Found
) -> list[Entry]:
    """The moves of the release, each asked whether it may follow."""
    said = json.loads(files[APPROVALS])
    moves = [Entry(**one) for one in said["moves"]]
    digest, number = sum_of(files[MANIFEST]), about["release"]
    if (
        as_json(said) != files[APPROVALS]
        or set(said) != {"hearthlink", "release", "digest", "moves"}
        or said["hearthlink"] != "release approvals 1"
    ):
        found.wrong.append(f"{APPROVALS} is not spelt as it was written")
    if (said["release"], said["digest"]) != (number, digest):
        found.wrong.append(f"{APPROVALS} is of another release")
    maker = about["made_by"]
    made = Entry(number, Move.PACK.value, digest, maker["name"], maker["key"], "", about["made_at"], "")
    roster: Roster | None = None
    if lines is not None:
        roster = {one.key: Person(one.name, frozenset(one.roles)) for one in lines.person if one.key}
    start = Standing(number, State.DRAFT, digest, moves[0].after if moves else "", (made,))
    try:
        state = replayed(moves, start, roster).state
        if state is not State.RELEASED:
            found.wrong.append(f"it was never released: it is {state.value}")
    except Refused as fault:
        found.wrong.append(fault.what[:1].lower() + fault.what[1:].rstrip("."))
    if not about["made_up"] and any(is_practice(one.key) for one in moves):
        found.wrong.append("a practice key signed, which counts for made-up data alone")
    return moves


def _described(files: Mapping[str, bytes], moves: Sequence[Entry], found: Found) -> None:
    told = moves[-1].crate if moves else ""
    if CRATE not in files:
        found.wrong.append(f"{CRATE} is missing")
    elif sum_of(files[CRATE]) != told:
        found.wrong.append(f"{CRATE} was changed")


def _figures(files: Mapping[str, bytes], about: Mapping[str, Any], lines: ProtocolLines | None, found: Found) -> None:
    """The cleared tables inspected again, under the rule that the record names, which may be no wider than the protocol's."""
    record = json.loads(files[RECORD])
    rule = record["rule"]
    policy = Policy.of(record["profile"], rule["threshold"], rule["base"])
    facts = Facts(policy.profile, policy.threshold, policy.base, str(about["authority"]), ())
    report = {
        name: content for name, content in files.items() if name.endswith((".html", ".pdf", ".ods", ".xlsx", ".csv"))
    }
    for one in checks(report, files[CLEARED], facts):
        if one.name != "numbers":
            found.wrong += one.faults
    if [one["name"] for one in record["audits"] if one["result"] != "passed"] or not record["audits"]:
        found.wrong.append("an automatic check had not passed when it was made")
    if lines is not None:
        terms = lines.disclosure
        wider = policy.threshold < (terms.threshold or 0) or policy.base < (terms.rounding or 0)
        if wider or not narrower(policy.profile, terms.profile):
            found.wrong.append("it was cleared under a rule that is wider than the protocol's")
    unpack(files[CLEARED])


# --- shown ---------------------------------------------------------------------------------------------------------------


def _shown(package: Package, found: Found) -> None:
    found.shows += _words(package)
    if package.lines is None:
        found.shows.append("Trust     made-up data and practice keys: nobody stands behind it")
    elif package.pinned:
        found.shows.append("Trust     the names and keys are those of the protocol whose digest you gave")
    else:
        found.shows.append(
            "Trust     the names and keys are taken as they came with the package, on first sight. To rely on them, ask the council for the "
            "digest of its protocol by another way, and give it with --protocol"
        )
    ledger = package.moves[-1].ledger
    found.shows.append(
        f"Ledger    {ledger} (who holds the study can show it still stands: hearthlink ledger verify STUDY --head LINE)"
    )


def _words(package: Package) -> Iterator[str]:
    files, about, lines = package.files, package.about, package.lines
    tables = unpack(files[CLEARED])
    rule = json.loads(files[RECORD])["rule"]
    yield f"Release   {about['release']:03} of {about['study']}, {about['authority']} {about['year']}" + (
        ", made up" if about["made_up"] else ""
    )
    yield f"Digest    {sum_of(files[MANIFEST])}"
    yield f"Files     {len(files) - len(ADDED)}, each as its manifest says"
    yield f"Cleared   {len(tables)} tables, inspected again. {rule['says']}"
    if lines is not None:
        yield f"Protocol  version {lines.version}, {package.digest}"
    for one in package.moves:
        yield f"{one.at}  {one.move} by {one.by}, {one.part} (key {fingerprint(one.key)})"
