"""Two parties who share no names: a key between them, a masked file from each, and somebody else who links by tokens alone."""

from __future__ import annotations

import csv
import json
import os
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from made_authority import Done, say
from made_masked import two_files
from made_match import NAMES, as_csv, made_files

import hearthlink
from hearthlink.governance import Ledger
from hearthlink.linkage.token_sets import TOKEN_SETS, sounds_like
from hearthlink.study import policy
from hearthlink.study.matching.mask import HOUSEHOLD_TOKENS, TOKENS, crosswalk_of, ledger_of
from hearthlink.tables.match import MASKED_LINKS

LEFT, RIGHT = made_files()
CHILDREN = sorted(row["person_id"] for row in LEFT if row["role"] == "child")
FINGERPRINT = re.compile(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}")


@pytest.fixture
def parties(tmp_path: Path) -> Path:
    """A folder for each party with its file, and one for the key."""
    for name, rows in (("left", LEFT), ("right", RIGHT)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "people.csv").write_text(as_csv(rows), encoding="utf-8")
    assert say("mask-key", tmp_path / "safe" / "key").code == 0
    return tmp_path


def mask(folder: Path, side: str, *more: object, out: str = "masked.csv", key: str = "key") -> Done:
    return say("mask", folder / side / "people.csv", folder / side / out, "--key", folder / "safe" / key, *more)


def link(folder: Path, *more: object) -> Done:
    return say(
        "match",
        folder / "left" / "masked.csv",
        folder / "right" / "masked.csv",
        "--out",
        folder / "links.parquet",
        *more,
    )


def whose(out: Path, what: str = "record") -> dict[str, list[str]]:
    """The owner's ids of each masked id, from the crosswalk that stayed with them."""
    made: dict[str, list[str]] = {}
    with crosswalk_of(out).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["what"] == what:
                made.setdefault(row["masked_id"], []).append(row["own_id"])
    return made


def found(folder: Path) -> dict[str, str | None]:
    """For each child whom the links name, the person of the right it is, both as their owners know them."""
    left, right = (whose(folder / side / "masked.csv") for side in ("left", "right"))
    rows = pq.read_table(folder / "links.parquet").to_pylist()
    return {left[row["left_person_id"]][0]: right[row["right_person_id"]][0] for row in rows if row["right_person_id"]}


def test_two_masked_files_are_linked(parties: Path) -> None:
    """From a key to links by three commands: nearly every child on file is found as who it is, nobody as somebody else."""
    for side in ("left", "right"):
        done = mask(parties, side)
        assert (done.code, done.err) == (0, "")
    done = link(parties)
    assert (done.code, done.err) == (0, "")
    named = found(parties)
    assert all(person == f"D{child[1:]}" for child, person in named.items())
    on_file = [child for child in CHILDREN if int(child[1:4]) % 2]
    assert len(named) >= 0.8 * len(on_file)
    links = pq.read_table(parties / "links.parquet")
    assert tuple(links.column_names) == MASKED_LINKS
    assert len(links) == len(CHILDREN)
    for row in links.to_pylist():
        assert (row["none_probability"] is None) == (row["tokens_in_common"] == 0)
        assert row["none_probability"] is None or 0.999 < row["household_probability"] + row["none_probability"] < 1.001
    for words in ("have no token in common with anybody", "share 8 tokens", "nobody can look at a doubtful pair"):
        assert words in done.out


def test_nothing_of_anybody_leaves_but_tokens(parties: Path) -> None:
    """A masked file has random ids, as many tokens for everybody, and no value, id, count or name of the file it was made from."""
    done = mask(parties, "left")
    text = (parties / "left" / "masked.csv").read_text(encoding="ascii")
    header, columns, *rows = text.splitlines()
    assert set(json.loads(header)) == {"says", "version", "key", "records", "households"}
    assert FINGERPRINT.fullmatch(json.loads(header)["key"])
    assert columns == "record_id,tokens"
    assert len(rows) == len(CHILDREN)
    assert all(re.fullmatch(rf"[0-9a-f]{{32}},[0-9a-f]{{32}}( [0-9a-f]{{32}}){{{TOKENS - 1}}}", row) for row in rows)
    every = [token for row in rows for token in row.split(",")[1].split(" ")]
    assert len(set(every)) == len(every)
    ledger = ledger_of(parties / "left" / "masked.csv")
    assert Ledger(ledger, lambda: None).verify() == 4  # pyright: ignore[reportArgumentType]
    for said in (text, done.out, ledger.read_text(encoding="utf-8")):
        assert not [one for one in NAMES if one in said.upper()]
    assert not [one for one in CHILDREN if one in done.out]
    if os.name == "posix":
        kept = [parties / "safe" / "key", crosswalk_of(parties / "left" / "masked.csv")]
        assert [path.stat().st_mode & 0o777 for path in kept] == [0o600, 0o600]


