"""How right a linkage is: persons, households, siblings taken for the child, "not on file", and whether probabilities mean what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

BINS = 10


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so of one child: right records of it and its household there, either possibly none."""

    persons: frozenset[str] = field(default_factory=frozenset[str])
    households: frozenset[str] = field(default_factory=frozenset[str])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a linkage says of one child. Ids are empty where none is likelier; a probability is of what is named, `none` of no household."""

    household: str | None = None
    household_probability: float = 0.0
    person: str | None = None
    person_probability: float = 0.0
    none: float = 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1; None where there is nothing to judge by.

    wrong_sibling: of persons named, the share who are another person of the child's own household. none_right: of children in no
    household on file (no person, where the file has no households), the share of whom that was said. calibration: mean absolute
    difference of stated and true share over ten bins, weighted by size, of households and of persons.
    """

    children: int
    person_f1: float | None
    person_precision: float | None
    person_recall: float | None
    household_f1: float | None
    household_precision: float | None
    household_recall: float | None
    wrong_sibling: float | None
    none_right: float | None
    household_calibration: float | None
    person_calibration: float | None


def score(answers: Mapping[str, Answer], truth: Mapping[str, Truth], home_of: Mapping[str, str]) -> Score:
    """Score the answers, one per child of the truth. home_of: the household of each person on the right, where it has one."""
    given = {child: answers.get(child, Answer()) for child in truth}
    persons = [(given[child].person, truth[child].persons) for child in truth]
    homes = [(given[child].household, truth[child].households) for child in truth]
    with_homes = any(known.households for known in truth.values())
    named = [(person, truth[child]) for child, answer in given.items() if (person := answer.person) is not None]
    siblings = sum(person not in known.persons and home_of.get(person) in known.households for person, known in named)
    absent = [given[child] for child, known in truth.items() if not (known.households if with_homes else known.persons)]
    refused = sum((answer.household if with_homes else answer.person) is None for answer in absent)
    person, home = f1(persons), f1(homes) if with_homes else (None, None, None)
    return Score(
        len(truth),
        *person,
        *home,
        wrong_sibling=siblings / len(named) if named and with_homes else None,
        none_right=refused / len(absent) if absent else None,
        household_calibration=calibration(_stated_households(given, truth)) if with_homes else None,
        person_calibration=calibration(
            (answer.person_probability, answer.person in truth[child].persons)
            for child, answer in given.items()
            if answer.person is not None
        ),
    )


def _stated_households(given: Mapping[str, Answer], truth: Mapping[str, Truth]) -> Iterable[tuple[float, bool]]:
    for child, answer in given.items():
        if answer.household is None:
            yield answer.none, not truth[child].households
        else:
            yield answer.household_probability, answer.household in truth[child].households


def f1(named: Sequence[tuple[str | None, frozenset[str]]]) -> tuple[float | None, float | None, float | None]:
    """F1, precision and recall of what was named against what is so; None where nothing is so."""
    so = sum(bool(known) for _, known in named)
    said = sum(name is not None for name, _ in named)
    right = sum(name is not None and name in known for name, known in named)
    if not so:
        return None, None, None
    return 2 * right / (so + said), right / said if said else 0.0, right / so


def calibration(stated: Iterable[tuple[float, bool]]) -> float | None:
    """Mean absolute difference between the probability stated and the share that came true, over ten bins weighted by size."""
    sums = [[0, 0.0, 0] for _ in range(BINS)]
    for probability, true in stated:
        held = sums[min(BINS - 1, int(probability * BINS))]
        held[0] += 1
        held[1] += probability
        held[2] += true
    count = sum(held[0] for held in sums)
    return sum(abs(held[1] - held[2]) for held in sums) / count if count else None


@dataclass(frozen=True, slots=True)
class Link:
    """A pair that a peer scored: its probability, and the weight it is ranked by (finer where probabilities round to one)."""

    child: str
    person: str
    probability: float
    weight: float


@dataclass(frozen=True, slots=True)
class Swept:
    """A peer's best link per child: at the cut that suits it best for persons, at the one for households, and at 0.9."""

    person_f1: float | None
    person_cut: float | None
    household_f1: float | None
    household_cut: float | None
    at_nine_tenths: Score


def sweep(links: Iterable[Link], truth: Mapping[str, Truth], home_of: Mapping[str, str]) -> Swept:
    """Score a peer at every cut there is, its best link taken for each child, ties to the least id."""
    best: dict[str, Link] = {}
    for link in links:
        held = best.get(link.child)
        if link.child in truth and (held is None or (-link.weight, link.person) < (-held.weight, held.person)):
            best[link.child] = link
    person_f1, person_cut = _best_cut(
        [(link, link.person in truth[link.child].persons) for link in best.values()],
        sum(bool(known.persons) for known in truth.values()),
    )
    household_f1, household_cut = _best_cut(
        [(link, home_of.get(link.person) in truth[link.child].households) for link in best.values()],
        sum(bool(known.households) for known in truth.values()),
    )
    kept = {
        link.child: Answer(
            home_of.get(link.person), link.probability, link.person, link.probability, 1 - link.probability
        )
        for link in best.values()
        if link.probability >= 0.9
    }
    return Swept(person_f1, person_cut, household_f1, household_cut, score(kept, truth, home_of))


def _best_cut(stated: Sequence[tuple[Link, bool]], so: int) -> tuple[float | None, float | None]:
    if not so:
        return None, None
    best, cut, right = 0.0, 1.0, 0
    ordered = sorted(stated, key=lambda each: -each[0].weight)
    for said, (link, true) in enumerate(ordered, start=1):
        right += true
        last = said == len(ordered) or ordered[said][0].weight != link.weight
        if last and (reached := 2 * right / (so + said)) > best:
            best, cut = reached, link.probability
    return best, cut


def as_figures(found: Score | Swept) -> dict[str, object]:
    """For a file of evidence, to four places."""
    return {name: _rounded(value) for name, value in asdict(found).items()}


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    return {name: _rounded(each) for name, each in value.items()} if isinstance(value, dict) else value
