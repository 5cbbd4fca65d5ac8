"""The papers that an officer needs say all that the protocol says, nothing of anybody in the data, and the same bytes each time."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from made_authority import Secrets, bytes_below, copy_of, events, real_study, run_study, say, secrets_of
from made_ended import practice_keys_of
from made_protocol import filled, opened_below, team, write
from made_text import text_of

from hearthlink.study.papers.controls import CONTROLS
from hearthlink.study.papers.fields import FORMULA, HEADINGS
from hearthlink.study.papers.papers import SAYS
from hearthlink.tables.catalogue import ALL_TABLES

ROOT = Path(__file__).parents[2]
INSIDE = ("dpia.html", "record-of-processing.html")
PUBLIC = ("privacy-notice.html", "public-summary.html")
NEVER = re.compile(r"anonym\w*|complian\w*|\bcompl(?:y|ies|ied)\b|safe to (?:share|release)", re.IGNORECASE)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, practice: Path) -> Path:
    """A council's study that was run a part of the way. To be copied, or read alone."""
    made = real_study(tmp_path_factory.mktemp("papers") / "study", practice / "in")
    run_study(made, "standardise")
    return made


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory, study: Path) -> dict[str, str]:
    """Its papers, as text by name, written by the command line."""
    out = tmp_path_factory.mktemp("written") / "papers"
    done = say("papers", study, out)
    assert (done.code, done.err) == (0, ""), done.err
    return {name: content.decode("utf-8-sig") for name, content in bytes_below(out).items()}


def words_of(page: str) -> str:
    """What a page says, without its tags and its style."""
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)).split())


def said(study: Path) -> dict[str, Any]:
    return tomllib.loads((study / "protocol.toml").read_text("utf-8"))


def leaves(value: object) -> Iterator[str]:
    """Every text of what a protocol says, and every date as it is read."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif hasattr(value, "strftime"):
        yield f"{value:%d %B %Y}"
    elif isinstance(value, str) and value:
        yield value


def test_every_paper_is_there_and_says_from_what_it_was_made(study: Path, papers: dict[str, str]) -> None:
    """Seven papers, each with the version and digest of the protocol, the head of the ledger and its day."""
    assert set(papers) == set(SAYS)
    lines = events(study)
    head = [one for one in lines if one["step"] != "papers"][-1]
    for name, text in papers.items():
        assert "Protocol version 1, digest " in text, name
        assert str(head["hash"]) in text, name
        assert re.search(r"stood on \d\d \w+ 20\d\d", text), name
    assert lines[-1]["event"] == "papers written"


def test_all_that_the_protocol_says_is_in_the_papers(study: Path, papers: dict[str, str]) -> None:
    """Every source, owner, gateway, purpose, approval, date, output, folder, person and part of the protocol stands in the assessment's facts."""
    told = words_of(papers["dpia.html"])
    protocol = said(study)
    for skipped in ("columns", "extracts"):
        for terms in protocol["sources"].values():
            terms.pop(skipped, None)
    for person in protocol["person"]:
        for key in ("key", "opens"):
            person.pop(key, None)
    protocol.pop("rooms")
    protocol["law"].pop("article_84b")
    missing = {one for one in leaves(protocol) if one not in told}
    assert missing == set()
    assert all(one in told for one in ("Article 84B(1) (b)", "30 days"))


def test_public_papers_tell_sources_purpose_and_rights_and_name_no_member_of_staff(
    study: Path, papers: dict[str, str]
) -> None:
    """The notice and the summary have purpose, gateways, owners, outputs, window, retention, objection and complaint; no person and no count of the data."""
    protocol = said(study)
    for person, name in zip(protocol["person"], ("ZORA ONE", "ZORA TWO", "ZORA THREE", "ZORA FOUR"), strict=True):
        person["name"] = name
    protocol["objections"]["contact"] = "a desk"
    write(study, protocol | {"version": 2})
    try:
        out = study.parent / "public"
        assert say("papers", study, out).code == 0
        again = {name: words_of((out / name).read_text("utf-8")) for name in (*PUBLIC, *INSIDE)}
    finally:
        restore(study)
    for name in PUBLIC:
        for words in (
            protocol["project"]["purpose"], "a desk", *protocol["outputs"]["planned"], "31 March 2099",
            "Article 84B(1)", "30 days", *(f"{each['gateway']}" for each in protocol["sources"].values()),
        ):  # fmt: skip
            assert words in again[name], (name, words)
        assert "ZORA" not in again[name]
    assert all("ZORA TWO" in again[name] for name in INSIDE)
    assert "section 164A" in again["privacy-notice.html"]
    assert {name for name, text in papers.items() if "Article 89" in text} == set()