def test_masked_twice_nothing_but_the_tokens_is_the_same(parties: Path) -> None:
    """Record ids, order and filling are new every time; the rows of the file given in another order make the same tokens."""
    mask(parties, "left")
    rows = LEFT.copy()
    random.Random(1).shuffle(rows)
    (parties / "left" / "people.csv").write_text(as_csv(rows), encoding="utf-8")
    mask(parties, "left", out="again.csv")
    owners, tokens = [], []
    for name in ("masked.csv", "again.csv"):
        lines = [line.split(",") for line in (parties / "left" / name).read_text(encoding="ascii").splitlines()[2:]]
        whom = whose(parties / "left" / name)
        owners.append([whom[record][0] for record, _ in lines])
        tokens.append({whom[record][0]: set(mine.split(" ")) for record, mine in lines})
        assert [record for record, _ in lines] != sorted(record for record, _ in lines)
    assert owners[0] != owners[1] != sorted(owners[0])
    same = [len(tokens[0][child] & tokens[1][child]) for child in CHILDREN]
    assert min(same) >= 1
    assert max(same) < TOKENS


def test_links_are_the_same_whatever_the_order_of_the_rows(parties: Path) -> None:
    """Linking is done by content alone: the same masked rows in another order give the same bytes."""
    for side in ("left", "right"):
        mask(parties, side, "--households")
    assert link(parties).code == 0
    first = (parties / "links.parquet").read_bytes()
    for side in ("left", "right"):
        path = parties / side / "masked.csv"
        header, columns, *rows = path.read_text(encoding="ascii").splitlines()
        random.Random(2).shuffle(rows)
        path.write_text("\n".join([header, columns, *rows]) + "\n", encoding="ascii")
    assert link(parties).code == 0
    assert (parties / "links.parquet").read_bytes() == first
    again = hearthlink.match(parties / "left" / "masked.csv", parties / "right" / "masked.csv")
    assert again.links.equals(pq.read_table(parties / "links.parquet"))


def test_households_are_linked_where_they_are_asked_for(parties: Path) -> None:
    """A child whom the household does not list is found in it all the same, by its family's tokens and its brothers and sisters."""
    rows = [row for row in RIGHT if row["person_id"] not in {f"D{n:03}0" for n in range(1, 50, 4)}]
    (parties / "right" / "people.csv").write_text(as_csv(rows), encoding="utf-8")
    for side in ("left", "right"):
        assert mask(parties, side, "--households").code == 0
    assert link(parties).code == 0
    left = whose(parties / "left" / "masked.csv")
    right = whose(parties / "right" / "masked.csv", "household")
    homes = {
        left[row["left_person_id"]][0]: right[row["household_id"]][0]
        for row in pq.read_table(parties / "links.parquet").to_pylist()
        if row["household_id"]
    }
    assert all(home == f"H{child[1:4]}" for child, home in homes.items())
    on_file = [child for child in CHILDREN if int(child[1:4]) % 2]
    assert len(homes) >= 0.95 * len(on_file)
    assert len(homes) > len(found(parties))


def test_two_keys_are_refused(parties: Path) -> None:
    """Files of two keys are refused with a sentence that tells what to do; the fingerprint tells keys apart beforehand."""
    made = say("mask-key", parties / "safe" / "other")
    again = say("mask-key", parties / "safe" / "key", "--quiet")
    assert FINGERPRINT.search(made.out).group() != again.out.strip()
    mask(parties, "left")
    mask(parties, "right", key="other")
    done = link(parties)
    assert (done.code, done.out) == (3, "")
    assert "two different keys" in done.err
    assert "fingerprints" in done.err
    assert not (parties / "links.parquet").exists()


