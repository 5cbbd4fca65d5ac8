"""`hearthlink map`: what it says, what it writes, whom it asks, what stops it, and that no value of the file comes out anywhere."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_authority import bytes_below, call, copy_of, events, filled, permit, say
from made_workbooks import made_ods, made_xlsx

from hearthlink.cli import map as door
from hearthlink.errors import Refused
from hearthlink.sources.mapping.form import read_mapping
from hearthlink.sources.reading.files import Given
from hearthlink.study import begin, policy
from hearthlink.study.databases import require_mappings
from hearthlink.study.mapping import look

HEADERS = ("CLM NO", "Relation", "Fore", "Family Name", "Born On", "Home Post Code", "Secret note")
ROWS = [
    (f"8{n:07}", ("Applicant", "XPARTNER")[n % 2], f"QFORE{chr(65 + n % 26)}", f"QFAMILY{chr(65 + n % 26)}", f"{n % 28 + 1:02}/{n % 12 + 1:02}/{50 + n % 40}", f"ZZ{n % 30} 9QQ", f"QNOTE{n}")
    for n in range(60)
]  # fmt: skip
SECRET = re.compile(r"Q(FORE|FAMILY|NOTE)|XPARTNER|ZZ\d|80000\d+|\d\d/[01]\d/\d\d")


def clock() -> datetime:
    return datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A supplier's file that needs a mapping, outside any study."""
    path = tmp_path / "files" / "members.csv"
    path.parent.mkdir()
    path.write_text("\n".join(map(";".join, [HEADERS, *ROWS])), encoding="utf-8")
    return path


def test_it_says_what_it_guesses_and_writes_it(file: Path, tmp_path: Path) -> None:
    """The mapping that is written is understood by its reader, marks what is doubtful, and leaves no other trace."""
    out = tmp_path / "maps" / "supplier.toml"
    done = say("map", file, "--out", out)
    assert done.code == 0
    assert "members fills claim_person" in done.out
    (rules,) = read_mapping(out.read_bytes(), "supplier.toml").tables
    assert {name: rule.headers[0] for name, rule in rules.columns.items()} == {
        "claim_ref": "CLM NO", "role": "Relation", "forename": "Fore", "surname": "Family Name", "birth_date": "Born On",
    }  # fmt: skip
    assert (rules.columns["birth_date"].date, rules.columns["birth_date"].pivot) == ("dd/mm/yy", 27)
    text = out.read_text(encoding="utf-8")
    assert "# DOUBTFUL" in text
    assert "Secret note" in text
    assert sorted(bytes_below(tmp_path)) == ["files/members.csv", "maps/supplier.toml"]


def test_no_value_comes_out(file: Path, tmp_path: Path) -> None:
    """Not on the screen, not in the mapping, not as JSON, not where it stops: only headers, shapes, counts and codes of ours."""
    out = tmp_path / "supplier.toml"
    said = [say("map", file), say("map", file, "--json"), say("map", file, "--out", out), say("map", file, "--table", "uc_award"), say("map", file, "--sheet", "x")]  # fmt: skip
    assert [done.code for done in said] == [0, 0, 0, 0, 1]
    for done in said:
        assert SECRET.search(done.out + done.err) is None
    assert SECRET.search(out.read_text(encoding="utf-8")) is None
    shapes = json.loads(said[1].out)["tables"][0]["columns"]
    assert {one["shape"] for one in shapes if one["column"] == "birth_date"} == {"99/99/99"}


HEADLESS = (
    ("no header at all", "\n".join(";".join(row) for row in ROWS)),
    ("a person's name for a header", "\n".join(["QFAMILYA;QFOREA;QNOTE0", *(";".join((row[3], row[2], row[6])) for row in ROWS)])),
    ("one row alone", ";".join(ROWS[0])),
)  # fmt: skip