def restore(study: Path) -> None:
    """The protocol as it was signed."""
    protocol = filled(study, team(Path.home()))
    from made_authority import LAST_DAY

    protocol["dates"] |= {"ends": LAST_DAY, "destroy_by": LAST_DAY.replace(month=9, day=30)}
    write(study, protocol)


def test_the_field_table_has_every_column_and_says_which_are_collected(study: Path, papers: dict[str, str]) -> None:
    """Each column of each table is a row; those the protocol lists are collected under its source's gateway, and those it leaves out never held."""
    rows = list(csv.DictReader(io.StringIO(papers["fields.csv"])))
    rows = [row for row in rows if row["column"]]
    assert list(rows[0]) == list(HEADINGS)
    assert {(r["table"], r["column"]) for r in rows} == {(t.name, c) for t in ALL_TABLES.values() for c in t.names}
    by_column = {(row["table"], row["column"]): row for row in rows}
    for source, terms in said(study)["sources"].items():
        for table, columns in terms["columns"].items():
            for column in columns:
                row = by_column[table, column]
                assert (row["collected"], row["source"], row["gateway"]) == ("yes", source, terms["gateway"])
                assert row["made by"].split(", ")[0] == "receive"
                assert row["kept until"].endswith("2099")
    worked_out = by_column["candidate_pair", ALL_TABLES["candidate_pair"].names[0]]
    assert (worked_out["collected"], worked_out["source"]) == ("no: worked out here", "social_care, benefits")
    assert all(row["source"] for row in rows if row["room"] in {"identity", "content"} and row["collected"] == "yes")


def test_a_column_that_is_not_listed_is_said_not_to_be_collected(tmp_path: Path, study: Path) -> None:
    """Taking a column out of the protocol takes it out of what is collected, and of who uses it."""
    other = copy_of(study, tmp_path / "study")
    protocol = said(other)
    columns = protocol["sources"]["social_care"]["columns"]["child_identifier"]
    gone = next(one for one in columns if one != "child_id")
    columns.remove(gone)
    write(other, protocol | {"version": 2})
    assert say("papers", other, tmp_path / "out").code == 0
    rows = csv.DictReader(io.StringIO((tmp_path / "out" / "fields.csv").read_text("utf-8-sig")))
    row = next(one for one in rows if (one["table"], one["column"]) == ("child_identifier", gone))
    assert (row["collected"][:3], row["used by"], row["kept until"]) == ("no:", "", "never held")


def test_nobody_in_the_data_is_in_the_papers(study: Path, papers: dict[str, str]) -> None:
    """No name, address, birth date or council's id of anybody in the extracts, and no table and no extract is opened for them."""
    secrets: Secrets = secrets_of(study / "in")
    for name, text in papers.items():
        assert secrets.in_text(text_of(name, text.encode())) == {}, name
    with opened_below(study / "in") as extracts, opened_below(study / "rooms") as rooms:
        assert say("papers", study, study.parent / "watched").code == 0
    assert (extracts, rooms) == ([], [])


def test_the_same_ledger_gives_the_same_bytes(study: Path, tmp_path: Path) -> None:
    """Written twice, into two folders or over themselves, they are alike: that they were written is no part of them."""
    for name in ("a", "b", "a"):
        assert say("papers", study, tmp_path / name).code == 0
    assert bytes_below(tmp_path / "a") == bytes_below(tmp_path / "b")


def test_what_is_done_since_is_in_the_next(study: Path, tmp_path: Path) -> None:
    """After another step the head is another, and the rows that rest in the rooms stand in the facts."""
    other = copy_of(study, tmp_path / "study")
    assert say("papers", other, tmp_path / "a").code == 0
    assert say("compare", other, "--quiet").code == 0
    assert say("papers", other, tmp_path / "b").code == 0
    before, after = ((tmp_path / name / "dpia.html").read_text("utf-8") for name in "ab")
    assert "candidate_pair</th><td>identity" not in before
    assert "candidate_pair</th><td>identity" in after