def test_a_key_lies_where_nobody_else_gets_at_it(parties: Path, tmp_path: Path) -> None:
    """Not in a study, not in a folder that a service copies, not readable by others, not beside the masked file; nor does a crosswalk."""
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.toml").write_text("", encoding="utf-8")
    people = parties / "left" / "people.csv"
    for place, words in (("study", "may not lie in a study"), ("OneDrive - Council", "copied elsewhere")):
        done = say("mask-key", tmp_path / place / "key")
        assert (done.code, words in done.err) == (3, True)
        done = say("mask", people, tmp_path / place / "out.csv", "--key", parties / "safe" / "key")
        assert (done.code, words in done.err) == (3, True)
    assert not (tmp_path / "OneDrive - Council").exists()
    beside = say("mask", people, parties / "safe" / "out.csv", "--key", parties / "safe" / "key")
    assert (beside.code, "never travel together" in beside.err) == (2, True)
    if os.name == "posix":
        (parties / "safe" / "key").chmod(0o644)
        done = mask(parties, "left")
        assert (done.code, "Others on this machine" in done.err) == (3, True)
    assert sorted(path.name for path in (parties / "left").iterdir()) == ["people.csv"]


def test_an_earlier_crosswalk_is_never_written_over(parties: Path) -> None:
    """Links that come back later need the crosswalk of the file that was sent, so a name that is taken is refused."""
    mask(parties, "left")
    before = crosswalk_of(parties / "left" / "masked.csv").read_bytes()
    done = mask(parties, "left")
    assert (done.code, "need its crosswalk" in done.err) == (2, True)
    assert crosswalk_of(parties / "left" / "masked.csv").read_bytes() == before


def test_people_who_stand_twice_are_one_record(parties: Path) -> None:
    """Two ids of the same names and birth date share a record, and the crosswalk names both; a brother is no copy."""
    child = next(row for row in LEFT if row["role"] == "child")
    (parties / "left" / "people.csv").write_text(as_csv([*LEFT, child | {"person_id": "CX"}]), encoding="utf-8")
    done = mask(parties, "left")
    assert "1 stand in the file again under another id" in done.out
    records = whose(parties / "left" / "masked.csv")
    assert sorted(map(len, records.values()))[-2:] == [1, 2]
    assert [child["person_id"], "CX"] in records.values()


BROKEN: list[tuple[str, str]] = [
    ("header", "The first line of this masked file is not whole."),
    ("version", "masked by another version"),
    ("columns", "The second line does not name the columns"),
    ("short", "records, and holds"),
    ("token", "line 5: This line is no record of a masked file."),
    ("fewer", "Not every record has as many tokens"),
    ("twice", "One value stands there twice"),
    ("formula", "line 3: This line is no record of a masked file."),
]


@pytest.mark.parametrize(("what", "says"), BROKEN)
def test_a_masked_file_that_was_changed_is_told_of(parties: Path, what: str, says: str) -> None:
    """Whatever is wrong with a masked file ends in a sentence with the line, no value of it, and no links."""
    for side in ("left", "right"):
        mask(parties, side)
    path = parties / "right" / "masked.csv"
    lines = path.read_text(encoding="ascii").splitlines()
    first = lines[2].split(",")
    changed = {
        "header": [lines[0][:-9], *lines[1:]],
        "version": [lines[0].replace('"version": 1', '"version": 2'), *lines[1:]],
        "columns": [lines[0], "record_id,name", *lines[2:]],
        "short": lines[:-3],
        "token": [*lines[:4], lines[4][:-1] + "Z", *lines[5:]],
        "fewer": [*lines[:2], lines[2][:-33], *lines[3:]],
        "twice": [*lines[:3], f"{lines[3].split(',')[0]},{first[1]}", *lines[4:]],
        "formula": [*lines[:2], f"=cmd(),{first[1]}", *lines[3:]],
    }[what]
    path.write_text("\n".join(changed) + "\n", encoding="ascii")
    done = link(parties)
    assert (done.code in {1, 3}, done.out) == (True, "")
    assert says in done.err
    assert first[1][:32] not in done.err
    assert "Traceback" not in done.err
    assert not (parties / "links.parquet").exists()


