"""The most memory that this process itself has held, which the system's account of an ended child mixes with that of its parent."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def own_peak() -> float:
    """MiB, at the highest. Linux keeps the figure of the program alone; elsewhere it is the process's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024 * 1024 if sys.platform == "darwin" else 1024)
