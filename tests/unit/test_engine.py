"""The engine: what it needs of a machine, how it is chosen, and what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from hearthlink.engine import Engine, Query, open_engine, require_engine
from hearthlink.engine.database import Fault
from hearthlink.engine.java import find_java, java_version
from hearthlink.engine.spark_measures import damerau_levenshtein, jaro_winkler_similarity, levenshtein
from hearthlink.engine.spark_sql import in_spark
from hearthlink.errors import OurFault, WrongUse
from hearthlink.study import Settings, make_practice, open_study, run

here = pytest.mark.skipif(os.name == "nt", reason="a made-up Java is a shell script here")


@pytest.fixture
def with_spark() -> None:
    """Skips where this machine has no Spark."""
    try:
        require_engine("spark")
    except WrongUse as missing:
        pytest.skip(missing.what)


def made_java(folder: Path, says: str) -> Path:
    """A program that says a version as a Java does."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho '{says}' >&2\n", encoding="ascii")
    java.chmod(0o755)
    return java


@here
@pytest.mark.parametrize(
    ("says", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("nothing of the kind", None),
    ],
)
def test_the_version_of_java_is_read(says: str, version: int | None, tmp_path: Path) -> None:
    """Old and new ways of saying a version are understood, and silence is not a version."""
    assert java_version(made_java(tmp_path, says)) == version


@here
def test_java_home_comes_before_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The Java of JAVA_HOME is the one that counts, as it does for Spark; one that is not there is no Java."""
    java = made_java(tmp_path / "home", "")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert find_java() == java
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "away"))
    assert find_java() is None


@here
@pytest.mark.parametrize(
    ("installed", "says", "part"),
    [
        (False, 'version "17"', r"pip install \"hearthlink\[spark\]\""),
        (True, None, "needs Java, which was not found"),
        (True, 'version "11.0.2"', "needs Java 17 or newer; the Java here is 11"),
    ],
)
def test_what_spark_lacks_is_said(
    installed: bool, says: str | None, part: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without the extra, without Java or with an old one, the stop is exit code 2, a sentence, and what to do."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object() if installed else None)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if says:
        made_java(tmp_path, says)
    with pytest.raises(WrongUse, match=part) as stop, open_engine(kind="spark"):
        pass
    assert stop.value.code == 2
    assert 'engine = "duckdb"' in stop.value.sentence


CARRIED = (
    ("SELECT date_diff('day', a, b) AS x FROM t", "SELECT CAST(DATEDIFF(b, a) AS BIGINT) AS x FROM t"),
    ("SELECT year(a) + 1 AS x FROM t", "SELECT CAST(YEAR(a) AS BIGINT) + 1 AS x FROM t"),
    ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a NULLS LAST"),
    ("WITH x AS MATERIALIZED (SELECT 1 AS a) SELECT a FROM x", "WITH x AS (SELECT 1 AS a) SELECT a FROM x"),
    (
        "SELECT row_number() OVER (ORDER BY a) - 1 AS x FROM t",
        "SELECT CAST(ROW_NUMBER() OVER (ORDER BY a NULLS LAST) AS BIGINT) - 1 AS x FROM t",
    ),
    (
        "SELECT jaro_winkler_similarity(left(a, length(b)), b) AS x FROM t",
        "SELECT HEARTHLINK_JARO_WINKLER_SIMILARITY(LEFT(a, CAST(LENGTH(b) AS BIGINT)), b) AS x FROM t",
    ),
)


@pytest.mark.parametrize(("ours", "theirs"), CARRIED)
def test_a_query_is_said_again_in_sparks_words(ours: str, theirs: str) -> None:
    """What would mean another thing, or have another type, is said so that it does not."""
    assert in_spark(ours) == theirs


@pytest.mark.parametrize(
    "sql", ["SELECT list(a) AS x FROM t", "SELECT list(a ORDER BY b DESC) AS x FROM t", "SELECT 1 +"]
)
def test_what_cannot_be_said_again_is_a_fault(sql: str) -> None:
    """A query without one meaning on both engines does not reach Spark."""
    with pytest.raises(Fault):
        in_spark(sql)


def test_what_spark_lacks_is_measured_as_duckdb_does() -> None:
    """Missing is missing, letters beyond plain ones count by their bytes, and a swap is one edit however far it is nested."""
    left, right = pa.array(["SMITH", "", None, "É", "CA"]), pa.array(["SMITS", "", "A", "E", "ABC"])
    with open_engine(threads=1) as engine:
        engine.put("pair", pa.table({"l": left, "r": right}))
        words = "jaro_winkler_similarity(l, r) AS j, damerau_levenshtein(l, r) AS d, levenshtein(l, r) AS e"
        stated = engine.fetch(Query("measured", ("pair",), f"SELECT {words} FROM pair"))
    for name, measure in (("j", jaro_winkler_similarity), ("d", damerau_levenshtein), ("e", levenshtein)):
        assert measure(left, right).equals(stated.column(name).combine_chunks()), name


def java_of(engine: Engine) -> subprocess.Popen[bytes]:
    """The Java process in which Spark runs."""
    from hearthlink.engine.spark import SparkDatabase

    assert isinstance(engine._database, SparkDatabase)
    return engine._database._gateway.proc


@here
def test_a_study_on_spark_without_java_opens_no_extract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The run ends before anything is read, with the setting named, and its ledger shows no reading."""
    make_practice(tmp_path, Settings(seed=1, children=50, households=100))
    file = tmp_path / "study.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("\n[permission]", '\nengine = "spark"\n\n[permission]', 1),
        encoding="utf-8",
    )
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(WrongUse) as stop:
        run(open_study(tmp_path), clock=partial(datetime.now, UTC))
    assert (stop.value.file, stop.value.column) == ("study.toml", "engine")
    assert '"read"' not in (tmp_path / "ledger.jsonl").read_text(encoding="utf-8")


