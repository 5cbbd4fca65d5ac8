"""Who signed a protocol, and whether that is enough: two approvers on what it says, neither its author, none revoked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from pydantic import ValidationError

from hearthlink.errors import Refused, WrongUse
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import SIGNATURES_FILE, PersonLines, ProtocolLines, digest_of, problems, said_by
from hearthlink.governance.signing import SigningKey, holds, is_practice, raw_of

SIGNING, REVOKING = "hearthlink protocol signature 1", "hearthlink protocol revocation 1"
"""What a signature is of: one made for another purpose never counts here."""

MUST_SIGN = 2


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: of which version and digest, by whom, with which public key, when; and the protocol that was signed."""

    version: int
    digest: str
    signer: str
    key: str
    signed_at: str
    signature: str
    protocol: Mapping[str, object] = field(repr=False)

    @property
    def says(self) -> dict[str, object]:
        """What was signed: the digest stands for the protocol."""
        names = ("version", "digest", "signer", "key", "signed_at")
        return {"for": SIGNING, **{name: getattr(self, name) for name in names}}


@dataclass(frozen=True, slots=True)
class Revocation:
    """A key that counts no more, from when it is entered, whatever it signed; by whom, and with which key that is said."""

    key: str
    by: str
    by_key: str
    revoked_at: str
    signature: str

    @property
    def says(self) -> dict[str, object]:
        """What was signed."""
        return {"for": REVOKING, "key": self.key, "by": self.by, "by_key": self.by_key, "revoked_at": self.revoked_at}


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file of signatures holds, oldest first."""

    signatures: tuple[Signature, ...] = ()
    revocations: tuple[Revocation, ...] = ()


def read_kept(text: str) -> Kept:
    """What a file of signatures holds. Raises Refused where it is no such file, or a signature or revocation in it was changed."""
    try:
        read = json.loads(text)
        kept = Kept(
            tuple(Signature(**one) for one in read["signatures"]),
            tuple(Revocation(**one) for one in read["revocations"]),
        )
        sound = all(map(_is_sound, kept.signatures)) and all(
            holds(one.says, one.signature, one.by_key) for one in kept.revocations
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        kept, sound = Kept(), False
    if sound:
        return kept
    raise Refused(
        "The signatures of the protocol were changed.", file=SIGNATURES_FILE,
        remedy="No file was opened. Put back the file as it was signed.",
    )  # fmt: skip


def _is_sound(one: Signature) -> bool:
    lines = ProtocolLines.model_validate(one.protocol)
    return (lines.version, digest_of(lines)) == (one.version, one.digest) and holds(one.says, one.signature, one.key)


def kept_text(kept: Kept) -> str:
    """The file of signatures."""
    return json.dumps(asdict(kept), indent=1, ensure_ascii=False) + "\n"


def signed(lines: ProtocolLines, kept: Kept, *, key: SigningKey, practice: bool, now: datetime) -> Signature:
    """One signature more of a protocol as it stands.

    Raises WrongUse where the protocol is not whole, its version was signed with other words, or it is signed with this key already; Refused
    where the key is not that of an approver who may sign.
    """
    lacks = problems(lines)
    if lacks:
        raise WrongUse(
            f"The protocol is not whole: {'; '.join(lacks[:5])}.", remedy="hearthlink protocol check says all."
        )
    person = _holder(lines, key.public)
    if person is None or Part.APPROVER not in person.roles:
        raise Refused("This key is not that of an approver whom the protocol names.", file="protocol.toml")
    if is_practice(key.public) and not practice:
        raise Refused("A practice key signs for practice studies alone.", file="protocol.toml")
    if raw_of(key.public) in revoked_keys(kept):
        raise Refused("This key was revoked.", file=SIGNATURES_FILE)
    digest = digest_of(lines)
    if any(one.version >= lines.version and one.digest != digest for one in kept.signatures):
        raise WrongUse(
            "This version, or a later one, was signed with other words.", file="protocol.toml", column="version",
            remedy="Raise the version: a changed protocol is a new one.",
        )  # fmt: skip
    if any(one.digest == digest and one.key == key.public for one in kept.signatures):
        raise WrongUse("The protocol is signed with this key already.", remedy="Somebody else signs next.")
    blank = Signature(lines.version, digest, person.name, key.public, _stamp(now), "", said_by(lines))
    return replace(blank, signature=key.sign(blank.says))


def revoked(lines: ProtocolLines, name: str, *, key: SigningKey, now: datetime) -> Revocation:
    """The revocation of somebody's key, signed by an approver. Raises WrongUse for a name without a key, Refused for another's key."""
    target = next((one for one in lines.person if one.name == name and one.key), None)
    if target is None:
        raise WrongUse("The protocol names no such person with a key.", file="protocol.toml", column="person.name")
    person = _holder(lines, key.public)
    if person is None or Part.APPROVER not in person.roles:
        raise Refused("This key is not that of an approver whom the protocol names.", file="protocol.toml")
    blank = Revocation(target.key, person.name, key.public, _stamp(now), "")
    return replace(blank, signature=key.sign(blank.says))


def doubts(lines: ProtocolLines, kept: Kept, *, practice: bool) -> list[str]:
    """Why a protocol is not approved as it stands, in sentences; none where two people have signed it who may."""
    digest = digest_of(lines)
    ours = [one for one in kept.signatures if one.digest == digest]
    good, why = _counted(lines, ours, kept, practice=practice)
    if any(_approved(one, kept, practice=practice) for one in kept.signatures if one.version > lines.version):
        return ["A later version was signed: this one holds no more."]
    if len(good) >= MUST_SIGN:
        return []
    if not ours and any(one.version >= lines.version for one in kept.signatures):
        return ["It is not as it was signed: what it says has changed."]
    return [*why, f"{MUST_SIGN} approvers must sign it, and {len(good) or 'none'} did."]


def last_signed(kept: Kept, *, before: ProtocolLines) -> ProtocolLines | None:
    """The last protocol that was signed and says something else than this one, or None."""
    others = [one for one in kept.signatures if one.digest != digest_of(before)]
    return ProtocolLines.model_validate(max(others, key=lambda one: one.version).protocol) if others else None


def _approved(one: Signature, kept: Kept, *, practice: bool) -> bool:
    lines = ProtocolLines.model_validate(one.protocol)
    same = [other for other in kept.signatures if other.digest == one.digest]
    return len(_counted(lines, same, kept, practice=practice)[0]) >= MUST_SIGN


def _counted(lines: ProtocolLines, ours: list[Signature], kept: Kept, *, practice: bool) -> tuple[set[str], list[str]]:
    """The names of those whose signatures count, and why others do not."""
    good: set[str] = set()
    why: list[str] = []
    for one in ours:
        reasons = list(_against(one, lines, kept, practice=practice))
        if reasons:
            why.append(f"The signature of {one.signer} does not count: {reasons[0]}.")
        elif one.signer in good:
            why.append(f"{one.signer} signed twice, which counts once.")
        else:
            good.add(one.signer)
    return good, why


def _against(one: Signature, lines: ProtocolLines, kept: Kept, *, practice: bool) -> Iterator[str]:
    person = _holder(lines, one.key)
    if person is None or person.name != one.signer or person.key != one.key:
        yield "the protocol names nobody of that name with that key"
    elif Part.AUTHOR in person.roles:
        yield "nobody approves a protocol that they wrote"
    elif Part.APPROVER not in person.roles:
        yield "the protocol does not name them as an approver"
    if raw_of(one.key) in revoked_keys(kept):
        yield "the key was revoked"
    if is_practice(one.key) and not practice:
        yield "it was made with a practice key, which signs for practice studies alone"


def _holder(lines: ProtocolLines, public: str) -> PersonLines | None:
    return next((one for one in lines.person if one.key and one.key == public), None)


def revoked_keys(kept: Kept) -> set[bytes]:
    """The public keys that count no more, as their 32 bytes."""
    return {raw_of(one.key) for one in kept.revocations}


def _stamp(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")
