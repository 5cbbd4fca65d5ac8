"""Tables out of a database: what may be asked, what comes back, and what is never said."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_postgres import ADMIN, ADMIN_WORD, READER, READER_WORD, Server, certified, postgres

from hearthlink.errors import DataProblem, HearthlinkError, Refused, WrongUse
from hearthlink.governance import Permit, Role
from hearthlink.governance.network import Tls
from hearthlink.sources.database import connection
from hearthlink.sources.database.connection import host_of, open_query
from hearthlink.sources.database.query import require_one_select
from hearthlink.sources.database.settings import Database

ROWS = 25_000
MAKE = (
    f"CREATE ROLE {READER} LOGIN PASSWORD '{READER_WORD}'",
    "CREATE TABLE claim (ref text, born date, seen timestamp, at timestamptz, rent numeric(9,2), rooms int, live boolean, note text)",
    "INSERT INTO claim VALUES ('007', '2001-02-03', '2019-04-01 12:30', '2019-07-01 00:00+01', 12.50, 3, true, 'A:b 100% it''s')",
    "INSERT INTO claim (ref) VALUES (' '), ('CANARYVALUE')",
    f"CREATE TABLE many AS SELECT n, 'x' || n AS t FROM generate_series(1, {ROWS}) n",
    f"GRANT SELECT ON claim, many TO {READER}",
    "CREATE TABLE closed (secret text)",
    "CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'INSERT INTO many VALUES (0, NULL) RETURNING n'",
    f"GRANT INSERT ON many TO {READER}",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL server with a few tables."""
    import pg8000.native

    with postgres() as running:
        admin = pg8000.native.Connection(
            ADMIN, password=ADMIN_WORD, host="127.0.0.1", port=running.port, database="postgres"
        )
        for words in MAKE:
            admin.run(words)
        admin.close()
        yield running


def with_leave(database: Database) -> Database:
    """The database, with the permit of a step that may reach its host."""
    host = host_of(database)
    reaches = frozenset() if host is None else frozenset({host})
    return replace(database, permit=Permit("receive", Role.CUSTODIAN, frozenset(), frozenset(), reaches))


def asked(server: Server, query: str, **changes: object) -> list[dict[str, object]]:
    database = Database("benefits", server.url, READER, lambda: READER_WORD)
    tabular = open_query(with_leave(replace(database, **changes)), query, "cts")
    return tabular.read({name: place for place, name in enumerate(tabular.headers)}).table.to_pylist()


def test_postgresql_gives_plain_texts(server: Server) -> None:
    """Dates come in ISO form, numbers without needless zeros, blanks as nothing, and colons and percent signs are left alone."""
    columns = "ref, born, seen, rent, rooms, live, note"
    rows = asked(server, f"SELECT {columns} FROM claim WHERE note LIKE '%:b 100%' OR ref = ' ' ORDER BY ref DESC;")
    assert rows == [
        {"ref": "007", "born": "2001-02-03", "seen": "2019-04-01T12:30:00", "rent": "12.5", "rooms": "3", "live": "TRUE",
         "note": "A:b 100% it's"},
        dict.fromkeys(columns.split(", ")),
    ]  # fmt: skip


def test_many_rows_come_in_batches_and_have_one_hash_in_any_order(server: Server) -> None:
    """Every row arrives once, and the hash of a query is that of its rows, whatever order the server gave them in."""
    database = with_leave(Database("benefits", server.url, READER, lambda: READER_WORD))
    up = open_query(database, "SELECT n, t FROM many ORDER BY n", "cts")
    down = open_query(database, "SELECT n, t FROM many ORDER BY n DESC", "cts")
    fewer = open_query(database, "SELECT n, t FROM many WHERE n > 1", "cts")
    assert up.read({"t": 1}).table.column("t").to_pylist() == [f"x{n}" for n in range(1, ROWS + 1)]
    assert up.read({"t": 1}).rows_in == ROWS
    assert up.sha256 == down.sha256 != fewer.sha256


