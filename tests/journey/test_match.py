"""Two files matched from the command line and from Python: the same links, a ledger, no value told, and nothing where it is forbidden."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
from made_authority import Done, say
from made_match import NAMES, as_csv, made_files, table

import hearthlink
from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance import Ledger
from hearthlink.sources.mapping.words import words_of
from hearthlink.study import policy
from hearthlink.study.actions import CHECK, MAP, MASK, MATCH
from hearthlink.study.acts_inside import BESIDE
from hearthlink.study.matching.match import ledger_of
from hearthlink.study.matching.unread import likely, unread
from hearthlink.tables.match import COLUMNS, LINKS

LEFT, RIGHT = made_files()
CHILDREN = sorted(row["person_id"] for row in LEFT if row["role"] == "child")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with both files in it."""
    (tmp_path / "left.csv").write_text(as_csv(LEFT), encoding="utf-8")
    (tmp_path / "right.csv").write_text(as_csv(RIGHT), encoding="utf-8")
    return tmp_path


def match(folder: Path, *more: object, out: str = "links.csv") -> Done:
    return say("match", folder / "left.csv", folder / "right.csv", "--out", folder / out, *more)


def read(path: Path) -> list[dict[str, object]]:
    kinds = dict.fromkeys(("left_person_id", "household_id", "right_person_id"), pa.string())
    options = arrow_csv.ConvertOptions(column_types=kinds, strings_can_be_null=True)
    return arrow_csv.read_csv(path, convert_options=options).to_pylist()


def test_two_files_are_matched(files: Path) -> None:
    """Each child has one row; nearly all who are on file are found, and nearly none of the others."""
    done = match(files)
    assert (done.code, done.err) == (0, "")
    links = read(files / "links.csv")
    assert tuple(links[0]) == LINKS
    assert [row["left_person_id"] for row in links] == CHILDREN
    right = [row["household_id"] == (f"H{str(row['left_person_id'])[1:4]}" if int(str(row["left_person_id"])[1:4]) % 2 else None) for row in links]  # fmt: skip
    persons = [row["right_person_id"] == f"D{str(row['left_person_id'])[1:]}" for row in links if row["household_id"]]
    assert sum(right) >= 0.95 * len(right)
    assert sum(persons) >= 0.95 * len(persons)
    assert all(
        float(str(row["household_probability"])) + float(str(row["none_probability"])) <= 1 + 1e-8 for row in links
    )


def test_what_was_learned_and_lacked_is_said(files: Path) -> None:
    """The screen says in sentences what the files lacked, how much was compared and what agreement is worth; no value of them."""
    said = match(files).out
    for words in (
        "Property numbers on the left: none.",
        "pairs were compared",
        "Evidence of birth date:",
        "in a household on file",
    ):
        assert words in said
    assert not [name for name in NAMES if name in said.upper()]


def test_columns_that_were_not_read_are_named(files: Path) -> None:
    """Columns under names that are not ours are said by name, with the map for those that look like ours; no value of them is told."""
    text = (files / "left.csv").read_text(encoding="utf-8").replace("birth_date", "Date of Birth", 1)
    header, *rows = text.splitlines()
    (files / "left.csv").write_text("\n".join([f"{header},notes", *(f"{row},QXZW" for row in rows)]), encoding="utf-8")
    said = match(files).out
    assert "Not read on the left: Date of Birth, notes." in said
    assert '--map "left.birth_date=Date of Birth"' in said
    assert "Not read on the right" not in said
    assert "QXZW" not in said
    again = match(files, "--map", "left.birth_date=Date of Birth").out
    assert "Not read on the left: notes." in again
    assert "Perhaps meant" not in again
    frame = pd.read_csv(files / "left.csv", dtype=str)
    assert (
        hearthlink.match(frame, table(RIGHT)).said[:2]
        == hearthlink.match(files / "left.csv", files / "right.csv").said[:2]
    )


HEADERS: tuple[tuple[str, str | None], ...] = (
    ("DOB", "birth_date"), ("FirstName", "forename"), ("Family Name", "surname"), ("maiden name", "former_surname"), ("gender", "sex"),
    ("Address Line 1", "address"), ("pcode", "postcode"), ("HouseholdRef", "household_id"), ("start_date", "valid_from"),
    ("mother_dob", None), ("notes", None), ("name", None), ("nino", None), ("address_2", None), ("carer surname", None),
)  # fmt: skip


