"""The research room opened from a notebook: its tables, draws, shares and link quality. No module with a name in it is loaded for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from hearthlink.analysis.cohort import cohort
from hearthlink.analysis.ground import Ground, ground
from hearthlink.analysis.measured import measured
from hearthlink.analysis.parts import Part, Together, together
from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance.network import closed_network
from hearthlink.study.acts import OPEN_ROOM
from hearthlink.study.asking import plan_of
from hearthlink.study.beside import Clock, entered
from hearthlink.study.policy import require_allowed
from hearthlink.study.research.codebook import EXPORTED, codebook
from hearthlink.study.research.export import FORMAT, PACKAGE
from hearthlink.study.study import STUDY_FILE, Study, open_study
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import STATE_NAMES, Window
from hearthlink.tables.plan import Plan, Question

Row = dict[str, object]
ALL = "all_children"


@dataclass(frozen=True, slots=True)
class Frame:
    """A table for a notebook, as Arrow, or as polars or pandas where they are there."""

    table: pa.Table

    def to_arrow(self) -> pa.Table:
        """The table as Arrow."""
        return self.table

    def to_polars(self) -> Any:  # noqa: ANN401 - polars is not needed unless this is called
        """The table as a polars frame."""
        return import_module("polars").from_arrow(self.table)

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas is not needed unless this is called
        """The table as a pandas frame: whole numbers and flags keep their kind though some are empty."""
        pandas = import_module("pandas")
        kinds = {pa.int64(): pandas.Int64Dtype(), pa.bool_(): pandas.BooleanDtype()}
        return self.table.to_pandas(types_mapper=kinds.get)

    def to_rows(self) -> list[Row]:
        """The table as a list of rows."""
        return self.table.to_pylist()

    def __len__(self) -> int:
        return self.table.num_rows


@dataclass(frozen=True, slots=True)
class OneRoom:
    """One study's research room: what it is called, its tables, its plan, and the fewest children a figure that leaves may stand on."""

    name: str
    tables: Mapping[str, pa.Table] = field(repr=False)
    plan: Plan = field(repr=False)
    threshold: int
    arrays: list[Ground] = field(default_factory=list[Ground], repr=False, compare=False)

    def ground(self) -> Ground:
        """The room as arrays, made when they are first asked for."""
        if not self.arrays:
            self.arrays.append(ground(cohort(self.tables)))
        return self.arrays[0]