def test_the_server_knows_that_nothing_may_change(server: Server) -> None:
    """The transaction is read only and has a limit of time by the server's own word, and the rows come by a cursor of its own."""
    settings = "SELECT current_setting('transaction_read_only') AS a, current_setting('statement_timeout') AS b"
    assert asked(server, settings, minutes=5) == [{"a": "on", "b": "5min"}]
    (cursor,) = asked(server, "SELECT statement FROM pg_cursors")
    assert str(cursor["statement"]).startswith("DECLARE")


FAULTS = (
    ("a table that is not there", "SELECT a FROM missing WHERE b = 'CANARYVALUE'", {}, "a table that the query names"),
    ("a table it may not read", "SELECT secret FROM closed", {}, "may not read"),
    ("a value the server would quote", "SELECT ref::int AS n FROM claim WHERE ref = 'CANARYVALUE'", {}, "22P02"),
    ("a function that writes", "SELECT writes() AS n", {}, "would change something"),
    ("a wrong password", "SELECT ref FROM claim", {"secret": lambda: "CANARYWRONG"}, "password is not right"),
    ("no such database", "SELECT 1 AS n", {"url": "{url}x"}, "no database of that name"),
    (
        "too slow",
        "SELECT count(*) AS n FROM many a, many b, many c",
        {"minutes": 0.003},
        "longer than the study allows",
    ),
)