@pytest.mark.parametrize(("header", "ours"), HEADERS)
def test_what_a_header_may_mean(header: str, ours: str | None) -> None:
    """A header that says what one of ours does is taken for a likely one, and another person's or a plain word is not."""
    assert likely([header], {"person_id"}, words=words_of) == ({} if ours is None else {ours: header})


@pytest.mark.parametrize("header", ["UPRN $", "UPRN `", "UPRN \\", 'UPRN "', "UPRN !", "UPRN %"])
def test_a_header_that_a_shell_would_read_is_not_put_in_a_command(header: str) -> None:
    """A column that looks like one of ours is named, and no map with it is offered for typing where a shell would make more of it."""
    (said,) = unread([header], {"person_id"}, "left", words=words_of)
    assert f"Not read on the left: {header}." in said


def test_a_header_is_shown_as_a_name_may_be() -> None:
    """Of many headers the first are named, long ones cut and none with a control mark; two that mean one of ours suggest nothing."""
    (said,) = unread(
        ["dob", "birthdate", "x" * 80, "a\x1b[31m", *(f"c{n}" for n in range(30))],
        {"person_id"},
        "left",
        words=words_of,
    )
    assert "and 14 more" in said
    assert "\x1b" not in said
    assert "x" * 41 not in said


def test_ages_that_a_household_states_count_as_at_the_day() -> None:
    """A household that states its dependants' ages and no day states them for the day as at which a child is linked."""
    born = {row["household_id"]: [] for row in RIGHT}
    for row in RIGHT:
        if row["role"] == "dependant":
            born[row["household_id"]].append(int(row["birth_date"][-4:]))
    stated = [
        row | {"dependant_ages": " ".join(str(2019 - year) for year in born[row["household_id"]])}
        for row in RIGHT
        if row["role"] == "claimant"
    ]
    said = hearthlink.match(table([row | {"as_at": "31/12/2019"} for row in LEFT]), table(stated)).said
    assert [one for one in said if one.startswith("Evidence of ages of the dependants: the same makes a match")]
    undated = hearthlink.match(table(LEFT), table(stated)).said
    assert "Evidence of ages of the dependants: lacking in every pair." in undated


def test_people_who_were_compared_with_nobody_are_counted() -> None:
    """Whoever resembles nobody on file has a none_probability of 1, and it is said of how many, and that it proves nothing."""
    stranger = {"person_id": "C999", "role": "child", "family_id": "999", "forename": "QAQ", "surname": "QEQ"}
    done = hearthlink.match(table([*LEFT, stranger]), table(RIGHT))
    assert done.links.filter(pc.equal(done.links.column("left_person_id"), "C999")).column(
        "none_probability"
    ).to_pylist() == [1.0]
    assert any("nobody enough to be compared" in sentence for sentence in done.said)


def test_the_ledger_tells_counts_alone(files: Path) -> None:
    """Beside the links a sound ledger says what was read and written, by counts, and how a run that stopped ended."""
    match(files)
    path = ledger_of(files / "links.csv")
    assert Ledger(path, lambda: None).verify() == 5  # pyright: ignore[reportArgumentType]
    assert f'"left rows": {len(LEFT)}' in path.read_text(encoding="utf-8")
    (files / "left.csv").write_text("person_id\n", encoding="utf-8")
    assert match(files).code == 1
    text = path.read_text(encoding="utf-8")
    assert '"stopped"' in text.splitlines()[-1]
    assert not [name for name in NAMES if name in text.upper()]


@pytest.fixture(scope="module")
def first() -> pa.Table:
    """The links of the two tables as they were made."""
    return hearthlink.match(table(LEFT), table(RIGHT)).links


def test_the_order_of_rows_changes_nothing(files: Path) -> None:
    """The same rows in any order give the same file to the last byte, and so does doing it again."""
    match(files)
    bytes_first = (files / "links.csv").read_bytes()
    rows = [LEFT.copy(), RIGHT.copy()]
    for seed in range(2):
        for name, side in zip(("left", "right"), rows, strict=True):
            random.Random(seed).shuffle(side)
            (files / f"{name}.csv").write_text(as_csv(side), encoding="utf-8")
        match(files)
        assert (files / "links.csv").read_bytes() == bytes_first


