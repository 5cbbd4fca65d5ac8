"""The research room written out, whole or not at all: tables as Parquet and CSV, with everything that says what they mean."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from pyarrow import parquet

from hearthlink.errors import WrongUse
from hearthlink.study.acts import RESEARCH
from hearthlink.study.asking import PLAN_FILE, plan_of, read_plan
from hearthlink.study.beside import Clock, entered
from hearthlink.study.codebook import EXPORTED, Entry, codebook
from hearthlink.study.packaging import SEPARATOR, Written, csv_on_the_web, data_package
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS

PACKAGE = "datapackage.json"
FORMAT = 1
"""Raised when a folder written before can no longer be opened."""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: the tables, and the rows in all of them."""

    tables: int
    rows: int


def write_research(study: Study, out: Path, *, clock: Clock) -> Export:
    """Write the research room of a study to a new folder.

    Rows stand in the order of their pseudonyms, and every value is written anew. Raises WrongUse where the folder is there,
    DataProblem where the room is not made yet, Refused where the site or the permission forbids it.
    """
    if out.exists():
        raise WrongUse(
            "There is something here already; it was left as it is.", file=str(out), remedy="Choose another folder."
        )
    made = out.with_name(f"{out.name}.new")
    with entered(study, RESEARCH, clock) as opened:
        tables = opened.load_all(RESEARCH)
        shutil.rmtree(made, ignore_errors=True)
        try:
            _write_all(study, made, tables, clock)
            made.replace(out)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        rows = sum(table.num_rows for table in tables.values())
        opened.counts.update({"tables": len(tables), "rows": rows})
    return Export(len(tables), rows)


def _write_all(study: Study, folder: Path, tables: Mapping[str, pa.Table], clock: Clock) -> None:
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
        "created": clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "hearthlink": {
            "format": FORMAT, "study": lines.name, "authority": lines.authority, "year": lines.year,
            "made_up": lines.practice is not None, "threshold": lines.disclosure.threshold, "purpose": lines.permission.purpose,
            "agreement": lines.permission.agreement,
            "ends": None if lines.permission.ends is None else lines.permission.ends.isoformat(),
        },
    }  # fmt: skip
    written = {
        PACKAGE: _json(data_package(about, web, held)),
        "csv-metadata.json": _json(csv_on_the_web(title, web)),
        "codebook.csv": _codebook_csv(codebook()),
        "codebook.md": codebook_page(title).encode(),
        "measures.json": _json([asdict(one) for one in MEASURES.values()]),
        "plan.json": _json({"plan": read_plan(study.folder).model_dump(mode="json"), "asked": asdict(plan), "file": PLAN_FILE}),
    }  # fmt: skip
    for name, content in written.items():
        write_whole(folder / name, content)


def _file(folder: Path, path: str, content: bytes, rows: int) -> Written:
    write_whole(folder / path, content)
    return Written(path, len(content), hashlib.sha256(content).hexdigest(), rows)


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as Parquet, its values written anew, without statistics of them and without a schema of another library's."""
    sink = pa.BufferOutputStream()
    parquet.write_table(
        table.combine_chunks(),
        sink,
        compression="zstd",
        write_statistics=False,
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


def codebook_page(title: str) -> str:
    """The codebook as a page to be read."""
    parts = [
        f"# {title}",
        "Nothing here has passed the output checks. An empty cell is not known or not seen, which is never no.",
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
