"""Bad input: one clear message, the right exit code, no value of the data in it, and earlier results as they were."""

from __future__ import annotations

import csv
import errno
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from made_authority import (
    SHBE_BIRTHS,
    Done,
    Secrets,
    bytes_below,
    call,
    copy_of,
    events,
    link_digests,
    permit,
    real_study,
    results,
    run_study,
    say,
    table,
)  # fmt: skip

Spoil = Callable[[Path], object]
CENSUS = "cin_2019_20.xml"
PERSON = "ssd/ssd_person.csv"
ADDRESS = "ssd/ssd_address.csv"
BENEFIT = "cts/person_period.csv"
HOUSEHOLD = "cts/household_period.csv"
MONTH = "shbe/SHBE_201909.txt"
POSTCODES = "geography/ONSPD_extract.csv"
DEPRIVATION = "geography/File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv"


# --- ways to spoil a file ---------------------------------------------------------------------------------------


def gone(name: str) -> Spoil:
    def spoil(extracts: Path) -> None:
        path = extracts / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return spoil


def holds(name: str, content: bytes) -> Spoil:
    return lambda extracts: (extracts / name).write_bytes(content)


def in_place_of(name: str, other: str) -> Spoil:
    return lambda extracts: shutil.copy(extracts / other, extracts / name)


def text(name: str, change: Callable[[str], str], *, write_as: str = "utf-8") -> Spoil:
    def spoil(extracts: Path) -> None:
        before = (extracts / name).read_bytes().decode("utf-8")
        after = change(before)
        (extracts / name).write_bytes(after.encode(write_as, "replace"))

    return spoil


def raw(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    return lambda extracts: (extracts / name).write_bytes(change((extracts / name).read_bytes()))


def columns(name: str, change: Callable[[list[str], list[list[str]]], list[list[str]]]) -> Spoil:
    def spoil(extracts: Path) -> None:
        with (extracts / name).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        with (extracts / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(change(header, rows))

    return spoil


def renamed(name: str, old: str, new: str) -> Spoil:
    return columns(name, lambda header, rows: [[new if h == old else h for h in header], *rows])


def without(name: str, column: str) -> Spoil:
    def change(header: list[str], rows: list[list[str]]) -> list[list[str]]:
        place = header.index(column)
        return [row[:place] + row[place + 1 :] for row in (header, *rows)]

    return columns(name, change)


def twice(name: str, column: str) -> Spoil:
    return columns(name, lambda header, rows: [[*row, row[header.index(column)]] for row in (header, *rows)])


def blank(name: str, column: str) -> Spoil:
    def change(header: list[str], rows: list[list[str]]) -> list[list[str]]:
        place = header.index(column)
        return [header, *([*row[:place], "", *row[place + 1 :]] for row in rows)]

    return columns(name, change)


def claims(change: Callable[[list[str]], list[str]]) -> Spoil:
    """Change the fields of every claim of one month."""
    return text(
        MONTH,
        lambda said: "\n".join("|".join(change(x.split("|"))) if x[:2] == "D|" else x for x in said.split("\n")),
    )


def in_turn(*spoils: Spoil) -> Spoil:
    def spoil(extracts: Path) -> None:
        for one in spoils:
            one(extracts)

    return spoil


def no_birth_date(extracts: Path) -> None:
    raw(CENSUS, lambda said: re.sub(rb"\s*<PersonBirthDate>[^<]*</PersonBirthDate>", b"", said))(extracts)
    blank(PERSON, "pers_dob")(extracts)


def no_benefit_birth_date(extracts: Path) -> None:
    blank(BENEFIT, "dob")(extracts)
    for path in (extracts / "shbe").iterdir():
        lines = [line.split("|") for line in path.read_text(encoding="utf-8").split("\n")]
        for line in lines:
            for number in SHBE_BIRTHS if line[0] in {"D", "S"} else ():
                line[number - 1] = ""
        path.write_text("\n".join("|".join(line) for line in lines), encoding="utf-8", newline="")


def zipped(extracts: Path) -> None:
    with zipfile.ZipFile(extracts / "a.zip", "w") as file:
        file.write(extracts / PERSON, "ssd_person.csv")
    (extracts / "a.zip").replace(extracts / PERSON)


def bomb(said: bytes) -> bytes:
    inside = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 9))
    return said.replace(b"<Message>", b'<!DOCTYPE Message [<!ENTITY e0 "SECRET">' + inside + b"]><Message>", 1)