def test_files_and_frames_give_the_same_links(files: Path, first: pa.Table) -> None:
    """CSV, Parquet, Arrow and pandas give the same links; Parquet comes out where the name asks for it."""
    for name, rows in (("left", LEFT), ("right", RIGHT)):
        pq.write_table(table(rows), files / f"{name}.parquet")
    paths = files / "left.parquet", files / "right.parquet"
    assert hearthlink.match(*paths, out=files / "links.parquet").links.equals(first)
    assert pq.read_table(files / "links.parquet").equals(first)
    frames = [pd.DataFrame(rows) for rows in (LEFT, RIGHT)]
    made = hearthlink.match(*frames)
    assert made.links.equals(first)
    assert made.to_pandas().shape == (len(CHILDREN), 6)
    assert match(files).code == 0


def test_ids_come_out_as_they_went_in(files: Path) -> None:
    """Noughts before a text id stay; whole-number ids of a frame come out as whole numbers, in pandas too where some are lacking."""
    left = [row | {"person_id": f"00{n}"} for n, row in enumerate(LEFT)]
    (files / "left.csv").write_text(as_csv(left), encoding="utf-8")
    assert match(files).code == 0
    children = sorted(row["person_id"] for row in left if row["role"] == "child")
    assert [row["left_person_id"] for row in read(files / "links.csv")] == children
    numbered = [pd.DataFrame(rows).assign(person_id=range(len(rows))) for rows in (LEFT, RIGHT)]
    matched = hearthlink.match(*numbered)
    links = matched.links
    assert links.column("left_person_id").type == links.column("right_person_id").type == pa.int64()
    frame = matched.to_pandas()
    assert frame["right_person_id"].isna().any()
    assert str(frame["right_person_id"].dtype) == "Int64"


class Watched:
    """A frame that remembers which columns were asked for."""

    def __init__(self, whole: pa.Table) -> None:
        self.whole, self.asked = whole, set[str]()
        self.columns = whole.column_names

    def __getitem__(self, names: list[str]) -> pa.Table:
        self.asked |= set(names)
        return self.whole.select(names)

    def __arrow_c_stream__(self, schema: object = None) -> object:
        raise AssertionError("the whole frame was asked for")


def test_no_other_column_is_parsed(files: Path, monkeypatch: pytest.MonkeyPatch, first: pa.Table) -> None:
    """Of a frame, a CSV file and a Parquet file only the known columns are looked at."""
    extra = [[row | {"diagnosis": "SECRET"} for row in rows] for rows in (LEFT, RIGHT)]
    frames = [Watched(table(rows)) for rows in extra]
    assert hearthlink.match(*frames).links.equals(first)
    asked: list[list[str]] = []
    parquet, text = pq.read_table, arrow_csv.read_csv
    monkeypatch.setattr(pq, "read_table", lambda path, columns: asked.append(columns) or parquet(path, columns=columns))
    monkeypatch.setattr(
        arrow_csv, "read_csv",
        lambda *given, **named: asked.append(named["convert_options"].include_columns) or text(*given, **named),
    )  # fmt: skip
    pq.write_table(table(extra[0]), files / "left.parquet")
    (files / "right.csv").write_text(as_csv(extra[1]), encoding="utf-8")
    assert hearthlink.match(files / "left.parquet", files / "right.csv").links.num_rows == len(CHILDREN)
    assert frames[0].asked <= set(COLUMNS)
    assert asked[0] == [name for name in COLUMNS if name in LEFT[0]]
    assert len(asked[1]) == len(RIGHT[0])


MAPS = [
    ("birth_date=dob", None),
    ("left.birth_date=dob,right.birth_date=dob", None),
    ("names.toml", 'birth_date = "dob"\n'),
    ("names.toml", '[left]\nbirth_date = "dob"\n[right]\nbirth_date = "DOB"\n'),
]


@pytest.mark.parametrize(("names", "content"), MAPS)
def test_columns_may_go_by_other_names(files: Path, first: pa.Table, names: str, content: str | None) -> None:
    """A map of pairs or a file of them, for both sides or each, finds columns under other names."""
    for name in ("left", "right"):
        path = files / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("birth_date", "dob", 1), encoding="utf-8")
    if content is not None:
        (files / names).write_text(content, encoding="utf-8")
        names = str(files / names)
    done = match(files, "--map", names, out="links.parquet")
    assert (done.code, done.err) == (0, "")
    assert pq.read_table(files / "links.parquet").column("household_id").equals(first.column("household_id"))


