"""The output checks: what may leave, rounded and held back. The only maker of a ClearedTable."""

from hearthlink.disclosure.clear import Clearance, Refusal, clear, clearance
from hearthlink.disclosure.cleared import (
    MARKER_WORDS,
    Cell,
    ClearedColumn,
    ClearedTable,
    Kind,
    Marker,
    cell_text,
    pack,
    unpack,
)
from hearthlink.disclosure.policy import STRICT, Comparator, Policy, Verdict

__all__ = [
    "MARKER_WORDS",
    "STRICT",
    "Cell",
    "Clearance",
    "ClearedColumn",
    "ClearedTable",
    "Comparator",
    "Kind",
    "Marker",
    "Policy",
    "Refusal",
    "Verdict",
    "cell_text",
    "clear",
    "clearance",
    "pack",
    "unpack",
]