@pytest.mark.parametrize(("query", "changes", "words"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_refusal_is_told_in_our_own_words(
    server: Server, query: str, changes: dict[str, object], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """What a server refuses is told by its code alone: no value, no query and no password stands in the error or behind it."""
    changes = {
        name: value.format(url=server.url) if isinstance(value, str) else value for name, value in changes.items()
    }
    with pytest.raises(DataProblem, match=words) as problem:
        asked(server, query, **changes)
    fault = problem.value
    told = "".join(traceback.format_exception(fault)) + repr(vars(fault)) + "".join(capfd.readouterr())
    assert fault.__cause__ is None
    assert fault.__context__ is None
    assert "CANARY" not in told.replace(query, "")
    assert "CANARY" not in fault.sentence


def test_without_leave_no_server_is_reached(server: Server) -> None:
    """Whoever has no permit, or one that names another host or port, reaches no database, be it on this machine."""
    database = Database("benefits", server.url, READER, lambda: READER_WORD)
    other = Permit("receive", Role.CUSTODIAN, frozenset(), frozenset(), frozenset({("127.0.0.1", server.port + 1)}))
    for held in (None, other, replace(other, reaches=frozenset())):
        with pytest.raises(Refused, match="reach"):
            open_query(replace(database, permit=held), "SELECT ref FROM claim", "cts")


def test_nobody_answers(server: Server) -> None:
    """A server that is not there is told before anything waits for it."""
    with pytest.raises(DataProblem, match="Nobody answers"):
        asked(server, "SELECT 1 AS n", url="postgresql://127.0.0.1:1/postgres")


ENCIPHERED = "SELECT CASE WHEN ssl THEN 'yes' ELSE 'no' END AS x FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


@pytest.mark.parametrize(
    ("host", "tls", "known", "answer"),
    [
        ("localhost", "none", False, "no"),
        ("localhost", "unverified", False, "yes"),
        ("localhost", "verified", True, "yes"),
        ("127.0.0.1", "verified", True, None),
    ],
)
def test_the_server_must_show_who_it_is(server: Server, host: str, tls: Tls, known: bool, answer: str | None) -> None:
    """What passes is enciphered as the study says, and a server of another name than its certificate's is not spoken to."""
    if server.certificate is None:
        pytest.skip("this PostgreSQL was built without TLS")
    changes = {
        "url": server.url.replace("127.0.0.1", host),
        "tls": tls,
        "certificate": server.certificate if known else None,
    }
    if answer is not None:
        assert asked(server, ENCIPHERED, **changes) == [{"x": answer}]
        return
    with pytest.raises(DataProblem, match="no reason that can be shown"):
        asked(server, ENCIPHERED, **changes)


def test_a_server_nobody_vouches_for_is_not_spoken_to(server: Server, tmp_path: Path) -> None:
    """A certificate that is not of the authority given, and a file that holds none, end the matter."""
    database = with_leave(
        Database("benefits", server.url.replace("127.0.0.1", "localhost"), READER, lambda: READER_WORD)
    )
    other = certified(tmp_path)
    with pytest.raises(DataProblem):
        open_query(replace(database, certificate=other), "SELECT ref FROM claim", "cts")
    other.write_text("nothing", encoding="utf-8")
    with pytest.raises(DataProblem, match="certificate cannot be read") as problem:
        open_query(replace(database, certificate=other), "SELECT ref FROM claim", "cts")
    assert problem.value.file == "server.crt"


@pytest.fixture
def lite(tmp_path: Path) -> Database:
    """A SQLite file in a folder whose name has a space."""
    folder = tmp_path / "a b"
    folder.mkdir()
    with sqlite3.connect(folder / "c.db") as made:
        made.execute("CREATE TABLE claim (ref TEXT, rent REAL, note BLOB)")
        made.executemany("INSERT INTO claim VALUES (?, ?, ?)", [("007", 12.0, b"x"), (None, 1e15, None)])
    made.close()
    return Database("own", "sqlite:///c.db", folder=folder)


def test_sqlite_is_read_and_never_made(lite: Database, tmp_path: Path) -> None:
    """A SQLite file is opened for reading only, and one that is not there is not made."""
    tabular = open_query(lite, "SELECT ref AS claim_ref, rent FROM claim WHERE ref IS NULL OR ref <> 'a:b'", "cts")
    assert tabular.headers == ("claim_ref", "rent")
    assert tabular.read({"r": 1, "again": 1}, missing=("12",)).table.to_pylist() == [
        {"r": None, "again": None},
        {"r": "1000000000000000", "again": "1000000000000000"},
    ]
    with pytest.raises(DataProblem, match="not found"):
        open_query(replace(lite, url="sqlite:///d.db"), "SELECT ref FROM claim", "cts")
    assert not (tmp_path / "a b" / "d.db").exists()
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS n FROM n"
    with pytest.raises(DataProblem):
        open_query(replace(lite, minutes=0.003), endless, "cts")


ALLOWED = (
    "SELECT a, b FROM t WHERE x = '12:30; DROP TABLE t'",
    "WITH c AS (SELECT * FROM t) SELECT a FROM c",
    "SELECT count(*) AS n FROM t",
    "SELECT a FROM t; -- and no more",
    'SELECT "a; b" FROM t UNION ALL SELECT c FROM u',
)
NOT_ALLOWED = (
    ("", "0 statements"),
    ("SELECT 1; SELECT 2", "2 statements"),
    ("DELETE FROM t", "not a query"),
    ("COPY t TO PROGRAM 'x'", "not a query"),
    ("EXPLAIN ANALYZE DELETE FROM t", "not a query"),
    ("DO $$ BEGIN END $$", "not a query"),
    ("SELECT 'CANARY", "not understood"),
    ("SELECT * FROM t", "every column"),
    ("SELECT t.* FROM t", "every column"),
    ("SELECT a FROM t UNION SELECT * FROM u", "every column"),
    ("WITH d AS (DELETE FROM t RETURNING a) SELECT a FROM d", "change or lock"),
    ("SELECT a INTO u FROM t", "change or lock"),
    ("SELECT a FROM t FOR UPDATE", "change or lock"),
    ("SELECT pg_catalog.pg_read_file('/etc/passwd') AS a", "reaches out"),
    ("SELECT \"pg_read_file\"('/etc/passwd') AS a", "reaches out"),
    ("SELECT a FROM dblink('host=elsewhere', 'SELECT 1') AS t(a int)", "reaches out"),
    ("SELECT nextval('s') AS a", "reaches out"),
    ("SELECT load_extension('x') AS a", "reaches out"),
    ("SELECT utl_http.request('x') AS a FROM dual", "reaches out"),
)


@pytest.mark.parametrize("query", ALLOWED)
def test_one_select_may_be_asked(query: str) -> None:
    """A single SELECT or WITH that names its columns is let through, whatever stands in its texts and comments."""
    require_one_select(query, "postgresql", "database x")


@pytest.mark.parametrize(("query", "words"), NOT_ALLOWED)
def test_nothing_else_may(query: str, words: str, capfd: pytest.CaptureFixture[str]) -> None:
    """What writes, locks, takes every column, reaches out or is more than one statement is refused before anything is opened."""
    with pytest.raises(WrongUse, match=words) as problem:
        require_one_select(query, "postgresql", "database x")
    assert "CANARY" not in problem.value.sentence
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://u:CANARY@127.0.0.1/x", "must never stand"),
        ("postgresql://127.0.0.1/x?password=CANARY", "must never stand"),
        ("nonsense CANARY", "not understood"),
        ("nosuch://127.0.0.1:1/x", "not installed"),
        ("postgresql:///CANARY", "does not name its host"),
        ("postgresql://127.0.0.1/x?host=CANARY", "does not name its host"),
        ("mssql+pyodbc:///?odbc_connect=CANARY", "does not name its host"),
    ],
)
def test_a_url_that_cannot_be_used_is_not_repeated(url: str, words: str) -> None:
    """A URL with a password, of no known kind, or not understood is refused, and the message does not say it again."""
    with pytest.raises(HearthlinkError, match=words) as problem:
        open_query(with_leave(Database("x", url)), "SELECT 1 AS n", "cts")
    assert "CANARY" not in problem.value.sentence
    assert "CANARY" not in repr(Database("x", "y", "z", lambda: "CANARY"))


BROKEN = (
    ("no such table", "SELECT x FROM canary", "a table that the query names is not there"),
    ("no such column", "SELECT canary FROM claim", "a column that the query names is not there"),
    ("two tables with the column", "SELECT ref FROM claim a JOIN claim b ON 1 = 1", "stands in several of its tables"),
    ("a function nobody knows", "SELECT canary(ref) AS x FROM claim", "a function that SQLite does not have"),
)


@pytest.mark.parametrize(("query", "words"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_sqlite_refuses_is_told_in_our_own_words(lite: Database, query: str, words: str) -> None:
    """What is wrong with a query of a SQLite file is told as of a server's, and nothing that its own words quote."""
    with pytest.raises(DataProblem, match=words) as problem:
        open_query(lite, query, "cts")
    assert "canary" not in problem.value.sentence
    assert problem.value.__context__ is None


@pytest.mark.parametrize("state", ["locked", "no database", "damaged"])
def test_what_is_wrong_with_a_sqlite_file_is_told(lite: Database, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is locked, that is none of SQLite's or that is damaged is told for what it is."""
    monkeypatch.setattr(connection, "LOCKED_SECONDS", 0.1)
    path = (lite.folder or Path()) / "c.db"
    words = {"locked": "locked", "no database": "no SQLite database", "damaged": "damaged"}[state]
    holder = sqlite3.connect(path)
    if state == "locked":
        holder.execute("BEGIN EXCLUSIVE")
    elif state == "no database":
        path.write_bytes(b"CANARY" * 1000)
    else:
        path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 4096)
    try:
        with pytest.raises(DataProblem, match=words) as problem:
            open_query(lite, "SELECT ref FROM claim", "cts")
    finally:
        holder.close()
    assert "CANARY" not in problem.value.sentence
