"""Nothing that a run leaves, but the identity room, holds a name, an address, a birth date or a council's id of anyone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_authority import (
    Done,
    Secrets,
    all_tables,
    bytes_below,
    call,
    permit,
    practice_study,
    say,
    secrets_of,
    spelt_out,
    table,
)  # fmt: skip
from made_text import text_of
from platformdirs import user_state_path

from hearthlink.study import Settings
from hearthlink.tables import Room, Sensitivity, TableSpec

REFERENCE = "postcode_area"
"""Public reference data: how deprived the small area of each postcode of the district is, whoever lives there. Its postcodes are
every one that the directory lists, so they tell of nobody; it is left out of the search."""

WRITES = """
import os, sys
log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def note(event, args):
    made = event in ("os.mkdir", "tempfile.mkstemp", "tempfile.mkdtemp")
    if event == "open" and isinstance(args[0], (str, bytes)) and isinstance(args[2], int):
        made = bool(args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    if made:
        os.write(log, (os.path.abspath(os.fsdecode(args[0])) + "\\n").encode())
sys.addaudithook(note)
"""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """All that commands on one study said and left: what they printed, the study, and every place a file was made."""

    study: Path
    said: tuple[Done, ...]
    temporary: Path
    cache: Path
    written: tuple[Path, ...]


def spoilt(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda study: (study / "in" / name).write_bytes(change((study / "in" / name).read_bytes()))


BAD: tuple[Callable[[Path], object], ...] = (
    spoilt("cin_2019_20.xml", lambda held: held[: len(held) // 2]),
    spoilt("ssd/ssd_person.csv", lambda held: held.split(b"\n", 1)[1]),
    spoilt("ssd/ssd_person.csv", lambda held: held.replace(b"pers_dob", b"dob")),
    spoilt("cts/person_period.csv", lambda held: held[:-30] + b'"' + held[-30:]),
    spoilt("shbe/SHBE_201909.txt", lambda held: held.replace(b"D|", b"D||")),
    spoilt("ssd/ssd_address.csv", lambda held: held.replace(b"UPRN", b'"UPRN')),
    spoilt("geography/ONSPD_extract.csv", lambda held: held[:200]),
)


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Aftermath:
    """A practice study made and run through the command line, then run on bad files, on none, and asked about."""
    place = tmp_path_factory.mktemp("leaks")
    temporary, log = place / "tmp", place / "written.txt"
    temporary.mkdir()
    named = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    watch = WRITES.format(log=str(log))
    study = practice_study(place / "study", Settings(children=80, households=170, months=13))
    said = [call("run", study, first=watch, **named), say("status", study)]
    lines = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(lines.split("\n[permission]")[0], encoding="utf-8")
    for path in (study / "in" / "shbe").iterdir():
        if path.name not in {"SHBE_201903.txt", "SHBE_201909.txt", "SHBE_202003.txt"}:
            path.unlink()
    permit(study)
    shutil.rmtree(study / "rooms")  # what made-up people's keys sealed opens for no other study
    good = bytes_below(study / "in")
    for number, spoil in enumerate(BAD):
        spoil(study)
        said.append(say("run", study) if number else call("run", study, first=watch, **named))
        for name, content in good.items():
            (study / "in" / name).write_bytes(content)
    said.append(call("run", study, "--json", first=watch, **named))
    written = tuple(Path(line) for line in sorted(set(log.read_text(encoding="utf-8").splitlines())))
    return Aftermath(study, tuple(said), temporary, home / "hearthlink", written)


@pytest.fixture(scope="module")
def canaries(aftermath: Aftermath) -> Secrets:
    """What the extracts hold of the people in them."""
    return secrets_of(aftermath.study / "in")


def test_the_commands_did_what_they_were_to_do(aftermath: Aftermath) -> None:
    """Good runs ended well, bad files were each refused, and the study ended with a report; else the rest would show nothing."""
    codes = [done.code for done in aftermath.said]
    assert codes == [0, 0, *[1] * len(BAD), 0], [done.err for done in aftermath.said]
    assert (aftermath.study / "out" / "report.html").stat().st_size > 50_000


def test_the_search_would_find_a_secret(aftermath: Aftermath, canaries: Secrets) -> None:
    """The same search finds every kind of secret in the identity room and in the extracts, so that its silence means something."""
    assert min(len(them) for them in (*canaries.phrases.values(), *canaries.words.values())) > 20
    assert len(canaries.births) > 300
    named = "\n".join(spelt_out(table(aftermath.study, spec.name)) for spec in all_tables("identity"))
    found = canaries.in_text(named)
    assert set(found) == {*canaries.phrases, *canaries.words, "birth date"}
    extracts = " ".join(content.decode() for content in bytes_below(aftermath.study / "in").values())
    assert set(canaries.in_text(extracts)) == set(found)
    one = min(canaries.phrases["forename and surname"])
    assert canaries.in_text(f"<title>{one.title()}</title>")
    day = min(canaries.births)
    assert canaries.in_text(f"born {day:%d/%m/%Y}.") == canaries.in_text(day.isoformat()) == {"birth date": 1}


def test_nothing_that_was_printed_tells_of_anyone(aftermath: Aftermath, canaries: Secrets) -> None:
    """No word on the output or the error stream, of a good run or a bad one, is a secret."""
    for done in aftermath.said:
        assert canaries.in_text(done.out) == {}
        assert canaries.in_text(done.err) == {}


def test_no_file_of_the_study_tells_of_anyone(aftermath: Aftermath, canaries: Secrets) -> None:
    """The report, its tables, the cleared file, the ledger, the index, study.toml and the names of all files hold no secret."""
    held = bytes_below(aftermath.study)
    looked_at = {n: c for n, c in held.items() if Path(n).parts[0] not in {"in", "truth"}}
    assert {"study.toml", "ledger.jsonl", "made-up.json"} <= set(looked_at)
    assert sum(name.startswith("out") for name in looked_at) > 10
    for name, content in looked_at.items():
        assert canaries.in_text(text_of(name, content)) == {}, name
        assert canaries.in_text(content.decode("utf-16-le", "replace")) == {}, name
        assert canaries.in_text(name) == {}


BEHIND = [spec for room in ("content", "research", "record") for spec in all_tables(room) if spec.name != REFERENCE]


MONTHS = {"household_person": "born", "month_covered": "month"}
"""Columns that hold a month, as its first day: on which somebody may be born, and which tells that of nobody."""


def months_as_such(held: pa.Table, column: str | None) -> pa.Table:
    """The table with a column of months spelt as months, which it must hold."""
    if column is None:
        return held
    days = held.column(column)
    assert set(pc.unique(pc.day(days.drop_null())).to_pylist()) <= {1}
    return held.set_column(held.column_names.index(column), column, pc.strftime(days, format="%Y-%m"))


@pytest.mark.parametrize("spec", BEHIND, ids=lambda spec: spec.name)
def test_no_table_behind_the_identity_room_tells_of_anyone(
    aftermath: Aftermath, canaries: Secrets, spec: TableSpec
) -> None:
    """Opened with its key, a table of the content room, the research room or the record holds no secret in any value."""
    held = months_as_such(table(aftermath.study, spec.name), MONTHS.get(spec.name))
    assert canaries.in_text(spelt_out(held)) == {}
    assert canaries.in_text(" ".join(held.column_names) + str(held.schema.metadata)) == {}


def test_the_reference_data_is_of_all_postcodes_and_of_nothing_else(aftermath: Aftermath) -> None:
    """The one table that is not searched holds every postcode of each sector where somebody lived, neighbours and all, so it picks nobody out."""
    (spec,) = [spec for spec in all_tables("content") if spec.name == REFERENCE]
    assert [c.name for c in spec.columns] == ["postcode", "lsoa", "lsoa_edition", "imd_decile", "idaci_decile"]
    assert spec.room is Room.CONTENT
    assert all(c.sensitivity is not Sensitivity.IDENTIFIER for c in spec.columns)
    directory = (aftermath.study / "in" / "geography" / "ONSPD_extract.csv").read_text(encoding="utf-8")
    listed = {line.split(",")[0].replace(" ", "") for line in directory.splitlines()[1:]}
    held = set(table(aftermath.study, REFERENCE).column("postcode").to_pylist())
    sectors = {postcode[:-2] for postcode in held}
    assert held == {postcode for postcode in listed if postcode[:-2] in sectors}


def test_no_key_of_one_room_is_told_in_another(aftermath: Aftermath) -> None:
    """No random key that joins identity to content, and no council's number, stands in a research table; no pseudonym elsewhere."""
    keys = {str(k) for k in table(aftermath.study, "child_identifier").column("child_key").to_pylist()}
    keys |= {str(k) for k in table(aftermath.study, "household_identifier").column("household_key").to_pylist()}
    people = table(aftermath.study, "research_child")
    assert not keys & set(spelt_out(people).split())
    pseudonyms = {p for n in people.column_names if n.endswith("pseudonym") for p in people.column(n).to_pylist() if p}
    assert len(pseudonyms) > 100
    left = " ".join(c.decode("utf-8", "replace") for c in bytes_below(aftermath.study / "out").values())
    tables = [spec for room in ("identity", "content", "record") for spec in all_tables(room)]
    words = set(left.split()) | {w for s in tables for w in spelt_out(table(aftermath.study, s.name)).split()}
    assert not pseudonyms & words
    assert not keys & set(left.split())


def test_the_rows_of_the_research_room_are_in_an_order_that_tells_nothing(aftermath: Aftermath) -> None:
    """Research rows stand in the order of their random pseudonyms, so they cannot be laid row by row beside the census."""
    pseudonyms = table(aftermath.study, "research_child").column("child_pseudonym").to_pylist()
    assert len(pseudonyms) >= 80
    assert pseudonyms == sorted(pseudonyms)


def test_no_temporary_file_was_ever_made(aftermath: Aftermath) -> None:
    """Every file that a run made lies in the study, is a mark, by hash, in the cache or the last head seen; the folder of temporary files is empty."""
    assert list(aftermath.temporary.iterdir()) == []
    homes = [aftermath.study / name for name in ("rooms", "keys", "out", "out.new", "ledger.jsonl", ".lock")]
    state = user_state_path("hearthlink", appauthor=False)
    homes.append(state / "ledgers")
    known = {aftermath.study, Path(os.devnull), state, state.parent}
    strange = [
        path
        for path in aftermath.written
        if path not in known
        and not any(path == home or home in path.parents for home in (*homes, aftermath.cache))
        and "__pycache__" not in path.parts
    ]
    assert strange == []
    assert len(aftermath.written) > 60


def test_the_cache_holds_hashes_and_no_content(aftermath: Aftermath) -> None:
    """What is remembered of practice files are names of empty files, each a hash."""
    held = bytes_below(aftermath.cache)
    assert set(held.values()) <= {b""}
    assert all(len(Path(name).name) == 64 for name in held)
