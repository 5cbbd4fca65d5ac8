"""The same children, addresses and adults, whichever layout they come in; and what each supplier's layout has of its own."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from made_case_systems import YEAR, census, files, read, rows, together
from made_extracts import ssd_files, table, write
from made_workbooks import made_xlsx

from hearthlink.errors import DataProblem
from hearthlink.sources.activity.census import Census, census_of, read_xml
from hearthlink.sources.activity.flat import read_flat
from hearthlink.sources.case.identifiers import read_identifiers, read_stages
from hearthlink.sources.case.ssd_address import read_addresses
from hearthlink.sources.children import Children, bring_together
from hearthlink.sources.mapping.mapped import no_database, read_given
from hearthlink.sources.reading.files import Given, SourceFiles, source_files
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.synthesise import synthesise

LAYOUTS = ("cin", "ssd", "identifiers", "mosaic", "liquidlogic", "daily_api")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small invented authority whose case system is written in every layout."""
    folder = tmp_path_factory.mktemp("layouts")
    synthesise(folder, Settings(children=150, households=300, months=1, layouts=LAYOUTS))
    return folder / "in"


def received(authority: Path, layout: str) -> Children:
    there = files(authority)
    held = type(there)(there.folder, {layout: _paths(authority, layout)})
    return bring_together(_census(authority), read_identifiers(held), read_stages(held), YEAR, range)


def _census(authority: Path) -> Census:
    return read_xml(next(authority.glob("*.xml")), YEAR)


def _paths(authority: Path, layout: str) -> tuple[Path, ...]:
    return tuple((authority / layout).iterdir()) if layout == "daily_api" else (authority / layout,)


def told(made: pa.Table, *names: str) -> set[tuple[object, ...]]:
    """Rows with postcodes and withheld addresses spelt alike."""
    return {
        tuple(
            str(value).replace(" ", "") if name == "postcode" else value for name, value in zip(names, row, strict=True)
        )
        for row in rows(made, *names)
    }


@pytest.mark.parametrize("layout", ["identifiers", "mosaic", "liquidlogic"])
def test_the_same_people_come_out_of_every_layout(authority: Path, layout: str) -> None:
    """Names, birth dates, addresses with their dates, and adults are those that the safeguarding dataset gives."""
    expected, made = received(authority, "ssd").tables, received(authority, layout).tables
    # Mosaic keeps no flag for an estimated date.
    estimated = () if layout == "mosaic" else ("birth_date_estimated",)
    about = ("child_id", "forename", "surname", "birth_date", "sex", "unborn", *estimated)
    assert rows(made["child_identifier"], *about) == rows(expected["child_identifier"], *about)
    assert expected["child_identifier"].column("forename").null_count < 150
    where = ("child_id", "start_date", "end_date", "postcode", "uprn")
    assert told(made["child_address"], *where) == told(expected["child_address"], *where)
    open_lines = told(expected["child_address"], "child_id", "address") - told(
        made["child_address"], "child_id", "address"
    )
    assert all(line in {None, "ADDRESS RESTRICTED"} for _, line in open_lines)
    adults = ("child_id", "adult_id", "relationship", "forename", "surname", "birth_date")
    assert told(made["child_adult"], *adults) == told(expected["child_adult"], *adults)
    assert made["child_adult"].num_rows > 100


@pytest.mark.parametrize("layout", ["identifiers", "mosaic", "liquidlogic"])
def test_locked_records_are_locked_in_every_layout(authority: Path, layout: str) -> None:
    """Whoever is locked by the safeguarding dataset is locked by the other layouts, which know of locked records without an address."""
    locked = [set(_locked(received(authority, name))) for name in ("ssd", layout)]
    assert locked[0]
    assert locked[0] <= locked[1]


def _locked(made: Children) -> Iterable[object]:
    return (child for child, flag in rows(made.tables["child_identifier"], "child_id", "restricted") if flag)