@dataclass(frozen=True, slots=True)
class Room:
    """The research room of one study, or of several together, which a column `part` then tells apart."""

    parts: tuple[OneRoom, ...]

    def tables(self) -> Frame:
        """The name of each table, how many rows it has, and what a row is."""
        return Frame(
            pa.Table.from_pylist(
                [
                    {"table": spec.name, "rows": sum(one.tables[spec.name].num_rows for one in self.parts), "says": spec.says}
                    for spec in EXPORTED
                ]
            )
        )  # fmt: skip

    def table(self, name: str) -> Frame:
        """A table by its name. Raises WrongUse where there is none of that name."""
        _require(name, [spec.name for spec in EXPORTED], "table")
        return Frame(self._told([one.tables[name] for one in self.parts]))

    def codebook(self, name: str | None = None) -> Frame:
        """What each column says, its values and what an empty cell means: of one table, or of all."""
        if name is not None:
            _require(name, [spec.name for spec in EXPORTED], "table")
        rows = [
            {"table": e.table, "column": e.column, "kind": e.kind.value, "says": e.says, "empty": e.empty,
             "values": "; ".join(f"{value} = {label}" for value, label in e.values)}
            for e in codebook(spec for spec in EXPORTED if name in {None, spec.name})
        ]  # fmt: skip
        return Frame(pa.Table.from_pylist(rows))

    def measures(self) -> Frame:
        """Every measure, with its definition."""
        rows = [
            {"measure": one.name, "theme": one.theme, "title": one.title, "windows": list(one.windows),
             "numerator": one.numerator, "denominator": one.denominator, "unobservable": one.unobservable,
             "spoils": one.spoils, "guard": one.guard} for one in MEASURES.values()
        ]  # fmt: skip
        return Frame(pa.Table.from_pylist(rows))

    def draws(self, first: int | None = None) -> Frame:
        """Which household each draw of the linkage gives each child: a row for a child and a draw, of the first so many draws or of all.

        A child that could not be linked has no row; a draw may give a child no household.
        """
        return Frame(self._told([_draws(one, first) for one in self.parts]))

    def panel(self, columns: Sequence[str] = STATE_NAMES) -> Frame:
        """Households by month: a row for each month in which a household was observed. Raises WrongUse for an unknown column."""
        for name in columns:
            _require(name, STATE_NAMES, "column")
        return Frame(self._told([_panel(one, columns) for one in self.parts]))

    def share(self, measure: str, *, by: str = ALL, window: str = "on_day") -> Frame:
        """Of how many children a measure is true: by group of a topic, over a window, with both intervals.

        `observed` are the children of whom it can be seen, `having` those of whom it is true, over the draws of the linkage. `state` says
        whether it was planned. `held_back` says that the figure could not leave the room: by the threshold on the group, on the rest of
        it, in every draw; the output checks may hold back more, to protect other figures. Of several studies each leans on the others
        (`leaning`), and the last row of a group pools them, with the spread between them. Raises WrongUse for a measure or window that
        there is not, or a topic without groups.
        """
        _require(measure, list(MEASURES), "measure")
        _require(window, MEASURES[measure].windows, "window")
        shares = [_share(one, measure, by, cast("Window", window)) for one in self.parts]
        if not any(shares):
            raise WrongUse(
                "There is no such topic for this measure.",
                column=by,
                remedy="The plan names topics: age, primary_need, …",
            )
        if len(self.parts) == 1:
            return Frame(pa.Table.from_pylist(shares[0]))
        return Frame(pa.Table.from_pylist(list(_pooled(self.parts, shares))))

    def quality(self) -> Frame:
        """How good the links are by group: expected from the posterior, and by the truth where the study is made up."""
        return self.table("quality_by_group")

    def _told(self, tables: Sequence[pa.Table]) -> pa.Table:
        if len(self.parts) == 1:
            return tables[0]
        named = [
            table.add_column(0, "part", pa.array([one.name] * table.num_rows, pa.string()))
            for one, table in zip(self.parts, tables, strict=True)
        ]
        return pa.concat_tables(named)


def open_room(folders: Sequence[Path], *, clock: Clock, by: Callable[[Study], Study] = lambda study: study) -> Room:
    """The research room in each folder: a study's folder, or one that `hearthlink research` wrote. `by` shows who opens a study.

    Raises WrongUse where a folder is neither, DataProblem where a file was changed or the room is not made yet, Refused where the
    site or the permission forbids it.
    """
    if not folders:
        raise WrongUse("No folder is named.", remedy="Name a study's folder, or one that hearthlink research wrote.")
    rooms = [
        _of_study(by(open_study(one)), clock) if (one / STUDY_FILE).is_file() else _of_export(one, clock)
        for one in folders
    ]
    names = [one.name for one in rooms]
    again = [f"{name} ({names[:n].count(name) + 1})" if name in names[:n] else name for n, name in enumerate(names)]
    return Room(
        tuple(OneRoom(name, one.tables, one.plan, one.threshold) for name, one in zip(again, rooms, strict=True))
    )


def _of_study(study: Study, clock: Clock) -> OneRoom:
    with entered(study, OPEN_ROOM, clock) as opened:
        tables = opened.load_all(OPEN_ROOM)
        opened.counts["rows"] = sum(table.num_rows for table in tables.values())
    return OneRoom(
        f"{study.lines.authority} {study.lines.year}", tables, plan_of(study.folder), study.lines.disclosure.threshold
    )


