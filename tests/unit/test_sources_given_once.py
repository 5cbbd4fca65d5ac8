"""A table that study.toml names is not read a second time by the folder in which it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.files import Given, source_files


def folder(tmp_path: Path) -> Path:
    """Extracts found by their names alone: none of them is opened."""
    for name in ("cin_2019_20.xml", "identifiers/child_person.csv", "cts/person_period.csv", "revenues/members.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize("name", ["cts/person_period.csv", "cts"])
def test_a_table_of_claims_out_of_a_folder_read_by_itself_is_refused(tmp_path: Path, name: str) -> None:
    """Its claims would count twice; the message says what to move."""
    where = folder(tmp_path)
    with pytest.raises(DataProblem, match="read twice") as refused:
        source_files(where, [Given("claim_person", where / name)])
    assert refused.value.file == Path(name).name


def test_a_table_out_of_a_folder_of_another_name_is_taken(tmp_path: Path) -> None:
    """Beside the folder that is read by itself, for claims of two systems are brought together."""
    where = folder(tmp_path)
    given = Given("claim_person", where / "revenues" / "members.csv")
    assert source_files(where, [given]).given == (given,)
