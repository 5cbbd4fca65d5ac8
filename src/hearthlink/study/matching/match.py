"""Link any two person tables, without a study: only known columns are parsed, only ids and probabilities come out.

The action is declared in `actions.MATCH`. A site's policy may forbid it; what was done is entered in a ledger beside the links.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq

from hearthlink.engine import open_engine
from hearthlink.errors import WrongUse
from hearthlink.governance import Event, Ledger
from hearthlink.linkage import agreement, estimate, link, tied
from hearthlink.standardise import Comparable, prepared
from hearthlink.study.actions import MATCH
from hearthlink.study.matching.masked import both_masked, match_masked, read_both
from hearthlink.study.matching.person_files import Names, names_for, read_persons
from hearthlink.study.matching.said import found, learned
from hearthlink.study.policy import require_allowed
from hearthlink.study.run import accounted
from hearthlink.study.store import write_whole

WORKBOOKS = frozenset({".xlsx", ".xls", ".xlsm", ".ods"})
"""Endings of names under which a spreadsheet would look for a workbook."""

CUT = 0.5
"""Probability of being in any household above which the likeliest is named."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Matched:
    """links: one row for each person to link, by id. said: what was learned and what the files lacked, in sentences."""

    links: pa.Table
    said: tuple[str, ...]


def match_tables(left: pa.Table, right: pa.Table, *, progress: Progress = lambda words, share: None) -> Matched:
    """Link two person tables whose columns go by our names. The order of their rows changes nothing.

    Raises Refused where the site forbids it, and DataProblem where a table cannot be understood.
    """
    require_allowed(MATCH.name)
    progress("Making names, dates and addresses comparable", 0.0)
    made = prepared(left, right)
    tables = _linked(made, progress)
    links = _links(made, tables, left, right)
    lacking = [f"{word[0].upper()}{word[1:]}." for word in made.said]
    return Matched(links, (*lacking, *learned(tables, ties=tied(tables["candidate_posterior"])), found(links)))


def match_files(
    left: Path,
    right: Path,
    out: Path,
    *,
    clock: Callable[[], datetime],
    names: Names | None = None,
    progress: Progress = lambda words, share: None,
) -> Matched:
    """Link two files, CSV or Parquet, and write the links: Parquet where its name ends so, else CSV.

    Nothing is left behind where it stops; the ledger beside the links has a line for each file read and for how it ended.
    """
    require_allowed(MATCH.name)
    masked = both_masked(left, right, names=names)
    for which in ("left", "right"):
        names_for(which, names)
    if out.is_dir() or any(out.exists() and path.exists() and out.samefile(path) for path in (left, right)):
        raise WrongUse("The links need a file of their own.", file=out.name, remedy="Give another name after --out.")
    if out.suffix.lower() in WORKBOOKS:
        raise WrongUse(
            "Links are not written as a workbook.", file=out.name,
            remedy="Give a name that ends in .csv, which a spreadsheet opens, or in .parquet.",
        )  # fmt: skip
    step, role = MATCH.name, MATCH.role.value
    with accounted(ledger_of(out), clock) as ledger:
        if masked:
            return _match_masked(left, right, out, ledger=ledger, progress=progress)
        read: list[pa.Table] = []
        set_aside: list[str] = []
        for which, path in (("left", left), ("right", right)):
            progress(f"Reading the {which} file", 0.0)
            persons = read_persons(path, which, names)
            table, refused = persons.table, persons.refused
            ledger.write(
                Event.READ,
                step=step,
                role=role,
                counts={f"{which} rows": table.num_rows, f"{which} columns": table.num_columns},
            )
            read.append(table)
            set_aside += persons.said
            set_aside += (
                [f"{refused:,} rows of the {which} file have another number of fields and were left out."]
                if refused
                else []
            )
        matched = match_tables(*read, progress=progress)
        _write(matched.links, out, ledger)
    return Matched(matched.links, (*set_aside, *matched.said))


def match_paths(left: Path, right: Path, *, progress: Progress = lambda words, share: None) -> Matched | None:
    """The links of two masked files, kept nowhere; None where the files are not masked."""
    require_allowed(MATCH.name)
    if not both_masked(left, right):
        return None
    progress("Comparing tokens", 0.0)
    return Matched(*match_masked(*read_both(left, right)))