@pytest.mark.parametrize("text", [case[1] for case in HEADLESS], ids=[case[0] for case in HEADLESS])
@pytest.mark.parametrize("options", [(), ("--table", "claim_person"), ("--json",)])
def test_a_first_row_of_data_is_never_shown(file: Path, text: str, options: tuple[str, ...]) -> None:
    """Where the first row is somebody and no header, nothing of it is shown, whatever is asked."""
    file.write_text(text, encoding="utf-8")
    done = say("map", file, *options)
    assert done.code == 1
    assert SECRET.search(done.out + done.err) is None


def test_headers_of_any_length_are_looked_at_in_no_time(file: Path) -> None:
    """A header as long as a page, of letters with a few digits, takes no longer than a short one."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Secret note", "a" * 4_000 + "1b2c3" + "." * 4_000), encoding="utf-8")
    begun = time.process_time()
    done = say("map", file)
    assert time.process_time() - begun < 5
    assert read_mapping(done.out.encode(), "x").tables[0].fills == "claim_person"


def test_a_file_of_very_many_columns_is_not_begun(file: Path) -> None:
    """A file with more columns than any table has is refused at once."""
    file.write_text(";".join(f"COLUMN {n}" for n in range(2_000)) + "\n" + ";".join("A" * 2_000), encoding="utf-8")
    done = say("map", file)
    assert done.code == 1
    assert "more than 1,000 columns" in done.err


@pytest.mark.parametrize("kind", ["xlsx", "ods", "parquet", "cp1252", "utf-16"])
def test_any_table_is_looked_at(file: Path, kind: str) -> None:
    """Whatever the file is made as, the same columns are told from the same table."""
    expected = look(file, clock=clock).tables[0]
    path = file.with_suffix(f".{kind}" if kind in {"xlsx", "ods", "parquet"} else ".txt")
    if kind == "parquet":
        columns = zip(*ROWS, strict=True)
        pq.write_table(pa.table({h: list(c) for h, c in zip(HEADERS, columns, strict=True)}), path)
    elif kind in {"xlsx", "ods"}:
        make = made_xlsx if kind == "xlsx" else made_ods
        path.write_bytes(make({"Members": [list(HEADERS), *map(list, ROWS)]}))
    else:
        path.write_bytes(file.read_text(encoding="utf-8").replace(";", "\t").encode(kind))
    (found,) = look(path, clock=clock).tables
    assert found.table == expected.table
    assert {one.column.name: one.rule for one in found.columns} == {
        one.column.name: one.rule for one in expected.columns
    }


def test_a_program_can_read_it(file: Path) -> None:
    """As JSON it gives each column with how sure it is, what else it could be, and what is not read."""
    (table,) = json.loads(say("map", file, "--json").out)["tables"]
    assert (table["table"], table["file"], table["rows"]) == ("claim_person", "members", 60)
    assert set(table["not_read"]) >= {"Secret note"}
    assert table["needed_and_not_found"] == []
    assert {one["how_sure"] for one in table["columns"]} <= {"sure", "likely", "doubtful"}
    role = next(one for one in table["columns"] if one["column"] == "role")
    assert role["how_sure"] == "doubtful"
    assert "1 of its 2 spellings are ours" in role["look_at"][0]


def test_only_the_doubtful_is_asked_about(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each doubtful column is put once; what is answered is taken, and a dash takes none."""
    looked = look(file, clock=clock)
    doubtful = [one.column.name for one in looked.tables[0].doubtful]
    answers = iter(["", "x", "-", *["1"] * 20])
    monkeypatch.setattr(door.typer, "prompt", lambda *_args, default, **_more: next(answers) or default)
    (settled,) = door._asked(looked).tables  # pyright: ignore[reportPrivateUsage]
    shown = capsys.readouterr().out
    assert SECRET.search(shown) is None
    assert [name for name in doubtful if f"  {name}:" in shown] == doubtful
    assert "A number from 1" in shown
    names = {one.column.name for one in settled.columns}
    assert doubtful[0] in names
    assert doubtful[1] not in names
    assert settled.doubtful == ()


