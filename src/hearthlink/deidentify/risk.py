"""How easily a child could be recognised in the research tables, what each column adds to it, and what is held back before they are written out.

The figures are exact counts of children, for the custodian and the officer inside; they have passed no output check. They speak of what is
declared to be known beforehand (quasi-identifiers), and of no other knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthlink.deidentify.risk_coarse import COARSER, Tables, blanked, coarsened, without
from hearthlink.deidentify.risk_gate import Held, Rule, by_column, held_back, share_blank
from hearthlink.deidentify.risk_groups import (
    Alike,
    Flags,
    Minimal,
    Whole,
    alike,
    bundles,
    coded,
    codes_of,
    distinct_in,
    grouped,
    minimal_uniques,
    sizes,
)
from hearthlink.tables.measures import YEAR_LAST
from hearthlink.tables.research import RESEARCH_CHILD, RESEARCH_STRETCH
from hearthlink.tables.spec import Kind, Sensitivity

LARGE_ENOUGH = 0.95
"""Share of the children who must be in groups of at least k; none may stand alone."""

ALWAYS = "left_out"
"""Never blank, for it says who counts: children who are not yet born are a group apart."""

NOT_KNOWN_BY_ANYBODY = frozenset({"on_draws", "household_verdict", "person_verdict"})
"""What no column of a record holds: the draws, and verdicts of which a study of real people has none."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is declared: who may know what beforehand, from the column that is to stay longest; what must not be learnt; and the bounds.

    `most_blanked` is the share of the declared cells that may be held back.
    """

    quasi_identifiers: tuple[str, ...]
    sensitive: tuple[str, ...]
    coarsen: tuple[str, ...]
    k: int
    differing: int
    most_blanked: float

    @property
    def fixed(self) -> tuple[str, ...]:
        """The columns that count and are never blanked, because an answer cannot do without them."""
        required = {one.name for one in RESEARCH_CHILD.columns if one.required}
        return (ALWAYS, *(name for name in self.quasi_identifiers if name in required and name != ALWAYS))

    @property
    def columns(self) -> tuple[str, ...]:
        """The fixed columns and then the others."""
        return (*self.fixed, *(name for name in self.quasi_identifiers if name not in self.fixed))


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A sensitive column: the fewest different values in a group, and the children in groups with too few."""

    column: str
    fewest: int
    children: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What knowing a column costs: children more in groups under k with it than without, children more who stand alone; and if it is declared."""

    column: str
    declared: bool
    under_k: int
    unique: int


@dataclass(frozen=True, slots=True)
class Gate:
    """What is held back, and how the children then stand: whether that is enough, and why not, in words without a figure of anybody."""

    passes: bool
    why: tuple[str, ...]
    after: Alike
    sensitive: tuple[Sensitive, ...]
    sibling_sets: Alike
    blanked: Mapping[str, int]
    share_blanked: float
    children_blanked: int
    children_left_out: int


@dataclass(frozen=True, slots=True)
class Risk:
    """The report: how children, families and households are alike, by what a stranger is declared to know and by what befell them."""

    terms: Terms
    as_they_are: Alike
    coarsened: Alike
    sensitive: tuple[Sensitive, ...]
    minimal: Minimal
    families: Alike
    sibling_sets: Alike
    children_in_lone_sets: int
    journeys: Mapping[str, Alike]
    households: Mapping[str, Alike]
    costs: tuple[Cost, ...]
    gate: Gate


@dataclass(frozen=True, slots=True)
class Protected:
    """The tables as they may be written out, and the gate that they passed or did not."""

    tables: Mapping[str, pa.Table]
    gate: Gate


def risk_of(tables: Tables, terms: Terms) -> Risk:
    """The whole report of the research tables, by name. Nothing of it names a child, and every figure is a count of them."""
    made = coarsened(tables, terms.coarsen)
    child = made["research_child"]
    codes = codes_of(child, terms.columns)
    group, size = grouped(codes)
    family, lone, members = _families(child, group)
    return Risk(
        terms,
        as_they_are=alike(sizes(codes_of(tables["research_child"], terms.columns)), (terms.k,)),
        coarsened=alike(size[group], (terms.k,)),
        sensitive=_sensitive(child, group, terms),
        minimal=minimal_uniques(codes[:, 1:]),
        families=alike(family, (terms.k,)),
        sibling_sets=alike(family[members > 1], (terms.k,)),
        children_in_lone_sets=lone,
        journeys=_journeys(made, codes, terms.k),
        households=_households(made, terms.k),
        costs=_costs(child, codes, terms),
        gate=protected(tables, terms).gate,
    )


def protected(tables: Tables, terms: Terms) -> Protected:
    """The tables made coarser and with cells held back, as the gate asks; children who count in no answer and stay too few are left out."""
    made = coarsened(tables, terms.coarsen)
    held, codes = _held(made["research_child"], terms)
    apart = ~held.safe & (codes[:, 0] > 0)
    dropped = int(apart.sum())
    if dropped:
        made = without(made, apart)
        held, codes = _held(made["research_child"], terms)
    places = {name: place for place, name in enumerate(terms.columns) if held.blank[:, place].any()}
    gate = _gate(made["research_child"], held, codes, terms, dropped)
    return Protected(blanked(made, {name: held.blank[:, place] for name, place in places.items()}), gate)


def _held(child: pa.Table, terms: Terms) -> tuple[Held, Whole]:
    codes = codes_of(child, terms.columns)
    sensitive = codes_of(child, terms.sensitive)
    return held_back(codes, sensitive, Rule(terms.k, terms.differing, len(terms.fixed))), codes


def _gate(child: pa.Table, held: Held, codes: Whole, terms: Terms, dropped: int) -> Gate:
    group, size = grouped(held.codes)
    after, sensitive = alike(size[group], (terms.k,)), _sensitive(child, group, terms)
    share = share_blank(held, codes[:, len(terms.fixed) :])
    in_large = 1 - after.fewer_than(terms.k) / max(after.rows, 1)
    faults = (
        (after.rows == 0, "There is no child in the tables."),
        (after.unique > 0, "A child would stand alone."),
        (in_large < LARGE_ENOUGH, f"Fewer than {LARGE_ENOUGH:.0%} of the children would be in groups of {terms.k} or more."),
        (any(one.children for one in sensitive), f"A group would have fewer than {terms.differing} different values of what must not be learnt."),
        (share > terms.most_blanked, f"More than {terms.most_blanked:.0%} of the declared cells would have to be blanked."),
    )  # fmt: skip
    why = tuple(words for wrong, words in faults if wrong)
    counted = {name: count for name, count in by_column(held, terms.columns).items() if name not in terms.fixed}
    family, _, members = _families(child, group)
    return Gate(
        not why, why, after, sensitive, alike(family[members > 1], (terms.k,)), counted, share, int(held.blank.any(axis=1).sum()),
        dropped,
    )  # fmt: skip


def _sensitive(child: pa.Table, group: Whole, terms: Terms) -> tuple[Sensitive, ...]:
    made: list[Sensitive] = []
    for name in terms.sensitive:
        each = distinct_in(group, coded(child.column(name)))
        made.append(Sensitive(name, int(each.min()) if len(each) else 0, int((each < terms.differing).sum())))
    return tuple(made)


def _families(child: pa.Table, group: Whole) -> tuple[Whole, int, Whole]:
    """For each family how many have the same set of children; the children in families whose set no other has; children by family."""
    family = coded(child.column("family_pseudonym")) - 1
    families = int(family.max(initial=-1)) + 1
    members = np.bincount(family, minlength=families)
    _, bundle, size = np.unique(bundles(family, group, families), return_inverse=True, return_counts=True)
    each = size[bundle.ravel()]
    return each, int(members[each == 1].sum()), members


def _journeys(tables: Tables, codes: Whole, k: int) -> dict[str, Alike]:
    """Children by what befell the household of their best link: by kind alone, by month, by week; and by month with what is declared."""
    child, events, candidates = (tables[f"research_{name}"] for name in ("child", "child_event", "candidate"))
    place = _places(child.column("child_pseudonym"))
    best = candidates.filter(candidates.column("best"))
    ranks = dict(zip(best.column("child_pseudonym").to_pylist(), best.column("rank").to_pylist(), strict=True))
    own = np.array(
        [ranks.get(name) == rank for name, rank in zip(events.column("child_pseudonym").to_pylist(), events.column("rank").to_pylist(), strict=True)],
        bool,
    )  # fmt: skip
    events = events.filter(pa.array(own))
    owner = _of(place, events.column("child_pseudonym"))
    kind, weeks = coded(events.column("kind")), events.column("weeks").to_numpy().astype(np.int64)
    told = {
        "the kinds of event": kind,
        "the kinds of event and their months": kind * 1000 + np.floor_divide(weeks, 4) + 100,
        "the kinds of event and their weeks": kind * 1000 + weeks + 400,
    }
    made = {words: bundles(owner, items, child.num_rows) for words, items in told.items()}
    made["the kinds of event and their months, and what is declared"] = grouped(
        np.column_stack([made["the kinds of event and their months"], codes])
    )[0]
    return {words: alike(sizes(bundle[:, None]), (k,)) for words, bundle in made.items()}


def _households(tables: Tables, k: int) -> dict[str, Alike]:
    """Households by what a neighbour knows, at the end of the year; and by what is told of them month by month."""
    household, stretches, events = (tables[f"research_{name}"] for name in ("household", "stretch", "event"))
    place = _places(household.column("household_pseudonym"))
    owner = _of(place, stretches.column("household_pseudonym"))
    span = ("first_month", "last_month")
    told = {
        "the months of their claims": grouped(codes_of(stretches, (*span, "status")))[0],
        "every state of every month": grouped(codes_of(stretches, RESEARCH_STRETCH.names[1:]))[0],
    }
    made = {words: bundles(owner, items, household.num_rows) for words, items in told.items()}
    befell = grouped(codes_of(events, ("kind", "month")))[0]
    first, last = (stretches.column(name).to_numpy() for name in span)
    then = (first <= YEAR_LAST) & (last >= YEAR_LAST)
    area = coded(household.column("deprivation_fifth"))[owner]
    seen = np.column_stack([codes_of(stretches, ("adults", "children", "youngest", "tenure")), area])[then]
    made["what befell them and when"] = bundles(
        _of(place, events.column("household_pseudonym")), befell, household.num_rows
    )
    of_all = {words: alike(sizes(bundle[:, None]), (k,)) for words, bundle in made.items()}
    return {"who lives there, tenure and area at the year's end": alike(sizes(seen), (k,)), **of_all}


def _places(names: pa.ChunkedArray) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(names.to_pylist())}


def _of(place: Mapping[str, int], names: pa.ChunkedArray) -> Whole:
    return np.array([place[name] for name in names.to_pylist()], np.int64)


def _costs(child: pa.Table, codes: Whole, terms: Terms) -> tuple[Cost, ...]:
    """What each declared column costs, and what each other column of a child would, the dearest first."""
    each = sizes(codes)

    def cost(name: str, less: Whole, more: Whole, *, declared: bool) -> Cost:
        return Cost(
            name, declared, int((more < terms.k).sum() - (less < terms.k).sum()), int((more == 1).sum() - (less == 1).sum())
        )  # fmt: skip

    made = [
        cost(name, sizes(np.delete(codes, place, axis=1)), each, declared=True)
        for place, name in enumerate(terms.columns)
        if name != ALWAYS
    ]
    others = [
        one.name
        for one in RESEARCH_CHILD.columns
        if one.sensitivity is Sensitivity.ATTRIBUTE
        and one.name not in {*terms.columns, *NOT_KNOWN_BY_ANYBODY, "counted"}
        and one.kind is not Kind.NUMBER
    ]
    made += [
        cost(name, each, sizes(np.column_stack([codes, coded(child.column(name))])), declared=False) for name in others
    ]
    return tuple(sorted(made, key=lambda one: (not one.declared, -one.under_k, one.column)))


def dearest(risk: Risk) -> str | None:
    """The declared column without which the fewest children would be in small groups, or None where none is declared."""
    return next((one.column for one in risk.costs if one.declared), None)


__all__ = [
    "ALWAYS",
    "COARSER",
    "LARGE_ENOUGH",
    "Cost",
    "Flags",
    "Gate",
    "Protected",
    "Risk",
    "Sensitive",
    "Terms",
    "dearest",
    "protected",
    "risk_of",
]