def test_who_lives_with_a_child_is_told_by_shared_homes(authority: Path) -> None:
    """Systems without such a flag tell it by addresses: nobody is said to live with a child who does not."""
    truth = {
        (c, a): lives
        for c, a, lives in rows(received(authority, "ssd").tables["child_adult"], "child_id", "adult_id", "lives_with")
    }
    for layout in ("mosaic", "liquidlogic"):
        made = rows(received(authority, layout).tables["child_adult"], "child_id", "adult_id", "lives_with")
        said = [(truth[child, adult], lives) for child, adult, lives in made if lives]
        assert len(said) > 50
        assert all(expected for expected, _ in said)


def test_the_feed_holds_the_same_children_with_a_postcode_and_no_adults(authority: Path) -> None:
    """Names and birth dates of the feed are the dataset's, and so are its plans and spells of care."""
    expected, made = received(authority, "ssd").tables, received(authority, "daily_api").tables
    about = ("child_id", "forename", "surname", "birth_date", "unborn")
    assert rows(made["child_identifier"], *about) == rows(expected["child_identifier"], *about)
    assert made["child_adult"].num_rows == 0
    homes = told(expected["child_address"], "child_id", "postcode")
    assert {row for row in told(made["child_address"], "child_id", "postcode", "address_kind") if row[2] == "home"}
    assert all(
        row[:2] in homes
        for row in told(made["child_address"], "child_id", "postcode", "address_kind")
        if row[2] == "home"
    )
    for stage in ("cin_plan", "looked_after"):
        assert rows(made[stage], "child_key", "start_date") == rows(expected[stage], "child_key", "start_date")
        assert made[stage].num_rows


@pytest.mark.parametrize("layout", ["ssd", "identifiers", "mosaic", "liquidlogic"])
def test_the_order_of_rows_changes_nothing(authority: Path, tmp_path: Path, layout: str) -> None:
    """Shuffled tables, of which some rows stand twice under other names, give the same tables."""
    turn = random.Random(1)
    made: list[dict[str, pa.Table]] = []
    for n in range(2):
        folder = tmp_path / str(n)
        (folder / layout).mkdir(parents=True)
        shutil.copy(next(authority.glob("*.xml")), folder)
        for path in (authority / layout).iterdir():
            head, *lines = path.read_bytes().splitlines(keepends=True)
            again = [line.replace(b"a", b"e") for line in lines[:40]]
            held = [*lines, *again]
            turn.shuffle(held)
            (folder / layout / path.name).write_bytes(head + b"".join(held))
        made.append(dict(received(folder, layout).tables))
    assert made[0]["child_adult"].num_rows > 100
    for name, table_ in made[0].items():
        assert made[1][name].equals(table_), name


@pytest.mark.parametrize("kind", ["ssd", "daily_api"])
def test_activity_without_a_census_is_the_census_s(authority: Path, kind: str) -> None:
    """From the dataset or the feed alone come the referrals, assessments, enquiries and plans that the census file holds."""
    expected = _census(authority)
    made = census_of(read_flat(_paths(authority, kind), kind), YEAR)  # type: ignore[arg-type]
    assert made.child.column("child_id").equals(expected.child.column("child_id"))
    for name, columns in {
        "child": ("ethnicity", "disabled", "expected_day"),
        "referral": ("referral_day", "closure_day", "closure_reason", "source"),
        "assessment": ("start_day", "end_day", "factors"),
        "section47": ("start_day", "conference_day"),
        "protection_plan": ("start_day", "end_day"),
    }.items():
        assert sorted(map(str, rows(getattr(made, name), *columns))) == sorted(
            map(str, rows(getattr(expected, name), *columns))
        ), name


def as_parquet(data: bytes) -> bytes:
    """A table of texts as Parquet, its dates as dates and its numbers as numbers."""
    options = pyarrow.csv.ConvertOptions(strings_can_be_null=True, null_values=[""])
    held = io.BytesIO()
    pq.write_table(pyarrow.csv.read_csv(io.BytesIO(data), convert_options=options), held)
    return held.getvalue()


