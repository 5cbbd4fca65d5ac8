"""The memory of a process that holds keys or people's records: a crash must not write it to the disk."""

from __future__ import annotations

import sys
from contextlib import suppress


def without_core_dumps() -> None:
    """See to it that a crash of this process leaves no file of its memory, where the system lets that be said. It cannot be taken back."""
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
