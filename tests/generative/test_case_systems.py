"""Strange bytes in a case system's tables: no crash, no value told, every row accounted for."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_case_systems import census, files, person, plain, together
from made_extracts import ssd_files, write

from hearthlink.errors import DataProblem
from hearthlink.sources.case.identifiers import read_identifiers, read_stages

CANARY = "QZXQZ"
TOKENS = (
    b'"', b'""', b",", b";", b"\n", b"\r\n", b"\t", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"{", b'{"UPRN": ', b"SSD_PH", b"NULL", b"DUPLICATE",
    b"-1", b"0", b"1E+308", b"2019-02-31", b"31/12/2099", b"0000-00-00", b"C1", b"P1", b"P2", b"\\u0000", b"A" * 300, b"," * 300,
)  # fmt: skip
CENSUS = census("C1", "C2", "C3")


def layouts() -> dict[str, dict[str, bytes]]:
    """Good files of two layouts, their names and addresses a word that no message may hold."""
    persons = [
        person("C1", "P1", merged_into="P2", surname=CANARY),
        person("C2", "P2", known_as=CANARY, upn="H801200001001"),
    ]
    own = plain(
        persons,
        child_address=(
            "person_id start end address postcode confidential",
            [("P1", "01/04/2019", "", f"1 {CANARY} ST", "ZZ1 1AA", "N")],
        ),
        child_adult=(
            "person_id adult_id relationship surname former_surname dob",
            [("P2", "A1", "Mother", CANARY, CANARY, "1985-02-01")],
        ),
        child_alias=("person_id forename surname", [("P1", CANARY, CANARY)]),
    )
    return {"plain": own, "ssd": {name: data.replace(b"SMITH", CANARY.encode()) for name, data in ssd_files().items()}}


MADE = layouts()


@settings(max_examples=120, deadline=None)
@given(layout=st.sampled_from(sorted(MADE)), seed=st.integers(0, 10_000_000))
def test_strange_tables_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, layout: str, seed: int) -> None:
    """Whatever stands in one of the tables, it is read or refused in words that hold no value, and rows kept are never fewer than none."""
    turn = Random(seed)
    made = dict(MADE[layout])
    name = turn.choice(sorted(made))
    made[name] = changed(made[name], turn)
    folder = tmp_path_factory.mktemp("strange")
    try:
        there = files(write(folder, made))
        told = together(CENSUS, read_identifiers(there), read_stages(there))
    except DataProblem as problem:
        assert CANARY not in str(problem)  # noqa: PT017 - some are refused, and some are read
        assert problem.__cause__ is None  # noqa: PT017
        return
    for table in told.tables.values():
        table.validate(full=True)
    for tally in told.tallies:
        assert tally.rows_kept >= 0, tally.file


def changed(data: bytes, turn: Random) -> bytes:
    """The bytes with a few pieces put in, taken out, or put elsewhere."""
    held = bytearray(data)
    for _ in range(turn.randrange(1, 5)):
        place = turn.randrange(len(held) + 1)
        match turn.randrange(4):
            case 0:
                held[place:place] = turn.choice(TOKENS)
            case 1:
                held[place : place + turn.randrange(12)] = b""
            case 2:
                held[place : place + turn.randrange(6)] = turn.choice(TOKENS)
            case _:
                start = turn.randrange(len(held) + 1)
                held[place:place] = held[start : start + turn.randrange(60)]
    return bytes(held)
