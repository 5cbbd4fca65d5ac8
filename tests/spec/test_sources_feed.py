"""The daily feed: what a stream of JSON gives, what later records change, and what hostile files are told."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_case_systems import census, rows, together

from hearthlink.errors import DataProblem, HearthlinkError
from hearthlink.sources.case.daily_api import daily_identifiers, daily_stages, read_daily, read_flat
from hearthlink.sources.case.daily_json import LONGEST, PIECE, objects
from hearthlink.sources.reading import text
from hearthlink.sources.reading.text import open_extract

CANARY = "CANARYNAME"


def child(
    child_id: str = "C1", *episodes: dict[str, object], purge: object = False, **details: object
) -> dict[str, object]:
    usual = {"first_name": "AAA", "surname": "SMITH", "date_of_birth": "2012-05-03", "sex": "F", "postcode": "ZZ1 1AA"}
    return {
        "la_child_id": child_id,
        "child_details": usual | details,
        "social_care_episodes": list(episodes),
        "purge": purge,
    }


def episode(episode_id: str = "E1", **held: object) -> dict[str, object]:
    return {"social_care_episode_id": episode_id, "referral_date": "2019-06-10", "referral_source": "1C"} | held


def put(folder: Path, **files: bytes | str | list[dict[str, object]]) -> list[Path]:
    paths: list[Path] = []
    for name, held in files.items():
        data = json.dumps(held) if isinstance(held, list) else held
        path = folder / f"{name}.json"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        paths.append(path)
    return paths


def read(path: Path) -> tuple[list[tuple[int, object]], dict[str, int]]:
    counts: Counter[str] = Counter()
    return list(objects(open_extract(path, "daily_api"), counts)), dict(counts)


FORMS = (
    ("one list", '[{"a": 1},\n {"a": 2}]', [1, 2]),
    ("a line each", '{"a": 1}\n{"a": 2}\n', [1, 2]),
    ("a list a line", '[{"a": 1}]\n[{"a": 2}]\n', [1, 2]),
    ("one object around a list", '{"batch": "x", "n": 3, "children": [{"a": 1},\n{"a": 2}], "more": {"b": 1}}', [1, 2]),
    ("one object", ' {"a": 1}', [1]),
    ("an opening mark", '\ufeff[{"a": 1}]', [1]),
    ("nothing in a list", "[]", []),
)


@pytest.mark.parametrize(("held", "expected"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_records_are_found_however_they_stand(tmp_path: Path, held: str, expected: list[int]) -> None:
    """Records may stand in a list, on lines, in several lists, or in a list inside one object."""
    (path,) = put(tmp_path, feed=held)
    found, counts = read(path)
    assert [value for _, value in found] == [{"a": str(number)} for number in expected]
    assert counts == {}


def test_a_child_whose_lists_are_its_own_is_no_wrapper(tmp_path: Path) -> None:
    """One record alone, which holds lists itself, is that record and not its episodes."""
    (path,) = put(tmp_path, feed=json.dumps(child("C1", episode())))
    ((_, value),) = read(path)[0]
    assert isinstance(value, dict)
    assert value["la_child_id"] == "C1"


def test_lines_are_counted(tmp_path: Path) -> None:
    """Each record knows the line it begins on."""
    (path,) = put(tmp_path, feed='[\n{"a": 1},\n\n{"a":\n2}, {"a": 3}]')
    assert [line for line, _ in read(path)[0]] == [2, 4, 5]


def test_records_across_the_pieces_of_a_file(tmp_path: Path) -> None:
    """Records are whole wherever the pieces in which a file is read part them, letters of several bytes too."""
    held = [{"a": "é" * (PIECE // 5), "n": n} for n in range(12)]
    (path,) = put(tmp_path, feed=json.dumps(held, ensure_ascii=False))
    assert path.stat().st_size > 3 * PIECE
    found = [value for _, value in read(path)[0]]
    assert found == [{"a": one["a"], "n": str(one["n"])} for one in held]


HOSTILE = (
    ("cut off in a record", b'[{"a": 1}, {"a": "' + CANARY.encode(), "cut off", 1),
    ("cut off after a record", b'[{"a": 1},\n', "cut off", 2),
    ("cut off on a line", b'{"a": 1}\n{"a": [1, 2', "cut off", 2),
    ("no JSON at all", CANARY.encode(), "not JSON", 1),
    ("a web page", b"<html>" + CANARY.encode() + b"</html>", "not JSON", 1),
    ("words after a record", b'[{"a": 1} ' + CANARY.encode() + b"]", "not JSON", 1),
    ("nests without end", b'[{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}]", "nests deeper", 1),
    ("objects without end", b'{"a": ' * 200_000, "nests deeper", 1),
    ("lists without end", b"[" * 200_000, "Lists stand within lists", 1),
    ("a record longer than any", b'[{"a": "' + b"A" * (LONGEST + 2 * PIECE) + b'"}]', "longer than any", 1),
    ("NUL", b'[{"a": "\x00"}]', "NUL", 1),
    ("two encodings", b'[{"a": "\xc3\xa9\xe9"}]', "mixes UTF-8", 1),
)  # fmt: skip


@pytest.mark.parametrize(("data", "words", "line"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_file_is_refused_with_its_line(tmp_path: Path, data: bytes, words: str, line: int) -> None:
    """A file that is no JSON of records is a problem with the data at a line, at once, and no word of it is quoted."""
    (path,) = put(tmp_path, feed=data)
    begun = time.process_time()
    with pytest.raises(DataProblem, match=words) as problem:
        read(path)
    assert problem.value.line == line
    assert problem.value.remedy
    assert CANARY not in str(problem.value)
    assert problem.value.__cause__ is None
    assert time.process_time() - begun < 5


ODD = (
    ("a key twice", b'[{"a": 1, "a": 2}, {"a": 3}]', [{"a": "3"}], {"a key stands twice in the record": 1}),
    ("a key twice within", b'[{"b": {"a": 1, "a": 2}}, {"a": 3}]', [{"a": "3"}], {"a key stands twice in the record": 1}),
    ("what is no record", b'[1, "x", null, {"a": 3}]', [{"a": "3"}], {"not a record": 3}),
    ("no numbers", b'[{"a": NaN, "b": -Infinity}]', [{"a": None, "b": None}], {"a number that is none (NaN or infinity), taken as missing": 2}),
    ("huge numbers", b'[{"a": ' + b"9" * 9_000 + b', "b": 1e999999}]', [{"a": "9" * 9_000, "b": "1e999999"}], {}),
    ("half a letter", b'[{"a": "\\ud800"}]', [{"a": "\ud800"}], {}),
    ("Windows letters", b'[{"a": "\xe9"}]', [{"a": "\u00e9"}], {}),
    ("a bare line break in a text", b'[{"a": "1\n2"}]', [{"a": "1\n2"}], {}),
)  # fmt: skip


@pytest.mark.parametrize(("data", "expected", "counted"), [case[1:] for case in ODD], ids=[case[0] for case in ODD])
def test_odd_records_are_read_or_set_aside_and_counted(
    tmp_path: Path, data: bytes, expected: list[object], counted: dict[str, int]
) -> None:
    """Numbers stay as written; what cannot be one record is set aside and counted; what is merely odd is read."""
    (path,) = put(tmp_path, feed=data)
    found, counts = read(path)
    assert [value for _, value in found] == expected
    assert counts == counted


def test_odd_letters_never_reach_a_table(tmp_path: Path) -> None:
    """Half letters and NULs written as escapes are taken out, and a name of a wrong kind is missing."""
    data = b'[{"la_child_id": 7, "child_details": {"first_name": "A\\ud800\\u0000A", "surname": ["X"], "date_of_birth": {"a": 1}}}]'
    held = daily_identifiers(put(tmp_path, feed=data)).person
    assert rows(held, "person_id", "forename", "surname", "birth_date") == [("7", "A?A", None, None)]


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200), place=st.integers(0, 10_000), seed=st.integers(0, 99))
def test_no_bytes_crash_the_reader(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, place: int, seed: int
) -> None:
    """A feed with any bytes put in, taken out or turned round is read, or refused without a word of it."""
    whole = bytearray(
        json.dumps([child(CANARY, episode(child_in_need_plans=[{"start_date": CANARY}]), surname=CANARY)]).encode()
    )
    place %= len(whole)
    turn = random.Random(seed)
    kind = seed % 3
    broken = bytes(whole[:place]) + data + bytes(whole[place + turn.randrange(20) :]) if kind else data
    path = tmp_path_factory.mktemp("fuzz") / "feed.json"
    path.write_bytes(broken)
    for act in (daily_identifiers, daily_stages, read_flat):
        try:
            act([path])
        except HearthlinkError as problem:
            assert CANARY not in str(problem)  # noqa: PT017 - most files are refused, and some are read
            assert problem.__cause__ is None  # noqa: PT017


# --- what the records say -------------------------------------------------------------------------------


def test_what_a_later_record_says_stands(tmp_path: Path) -> None:
    """Files count by name: later details and later tellings of an episode replace earlier ones, other episodes stay."""
    first = [child("C1", episode("E1"), episode("E2", referral_date="2019-09-01"), surname="OLD"), child("C2")]
    later = [child("C1", episode("E1", closure_date="2019-12-01", closure_reason="RC1"), surname="NEW")]
    daily = read_daily(put(tmp_path, b_later=later, a_first=first))
    assert [one.child_id for one in daily.children] == ["C1", "C2"]
    flat = read_flat(put(tmp_path, b_later=later, a_first=first))
    assert rows(flat.tables["CINdetails"], "LAchildID", "CINdetailsID", "CINreferralDate", "CINclosureDate") == [
        ("C1", "1", "2019-06-10", "2019-12-01"), ("C1", "2", "2019-09-01", None),
    ]  # fmt: skip
    held = daily_identifiers(put(tmp_path, b_later=later, a_first=first))
    assert set(rows(held.person, "person_id", "surname")) == {("C1", "NEW"), ("C2", "SMITH")}
    kept = {tally.file: (tally.rows_in, tally.rows_kept) for tally in held.tallies if "postcodes" not in tally.file}
    assert kept == {"a_first.json": (2, 1), "b_later.json": (1, 1)}


def test_what_is_marked_to_be_purged_goes(tmp_path: Path) -> None:
    """A purged child, episode or plan is gone, and counted; told again later it is back."""
    first = [child("C1", episode("E1"), episode("E2")), child("C2"), child("C3")]
    later = [
        child(
            "C1",
            episode("E1", purge=True),
            episode("E3", child_in_need_plans=[{"start_date": "2019-07-01", "purge": True}]),
        )
    ]
    later += [child("C2", purge=True), child("C3", purge="true")]
    paths = put(tmp_path, a=first, b=later, c=[child("C3", surname="BACK")])
    flat = read_flat(paths)
    assert rows(flat.tables["ChildIdentifiers"], "LAchildID") == [("C1",), ("C3",)]
    assert flat.tables["CINdetails"].num_rows == 2
    assert flat.tables["CINplanDates"].num_rows == 0
    tallies = {tally.file: tally for tally in read_daily(paths).tallies}
    assert tallies["b.json"].refused["marked to be purged"] == 2
    assert sum(tally.rows_kept for tally in tallies.values()) == 2


def test_placeholders_and_records_without_an_id(tmp_path: Path) -> None:
    """The dataset's placeholders are missing; a record without an id is set aside and counted."""
    made = child("C1", first_name="SSD_PH", postcode="SSD_PH") | {"mis_child_id": "SSD_SUI"}
    held = daily_identifiers(put(tmp_path, feed=[made, child("SSD_PH"), {"child_details": {}}]))
    assert rows(held.person, "person_id", "legacy_id", "forename") == [("C1", None, None)]
    assert held.address.num_rows == 0
    assert held.tallies[0].refused["no child id"] == 2