def as_workbook(data: bytes) -> bytes:
    """A table of texts as a workbook of one sheet."""
    return made_xlsx({"Export": [[cell or None for cell in row] for row in csv.reader(io.StringIO(data.decode()))]})


@pytest.mark.parametrize(("form", "ending"), [(as_parquet, "parquet"), (as_workbook, "xlsx")])
def test_a_layout_may_lie_there_in_any_form(tmp_path: Path, form: Callable[[bytes], bytes], ending: str) -> None:
    """Tables of the safeguarding dataset in another form give what the same tables give as CSV."""
    held = ssd_files() | {
        "ssd/ssd_cin_plans.csv": table(
            "cinp_person_id cinp_cin_plan_start_date cinp_cin_plan_end_date", [("P1", "2019-07-01", "2019-09-01")]
        )
    }
    other = {
        name.upper().replace("SSD/", "ssd/").replace(".CSV", f".{ending}"): form(data) for name, data in held.items()
    }
    made: list[dict[str, pa.Table]] = []
    for place, given in (("csv", held), (ending, other)):
        there = files(write(tmp_path / place, given))
        made.append(dict(together(census("C1", "C2"), read_identifiers(there), read_stages(there)).tables))
    for name in ("child_identifier", "child_address", "child_adult", "cin_plan"):
        assert made[0][name].equals(made[1][name]), name
    assert made[0]["cin_plan"].num_rows == 1


DEEP = '{"a": ' * 100_000
ODD_ADDRESSES = (
    ("nested without end", DEEP, DEEP.rstrip()),
    ("a key twice", '{"HOUSE": "1", "HOUSE": "2", "STREET": "A STREET"}', "2 A STREET"),
    ("a number longer than any", '{"HOUSE": ' + "9" * 9_000 + ', "STREET": "A STREET"}', "9" * 9_000 + " A STREET"),
    ("a number that is none", '{"HOUSE": NaN, "STREET": "A STREET"}', "A STREET"),
    ("parts within parts", '{"STREET": {"NAME": "A STREET"}, "TOWN": ["B"], "FLAT": true}', None),
    ("a list", '["1", "A STREET"]', '["1", "A STREET"]'),
    ("cut short", '{"HOUSE": "1", "STREET": "A STR', '{"HOUSE": "1", "STREET": "A STR'),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"), [case[1:] for case in ODD_ADDRESSES], ids=[case[0] for case in ODD_ADDRESSES]
)
def test_odd_addresses_of_the_dataset_are_read_as_far_as_they_go(text: str, line: str | None) -> None:
    """What is no proper object is plain text; what is no text within one is missing; nothing stops the reader."""
    assert read_addresses([text], [None]) == ([line], [None])


def test_a_layout_s_tables_may_be_given_one_by_one(tmp_path: Path) -> None:
    """Tables named in study.toml, from wherever they are taken, give what the same tables give in their folder."""
    made = ssd_files()
    made["ssd/ssd_person.csv"] += b"L4,P4,,SSD_PH,SMITH,F,NULL,\n"
    folder = write(tmp_path / "in", made)
    children = census("C1", "C2", "C3", "L4")
    expected = together(children, read_identifiers(files(folder)), read_stages(files(folder)))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    asked = [
        Given(path.stem, path=path.rename(elsewhere / f"t{n}.csv"))
        for n, path in enumerate(sorted((folder / "ssd").iterdir()))
    ]
    given = read_given(asked, no_database)
    bare = SourceFiles(folder, {})
    told = together(children, read_identifiers(bare, given), read_stages(bare, given))
    for name, table_ in expected.tables.items():
        assert told.tables[name].equals(table_), name
    assert rows(told.tables["child_identifier"], "forename")[-1] == (None,)
    assert source_files_groups(folder, asked)


