"""Zip files without a clock: the same parts always give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip file can tell."""


def packed(parts: Mapping[str, bytes], *, stored: frozenset[str] = frozenset()) -> bytes:
    """The parts as a zip file, in their order. Those named in `stored` are not compressed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in parts.items():
            about = zipfile.ZipInfo(name, EPOCH)
            about.create_system = 3
            about.external_attr = 0o644 << 16
            about.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            made.writestr(about, content)
    return held.getvalue()


def repacked(content: bytes, changed: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """A zip file with the moments in it taken out, and the parts named in `changed` as these functions make them."""
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        parts = {one.filename: given.read(one) for one in given.infolist()}
    return packed({name: changed[name](part) if name in changed else part for name, part in parts.items()})
