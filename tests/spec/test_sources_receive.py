"""Receive, whole: what is in the folder, what comes out of it, and what is said when it will not do."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from made_engine import engine_at_hand
from made_extracts import (
    CENSUS,
    DIRECTORY,
    FILE_7,
    census,
    child,
    claim,
    dependant,
    extracts,
    geography_files,
    month,
    months,
    write,
)

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.sources import receive, source_files
from hearthlink.study.steps import STEPS
from hearthlink.synthetic.synthesise import synthesise
from hearthlink.synthetic.world import Settings
from hearthlink.tables.catalogue import ALL_TABLES
from hearthlink.tables.content import CONTENT_TABLES
from hearthlink.tables.identity import IDENTITY_TABLES
from hearthlink.tables.money import MONEY_TABLES
from hearthlink.tables.spec import Sensitivity

KEYS = ("child_key", "household_key", "follows_key", "first_key")


def keys(seed: int = 1) -> Callable[[int], Sequence[int]]:
    return lambda n: random.Random(seed + n).sample(range(2**53), n)


def received(folder: Path, year: str = "2019-20", seed: int = 1) -> dict[str, pa.Table]:
    with engine_at_hand() as engine:
        return receive(engine, source_files(folder), year=year, new_key=keys(seed))


def without_keys(tables: Mapping[str, pa.Table]) -> dict[str, list[dict[str, object]]]:
    return {
        name: table.drop_columns([key for key in KEYS if key in table.column_names]).to_pylist()
        for name, table in tables.items()
        if name != "receipt"
    }


def test_every_table_is_as_its_specification_says(tmp_path: Path) -> None:
    """Every table of the rooms comes out, each with the columns, types and filled values that the data dictionary states."""
    made = received(write(tmp_path, extracts()))
    written = {spec.name for step in STEPS if step.name == "receive" for spec in step.writes}
    beside = {"refresh", "asked_place"}
    assert set(made) == written - beside, (
        "these are worked out beside: from what was received before, and from the rules of the census"
    )
    for name, table in made.items():
        assert table.schema.equals(ALL_TABLES[name].schema), name
    assert made["child_identifier"].num_rows == 3
    assert made["household_identifier"].num_rows == 2


def test_the_rooms_share_a_key_and_nothing_else(tmp_path: Path) -> None:
    """No value of an identifier column, and so no id of the council, stands in any content table but the directory's."""
    made = received(write(tmp_path, extracts()))
    named = {
        str(value)
        for spec in IDENTITY_TABLES
        if spec.name in made
        for column in spec.columns
        if column.sensitivity is Sensitivity.IDENTIFIER
        for value in made[spec.name].column(column.name).to_pylist()
        if value is not None
    }
    content = {
        str(value)
        for spec in (*CONTENT_TABLES, *MONEY_TABLES)
        if spec.name != "postcode_area"
        for column in spec.columns
        if column.name != "born" and not column.name.endswith(("_date", "_no"))
        for value in made[spec.name].column(column.name).to_pylist()
    }
    assert {"C1", "AAA", "H1"} <= named
    assert named & content == set()
    assert set(made["child"].column("child_key").to_pylist()) == set(
        made["child_identifier"].column("child_key").to_pylist()
    )


def test_no_canary_in_an_unlisted_column_comes_through(tmp_path: Path) -> None:
    """Pupil numbers, National Insurance numbers and supplier fields stay in the files."""
    files = extracts()
    assert all(any(word in data for data in files.values()) for word in (b"CANARYUPN", b"CANARYNINO", b"|CANARY|"))
    made = received(write(tmp_path, files))
    assert not any("CANARY" in str(row) for table in made.values() for row in table.to_pylist())


def shuffled(data: bytes, turn: random.Random) -> bytes:
    head, *lines = data.splitlines(keepends=True)
    if head.startswith(b"H|"):
        *lines, tail = lines
        turn.shuffle(lines)
        return head + b"".join(lines) + tail
    if head.startswith(b"<?xml"):
        first, last = 2, len(lines) - 1
        middle = lines[first:last]
        turn.shuffle(middle)
        return head + b"".join([*lines[:first], *middle, *lines[last:]])
    turn.shuffle(lines)
    return head + b"".join(lines)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small invented authority's folder."""
    folder = tmp_path_factory.mktemp("authority")
    synthesise(folder, Settings(children=60, households=150))
    return folder


