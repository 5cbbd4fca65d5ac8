"""Findings of the checks: shown, written by row and column, accepted with a reason, open again when there is more."""

from __future__ import annotations

import csv
import html
import json
import re
from pathlib import Path

import pytest
from made_authority import Secrets, copy_of, events, real_study, run_study, say

from hearthlink.study import policy

CENSUS = "cin_2019_20.xml"
REASON = "The system of before held no source"


@pytest.fixture(scope="module")
def received(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council's study with its extracts received and checked, whose census has one source of referral that is no code. To be copied."""
    folder = real_study(tmp_path_factory.mktemp("checking") / "study", practice / "in")
    spoil(folder)
    run_study(folder, "check")
    return folder


@pytest.fixture
def study(received: Path, tmp_path: Path) -> Path:
    """A copy of that study, to be checked."""
    return copy_of(received, tmp_path / "study")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a site's policy, where this machine would look for it."""
    path = tmp_path / "site" / "policy.toml"
    path.parent.mkdir()
    monkeypatch.setattr(policy, "policy_files", lambda: (path,))
    return path


def spoil(folder: Path) -> None:
    """Write a source of referral that is no code in place of the first that is one."""
    path = folder / "in" / CENSUS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("<ReferralSource>6<", "<ReferralSource>ZZ<", 1), encoding="utf-8")


def found(folder: Path, code: str) -> dict[str, object]:
    """What a check found, from the command's own JSON."""
    told = json.loads(say("check", folder, "--json").out)
    (one,) = [one for one in (*told["findings"], *told["census"]) if one["code"] == code]
    return one


def page_of(folder: Path) -> str:
    return (folder / "findings" / "checks.html").read_text(encoding="utf-8")


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "checks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_findings_name_rows_and_columns_and_no_value(study: Path, secrets: Secrets) -> None:
    """The summary, the page and the table say where to look, and hold nothing of what stands there."""
    done = say("check", study)
    assert (done.code, done.err) == (0, "")
    assert "(8866)" in done.out
    (row,) = [row for row in rows_of(study / "findings") if row["code"] == "8866"]
    lines = (study / "in" / CENSUS).read_text(encoding="utf-8").splitlines()
    begun = int(row["line"])
    assert "<CINdetails>" in lines[begun - 1]
    assert "ZZ" in "".join(lines[begun : begun + 4])
    assert (row["severity"], row["file"], row["table"], row["column"]) == (
        "error", CENSUS, "CINdetails", "ReferralSource",
    )  # fmt: skip
    page = page_of(study)
    assert f"1 place; line {row['line']}" in page
    told = done.out + page + (study / "findings" / "checks.csv").read_text(encoding="utf-8")
    assert secrets.in_text(told) == {}
    assert "<script" not in page
    assert "//" not in page


def test_an_accepted_finding_is_shown_with_its_reason(study: Path, site: Path) -> None:
    """It is told no longer among what is open; its reason is on the page and nowhere else, and the ledger has its code and count."""
    done = say("check", study, "--accept", "8866", "--reason", REASON, "--by", "AB")
    assert done.code == 0
    assert "(8866)" not in done.out
    assert found(study, "8866")["open"] is False
    page = page_of(study)
    assert REASON in page
    assert "by AB when there were 1" in page
    accepted = [event for event in events(study) if "accepted 8866" in event["counts"]]  # type: ignore[operator]
    assert [event["counts"] for event in accepted] == [{"accepted 8866": 1}]
    plain = [path for path in study.rglob("*") if path.is_file() and path.name != "checks.html"]
    assert not any(REASON.encode() in path.read_bytes() for path in plain)


def test_more_of_it_opens_it_again(study: Path) -> None:
    """Where more is found than was accepted it counts as open, and the reason of before is still told."""
    say("check", study, "--accept", "8866", "--reason", REASON)
    spoil(study)
    one = found(study, "8866")
    assert (one["found"], one["open"]) == (2, True)
    assert "Open again" in say("check", study).out


def test_what_was_accepted_can_be_withdrawn(study: Path) -> None:
    """After it is withdrawn the finding is open, and withdrawing again is wrong use."""
    say("check", study, "--accept", "8866", "--reason", REASON)
    assert say("check", study, "--withdraw", "8866").code == 0
    assert found(study, "8866")["open"] is True
    again = say("check", study, "--withdraw", "8866")
    assert again.code == 2
    assert "not accepted" in again.err


