"""From an empty folder to the report, as a user goes: the same answer every time, and from the same facts in any order."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
from pathlib import Path

import pytest
from made_authority import (
    FEW_QUESTIONS,
    Done,
    bytes_below,
    call,
    copy_of,
    events,
    filled,
    link_digests,
    permit,
    real_study,
    run_study,
    say,
    store_of,
    table,
)  # fmt: skip

from hearthlink.cli.typed import typed
from hearthlink.governance import Ledger
from hearthlink.study import STEPS
from hearthlink.study.asking import PLAN_FILE
from hearthlink.tables.catalogue import ALL_TABLES

SECONDS = re.compile(r"  \d+\.\d s$")
"""How long a step took, which is said of one that took long."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, home: Path) -> tuple[Path, Done]:
    """What a new user does first, in a process of its own: hearthlink demo in an empty folder."""
    folder = tmp_path_factory.mktemp("demo") / "hearthlink-demo"
    return folder, call("demo", folder, "--children", 150, "--households", 340)


def test_the_demo_ends_with_the_headline_the_report_and_the_next_command(demo: tuple[Path, Done]) -> None:
    """The demo ends well, names each step, gives a share with both intervals, and says where the report is and what is next."""
    folder, done = demo
    assert (done.code, done.err) == (0, "")
    said = done.out.splitlines()
    assert [SECONDS.sub("", line.strip()) for line in said[1 : len(STEPS) + 1]] == [step.says for step in STEPS]
    share = re.search(r"^(\d+)% of (\d+) children referred in 2019-20", done.out, re.MULTILINE)
    assert share
    assert int(share[2]) % 5 == 0
    low, high = re.search(r"allowing for linkage: (\d+)% to (\d+)%", done.out).groups()
    assert int(low) <= int(share[1]) <= int(high)
    assert str(folder / "out" / "report.html") in done.out
    assert f"hearthlink status {folder}" in done.out


def test_the_headline_said_is_the_one_in_the_cleared_table_and_in_the_report(demo: tuple[Path, Done]) -> None:
    """What the screen says, what the report says and what the table says are one figure, each from the cleared table."""
    folder, done = demo
    share = re.search(r"^(\d+%) of (\d+) children", done.out, re.MULTILINE)
    report = (folder / "out" / "report.html").read_text(encoding="utf-8")
    tidy = (folder / "out" / "tables" / "headline.csv").read_text(encoding="utf-8")
    assert share[1] in report
    assert share[2] in report
    assert share[1].rstrip("%") in tidy


def test_the_report_is_one_whole_page_that_calls_nobody(demo: tuple[Path, Done]) -> None:
    """The report is a page with charts that needs no script, no other file and no other machine, and says that all is made up."""
    folder, _ = demo
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert "<svg" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#)', page)
    assert not re.findall(r"url\((?!#)", page)
    assert "made up" in page.lower() or "made-up" in page.lower()


def test_the_tables_left_beside_the_report_can_be_read(demo: tuple[Path, Done]) -> None:
    """Each table also leaves as CSV, with a header and as many fields in every row."""
    folder, _ = demo
    paths = sorted((folder / "out" / "tables").glob("*.csv"))
    assert len(paths) >= 8
    for path in paths:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert len(rows) >= 2, path.name
        assert {len(row) for row in rows} == {len(rows[0])}, path.name


def test_nothing_is_left_but_what_belongs_there(demo: tuple[Path, Done]) -> None:
    """The folder of the study holds its known parts and no half-made file, and nothing lies beside it."""
    folder, _ = demo
    known = {
        "study.toml",
        "analysis.toml",
        "analysis.seals.json",
        "made-up.json",
        "in",
        "truth",
        "rooms",
        "keys",
        "out",
        "ledger.jsonl",
        ".lock",
    }
    assert {path.name for path in folder.iterdir()} == known
    assert [p.name for p in folder.rglob("*.new")] == []
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_a_second_run_finds_everything_unchanged(demo: tuple[Path, Done]) -> None:
    """Run again, nothing is done anew, no byte of the results changes, the same headline is said, and status says it is done."""
    folder, done = demo
    before = bytes_below(folder / "rooms") | bytes_below(folder / "out")
    again = call("run", folder)
    assert (again.code, again.err) == (0, "")
    assert again.out.count("(unchanged)") == len(STEPS)
    assert again.out.split("\n\n", 1)[1] == done.out.split("\n\n", 1)[1]
    assert bytes_below(folder / "rooms") | bytes_below(folder / "out") == before
    status = say("status", folder)
    assert status.out.count("done     ") == len(STEPS)
    assert str(folder / "out" / "report.html") in status.out


def test_the_ledger_tells_the_run_and_is_unbroken(demo: tuple[Path, Done]) -> None:
    """The ledger has a line for each read and each step, by its role, and its chain holds."""
    folder, _ = demo
    assert Ledger(folder / "ledger.jsonl", lambda: pytest.fail("no line is written")).verify() == len(events(folder))
    done = [(e["step"], e["role"]) for e in events(folder) if e["event"] == "step done"]
    assert done[: len(STEPS)] == [(step.name, step.role.value) for step in STEPS]
    assert [e["step"] for e in events(folder) if e["event"] == "source read"][:2] == ["receive", "evaluate"]