def outside(said: bytes) -> bytes:
    return said.replace(b"<Message>", b'<!DOCTYPE Message SYSTEM "file:///etc/passwd"><Message>', 1)


SPOILT: dict[str, tuple[Spoil, str]] = {
    "no extracts at all": (shutil.rmtree, "in"),
    "an empty folder of extracts": (lambda e: [gone(p.name)(e) for p in list(e.iterdir())], "ssd"),
    "census missing": (lambda e: [gone(CENSUS)(e), gone("ssd/ssd_cin_episodes.csv")(e)], "census"),
    "persons missing": (gone(PERSON), "ssd_person"),
    "claims missing": (lambda e: [gone("shbe")(e), gone("cts")(e)], "shbe"),
    "council tax support missing": (gone(HOUSEHOLD), "household_period.csv"),
    "postcodes missing": (gone(POSTCODES), "geography"),
    "two censuses": (in_place_of("cin_other.xml", CENSUS), "xml"),
    "census empty": (holds(CENSUS, b""), CENSUS),
    "persons empty": (holds(PERSON, b""), "ssd_person.csv"),
    "persons of blank lines": (holds(PERSON, b"\n\n  \n"), "ssd_person.csv"),
    "persons with a header alone": (columns(PERSON, lambda header, _: [header]), ""),
    "a month empty": (holds(MONTH, b""), "SHBE_201909.txt"),
    "benefit persons empty": (holds(BENEFIT, b""), "person_period.csv"),
    "postcodes empty": (holds(POSTCODES, b""), "ONSPD_extract.csv"),
    "deprivation empty": (holds(DEPRIVATION, b""), "File_7"),
    "a table in place of the census": (in_place_of(CENSUS, PERSON), CENSUS),
    "the census in place of persons": (in_place_of(PERSON, CENSUS), "ssd_person.csv"),
    "addresses in place of persons": (in_place_of(PERSON, ADDRESS), "ssd_person.csv"),
    "the two benefit tables swapped": (in_place_of(BENEFIT, HOUSEHOLD), "person_period.csv"),
    "a month in place of a table": (in_place_of(BENEFIT, MONTH), "person_period.csv"),
    "a table in place of a month": (in_place_of(MONTH, BENEFIT), "SHBE_201909.txt"),
    "another month's file": (in_place_of(MONTH, "shbe/SHBE_202003.txt"), "SHBE_201909.txt"),
    "a web page in place of a table": (holds(PERSON, b"<html><body>Sign in</body></html>"), "ssd_person.csv"),
    "a picture in place of a table": (holds(PERSON, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "ssd_person.csv"),
    "a zip in place of a table": (zipped, "ssd_person.csv"),
    "a workbook in place of the census": (holds(CENSUS, b"PK\x03\x04" + bytes(100)), CENSUS),
    "a census of another year": (text(CENSUS, lambda said: said.replace("2020-03-31</Ref", "2019-03-31</Ref").replace(
        "<Year>2020", "<Year>2019")), CENSUS),
    "a census that is another message": (holds(CENSUS, b'<?xml version="1.0"?><Other><A/></Other>'), CENSUS),
    "a DOCTYPE": (raw(CENSUS, lambda said: said.replace(b"<Message>", b"<!DOCTYPE Message><Message>", 1)), CENSUS),
    "a DOCTYPE that grows": (raw(CENSUS, bomb), CENSUS),
    "a DOCTYPE that looks outside": (raw(CENSUS, outside), CENSUS),
    "a census cut off half way": (raw(CENSUS, lambda said: said[: len(said) // 2]), CENSUS),
    "a census without its last line": (raw(CENSUS, lambda said: said.rstrip()[:-10]), CENSUS),
    "a census with a tag unclosed": (text(CENSUS, lambda said: said.replace("</LAchildID>", "", 1)), CENSUS),
    "a census nested beyond reason": (holds(CENSUS, b"<Message>" + b"<a>" * 100_000), CENSUS),
    "two encodings in one file": (
        raw(PERSON, lambda said: said + "é".encode() + b"\xe9,,,,,,,,,,,,,,,\n"), "ssd_person.csv"),
    "NUL bytes": (raw(BENEFIT, lambda said: said[:500] + b"\0" + said[500:]), "person_period.csv"),
    "a quotation mark unclosed": (raw(BENEFIT, lambda said: said[:-40] + b'"' + said[-40:]), "person_period.csv"),
    "claims with a field too many": (claims(lambda fields: [*fields[:20], "", *fields[20:]]), "SHBE_201909.txt"),
    "claims with a field too few": (claims(lambda fields: fields[:20] + fields[21:]), "SHBE_201909.txt"),
    "claims shifted by a field": (claims(lambda fields: [fields[0], "", *fields[1:-1]]), "SHBE_201909.txt"),
    "claims in another separator": (claims(lambda fields: [",".join(fields)]), "SHBE_201909.txt"),
    "a month cut off half way": (raw(MONTH, lambda said: said[: len(said) // 2]), "SHBE_201909.txt"),
    "a month without its trailer": (text(MONTH, lambda s: re.sub(r"(?m)^Z\|.*\n?", "", s)), "SHBE_201909.txt"),
    "a column renamed": (renamed(PERSON, "pers_forename", "first_name"), "pers_forename"),
    "a column misspelt": (renamed(BENEFIT, "surname", "sirname"), "surname"),
    "a column missing": (without(PERSON, "pers_surname"), "pers_surname"),
    "the column of ids missing": (without(PERSON, "pers_legacy_id"), "census"),
    "a benefit column missing": (without(HOUSEHOLD, "postcode"), "postcode"),
    "a deprivation column missing": (without(DEPRIVATION, "LSOA code (2011)"), "LSOA"),
    "a column twice": (twice(PERSON, "pers_dob"), "pers_dob"),
    "rows with a value too many": (columns(PERSON, lambda header, rows: [header, *([*r, "x"] for r in rows)]), "ssd_person.csv"),
    "no header": (columns(PERSON, lambda _, rows: rows), "ssd_person.csv"),
    "ids that do not join": (
        columns(PERSON, lambda h, rows: [h, *([f"9{row[0]}9", f"9{row[1]}9", *row[2:]] for row in rows)]), "census"),
    "every birth date missing": (no_birth_date, "birth"),
    "every benefit birth date missing": (no_benefit_birth_date, "birth"),
}  # fmt: skip


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory, practice: Path) -> Path:
    """A council's study that has run, with three monthly files, for most of the time of a run goes into reading months."""
    study = tmp_path_factory.mktemp("few") / "study"
    real_study(study, practice / "in")
    for path in (study / "in" / "shbe").iterdir():
        if path.name not in {"SHBE_201903.txt", "SHBE_201909.txt", "SHBE_202003.txt"}:
            path.unlink()
    run_study(study)
    return study


@pytest.fixture
def study(tmp_path: Path, few: Path) -> Path:
    """The same, to be spoilt."""
    return copy_of(few, tmp_path / "study")


def plain(done: Done, secrets: Secrets, code: int) -> None:
    """The words of a stop are a sentence or two on the error stream, with no value of the data and no trace of the program."""
    assert (done.code, done.err.count("\n")) in {(code, 1), (code, 2)}, done.err
    assert 20 < len(done.err) < 600
    assert "Traceback" not in done.err
    assert ".py" not in done.err
    assert "fault of its own" not in done.err
    assert secrets.in_text(done.err + done.out) == {}
    assert "SECRET" not in done.err
    assert "root:" not in done.err


SIGNED_BEFORE = {"no extracts at all", "an empty folder of extracts", "claims missing"}
"""What nobody could sign for once it is so, since a source would have no layout: the protocol that was signed before still holds."""


@pytest.mark.parametrize("case", SPOILT)
def test_a_bad_extract_is_told_plainly_and_changes_no_result(study: Path, secrets: Secrets, case: str) -> None:
    """Each bad extract has one message that names what is wrong, exit code 1, and leaves report, tables and links untouched."""
    before, digests = results(study), link_digests(study)
    spoil, names = SPOILT[case]
    spoil(study / "in")
    if case not in SIGNED_BEFORE:
        permit(study)
    done = say("run", study, "--quiet")
    plain(done, secrets, 1)
    assert names in done.err
    assert done.out == ""
    assert results(study) == before
    assert link_digests(study) == digests
    assert events(study)[-1]["event"] == "stopped"
    assert list(study.rglob("*.new")) == []


READ_ALL_THE_SAME: dict[str, Spoil] = {
    "semicolons between values": text(PERSON, lambda said: said.replace(",", ";")),
    "UTF-16 without its mark": text(PERSON, lambda said: said, write_as="utf-16-le"),
    "a month without its header": text(MONTH, lambda said: said.split("\n", 1)[1]),
    "a month named otherwise": lambda e: (e / MONTH).rename(e / "shbe" / "september.txt"),
}


@pytest.mark.parametrize("case", READ_ALL_THE_SAME)
def test_another_form_of_the_same_facts_gives_the_same_links(study: Path, case: str) -> None:
    """What a supplier writes in another way is read at the first try, and no link changes."""
    digests = link_digests(study)
    READ_ALL_THE_SAME[case](study / "in")
    done = say("link", study, "--quiet")
    assert (done.code, done.err) == (0, "")
    assert link_digests(study) == digests


@pytest.mark.parametrize("case", ["census", "months"])
def test_a_source_that_is_gone_while_another_gives_the_same_is_told(study: Path, case: str) -> None:
    """A case system's activity stands in for the census, and council tax support for the months; that it is so is in the receipt."""
    gone(CENSUS if case == "census" else "shbe")(study / "in")
    assert say("run", study, "--quiet").code == 0
    sources = {row["source"] for row in table(study, "receipt").to_pylist()}
    assert ("cin" in sources, "shbe" in sources) == (case == "months", case == "census")


def with_accent(name: str) -> Spoil:
    """A column that nobody reads, of letters that tell encodings apart."""
    return columns(name, lambda header, rows: [[*header, "note"], *([*row, "\u00e9"] for row in rows)])


def as_windows(name: str) -> Spoil:
    return text(name, str, write_as="cp1252")


def shuffled_columns(header: list[str], rows: list[list[str]]) -> list[list[str]]:
    return [row[::-1] for row in (header, *rows)]


HARMLESS: dict[str, Spoil] = {
    "columns in another order, one more, headers in capitals": in_turn(
        *(columns(name, shuffled_columns) for name in (PERSON, BENEFIT, HOUSEHOLD)),
        with_accent(BENEFIT),
        columns(BENEFIT, lambda header, rows: [[h.upper() for h in header], *rows]),
    ),
    "Windows text, in a census that says otherwise too": in_turn(
        with_accent(BENEFIT),
        as_windows(BENEFIT),
        raw(CENSUS, lambda said: said.replace(b"<SoftwareCode>", b"<SoftwareCode>\xe9")),
    ),
    "UTF-16, and UTF-8 with a mark": in_turn(
        text(PERSON, str, write_as="utf-16"), text(BENEFIT, str, write_as="utf-8-sig"), text(MONTH, str, write_as="utf-16")
    ),
    "Windows line ends, none at the end, every value between quotation marks": in_turn(
        *(raw(n, lambda said: said.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")) for n in (PERSON, BENEFIT, MONTH)),
        text(HOUSEHOLD, lambda said: re.sub(r"(?m)[^,\r\n]+", r'"\g<0>"', said)),
        raw(BENEFIT, bytes.rstrip),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HARMLESS)
def test_a_file_that_says_the_same_in_another_form_gives_the_same_links(study: Path, case: str) -> None:
    """Order of columns, case of headers, encoding and line ends are the supplier's affair: no link changes."""
    digests = link_digests(study)
    HARMLESS[case](study / "in")
    done = say("link", study, "--quiet")
    assert (done.code, done.err) == (0, "")
    assert link_digests(study) == digests


def test_what_went_wrong_once_is_right_again_when_the_file_is(study: Path) -> None:
    """A stop after some steps shows in status; once the extract is put right the run gives the bytes it gave before."""
    before, digests = bytes_below(study / "out"), link_digests(study)
    good = bytes_below(study / "in")
    no_birth_date(study / "in")
    assert say("run", study).code == 1
    shown = say("status", study).out
    assert "not yet  check" in shown
    assert "The report is at" not in shown
    for name in (CENSUS, PERSON):
        (study / "in" / name).write_bytes(good[name])
    assert say("run", study).code == 0
    assert link_digests(study) == digests
    assert bytes_below(study / "out") == before


@pytest.mark.parametrize(
    "lines",
    ["nmae = 1\n", "[permission]\npurpose = \n", b"\xff\xfe", 'year = "2019-20"\n'],
)
def test_a_bad_study_toml_opens_nothing_and_changes_nothing(study: Path, secrets: Secrets, lines: str | bytes) -> None:
    """A study.toml that is not understood ends with 2 before the study is touched at all."""
    path = study / "study.toml"
    path.write_bytes(path.read_bytes() + (lines if isinstance(lines, bytes) else lines.encode()))
    before = bytes_below(study)
    done = say("run", study)
    plain(done, secrets, 2)
    assert "study.toml" in done.err
    assert bytes_below(study) == before


# --- the disk, the folder, another run --------------------------------------------------------------------------


@pytest.mark.parametrize("at_write", [0, 2, 9, 30])
def test_a_disk_that_fills_at_any_write_leaves_results_as_they_were(
    study: Path, secrets: Secrets, monkeypatch: pytest.MonkeyPatch, at_write: int
) -> None:
    """From the write at which the disk is full on, nothing more is written: the run stops plainly and keeps what there was."""
    left, digests = bytes_below(study / "out"), link_digests(study)
    inner, asked = os.fsync, 0

    def fsync(descriptor: int) -> None:
        nonlocal asked
        asked += 1
        if asked > at_write:
            raise OSError(errno.ENOSPC, "SECRET")
        inner(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        done = say("run", study, "--again", "--quiet")
    plain(done, secrets, 1)
    assert "The disk is full." in done.err
    assert bytes_below(study / "out") == left
    assert link_digests(study) == digests
    assert say("run", study, "--quiet").code == 0
    assert bytes_below(study / "out") == left


def test_a_disk_that_is_really_full_is_told_and_harms_nothing(few: Path, secrets: Secrets, tmp_path: Path) -> None:
    """On a small file system of its own, filled to the last byte, a run stops plainly and results are as they were."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("no small file system can be made here")
    try:
        study = copy_of(few, place / "study")
        before, digests = results(study), link_digests(study)
        filler = os.open(place / "filler", os.O_WRONLY | os.O_CREAT)
        with suppress(OSError):
            while os.write(filler, bytes(4096)):
                pass
        os.close(filler)
        done = call("run", study, "--again", "--quiet")
        plain(done, secrets, 1)
        assert "The disk is full." in done.err
        assert results(study) == before
        (place / "filler").unlink()
        assert call("run", study, "--quiet").code == 0
        assert link_digests(study) == digests
        assert bytes_below(study / "out") == {n: b for n, b in before.items() if not n.endswith(".sealed")}
    finally:
        subprocess.run(["umount", place], check=False, capture_output=True)  # noqa: S607 - as mount above


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limit")
@pytest.mark.parametrize("limit", [0, 20_000])
def test_a_limit_on_the_size_of_files_is_told_and_harms_nothing(study: Path, secrets: Secrets, limit: int) -> None:
    """Where the system lets no file grow past a size, a run stops plainly and results are as they were."""
    before = bytes_below(study / "out")
    done = call("run", study, "--again", "--quiet", first=LIMITED.format(limit))
    plain(done, secrets, 1)
    assert "too large" in done.err
    assert bytes_below(study / "out") == before


@pytest.mark.parametrize("name", ["out", "rooms", "keys", "ledger.jsonl", ".lock"])
def test_a_place_that_cannot_be_written_is_told(study: Path, secrets: Secrets, name: str) -> None:
    """Where something else stands in the place of a folder or a file of the study, or rights are missing, it is told plainly."""
    path = study / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    if "." in name:
        path.mkdir()
    else:
        path.write_bytes(b"")
    plain(say("run", study, "--quiet"), secrets, 1)


def test_a_folder_without_the_right_to_write_is_told(study: Path, secrets: Secrets) -> None:
    """Without the right to write in the study's folder nothing is read, and the message names no path of the machine."""
    if sys.platform == "win32" or os.geteuid() == 0:
        pytest.skip("rights do not bind the one who runs this test")
    study.chmod(0o500)
    try:
        done = say("run", study)
    finally:
        study.chmod(0o700)
    plain(done, secrets, 1)
    assert str(study) not in done.err


HOLD = """
import sys
import time
from dataclasses import replace
from hearthlink.study import STEPS
def act(desk):
    print("at work", flush=True)
    time.sleep(60)
sys.modules["hearthlink.study.run"].STEPS = (replace(STEPS[0], act=act),)
"""


def test_a_second_run_on_the_same_study_is_turned_away(study: Path, secrets: Secrets) -> None:
    """While one run is at work another ends with 2 and changes nothing; when the first is killed the next one goes through."""
    before = results(study)
    program = f"{HOLD}\nfrom hearthlink.cli import main\nmain()"
    first = subprocess.Popen(
        [sys.executable, "-c", program, "run", study, "--again"], stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    with first.stdout:
        assert first.stdout.readline() == "at work\n"
        lines = len(events(study))
        for command in ("run", "link", "report"):
            done = say(command, study)
            plain(done, secrets, 2)
            assert "Another run is at work" in done.err
        assert len(events(study)) == lines
        assert say("status", study).code == 0
        first.kill()
        first.wait()
    assert results(study) == before
    assert say("run", study, "--quiet").code == 0
    assert results(study) == before


def test_a_practice_authority_is_not_made_over_a_run_at_work(practice: Path, tmp_path: Path, secrets: Secrets) -> None:
    """demo and synthesise in the folder of a study that is being run are turned away before a file is replaced."""
    from hearthlink.study.lock import only_one

    study = copy_of(practice, tmp_path / "study")
    before = bytes_below(study)
    with only_one(study):
        for command in ("demo", "synthesise"):
            done = say(command, study, "--children", 60, "--households", 120, "--seed", 2)
            plain(done, secrets, 2)
    assert bytes_below(study) == before | {".lock": b""}


@pytest.mark.parametrize("name", ["notes.txt", "study.toml"])
def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, secrets: Secrets, name: str) -> None:
    """demo and synthesise write into a new or empty folder, or over what they made themselves, and into no other."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / name).write_bytes(b"precious")
    for command in ("demo", "synthesise"):
        done = say(command, tmp_path / "theirs", "--children", 60, "--households", 120)
        plain(done, secrets, 2)
    assert bytes_below(tmp_path / "theirs") == {name: b"precious"}


def test_spoilt_rooms_are_told_and_made_again(study: Path, secrets: Secrets) -> None:
    """A sealed table that was changed, or a key that was lost, stops the run plainly; with the rooms deleted it runs as before."""
    left, digests = bytes_below(study / "out"), link_digests(study)
    (sealed,) = (study / "rooms" / "identity").glob("person.*.sealed")
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"\0")
    (study / "rooms" / "identity" / next((study / "rooms" / "identity").glob("link.*.sealed")).name).unlink()
    done = say("run", study, "--quiet")
    plain(done, secrets, 3)
    shutil.rmtree(study / "rooms")
    shutil.rmtree(study / "keys")
    run_study(study)
    assert link_digests(study) == digests
    assert bytes_below(study / "out") == left
