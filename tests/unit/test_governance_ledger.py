"""The ledger: counts alone, each line signed and bound to the one before, and every tampering found."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hearthlink.errors import DataProblem
from hearthlink.governance import Event, Ledger
from hearthlink.governance.chain import START


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Five lines."""
    made = Ledger(tmp_path / "ledger.jsonl", lambda: datetime(2026, 1, 15, 12, 30, 59, tzinfo=UTC))
    made.write(Event.BEGUN)
    made.write(Event.READ, step="receive", role="custodian", counts={"in": 37})
    made.write(Event.STEP, step="receive", role="custodian", counts={"child": 192, "award": 913})
    made.write(Event.UNCHANGED, step="check", role="custodian")
    made.write(Event.FINISHED, counts={"steps": 2})
    return made


def lines(ledger: Ledger) -> list[bytes]:
    return ledger.path.read_bytes().splitlines(keepends=True)


def test_a_line_holds_names_of_steps_and_counts_and_nothing_else(ledger: Ledger) -> None:
    """The fields of a line are its number, the time, the event, the step, the role, whole numbers by name, and the chain."""
    entries = [json.loads(line) for line in lines(ledger)]
    names = ("no", "time", "event", "step", "role", "by", "about", "counts", "before", "key")
    ends = ("signature", "hash")
    assert [tuple(entry) for entry in entries] == [(*names, "study_key", *ends), *[(*names, *ends)] * 4]
    assert [entry["no"] for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0]["time"] == "2026-01-15T12:30:59Z"
    assert entries[0]["before"] == START
    assert entries[2]["counts"] == {"award": 913, "child": 192}
    assert all(isinstance(count, int) for entry in entries for count in entry["counts"].values())


@pytest.mark.parametrize("value", ["AAA", "12 ELM ROAD", None, [1]])
def test_a_count_that_is_no_number_cannot_be_written(ledger: Ledger, value: object) -> None:
    """Words offered as a count are refused, and no line is written."""
    before = ledger.path.read_bytes()
    with pytest.raises((TypeError, ValueError)):
        ledger.write(Event.STEP, counts={"child": value})  # pyright: ignore[reportArgumentType]
    assert ledger.path.read_bytes() == before


def test_a_sound_ledger_says_how_many_lines_it_has(ledger: Ledger) -> None:
    """Verifying counts the lines, and an absent ledger has none."""
    assert ledger.verify() == 5
    assert Ledger(ledger.path.with_name("none"), ledger.clock).verify() == 0


