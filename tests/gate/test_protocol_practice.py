"""A protocol to learn on: that of a practice study is filled in, and its people's practice keys lie on one machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_authority import TODAY, copy_of, now, say, unpermitted_study

from hearthlink.study import open_study
from hearthlink.study.protocols.protocol import check_protocol


@pytest.fixture
def study(tmp_path: Path, practice: Path) -> Path:
    """A council's study over the small authority's extracts, without a protocol."""
    return unpermitted_study(tmp_path / "study", practice / "in")


def test_a_practice_protocol_is_filled_in_for_four_practice_keys(practice: Path, tmp_path: Path) -> None:
    """In a practice study `new` fills every blank and takes four practice keys by name: two signatures are all that is left to be done."""
    study, folder = copy_of(practice, tmp_path / "study"), str(tmp_path / "people")
    names = ("one", "two", "three", "four")
    for name in names:
        assert say("protocol", "key", name, "--practice", "--keys", folder).code == 0
    done = say("protocol", "new", study, "--people", ",".join(names), "--keys", folder)
    assert (done.code, done.err) == (0, "")
    told = check_protocol(open_study(study), lambda: TODAY)
    assert (told.lacking, told.against_study, told.lists, told.today) == ((), (), (), ())
    for name in names[2:]:
        assert say("protocol", "sign", study, "--with", name, "--keys", folder).code == 0
    assert check_protocol(open_study(study), now).holds


@pytest.mark.parametrize(
    ("people", "words"), [("one,two", "The team is of 4 people"), ("one,two,three,five", "no such signing key")]
)
def test_people_of_a_practice_protocol_are_four_with_keys(
    practice: Path, tmp_path: Path, people: str, words: str
) -> None:
    """Fewer people, or a key that is not there, leave no protocol."""
    study, folder = copy_of(practice, tmp_path / "study"), str(tmp_path / "people")
    for name in ("one", "two", "three"):
        say("protocol", "key", name, "--practice", "--keys", folder)
    done = say("protocol", "new", study, "--people", people, "--keys", folder)
    assert done.code == 2
    assert words in done.err
    assert not (study / "protocol.toml").exists()


def test_only_a_practice_study_takes_keys_from_this_machine(study: Path, tmp_path: Path) -> None:
    """A council's protocol names no key that its author could have made for others."""
    done = say("protocol", "new", study, "--people", "one,two,three,four", "--keys", tmp_path)
    assert (done.code, (study / "protocol.toml").exists()) == (2, False)
    assert "practice study" in done.err