def _match_masked(left: Path, right: Path, out: Path, *, ledger: Ledger, progress: Progress) -> Matched:
    """Link two masked files, and write the links and what was done."""
    progress("Reading the masked files", 0.0)
    sides = read_both(left, right)
    counts = {f"{which} records": len(side.ids) for which, side in zip(("left", "right"), sides, strict=True)}
    ledger.write(Event.READ, step=MATCH.name, role=MATCH.role.value, counts=counts)
    progress("Comparing tokens", 0.2)
    matched = Matched(*match_masked(*sides))
    _write(matched.links, out, ledger)
    progress("Comparing tokens", 1.0)
    return matched


def _write(links: pa.Table, out: Path, ledger: Ledger) -> None:
    write_whole(out, _file_bytes(links, out))
    named = {"links": len(links), "with a household": len(links) - links.column("household_id").null_count}
    ledger.write(Event.STEP, step=MATCH.name, role=MATCH.role.value, counts=named)
    ledger.write(Event.FINISHED, step=MATCH.name, role=MATCH.role.value)


def ledger_of(out: Path) -> Path:
    """The ledger that lies beside a file of links."""
    return out.with_name(f"{out.name}.ledger.jsonl")


def _linked(made: Comparable, progress: Progress) -> dict[str, pa.Table]:
    """Every table of the linkage, from the comparable ones."""
    tables = dict(made.tables)
    with open_engine() as engine:
        progress("Finding and comparing candidate pairs", 0.1)
        tables |= agreement(engine, tables, progress=progress)
        progress("Learning what agreement is worth", 0.7)
        tables["parameter"] = estimate(tables["agreement_pattern"])
        progress("Weighing families against households", 0.8)
        tables |= link(tables, draws=1, cut=CUT)
    progress("Weighing families against households", 1.0)
    return tables


def _links(made: Comparable, tables: dict[str, pa.Table], left: pa.Table, right: pa.Table) -> pa.Table:
    """The links by the ids that the files came with, each in its own type, in order of the left id.

    An id stands where it is likelier than none on file.
    """
    found_links = tables["link"].sort_by("child_id")
    nothing = pa.scalar(None, pa.string())
    likelier, person_likelier = (
        pc.greater(found_links.column(name), found_links.column("p_none")) for name in ("p_household", "p_person")
    )
    households = pc.if_else(likelier, found_links.column("household_id"), nothing).to_pylist()
    persons = pc.if_else(pc.and_(likelier, person_likelier), found_links.column("member_id"), nothing)
    outward = [None if group is None else made.households_by_address.get(group, group[2:]) for group in households]
    return pa.table(
        {
            "left_person_id": _typed(found_links.column("child_id"), _kind(left, "person_id")),
            "household_id": _typed(pa.chunked_array([pa.array(outward, pa.string())]), _household_kind(made, right)),
            "household_probability": found_links.column("p_household"),
            "right_person_id": _typed(persons, _kind(right, "person_id")),
            "person_probability": found_links.column("p_person"),
            "none_probability": found_links.column("p_none"),
        }
    )


def _kind(table: pa.Table, name: str) -> pa.DataType:
    kind = table.schema.field(name).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return kind if pa.types.is_integer(kind) or pa.types.is_floating(kind) else pa.string()


def _household_kind(made: Comparable, right: pa.Table) -> pa.DataType:
    """The type of the column that all households are named from; text where they are named from several."""
    member = made.tables["person"].filter(pc.equal(made.tables["person"].column("side"), "member"))
    kinds = set(pc.unique(pc.utf8_slice_codeunits(member.column("group_id"), 0, 1)).to_pylist())
    source = {"h": "household_id", "f": "family_id", "p": "person_id", "a": "person_id"}
    types = {_kind(right, source[kind]) for kind in kinds}
    return types.pop() if len(types) == 1 else pa.string()


def _typed(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return column.cast(kind)


def _file_bytes(links: pa.Table, out: Path) -> bytes:
    sink = pa.BufferOutputStream()
    if out.suffix.lower() in {".parquet", ".pq"}:
        pq.write_table(links, sink)
    else:
        arrow_csv.write_csv(links, sink)
    return sink.getvalue().to_pybytes()