def changed(old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    def change(rows: list[bytes]) -> list[bytes]:
        assert sum(old in row for row in rows) == 1
        return [row.replace(old, new) for row in rows]

    return change


TAMPERED: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "a count changed": (changed(b"913", b"912"), 3),
    "the time changed": (lambda rows: [rows[0].replace(b"12:30", b"12:31"), *rows[1:]], 1),
    "an event changed": (changed(b"step unchanged", b"step done"), 4),
    "a role changed": (lambda rows: [*rows[:3], rows[3].replace(b"custodian", b"analyst"), rows[4]], 4),
    "the first line dropped": (lambda rows: rows[1:], 1),
    "a line dropped": (lambda rows: rows[:2] + rows[3:], 3),
    "two lines swapped": (lambda rows: [rows[0], rows[2], rows[1], *rows[3:]], 2),
    "a line written twice": (lambda rows: [*rows[:2], rows[1], *rows[2:]], 3),
    "a blank line put in": (lambda rows: [rows[0], b"\n", *rows[1:]], 2),
    "a line that is no JSON": (lambda rows: [rows[0], b"{\n", *rows[1:]], 2),
    "a line that is a list": (lambda rows: [rows[0], b"[1]\n", *rows[1:]], 2),
    "a line that is a number": (lambda rows: [*rows, b"7\n"], 6),
    "a line that is no text": (lambda rows: [*rows, b"\xff\xfe\n"], 6),
    "nested beyond reason": (lambda rows: [*rows, b"[" * 100_000 + b"\n"], 6),
    "a word said twice": (lambda rows: [*rows[:4], rows[4].replace(b'{"no"', b'{"event": "x", "no"')], 5),
    "spaces put in": (lambda rows: [rows[0].replace(b": ", b":  "), *rows[1:]], 1),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_every_tampering_is_found_and_the_line_is_named(ledger: Ledger, case: str) -> None:
    """A changed, dropped, moved or added line is found, and the message names the file and the first line that is wrong."""
    tamper, line = TAMPERED[case]
    ledger.path.write_bytes(b"".join(tamper(lines(ledger))))
    with pytest.raises(DataProblem) as found:
        ledger.verify()
    assert (found.value.file, found.value.line) == ("ledger.jsonl", line)


def rehashed(rows: list[bytes], start: int) -> list[bytes]:
    """The lines from one on with every hash worked out again, as whoever has no key can do."""
    before = json.loads(rows[start - 1])["hash"] if start else START
    made: list[bytes] = []
    for row in rows[start:]:
        body = re.sub(rb'"before": "[0-9a-f]{64}"', b'"before": "%s"' % before.encode(), row)
        body = body[: body.rindex(b', "hash"')]
        before = hashlib.sha256(body).hexdigest()
        made.append(body + b', "hash": "%s"}\n' % before.encode())
    return [*rows[:start], *made]


@pytest.mark.parametrize("line", [1, 2, 3, 4, 5])
def test_a_changed_line_with_every_hash_made_anew_is_found_by_its_signature(ledger: Ledger, line: int) -> None:
    """Whoever changes a line and works all hashes out again is found at that very line, for it was not signed so."""
    rows = lines(ledger)
    rows[line - 1] = rows[line - 1].replace(b'"about": ""', b'"about": "%s"' % (b"0" * 64))
    ledger.path.write_bytes(b"".join(rehashed(rows, line - 1)))
    with pytest.raises(DataProblem, match="signature of this line does not hold") as found:
        ledger.verify()
    assert found.value.line == line


@pytest.mark.parametrize("left", [1, 40, 200, -1])
def test_a_torn_last_line_is_dropped_and_the_chain_goes_on(ledger: Ledger, left: int) -> None:
    """A line cut short by a kill, were it only its end that is missing, was never entered: the next line takes its place."""
    whole = lines(ledger)
    ledger.path.write_bytes(b"".join(whole[:4]) + whole[4][:left])
    assert ledger.verify() == 4
    ledger.write(Event.STOPPED, counts={"exit_code": 1})
    assert ledger.verify() == 5
    assert lines(ledger)[:4] == whole[:4]


def test_a_ledger_that_is_one_torn_line_begins_again(tmp_path: Path) -> None:
    """Where the very first line was cut short, the ledger starts as if it had never been."""
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b'{"time": "20')
    made = Ledger(path, lambda: datetime(2026, 1, 15, tzinfo=UTC))
    made.write(Event.BEGUN)
    assert made.verify() == 1


def test_a_long_ledger_goes_on_where_it_was(ledger: Ledger) -> None:
    """Only the end of a long ledger is read to go on, and the chain holds all the same."""
    for _ in range(400):
        ledger.write(Event.UNCHANGED, step="check", role="custodian")
    assert ledger.path.stat().st_size > 65536
    assert ledger.verify() == 405


@pytest.mark.parametrize("line", [1, 2, 3, 4, 5])
def test_what_was_found_sound_before_is_looked_at_again_once_it_changes(ledger: Ledger, line: int) -> None:
    """A process that has looked a ledger through still finds any line of it that is changed later, and goes on once it is put back."""
    assert ledger.verify() == 5
    whole = ledger.path.read_bytes()
    rows = lines(ledger)
    rows[line - 1] = rows[line - 1].replace(b"2026", b"2025", 1)
    ledger.path.write_bytes(b"".join(rows))
    with pytest.raises(DataProblem) as found:
        ledger.verify()
    assert found.value.line == line
    ledger.path.write_bytes(whole)
    ledger.write(Event.FINISHED)
    assert ledger.verify() == 6
    ledger.path.write_bytes(b"".join(lines(ledger)[:line]))
    assert ledger.verify() == line
