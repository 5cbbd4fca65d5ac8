"""Records that a system keeps but that stand for nobody: marked DUPLICATE or TEST in the name (domain.md 3.2)."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

REASON = "marked as a duplicate or a test"
MARK = r"(?i)\b(duplicate|do not use|test)\b"


def is_marked(*names: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """True where any of the names carries the mark."""
    flags = [pc.fill_null(pc.match_substring_regex(name, MARK), False) for name in names]
    marked = flags[0]
    for flag in flags[1:]:
        marked = pc.or_(marked, flag)
    return marked