WRONG = (
    (("--accept", "8867Q", "--reason", "x"), "Did you mean 8867?"),
    (("--accept", "8866"), "reason"),
    (("--accept", "8866", "--reason", "x" * 500), "reason"),
    (("--accept", "8816", "--reason", "x"), "found nothing"),
    (("--out", "somewhere"), "This is a study"),
)


@pytest.mark.parametrize(("arguments", "says"), WRONG)
def test_what_cannot_be_accepted_is_said(study: Path, arguments: tuple[str, ...], says: str) -> None:
    """An unknown code, no reason, or a check that found nothing is wrong use, and nothing is accepted."""
    done = say("check", study, *arguments)
    assert done.code == 2
    assert says in done.err
    ledger = study / "ledger.jsonl"
    assert not ledger.exists() or '"accepted' not in ledger.read_text(encoding="utf-8")


def test_what_stops_a_run_cannot_be_accepted_away(study: Path) -> None:
    """The run stops with exit code 1 all the same, and the page of findings is there to be read."""
    persons = study / "in" / "ssd" / "ssd_person.csv"
    head, *rows = persons.read_text(encoding="utf-8").splitlines()
    place = head.split(",").index("pers_dob")
    blank = [",".join("" if n == place else cell for n, cell in enumerate(row.split(","))) for row in rows]
    persons.write_text("\n".join([head, *blank, ""]), encoding="utf-8")
    census = study / "in" / CENSUS
    text = census.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if "<PersonBirthDate>" not in line]
    census.write_text("".join(lines), encoding="utf-8")
    done = say("check", study, "--accept", "every_child_birth_date_missing", "--reason", "x")
    assert done.code == 1
    assert "checks.html" in done.err
    assert "every_child_birth_date_missing" in page_of(study)
    assert "What stops the run" in page_of(study)


def test_a_census_is_asked_without_a_study(study: Path, tmp_path: Path, secrets: Secrets) -> None:
    """Its XML alone is enough: no permission, and beside the findings only a ledger of counts."""
    out = tmp_path / "out"
    done = say("check", study / "in" / CENSUS, "--out", out)
    assert (done.code, done.err) == (0, "")
    assert "8866" in {row["code"] for row in rows_of(out)}
    assert {path.name for path in out.iterdir()} == {"checks.html", "checks.csv", "checks.ledger.jsonl"}
    assert secrets.in_text("".join(path.read_text(encoding="utf-8") for path in out.iterdir())) == {}


def test_flat_tables_are_asked_by_the_rules_of_a_year(tmp_path: Path) -> None:
    """A folder of flat tables does as well; a rule of later years is asked where that year is."""
    folder = tmp_path / "flat"
    folder.mkdir()
    (folder / "ChildIdentifiers.csv").write_text("LAchildID,PersonBirthDate\n1-2,01/02/2015\n", encoding="utf-8")
    (folder / "CINdetails.csv").write_text(
        "LAchildID,CINdetailsID,CINreferralDate,ReferralNFA\n1-2,1,01/02/2020,nought\n", encoding="utf-8"
    )
    codes: list[set[str]] = []
    for year in ("2019-20", "2024-25"):
        assert say("check", folder, "--year", year, "--out", tmp_path / year, "--quiet").out == ""
        codes.append({row["code"] for row in rows_of(tmp_path / year)})
    assert "8568" in codes[0] & codes[1]
    assert [("1580" in found_then) for found_then in codes] == [False, True]
    files = {row["file"] for row in rows_of(tmp_path / "2024-25") if row["code"] == "8568"}
    assert files == {"CINdetails.csv"}


def test_a_line_is_named_with_the_file_that_it_is_of(tmp_path: Path) -> None:
    """Factors that stand with their assessments are looked for there; a file may be called as other tools call it."""
    folder = tmp_path / "flat"
    folder.mkdir()
    said = {
        "ChildIdentifiers": "LAchildID,PersonBirthDate\n1-2,01/02/2015\n",
        "CINdetails": "LAchildID,CINdetailsID,CINreferralDate,ReferralNFA\n1-2,1,01/05/2024,0\n",
        "Assessments": "LAchildID,CINdetailsID,AssessmentID,AssessmentActualStartDate,AssessmentFactors\n"
        "1-2,1,1,02/05/2024,2A\n1-2,1,2,03/06/2024,\"['18A', '2A']\"\n",
        "CIN_plan_dates": "LAchildID,CINdetailsID,CINPlanStartDate,CINPlanEndDate\n1-2,1,01/05/2024,01/04/2024\n",
    }
    for name, text in said.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    say("check", folder, "--year", "2024-25", "--out", tmp_path / "out", "--quiet")
    places = {(row["code"], row["file"], row["line"]) for row in rows_of(tmp_path / "out")}
    assert ("8945Q", "Assessments.csv", "3") in places
    assert ("4011", "CIN_plan_dates.csv", "2") in places