@pytest.mark.parametrize("spelt", ["Person ID", "personId", "PERSON-ID", "personid"])
def test_a_header_is_known_however_its_words_are_joined(files: Path, first: pa.Table, spelt: str) -> None:
    """Case, blanks, hyphens and words run together make no other column of it."""
    for name in ("left", "right"):
        path = files / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("person_id", spelt, 1), encoding="utf-8")
    done = match(files, out="links.parquet")
    assert (done.code, done.err) == (0, "")
    assert pq.read_table(files / "links.parquet").column("household_id").equals(first.column("household_id"))


WRITTEN = [(";", "utf-8"), ("\t", "utf-8-sig"), ("|", "utf-16"), (",", "utf-8-sig")]


@pytest.mark.parametrize(("delimiter", "encoding"), WRITTEN)
def test_a_file_is_read_however_it_was_exported(files: Path, delimiter: str, encoding: str) -> None:
    """Semicolons, tabs and bars part columns too, and a byte order mark is no part of a name."""
    (files / "left.csv").write_text(as_csv(LEFT, delimiter), encoding=encoding)
    assert match(files).code == 0
    assert [row["left_person_id"] for row in read(files / "links.csv")] == CHILDREN


BAD: list[tuple[bytes | None, tuple[str, ...], int, str]] = [
    (None, (), 1, "left.csv: The file was not found."),
    (b"", (), 1, "left.csv: The file is empty."),
    (b"person_id,forename\n", (), 1, "left.csv: The file has a header and no rows."),
    (b"PK\x03\x04 workbook", (), 1, "workbook"),
    (b"PAR1 and no more", (), 1, "This Parquet file cannot be read."),
    (b"forename surname\nAAA SECRET\n", (), 1, "left.csv, column person_id: The column is missing."),
    (b"person_id,forename\n1,AAA\n,SECRET\n", (), 1, "1 of 2 rows have no person_id."),
    (
        b"person_id,person_id\n1,SECRET\n",
        (),
        1,
        "left.csv, column person_id: The column stands in the file more than once.",
    ),
    (b'person_id,forename\n1,"SECRET\n', (), 1, "A quotation mark is opened and never closed"),
    (b"person_id,forename\n1,SECRET,2,3\n1,2,3\n4,5,6\n1\n", (), 1, "do not have the 2 fields"),
    (
        b"person_id,forename,birth_date\n1,SECRET,2010-05-05\n1,BBB,2011-06-06\n",
        (),
        1,
        "1 ids stand on several undated rows",
    ),
    (b"Person Ref;Last Name\n1;SECRET\n", (), 1, '--map "left.person_id=Person Ref,left.surname=Last Name"'),
    (b"Case;Last Name\n1;SECRET\n", (), 1, "say so: --map left.person_id=NAME"),
    (
        b"person_id\n1\n",
        ("--map", "surname=family"),
        2,
        "left.csv, column family: The map names a column that is not in the file.",
    ),
    (
        b"person_id\n1\n",
        ("--map", "surname=family"),
        2,
        "If of two files the right one alone has it, say right.surname.",
    ),
    (b"person_id\n1\n", ("--map", "left.surname=family"), 2, "not in the file.\n  Write pairs"),
    (b"person_id\n1\n", ("--map", "surnam=family"), 2, "The map names a column that match does not know."),
    (b"person_id\n1\n", ("--map", "surname="), 2, "This is no pair of names."),
    (b"person_id\n1\n", ("--map", "nowhere.toml"), 2, "The file of names was not found."),
]


@pytest.mark.parametrize(("content", "more", "code", "says"), BAD)
def test_bad_input_is_told_in_a_sentence(
    files: Path, content: bytes | None, more: tuple[str, ...], code: int, says: str
) -> None:
    """A file or a map that is wrong ends with its exit code and a sentence, no value of the file, and no links."""
    path = files / "left.csv"
    path.unlink() if content is None else path.write_bytes(content)
    done = match(files, *more)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert "SECRET" not in done.err
    assert "Traceback" not in done.err
    assert not (files / "links.csv").exists()


