"""What a match learned, in sentences for a person: how much was compared, what agreement is worth, whether that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FIELDS = {
    "forename": "forename", "surname": "surname", "birth_date": "birth date", "sex": "sex", "middle": "further forenames", "address": "home", "carer": "carer",
    "ages": "ages of the dependants",
}  # fmt: skip


KINDS = {
    "same_person_elsewhere": "the same person moved", "same_household": "two people of one household", "neighbour": "neighbours",
}  # fmt: skip


def learned(tables: Mapping[str, pa.Table], *, ties: int = 0) -> list[str]:
    """Sentences from candidate pairs, agreement patterns and parameters; none holds a value of the data."""
    pairs, person = tables["candidate_pair"], tables["person"]
    side = person.column("side")
    groups = pc.count_distinct(person.filter(pc.equal(side, "member")).column("group_id")).as_py()
    near = pc.count_distinct(pairs.column("household_no")).as_py()
    children = pc.sum(pc.equal(side, "child")).as_py() or 0
    said = [
        f"{children:,} people to link; {person.num_rows - children:,} people in {groups:,} households to find them among.",
        f"{pairs.num_rows:,} pairs were compared, with {near:,} households that something ties to somebody.",
        *_compared_with_nobody(children - (pc.count_distinct(pairs.column("child_no")).as_py() or 0)),
    ]
    said += [sentence for field in FIELDS if (sentence := _worth(field, tables)) is not None]
    return [*said, *_kinds(tables["parameter"]), _trust(tables["parameter"]), *_ties(ties)]


def _compared_with_nobody(people: int) -> list[str]:
    """What a none_probability of 1 says of people for whom no rule proposed anybody."""
    whose = "1 person resembles" if people == 1 else f"{people:,} people resemble"
    said = f"{whose} nobody enough to be compared: a none_probability of 1 says that, and proves no absence."
    return [said] if people else []


def _worth(field: str, tables: Mapping[str, pa.Table]) -> str | None:
    """What the strongest agreement and plain disagreement on a field do to the odds of a match."""
    parameter = tables["parameter"]
    mine = parameter.filter(pc.equal(parameter.column("field"), field)).to_pylist()
    value = {(row["pair_class"], row["level"]): row["value"] for row in mine}
    missing = {row["level"] for row in mine if row["label"] == "missing"}
    levels = sorted({row["level"] for row in mine} - missing)
    if len(levels) < 2 or ("same_person", levels[0]) not in value:
        return None
    level = tables["candidate_pair"].column(f"{field}_level")
    if pc.all(pc.is_in(level, value_set=pa.array(sorted(missing), level.type))).as_py():
        return f"Evidence of {FIELDS[field]}: lacking in every pair."
    if any(np.isnan(value[kind, n]) for kind in ("same_person", "unrelated") for n in (levels[0], levels[-1])):
        return None
    ratios = [value["same_person", n] / max(value["unrelated", n], 1e-300) for n in (levels[0], levels[-1])]
    return (
        f"Evidence of {FIELDS[field]}: the same makes a match {_times(ratios[0])} likelier, "
        f"another makes it {_times(1 / max(ratios[1], 1e-300))} less likely."
    )


def _times(ratio: float) -> str:
    if ratio >= 1e6:
        return "over a million times"
    rounded = round(ratio, 1) if ratio < 10 else float(f"{ratio:.2g}")
    return f"{rounded:,.1f} times" if rounded < 10 else f"{rounded:,.0f} times"


def _kinds(parameter: pa.Table) -> list[str]:
    """The kinds of pair that these files hold too few of to tell apart."""
    rows = parameter.filter(pc.equal(parameter.column("field"), "class_size")).to_pylist()
    dropped = [KINDS[row["pair_class"]] for row in rows if "dropped" in row["label"] and row["pair_class"] in KINDS]
    return [f"Too few pairs to learn from, so left out: {', '.join(dropped)}."] if dropped else []


def _ties(ties: int) -> list[str]:
    return [f"{ties:,} have two households that are equally likely; the first by content is named."] if ties else []


def _trust(parameter: pa.Table) -> str:
    rows = parameter.filter(pc.equal(parameter.column("field"), "model")).to_pylist()
    size = {row["label"]: row["value"] for row in rows if row["label"] != "prior"}
    if not size.get("identified", 1.0):
        return (
            "The kinds of pair could not be told apart in these files, so published rates of error stand in: "
            "read the probabilities with caution."
        )
    if not size.get("converged", 1.0):
        return "Learning what agreement is worth had not come to rest when it was stopped: read the probabilities with caution."
    return "What agreement is worth was learned from these files themselves."


def found(links: pa.Table) -> str:
    """How many were found, in a sentence."""
    household = len(links) - links.column("household_id").null_count
    person = len(links) - links.column("right_person_id").null_count
    unsure = int(np.count_nonzero(np.abs(links.column("none_probability").to_numpy() - 0.5) < 0.4))
    return (
        f"{household:,} of {len(links):,} are in a household on file, {person:,} of them as a person listed there; "
        f"{unsure:,} answers are not sure (between 10% and 90%)."
    )
