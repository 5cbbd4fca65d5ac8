"""A table out of a database: one read-only query, put to the one host that the study names, as a table of texts."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import URL, Connection, CursorResult, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from hearthlink.errors import DataProblem, HearthlinkError, Refused, WrongUse
from hearthlink.governance.network import is_ourselves, network_open_to, require_answer, tls_context
from hearthlink.governance.permit import Host
from hearthlink.sources.database.query import require_one_select
from hearthlink.sources.database.settings import Database
from hearthlink.sources.reading.cells import cell_text
from hearthlink.sources.reading.columns import trimmed
from hearthlink.sources.reading.delimited import Sheet
from hearthlink.sources.reading.headers import clean_headers
from hearthlink.sources.reading.text_columns import Tabular

BATCH = 10_000
LOCKED_SECONDS = 5.0
"""How long a SQLite file that another program has locked is waited for."""

PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}
DRIVERS = {"postgresql": "postgresql+pg8000"}
"""The driver that comes with Hearthlink, for a URL that names none."""

OTHER_HOSTS = frozenset(
    {"host", "port", "server", "dsn", "addr", "address", "unix_sock", "unix_socket", "odbc_connect"}
)
"""Options by which some driver would be sent to another place than the URL's host, past the guard of the network."""

READ_ONLY = {
    "postgresql": ("SET TRANSACTION READ ONLY", "SET LOCAL statement_timeout = {milliseconds}"),
    "mysql": ("SET TRANSACTION READ ONLY", "SET SESSION MAX_EXECUTION_TIME = {milliseconds}"),
    "mariadb": ("SET TRANSACTION READ ONLY", "SET SESSION max_statement_time = {seconds}"),
    "oracle": ("SET TRANSACTION READ ONLY",),
    "sqlite": ("PRAGMA query_only = ON",),
}
"""What is said to a server before the query, so that it refuses every change and gives up after a time, as far as it can be told to."""

MEANINGS = {
    "28P01": "the user name or the password is not right",
    "28000": "the server does not let this user in",
    "3D000": "the server has no database of that name",
    "42P01": "a table that the query names is not there",
    "42703": "a column that the query names is not there",
    "42601": "the query is not understood",
    "42501": "this user may not read what the query asks for",
    "57014": "the query took longer than the study allows",
    "25006": "the query would change something",
}
"""What PostgreSQL's codes mean. A server's own words may quote values, so they are never shown."""

SQLITE = {
    "SQLITE_BUSY": "another program has the file locked",
    "SQLITE_LOCKED": "another program has a table of the file locked",
    "SQLITE_NOTADB": "the file is no SQLite database, or it is enciphered",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_CANTOPEN": "the file cannot be opened",
    "SQLITE_IOERR": "the file cannot be read",
    "SQLITE_PERM": "this user may not read the file",
    "SQLITE_READONLY": "the query would change something",
    "SQLITE_INTERRUPT": "the query took longer than the study allows",
}
"""What SQLite's codes mean."""

SQLITE_WORDS = {
    "no such table": "a table that the query names is not there",
    "no such column": "a column that the query names is not there",
    "no such function": "the query calls a function that SQLite does not have",
    "ambiguous column": "a column that the query names stands in several of its tables",
    "near ": "the query is not understood",
    "incomplete input": "the query is not understood",
}
"""What SQLite means where its code alone does not tell: how its words begin. What they go on to name is never shown."""


@dataclass(frozen=True, slots=True)
class _Fetched:
    headers: list[str]
    columns: list[pa.ChunkedArray]
    rows: int
    digest: str


def open_query(database: Database, query: str, source: str) -> Tabular:
    """What a query gives, as a table; `sha256` is that of its headers and of all its rows, in whatever order they came.

    The rows are fetched once, in batches, in a transaction that the server was told is for reading only. Raises WrongUse where the URL
    cannot be used or the query is not one SELECT, DataProblem where the database cannot be reached or refuses, Refused where a run may
    not reach it.
    """
    url = _url(database)
    require_one_select(query, url.get_backend_name(), database.called)
    fetched = _asked(database, url, query)
    if isinstance(fetched, HearthlinkError):
        raise fetched

    def read(places: Mapping[str, int], missing: Sequence[str]) -> Sheet:
        gone, nothing = pa.array(list(missing), pa.string()), pa.scalar(None, pa.string())
        held = [fetched.columns[at] for at in places.values()]
        made = [trimmed(pc.if_else(pc.is_in(column, value_set=gone), nothing, column)) for column in held]
        return Sheet(pa.table(made, names=list(places)), fetched.rows, {})

    file = database.called
    return Tabular(source, file, fetched.digest, clean_headers(fetched.headers, file), read, first_line=1)


