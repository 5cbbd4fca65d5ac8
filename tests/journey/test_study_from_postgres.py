"""A study one of whose tables lies in PostgreSQL: received over the one connection it may make, its password left nowhere."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_activity import Grid, by_our_names, grids
from made_authority import bytes_below, now, permit, real_study, run_study, table
from made_postgres import ADMIN, ADMIN_WORD, READER, READER_WORD, Server, postgres

from hearthlink.errors import DataProblem, HearthlinkError, WrongUse
from hearthlink.governance import Permit, grant
from hearthlink.sources.activity.flat import read_flat
from hearthlink.study import STEPS, databases, open_study, run
from hearthlink.study.databases import query_opener
from hearthlink.study.permitted import permission_of
from hearthlink.study.processes import handed

TABLES = {"claim_period": "household_period", "claim_person": "person_period"}
HOUSEHOLDS = ("household_identifier", "household_member", "household_residence")


class Ring:
    """A keyring that keeps one password."""

    word: str | None = READER_WORD

    def get_password(self, service: str, username: str) -> str | None:
        """The password, for the one who is named in the study."""
        return self.word if (service, username) == ("hearthlink revenues", READER) else None


class Sealed(Ring):
    """One that the system seals."""

    __module__ = "keyring.backends.SecretService"


def activity(practice: Path) -> dict[str, Grid]:
    """Referrals and what followed, as the practice authority's census tells of them."""
    (path,) = (practice / "in").glob("*.xml")
    return by_our_names(grids(read_flat([path], "cin").tables))


@pytest.fixture(scope="module")
def server(practice: Path) -> Iterator[Server]:
    """A server that holds the council tax support of the practice authority, as texts."""
    import pg8000.native

    with postgres() as running:
        admin = pg8000.native.Connection(
            ADMIN, password=ADMIN_WORD, host="127.0.0.1", port=running.port, database="postgres"
        )
        admin.run(f"CREATE ROLE {READER} LOGIN PASSWORD '{READER_WORD}'")
        for name in TABLES.values():
            text = (practice / "in" / "cts" / f"{name}.csv").read_text(encoding="utf-8")
            headers = next(csv.reader(io.StringIO(text)))
            admin.run(f"CREATE TABLE {name} ({', '.join(f'{h} text' for h in headers)})")
            admin.run(f"COPY {name} FROM STDIN WITH (FORMAT csv, HEADER)", stream=io.StringIO(text))
            admin.run(f"GRANT SELECT ON {name} TO {READER}")
        for name, (headers, *rows) in activity(practice).items():
            admin.run(f"CREATE TABLE of_{name} ({', '.join(f'{h} text' for h in headers)})")
            text = io.StringIO(newline="")
            csv.writer(text).writerows([headers, *rows])
            text.seek(0)
            admin.run(f"COPY of_{name} FROM STDIN WITH (FORMAT csv, HEADER)", stream=text)
            admin.run(f"GRANT SELECT ON of_{name} TO {READER}")
        admin.close()
        yield running


@pytest.fixture
def study(practice: Path, server: Server, tmp_path: Path) -> Path:
    """A council's study that asks the server for its council tax support."""
    made = real_study(tmp_path / "study", practice / "in")
    lines = ""
    for filled, name in TABLES.items():
        headers = next(csv.reader(io.StringIO((made / "in" / "cts" / f"{name}.csv").read_text(encoding="utf-8"))))
        lines += f'\n[[source]]\ntable = "{filled}"\ndatabase = "revenues"\nquery = "SELECT {", ".join(headers)} FROM {name}"\n'
    lines += f'\n[database.revenues]\nurl = "{server.url}"\nuser = "{READER}"\n'
    with (made / "study.toml").open("a", encoding="utf-8") as file:
        file.write(lines)
    shutil.rmtree(made / "in" / "cts")
    permit(made)
    return made


def people(study: Path) -> list[object]:
    """What was received of households, but for keys drawn afresh and whence each came."""
    return [
        sorted(
            tuple(sorted((n, str(v)) for n, v in row.items() if not n.endswith("key")))
            for row in table(study, name).to_pylist()
        )
        for name in HOUSEHOLDS
    ]


