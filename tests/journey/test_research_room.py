"""For researchers: the research room opened alone, written out whole, opened on another machine, and the page of the docs carried out."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_authority import Secrets, copy_of, events, say, spelt_out, table
from made_risk import writable

import hearthlink
from hearthlink.deidentify.risk import protected
from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.study import policy
from hearthlink.study.research import export as research
from hearthlink.study.research.classified import terms_of
from hearthlink.study.research.codebook import EXPORTED, codebook
from hearthlink.study.research.export import csv_bytes, parquet_bytes, write_research
from hearthlink.study.research.room import Room, open_room
from hearthlink.study.study import open_study
from hearthlink.tables.measures import STATE_NAMES
from hearthlink.tables.spec import Kind

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "use-the-research-tables.md"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def study(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study run to its end and classified, of this module alone."""
    return writable(copy_of(real, tmp_path_factory.mktemp("room") / "study"))


@pytest.fixture(scope="module")
def written(study: Path) -> Path:
    """Its research room, written out by the command."""
    done = say("research", study, "--out", study.parent / "written")
    assert done.code == 0, done.err
    return study.parent / "written"


@pytest.fixture(scope="module")
def room(written: Path) -> Room:
    """The room as it was written out, opened."""
    return hearthlink.open(written)


@pytest.fixture(scope="module")
def package(written: Path) -> Json:
    """Its description as a Data Package."""
    return json.loads((written / "datapackage.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def web(written: Path) -> Json:
    """Its description as CSV on the Web."""
    return json.loads((written / "csv-metadata.json").read_text(encoding="utf-8"))


# --- opening ------------------------------------------------------------------------------------------------


def test_the_room_is_the_same_from_the_study_and_from_what_was_written(study: Path, written: Path) -> None:
    """Every table of the one is as the run left it, and that of the other as it passed the gate, row for row."""
    there, here = hearthlink.open(str(study)), hearthlink.open(written)
    ready = protected({spec.name: table(study, spec.name) for spec in EXPORTED}, terms_of(open_study(study))).tables
    for spec in EXPORTED:
        assert here.table(spec.name).to_arrow().equals(ready[spec.name]), spec.name
        assert there.table(spec.name).to_arrow().equals(table(study, spec.name)), spec.name
    assert there.parts[0].plan == here.parts[0].plan


@pytest.mark.parametrize("which", ["study", "written"])
def test_opening_loads_no_linkage_and_no_name(which: str, request: pytest.FixtureRequest) -> None:
    """Neither the stages that know people nor the identity tables are loaded, and no database is."""
    folder: Path = request.getfixturevalue(which)
    forbidden = (
        "linkage",
        "standardise",
        "sources",
        "review",
        "evaluation",
        "deidentify",
        "tables.identity",
        "tables.catalogue",
    )
    asked = f"""
import sys, hearthlink
room = hearthlink.open({str(folder)!r})
room.share("on_benefit", by="age"), room.quality(), room.panel(), room.draws(2)
print([m for m in sys.modules if m.removeprefix("hearthlink.").startswith({forbidden!r}) or m in ("duckdb", "splink")])
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_a_room_named_in_a_notebook_shows_none_of_its_rows(written: Path) -> None:
    """Its representation says whose it is, and nothing that a notebook kept with its output would carry away."""
    room = hearthlink.open(written)
    shown = repr(room)
    assert room.parts[0].name in shown
    assert len(shown) < 200


def test_what_was_written_opens_without_the_study(written: Path, tmp_path: Path) -> None:
    """Moved to where nothing else of the study is, the folder opens and answers."""
    alone = copy_of(written, tmp_path / "elsewhere")
    assert (
        hearthlink.open(alone).share("on_benefit").to_rows() == hearthlink.open(written).share("on_benefit").to_rows()
    )


def test_opening_and_writing_leave_a_line_in_the_ledger(study: Path, written: Path) -> None:
    """Who opened the room and wrote it out did so as an analyst, and what was counted stands there."""
    hearthlink.open(study)
    done = [line for line in events(study) if line["event"] == "step done" and line["step"] in {"open", "research"}]
    assert {line["step"] for line in done} == {"open", "research"}
    assert {line["role"] for line in done} == {"analyst"}
    assert all(line["counts"]["rows"] > 0 for line in done)  # type: ignore[index]
    assert written.is_dir()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a site's policy."""
    file = tmp_path / "policy.toml"
    monkeypatch.setattr(policy, "policy_files", lambda: (file,))
    return file


def test_a_site_may_forbid_both(study: Path, written: Path, site: Path, tmp_path: Path) -> None:
    """A forbidden act opens nothing and writes nothing."""
    site.write_text('forbid = ["open", "research"]', encoding="utf-8")
    for folder in (study, written):
        with pytest.raises(Refused, match="forbids"):
            hearthlink.open(folder)
    assert say("research", study, "--out", tmp_path / "out").code == 3
    assert not list(tmp_path.glob("out*"))


def spoil_table(folder: Path) -> None:
    path = folder / "parquet" / "research_draw.parquet"
    path.write_bytes(path.read_bytes() + b"\0")


def retold(folder: Path, **changes: object) -> None:
    path = folder / "datapackage.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(said | {"hearthlink": said["hearthlink"] | changes}), encoding="utf-8")


SPOILT = (
    (spoil_table, DataProblem, "changed since"),
    (lambda folder: (folder / "parquet" / "research_child.parquet").unlink(), DataProblem, "missing"),
    (lambda folder: (folder / "plan.json").unlink(), DataProblem, "not whole"),
    (lambda folder: (folder / "datapackage.json").write_text("{"), DataProblem, "not whole"),
    (lambda folder: (folder / "datapackage.json").unlink(), WrongUse, "neither"),
    (lambda folder: retold(folder, format=0), DataProblem, "another version"),
    (lambda folder: retold(folder, ends="2020-01-01"), Refused, "Permission ended on 01 January 2020"),
)  # fmt: skip


@pytest.mark.parametrize(("spoil", "stop", "words"), SPOILT)
def test_a_folder_that_is_not_as_it_was_written_is_not_opened(
    written: Path, tmp_path: Path, spoil: Any, stop: type[Exception], words: str
) -> None:
    """Each fault is told in words, and a permission that has ended closes the folder."""
    folder = copy_of(written, tmp_path / "spoilt")
    spoil(folder)
    with pytest.raises(stop, match=words):
        hearthlink.open(folder)


def test_a_room_that_is_not_made_yet_is_said_to_be(practice: Path, tmp_path: Path) -> None:
    """A study that was never run has no research room; no folder at all is no study."""
    with pytest.raises(DataProblem, match="not there yet"):
        hearthlink.open(copy_of(practice, tmp_path / "fresh"))
    with pytest.raises(WrongUse):
        hearthlink.open([])


# --- writing ------------------------------------------------------------------------------------------------


def test_a_folder_that_is_there_is_left_alone(study: Path, written: Path) -> None:
    """Nothing is written over."""
    before = (written / "datapackage.json").read_bytes()
    done = say("research", study, "--out", written)
    assert (done.code, "it was left as it is" in done.err) == (2, True)
    assert (written / "datapackage.json").read_bytes() == before


def test_a_stop_on_the_way_leaves_no_folder(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is there whole, or not at all."""

    def full(path: Path, content: bytes) -> None:
        if path.name == "codebook.md":
            raise OSError(28, "No space left on device")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(research, "write_whole", full)
    with pytest.raises(DataProblem):
        write_research(open_study(study), tmp_path / "out", clock=lambda: datetime.now(UTC))
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_the_records_is_in_what_was_written(written: Path, secrets: Secrets) -> None:
    """No name, address, reference or birth date of anyone, in the tables or in the bytes."""
    for spec in EXPORTED:
        assert secrets.in_text(spelt_out(hearthlink.open(written).table(spec.name).to_arrow())) == {}, spec.name
    for path in written.rglob("*"):
        if path.suffix in {".csv", ".md"}:
            assert secrets.in_text(path.read_text(encoding="utf-8")) == {}, path.name


def test_parquet_holds_no_statistics_and_no_schema_of_another_library(written: Path) -> None:
    """A file tells its rows and nothing about how they came to be."""
    from pyarrow import parquet

    for path in (written / "parquet").glob("*.parquet"):
        told = parquet.read_metadata(path)
        assert told.metadata is None
        groups = [told.row_group(n).column(c) for n in range(told.num_row_groups) for c in range(told.num_columns)]
        assert not any(group.is_stats_set for group in groups), path.name


def test_values_are_written_anew_so_that_none_that_was_taken_out_stays() -> None:
    """A slice of a dictionary still holds the words of the rows it left behind; what is written does not."""
    whole = pa.table({"word": pa.array(["KEPT", "GONE"]).dictionary_encode()})
    kept = pa.table({"word": whole.slice(0, 1).column("word").cast(pa.string())})
    assert b"GONE" not in parquet_bytes(kept)
    assert csv_bytes(kept) == b'"word"\n"KEPT"\n'


# --- what the descriptions say is so ------------------------------------------------------------------------

PACKAGE_TYPES = {"string", "integer", "number", "boolean", "date", "list"}


def resources(package: Json) -> list[Json]:
    """The tables of a package as CSV."""
    return [one for one in package["resources"] if one["format"] == "csv"]


def rows_of(written: Path, one: Json) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV file."""
    with (written / one["path"]).open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    return header, rows


def test_the_data_package_is_as_its_rules_ask(package: Json, written: Path) -> None:
    """Data Package 2.0: a profile, resources of distinct names with safe paths, and the bytes and hashes that are there."""
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[a-z0-9._-]+", package["name"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", package["created"])
    names = [one["name"] for one in package["resources"]]
    assert len(names) == len(set(names)) == 2 * len(EXPORTED)
    for one in package["resources"]:
        path = Path(one["path"])
        assert not path.is_absolute()
        assert ".." not in path.parts
        content = (written / path).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
        assert (one["type"], one["schema"]["missingValues"]) == ("table", [""])
        fields = {field["name"]: field for field in one["schema"]["fields"]}
        assert len(fields) == len(one["schema"]["fields"])
        assert {field["type"] for field in fields.values()} <= PACKAGE_TYPES
        assert set(one["schema"].get("primaryKey", ())) <= set(fields)
        for key in one["schema"].get("foreignKeys", ()):
            other = next(two for two in package["resources"] if two["name"] == key["reference"]["resource"])
            assert set(key["fields"]) <= set(fields)
            assert set(key["reference"]["fields"]) <= {field["name"] for field in other["schema"]["fields"]}


def fits(text: str, field: Json) -> bool:
    """Whether a cell is of a field's type, within its bounds and among its categories."""
    constraints, values = field.get("constraints", {}), [one["value"] for one in field.get("categories", ())]
    if text == "":
        return not constraints.get("required", False) or field["type"] == "list"
    match field["type"]:
        case "boolean":
            return text in field["trueValues"] + field["falseValues"]
        case "integer":
            number = int(text)
            low, high = constraints.get("minimum", number), constraints.get("maximum", number)
            return low <= number <= high and (not values or number in values)
        case "number":
            return float(text) == float(text)
        case "list":
            return all(field["itemType"] == "string" or one.isdigit() for one in text.split(field["delimiter"]))
        case _:
            return not values or text in values


def test_every_cell_is_what_the_data_package_says(package: Json, written: Path) -> None:
    """Types, bounds, categories, keys and references hold of every row of every table."""
    keys: dict[tuple[str, str], set[str]] = {}
    for one in resources(package):
        header, rows = rows_of(written, one)
        fields = one["schema"]["fields"]
        assert header == [field["name"] for field in fields]
        assert len(rows) == one["rows"]
        for place, field in enumerate(fields):
            held = {row[place] for row in rows}
            assert [text for text in held if not fits(text, field)] == [], (one["name"], field["name"])
            keys[one["name"], field["name"]] = held - {""}
        key = [header.index(name) for name in one["schema"].get("primaryKey", ())]
        if key:
            assert len({tuple(row[place] for place in key) for row in rows}) == len(rows), one["name"]
    for one in resources(package):
        for key in one["schema"].get("foreignKeys", ()):
            (column,), (other,) = key["fields"], key["reference"]["fields"]
            assert keys[one["name"], column] <= keys[key["reference"]["resource"], other], (one["name"], column)


WEB_TYPES = {"string", "integer", "number", "boolean"}


def test_csv_on_the_web_is_as_its_rules_ask(web: Json, written: Path) -> None:
    """W3C's metadata for tabular data: its context, a table for each file, columns of known types in the file's order, and references."""
    assert web["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    urls = {one["url"]: one for one in web["tables"]}
    assert len(urls) == len(EXPORTED)
    for url, one in urls.items():
        with (written / url).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        columns = one["tableSchema"]["columns"]
        assert header == [column["titles"] for column in columns] == [column["name"] for column in columns]
        assert {column["datatype"]["base"] for column in columns} <= WEB_TYPES
        assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_]*", column["name"]) for column in columns)
        assert all(column["null"] == "" for column in columns)
        assert set(one["tableSchema"].get("primaryKey", ())) <= set(header)
        for key in one["tableSchema"].get("foreignKeys", ()):
            other = urls[key["reference"]["resource"]]["tableSchema"]
            # A reference is to a row, so the column it names has each value once.
            assert key["reference"]["columnReference"] == other["primaryKey"]
            assert set(key["columnReference"]) <= set(header)


def test_both_descriptions_and_the_tables_speak_of_the_same_columns(package: Json, web: Json) -> None:
    """Nothing is described in one and forgotten in the other."""
    by_package = {one["name"]: [field["name"] for field in one["schema"]["fields"]] for one in resources(package)}
    by_web = {one["dc:title"]: [column["name"] for column in one["tableSchema"]["columns"]] for one in web["tables"]}
    assert by_package == by_web == {spec.name: list(spec.names) for spec in EXPORTED}


def test_the_codebook_says_of_every_column_what_it_means_and_what_empty_means() -> None:
    """An entry for each column; empty is explained wherever a cell may be."""
    told = {(entry.table, entry.column): entry for entry in codebook()}
    assert list(told) == [(spec.name, column.name) for spec in EXPORTED for column in spec.columns]
    for spec in EXPORTED:
        for column in spec.columns:
            entry = told[spec.name, column.name]
            assert entry.says
            assert (entry.empty == "never empty") is column.required
            assert len({value for value, _ in entry.values}) == len(entry.values)
            assert not entry.values or column.kind in {Kind.TEXT, Kind.WHOLE}


# --- what the room is asked ---------------------------------------------------------------------------------


def test_a_share_is_that_of_the_study(room: Room, study: Path) -> None:
    """The headline of the room is the headline of the run: children, the number on benefit and both intervals."""
    (row,) = room.share("on_benefit").to_rows()
    told = next(one for one in table(study, "answer").to_pylist() if one["topic"] == "all_children")
    assert (row["children"], row["having"]) == (told["children"], pytest.approx(told["on_benefit"]))
    for name in ("these_low", "these_high", "process_low", "process_high"):
        assert row[name] == pytest.approx(told[name] / told["children"])
    assert row["held_back"] is (min(told["fewest_on"], told["children"] - told["most_on"]) < 10)


def test_groups_of_a_topic_add_up_to_all(room: Room) -> None:
    """Of a topic whose groups do not overlap, children, observed and having sum to those of everybody."""
    (whole,) = room.share("on_benefit", window="before_12").to_rows()
    groups = room.share("on_benefit", by="age", window="before_12").to_rows()
    for name in ("children", "observed", "having"):
        assert sum(row[name] for row in groups) == pytest.approx(whole[name])  # type: ignore[misc]


def test_what_was_not_in_a_sealed_plan_is_exploratory(room: Room) -> None:
    """No plan was sealed here, so that everything is; and what there is not is said to be unknown."""
    assert {row["state"] for row in room.share("on_benefit", by="age").to_rows()} == {"exploratory"}
    for asked in (
        {"measure": "nothing"},
        {"measure": "on_benefit", "window": "before_3"},
        {"measure": "on_benefit", "by": "shoes"},
    ):
        with pytest.raises(WrongUse):
            room.share(**asked)
    for ask in (room.table, room.codebook):
        with pytest.raises(WrongUse):
            ask("person")
    with pytest.raises(WrongUse):
        room.panel(["status", "name"])


def test_draws_give_each_child_the_household_of_its_rank(room: Room) -> None:
    """Row by row the household is that of the candidate at the rank of the draw."""
    ranks: dict[object, Any] = {row["child_pseudonym"]: row["ranks"] for row in room.table("research_draw").to_rows()}
    homes = {
        (row["child_pseudonym"], row["rank"]): row["household_pseudonym"]
        for row in room.table("research_candidate").to_rows()
    }
    rows = room.draws(7).to_rows()
    assert len(rows) == 7 * len(ranks)
    for row in rows:
        assert row["rank"] == ranks[row["child_pseudonym"]][row["draw"]]
        assert row["household_pseudonym"] == homes[row["child_pseudonym"], row["rank"]]
    assert len(room.draws()) == len(ranks) * len(next(iter(ranks.values())))


def test_the_panel_has_every_month_of_every_stretch(room: Room) -> None:
    """A household has a row for each month it was observed in, with the states of that stretch."""
    expected = [
        {
            "household_pseudonym": row["household_pseudonym"],
            "month": month,
            "status": row["status"],
            "children": row["children"],
        }
        for row in room.table("research_stretch").to_rows()
        for month in range(row["first_month"], row["last_month"] + 1)  # type: ignore[arg-type, operator]
    ]
    assert room.panel(["status", "children"]).to_rows() == expected
    assert set(room.panel().to_arrow().column_names) == {"household_pseudonym", "month", *STATE_NAMES}


def test_frames_come_as_pandas_with_empty_kept_apart_from_no(room: Room) -> None:
    """A flag that is not seen is missing, neither true nor false; whole numbers stay whole."""
    pandas = pytest.importorskip("pandas")
    arrow, frame = room.table("research_stretch").to_arrow(), room.table("research_stretch").to_pandas()
    assert (frame["workless"].dtype, frame["adults"].dtype) == (pandas.BooleanDtype(), pandas.Int64Dtype())
    assert frame["workless"].isna().sum() == arrow["workless"].null_count
    assert (frame["workless"] == True).sum() == pc.sum(arrow["workless"]).as_py()  # noqa: E712 - the column's own comparison


def test_frames_come_as_polars_with_empty_kept_apart_from_no(room: Room) -> None:
    """A polars frame holds what the Arrow table holds, column by column: a flag that is not seen is null, and days are days."""
    arrow, frame = room.table("research_stretch").to_arrow(), room.table("research_stretch").to_polars()
    assert frame.columns == arrow.column_names
    assert frame["workless"].null_count() == arrow["workless"].null_count
    assert frame["workless"].sum() == pc.sum(arrow["workless"]).as_py()
    assert frame.to_dicts() == arrow.to_pylist()
    assert room.quality().to_polars().height == len(room.quality())


def test_several_rooms_are_told_apart_and_pooled(written: Path, tmp_path: Path) -> None:
    """Every table has a column of parts; a share is beside what it leans to, and the last row has all together and their spread."""
    other = copy_of(written, tmp_path / "other")
    retold(other, authority="Elsewhere")
    both = hearthlink.open([written, other])
    names = [one.name for one in both.parts]
    assert len(set(names)) == 2
    one = hearthlink.open(written)
    assert len(both.table("research_child")) == 2 * len(one.table("research_child"))
    assert set(both.draws(1).to_arrow()["part"].to_pylist()) == set(names)
    (first, second, together) = both.share("on_benefit").to_rows()
    (alone,) = one.share("on_benefit").to_rows()
    assert {name: first[name] for name in alone} == alone
    assert (first["part"], second["part"], together["part"]) == (*names, "all")
    assert together["children"] == 2 * alone["children"]  # type: ignore[operator]
    # Two studies that say the same lie no distance apart, and what they say together is what each says.
    assert (together["spread"], together["leaning"]) == (0.0, pytest.approx(alone["share"]))
    assert open_room([written, written], clock=lambda: datetime.now(UTC)).parts[1].name.endswith("(2)")


# --- the page of the docs -----------------------------------------------------------------------------------


def blocks(text: str) -> Iterator[str]:
    """The blocks of Python on a page."""
    yield from re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def test_the_worked_example_runs_and_is_the_notebook_too(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every block of the page runs in order on what was written out, and the cells of the notebook are those blocks."""
    other = copy_of(written, tmp_path / "other")
    retold(other, authority="Elsewhere")
    page = PAGE.read_text(encoding="utf-8")
    known: dict[str, object] = {"FOLDER": str(written), "OTHER": str(other)}
    for number, block in enumerate(blocks(page), start=1):
        exec(compile(block, f"block {number} of {PAGE.name}", "exec"), known)  # noqa: S102 - the page is our own
    said = capsys.readouterr().out
    assert "of the children linked" in said
    assert "these children, allowing for linkage" in said
    cells = PAGE.with_suffix(".py").read_text(encoding="utf-8").split("# %%\n")[2:]
    assert [cell.strip() for cell in cells] == [block.strip() for block in blocks(page)]
