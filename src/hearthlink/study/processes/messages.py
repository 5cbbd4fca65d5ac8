"""What passes between a run and the process that does a step for it: one JSON object after another, each after its length."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import BinaryIO, cast

Message = Mapping[str, object]

LONGEST = 256 * 1024 * 1024


def send(pipe: BinaryIO, message: Message) -> None:
    """Write a message whole."""
    raw = json.dumps(message).encode()
    pipe.write(len(raw).to_bytes(4, "big") + raw)
    pipe.flush()


def receive(pipe: BinaryIO) -> Message | None:
    """The next message, or None where the other side has gone, in the middle of one too."""
    length = int.from_bytes(_exactly(pipe, 4), "big")
    raw = _exactly(pipe, length) if 0 < length <= LONGEST else b""
    try:
        return cast("dict[str, object]", json.loads(raw)) if raw else None
    except ValueError:
        return None


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = pipe.read(size)
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