def test_the_links_need_a_file_of_their_own(files: Path) -> None:
    """Neither file is written over, and a folder is no file; links are kept for files alone."""
    for out in ("left.csv", "right.csv", "."):
        assert match(files, out=out).code == 2
    assert (files / "left.csv").read_text(encoding="utf-8") == as_csv(LEFT)
    with pytest.raises(WrongUse):
        hearthlink.match(table(LEFT), table(RIGHT), out=files / "links.csv")
    with pytest.raises(WrongUse):
        hearthlink.match([1], table(RIGHT))


def test_strange_columns_of_a_frame_are_text_or_refused(first: pa.Table) -> None:
    """A column of mixed kinds is read as text; a frame with no person_id is a problem of the data."""
    mixed = pd.DataFrame(LEFT).assign(postcode=[1, "LS1 1AA", None, 2.5] * (len(LEFT) // 4) + [None] * (len(LEFT) % 4))
    assert hearthlink.match(mixed, table(RIGHT)).links.num_rows == len(CHILDREN)
    with pytest.raises(DataProblem, match="person_id"):
        hearthlink.match(pd.DataFrame({"name": ["AAA"]}), table(RIGHT))


POLICIES = [
    'forbid = ["match"]', "forbid = [", 'forbid = "match"', 'Forbid = ["match"]', 'forbid = ["macth"]', 'forbid = [["match"]]',
    '[policy]\nforbid = ["match"]', "",
]  # fmt: skip


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a site's policy, where this machine would look for it."""
    path = tmp_path / "site" / "policy.toml"
    path.parent.mkdir()
    monkeypatch.setattr(policy, "policy_files", lambda: (path,))
    return path


@pytest.mark.parametrize("text", POLICIES)
def test_a_site_can_forbid_it(files: Path, site: Path, text: str) -> None:
    """A policy that names match, or that cannot be understood, stops it with exit code 3 before any file is opened."""
    site.write_text(text, encoding="utf-8")
    for name in ("left", "right"):
        (files / f"{name}.csv").unlink()
    done = match(files)
    assert (done.code, done.out) == (3, "")
    assert "policy" in done.err
    assert not list(files.glob("links*"))
    with pytest.raises(Refused):
        hearthlink.match(table(LEFT), table(RIGHT))


def test_a_policy_that_forbids_something_else_is_no_hindrance(files: Path, site: Path) -> None:
    """A policy stops what it names and nothing more."""
    site.write_text('forbid = ["review"]\n', encoding="utf-8")
    assert match(files).code == 0


def test_whatever_is_done_besides_running_can_be_forbidden(site: Path) -> None:
    """Each act has a name that a policy may hold; a draw is part of a review, and a pair explained is explaining."""
    acts = {MATCH.name, MASK.name, MAP.name, CHECK.name, *(act.name for act in BESIDE)} - {"draw"}
    assert set(policy.MAY_BE_FORBIDDEN) == acts
    for name in acts:
        site.write_text(f'forbid = ["{name}"]', encoding="utf-8")
        with pytest.raises(Refused, match="forbids"):
            policy.require_allowed(name)
    site.write_text('forbid = ["explain"]', encoding="utf-8")
    with pytest.raises(Refused, match="forbids"):
        policy.require_allowed("explain-pair")


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the folders of other systems hang on no variable")
def test_no_variable_lifts_a_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixed folders are looked in whatever the environment says; a variable can only add one."""
    usual = policy.policy_files()
    monkeypatch.setenv("XDG_CONFIG_DIRS", "/elsewhere")
    assert set(policy.policy_files()) == {*usual, Path("/elsewhere/hearthlink/policy.toml")}
    assert usual[0] == Path("/etc/xdg/hearthlink/policy.toml")


def test_importing_hearthlink_loads_no_linkage() -> None:
    """The package is light until match is asked for, and knows no other name."""
    asked = "import sys, hearthlink; print(sum(m.startswith(('hearthlink.', 'pyarrow', 'duckdb', 'numpy')) for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
    with pytest.raises(AttributeError):
        _ = hearthlink.nothing


@pytest.mark.parametrize("name", ["links.xlsx", "links.XLS", "links.ods"])
def test_links_are_not_written_under_the_name_of_a_workbook(files: Path, name: str) -> None:
    """A spreadsheet would refuse what is in it; nothing is read or written, and the message says which names will do."""
    done = match(files, out=name)
    assert done.code == 2
    assert "Give a name that ends in .csv" in done.err
    assert not (files / name).exists()