def source_files_groups(folder: Path, asked: Iterable[Given]) -> bool:
    """Whether the persons that are given count as names and addresses, so that no folder is asked for."""
    write(folder, {"cin.xml": b"<Message/>", "cts/household_period.csv": b"a"})
    return bool(source_files(folder, list(asked)).given)


# --- what each has of its own ---------------------------------------------------------------------------

PERSONS = "PERSON_ID PERSON_ID_LEGACY FULL_NAME FIRST_NAME LAST_NAME DATE_OF_BIRTH GENDER RESTRICTED"
HOMES = "PERSON_ID START_DATE END_DATE ADDRESS POST_CODE ADDRESS_TYPE UNIQUE_ID"
TIES = "PERSON_ID OTHER_PERSON_ID DESCRIPTION IS_MOTHER"


def mosaic(
    *ties: tuple[str, ...], persons: Iterable[tuple[str, ...]] = (), homes: Iterable[tuple[str, ...]] = ()
) -> dict[str, bytes]:
    usual = [
        ("1", "C1", "", "AAA", "SMITH", "2012-05-03 00:00:00", "Female", ""),
        ("2", "C2", "", "BBB", "SMITH", "2014-05-03 00:00:00", "M", ""),
        ("3", "", "", "CCC", "JONES", "1985-05-03 00:00:00", "F", ""),
    ]
    return {
        "mosaic/DM_PERSONS.csv": table(PERSONS, [*usual, *persons]),
        "mosaic/DM_ADDRESSES.csv": table(HOMES, [("1", "2015-01-01", "NULL", "1 A STREET, B, ZZ1 1AA", "ZZ1 1AA", "Home", "100"), *homes]),
        "mosaic/DM_PERSONAL_RELATIONSHIPS.csv": table(TIES, ties),
    }  # fmt: skip


RELATIONS: tuple[tuple[str, tuple[tuple[str, ...], ...], list[tuple[object, ...]]], ...] = (
    ("a mother", (("3", "1", "Mother", "Y"),), [("C1", "3", "mother")]),
    ("a mother by the flag alone", (("3", "1", "", "Y"),), [("C1", "3", "mother")]),
    ("a daughter", (("1", "3", "Daughter", ""),), [("C1", "3", "mother")]),
    ("both sides of one tie", (("3", "1", "Birth Mother", ""), ("1", "3", "Daughter", "")), [("C1", "3", "birth mother")]),
    ("a grandchild", (("2", "3", "Grandson", ""),), [("C2", "3", "grandparent")]),
    ("a foster child", (("2", "3", "Foster child", ""),), [("C2", "3", "foster carer")]),
    ("a stepson", (("2", "3", "Stepson", ""),), [("C2", "3", "step-parent")]),
    ("siblings", (("1", "2", "Sister", ""), ("2", "1", "Half-brother", "")), []),
    ("nobody of ours", (("3", "1", "Social worker", ""),), []),
    # Told the other way round: "1's mother is 3". The birth dates show it.
    ("words that describe the other", (("1", "3", "Mother", ""), ("2", "3", "Mother", "")), [("C1", "3", "mother"), ("C2", "3", "mother")]),
)  # fmt: skip


@pytest.mark.parametrize(("ties", "expected"), [case[1:] for case in RELATIONS], ids=[case[0] for case in RELATIONS])
def test_ties_between_any_two_persons_become_adults_of_children(
    tmp_path: Path, ties: tuple[tuple[str, ...], ...], expected: list[tuple[object, ...]]
) -> None:
    """Mosaic tells every tie, often from both sides: adults of children come out, once each, in words for what they are to the child."""
    made = together(census("C1", "C2"), read(tmp_path, mosaic(*ties)))
    assert rows(made.tables["child_adult"], "child_id", "adult_id", "relationship") == expected


