"""A study whose benefits come from a supplier nobody knows: mapped, named in study.toml, received, and the same in every table."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from made_authority import copy_of, permit, real_study, run_study, say, table

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.sources.claims.told_twice import AGAIN

ROLES = {"claimant": "C", "partner": "P", "dependant": "D", "non-dependant": "N"}
PERIODS = {
    "claim_ref": "CLAIM NO", "uprn": "PROP UPRN", "address_1": "ADDR 1", "address_2": "ADDR 2", "address_3": "ADDR 3", "address_4": "ADDR 4",
    "postcode": "PCODE", "from_date": "EFF FROM", "to_date": "EFF TO", "claim_type": "SCHEME TYPE", "status": "CLAIM STATUS",
    "ctr_weekly_award": "WEEKLY CTR", "passport_benefit": "PASSPORTED BENEFIT",
}  # fmt: skip
PERSONS = {
    "claim_ref": "CLAIM NO", "person_ref": "PERSON REF", "role": "RELATIONSHIP TO CLAIMANT", "forename": "FORENAME", "other_names": "MIDDLE NAME",
    "surname": "SURNAME", "dob": "DATE OF BIRTH", "sex": "GENDER", "from_date": "EFF FROM", "to_date": "EFF TO",
}  # fmt: skip
CODES = 'codes = { C = "claimant", P = "partner", D = "dependant", N = "non_dependant" }'


def american(text: str) -> str:
    """01/04/2019 with the month first."""
    return re.sub(r"^(\d\d)/(\d\d)/(\d{4})$", r"\2/\1/\3", text)


def rows_of(path: Path, names: dict[str, str]) -> tuple[list[str], list[list[str]]]:
    """A table of the authority in the supplier's words."""
    with path.open(encoding="utf-8", newline="") as file:
        held = list(csv.DictReader(file))
    change: dict[str, Callable[[str], str]] = {"role": lambda text: ROLES[text]}
    return list(names.values()), [
        [change.get(ours, american if "date" in ours or ours == "dob" else str)(row[ours]) for ours in names]
        for row in held
    ]


@pytest.fixture
def study(practice: Path, tmp_path: Path) -> Path:
    """A council's study whose council tax support lies in a supplier's export, in files of other words, marks and dates."""
    made = real_study(tmp_path / "study", practice / "in")
    (made / "in" / "revenues").mkdir()
    for name, names in (("household_period", PERIODS), ("person_period", PERSONS)):
        headers, rows = rows_of(made / "in" / "cts" / f"{name}.csv", names)
        text = io.StringIO(newline="")
        csv.writer(text, delimiter="|").writerows([headers, *rows])
        (made / "in" / "revenues" / f"{'claims' if 'house' in name else 'people'}.txt").write_bytes(
            text.getvalue().encode("utf-16")
        )
    shutil.rmtree(made / "in" / "cts")
    permit(made)
    return made


def mapped(study: Path) -> None:
    """The mapping guessed, the one doubt in it settled by hand, and both tables named in study.toml."""
    out = study / "maps" / "revenues.toml"
    assert say("map", study / "in" / "revenues", "--out", out, "--yes").code == 0
    text = out.read_text(encoding="utf-8")
    (role,) = re.findall(r"^role = .*$", text, flags=re.MULTILINE)
    out.write_text(text.replace(role, f'role = {{ column = "RELATIONSHIP TO CLAIMANT", {CODES} }}'), encoding="utf-8")
    named = "".join(
        f'\n[[source]]\ntable = "{name}"\nfile = "revenues"\nmapping = "revenues.toml"\n'
        for name in ("claim_period", "claim_person")
    )
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write(named)
    permit(study)


def people(study: Path) -> dict[str, list[tuple[str, ...]]]:
    """What was received of households, but for ids drawn afresh."""
    wanted = {
        "household_identifier": ("first_date", "last_date", "dependants_stated"),
        "household_member": ("role", "forename", "surname", "birth_date", "sex", "start_date", "end_date"),
        "household_residence": ("start_date", "end_date", "address", "postcode", "uprn"),
    }
    return {
        name: sorted(tuple(str(row[column]) for column in columns) for row in table(study, name).to_pylist())
        for name, columns in wanted.items()
    }


