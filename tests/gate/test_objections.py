"""Who objects is in no table of any room and in nothing that leaves; who fits is left out with care, and who is not found is said."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from made_authority import all_tables, copy_of, events, run_study, say, store_of, table
from made_engine import engine_at_hand
from made_extracts import census, child, claim, dependant, episode, extracts, few_months, write
from made_extracts import table as rows_as_csv

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.sources import receive, source_files
from hearthlink.sources.objections import read_objections
from hearthlink.study import open_study
from hearthlink.study.minimised import still_there
from hearthlink.tables.catalogue import ALL_TABLES

HEAD = "about,person_id,upn,claim_ref,forename,surname,birth_date,postcode,reason"
UPN = "A123456789012"


def keys(n: int) -> Sequence[int]:
    return random.Random(n).sample(range(2**53), n)


def files(*, strangers: bool = False) -> dict[str, bytes]:
    """Three children of two families, two of them alike but for where they live, and two claims, of which the second goes on as a third.

    `strangers`: besides a child whom the census does not know, and a claim without children.
    """
    persons = rows_as_csv(
        "person_id child_id upn forename surname known_as former_surname dob gender",
        [
            ("P1", "C1", UPN, "Zoë", "O'Neill", "", "", "2012-05-03", "F"),
            ("P2", "C2", "", "AAA", "SMITH", "", "", "2012-05-04", "M"),
            ("P3", "C3", "", "AAA", "SMITH", "BBB", "JONES", "2012-05-04", "M"),
            ("P4", "C4", "", "CCC", "SMITH", "", "", "2010-01-02", "M"),
            *([("P9", "C9", "", "HHH", "ELSEWHERE", "", "", "2011-01-01", "M")] if strangers else []),
        ],
    )
    homes = rows_as_csv(
        "person_id address postcode start_date",
        [
            ("P1", "1 A STREET", "ZZ1 1AA", "2015-01-01"),
            ("P2", "2 A STREET", "ZZ1 1AB", "2015-01-01"),
            ("P3", "3 A STREET", "ZZ1 1AC", "2015-01-01"),
        ],
    )
    first = [claim("H1", f6="O'NEILL", f7="DDD"), dependant("H1", f313="ONEILL", f314="ZOE", f315="03-05-2012")]
    first += [dependant("H1", f309="R2", f313="ONEILL", f314="EEE", f315="03-05-2014")]
    second = [
        claim("H2", f6="SMITH", f7="FFF", f8="01-02-1984"),
        dependant("H2", f309="R3", f314="AAA", f315="04-05-2012"),
    ]
    third = [claim("H9", f6="ALONE", f7="GGG", f13="0")] if strangers else []
    held = {
        name: data
        for name, data in extracts(m=few_months([*first, *second, *third])).items()
        if not name.startswith(("ssd/", "cts/")) and not name.endswith(".xml")
    }
    return held | {
        "cin_2020.xml": census(*(child(f"C{n}", episode()) for n in (1, 2, 3, 4))),
        "identifiers/child_person.csv": persons, "identifiers/child_address.csv": homes,
    }  # fmt: skip


def received(tmp_path: Path, *lines: str, strangers: bool = False) -> dict[str, pa.Table]:
    folder = write(tmp_path / "in", files(strangers=strangers))
    held = tmp_path / "objections.csv"
    held.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    with engine_at_hand() as engine:
        return receive(engine, source_files(folder), year="2019-20", new_key=keys, objections=read_objections(held))


def left(tables: Mapping[str, pa.Table], name: str, column: str) -> list[str]:
    return sorted(tables[name].column(column).to_pylist())


ALL = ["C1", "C2", "C3", "C4"]
CASES: Mapping[str, tuple[str, list[str], str]] = {
    "the council's own id": ("child,C1,,,,,,,objection", ["C2", "C3", "C4"], "found"),
    "the case system's id": ("child,p1,,,,,,,objection", ["C2", "C3", "C4"], "found"),
    "a pupil number": (f"child,,{UPN},,,,,,opt-out", ["C2", "C3", "C4"], "found"),
    "a name and birth date, spelt otherwise": ("child,,,,ZOE,Oneill,03/05/2012,,court order", ["C2", "C3", "C4"], "found"),
    "a surname and birth date": ("child,,,,,Smith,2010-01-02,,other", ["C1", "C2", "C3"], "found"),
    "another name that the child goes by": ("child,,,,bbb,jones,2012-05-04,,", ["C1", "C2", "C4"], "found"),
    "two who fit": ("child,,,,Aaa,Smith,2012-05-04,,", ["C1", "C4"], "more than one found, all left out"),
    "two who fit, one at the postcode": ("child,,,,Aaa,Smith,2012-05-04,zz11ab,", ["C1", "C3", "C4"], "found"),
    "two who fit, neither at the postcode": ("child,,,,Aaa,Smith,2012-05-04,YY1 1YY,", ["C1", "C4"], "more than one found, all left out"),
    "a name without a birth date, at the postcode": ("child,,,,Aaa,Smith,,ZZ1 1AC,", ["C1", "C2", "C4"], "found"),
    "a name without a birth date, at no such postcode": ("child,,,,Aaa,Smith,,YY1 1YY,", ALL, "nobody found"),
    "another birth date": ("child,,,,Zoe,Oneill,2012-05-13,,", ALL, "nobody found"),
    "an id that nobody bears": ("child,C99,,,,,,,", ALL, "nobody found"),
    "an id that nobody bears, and a name": ("child,C99,,,Zoe,Oneill,2012-05-03,,", ["C2", "C3", "C4"], "found"),
    "an id, and a name of somebody else": ("child,C4,,,Zoe,Oneill,2012-05-03,,", ["C1", "C2", "C3"], "found"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "stay", "outcome"), CASES.values(), ids=CASES)
def test_who_is_left_out(tmp_path: Path, line: str, stay: list[str], outcome: str) -> None:
    """By an id exactly, else by name and birth date with the postcode to tell two apart; where that cannot, all who fit are left out."""
    made = received(tmp_path, line)
    assert left(made, "child_identifier", "child_id") == stay
    (told,) = made["objection"].to_pylist()
    # A child who is on no claim of its name is found nowhere else.
    assert told["outcome"] == outcome
    assert told["children"] == len(ALL) - len(stay)
    assert told["households"] == 0
    for name in ("child_address", "child_adult", "child_referral"):
        assert set(left(made, name, "child_id")) <= set(stay), name
    child_keys = set(made["child_identifier"].column("child_key").to_pylist())
    for name, held in made.items():
        if "child_key" in held.column_names:
            assert set(held.column("child_key").drop_null().to_pylist()) <= child_keys, name


def test_a_child_is_not_listed_on_a_claim_either_and_its_siblings_stay(tmp_path: Path) -> None:
    """The row that lists the child as living in a household goes, over time too; the household, its adults and its other children stay."""
    made = received(tmp_path, "child,C1,,,,,,,objection")
    for name in ("household_member", "household_member_over_time"):
        who = {(row["household_id"], row["forename"]) for row in made[name].to_pylist()}
        assert ("H1", "ZOE") not in who
        assert {("H1", "DDD"), ("H1", "EEE"), ("H2", "AAA")} <= who
    people = made["household_person"].to_pylist()
    assert len(people) == made["household_member_over_time"].num_rows
    assert sum(row["role"] == "dependant" for row in people) == 2


def test_a_child_on_a_claim_alone_is_found_there(tmp_path: Path) -> None:
    """A child whom only benefits know is left out of their tables, and counts as found."""
    made = received(tmp_path, "child,,,,Eee,ONeill,2014-05-03,,objection")
    assert "EEE" not in made["household_member"].column("forename").to_pylist()
    assert made["objection"].to_pylist()[0]["outcome"] == "found"
    assert left(made, "child_identifier", "child_id") == ALL


@pytest.mark.parametrize(
    "line",
    [
        "household,,,H1,,,,,objection",
        "household,,,h-1,,,,,",
        "household,,,,Ddd,Oneill,1985-02-01,,",
        "household,,,,,O'Neill,1985-02-01,ZZ1 1AA,",
    ],
)
def test_a_household_goes_with_its_claim_members_and_money(tmp_path: Path, line: str) -> None:
    """By claim reference or by the name of one of its people; the children of social care stay, living in no household on file."""
    made = received(tmp_path, line)
    assert left(made, "household_identifier", "household_id") == ["H2"]
    kept = set(made["household_identifier"].column("household_key").to_pylist())
    for name, held in made.items():
        if "household_id" in held.column_names:
            assert set(left(made, name, "household_id")) <= {"H2"}, name
        if "household_key" in held.column_names:
            assert set(held.column("household_key").drop_null().to_pylist()) <= kept, name
    assert left(made, "child_identifier", "child_id") == ALL
    assert made["objection"].to_pylist() == [
        {"line": 2, "about": "household", "outcome": "found", "children": 0, "households": 1}
    ]


def test_everybody_stays_where_nobody_objects(tmp_path: Path) -> None:
    """An empty list changes no table and leaves no line in the receipt."""
    made, plain = received(tmp_path), received(tmp_path)
    assert left(made, "child_identifier", "child_id") == ALL
    assert made["objection"].num_rows == 0
    assert made["receipt"].equals(plain["receipt"])
    assert not [row for row in made["receipt"].to_pylist() if row["source"] == "objections"]


def test_the_receipt_counts_what_became_of_the_list(tmp_path: Path) -> None:
    """Lines in, found and not found, children and households left out: in the receipt, by counts; the hash of the list is not shown."""
    made = received(
        tmp_path, "child,C1,,,,,,,", "child,,,,Aaa,Smith,2012-05-04,,", "child,C99,,,,,,,", "household,,,H2,,,,,"
    )
    told = {
        row["reason"]: (row["rows_in"], row["rows_kept"], row["rows_refused"])
        for row in made["receipt"].to_pylist()
        if row["source"] == "objections"
    }
    assert told == {
        "kept": (4, 3, 0), "nobody found": (4, 0, 1), "more than one found, all left out": (4, 1, 0), "children left out": (4, 3, 0),
        "households left out": (4, 1, 0),
    }  # fmt: skip
    assert {row["sha256"] for row in made["receipt"].to_pylist() if row["source"] == "objections"} == {"not shown"}
    cin = [row for row in made["receipt"].to_pylist() if row["source"] == "cin" and "objection" in row["reason"]]
    assert [(row["rows_in"], row["rows_refused"]) for row in cin] == [(4, 3)]


BAD: Mapping[str, tuple[str, str, int | None]] = {
    "nothing but whom it is about": ("child,,,,,,,,", "says too little", 2),
    "a surname alone": ("child,,,,,SECRETNAME,,,", "says too little", 2),
    "a household by a child's id": ("household,SECRETID,,,,,,,", "says too little", 2),
    "neither a child nor a household": (",C1,,,,,,,", "does not say whom", 2),
    "somebody else": ("uncle,C1,,,SECRETNAME,,,,", "not understood throughout: about", 2),
    "a birth date that is none": ("child,,,,AAA,SECRETNAME,soon,,", "not understood throughout: birth_date", 2),
    "a reason that is none": ("child,C1,,,,,,,SECRETREASON", "not understood throughout: reason", 2),
    "a field too many": ("child,C1,,,,,,,,,,SECRETNAME", "not understood", None),
}  # fmt: skip


@pytest.mark.parametrize(("line", "words", "number"), BAD.values(), ids=BAD)
def test_a_line_that_is_not_understood_stops_the_run(tmp_path: Path, line: str, words: str, number: int | None) -> None:
    """No line is passed over: the words say which line and what is wrong with it, and quote nothing of it."""
    path = tmp_path / "objections.csv"
    path.write_text("\n".join([HEAD, line, *["child,C1,,,,,,,"] * 3, ""]), encoding="utf-8")
    with pytest.raises(DataProblem, match=words) as stop:
        read_objections(path)
    assert stop.value.line == number
    assert "SECRET" not in str(stop.value)
    assert "SECRET" not in repr(stop.value.__cause__)


@pytest.mark.parametrize(("heading", "place"), [("foreName2", 5), ("SECRETNAME", 5), ("birthdate of the child", 7)])
def test_a_heading_that_is_none_of_ours_is_not_passed_over(tmp_path: Path, heading: str, place: int) -> None:
    """A misspelt heading would leave a column unread and a name half said: it is refused by its place, and not quoted."""
    path = tmp_path / "objections.csv"
    names: list[str] = list(HEAD.split(","))
    names[place - 1] = heading
    path.write_text(",".join(names) + "\nchild,C1,,,,,,,\n", encoding="utf-8")
    with pytest.raises(DataProblem, match=f"column {place} ") as stop:
        read_objections(path)
    assert "SECRET" not in str(stop.value)
    assert "birth_date" in str(stop.value)


OUTSIDE: Mapping[str, tuple[str, str]] = {
    "a child whom the case system knows and the census does not": ("child,C9,,,,,,,", "in the extracts, and not in this study"),
    "the same by its name": ("child,,,,Hhh,Elsewhere,2011-01-01,,", "in the extracts, and not in this study"),
    "a claim without children": ("household,,,H9,,,,,", "in the extracts, and not in this study"),
    "a child whom nobody knows": ("child,C99,,,,,,,", "nobody found"),
    "a claim that nobody knows": ("household,,,H99,,,,,", "nobody found"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "outcome"), OUTSIDE.values(), ids=OUTSIDE)
def test_not_in_this_study_is_parted_from_not_anywhere(tmp_path: Path, line: str, outcome: str) -> None:
    """Who is in the extracts and in no table of the study need not be looked up again; who is nowhere may be spelt wrongly."""
    made = received(tmp_path, line, strangers=True)
    (told,) = made["objection"].to_pylist()
    assert (told["outcome"], told["children"], told["households"]) == (outcome, 0, 0)
    reasons = {row["reason"] for row in made["receipt"].to_pylist() if row["source"] == "objections"}
    assert outcome in reasons


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    """A file that does not say whom each line is about is another file."""
    path = tmp_path / "objections.csv"
    path.write_text("name,dob\nAAA,2012-05-03\n", encoding="utf-8")
    with pytest.raises(DataProblem):
        read_objections(path)


def test_a_line_shows_nothing_of_itself(tmp_path: Path) -> None:
    """What is printed of a line, by whatever fails, is its number."""
    path = tmp_path / "objections.csv"
    path.write_text(f"{HEAD}\nchild,C1,,,AAA,SECRETNAME,,,\n", encoding="utf-8")
    (one,) = read_objections(path)
    assert repr(one) == "Objection(line=2)"


# --- a whole study ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def heeded(real: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], dict[str, object]]:
    """A study run to its end, then again with a list: a linked child by its name, a household by its claim, and somebody unknown."""
    study = copy_of(real, tmp_path_factory.mktemp("objections") / "study")
    identifier = {row["child_id"]: row for row in table(study, "child_identifier").to_pylist()}
    person = {row["member_id"]: row for row in table(study, "household_member").to_pylist()}
    links = [row for row in table(study, "link").to_pylist() if row["member_id"] in person]
    linked, other = next(
        (a, b)
        for a in links
        for b in links
        if a["household_id"] != b["household_id"]
        and identifier[a["child_id"]]["surname"]
        and len(identifier[a["child_id"]]["surname"]) > 4
    )
    who = identifier[linked["child_id"]]
    lines = [
        f"child,,,,{who['forename']},{who['surname']},{who['birth_date']},,objection",
        f"household,,,{other['household_id']},,,,,opt-out",
        "child,NOBODYHERE,,,,,,,other",
    ]
    (study / "objections.csv").write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    run_study(study)
    return study, who, other


def test_who_objects_is_in_no_table_of_any_room(heeded: tuple[Path, dict[str, object], dict[str, object]]) -> None:
    """After the next run no table that a step leaves knows the child, the claim, or anybody of them by key."""
    study, who, other = heeded
    store = store_of(study)
    seen = 0
    for room in ("identity", "content", "research", "record"):
        for spec in all_tables(room):
            if not store.digest(spec):
                continue
            text = str(table(study, spec.name).to_pylist())
            seen += 1
            assert not re.search(rf"'{re.escape(str(who['child_id']))}'", text), spec.name
            assert not re.search(rf"'{re.escape(str(other['household_id']))}(\||')", text), spec.name
            assert not re.search(rf"\b{who['child_key']}\b", text), spec.name
    assert seen > 40
    born = [row for row in table(study, "household_member").to_pylist() if row["birth_date"] == who["birth_date"]]
    assert not [
        row for row in born if str(row["surname"]).upper() == str(who["surname"]).upper() and row["role"] == "dependant"
    ]


def test_nothing_that_is_left_names_them(heeded: tuple[Path, dict[str, object], dict[str, object]]) -> None:
    """No file of the study but the extracts and the list itself holds the name or an id, nor does the list leave."""
    study, who, other = heeded
    words = [str(value).encode() for value in (who["child_id"], other["household_id"])]
    for path in study.rglob("*"):
        if path.is_file() and path.name != "objections.csv" and "in" not in path.relative_to(study).parts:
            held = path.read_bytes()
            assert not [word for word in words if len(word) > 5 and word in held], path.name
    assert not [path for path in (study / "out").rglob("*") if "objections" in path.name]


def test_the_ledger_counts_them_and_names_nobody(heeded: tuple[Path, dict[str, object], dict[str, object]]) -> None:
    """One line says how many lines there were, how many were found and how many were left out."""
    study, _, _ = heeded
    told = [one for one in events(study) if one["event"] == "objections applied"]
    assert len(told) == 1
    counts = told[0]["counts"]
    assert isinstance(counts, dict)
    assert (counts["lines"], counts["found"], counts["not found"], counts["children left out"]) == (3, 2, 1, 1)
    assert counts["households left out"] >= 1


def test_the_command_says_counts_and_the_lines_of_those_not_found(
    heeded: tuple[Path, dict[str, object], dict[str, object]],
) -> None:
    """`hearthlink objections` says what became of the list and which line found nobody, and nothing that stands in the list."""
    study, who, _ = heeded
    done = say("objections", study)
    assert done.code == 0
    assert "3 lines" in done.out
    assert "Nobody in the extracts fits line 4" in done.out
    assert "NOBODYHERE" not in done.out
    assert str(who["surname"]) not in done.out
    told = json.loads(say("objections", study, "--json").out)
    assert (told["found"], told["nobody"], told["children_left_out"]) == (2, [4], 1)


def test_a_list_that_changed_is_heeded_and_one_that_did_not_costs_nothing(
    heeded: tuple[Path, dict[str, object], dict[str, object]], tmp_path: Path
) -> None:
    """Receiving is unchanged while the list is; with another line, or without the list, it is done again."""
    study = copy_of(heeded[0], tmp_path / "study")

    def done_again() -> bool:
        before = len(events(study))
        run_study(study, upto="receive")
        return any(one["event"] == "step done" and one["step"] == "receive" for one in events(study)[before:])

    assert not done_again()
    path = study / "objections.csv"
    path.write_text(path.read_text("utf-8") + "child,NOBODYELSE,,,,,,,\n", encoding="utf-8")
    assert done_again()
    assert table(study, "objection").num_rows == 4
    path.unlink()
    assert done_again()
    assert table(study, "objection").num_rows == 0
    assert heeded[1]["child_id"] in table(study, "child_identifier").column("child_id").to_pylist()


def test_the_places_of_the_census_rules_leave_them_out(
    heeded: tuple[Path, dict[str, object], dict[str, object]],
) -> None:
    """The rules of the census are asked of the extract again: no place that they find is of a child who was left out."""
    study, who, _ = heeded
    text = next((study / "in").glob("*.xml")).read_text("utf-8")
    children = re.findall(r"<Child>.*?</Child>", text, re.DOTALL)
    number = next(n for n, one in enumerate(children, 1) if f">{who['child_id']}<" in one)
    assert number not in table(study, "finding_place").column("child_no").to_pylist()


def test_the_list_lies_within_the_study(
    heeded: tuple[Path, dict[str, object], dict[str, object]], tmp_path: Path
) -> None:
    """Its path may be set, and leads nowhere out of the study's folder."""
    study = copy_of(heeded[0], tmp_path / "study")
    lines = (study / "study.toml").read_text("utf-8")
    (study / "lists").mkdir()
    (study / "objections.csv").rename(study / "lists" / "held.csv")
    (study / "study.toml").write_text(lines.replace("objections.csv", "lists/held.csv"), "utf-8")
    run_study(study, upto="receive")
    assert table(study, "objection").num_rows == 3
    text = (study / "study.toml").read_text("utf-8")
    (study / "study.toml").write_text(text.replace("lists/held.csv", "../held.csv"), "utf-8")
    with pytest.raises(WrongUse, match="outside"):
        _ = open_study(study).objections


