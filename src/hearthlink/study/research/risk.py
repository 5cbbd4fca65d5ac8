"""How easily somebody could be recognised in the research tables, for the custodian and the officer inside; and what they say of it, signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date

import pyarrow as pa

from hearthlink.deidentify.risk import (
    COARSER,
    LARGE_ENOUGH,
    Alike,
    Gate,
    Protected,
    Risk,
    Terms,
    dearest,
    protected,
    risk_of,
)
from hearthlink.errors import Refused
from hearthlink.governance import Event, Ledger
from hearthlink.governance.signing import fingerprint
from hearthlink.study.acts import RISK
from hearthlink.study.beside import Clock, entered, key_of
from hearthlink.study.custody import holder_of
from hearthlink.study.permitted import LEDGER_FILE
from hearthlink.study.research.classified import Classification, digest_of_tables, keep, made, terms_of
from hearthlink.study.study import Study

INSIDE = "For the custodian and the officer, inside. It has passed no output check: it holds counts under 10, and is not for release."
SIZES = ("1", "2", "3 to 4", "5 to 9", "10 to 19", "20 and over")


@dataclass(frozen=True, slots=True)
class Told:
    """A report of risk, the digest of the tables and terms it is of, and the classification that was signed, if one was."""

    risk: Risk
    digest: str
    classification: Classification | None = None


def look_at_risk(study: Study, *, clock: Clock, classify: tuple[str, date] | None = None) -> Told:
    """The report on a study's research tables; with words and a day, also their classification by whoever is at the keyboard.

    Raises Refused where the permission or the site forbids it, the tables do not pass the gate, or this person may not classify; WrongUse
    for a classification without words or with a day that has passed; DataProblem where the research room is not made yet.
    """
    with entered(study, RISK, clock) as opened:
        terms = terms_of(study)
        tables = opened.load_all(RISK)
        digest = digest_of_tables(opened.store, RISK.reads, terms)
        risk = risk_of(tables, terms)
        opened.counts.update({"tables": len(tables), "rows": sum(table.num_rows for table in tables.values())})
        if classify is None:
            return Told(risk, digest)
        require_passed(risk.gate, terms, tables)
        who = holder_of(study)
        said = made(who, digest, *classify, clock())
        # The ledger first: a classification that it does not know of would be nobody's.
        Ledger(study.folder / LEDGER_FILE, clock, key_of(study)).write(
            Event.CLASSIFIED, step=RISK.name, role=RISK.role.value, by=fingerprint(who.key.public), about=digest
        )
        keep(study, said)
    return Told(risk, digest, said)


def protected_tables(tables: Mapping[str, pa.Table], terms: Terms) -> Protected:
    """The research tables as they may be written out. Raises Refused where the gate cannot be passed."""
    ready = protected(tables, terms)
    require_passed(ready.gate, terms, tables)
    return ready


def require_passed(gate: Gate, terms: Terms, tables: Mapping[str, pa.Table]) -> None:
    """Raise Refused where the tables do not pass the gate; it names the column that costs most."""
    if gate.passes:
        return
    column = dearest(risk_of(tables, terms))
    coarser = (
        f" or merge its values ({COARSER[column].says})" if column in COARSER and column not in terms.coarsen else ""
    )
    named = (
        f"{column} costs most: have it left out of what is known beforehand only if that is true{coarser}. "
        if column
        else ""
    )
    raise Refused(
        f"The research tables may not be written out. {' '.join(gate.why)}", file="protocol.toml", column="research",
        remedy=f"Nothing was written. {named}hearthlink risk STUDY shows what each column costs; a change is a new version of the protocol.",
    )  # fmt: skip


def lines_of(told: Told) -> Iterator[str]:
    """The report in words."""
    risk, terms = told.risk, told.risk.terms
    yield INSIDE
    yield ""
    yield f"Children: {risk.as_they_are.rows:,}. Whoever looks for a child knows that it is among them: this is everybody, and no sample."
    yield f"Known beforehand, as declared: {', '.join(terms.quasi_identifiers)}"
    yield f"Not to be learnt: {', '.join(terms.sensitive)}"
    yield f"Asked for: {terms.k} alike for {LARGE_ENOUGH:.0%} of the children, nobody alone, {terms.differing} different values of each column not to be learnt"
    yield ""
    yield f"{'':<62}{'children':>9}{'alone':>8}{'under 3':>9}{'under 5':>9}{'under 10':>10}"
    merged = f"with {', '.join(terms.coarsen)} merged" if terms.coarsen else "with nothing merged"
    yield _row("as they are", risk.as_they_are)
    yield _row(merged, risk.coarsened)
    yield _row("as they would be written out", risk.gate.after)
    yield ""
    yield f"Children by how many are like them: {_by_size(risk.coarsened)}"
    yield f"                as written out: {_by_size(risk.gate.after)}"
    yield from _variety(risk)
    yield from _families(risk)
    yield from _journeys(risk)
    yield from _costs(risk)
    yield from _gate(risk)
    yield ""
    yield f"digest of these tables and terms {told.digest}"
    if told.classification is not None:
        said = told.classification
        yield f"Classified by {said.signer}, to be looked at again by {said.review}. In their own words: {said.words}"


def _row(words: str, one: Alike) -> str:
    return f"{words:<62}{one.rows:>9,}{one.unique:>8,}{one.under[3]:>9,}{one.under[5]:>9,}{one.under[10]:>10,}"


def _by_size(one: Alike) -> str:
    return "; ".join(f"{words}: {count:,}" for words, count in zip(SIZES, one.by_size, strict=True))


def _variety(risk: Risk) -> Iterator[str]:
    after = {one.column: one for one in risk.gate.sensitive}
    for one in risk.sensitive:
        yield (
            f"{one.column}: in the group with the fewest, {one.fewest} different; {one.children:,} children in groups with fewer than "
            f"{risk.terms.differing}; as written out {after[one.column].children:,}"
        )


def _families(risk: Risk) -> Iterator[str]:
    yield ""
    yield "Brothers and sisters. Whoever knows a family knows all of them together:"
    yield _row("families of several children", risk.sibling_sets)
    yield _row("the same, as written out", risk.gate.sibling_sets)
    yield f"{risk.children_in_lone_sets:,} children are in a family whose children together are like no other's."
    one, two, three = risk.minimal.by_columns
    yield f"Children singled out by one declared column alone: {one:,}; by two: {two:,}; by three: {three:,}"
    named = zip(risk.terms.columns[1:], risk.minimal.of_column, strict=True)
    yield f"  of these each column has a part in: {', '.join(f'{name} {count:,}' for name, count in named)}"


def _journeys(risk: Risk) -> Iterator[str]:
    yield ""
    yield "What befell them. No declared column: whoever knows it knows more than was declared."
    for words, one in risk.journeys.items():
        yield _row(f"children, by {words}", one)
    for words, one in risk.households.items():
        yield _row(f"households, by {words}", one)
    if "weeks" not in risk.terms.coarsen:
        yield f'Weeks may be merged: [research] coarsen = ["weeks"] gives {COARSER["weeks"].says}.'


def _costs(risk: Risk) -> Iterator[str]:
    yield ""
    yield f"What knowing each column costs: children more in groups under {risk.terms.k}, and children more alone"
    for declared, words in ((True, "declared"), (False, "not declared: what it would cost if somebody knew it too")):
        yield f"  {words}"
        yield from (
            f"    {one.column:<32}{one.under_k:>9,}{one.unique:>9,}" for one in risk.costs if one.declared is declared
        )


def _gate(risk: Risk) -> Iterator[str]:
    gate = risk.gate
    yield ""
    yield f"To pass, {gate.share_blanked:.1%} of the declared cells are blanked, in {gate.children_blanked:,} children:"
    yield f"  {', '.join(f'{name} {count:,}' for name, count in gate.blanked.items())}"
    if gate.children_left_out:
        yield f"  {gate.children_left_out:,} children who count in no answer are left out of the tables"
    yield "The gate is passed." if gate.passes else f"The gate is not passed. {' '.join(gate.why)}"


def as_json(told: Told) -> dict[str, object]:
    """The report for a script."""
    said = None if told.classification is None else asdict(told.classification)
    return {"about": INSIDE, "digest": told.digest, **asdict(told.risk), "classification": said}


__all__ = [
    "COARSER",
    "Gate",
    "Terms",
    "Told",
    "as_json",
    "lines_of",
    "look_at_risk",
    "protected_tables",
    "require_passed",
]