def test_a_mapped_supplier_gives_the_tables_of_the_documented_layout(study: Path, real: Path) -> None:
    """Guessed, mended in one line and named in study.toml, the export gives the same people and spells as the layout it was made from."""
    mapped(study)
    run_study(study, "receive")
    assert people(study) == people(real)
    receipt = {row["file"]: row for row in table(study, "receipt").to_pylist() if row["reason"] == "kept"}
    assert {"claims.txt", "people.txt"} <= set(receipt)


def test_a_query_gives_the_same(study: Path, real: Path) -> None:
    """The same tables out of a database, by two queries and the same mapping, give the same again."""
    mapped(study)
    with sqlite3.connect(study / "revenues.db") as made:
        for name in ("claims", "people"):
            text = (study / "in" / "revenues" / f"{name}.txt").read_bytes().decode("utf-16")
            headers, *rows = csv.reader(io.StringIO(text, newline=""), delimiter="|")
            made.execute(f"create table {name} ({', '.join(f'[{h}]' for h in headers)})")
            made.executemany(f"insert into {name} values ({', '.join('?' * len(headers))})", rows)
    made.close()
    shutil.rmtree(study / "in" / "revenues")
    toml = study / "study.toml"
    text = toml.read_text(encoding="utf-8")
    for names, source, table_ in ((PERIODS, "claim_period", "claims"), (PERSONS, "claim_person", "people")):
        query = f"SELECT {', '.join(f'[{h}]' for h in names.values())} FROM {table_}"
        text = text.replace(
            f'table = "{source}"\nfile = "revenues"', f'table = "{source}"\ndatabase = "revenues"\nquery = "{query}"'
        )
    toml.write_text(text + '\n[database.revenues]\nurl = "sqlite:///revenues.db"\n', encoding="utf-8")
    permit(study)
    run_study(study, "receive")
    assert people(study) == people(real)


def test_claims_that_a_database_and_a_folder_both_tell_are_counted(study: Path, practice: Path, real: Path) -> None:
    """Given by a supplier and lying in `cts` too, the same claims make the same households, and the receipt says how many were told twice."""
    mapped(study)
    (study / "in" / "revenues").rename(study / "in" / "exported")
    toml = study / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"revenues"', '"exported"'), encoding="utf-8")
    shutil.copytree(practice / "in" / "cts", study / "in" / "cts")
    permit(study)
    run_study(study, "receive")
    assert people(study) == people(real)
    receipt = table(study, "receipt").to_pylist()
    kept = {row["file"]: row["rows_in"] for row in receipt if row["reason"] == "kept"}
    again = {row["file"]: row["rows_kept"] for row in receipt if row["reason"] == AGAIN}
    assert again == {file: kept[file] for file in ("claims.txt", "people.txt")}


def test_what_is_wrong_stops_the_run_before_a_table_is_made(study: Path, tmp_path: Path) -> None:
    """A mapping mended wrongly, and one whose column the file lacks, stop with the line and the column, and quote no value."""
    mapped(study)
    out = study / "maps" / "revenues.toml"
    good = out.read_text(encoding="utf-8")
    for old, new, stop, words in (
        ('claim_ref = "CLAIM NO"', 'claim_reff = "CLAIM NO"', WrongUse, "Did you mean claim_ref?"),
        ('"CLAIM NO"', '"CLAIM NUM"', DataProblem, 'The closest header is "CLAIM NO"'),
        ('file = "claims"', 'file = "../claims"', WrongUse, "within the folder"),
    ):
        out.write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(stop) as problem:
            run_study(study, "receive")
        assert words in str(problem.value)
        assert problem.value.line is not None
    assert copy_of(study, tmp_path / "again")