def _of_export(folder: Path, clock: Clock) -> OneRoom:
    path = folder / PACKAGE
    if not path.is_file():
        raise WrongUse(
            "This is neither a study's folder nor one that hearthlink research wrote.", file=str(folder),
            remedy="It should hold study.toml or datapackage.json.",
        )  # fmt: skip
    require_allowed(OPEN_ROOM.name)
    with closed_network():
        try:
            package = json.loads(path.read_text(encoding="utf-8"))
            about = package["hearthlink"]
            name, threshold, form = f"{about['authority']} {about['year']}", int(about["threshold"]), about["format"]
            ends = None if about["ends"] is None else date.fromisoformat(about["ends"])
            files = {
                one["name"].removesuffix("_parquet"): one for one in package["resources"] if one["format"] == "parquet"
            }
            asked = _plan(json.loads((folder / "plan.json").read_text(encoding="utf-8"))["asked"])
        except (OSError, ValueError, KeyError, TypeError):
            raise DataProblem(
                "The folder is not whole, or was changed.", file=PACKAGE, remedy="Have it written again."
            ) from None
        if form != FORMAT:
            raise DataProblem(
                "The folder was written by another version of Hearthlink.",
                file=PACKAGE,
                remedy="Have it written again.",
            )
        if ends is not None and clock().date() > ends:
            raise Refused(
                f"Permission ended on {ends:%d %B %Y}.",
                file=PACKAGE,
                remedy="No table was opened. Destroy this folder.",
            )
        return OneRoom(
            name, {spec.name: spec.conform(_read(folder, files, spec.name)) for spec in EXPORTED}, asked, threshold
        )


def _read(folder: Path, files: Mapping[str, Mapping[str, str]], name: str) -> pa.Table:
    """A table of an exported folder, its file being what was written. Raises DataProblem where it is not."""
    path = f"parquet/{name}.parquet"
    try:
        content = (folder / path).read_bytes()
        sound = files[name]["hash"] == f"sha256:{sha256(content).hexdigest()}"
    except (OSError, KeyError):
        sound, content = False, b""
    if not sound:
        raise DataProblem(
            "The file is missing or was changed since it was written.",
            file=path,
            remedy="Have the folder written again.",
        )
    return parquet.read_table(BytesIO(content))


def _plan(asked: Mapping[str, Any]) -> Plan:
    """A plan as it was written out."""
    questions = tuple(
        Question(
            one["measure"],
            tuple(one["windows"]),
            tuple(one["topics"]),
            tuple(one["designs"]),
            planned=bool(one["planned"]),
        )
        for one in asked["questions"]
    )
    first, last = asked["exposure_months"]
    return Plan(
        questions, asked["sealed"], asked["cohort"], (int(first), int(last)),
        tuple((topic, group) for topic, group in asked["protected"]),
        {name: (float(low), float(high), str(source)) for name, (low, high, source) in asked["assumptions"].items()},
    )  # fmt: skip


# --- what the room is asked ---------------------------------------------------------------------------------


