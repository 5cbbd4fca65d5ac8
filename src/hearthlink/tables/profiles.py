"""The profiles of the output checks, as data: how small a number is held back, how the others are rounded, whether nobody may be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Name = Literal["strict", "nhs", "dfe"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A rule for what may leave. A count under `threshold` is held back; the others are rounded to the nearest multiple of `rounding`.

    `noughts`: that nobody is in a group is printed. `least_threshold`, `least_rounding`: what settings of a study may come down to.
    `says` is whose practice it is, in words; `asks` says why whoever signs must say so in words, empty where they need not.
    """

    name: Name
    threshold: int
    rounding: int
    noughts: bool
    least_threshold: int
    least_rounding: int
    says: str
    asks: str = ""


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        one.name: one
        for one in (
            Profile("strict", 10, 5, False, 5, 5, "small numbers and noughts held back, the others rounded"),
            Profile("nhs", 8, 5, True, 8, 5, "1 to 7 held back, the others rounded to 5, as NHS England does below England"),
            Profile(
                "dfe", 6, 1, True, 6, 1, "1 to 5 held back, the others exact, as the Department for Education does for councils",
                "Exact counts leave.",
            ),
        )
    }
)  # fmt: skip
"""Every profile by its name, the strictest first."""


def narrower(asked: str, allowed: str) -> bool:
    """Whether a profile is as strict as another, or stricter; one of no known name is neither."""
    order = list(PROFILES)
    return asked in order and allowed in order and order.index(asked) <= order.index(allowed)


def fits(threshold: int, rounding: int) -> bool:
    """Whether no count that is printed is under the threshold: the threshold itself is not rounded to less."""
    return 1 <= rounding <= threshold and (threshold % rounding == 0 or 2 * (threshold % rounding) >= rounding)
