"""Receiving and comparing give the same tables on both engines, over authorities nobody chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from made_academy import academy_files
from made_extracts import claim, dependant, extracts, months, write

from hearthlink.engine import Engine, open_engine, require_engine
from hearthlink.errors import WrongUse
from hearthlink.governance import Permit, Role
from hearthlink.linkage import agreement
from hearthlink.sources import receive, source_files
from hearthlink.study import Settings, make_practice, open_study, run
from hearthlink.study.steps import STEPS
from hearthlink.study.store import open_store
from hearthlink.tables.catalogue import ALL_TABLES

# pyspark leaves a socket to be closed by the collector after each table it takes in.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    """Spark, where it is installed."""
    try:
        require_engine("spark")
    except WrongUse as missing:
        pytest.skip(missing.what)
    with open_engine(kind="spark", threads=2, memory_gib=1) as engine:
        yield engine


@pytest.mark.parametrize(("seed", "errors"), [(11, 1.0), (12, 4.0)])
def test_both_engines_compare_alike(spark: Engine, tmp_path: Path, seed: int, errors: float) -> None:
    """Candidate pairs and agreement patterns are the same table, rows in the same order, to the last bit."""
    tables = standardised(tmp_path, Settings(seed=seed, children=60, households=120, error_scale=errors))
    with open_engine(threads=2) as engine:
        ours = agreement(engine, tables, progress=lambda words, share: None)
    theirs = agreement(spark, tables, progress=lambda words, share: None)
    for name, table in ours.items():
        assert table.num_rows
        assert theirs[name].schema.equals(table.schema), name
        assert theirs[name].combine_chunks().equals(table.combine_chunks()), name


def standardised(folder: Path, settings: Settings) -> dict[str, pa.Table]:
    """The tables that comparing reads."""
    make_practice(folder, settings)
    study = open_study(folder)
    run(study, clock=partial(datetime.now, UTC), upto="standardise")
    store = open_store(study)
    reader = Permit("test", Role.CUSTODIAN, frozenset(ALL_TABLES), frozenset())
    (compare,) = [step for step in STEPS if step.name == "compare"]
    return {spec.name: store.load(spec, reader) for spec in compare.reads}


def test_both_engines_receive_alike(spark: Engine, tmp_path: Path) -> None:
    """Households, awards, circumstances and who goes on as whom are the same tables, whichever extract tells them."""
    before, after = [claim("H1", f4="QA123451A"), dependant()], [claim("H2", f4="QA123451A"), dependant("H2")]
    ended = [claim("H1", f33="0", f202="20-08-2019", f4="QA123451A"), dependant()]
    folder = write(tmp_path, {**extracts(shbe=months({0: before, 5: ended, 6: after})), **academy_files()})
    with open_engine(threads=2) as engine:
        expected = receive(engine, source_files(folder), year="2019-20", new_key=lambda n: range(1, n + 1))
    made = receive(spark, source_files(folder), year="2019-20", new_key=lambda n: range(1, n + 1))
    assert expected["household_followed"].num_rows == 1
    assert [name for name, table in expected.items() if not table.equals(made[name])] == []