def test_rules_that_were_not_asked_are_said_so(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No finding and no question are two things: the screen and the page tell them apart."""
    assert "were not asked" not in say("check", study).out
    monkeypatch.setattr("hearthlink.study.checking.checking.census_asked", lambda files: None)
    assert "The rules of the census were not asked" in say("check", study).out
    assert "The rules of the census were not asked" in page_of(study)


def test_a_file_name_is_no_formula(study: Path, tmp_path: Path) -> None:
    """A spreadsheet that opens the table runs nothing."""
    census = tmp_path / "=cmd.xml"
    census.write_bytes((study / "in" / CENSUS).read_bytes())
    say("check", census, "--out", tmp_path / "out")
    assert {row["file"][:2] for row in rows_of(tmp_path / "out")} == {"'="}


@pytest.mark.parametrize(("forbids", "what"), [("findings", "study"), ("check", "census")])
def test_a_site_can_forbid_it(study: Path, site: Path, tmp_path: Path, forbids: str, what: str) -> None:
    """A policy that names it stops it with exit code 3, and no finding is written."""
    site.write_text(f'forbid = ["{forbids}"]', encoding="utf-8")
    path = study if what == "study" else study / "in" / CENSUS
    done = say("check", path, *(() if what == "study" else ("--out", tmp_path / "out")))
    assert done.code == 3
    assert not (study / "findings").exists()
    assert not (tmp_path / "out").exists()


def test_what_was_read_is_said_file_by_file(study: Path) -> None:
    """The screen says how many records each source gave; the page names every file, and what was set aside or noted and how many."""
    read = json.loads(say("check", study, "--json").out)["read"]
    assert {one["source"] for one in read} >= {"cin", "ssd", "shbe", "cts"}
    page = html.unescape(page_of(study))
    for one in read:
        assert one["file"] in page
        assert all(words in page for words in one["told"])
    (census,) = [one for one in read if one["source"] == "cin"]
    assert f"{census['records']:,}  {CENSUS}" in say("check", study).out


def test_what_was_read_of_a_census_alone_is_said(study: Path, tmp_path: Path) -> None:
    """Outside a study too: how many children, and by which year's rules."""
    told = say("check", study / "in" / CENSUS, "--out", tmp_path / "out").out
    children = (study / "in" / CENSUS).read_text(encoding="utf-8").count("<Child>")
    assert f"Records read (rules of 2019-20)\n    {children:,}  {CENSUS}" in told


def test_flat_tables_without_a_header_have_the_year_of_their_study(tmp_path: Path) -> None:
    """Where nothing in the tables says the year, the rules are those of the study they lie in; out of any study, the latest."""
    rows = "LAchildID,PersonBirthDate\n4001,2010-01-01\n"
    periods: list[str] = []
    for within in (True, False):
        home = tmp_path / ("study" if within else "elsewhere")
        folder = home / "in" / "flat"
        folder.mkdir(parents=True)
        if within:
            (home / "study.toml").write_text('name = "A"\nauthority = "A"\nyear = "2018-19"\n', encoding="utf-8")
        (folder / "ChildIdentifiers.csv").write_text(rows, encoding="utf-8")
        (folder / "CINdetails.csv").write_text("LAchildID,CINreferralDate\n4001,2018-06-01\n", encoding="utf-8")
        assert say("check", folder, "--out", tmp_path / f"out{within}").code == 0
        page = (tmp_path / f"out{within}" / "checks.html").read_text(encoding="utf-8")
        periods += re.findall(r"rules of (\d{4}-\d\d)", page)[:1]
    assert periods == ["2018-19", "2026-27"]


def test_one_flat_table_alone_is_no_census(tmp_path: Path) -> None:
    """It is not taken for broken XML: the message asks for the folder it lies in."""
    (tmp_path / "CINdetails.csv").write_text("LAchildID,CINreferralDate\n", encoding="utf-8")
    done = say("check", tmp_path / "CINdetails.csv", "--out", tmp_path / "out")
    assert done.code == 2
    assert "the folder of all its flat tables" in done.err
    assert not (tmp_path / "out").exists()