@pytest.mark.parametrize(
    ("section", "name"), [("dpia", "reference"), ("ethics", "body"), ("project", "purpose"), ("objections", "contact")]
)
def test_a_blank_reference_refuses(study: Path, tmp_path: Path, section: str, name: str) -> None:
    """Where the protocol is not whole no paper is written, and the sentence says what is empty; so too with no protocol at all."""
    other = copy_of(study, tmp_path / "study")
    protocol = said(other)
    protocol[section][name] = " "
    write(other, protocol)
    done = say("papers", other, tmp_path / "out")
    assert (done.code, f"{section}.{name} is empty" in done.err, (tmp_path / "out").exists()) == (3, True, False)
    assert events(other)[-1]["event"] == "refused"


def test_a_protocol_that_is_not_signed_gives_drafts(study: Path, tmp_path: Path) -> None:
    """Papers can be had before anybody signs, so that who signs can read them: each page says that it is a draft."""
    other = copy_of(study, tmp_path / "study")
    write(other, said(other) | {"version": 2})
    done = say("papers", other, tmp_path / "out")
    assert (done.code, "draft" in done.out) == (0, True)
    for name in (*INSIDE, *PUBLIC, "fields.html"):
        assert "Draft: the protocol" in (tmp_path / "out" / name).read_text("utf-8")


def test_what_lies_in_the_folder_is_left_alone(study: Path, tmp_path: Path) -> None:
    """A folder with other things, a file or a link in its place keeps the papers from being written."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "dpia.html").symlink_to(tmp_path / "file")
    for name in ("other", "file", "link", "planted"):
        assert say("papers", study, tmp_path / name).code == 2, name
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_no_paper_judges_and_no_cell_is_a_formula(study: Path, tmp_path: Path) -> None:
    """The papers never say the words that are for people to say; whatever the protocol says, no cell begins as a formula and no tag gets through."""
    other = copy_of(study, tmp_path / "study")
    protocol = said(other)
    protocol["sources"]["benefits"]["gateway"] = "=cmd()|<script>alert(1)</script>"
    write(other, protocol | {"version": 2})
    assert say("papers", other, tmp_path / "out").code == 0
    for name, content in bytes_below(tmp_path / "out").items():
        text = content.decode("utf-8-sig")
        assert NEVER.findall(text) == [], name
        assert ("<script" in text) == (name == "fields.csv"), name
    cells = [
        cell
        for row in csv.reader(io.StringIO((tmp_path / "out" / "fields.csv").read_text("utf-8-sig")))
        for cell in row
    ]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []


class _Whole(HTMLParser):
    """Whether every tag that is opened is closed, and what is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "path", "rect"}:
            self.open.append(tag)
        self.loads += [str(value) for name, value in attrs if name in {"src", "href", "xlink:href"}]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [str(value) for name, value in attrs if name in {"src", "href"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_pages_are_whole_and_load_nothing(papers: dict[str, str]) -> None:
    """Every page closes its tags, loads nothing and runs nothing; the picture has a title and says in words what it shows."""
    for name, text in papers.items():
        if name.endswith(".html"):
            whole = _Whole()
            whole.feed(text)
            assert (whole.open, whole.loads) == ([], []), name
    drawing = ElementTree.fromstring(papers["data-flow.svg"])  # noqa: S314 - made here
    title, desc = drawing[0], drawing[1]
    assert (title.tag.endswith("title"), desc.tag.endswith("desc"), len(desc.text or "") > 300) == (True, True, True)
    assert "custodian" in (desc.text or "")


def test_every_guard_names_tests_that_are_there() -> None:
    """What the assessment says is shown by a test is shown by a file of tests that exists."""
    assert len(CONTROLS) >= 10
    for control in CONTROLS:
        for name in control.tests:
            assert (ROOT / name).is_file(), name


def test_a_practice_study_can_try_it(tmp_path: Path, practice: Path) -> None:
    """With a protocol that `protocol new` filled in, a practice study has papers too, which say that everybody is made up; without one, none."""
    other = copy_of(practice, tmp_path / "study")
    assert say("papers", other, tmp_path / "out").code == 2
    people = practice_keys_of(tmp_path / "keys", "one", "two", "three", "four")
    assert len(people) == 4
    assert say("protocol", "new", other, "--people", "one,two,three,four", "--keys", tmp_path / "keys").code == 0
    assert say("papers", other, tmp_path / "out").code == 0
    assert "made up" in (tmp_path / "out" / "privacy-notice.html").read_text("utf-8")
