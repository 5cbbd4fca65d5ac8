"""From the prior to the weight, step by step: what each agreement or disagreement of a pair adds, in bits.

The steps weigh the same person against two strangers, field by field (m against u). The last step takes account of the third class:
what fits the child may fit a brother or sister as well, and the weight that is left is against everything else. It is the weight of
one pair by itself; the family's other children, and who else is listed, are weighed after it and are not in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.linkage.comparisons import FIELDS, FORENAME, SURNAME, Comparison
from hearthlink.linkage.model import CLASSES, SAME_HOUSEHOLD, SAME_PERSON, UNRELATED, Model

LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class Step:
    """One step: of what, at which level, and how far it moves the weight. `total` is the weight after it, in bits.

    same, by_chance: how often the level occurs among records of one person and among strangers; none where a step is no level.
    """

    of: str
    level: str
    bits: float
    total: float
    same: float | None = None
    by_chance: float | None = None

    @property
    def probability(self) -> float:
        """The probability that goes with the weight after this step."""
        odds = 2.0 ** -abs(self.total)
        return (1.0 if self.total >= 0 else odds) / (1.0 + odds)


def waterfall(model: Model, pattern: Mapping[str, int], common: Mapping[str, float] | None = None) -> tuple[Step, ...]:
    """The steps for an agreement pattern: the level of each field by its name, a field not named counting as missing.

    `common` gives, for forename or surname, the share of people who bear the name that agrees, where a real pair is explained.
    """
    level = {field.of: pattern.get(field.of, field.missing) for field in FIELDS}
    size = {of: max(float(model.prior[CLASSES.index(of)]), LEAST) for of in CLASSES}
    steps = [_step("start", "two records taken at random", math.log2(size[SAME_PERSON] / size[UNRELATED]), 0.0)]
    for field in FIELDS:
        m, u = (max(float(model.shares[of][field.of][level[field.of]]), LEAST) for of in (SAME_PERSON, UNRELATED))
        known = level[field.of] != field.missing
        label = field.levels[level[field.of]].label
        bits = math.log2(m / u) if known else 0.0
        step = _step(field.of, label, bits, steps[-1].total)
        steps.append(replace(step, same=m, by_chance=u) if known else step)
        share = (common or {}).get(field.of, 0.0)
        if level[field.of] == 0 and share > 0.0:
            steps.append(
                _step(f"{field.of}, how common", "as borne in these files", math.log2(u / share), steps[-1].total)
            )
    if level[FORENAME.of] == level[SURNAME.of] == 0 and model.names_together > 1.0:
        bits = -math.log2(model.names_together)
        steps.append(_step("both names", "agree together by chance more than each alone", bits, steps[-1].total))
    return (*steps, _household(model, level, size, steps[-1].total))


def _step(of: str, level: str, bits: float, before: float) -> Step:
    return Step(of, level, bits, before + bits)


def _household(model: Model, level: Mapping[str, int], size: Mapping[str, float], total: float) -> Step:
    """What is taken off because another person of the household would agree so too. In bits relative to strangers throughout."""
    sibling = math.log2(size[SAME_HOUSEHOLD] / size[UNRELATED])
    for field in FIELDS:
        if level[field.of] != field.missing:
            h, u = (float(model.shares[of][field.of][level[field.of]]) for of in (SAME_HOUSEHOLD, UNRELATED))
            sibling += math.log2(max(h, LEAST) / max(u, LEAST))
    most = max(0.0, sibling)
    against = most + math.log2(2.0**-most + 2.0 ** (sibling - most))
    return _step("another of the household", "a brother or sister may agree so too", -against, total)


def pattern_of(text: str) -> dict[str, int]:
    """The pattern that `forename=same, surname=close, sex=missing` says: levels by their names, the beginning of one, or their number.

    Raises WrongUse that lists the fields, or a field's levels, where one is not known or the beginning fits several.
    """
    fields = {field.of: field for field in FIELDS}
    found: dict[str, int] = {}
    for part in re.split(r",\s*(?=\w+\s*=)", text.strip().rstrip(",")):
        name, equals, said = (piece.strip() for piece in part.partition("="))
        if not equals or name not in fields or name in found:
            raise WrongUse(
                "A pattern is made of a field, = and a level, each field once, parted by commas.",
                column="--pattern",
                remedy=f"The fields are: {', '.join(fields)}.",
            )
        found[name] = _level(fields[name], said.lower())
    return found


def _level(field: Comparison, said: str) -> int:
    labels = [level.label.lower() for level in field.levels]
    fits = [n for n, label in enumerate(labels) if label == said or said == str(n)] or [
        n for n, label in enumerate(labels) if said and label.startswith(said)
    ]
    if len(fits) != 1:
        listed = "; ".join(f"{n} {level.label}" for n, level in enumerate(field.levels))
        raise WrongUse(
            f"{'No level' if not fits else 'More than one level'} of {field.of} is called that.",
            column="--pattern",
            remedy=f"Its levels are: {listed}.",
        )
    return fits[0]


def of_pair(
    model: Model, person: pa.Table, candidate_pair: pa.Table, *, child: str, household: str
) -> tuple[Step, ...]:
    """The steps for a child and the listed member of a household that weighs most with it, the first listed of equals.

    Raises DataProblem where the two were never compared.
    """
    numbers = {
        side: person.filter(pc.and_(pc.equal(person.column("side"), side), pc.equal(person.column(column), value)))
        for side, column, value in (("child", "record_id", child), ("member", "group_id", household))
    }
    mine = candidate_pair.filter(
        pc.and_(
            pc.is_in(candidate_pair.column("child_no"), numbers["child"].column("person_no").combine_chunks()),
            pc.is_in(candidate_pair.column("member_no"), numbers["member"].column("person_no").combine_chunks()),
        )
    ).sort_by("member_no")
    found = [waterfall(model, _pattern(row), _common(row)) for row in mine.to_pylist()]
    if not found:
        raise DataProblem(
            "These two were not compared: no rule made the household a candidate for the child, or an id is not there.",
            remedy="Check both ids.",
        )
    return max(found, key=lambda steps: steps[-1].total)


def _pattern(row: Mapping[str, int]) -> dict[str, int]:
    return {field.of: row[f"{field.of}_level"] for field in FIELDS}


def _common(row: Mapping[str, float | None]) -> dict[str, float]:
    return {name: row.get(f"{name}_frequency") or 0.0 for name in (FORENAME.of, SURNAME.of)}