def _require(name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        raise WrongUse(f"There is no such {what}.", column=name, remedy=f"There are: {', '.join(known)}.")


def _draws(room: OneRoom, first: int | None) -> pa.Table:
    drawn, candidates = room.tables["research_draw"], room.tables["research_candidate"]
    column = drawn.column("ranks").combine_chunks()
    ranks = column.flatten().to_numpy(zero_copy_only=False)
    ranks = ranks.reshape(len(column), -1)[:, :first] if len(column) else np.empty((0, 0), np.int32)
    child = candidates.column("child_pseudonym").combine_chunks().dictionary_encode()
    # Candidates stand in the order of child and rank, so that a child's are the rows after its first.
    codes = child.indices.to_numpy()
    start = np.searchsorted(codes, np.arange(len(child.dictionary)))
    mine = pc.index_in(drawn.column("child_pseudonym"), child.dictionary).to_numpy()
    row = start[mine][:, None] + ranks
    return pa.table(
        {
            "child_pseudonym": drawn.column("child_pseudonym").combine_chunks().take(
                pa.array(np.repeat(np.arange(len(column)), ranks.shape[1]))
            ),
            "draw": pa.array(np.tile(np.arange(ranks.shape[1]), len(column)).astype(np.int64)),
            "rank": pa.array(ranks.ravel().astype(np.int64)),
            "household_pseudonym": candidates.column("household_pseudonym").combine_chunks().take(pa.array(row.ravel())),
        }
    )  # fmt: skip


def _panel(room: OneRoom, columns: Sequence[str]) -> pa.Table:
    runs = room.tables["research_stretch"]
    first, last = (runs.column(name).to_numpy() for name in ("first_month", "last_month"))
    length = last - first + 1
    which = np.repeat(np.arange(len(first)), length)
    within = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    told = runs.select(["household_pseudonym", *columns]).take(pa.array(which))
    return told.add_column(1, "month", pa.array(first[which] + within))


def _share(room: OneRoom, measure: str, by: str, window: Window) -> list[Row]:
    """The rows of a share in one study; none where the topic has no groups there."""
    planned = any(
        one.measure == measure and window in one.windows and (by == ALL or by in one.topics) and one.planned
        for one in room.plan.questions
    )
    asked = Plan((Question(measure, (window,), () if by == ALL else (by,), planned=planned),), room.plan.sealed)
    made: list[dict[str, Any]] = measured(room.ground(), asked)[0]
    rows = sorted((one for one in made if one["topic"] == by), key=lambda one: one["order"])
    return [_as_share(one, room.threshold, planned=planned) for one in rows]


def _as_share(one: Mapping[str, Any], threshold: int, *, planned: bool) -> Row:
    seen = one["observed"]
    least = min(
        one["fewest"], one["fewest_observed"] - one["most"], one["children"] - one["most_observed"] or threshold
    )
    ends = {
        name: one[name] / seen if seen and one[name] is not None else None
        for name in ("these_low", "these_high", "process_low", "process_high")
    }
    return {
        "measure": one["measure"], "window": one["window"], "topic": one["topic"], "group": one["group"],
        "children": one["children"], "observed": seen, "having": one["having"], "share": one["having"] / seen if seen else None,
        **ends, "state": "planned" if planned else "exploratory", "held_back": bool(least < threshold),
    }  # fmt: skip


def _pooled(parts: Sequence[OneRoom], shares: Sequence[list[Row]]) -> Iterator[Row]:
    """The rows of every study by group, each with what it leans to, and after them the row of all."""
    groups = list(dict.fromkeys(str(row["group"]) for rows in shares for row in rows))
    for group in groups:
        held = [
            (one.name, row) for one, rows in zip(parts, shares, strict=True) for row in rows if row["group"] == group
        ]
        made = together([_part(row) for _, row in held])
        for place, (name, row) in enumerate(held):
            own = made.parts[place] if made else None
            yield {
                "part": name, **row, "leaning": own.share if own else None, "leaning_low": own.low if own else None,
                "leaning_high": own.high if own else None, "spread": None,
            }  # fmt: skip
        if made:
            yield _of_all([row for _, row in held], made)


def _part(row: Row) -> Part:
    having, of, low, high = (
        cast("float | None", row[name]) for name in ("having", "observed", "process_low", "process_high")
    )
    return Part(having or 0.0, of or 0.0, low or 0.0, high or 0.0)


def _of_all(rows: Sequence[Row], made: Together) -> Row:
    """All parts together: an authority counts by what it can tell, not by how many children it has."""
    summed = {name: sum(cast("float", row[name]) for row in rows) for name in ("children", "observed", "having")}
    planned = all(row["state"] == "planned" for row in rows)
    return {
        "part": "all", **{name: rows[0][name] for name in ("measure", "window", "topic", "group")}, **summed,
        "share": summed["having"] / summed["observed"] if summed["observed"] else None, "these_low": None, "these_high": None,
        "process_low": None, "process_high": None, "state": "planned" if planned else "exploratory",
        "held_back": any(row["held_back"] for row in rows), "leaning": made.share, "leaning_low": made.low,
        "leaning_high": made.high, "spread": made.spread,
    }  # fmt: skip