def test_an_estimated_birth_date_is_not_an_unborn_child(tmp_path: Path) -> None:
    """An expected date before the first referral is a birth date kept as an estimate; after it, the child is unborn."""
    feed = [
        child("C1", episode(), date_of_birth=None, expected_date_of_birth="2010-01-15"),
        child("C2", episode(), date_of_birth=None, expected_date_of_birth="2020-06-01"),
    ]
    paths = put(tmp_path, feed=feed)
    flat = read_flat(paths)
    assert rows(flat.tables["ChildIdentifiers"], "PersonBirthDate", "ExpectedPersonBirthDate") == [
        ("2010-01-15", None), (None, "2020-06-01"),
    ]  # fmt: skip
    made = together(census(("C1", "2010-01-15"), ("C2", ""), due="2020-06-01"), daily_identifiers(paths))
    assert rows(made.tables["child_identifier"], "birth_date", "birth_date_estimated", "unborn") == [
        (date(2010, 1, 15), True, False), (None, False, True),
    ]  # fmt: skip


def test_a_conference_that_was_required_is_said_the_census_s_way(tmp_path: Path) -> None:
    """The feed says that a conference was required, the census that it was not."""
    enquiry = {"start_date": "2019-07-01", "icpc_required_flag": False, "icpc_date": None}
    flat = read_flat(
        put(tmp_path, feed=[child("C1", episode(section_47_assessments=[enquiry, {"start_date": "2019-08-01"}]))])
    )
    assert rows(flat.tables["Section47"], "S47ActualStartDate", "ICPCnotRequired") == [
        ("2019-07-01", "true"),
        ("2019-08-01", None),
    ]


