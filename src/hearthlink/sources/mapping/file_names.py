"""Which names of files a mapping may write: those that lead nowhere but into the folder that the study names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath


def is_inside(name: str) -> bool:
    """Whether a file name is plain: within its folder, with no way up, no root, no drive and nothing that a system reads otherwise."""
    parts = name.split("/")
    return (
        bool(name.strip())
        and not re.search(r'[\x00-\x1f\x7f\\:*?"<>|]', name)
        and not PurePosixPath(name).is_absolute()
        and all(_is_plain(part) for part in parts)
    )


def _is_plain(part: str) -> bool:
    return (
        bool(part) and part == part.lstrip().rstrip(" .") and not _RESERVED.fullmatch(part.partition(".")[0].rstrip())
    )


_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")
