"""What a reader could work out: exact ranges of held-back figures, from everything that is printed beside them.

Each group has three figures: those with the attribute, those without, and all of them. What is known of the three is a region of the
plane cut by limits on the one, the other and their sum. Regions of that shape are closed under meeting, adding and subtracting, and
their limits then add and subtract too (Minkowski addition of polygons with the same directions of edge), so no linear programme is
needed; one stands in the tests as the referee.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Region:
    """What may be true of a group: limits of those with the attribute, those without, and all of them."""

    having: Limits
    lacking: Limits
    all: Limits

    @property
    def tight(self) -> Region:
        """The same region with the narrowest limits that describe it."""
        (a, b), (c, d), (e, f) = self.having, self.lacking, self.all
        return Region(
            (max(a, e - d), min(b, f - c)),
            (max(c, e - b), min(d, f - a)),
            (max(e, a + c), min(f, b + d)),
        )


NOBODY = Region((0.0, 0.0), (0.0, 0.0), (0.0, 0.0))


def meet(one: Region, other: Region) -> Region:
    """What both allow."""
    return Region(_meet(one.having, other.having), _meet(one.lacking, other.lacking), _meet(one.all, other.all)).tight


def _meet(one: Limits, other: Limits) -> Limits:
    return max(one[0], other[0]), min(one[1], other[1])


def total(regions: Iterable[Region]) -> Region:
    """What may be true of all groups together; each region is tight."""
    result = NOBODY
    for region in regions:
        result = Region(
            _plus(result.having, region.having), _plus(result.lacking, region.lacking), _plus(result.all, region.all)
        )
    return result


def _plus(one: Limits, other: Limits) -> Limits:
    return one[0] + other[0], one[1] + other[1]


def remainder(whole: Region, part: Region) -> Region:
    """What may be true of the rest, given a whole and a part of it; both are tight."""
    return Region(_minus(whole.having, part.having), _minus(whole.lacking, part.lacking), _minus(whole.all, part.all))


def _minus(whole: Limits, part: Limits) -> Limits:
    return whole[0] - part[1], whole[1] - part[0]


def worked_out(topics: Sequence[Sequence[Region]], whole: Region) -> list[list[Region]]:
    """The exact region of every group of every topic, when each topic's groups add up to the same whole.

    `topics` holds what is printed of each group by itself. The result is in the same order.
    """
    capped = [[meet(region, Region((0.0, whole.having[1]), (0.0, whole.lacking[1]), (0.0, whole.all[1]))) for region in topic]
              for topic in topics]  # fmt: skip
    sums = [total(topic) for topic in capped]
    result: list[list[Region]] = []
    for place, topic in enumerate(capped):
        outside = whole
        for other, summed in enumerate(sums):
            if other != place:
                outside = meet(outside, summed)
        others = (total(topic[:group] + topic[group + 1 :]) for group in range(len(topic)))
        result.append([meet(region, remainder(outside, rest)) for region, rest in zip(topic, others, strict=True)])
    return result
