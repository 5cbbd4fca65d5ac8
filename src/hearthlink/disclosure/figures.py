"""Cells of a cleared table, made from protected parts alone."""

from __future__ import annotations

from dataclasses import dataclass

from hearthlink.disclosure.cleared import Cell, Marker
from hearthlink.disclosure.ends import room
from hearthlink.disclosure.policy import Policy, Verdict, released

HELD_BACK = Cell(None, Marker.HELD_BACK)
NOT_AVAILABLE = Cell(None, Marker.NOT_AVAILABLE)
NOT_APPLICABLE = Cell(None, Marker.NOT_APPLICABLE)


def words(text: str) -> Cell:
    """A cell of words."""
    return Cell(text)


def count(number: float, verdict: Verdict, policy: Policy) -> Cell:
    """A rounded count, or the marker that holds it back."""
    return Cell(policy.rounded(number)) if released(verdict) else HELD_BACK


def small_or_rounded(number: float, policy: Policy) -> Cell:
    """A count that stands alone: rounded, or held back where it is under the threshold."""
    return count(number, Verdict.RELEASE if number >= policy.threshold else Verdict.SMALL, policy)


def nought_or_more(number: float, policy: Policy) -> Cell:
    """A count of records or of a whole group: rounded, held back where it is small, and a nought where the profile prints noughts."""
    return Cell(0) if policy.noughts and number == 0 else small_or_rounded(number, policy)


def change(number: float, policy: Policy) -> Cell:
    """A difference of counts: rounded, or held back where it is smaller than the threshold either way."""
    if abs(number) < policy.threshold:
        return HELD_BACK
    size = policy.rounded(abs(number))
    return Cell(size if number > 0 else -size)


def decimals(base: int, policy: Policy) -> int:
    """Decimals of a percentage on this rounded base: one where rounding moves it by less than half a point, else none."""
    return 1 if base >= policy.decimal_base else 0


def share(over: int, under: int, policy: Policy) -> Cell:
    """A share of two rounded counts; none on a base too small for one."""
    if under < policy.share_base:
        return Cell(None, Marker.TOO_FEW)
    places = decimals(under, policy)
    return Cell(round(over / under, places + 2), decimals=places)


def least_share(under: int, policy: Policy) -> Cell:
    """All but fewer than the threshold, as a share of a rounded count, to the percentage below."""
    if under < policy.share_base:
        return Cell(None, Marker.TOO_FEW)
    places = decimals(under, policy)
    parts = 10 ** (places + 2)
    return Cell((under - policy.threshold) * parts // under / parts, Marker.AT_LEAST, places)


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of an interval as protected numbers of children."""

    low: int
    high: int


def protected_ends(
    middle: float, low: float | None, high: float | None, children: float, policy: Policy
) -> Ends | None:
    """The ends set around the rounded count, each as far from it as the true end is or would be for any count that prints alike, rounded outward.

    To round the ends themselves, or how far they are, would tell more of the count than its own rounding does.
    """
    if low is None or high is None:
        return None
    centre, most = policy.rounded(middle), policy.rounded(children)
    down, up = room(middle, children, policy)
    below, above = policy.outward(down * max(middle - low, 0.0)), policy.outward(up * max(high - middle, 0.0))
    return Ends(max(0, centre - below), min(most, centre + above))
