"""Hearthlink links children's social care records to benefits records, and clears what may be learnt from the link."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """`hearthlink.match` and `hearthlink.open`, loaded when they are first asked for: importing the package loads no linkage (PEP 562)."""
    if name in {"match", "open"}:
        return getattr(import_module("hearthlink.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