def test_another_header_can_be_chosen(file: Path) -> None:
    """A person who chooses another header gets it, and the column that had it loses it."""
    from hearthlink.study.mapping import answered

    (found,) = look(file, clock=clock).tables
    settled = answered(found, "forename", "Family Name")
    held = {one.column.name: one.rule.headers for one in settled.columns}
    assert held["forename"] == ("Family Name",)
    assert "surname" not in held
    assert settled.lacking == ("surname",)
    assert "Fore" in settled.unread


def test_a_folder_of_exports_is_one_mapping(file: Path, tmp_path: Path) -> None:
    """Every table of a folder is looked at; those that fit are put into one mapping, and the others are named."""
    (file.parent / "spells.csv").write_text("child_id,start,end\n" + "1,2019-01-01,\n" * 12, encoding="utf-8")
    (file.parent / "strange.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (file.parent / "torn.csv").write_text('a,b\n"QFOREA,2\n', encoding="utf-8")
    done = say("map", file.parent, "--out", tmp_path / "all.toml")
    assert done.code == 0
    tables = read_mapping((tmp_path / "all.toml").read_bytes(), "all.toml").tables
    assert [one.file for one in tables] == ["members", "spells"]
    assert "strange was not recognised" in done.out
    assert "torn.csv cannot be read: A quotation mark" in done.out
    assert SECRET.search(done.out + done.err) is None


STOPS = (
    (("--out", "members.txt"), 2, "ends in .toml"),
    (("--table", "claim_persons"), 2, "Did you mean claim_person"),
    (("--show", "academi"), 2, "Did you mean academy"),
    (("--database", "x"), 2, "No such option"),
)  # fmt: skip


@pytest.mark.parametrize(("options", "code", "words"), STOPS)
def test_what_stops_it_is_told(file: Path, options: tuple[str, ...], code: int, words: str) -> None:
    """Each wrong use ends with its code and a remedy, and nothing is written."""
    done = say("map", file, *options)
    assert done.code == code
    assert words in done.err
    assert sorted(bytes_below(file.parent)) == ["members.csv"]


def test_a_mapping_that_is_there_is_left_as_it_is(file: Path, tmp_path: Path) -> None:
    """A file of the name is never written over, nor reached through a link."""
    out = tmp_path / "x.toml"
    out.write_text("mine", encoding="utf-8")
    (tmp_path / "y.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert [say("map", file, "--out", tmp_path / name).code for name in ("x.toml", "y.toml")] == [2, 2]
    assert out.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "elsewhere.toml").exists()


def test_the_mappings_that_come_with_it_are_listed_and_shown() -> None:
    """Each shipped mapping is listed with what it is for, and is shown as it is written."""
    listed = say("map", "--list")
    assert listed.code == 0
    names = [line.split()[0] for line in listed.out.splitlines()]
    assert {"academy", "civica_like", "nec_like", "universal_credit", "ssda903"} <= set(names)
    for name in names:
        shown = say("map", "--show", name)
        assert shown.code == 0
        assert read_mapping(shown.out.encode(), name).tables


def test_a_site_can_forbid_it(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the site's policy names it, nothing is opened and the exit code is 3."""
    site = tmp_path / "policy.toml"
    site.write_text('forbid = ["map"]', encoding="utf-8")
    monkeypatch.setattr(policy, "policy_files", lambda: (site,))
    file.unlink()
    done = say("map", file)
    assert (done.code, done.out) == (3, "")


def test_in_a_study_it_needs_the_study_s_permission(file: Path, tmp_path: Path) -> None:
    """A file in a study without permission is not opened; the refusal is in the ledger, and no value or header is."""
    begin(tmp_path / "study")
    inside = tmp_path / "study" / "in" / "members.csv"
    inside.write_bytes(file.read_bytes())
    inside.chmod(0)
    with pytest.raises(Refused, match="protocol"):
        look(inside, clock=clock)
    assert [(line["event"], line["step"]) for line in events(tmp_path / "study")] == [("refused", "map")]


def test_in_a_study_it_leaves_a_line(practice: Path, tmp_path: Path) -> None:
    """In a study that may be used, the ledger says that somebody looked, in which role, and nothing of what was seen."""
    study = copy_of(practice, tmp_path / "study")
    assert say("map", study / "in" / "cts").code == 0
    (line,) = events(study)
    assert (line["step"], line["role"], line["counts"]) == ("map", "custodian", {})


def test_the_authority_s_own_periods_are_guessed_whole(practice: Path) -> None:
    """On the council tax support tables of the practice authority every column is told, and nothing is asked."""
    looked = look(practice / "in" / "cts", clock=clock)
    shipped = read_mapping(say("map", "--show", "council_tax_support").out.encode(), "x").tables
    for guess, rules in zip(looked.tables, shipped, strict=True):
        held = {one.column.name: one.rule.headers for one in guess.columns}
        assert held == {name: rule.headers for name, rule in rules.columns.items()}
        assert guess.doubtful == ()


def test_a_query_without_its_mapping_is_drafted_one(file: Path, tmp_path: Path) -> None:
    """`receive` writes what it saw of a query's columns as a draft and stops; called as it should be, the draft is read. It holds no value."""
    study = tmp_path / "study"
    begin(study)
    text = filled((study / "study.toml").read_text(encoding="utf-8"))
    query = ", ".join(f"[{header}]" for header in HEADERS)
    lines = f'\n[[source]]\ntable = "claim_person"\nmapping = "r.toml"\ndatabase = "revenues"\nquery = "SELECT {query} FROM exported"\n'
    activity = "".join(
        f'\n[[source]]\ntable = "{name}"\nfile = "{name}.csv"\n' for name in ("referral", "child_person")
    )
    text += lines + activity + '\n[database.revenues]\nurl = "sqlite:///r.db"\n'
    (study / "study.toml").write_text(text, encoding="utf-8")
    (study / "in" / "cts").mkdir()
    permit(study)
    with sqlite3.connect(study / "r.db") as made:
        made.execute(f"create table exported ({', '.join(map(json.dumps, HEADERS))})")
        made.executemany(f"insert into exported values ({', '.join('?' * len(HEADERS))})", ROWS)
    made.close()
    done = say("receive", study)
    assert done.code == 1
    assert "maps/r.draft.toml" in done.err
    draft = study / "maps" / "r.draft.toml"
    assert SECRET.search(draft.read_text(encoding="utf-8") + done.out + done.err) is None
    (rules,) = read_mapping(draft.read_bytes(), draft.name).tables
    assert rules.columns == look(file, clock=clock).tables[0].rules().columns
    assert rules.file is None
    draft.write_text(draft.read_text(encoding="utf-8") + "# looked at\n", encoding="utf-8")
    assert say("receive", study).code == 1
    assert draft.read_text(encoding="utf-8").endswith("# looked at\n")
    draft.rename(study / "maps" / "r.toml")
    assert "draft" not in say("receive", study).err


def test_a_site_that_forbids_guessing_forbids_the_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, practice: Path
) -> None:
    """Where the site forbids `map`, `receive` guesses nothing either."""
    asked = [Given("claim_person", database="revenues", query="SELECT a FROM b", mapping=tmp_path / "r.toml")]
    (tmp_path / "policy.toml").write_text('forbid = ["map"]', encoding="utf-8")
    monkeypatch.setattr(policy, "policy_files", lambda: (tmp_path / "policy.toml",))
    with pytest.raises(Refused, match="forbids"):
        require_mappings(asked, lambda *_: pytest.fail("asked"))
    assert not (tmp_path / "r.draft.toml").exists()


def test_it_runs_as_a_user_runs_it(file: Path) -> None:
    """In a process of its own, without a terminal, it asks nothing and prints the mapping."""
    done = call("map", file)
    assert done.code == 0
    assert read_mapping(done.out.encode(), "x").tables[0].fills == "claim_person"
    assert SECRET.search(done.out + done.err) is None
