"""Keep out of sight what only the project's tests bring, so that a measured command loads what an installed one would.

pyarrow loads pandas wherever it finds it, which takes a third of a second; neither Hearthlink nor Splink asks for it.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class _Absent(MetaPathFinder):
    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def hide() -> None:
    """Make importing pandas fail, as where it is not installed."""
    sys.meta_path.insert(0, _Absent())
