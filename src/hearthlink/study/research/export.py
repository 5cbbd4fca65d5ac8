"""The research room written out, whole or not at all: tables as Parquet and CSV, with everything that says what they mean.

Cells that would let somebody stand apart are held back first, and where that is not enough nothing is written. What is written tells nothing
by its order, its times or the files' own statistics.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from pyarrow import parquet

from hearthlink.errors import WrongUse
from hearthlink.governance import Event, Ledger
from hearthlink.governance.signing import fingerprint
from hearthlink.study.acts import RESEARCH
from hearthlink.study.asking import PLAN_FILE, plan_of, read_plan
from hearthlink.study.beside import Clock, entered, key_of
from hearthlink.study.permitted import LEDGER_FILE
from hearthlink.study.research.codebook import EXPORTED, Entry, codebook
from hearthlink.study.research.packaging import SEPARATOR, Written, csv_on_the_web, data_package
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS
from hearthlink.tables.research import CROSSED

if TYPE_CHECKING:
    from hearthlink.study.research.classified import Classification
    from hearthlink.study.research.risk import Gate, Terms

PACKAGE = "datapackage.json"
FORMAT = 1
"""Raised when a folder written before can no longer be opened."""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: the tables, the rows in all of them, and the cells held back by column."""

    tables: int
    rows: int
    blanked: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Basis:
    """On what the tables are written out: the terms, how they passed the gate, who classified them, and the ledger's head before."""

    terms: Terms
    gate: Gate
    classification: Classification | None
    digest: str
    head: str
    day: datetime


def write_research(study: Study, out: Path, *, clock: Clock) -> Export:
    """Write the research room of a study to a new folder, with cells held back as the protocol's terms ask.

    Rows stand in the order of their pseudonyms, and every value is written anew. Raises WrongUse where the folder is there, DataProblem
    where the room is not made yet; Refused where the site or the permission forbids it, no person has classified these very tables, or the
    gate cannot be passed.
    """
    # The counting of risk lies with the stage that takes names away, which nobody needs who opens what was written.
    from hearthlink.study.research.classified import current, digest_of_tables, terms_of
    from hearthlink.study.research.risk import protected_tables

    if out.exists():
        raise WrongUse(
            "There is something here already; it was left as it is.", file=str(out), remedy="Choose another folder."
        )
    made = out.with_name(f"{out.name}.new")
    with entered(study, RESEARCH, clock) as opened:
        terms = terms_of(study)
        ledger = Ledger(study.folder / LEDGER_FILE, clock, key_of(study))
        digest = digest_of_tables(opened.store, CROSSED, terms)
        classification = current(study, digest, clock())
        ready = protected_tables(opened.load_all(RESEARCH), terms)
        day = clock().replace(hour=0, minute=0, second=0, microsecond=0)
        basis = _Basis(terms, ready.gate, classification, digest, ledger.head(), day)
        shutil.rmtree(made, ignore_errors=True)
        try:
            _write_all(study, made, ready.tables, basis)
            _one_time(made, day)
            by = "" if classification is None else fingerprint(classification.key)
            ledger.write(Event.WRITTEN_OUT, step=RESEARCH.name, role=RESEARCH.role.value, by=by, about=digest)
            made.replace(out)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        rows = sum(table.num_rows for table in ready.tables.values())
        opened.counts.update({"tables": len(ready.tables), "rows": rows})
    return Export(len(ready.tables), rows, ready.gate.blanked)


def _one_time(folder: Path, day: datetime) -> None:
    """Give all that was written one time, the beginning of the day: when which table was made tells nothing."""
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (day.timestamp(), day.timestamp()))


def _write_all(study: Study, folder: Path, tables: Mapping[str, pa.Table], basis: _Basis) -> None:
    lines, plan = study.lines, plan_of(study.folder)
    web = {name: _file(folder, f"csv/{name}.csv", csv_bytes(table), table.num_rows) for name, table in tables.items()}
    held = {
        name: _file(folder, f"parquet/{name}.parquet", parquet_bytes(table), table.num_rows)
        for name, table in tables.items()
    }
    title = f"Research tables of {lines.name}, {lines.authority} {lines.year}"
    about = {
        "name": "hearthlink-research-tables",
        "title": title,
        "description": "Children referred and benefit households under random names. For use in the research room: nothing here has passed the output checks.",
        "created": basis.day.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "hearthlink": {
            "format": FORMAT, "study": lines.name, "authority": lines.authority, "year": lines.year,
            "made_up": lines.practice is not None, "threshold": lines.disclosure.threshold, "purpose": lines.permission.purpose,
            "agreement": lines.permission.agreement,
            "ends": None if lines.permission.ends is None else lines.permission.ends.isoformat(),
            "held_back": _held_back(basis), "ledger_head": basis.head, "tables_digest": basis.digest,
        },
    }  # fmt: skip
    written = {
        PACKAGE: _json(data_package(about, web, held)),
        "csv-metadata.json": _json(csv_on_the_web(title, web)),
        "codebook.csv": _codebook_csv(codebook()),
        "codebook.md": codebook_page(title, "\n\n".join(_held_back_words(basis))).encode(),
        "measures.json": _json([asdict(one) for one in MEASURES.values()]),
        "plan.json": _json({"plan": read_plan(study.folder).model_dump(mode="json"), "asked": asdict(plan), "file": PLAN_FILE}),
    }  # fmt: skip
    for name, content in written.items():
        write_whole(folder / name, content)