def test_names_that_mosaic_cut_are_given_back_where_the_whole_name_holds_them(tmp_path: Path) -> None:
    """A name of thirty letters is made whole from the full name as far as that goes; one that is not cut stays."""
    long = "A" * 30
    persons = [
        ("4", "C4", f"MISS {long}BB CCC", long, "CCC", "2012-05-03", "F", ""),
        ("5", "C5", f"DDD {long}", "DDD", long, "2012-05-03", "F", ""),
    ]
    made = together(census("C4", "C5"), read(tmp_path, mosaic(persons=persons)))
    assert rows(made.tables["child_identifier"], "forename", "surname") == [(f"{long}BB", "CCC"), ("DDD", long)]
    assert {note: n for t in made.tallies for note, n in t.notes.items() if "cut" in note} == {
        "a name cut at 30 letters by the export": 1
    }


def test_mosaic_as_it_is(tmp_path: Path) -> None:
    """A locked record without a name, an address in one text, NULL for an open end, and an address key that is no property number."""
    persons = [("4", "C4", "", "", "", "", "", "Y")]
    homes = [("2", "2015-01-01", "", "2 B STREET", "ZZ1 1AB", "Home", "REF-9")]
    made = together(census("C1", "C2", "C4"), read(tmp_path, mosaic(persons=persons, homes=homes))).tables
    assert rows(made["child_identifier"], "forename", "sex", "restricted") == [
        ("AAA", "F", False),
        ("BBB", "M", False),
        (None, None, True),
    ]
    assert rows(made["child_address"], "child_id", "end_date", "address", "uprn") == [
        ("C1", None, "1 A STREET, B", "100"), ("C2", None, "2 B STREET", None),
    ]  # fmt: skip


LIQUID: Mapping[str, bytes] = {
    "liquidlogic/DIM_PERSON.csv": table(
        "DIM_PERSON_ID LEGACY_ID FORENAME SURNAME BIRTH_DTTM DOB_ESTIMATED GENDER_MAIN_CODE",
        [
            ("-1", "-1", "", "", "", "", ""),
            ("1", "C1", "AAA", "SMITH", "2012-05-03 00:00:00", "N", "F"),
            ("2", "C2", "BBB", "SMITH", "2010-01-15 00:00:00", "Y", "M"),
            ("3", "-1", "CCC", "JONES", "1985-05-03 00:00:00", "N", "M"),
            ("4", "C4", "TEST", "DUPLICATE", "", "N", ""),
        ],
    ),
    "liquidlogic/DIM_PERSON_ADDRESS.csv": table(
        "DIM_PERSON_ID ADDSS_TYPE_CODE START_DTTM END_DTTM ROOM_NO FLAT_NO BUILDING HOUSE_NO STREET TOWN POSTCODE UPRN",
        [
            ("1", "HOME", "2015-01-01", "", "", "2", "B HOUSE", "1", "A STREET", "C", "ZZ1 1AA", "100"),
            ("3", "HOME", "2015-01-01", "", "", "2", "B HOUSE", "1", "A STREET", "C", "ZZ1 1AA", "-1"),
            ("-1", "HOME", "2015-01-01", "", "", "", "", "9", "Z STREET", "C", "ZZ1 1AZ", ""),
        ],
    ),
    "liquidlogic/FACT_PERSON_RELATION.csv": table(
        "DIM_PERSON_ID DIM_RELATED_PERSON_ID DIM_LOOKUP_RELTN_TYPE_CODE DIM_LOOKUP_RELTN_TYPE_DESC",
        [("3", "1", "CHI", ""), ("3", "2", "CHI", "Child"), ("1", "-1", "CHI", ""), ("1", "2", "SIB", "Sibling")],
    ),
}