def test_a_database_gives_what_the_files_give(study: Path, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is received from the server is what was received from the files it was filled from; the password is nowhere in the study."""
    monkeypatch.setattr(databases.keyring, "get_keyring", Sealed)
    run_study(study, "receive")
    assert people(study) == people(real)
    files = {row["file"] for row in table(study, "receipt").to_pylist() if row["reason"] == "kept"}
    assert {"database revenues, claim_period", "database revenues, claim_person"} <= files
    held = b"".join(bytes_below(study).values())
    assert READER_WORD.encode() not in held


def test_activity_comes_from_the_server(
    study: Path, practice: Path, real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Referrals, assessments, enquiries and plans by a query each, and no census: what is received is what the census gave."""
    monkeypatch.setattr(databases.keyring, "get_keyring", Sealed)
    for path in (study / "in").glob("*.xml"):
        path.unlink()
    lines = "".join(
        f'\n[[source]]\ntable = "{name}"\ndatabase = "revenues"\nquery = "SELECT {", ".join(grid[0])} FROM of_{name}"\n'
        for name, grid in activity(practice).items()
    )
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write(lines)
    permit(study)
    run_study(study, "receive")
    for name in ("child", "referral", "assessment", "section47", "protection_plan"):
        one, two = (
            sorted(
                str(sorted((n, str(v)) for n, v in row.items() if not n.endswith("key")))
                for row in table(s, name).to_pylist()
            )
            for s in (study, real)
        )
        assert one == two, name
    files = {row["file"] for row in table(study, "receipt").to_pylist() if row["source"] == "activity"}
    assert {"database revenues, cin_child", "database revenues, referral"} <= files


def test_the_step_asks_again_each_time(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can tell beforehand whether a database has changed, so what it gives is asked for again."""
    asked: list[str] = []

    class Counting(Sealed):
        __module__ = Sealed.__module__

        def get_password(self, service: str, username: str) -> str | None:
            asked.append(service)
            return super().get_password(service, username)

    monkeypatch.setattr(databases.keyring, "get_keyring", Counting)
    run_study(study, "receive")
    once = len(asked)
    run_study(study, "receive")
    assert len(asked) == 2 * once > 0


def leave_of(study: Path) -> Permit:
    """What `receive` has leave to do in the study."""
    (step,) = (step for step in STEPS if step.name == "receive")
    opened = open_study(study)
    return grant(
        permission_of(opened, now()), step=step.name, role=step.role, reads=(), writes=step.writes, today=now().date(),
        reaches=step.reaches(opened),
    )  # fmt: skip


def test_a_keyring_that_may_not_be_sealed_is_not_asked(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the system's own keyrings are asked, alone or among others; otherwise whoever sits at the keyboard is, by a plain question."""
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append(words)
        return READER_WORD

    opened = query_opener(open_study(study), leave_of(study), ask)
    monkeypatch.setattr(databases.keyring, "get_keyring", Ring)
    opened("revenues", "SELECT claim_ref FROM household_period", "cts")
    assert asked == [f"Password of {READER} for the database revenues: "]

    class Chain(Ring):
        backends = (Ring(), Sealed())

    monkeypatch.setattr(databases.keyring, "get_keyring", Chain)
    opened("revenues", "SELECT claim_ref FROM household_period", "cts")
    assert len(asked) == 1


def test_with_nobody_to_ask_it_says_so(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no keyring has the password and nobody is at the keyboard, the run stops with what to do."""
    monkeypatch.setattr(databases.keyring, "get_keyring", Ring)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(WrongUse, match="nobody is at the keyboard"):
        run_study(study, "receive")


def test_a_process_of_its_own_asks_whoever_started_it(study: Path, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a role's steps have a process of their own, the password is asked for here and handed on; it reaches the server and no other machine."""
    asked: list[str] = []
    monkeypatch.setattr(handed, "ask_person", lambda words: (asked.append(words), READER_WORD)[1])
    run(open_study(study), clock=now, upto="receive", apart=True)
    assert {words.count(READER) for words in asked} == {1}
    assert people(study) == people(real)
    assert READER_WORD.encode() not in b"".join(bytes_below(study).values())


BAD = (
    ("postgresql://", f"postgresql://x:{ADMIN_WORD}@", WrongUse, "must never stand"),
    ('database = "revenues"', 'database = "other"', WrongUse, "not there"),
    ("SELECT claim_ref", "SELECT *, claim_ref", WrongUse, "every column"),
    ("SELECT claim_ref", "SELECT pg_read_file('/etc/passwd') AS x, claim_ref", WrongUse, "reaches out"),
    ("FROM household_period", "FROM nothing_such", DataProblem, "not there"),
    ("minutes", "minutes", DataProblem, "password is not right"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "kind", "words"), BAD, ids=[case[3] for case in BAD])
def test_what_is_wrong_is_said_without_the_password(
    study: Path, old: str, new: str, kind: type[HearthlinkError], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password in study.toml, a database nobody named, a query that may not be asked and a wrong password are each told plainly."""
    wrong = Sealed()
    wrong.word = ADMIN_WORD if words == "password is not right" else READER_WORD
    monkeypatch.setattr(databases.keyring, "get_keyring", lambda: wrong)
    toml = study / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(kind, match=words) as problem:
        run_study(study, "receive")
    assert "CANARY" not in problem.value.sentence
    assert b"CANARY" not in b"".join(held for name, held in bytes_below(study).items() if name != "study.toml")
