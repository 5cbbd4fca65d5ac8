"""A study whose referrals and what followed come wholly by mapping: from a supplier's files or by query, checked and linked as a census is."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest
from made_activity import Grid, grids, mapping
from made_authority import link_digests, permit, real_study, run_study, say, table

from hearthlink.sources.activity.flat import read_flat

TOLD = ("child", "referral", "assessment", "section47", "protection_plan", "child_referral", "child_identifier")


def rows_of(study: Path) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    """What was received of children and of what happened, but for keys drawn afresh."""
    return {
        name: sorted(
            tuple(sorted((n, str(v)) for n, v in row.items() if not n.endswith("key")))
            for row in table(study, name).to_pylist()
        )
        for name in TOLD
    }


def certain(study: Path) -> list[float]:
    """How probable each child's link is, whoever's the key of the household."""
    return sorted(round(p, 6) for p in table(study, "link").column("p_household").to_pylist())


@pytest.fixture(scope="module")
def held(practice: Path) -> dict[str, Grid]:
    """The practice authority's census in a supplier's words."""
    (path,) = (practice / "in").glob("*.xml")
    return grids(read_flat([path], "cin").tables)


def without_census(folder: Path, practice: Path, held: dict[str, Grid], source: str) -> Path:
    """A council's study in which no census lies, and each table is named; `source` says from where, by the table's name and columns."""
    study = real_study(folder, practice / "in")
    for path in (study / "in").glob("*.xml"):
        path.unlink()
    (study / "maps").mkdir(exist_ok=True)
    (study / "maps" / "case.toml").write_text(mapping(held), encoding="utf-8")
    lines = "".join(
        f'\n[[source]]\ntable = "{name}"\nmapping = "case.toml"\n'
        + source.format(name=name, columns=", ".join(f"[{header}]" for header in grid[0]))
        for name, grid in held.items()
    )
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write(lines)
    return study


@pytest.fixture
def mapped(tmp_path: Path, practice: Path, held: dict[str, Grid]) -> Path:
    """A study over a supplier's files."""
    study = without_census(tmp_path / "mapped", practice, held, 'file = "case/{name}.csv"\n')
    (study / "in" / "case").mkdir()
    for name, grid in held.items():
        with (study / "in" / "case" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(grid)
    permit(study)
    return study


def test_a_study_by_mapping_runs_to_its_links(mapped: Path, real: Path) -> None:
    """Without any census the same children, referrals and what followed are received, and the links are as many and as sure."""
    run_study(mapped, "link")
    assert rows_of(mapped) == rows_of(real)
    assert set(link_digests(mapped)) == set(link_digests(real))
    assert table(mapped, "link").num_rows == table(real, "link").num_rows
    assert certain(mapped) == certain(real)
    receipt = {row["file"] for row in table(mapped, "receipt").to_pylist() if row["source"] == "activity"}
    assert {"referral.csv", "cin_child.csv", "assessment.csv"} <= receipt


def test_the_rules_of_the_census_are_asked_of_a_supplier_s_files(mapped: Path) -> None:
    """`hearthlink check` finds a referral whose need is lacking in the supplier's own file, and names file and line."""
    path = mapped / "in" / "case" / "referral.csv"
    headers, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    place = next(n for n, row in enumerate(rows) if row[headers.index("REF primary need X")])
    rows[place][headers.index("REF primary need X")] = ""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    told = json.loads(say("check", mapped, "--json").out)
    assert told["unasked"] == ""
    assert "8610" in {one["code"] for one in told["census"]}
    table_ = list(csv.DictReader((mapped / "findings" / "checks.csv").read_text(encoding="utf-8-sig").splitlines()))
    found = [row for row in table_ if row["code"] == "8610"]
    assert ("referral.csv", str(place + 2)) in {(row["file"], row["line"]) for row in found}


def test_queries_give_the_same_and_are_checked_as_they_are_received(
    tmp_path: Path, practice: Path, held: dict[str, Grid], real: Path
) -> None:
    """By query too the same is received. `receive`, which alone may open a database, asks the census's rules, and `check` shows what they found."""
    source = 'database = "case"\nquery = "SELECT {columns} FROM {name}"\n'
    study = without_census(tmp_path / "asked", practice, held, source)
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write('\n[database.case]\nurl = "sqlite:///case.db"\n')
    permit(study)
    with sqlite3.connect(study / "case.db") as made:
        for name, (headers, *rows) in held.items():
            made.execute(f"create table {name} ({', '.join(f'[{h}]' for h in headers)})")
            made.executemany(f"insert into {name} values ({', '.join('?' * len(headers))})", rows)
    made.close()
    run_study(study, "check")
    assert rows_of(study) == rows_of(real)
    with sqlite3.connect(study / "case.db") as made:
        (row,) = made.execute("select min(rowid) from referral where [REF primary need X] <> ''").fetchone()
        made.execute("update referral set [REF primary need X] = '' where rowid = ?", (row,))
    made.close()
    told = json.loads(say("check", study, "--json").out)
    assert told["unasked"] == ""
    assert "8610" in {one["code"] for one in told["census"]}
    lines = (study / "findings" / "checks.csv").read_text(encoding="utf-8-sig").splitlines()
    found = {(one["file"], one["line"]) for one in csv.DictReader(lines) if one["code"] == "8610"}
    assert ("database case, referral", str(row)) in found


def test_what_a_supplier_s_file_lacks_is_said_before_anything_is_kept(mapped: Path) -> None:
    """A mapped column that the file has not is told by file, line and column; nothing is received, and no value is quoted."""
    path = mapped / "in" / "case" / "assessment.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("ASS assessment start date X", "BEGUN", 1), encoding="utf-8"
    )
    done = say("receive", mapped)
    assert done.code == 1
    assert "assessment.csv" in done.err
    assert "ASS assessment start date X" in done.err
    assert not (mapped / "rooms" / "content").exists() or not list((mapped / "rooms" / "content").iterdir())
