"""Spark on this machine, with nothing of a study in the clear on its disk and no door to another machine.

Tables that are put or kept lie in Spark's block store: in memory, and on disk where memory runs out. Whatever it writes there, it
seals with a key that it draws when it starts and that dies with it. Its log is off, for a log line may quote a value.
"""

# pyright: reportMissingModuleSource=false
# The source of pyspark is there only where Spark is used; typings/ says what is asked of it.

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.logger import PySparkLogger
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import arrow_udf

from hearthlink.engine.database import Fault
from hearthlink.engine.spark_measures import MEASURES, OURS
from hearthlink.engine.spark_sql import in_spark
from hearthlink.errors import WrongUse

T = TypeVar("T")

LEFT_OUT = (
    "SPARK_HOME",
    "SPARK_REMOTE",
    "SPARK_TESTING",
    "PYSPARK_SUBMIT_ARGS",
    "PYSPARK_GATEWAY_PORT",
    "SPARK_LOCAL_DIRS",
)
"""What a machine may have set for another Spark, and must not speak to this one."""

TALKATIVE = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
"""Where pyspark writes the message of every failed query, values and all."""

ROWS_AT_A_TIME = 65_536
"""Rows in one Arrow batch between Spark and its Python workers."""


class SparkDatabase:
    """A Spark session with a Java process of its own, which ends with it. One at a time in a process."""

    def __init__(self, *, threads: int, memory_gib: float | None = None) -> None:
        if SparkContext._active_spark_context is not None:
            raise WrongUse(
                "A Spark session is open in this process already.", remedy="Stop it first, or run Hearthlink by itself."
            )
        self._folder = Path(tempfile.mkdtemp(prefix="hearthlink-spark-"))
        self._tables: dict[str, DataFrame] = {}
        for name in TALKATIVE:
            PySparkLogger.getLogger(name).disabled = True
        try:
            with _surroundings(self._folder):
                conf = SparkConf(loadDefaults=False).setAll(list(_settings(self._folder, threads, memory_gib).items()))
                self._gateway = launch_gateway(conf, {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL})
                self._session = SparkSession(SparkContext(conf=conf, gateway=self._gateway))
        except (Py4JError, PySparkException, OSError) as fault:
            kind = type(fault).__name__
        else:
            for word, (measure, type_of_value) in MEASURES.items():
                self._session.udf.register(OURS + word, arrow_udf(measure, type_of_value))
            return
        self.close()
        raise Fault(kind)

    def show(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table visible to queries under a name that is free."""
        # Spark lets go of what follows an empty piece of a table.
        self._hold(name, lambda: self._session.createDataFrame(_plain(table).combine_chunks()))

    def hide(self, name: str) -> None:
        """Undo `show`."""
        self.forget(name)

    def keep(self, name: str, sql: str) -> None:
        """Carry out a query and keep its rows under a name that is free."""
        said = in_spark(sql)
        self._hold(name, lambda: self._session.sql(said))

    def forget(self, name: str) -> None:
        """Undo `keep`."""
        held = self._tables.pop(name)
        _carried_out(lambda: self._session.catalog.dropTempView(name))
        _carried_out(lambda: held._jdf.queryExecution().logical().rdd().unpersist(False))

    def answer(self, sql: str) -> pa.Table:
        """Carry out a query and bring its rows back."""
        said = in_spark(sql)
        return _as_duckdb_has_it(_carried_out(lambda: self._session.sql(said).toArrow()))

    def close(self) -> None:
        """Forget everything: end Spark, its Java process, and the folder in which it kept what did not fit."""
        gateway = getattr(self, "_gateway", None)
        if hasattr(self, "_session"):
            with suppress(Py4JError, PySparkException, OSError):
                self._session.stop()
        if gateway is not None:
            with suppress(Py4JError, OSError):
                gateway.shutdown()
            _end(gateway.proc)
            SparkContext._gateway = None
            SparkContext._jvm = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _hold(self, name: str, make: Callable[[], DataFrame]) -> None:
        """Work a table out once and hold its rows. A checkpoint cuts the plan, which would else grow from query to query."""
        held = _carried_out(lambda: make().localCheckpoint(eager=True))
        _carried_out(lambda: held.createOrReplaceTempView(name))
        self._tables[name] = held


def _carried_out(act: Callable[[], T]) -> T:
    """Act, and tell of a fault by its kind alone."""
    try:
        return act()
    except (Py4JError, PySparkException, pa.ArrowException) as fault:
        kind = _kind_of(fault)
    raise Fault(kind)


def _kind_of(fault: Exception) -> str:
    """The name of a fault: Spark's own word for its kind, else its class. Its message may quote a value and is never read."""
    if isinstance(fault, PySparkException):
        return fault.getCondition() or type(fault).__name__
    if isinstance(fault, Py4JJavaError):
        return str(fault.java_exception.getClass().getSimpleName())
    return type(fault).__name__


def _settings(folder: Path, threads: int, memory_gib: float | None) -> dict[str, str]:
    """What Spark is told: where it may write, that it seals what it writes, and that it speaks on this machine alone."""
    java = (
        f"-Djava.io.tmpdir={folder}",
        "-Duser.timezone=UTC",
        "-XX:-UsePerfData",
        "--add-modules=jdk.incubator.vector",
    )
    return {
        "spark.app.name": "hearthlink",
        "spark.master": f"local[{threads}]",
        "spark.driver.memory": f"{round((memory_gib or _half_of_memory()) * 1024)}m",
        "spark.driver.extraJavaOptions": " ".join(java),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.authenticate": "true",
        "spark.network.crypto.enabled": "true",
        "spark.io.encryption.enabled": "true",
        "spark.io.encryption.keySizeBits": "256",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        # Spark 4.3 stops at a checkpoint over some unions, while it works out what must hold of their columns.
        "spark.sql.constraintPropagation.enabled": "false",
        "spark.sql.shuffle.partitions": str(4 * threads),
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS_AT_A_TIME),
    }


def _half_of_memory() -> float:
    """Half of this machine's memory in GiB, or 4 where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**31
    except (AttributeError, ValueError, OSError):
        return 4.0


@contextmanager
def _surroundings(folder: Path) -> Iterator[None]:
    """The environment in which Spark starts: its own settings, silence for a log, and this Python for its workers."""
    conf = folder / "conf"
    conf.mkdir()
    (conf / "log4j2.properties").write_text("rootLogger.level = off\n", encoding="ascii")
    before = dict(os.environ)
    for name in LEFT_OUT:
        os.environ.pop(name, None)
    os.environ |= {
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the Java process, which goes when nobody speaks to it any more."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _plain(table: pa.Table) -> pa.Table:
    """A table without the types that Spark does not read: dictionaries, long texts, and whole numbers without a sign."""
    return table.cast(pa.schema([(field.name, _plain_type(field.type)) for field in table.schema]))


def _as_duckdb_has_it(table: pa.Table) -> pa.Table:
    """A table with the types that DuckDB gives: any value may be missing, and a list's values go by DuckDB's name for them."""
    lists = {n: f.type for n, f in enumerate(table.schema) if pa.types.is_list(f.type)}
    columns = [
        column.cast(pa.list_(pa.field("l", lists[n].value_type))) if n in lists else column
        for n, column in enumerate(table.columns)
    ]
    return pa.Table.from_arrays(columns, names=table.column_names)


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return pa.list_(_plain_type(kind.value_type))
    wider = {pa.uint8(): pa.int16(), pa.uint16(): pa.int32(), pa.uint32(): pa.int64()}
    return wider.get(kind, kind)