# pyspark leaves a socket to be closed by the collector after each table it takes in.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_leaves_nothing_behind(
    with_spark: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """While it lives Spark writes in one folder of its own and no value in the clear; then the folder and the Java process are gone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()
    before = dict(os.environ)
    texts = [f"PLANTED{n:06}" for n in range(200_000)]
    with open_engine(kind="spark", threads=2, memory_gib=0.5) as engine:
        engine.put("t", pa.table({"a": texts}))
        engine.run(Query("u", ("t",), "SELECT a, count(*) AS n FROM t GROUP BY a"))
        assert engine.count("u") == len(texts)
        (folder,) = (tmp_path / "temporary").iterdir()
        assert folder.stat().st_mode & 0o077 == 0, "nobody else may look"
        written = [path for path in folder.rglob("*") if path.is_file()]
        assert any(path.suffix == ".data" for path in written), "a shuffle was written, or nothing is shown"
        assert not [path.name for path in written if b"PLANTED" in path.read_bytes()]
        process = java_of(engine)
    assert process.poll() is not None
    assert [path.name for path in tmp_path.iterdir()] == ["temporary"]
    assert not list((tmp_path / "temporary").iterdir())
    assert dict(os.environ) == before
    assert "".join(capfd.readouterr()) == ""


@here
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_java_that_does_not_start_is_said(with_spark: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where Java is there but ends at once, the run stops with a sentence and leaves no folder."""
    java = made_java(tmp_path / "home", 'version "17"')
    java.write_text(java.read_text(encoding="ascii") + '[ "$1" = "-version" ]\n', encoding="ascii")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_engine(kind="spark", threads=1) as engine, pytest.raises(OurFault, match="did not start"):
        engine.put("t", pa.table({"a": [1]}))
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_listens_on_this_machine_alone(with_spark: None) -> None:
    """Every door that Spark opens is on the loopback address."""
    if not Path("/proc/net/tcp").exists():
        pytest.skip("this system does not list its doors under /proc")
    with open_engine(kind="spark", threads=1, memory_gib=0.5) as engine:
        engine.put("t", pa.table({"a": [1]}))
        doors = listening(java_of(engine).pid)
    assert doors, "Spark listens somewhere, or nothing is shown"
    assert all(address.endswith(("0100007F", "00000000000000000000000001000000")) for address in doors), doors


def listening(pid: int) -> set[str]:
    """Addresses, in hexadecimal as the system writes them, on which a process waits for others."""
    held = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and f"socket:[{parts[9]}]" in held:
                found.add(parts[1].split(":")[0])
    return found