def test_liquidlogic_as_it_is(tmp_path: Path) -> None:
    """The legacy id joins, ids below zero are nobody, an estimate is marked, and CHI says that the other is the child."""
    made = together(census("C1", "C2", "C4"), read(tmp_path, LIQUID))
    assert rows(made.tables["child_identifier"], "child_id", "forename", "birth_date_estimated") == [
        ("C1", "AAA", False), ("C2", "BBB", True), ("C4", None, False),
    ]  # fmt: skip
    assert rows(made.tables["child_address"], "child_id", "address", "address_kind") == [
        ("C1", "2, B HOUSE, 1 A STREET, C", "home")
    ]
    assert rows(made.tables["child_adult"], "child_id", "adult_id", "relationship", "surname", "lives_with") == [
        ("C1", "3", "father", "JONES", True), ("C2", "3", "father", "JONES", None),
    ]  # fmt: skip
    refused = {reason: n for tally in made.tallies for reason, n in tally.refused.items() if n}
    assert refused["an id below zero, which stands for nobody"] == 1
    assert refused["marked as a duplicate or a test"] == 1
    assert refused["no tie between a child and an adult"] == 2


def test_a_family_of_early_help_gives_its_grown_up_members(tmp_path: Path) -> None:
    """Where the dataset names a family, those of it born long before a child are adults of it; other children are not."""
    made = ssd_files()
    made["ssd/ssd_person.csv"] = table(
        "pers_legacy_id pers_person_id pers_forename pers_surname pers_sex pers_dob pers_expected_dob",
        [
            ("C1", "P1", "AAA", "SMITH", "F", "2012-05-03", ""), ("C2", "P2", "BBB", "SMITH", "M", "2009-05-03", ""),
            ("", "P9", "CCC", "JONES", "F", "1985-05-03", ""),
        ],
    )  # fmt: skip
    made["ssd/ssd_family.csv"] = table(
        "fami_family_id fami_person_id", [("F1", "P1"), ("F1", "P2"), ("F1", "P9"), ("", "P9")]
    )
    held = together(census("C1", "C2"), read(tmp_path, made)).tables["child_adult"]
    assert ("C1", "P9", "family", "JONES") in rows(held, "child_id", "adult_id", "relationship", "surname")
    assert not [row for row in rows(held, "child_id", "adult_id") if row[1] in {"P1", "P2"}]


def test_the_table_of_further_ids_gives_pupil_numbers(tmp_path: Path) -> None:
    """A pupil number in the dataset's table of further ids joins a child whom no id finds; its placeholder does not."""
    made = ssd_files()
    made["ssd/ssd_person.csv"] = table(
        "pers_legacy_id pers_person_id pers_forename pers_surname pers_dob",
        [("C1", "P1", "AAA", "SMITH", "2012-05-03"), ("L7", "P7", "BBB", "JONES", "")],
    )
    made["ssd/ssd_linked_identifiers.csv"] = table(
        "link_person_id link_identifier_type link_identifier_value",
        [
            ("P7", "NHS Number", "9990000000"),
            ("P7", "Unique Pupil Number", "H801200001001"),
            ("P1", "SSD_PH", "SSD_PH"),
        ],
    )
    held = together(census("C1", ("C7", "2012-05-03", "H801200001001")), read(tmp_path, made))
    assert rows(held.tables["child_identifier"], "forename") == [("AAA",), ("BBB",)]


@pytest.mark.parametrize(
    ("layout", "gone"), [("mosaic", "DM_ADDRESSES"), ("liquidlogic", "DIM_PERSON"), ("ssd", "ssd_person")]
)
def test_a_table_that_a_layout_cannot_do_without_is_named(tmp_path: Path, layout: str, gone: str) -> None:
    """Where persons or addresses are missing, the message names the table and says in which forms it may come."""
    made = {**mosaic(), **LIQUID, **ssd_files()}
    made = {name: data for name, data in made.items() if name.startswith(layout) and f"/{gone}." not in name}
    with pytest.raises(DataProblem, match="table was not found") as problem:
        read(tmp_path, made)
    assert problem.value.file == f"{layout}/{gone.lower()}"