def test_what_cannot_be_linked_is_said(parties: Path) -> None:
    """A masked file and a clear one, one file twice, names of columns, no key: each is a sentence and an exit code."""
    mask(parties, "left")
    (parties / "right" / "masked.csv").write_text(as_csv(RIGHT), encoding="utf-8")
    cases: Sequence[tuple[Done, int, str]] = (
        (link(parties), 2, "One file is masked, and this one is not."),
        (
            say("match", *2 * [parties / "left" / "masked.csv"], "--out", parties / "links.csv"),
            2,
            "Both are the same masked file.",
        ),
        (mask(parties, "right", out="other.csv", key="none"), 2, "There is no such mask key."),
        (
            say("mask", parties / "left" / "none.csv", parties / "left" / "o.csv", "--key", parties / "safe" / "key"),
            1,
            "not found",
        ),
        (
            say("mask", parties / "left" / "masked.csv", parties / "left" / "o.csv", "--key", parties / "safe" / "key"),
            2,
            "masked already",
        ),
    )
    for done, code, words in cases:
        assert (done.code, done.out, words in done.err) == (code, "", True), done.err
        assert "Traceback" not in done.err
    (parties / "safe" / "key").write_text("{}", encoding="utf-8")
    assert "no mask key of this version" in mask(parties, "left", out="other.csv").err
    assert not (parties / "links.parquet").exists()
    assert not list(parties.rglob("o*.csv.crosswalk.csv"))


def test_a_site_can_forbid_masking(parties: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that names mask stops it and the making of keys, before any file is opened."""
    path = parties / "policy.toml"
    path.write_text('forbid = ["mask"]\n', encoding="utf-8")
    monkeypatch.setattr(policy, "policy_files", lambda: (path,))
    (parties / "left" / "people.csv").unlink()
    for done in (mask(parties, "left"), say("mask-key", parties / "safe" / "new")):
        assert (done.code, "forbids: hearthlink mask" in done.err) == (3, True)
    assert not (parties / "safe" / "new").exists()


def test_a_full_disk_leaves_nothing_behind(parties: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the masked file cannot be written, neither it nor its crosswalk nor its ledger is there afterwards."""
    from hearthlink.study.matching import mask as module

    write = module.write_whole

    def fails(path: Path, content: bytes) -> None:
        if path.name == "masked.csv":
            raise OSError(28, "No space left on device", str(path))
        write(path, content)

    monkeypatch.setattr(module, "write_whole", fails)
    done = mask(parties, "left")
    assert (done.code, "The disk is full." in done.err) == (1, True)
    assert sorted(path.name for path in (parties / "left").iterdir()) == ["people.csv"]


def test_masked_beside_clear(tmp_path: Path) -> None:
    """On an invented authority masked linking names as few people wrongly as linking by names, and finds nearly as many of them."""
    left, right = two_files(tmp_path / "made", children=600, households=700)
    for side, table in (("left", left), ("right", right)):
        (tmp_path / side).mkdir()
        pq.write_table(table, tmp_path / side / "people.parquet")
    say("mask-key", tmp_path / "safe" / "key")
    for side in ("left", "right"):
        path = tmp_path / side
        assert say("mask", path / "people.parquet", path / "masked.csv", "--key", tmp_path / "safe" / "key").code == 0
    assert link(tmp_path).code == 0
    masked = found(tmp_path)
    clear = {
        row["left_person_id"]: row["right_person_id"]
        for row in hearthlink.match(left, right).links.to_pylist()
        if row["right_person_id"]
    }
    both = [child for child in masked if child in clear]
    assert len(both) >= 0.9 * len(clear)
    assert sum(masked[child] == clear[child] for child in both) >= 0.98 * len(both)
    assert len(masked) <= 1.05 * len(clear)


def test_the_page_names_every_set_of_fields() -> None:
    """The how-to lists the sets as the code makes them, each with what it forgives, and as many tokens as are made."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "match-without-names.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([a-z ,]+) \| ([a-z ;,]+) \|$", page, re.MULTILINE)
    assert [(one.name, one.forgives) for one in TOKEN_SETS] == [
        row for row in listed if row[0] in {s.name for s in TOKEN_SETS}
    ]
    assert (TOKENS, HOUSEHOLD_TOKENS) == (16, 8)
    assert "sixteen tokens" in page
    assert "eight tokens" in page


SOUNDS = [
    ("ROBERT", "R163"), ("RUPERT", "R163"), ("ASHCRAFT", "A261"), ("TYMCZAK", "T522"), ("PFISTER", "P236"), ("HONEYMAN", "H555"), ("LEE", "L000"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "code"), SOUNDS)
def test_how_a_name_sounds_is_as_the_archives_print_it(name: str, code: str) -> None:
    """The printed examples of American Soundex."""
    assert sounds_like(name) == code


def test_a_masked_file_is_personal_data_and_the_screen_says_so(parties: Path) -> None:
    """No sentence calls a masked file anonymous; it says what to send, what to keep, and that it is personal data still."""
    done = mask(parties, "left")
    assert "personal data still" in done.out
    assert "anonym" not in (done.out + say("mask", "--help").out).lower()
