"""study.toml: every way to get it wrong has one plain message, the right line, and exit code 2."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from hearthlink.errors import WrongUse
from hearthlink.study import begin, open_study

GOOD = 'name = "A"\nauthority = "B"\nyear = "2019-20"\n'

WRONG: dict[str, tuple[str | bytes, int | None, str]] = {
    "a misspelt key": (GOOD + '[permission]\npurpos = "x"\n', 5, "Did you mean permission.purpose?"),
    "a misspelt section": (GOOD + '[permision]\npurpose = "x"\n', 4, "There is no such setting"),
    "a misspelt key at the top": (GOOD + 'nam = "x"\n', 4, "Did you mean name?"),
    "a key nothing is like": (GOOD + "[linkage]\nxyzzy = 1\n", 5, "There is no such setting"),
    "a missing key": ('name = "A"\nyear = "2019-20"\n', None, "authority"),
    "a number as text": (GOOD + '[linkage]\ndraws = "many"\n', 5, "linkage.draws"),
    "text as a number": ('name = 7\nauthority = "B"\nyear = "2019-20"\n', 1, "name"),
    "a value out of reach": (GOOD + "[disclosure]\nthreshold = 1\n", 5, "disclosure.threshold"),
    "a threshold beside its rounding": (GOOD + "[disclosure]\nthreshold = 12\n", 5, "multiple of the rounding"),
    "a rounding beside its threshold": (GOOD + "[disclosure]\nrounding = 7\n", 5, "multiple of the rounding"),
    "a share past one": (GOOD + "[comparator]\nshare = 1.5\n", 5, "comparator.share"),
    "a share that is no number": (GOOD + "[comparator]\nshare = nan\n", 5, "comparator.share"),
    "a date in words": (GOOD + '[permission]\nends = "next year"\n', 5, "permission.ends"),
    "a date that is none": (GOOD + "[permission]\nends = 2027-02-30\n", 5, "not TOML"),
    "a year without its end": ('name = "A"\nauthority = "B"\nyear = "2019"\n', 3, 'Write it as "2019-20"'),
    "years that do not follow": ('name = "A"\nauthority = "B"\nyear = "2019-21"\n', 3, 'Write it as "2019-20"'),
    "a section for a setting": (GOOD + "[linkage.draws]\na = 1\n", None, "linkage.draws"),
    "a setting for a section": (GOOD + 'files = "in"\n', 4, "files"),
    "a practice that is too small": (
        GOOD + '[practice]\nversion = "1"\nseed = 1\nchildren = 5\nhouseholds = 100\nshare = 0.4\nmonths = 24\n',
        7,
        "practice.children",
    ),
    "a practice of no number": (
        GOOD + '[practice]\nversion = "1"\nseed = 1\nchildren = 50\nhouseholds = 100\nshare = nan\nmonths = 24\n',
        9,
        "practice.share",
    ),
    "an engine that is none": (
        'name = "A"\nauthority = "B"\nyear = "2019-20"\nengine = "oracle"\n',
        4,
        "'duckdb' or 'spark'",
    ),
    "no quotes": ("name = A\n", 1, "not TOML"),
    "a backslash": ('name = "C:\\study"\n', 1, "not TOML"),
    "a key twice": (GOOD + 'name = "B"\n', 4, "not TOML"),
    "no TOML at all": ("<html>\n", 1, "not TOML"),
    "a number of five thousand digits": (GOOD + "[linkage]\ndraws = " + "9" * 5000, None, "not TOML"),
    "brackets beyond reason": ("name = " + "[" * 100_000, None, "not TOML"),
    "another encoding": ('name = "Zoë"'.encode("cp1252"), None, "not UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), None, "not UTF-8"),
    "nothing": ("", None, "name"),
}


@pytest.mark.parametrize("case", WRONG)
def test_every_mistake_is_told_plainly_and_where(tmp_path: Path, case: str) -> None:
    """Each mistake names the file, the line where it can be told, and the setting, in a sentence or two."""
    content, line, says = WRONG[case]
    (tmp_path / "study.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(WrongUse) as stop:
        open_study(tmp_path)
    assert (stop.value.file, stop.value.line) == ("study.toml", line)
    assert says in stop.value.sentence
    assert len(stop.value.what) < 200
    assert stop.value.remedy
    assert stop.value.__suppress_context__ or stop.value.__context__ is None


@pytest.mark.parametrize("content", [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")])
def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path, content: str) -> None:
    """A study.toml saved by a Windows editor opens like any other."""
    (tmp_path / "study.toml").write_bytes(content.encode())
    assert open_study(tmp_path).lines.name == "A"


@pytest.mark.parametrize(
    "name", ["a study", "Zoë's", 'quo"te', "back\\slash", "{braces}", "new\nline", "tab\tbed", "#hash", "per%cent"]
)
def test_init_writes_a_study_that_opens_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    """A folder may have any name that the system allows, and the study.toml made in it can be read."""
    folder = tmp_path / name
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this system allows no such name")
    begin(folder)
    assert open_study(folder).lines.name


@pytest.mark.parametrize("year", ["", "2019", "2019-21", "19-20", "2019-20\n", "x", "\uff12019-20"])
def test_init_refuses_a_year_that_is_none(tmp_path: Path, year: str) -> None:
    """A year that no census has is refused before anything is made."""
    with pytest.raises(WrongUse, match="census year"):
        begin(tmp_path / "study", year=year)
    assert not (tmp_path / "study").exists()


def test_init_leaves_a_study_that_is_there_as_it_is(tmp_path: Path) -> None:
    """A second init changes nothing."""
    path = begin(tmp_path)
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(WrongUse, match="already"):
        begin(tmp_path)
    assert path.read_text(encoding="utf-8") == GOOD


def test_init_leaves_the_year_and_every_comment_in_place(tmp_path: Path) -> None:
    """The file that init writes carries the year asked for, leaves permission to the protocol, and has a word on each line."""
    text = begin(tmp_path, year="2021-22").read_text(encoding="utf-8")
    lines = tomllib.loads(text)
    assert lines["year"] == "2021-22"
    assert set(lines["permission"]) == {"name_origin"}
    assert "protocol.toml" in text
    assert text.count("#") >= 10
