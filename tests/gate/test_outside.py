"""Outside tables: those that the protocol registers, by what is in them, and no other."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hearthlink.errors import Refused
from hearthlink.governance.protocol import OutsideLines, ProtocolLines, digest_of, problems
from hearthlink.study.outside import outside_tables
from hearthlink.study.study import Study, StudyLines

TABLE = b"source,topic,group,children\nthe department,age,Under 1,120\n"
DIGEST = hashlib.sha256(TABLE).hexdigest()


def study(folder: Path, *registered: OutsideLines, protocol: bool = True) -> Study:
    """A study with one outside table in its folder, and a protocol that registers some."""
    (folder / "outside").mkdir()
    (folder / "outside" / "department.csv").write_bytes(TABLE)
    lines = StudyLines(name="A", authority="A", year="2019-20")
    return Study(folder, lines, ProtocolLines(version=1, outside=registered) if protocol else None)


def test_a_registered_table_is_read_as_it_was_signed(tmp_path: Path) -> None:
    """The file whose SHA-256 the protocol holds is handed to the output checks."""
    made = study(tmp_path, OutsideLines(file="department.csv", sha256=DIGEST, what="by age"))
    assert outside_tables(made) == [("department.csv", TABLE)]


def test_made_up_data_need_no_registration_and_no_folder(tmp_path: Path) -> None:
    """A practice study may have any outside table, and need have none."""
    assert outside_tables(study(tmp_path, protocol=False)) == [("department.csv", TABLE)]
    assert outside_tables(Study(tmp_path / "other", StudyLines(name="A", authority="A", year="2019-20"))) == []


@pytest.mark.parametrize("how", ["unregistered", "changed", "missing", "link", "no table"])
def test_any_other_table_is_refused_and_nothing_is_cleared(tmp_path: Path, how: str) -> None:
    """One that is not registered, was changed, is missing, is a link or no CSV file stops the clearing."""
    good = OutsideLines(file="department.csv", sha256=DIGEST, what="by age")
    made = study(tmp_path, *(() if how == "unregistered" else (good,)))
    path = tmp_path / "outside" / "department.csv"
    if how == "changed":
        path.write_bytes(TABLE.replace(b"120", b"121"))
    elif how == "missing":
        path.unlink()
    elif how == "link":
        path.rename(tmp_path / "elsewhere.csv")
        path.symlink_to(tmp_path / "elsewhere.csv")
    elif how == "no table":
        (tmp_path / "outside" / "notes.docx").write_bytes(b"x")
    with pytest.raises(Refused, match="outside"):
        outside_tables(made)


def test_a_protocol_that_registers_none_has_the_digest_it_had() -> None:
    """The new section changes no protocol that leaves it out."""
    assert digest_of(ProtocolLines(version=3)) == digest_of(ProtocolLines(version=3, outside=()))
    one = OutsideLines(file="department.csv", sha256=DIGEST, what="by age")
    assert digest_of(ProtocolLines(version=3, outside=(one,))) != digest_of(ProtocolLines(version=3))


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        (OutsideLines(file="../keys/a.csv", sha256=DIGEST, what="x"), "no name of a CSV file"),
        (OutsideLines(file="a.csv", sha256="12", what="x"), "no SHA-256"),
        (OutsideLines(file="a.csv", sha256=DIGEST, what=" "), "is empty"),
    ],
)
def test_a_registration_that_is_not_whole_is_a_problem_of_the_protocol(line: OutsideLines, lacks: str) -> None:
    """A path out of the folder, a digest that is none, or no word of what the table is."""
    assert any(lacks in problem for problem in problems(ProtocolLines(version=1, outside=(line,))))
