"""Claims and aims: a promise that did not hold stops the check, an aim that is not met is said and stops nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from prove import evidence

CLAIM = evidence.Claim("quick", "It is quick.", ("prove/evidence.py",), "python3 dev.py prove quick", aim=False)


@pytest.mark.parametrize(
    ("aim", "held", "code", "words"),
    [
        (False, True, 0, "quick: current"),
        (False, False, 1, "did not hold"),
        (True, False, 0, "an aim that is not met yet"),
        (False, None, 1, "has no evidence"),
        (True, None, 1, "has no evidence"),
    ],
)
def test_what_stops_the_check(
    aim: bool,
    held: bool | None,
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Absent evidence always stops it, a broken promise does, and an aim not met is named."""
    claim = evidence.Claim(CLAIM.name, CLAIM.says, CLAIM.judges, CLAIM.command, aim=aim)
    monkeypatch.setattr(evidence, "FOLDER", tmp_path)
    monkeypatch.setattr(evidence, "claims", lambda: (claim,))
    if held is not None:
        kept = {"held": held, "source": evidence.source_hash(claim.judges)}
        (tmp_path / "quick.json").write_text(json.dumps(kept), encoding="utf-8")
    assert evidence.main() == code
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ('"""Says it."""\nx = 1\n', True),
        ("# Why.\nx = 1  # and why\n\n", True),
        ("x = 2\n", False),
        ('x = "# 1"\n', False),
    ],
)
def test_words_about_the_source_leave_evidence_standing(text: str, same: bool) -> None:
    """Docstrings, comments and empty lines may change, and nothing else may."""
    assert (evidence.what_runs(text) == evidence.what_runs("x = 1\n")) is same


def test_what_a_string_says_is_what_runs() -> None:
    """Words that are not a docstring count, empty lines and what looks like a comment in them too."""
    told = 'def f():\n    """A docstring.\n\n    Of two parts."""\n    return """ä # no\n\n  comment """  # but this\n'
    assert evidence.what_runs(told) == 'def f():\n    return """ä # no\n\n  comment """'