def _asked(database: Database, url: URL, query: str) -> _Fetched | HearthlinkError:
    """What the query gives, or the stop to be raised: by the caller, so that nothing of a driver's own error hangs on it."""
    try:
        with _door(url, database), _connected(database, url) as connection:
            return _fetched(connection, query, database)
    except HearthlinkError as stop:
        return type(stop)(stop.what, file=stop.file, line=stop.line, column=stop.column, remedy=stop.remedy)
    except Exception as fault:  # noqa: BLE001 - drivers raise what they like, and their words may hold values or the password
        return _problem(fault, database)


def _url(database: Database) -> URL:
    try:
        url = make_url(database.url)
    except (ArgumentError, ValueError):
        url = None
    if url is None:
        raise WrongUse(
            "The URL of the database is not understood.",
            file="study.toml",
            column=f"database.{database.name}.url",
            remedy='Write it as "postgresql://host:5432/name" or "sqlite:///file.db".',
        )
    if url.password is not None or re.search(r"pass|pwd|secret|token", " ".join(url.query), re.IGNORECASE):
        raise WrongUse(
            "A password must never stand in study.toml.",
            file="study.toml",
            column=f"database.{database.name}.url",
            remedy="Take it out, and have it changed, for it has been written down. Hearthlink asks for it when it is needed.",
        )
    if (url.get_backend_name() in PORTS and not url.host) or any(name.lower() in OTHER_HOSTS for name in url.query):
        raise WrongUse(
            "The URL of the database does not name its host in the one place for it.",
            file="study.toml",
            column=f"database.{database.name}.url",
            remedy='Write it as "postgresql://host:5432/name": no other host than that one may be reached.',
        )
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    return url.set(username=database.user) if database.user is not None else url


def host_of(database: Database) -> Host | None:
    """The host and port that asking a database takes; None for one that lies in a file. Raises WrongUse where the URL cannot be used."""
    return _host(_url(database))


def _host(url: URL) -> Host | None:
    if url.get_backend_name() == "sqlite" or url.host is None:
        return None
    port = url.port or PORTS.get(url.get_backend_name())
    if port is None:
        raise WrongUse("The URL of the database names no port.", file="study.toml", remedy="Write it after the host.")
    return url.host, port


@contextmanager
def _door(url: URL, database: Database) -> Iterator[None]:
    """The way to the database's host, opened by the permit of the step that asks."""
    reached = _host(url)
    if reached is None:
        yield
        return
    if database.permit is None:
        raise Refused(
            "Nothing but a step with leave to ask may reach a database.",
            file=database.called,
            remedy="Only receive may, and only the database that study.toml names.",
        )
    host, port = reached
    with network_open_to(database.permit, host, port):
        if url.get_backend_name() == "postgresql":
            require_answer(host, port)
        yield


@contextmanager
def _connected(database: Database, url: URL) -> Iterator[Connection]:
    engine = _engine(database, url)
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            limits = {"milliseconds": int(database.minutes * 60_000), "seconds": max(1, int(database.minutes * 60))}
            for words in READ_ONLY.get(url.get_backend_name(), ()):
                connection.exec_driver_sql(words.format(**limits))
            yield connection
            transaction.rollback()
    finally:
        engine.dispose()


def _engine(database: Database, url: URL) -> Engine:
    arguments: dict[str, object] = {}
    if url.get_backend_name() == "sqlite":
        url, arguments = _sqlite(database, url), {"timeout": LOCKED_SECONDS}
    else:
        secret = database.secret()
        url = url if secret is None else url.set(password=secret)
    if url.drivername == "postgresql+pg8000":
        # Within this machine nothing need be enciphered, but where the study says how; None takes whatever the server offers.
        within = is_ourselves(url.host or "") and database.tls == "verified" and database.certificate is None
        arguments = {
            "timeout": 60 * (database.minutes + 1),  # also of every wait for rows
            "application_name": "hearthlink",
            "ssl_context": None if within else tls_context(database.tls, database.certificate) or False,
        }
    try:
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
    except (ImportError, NoSuchModuleError):
        pass
    raise WrongUse(
        "The driver for this kind of database is not installed.",
        file="study.toml",
        column=f"database.{database.name}.url",
        remedy="The page on databases says which driver each kind needs, and how to install it.",
    )