def test_done_again_from_the_start_every_figure_is_the_same_under_new_pseudonyms(real: Path, tmp_path: Path) -> None:
    """--again draws new keys and pseudonyms, and links, draws, figures, tables and report are the same bytes."""
    study = copy_of(real, tmp_path / "study")
    links, left, people = link_digests(study), bytes_below(study / "out"), table(study, "research_child")
    figures = {
        name: store_of(study).digest(ALL_TABLES[name]) for name in ("answer", "quality_by_group", "link_summary")
    }
    done = say("run", study, "--again", "--quiet")
    assert done.code == 0
    assert link_digests(study) == links
    assert {name: store_of(study).digest(ALL_TABLES[name]) for name in figures} == figures
    assert bytes_below(study / "out") == left
    fresh = table(study, "research_child")
    for name in ("child_pseudonym", "family_pseudonym", "household_pseudonym"):
        one, two = (set(t.column(name).to_pylist()) - {None} for t in (people, fresh))
        assert len(one) == len(two) > 10
        assert not one & two, name
    keys = [set(table(s, "child").column("child_key").to_pylist()) for s in (real, study)]
    assert not keys[0] & keys[1]


def test_without_its_truth_a_study_finds_the_same_links(practice: Path, real: Path, tmp_path: Path) -> None:
    """Deleting the truth changes what evaluate can say and no byte of the links, and nothing before it is done anew."""
    study = copy_of(practice, tmp_path / "study")
    run_study(study, "evaluate")
    links = link_digests(study)
    assert {row["basis"] for row in table(study, "link_summary").to_pylist()} == {"posterior", "model", "truth"}
    shutil.rmtree(study / "truth")
    run_study(study, "evaluate")
    last = [e for e in events(study) if e["event"] in {"step done", "step unchanged"}][-8:]
    assert [e["step"] for e in last if e["event"] == "step done"] == ["evaluate"]
    assert {row["basis"] for row in table(study, "link_summary").to_pylist()} == {"posterior", "model"}
    assert link_digests(study) == links
    assert link_digests(real) == links, "a study that never had a truth"


def test_the_truth_is_opened_by_evaluate_alone(practice: Path, tmp_path: Path) -> None:
    """A truth that no one could read does not trouble any step before evaluate."""
    study = copy_of(practice, tmp_path / "study")
    for path in (study / "truth").iterdir():
        path.write_bytes(b"\0")
    run_study(study, "link")
    assert [e["step"] for e in events(study) if e["event"] == "source read"] == ["receive"]
    assert say("evaluate", study).code == 3


def shuffled(path: Path, rng: random.Random) -> None:
    """The rows of a CSV file in another order, and its columns too."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rng.shuffle(rows)
    places = rng.sample(range(len(header)), len(header))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[row[p] for p in places] for row in (header, *rows)])


def test_rows_in_another_order_give_the_same_links_and_the_same_tables(real: Path, tmp_path: Path) -> None:
    """Neither the order of rows and columns, of a month's claims nor of the census's children changes a link or a table."""
    study = real_study(tmp_path / "study", real / "in")
    rng = random.Random(7)
    for path in sorted((study / "in").rglob("*.csv")):
        shuffled(path, rng)
    for path in sorted((study / "in").rglob("*.txt")):
        head, *claims, trailer = re.split(r"(?m)^(?=[HDT]\|)", path.read_text(encoding="utf-8"))[1:]
        rng.shuffle(claims)
        path.write_text(head + "".join(claims) + trailer, encoding="utf-8", newline="")
    census = next((study / "in").glob("*.xml"))
    head, *children, tail = re.split(r"(?m)(?=^    <Child>$)|(?=^  </Children>$)", census.read_text(encoding="utf-8"))
    rng.shuffle(children)
    census.write_text(head + "".join(children) + tail, encoding="utf-8")
    run_study(study)
    assert link_digests(study) == link_digests(real)
    assert bytes_below(study / "out" / "tables") == bytes_below(real / "out" / "tables")


def test_a_councils_own_study_from_init_to_report(practice: Path, tmp_path: Path) -> None:
    """init, a refusal, the protocol signed, extracts put in place: the study runs and its report says nothing is made up."""
    folder = tmp_path / "our study"
    begun = say("init", folder)
    assert begun.code == 0
    assert typed("protocol new", folder) in begun.out
    shutil.copytree(practice / "in", folder / "in", dirs_exist_ok=True)
    (folder / PLAN_FILE).write_text(FEW_QUESTIONS, encoding="utf-8")
    assert say("run", folder).code == 3
    path = folder / "study.toml"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert say("run", folder).code == 3
    permit(folder)
    done = say("run", folder, "--json")
    assert (done.code, done.err) == (0, "")
    assert set(json.loads(done.out)) == {"headline", "report"}
    assert "everyone in it is made up" not in (folder / "out" / "report.html").read_text(encoding="utf-8").lower()
    assert [e["event"] for e in events(folder)][:3] == ["run begun", "refused", "run begun"]


CHANGED: dict[str, tuple[str, str, str]] = {
    "another threshold": ("threshold = 10", "threshold = 15", "clear"),
    "another comparator": ("share = 0.3333", "share = 0.25", "clear"),
    "more draws": ("draws = 200", "draws = 40", "link"),
    "another name": ('name = "real"', 'name = "another"', "report"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_changed_setting_does_again_what_leans_on_it_and_no_more(real: Path, tmp_path: Path, case: str) -> None:
    """After a setting changes, status says what is no longer done, and the run begins again at the first step that needs it."""
    study = copy_of(real, tmp_path / "study")
    old, new, first = CHANGED[case]
    path = study / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    names = [step.name for step in STEPS]
    waiting = [row["step"] for row in json.loads(say("status", study, "--json").out) if not row["done"]]
    assert waiting == names[names.index(first) :]
    run_study(study)
    since = [e for e in events(study) if e["event"] in {"step done", "step unchanged"}][-len(STEPS) :]
    assert next(e["step"] for e in since if e["event"] == "step done") == first
    assert json.loads(say("status", study, "--json").out)[-1]["done"]