def test_placements_are_spells_and_addresses(tmp_path: Path) -> None:
    """A placement is a spell of being looked after, and its postcode a dated address of its own kind."""
    placed = {"start_date": "2019-07-01", "end_date": "2019-09-01", "postcode": "ZZ1 1AB"}
    paths = put(tmp_path, feed=[child("C1", episode(child_looked_after_placements=[placed, {"start_date": "bad"}]))])
    made = together(census("C1"), daily_identifiers(paths), daily_stages(paths)).tables
    assert rows(made["looked_after"], "start_date", "end_date") == [(date(2019, 7, 1), date(2019, 9, 1))]
    assert rows(made["child_address"], "start_date", "postcode", "address_kind") == [
        (date(2019, 7, 1), "ZZ1 1AB", "placement"), (None, "ZZ1 1AA", "home"),
    ]  # fmt: skip


def test_a_feed_of_nobody_is_refused(tmp_path: Path) -> None:
    """An empty list tells of no child, and that is said."""
    with pytest.raises(DataProblem, match="no child"):
        read_daily(put(tmp_path, feed="[]"))


def test_memory_follows_the_children_and_not_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child told of a thousand times is held once, and of a file too large to copy no more than a piece."""
    monkeypatch.setattr(text, "COPIED", 0)
    filler = "A" * 20_000
    path = tmp_path / "feed.jsonl"
    with path.open("w") as file:
        for n in range(1_500):
            file.write(json.dumps(child(f"C{n % 3}", episode(filler=filler), filler=filler)) + "\n")
    tracemalloc.start()
    try:
        daily = read_daily([path])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(daily.children) == 3
    assert path.stat().st_size > 50_000_000
    assert most < 25_000_000