def test_neither_row_order_nor_keys_change_what_is_received(tmp_path: Path, authority: Path) -> None:
    """With the lines of every file in another order, and with other keys, every table holds the same rows."""
    files = {
        p.relative_to(authority / "in").as_posix(): p.read_bytes() for p in (authority / "in").rglob("*") if p.is_file()
    }
    turn = random.Random(7)
    mixed = {name: data if name == CENSUS else shuffled(data, turn) for name, data in files.items()}
    expected = without_keys(received(authority / "in"))
    assert without_keys(received(write(tmp_path, mixed), seed=9)) == expected


def test_children_in_another_order_are_the_same_children(tmp_path: Path) -> None:
    """The order of the census does not matter either."""
    one, other = tmp_path / "one", tmp_path / "other"
    body = [child(f"C{n}") for n in range(1, 9)]
    made = received(write(one, extracts(cin={CENSUS: census(*body)})))
    again = received(write(other, extracts(cin={CENSUS: census(*reversed(body))})))
    assert without_keys(made) == without_keys(again)


def test_an_invented_authority_is_received_whole(authority: Path) -> None:
    """Every child referred in the year and every true member record is there, under the name the truth gives it."""
    made = received(authority / "in")
    truth = [
        line.split(",") for line in (authority / "truth" / "children.csv").read_text(encoding="utf-8").splitlines()
    ]
    place = {name: n for n, name in enumerate(truth[0])}
    rows = truth[1:]
    assert {row[place["child_id"]] for row in rows} == set(made["child_referral"].column("child_id").to_pylist())
    members = set(made["household_member"].column("member_id").to_pylist())
    true_members = {row[place["member_key"]] for row in rows} - {""}
    assert true_members
    assert true_members <= members
    refused = {r["reason"] for r in made["receipt"].to_pylist() if r["rows_refused"]}
    assert not {reason for reason in refused if "shifted" in reason or "fields" in reason}


def test_the_receipt_adds_up(authority: Path) -> None:
    """For every file that was opened, the rows kept and the rows set aside for each reason add up to the rows in it."""
    rows = received(authority / "in")["receipt"].to_pylist()
    opened = {row["file"] for row in rows if row["sha256"] not in {"not read", "not shown"}}
    assert len(opened) == 1 + 7 + 24 + 2 + 2
    for file in opened:
        mine = [row for row in rows if row["file"] == file]
        (kept,) = [row for row in mine if row["reason"] == "kept"]
        assert kept["rows_kept"] + sum(row["rows_refused"] for row in mine) == kept["rows_in"], file
        assert kept["rows_kept"] >= 0
    left = {row["file"] for row in rows if row["sha256"] == "not read" and row["source"] == "shbe"}
    assert left == {"SHBE_201704.txt to SHBE_201803.txt", "SHBE_202004.txt to SHBE_202103.txt"}


def test_a_file_outside_the_window_stays_closed(tmp_path: Path) -> None:
    """A monthly file of another year is not opened, so that it may even be empty."""
    made = received(write(tmp_path, extracts(other={"shbe/SHBE_201701.txt": b""})))
    assert "SHBE_201701.txt" in {row["file"] for row in made["receipt"].to_pylist()}


def test_encodings_are_noted(tmp_path: Path) -> None:
    """A file in Windows-1252 is read letter for letter, and the receipt says that it was translated."""
    accented = months([claim(), dependant(f314="JOS\u00c9")])
    files = {name: data.decode().encode("cp1252") for name, data in accented.items()}
    made = received(write(tmp_path, extracts(shbe=files)))
    assert "JOS\u00c9" in made["household_member"].column("forename").to_pylist()
    noted = {row["file"] for row in made["receipt"].to_pylist() if row["reason"] == "read as Windows-1252 text"}
    assert noted == {Path(name).name for name in files}


Change = Callable[[dict[str, bytes]], object]


def gone(name: str) -> Change:
    return lambda files: [files.pop(key) for key in list(files) if key.startswith(name)]


def put(name: str, data: bytes) -> Change:
    return lambda files: files.__setitem__(name, data)


def changed(name: str, old: bytes, new: bytes) -> Change:
    return lambda files: files.__setitem__(name, files[name].replace(old, new))


