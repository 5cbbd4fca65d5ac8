"""A release package checked as its VERIFY.md says, by nothing but Python's own library and `cryptography`: no line of Hearthlink is used."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BESIDE = {"manifest.json", "approvals.json", "ro-crate-metadata.json"}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def spelt(said: Any) -> bytes:
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def raw(key: str) -> bytes:
    return base64.b64decode(key.partition(":")[2], validate=True)


def is_signed(move: Mapping[str, Any]) -> bool:
    said = {"for": "hearthlink release 1", **{name: value for name, value in move.items() if name != "signature"}}
    try:
        signature = base64.b64decode(move["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(raw(move["key"])).verify(signature, spelt(said))
    except (InvalidSignature, ValueError):
        return False
    return base64.b64encode(signature).decode() == move["signature"]


def faults(files: Mapping[str, bytes], protocol_digest: str = "") -> list[str]:
    """What is wrong with a package; nothing where it holds. Anything that cannot be read is wrong too."""
    try:
        return list(_faults(files, protocol_digest))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as fault:
        return [f"cannot be read: {type(fault).__name__}"]


def _faults(files: Mapping[str, bytes], known: str) -> Iterator[str]:
    listed = json.loads(files["manifest.json"])["files"]
    if set(listed) | BESIDE != set(files):
        yield "a file is missing or was added"
    yield from (f"{name} was changed" for name, one in listed.items() if digest(files[name]) != one["sha256"])
    about, moves = json.loads(files["release.json"]), json.loads(files["approvals.json"])["moves"]
    people: dict[bytes, tuple[str, list[str]]] = {}
    if about["protocol"]:
        said = json.loads(files["protocol.json"])["protocol"]
        if digest(spelt(said)) != about["protocol"]["digest"] or (known and known != about["protocol"]["digest"]):
            yield "another protocol"
        people = {raw(one["key"]): (one["name"], one["roles"]) for one in said["person"] if one.get("key")}
    for before, move in zip([None, *moves], moves, strict=False):
        ours = (move["release"], move["digest"]) == (about["release"], digest(files["manifest.json"]))
        if not is_signed(move) or not ours:
            yield f"the move {move['move']} is not signed for this package"
        if before is not None and move["after"] != digest(spelt(before)):
            yield "a move was taken out or moved"
    votes = [one for one in moves if one["move"] == "approved"]
    makers = [
        about["made_by"],
        *({"name": one["by"], "key": one["key"]} for one in moves if one["move"] == "submitted"),
    ]
    if len(votes) != 2 or len({one["by"] for one in votes}) != 2 or len({raw(one["key"]) for one in votes}) != 2:
        yield "not two approvals by two people"
    for one in votes:
        name, roles = people.get(raw(one["key"]), (one["by"], ["output checker"] if not people else []))
        if name != one["by"] or "output checker" not in roles or "analyst" in roles:
            yield "somebody approved who may not"
        if any(one["by"] == maker["name"] or raw(one["key"]) == raw(maker["key"]) for maker in makers):
            yield "somebody approved their own"
    if moves[-1]["move"] != "released" or moves[-1]["crate"] != digest(files["ro-crate-metadata.json"]):
        yield "not released, or its description was changed"
