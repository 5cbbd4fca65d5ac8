"""On whose authority a study runs: what must be named before a single file is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hearthlink.errors import Refused

SOURCES = ("social_care", "benefits", "geography")


@dataclass(frozen=True, slots=True)
class Permission:
    """The permission lines of a study: each is a reference that an information-governance officer can look up.

    `hosts` are those that may be reached, where a protocol names them. `held` is asked each time the permission is held up, with the day:
    it raises Refused where what stands behind the lines, a protocol, does not hold.
    """

    purpose: str
    gateways: Mapping[str, str]
    ethics: str
    dpia: str
    agreement: str
    ends: date | None
    hosts: frozenset[tuple[str, int]] | None = None
    held: Callable[[date], None] | None = field(default=None, repr=False, compare=False)

    def missing(self) -> list[str]:
        """The settings of study.toml that are still empty, by the names they have there."""
        lines = {
            "permission.purpose": self.purpose,
            "permission.ethics": self.ethics,
            "permission.dpia": self.dpia,
            "permission.agreement": self.agreement,
            **{f"permission.gateways.{source}": self.gateways.get(source, "") for source in SOURCES},
        }
        empty = [name for name, text in lines.items() if not text.strip()]
        return empty if self.ends else [*empty, "permission.ends"]


def require(permission: Permission, today: date) -> None:
    """Let a study go on only with a complete permission that has not ended; the end date is the last day of use.

    Raises Refused, which names the lines to fill, before any source is opened (UK GDPR Articles 5(1)(b) and 84B).
    """
    if permission.held is not None:
        permission.held(today)
    missing = permission.missing()
    if missing:
        raise Refused(
            f"Permission is not complete: {', '.join(missing)}.",
            file="study.toml",
            remedy="No file was opened. Fill these lines with the references your approvals carry, then run again.",
        )
    if permission.ends is not None and today > permission.ends:
        raise Refused(
            f"Permission ended on {permission.ends:%d %B %Y}.",
            file="study.toml",
            column="permission.ends",
            remedy="No file was opened. A new end date needs a new agreement; destroy the study's folder if there is none.",
        )
