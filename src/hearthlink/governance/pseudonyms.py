"""Pseudonyms that stay over a study's refreshes: made with a key of the study's own, bound to one project, where the study asks for them."""

from __future__ import annotations

import base64
import hmac
import json
import os
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hearthlink.errors import DataProblem, Refused
from hearthlink.governance.keys import Keys, own_key, own_key_file

BITS = 128
KEY, BINDING = "pseudonym", "pseudonym.json"
VERSION = 1
"""Raised when the same id would be given another pseudonym by the same key."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a key of pseudonyms is bound to: the project's id, and the digest of what the protocol says of the project, as hex."""

    id: str
    part: str


@dataclass(frozen=True, slots=True)
class _Bound:
    """What lies beside the key: its project, a salt of the project's own (hex), and the key's own seal on both (hex)."""

    project: str
    part: str
    salt: str
    seal: str = ""


def kept_pseudonyms(
    folder: Path, project: Project, register: Path, under: Keys | None = None
) -> Callable[[str, Sequence[str]], list[str]]:
    """A maker of pseudonyms for ids of one kind: the same id has the same pseudonym for as long as the study's key is kept.

    HMAC-SHA-256 (RFC 2104) under a key that HKDF-SHA256 (RFC 5869) derives for each kind, so that a child, a family and a household of one
    id share nothing; 128 bits in base32. The key is 32 bytes of the operating system's randomness in the study's folder of keys, its salt
    is random for each project, and the project is part of what is derived: pseudonyms of two projects never agree, and who destroys the
    key cuts what leads back. `register` is a file of the user's own that holds which key belongs to which project. The key lies
    in the clear, or sealed `under` the content room's, where keys of rooms are apart. Raises Refused where
    the key is not whole or belongs to another project; DataProblem where two ids differ only in how they are spelt.
    """

    def named(kind: str, ids: Sequence[str]) -> list[str]:
        if not (folder / own_key_file(KEY, under)).exists():
            (folder / BINDING).unlink(missing_ok=True)
        secret = own_key(folder, KEY, "pseudonyms", under=under)
        bound = _bound(folder / BINDING, secret, project)
        _require_own(register, fingerprint_of(secret), bound)
        info = b"".join(map(_told, ("hearthlink pseudonym", bound.project, bound.part, kind, str(VERSION))))
        return keyed(HKDF(SHA256(), 32, bytes.fromhex(bound.salt), info).derive(secret), kind, ids)

    return named


def keyed(key: bytes, kind: str, ids: Sequence[str]) -> list[str]:
    """The pseudonyms of ids of one kind under a key: of the kind, and of the id trimmed and in Unicode's NFKC, each after its length.

    Raises DataProblem where two of them are one.
    """
    made = [
        spelt(hmac.digest(key, _told(kind) + _told(unicodedata.normalize("NFKC", one).strip()), sha256)) for one in ids
    ]
    if len(set(made)) != len(set(ids)):
        raise DataProblem(
            f"Two ids of one kind ({kind}) differ only in blanks or in how letters are spelt.",
            remedy="Nothing was written. Have the supplier give each its own id, or leave keep_pseudonyms off.",
        )
    return made


def spelt(secret: bytes) -> str:
    """The first 128 bits as letters and figures (RFC 4648, base32): 26 of them."""
    return base64.b32encode(secret[: BITS // 8]).decode().rstrip("=")


def _told(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(4, "big") + raw


def fingerprint_of(secret: bytes) -> str:
    """What a key is known by: the HMAC of a constant, from which nobody comes back to it."""
    return hmac.new(secret, b"hearthlink pseudonym key", sha256).hexdigest()


def _bound(path: Path, secret: bytes, project: Project) -> _Bound:
    """What the key is bound to; it is bound to the project where it is not yet. Raises Refused where it is bound to another."""
    if not path.exists():
        made = _Bound(project.id, project.part, os.urandom(32).hex())
        _write(path, asdict(replace(made, seal=_seal(secret, made))))
        return made
    try:
        found = _Bound(**json.loads(path.read_text(encoding="utf-8")))
        whole = hmac.compare_digest(found.seal, _seal(secret, found))
    except (OSError, ValueError, TypeError):
        raise _not_whole() from None
    if not whole:
        raise _not_whole()
    if found.project != project.id:
        raise _of_another()
    return found


def _seal(secret: bytes, bound: _Bound) -> str:
    told = b"".join(map(_told, ("hearthlink pseudonym binding", bound.project, bound.part, bound.salt)))
    return hmac.new(secret, told, sha256).hexdigest()


def _require_own(register: Path, fingerprint: str, bound: _Bound) -> None:
    """Enter the key and its project in the user's register. Raises Refused where it stands there under another project or salt."""
    try:
        known: Mapping[str, str] = json.loads(register.read_text(encoding="utf-8")) if register.exists() else {}
        known = {str(name): str(value) for name, value in known.items()}
    except (OSError, ValueError, AttributeError):
        raise Refused(
            "The register of keys of pseudonyms is not whole, so no key is known to be unused elsewhere.",
            file=register.name, remedy="Put it back from a copy, or leave keep_pseudonyms off.",
        ) from None  # fmt: skip
    says = sha256(_told(bound.project) + _told(bound.salt)).hexdigest()
    if known.get(fingerprint, says) != says:
        raise _of_another()
    if fingerprint not in known:
        _write(register, {**known, fingerprint: says})


def _write(path: Path, said: Mapping[str, object]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.new")
    made.unlink(missing_ok=True)
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(said, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def _not_whole() -> Refused:
    return Refused(
        "What the key of the pseudonyms is bound to is not whole, or was changed.", file=BINDING,
        remedy="Put it back as it was; without it the same child gets another pseudonym.",
    )  # fmt: skip


def _of_another() -> Refused:
    return Refused(
        "The key of the pseudonyms belongs to another project.", file=BINDING,
        remedy="Nobody may be followed from one project to another. Begin this one with no key of pseudonyms in its folder of keys.",
    )  # fmt: skip