def _sqlite(database: Database, url: URL) -> URL:
    """A SQLite file, opened for reading only; it must be there, for otherwise an empty one would be made."""
    path = (database.folder or Path()) / (url.database or "")
    if not url.database or not path.is_file():
        raise DataProblem("The SQLite file was not found.", file=path.name or database.called)
    return url.set(database=path.resolve().as_uri(), query={"mode": "ro", "uri": "true"})


def _fetched(connection: Connection, query: str, database: Database) -> _Fetched:
    """What the query gives, as texts, and the hash of that, whatever the order of the rows."""
    ends = time.monotonic() + 60 * database.minutes
    if connection.dialect.name == "sqlite":
        # A progress handler that answers yes ends the query.
        connection.connection.driver_connection.set_progress_handler(lambda: time.monotonic() > ends, 100_000)  # type: ignore[union-attr]
    result = _executed(connection, query)
    headers = list(result.keys())
    parts: list[list[pa.Array]] = [[] for _ in headers]
    count = total = 0
    for rows in result.partitions(BATCH):
        if time.monotonic() > ends:
            raise DataProblem(
                "The query took longer than the study allows.",
                file=database.called,
                remedy=f"Ask for fewer rows, or set minutes under [database.{database.name}].",
            )
        texts = [[_text(value) for value in row] for row in rows]
        count += len(texts)
        total += sum(int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=32).digest()) for row in texts)
        for part, column in zip(parts, zip(*texts, strict=True), strict=True):
            part.append(pa.array(column, pa.string()))
    columns = [pa.chunked_array(part, pa.string()) for part in parts]
    digest = hashlib.sha256(f"{headers!r} {count} {total % (1 << 256):064x}".encode()).hexdigest()
    return _Fetched(headers, columns, count, digest)


def _executed(connection: Connection, query: str) -> CursorResult[tuple[object, ...]]:
    # A colon before a word would be taken for a place to put a value into.
    plain = re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", query.strip().rstrip(";"))
    return connection.execution_options(stream_results=True, yield_per=BATCH).execute(text(plain))


def _text(value: object) -> str | None:
    """A value of a database as text, as it would stand in a workbook; bytes and lists are no table's values."""
    if isinstance(value, UUID):
        return str(value)
    text = cell_text(value)
    return None if text is None else text.replace("\0", "")


def _problem(fault: Exception, database: Database) -> DataProblem:
    """A stop in our own words for what a driver raised: of the driver's own only a code is kept."""
    code = _code(fault)
    said = _said_by_sqlite(fault) or MEANINGS.get(
        code or "", "the server gives no reason that can be shown" if code is None else f"its code is {code}"
    )
    return DataProblem(
        f"The database could not be asked: {said}.",
        file=database.called,
        remedy="Check the host, the name, the user and the query; the page on databases says what each needs.",
    )


def _said_by_sqlite(fault: BaseException) -> str | None:
    """What SQLite means, in words of ours; None where it was another database, or where it gives a code that tells nothing."""
    told = getattr(fault, "orig", None) or fault
    name = getattr(told, "sqlite_errorname", None)
    if not isinstance(name, str):
        return None
    meant = next((words for code, words in SQLITE.items() if name == code or name.startswith(f"{code}_")), None)
    begun = str(told.args[0]) if told.args else ""
    return meant or next((words for start, words in SQLITE_WORDS.items() if begun.startswith(start)), None)


def _code(fault: BaseException) -> str | None:
    """The five letters by which a server says what went wrong."""
    told = getattr(fault, "orig", None) or fault
    first = told.args[0] if told.args else None
    code = first.get("C") if isinstance(first, dict) else getattr(told, "sqlstate", None)
    return code if isinstance(code, str) and re.fullmatch(r"[0-9A-Z]{5}", code) else None
