"""Whatever a query says, the database reads no file, writes none, loads nothing, and cannot be told otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthlink.engine.duck import DuckDatabase, Fault

REACHES = {
    "a file": "SELECT * FROM read_csv('{place}/claims.csv')",
    "a file in the place of a table": "SELECT * FROM '{place}/claims.csv'",
    "a text": "SELECT * FROM read_text('{place}/claims.csv')",
    "a list of files": "SELECT * FROM glob('{place}/*')",
    "an address": "SELECT * FROM read_csv('http://192.0.2.1/claims.csv')",
}
CHANGES = {
    "a copy": "COPY (SELECT 1) TO '{place}/out.csv'",
    "another database": "ATTACH '{place}/other.db'",
    "an extension": "INSTALL httpfs",
    "a setting": "SET enable_external_access = true",
    "a place to spill": "SET temp_directory = '{place}'",
}


def test_the_database_opens_no_file_and_lets_nothing_be_opened_again(tmp_path: Path) -> None:
    """Each way to reach out of memory is refused, in words that quote nothing, and nothing is left on the disk."""
    (tmp_path / "claims.csv").write_text("CANARY\n1\n", encoding="utf-8")
    database = DuckDatabase(threads=1)
    for sql in REACHES.values():
        with pytest.raises(Fault) as told:
            database.answer(sql.format(place=tmp_path))
        assert "CANARY" not in str(told.value)
        assert str(tmp_path) not in str(told.value)
    for sql in CHANGES.values():
        with pytest.raises(Fault):
            database.answer(sql.format(place=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["claims.csv"]
    assert database.answer("SELECT 1 AS one").num_rows == 1
    database.close()