def test_what_a_reviewer_said_of_them_brings_nobody_back() -> None:
    """An answer or a correction about a child or a household that is in the study no more is heeded no more."""
    person = pa.Table.from_pylist(
        [
            {"person_no": 1, "side": "child", "group_id": "F1", "record_id": "C1", "role": "child", "birth_date_weak": False},
            {"person_no": 2, "side": "member", "group_id": "H1", "record_id": "H1|R1", "role": "claimant", "birth_date_weak": False},
        ],
        schema=ALL_TABLES["person"].schema,
    )  # fmt: skip
    rows = [("C1", "H1"), ("C1", None), ("C2", "H1"), ("C1", "H2")]
    said = pa.table(
        {"child_id": [child for child, _ in rows], "household_id": [home for _, home in rows], "answer": ["match"] * 4}
    )
    assert still_there(said, person).select(["child_id", "household_id"]).to_pylist() == [
        {"child_id": "C1", "household_id": "H1"}, {"child_id": "C1", "household_id": None},
    ]  # fmt: skip


def test_small_counts_of_the_list_are_held_back(heeded: tuple[Path, dict[str, object], dict[str, object]]) -> None:
    """Of what was made of three lines no number leaves: each is under the threshold, and so is the number of lines."""
    study, _, _ = heeded
    run_study(study)
    (sheet,) = [path for path in (study / "out").rglob("*.csv") if path.name == "receipts.csv"]
    rows = [row for row in csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))) if "objections" in row.values()]
    assert rows
    for row in rows:
        assert not any(
            str(value).replace(",", "").isdigit()
            for name, value in row.items()
            if name.startswith(("number", "in_file"))
        ), row