def _held_back(basis: _Basis) -> dict[str, object]:
    """What was held back and merged, by which terms, and what a person said of the tables, for other software."""
    said = None if basis.classification is None else asdict(basis.classification)
    return {
        "known_beforehand": list(basis.terms.quasi_identifiers), "not_to_be_learnt": list(basis.terms.sensitive),
        "k": basis.terms.k, "l": basis.terms.differing, "merged": list(basis.terms.coarsen), "blanked": dict(basis.gate.blanked),
        "share_blanked": round(basis.gate.share_blanked, 4), "children_left_out": basis.gate.children_left_out, "classification": said,
    }  # fmt: skip


def _held_back_words(basis: _Basis) -> list[str]:
    """The same in words, for the codebook."""
    from hearthlink.study.research.risk import COARSER

    terms, gate = basis.terms, basis.gate
    cells = ", ".join(f"`{name}` {count:,}" for name, count in gate.blanked.items())
    parts = [
        (
            f"Cells of `research_child` were emptied until every child was alike with at least {terms.k - 1} others in {', '.join(terms.quasi_identifiers)}, "
            f"or nearly every one, and none stood alone: {cells}. An empty cell of these columns is not known or was held back, and nothing tells which. "
            "What would have told it, such as the months an infant lived or the area of its household, was emptied with it. It falls hardest on small "
            "groups: say so where you show them."
        )
    ]
    parts += [f"`{name}` is merged: {COARSER[name].says}." for name in terms.coarsen]
    if gate.children_left_out:
        parts.append("Children not counted in any answer, who were too few to be alike with others, were left out.")
    if basis.classification is not None:
        said = basis.classification
        parts.append(
            f"Classified by {said.signer}, to be looked at again by {said.review}. In their own words: {said.words}"
        )
    return [*parts, f"The study's ledger, as it stood before these tables were written: `{basis.head}`."]


def _file(folder: Path, path: str, content: bytes, rows: int) -> Written:
    write_whole(folder / path, content)
    return Written(path, len(content), hashlib.sha256(content).hexdigest(), rows)


def parquet_bytes(table: pa.Table, *, compression: str = "zstd") -> bytes:
    """A table as Parquet, its values written anew, without statistics of them and without a schema of another library's."""
    sink = pa.BufferOutputStream()
    parquet.write_table(
        table.combine_chunks(),
        sink,
        compression=compression,
        write_statistics=False,
        write_page_index=False,
        store_schema=False,
        use_dictionary=True,
    )
    return sink.getvalue().to_pybytes()


def csv_bytes(table: pa.Table) -> bytes:
    """A table as CSV in UTF-8: true and false in words, lists parted by semicolons, nothing for what is empty."""
    columns = {
        name: _joined(table.column(name)) if pa.types.is_list(table.schema.field(name).type) else table.column(name)
        for name in table.column_names
    }
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(
        pa.table(columns), sink, arrow_csv.WriteOptions(quoting_style="needed", quoting_header="needed")
    )
    return sink.getvalue().to_pybytes()


def _joined(lists: pa.ChunkedArray) -> pa.Array:
    held = lists.combine_chunks().cast(pa.list_(pa.string()))
    return pc.call_function("binary_join", [held, pa.scalar(SEPARATOR)])


def _json(said: object) -> bytes:
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def _codebook_csv(entries: Iterable[Entry]) -> bytes:
    rows = [
        {"table": e.table, "column": e.column, "kind": e.kind.value, "says": e.says, "empty": e.empty,
         "values": "; ".join(f"{value} = {label}" for value, label in e.values)}
        for e in entries
    ]  # fmt: skip
    return csv_bytes(pa.Table.from_pylist(rows))


def codebook_page(title: str, held_back: str = "") -> str:
    """The codebook as a page to be read; `held_back` says what was emptied before the tables were written."""
    parts = [
        f"# {title}",
        "Nothing here has passed the output checks. An empty cell is not known or not seen, which is never no.",
        *([held_back] if held_back else []),
    ]
    for spec in EXPORTED:
        lines = ["| column | kind | says | values | empty |", "| --- | --- | --- | --- | --- |"]
        for e in codebook((spec,)):
            values = "; ".join(f"{value}: {label}" if str(value) != label else label for value, label in e.values)
            lines.append(f"| `{e.column}` | {e.kind.value} | {e.says} | {values} | {e.empty} |")
        parts += [f"## {spec.name}", spec.says, "\n".join(lines)]
    parts.append("## Measures")
    for one in MEASURES.values():
        said = "; ".join(WINDOW_WORDS[window] for window in one.windows)
        parts.append(
            f"**{one.title}** (`{one.name}`, {said}). Counted: {one.numerator}. Of: {one.denominator}. "
            f"Cannot be seen: {one.unobservable}. What spoils it: {one.spoils}. The guard: {one.guard}."
        )
    return "\n\n".join(parts) + "\n"