JUNE = "shbe/SHBE_201906.txt"
PEOPLE = "cts/person_period.csv"
BAD: tuple[tuple[str, Change, str], ...] = (
    ("no census", gone(CENSUS), "census"),
    ("two censuses", put("cin_2018_19.xml", census()), "2 files"),
    ("no case system", gone("ssd/"), "names and addresses of the children"),
    ("no persons", gone("ssd/ssd_person.csv"), "not found"),
    ("no addresses", gone("ssd/ssd_address.csv"), "not found"),
    ("no claims", lambda files: [gone("shbe/")(files), gone("cts/")(files)], "Housing Benefit or council tax support"),
    ("no month of the year", lambda files: [gone("shbe/")(files), put("shbe/SHBE_201701.txt", b"")(files)], "window"),
    ("two files for a month", put("shbe/shbe_201906.TXT", month(2019, 6, [claim()])), "same month"),
    (
        "a monthly file without its month",
        put("shbe/JUNE.txt", month(2019, 6, [claim()]).split(b"\n", 1)[1]),
        "in its name",
    ),
    ("no postcode directory", gone(DIRECTORY), "postcode directory"),
    ("no deprivation file", gone(FILE_7), "File 7"),
    ("an empty census", put(CENSUS, b""), "empty"),
    ("an empty month", put(JUNE, b""), "empty"),
    ("an empty table", put(PEOPLE, b""), "empty"),
    (
        "a header and nothing else",
        lambda files: files.__setitem__(PEOPLE, files[PEOPLE].split(b"\n")[0] + b"\n"),
        "no rows",
    ),
    ("a month in place of a table", put(PEOPLE, month(2019, 6, [claim()])), "not the header"),
    ("a table in place of a month", put(JUNE, extracts()[PEOPLE]), "header"),
    ("a table in place of the census", put(CENSUS, extracts()[PEOPLE]), "not XML"),
    ("one table in place of another", put(PEOPLE, extracts()["ssd/ssd_person.csv"]), "not the header"),
    ("a renamed column", changed(PEOPLE, b"surname", b"sur_names"), "closest header"),
    ("a column short", changed(PEOPLE, b",dob,", b",x,"), "missing"),
    ("a column twice", changed(PEOPLE, b"nino", b"surname"), "more than once"),
    (
        "a directory of other areas",
        lambda files: files.update(geography_files(edition="2021", directory="pcds lsoa11 msoa11")),
        "2021",
    ),
    ("areas of Wales alone", changed(DIRECTORY, b"E01", b"W01"), "No small area"),
    ("no deciles", changed(FILE_7, b"(IDACI) Decile", b"(IDACI) Share"), "deciles"),
    ("another year", put(CENSUS, census(reference="2019-03-31")), "2018-19"),
)
VALUES = ("SMITH", "JONES", "AAA", "CCC", "DDD", "STREET", "ZZ1", "2012", "1985", "H1", "R1", "T9", "C1", "CANARY")


@pytest.mark.parametrize(("change", "words"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_input_gives_one_clear_message(tmp_path: Path, change: Change, words: str) -> None:
    """Each kind of bad input is a problem with the data, names its file and a remedy, and quotes no value."""
    files = extracts()
    change(files)
    with pytest.raises(DataProblem, match=words) as problem:
        received(write(tmp_path, files))
    assert problem.value.file
    assert problem.value.remedy
    said = str(problem.value)
    assert not [value for value in VALUES if value in said]
    assert str(tmp_path) not in said


def test_a_year_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    """A year is two years that follow on each other."""
    with pytest.raises(WrongUse, match="census year"):
        received(write(tmp_path, extracts()), year="2019-21")


def test_areas_of_the_right_edition_are_taken(tmp_path: Path) -> None:
    """Where the directory has the areas of both editions, those that the deprivation file is made for are used."""
    made = received(write(tmp_path, extracts(area=geography_files(edition="2021"))))
    assert made["postcode_area"].to_pylist() == [
        {"postcode": "ZZ11AA", "lsoa": "E01000001", "lsoa_edition": 2021, "imd_decile": 2, "idaci_decile": 3}
    ]


def test_progress_is_told_in_words_and_shares(tmp_path: Path) -> None:
    """Progress goes up from nought to one and holds no value."""
    told: list[tuple[str, float]] = []
    with engine_at_hand() as engine:
        receive(
            engine,
            source_files(write(tmp_path, extracts())),
            year="2019-20",
            new_key=keys(),
            progress=lambda words, share: told.append((words, share)),
        )
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
