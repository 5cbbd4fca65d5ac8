"""Words that the program never says: whether tables are anonymous, or anything complies with the law, is for people to say, in words of their own."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_authority import copy_of, say
from made_risk import WORDS, classify, writable

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hearthlink"
NEVER = re.compile(
    r"anonym\w*|\bde-?anonym\w*|complian\w*|\bcompl(?:y|ies|ied)\b|gdpr[- ]ready|safe to (?:share|release|publish)|"
    r"(?:not|cannot be|can not be) re-?identif\w*|fully (?:safe|secure|protected)|unidentifiable|risk[- ]free|no risk",
    re.IGNORECASE,
)

QUOTED: dict[str, frozenset[str]] = {
    # The word a supplier's system writes in the place of a name; it is looked for, and never said.
    "standardise/placeholders.py": frozenset({"ANONYMOUS"}),
    # Limb (b) of Article 84B(1) of the UK GDPR, in short, as a choice to be made by whoever writes the protocol.
    "study/protocols/text.py": frozenset({"unidentifiable"}),
    "docs/reference/protocol-toml.md": frozenset({"unidentifiable"}),
}
"""Law that is quoted, and what records may hold, file by file."""


def found(text: str) -> set[str]:
    """The words of a text that are never said."""
    return {one.group() for one in NEVER.finditer(text)}


def spoken(path: Path) -> Iterator[str]:
    """All that a module may say to anybody: its literal texts, docstrings and the words of its messages among them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_words_are_found_where_they_stand() -> None:
    """The net itself holds: each spelling of what is never said is caught, and plain words pass."""
    for words in ("This file is anonymous.", "Anonymised data", "anonymization", "GDPR-compliant", "in compliance with", "It complies.", "safe to share"):  # fmt: skip
        assert found(words), words
    for words in (
        "Random names.",
        "a secure setting",
        "made-up data",
        "the checks that ran",
        "a safe place",
        "complete",
    ):
        assert not found(words), words


@pytest.mark.parametrize("folder", [p.name for p in sorted(SOURCE.iterdir()) if p.is_dir() and p.name != "__pycache__"])
def test_no_module_says_them(folder: str) -> None:
    """No message, heading, help text or docstring of the program, nor a template or stylesheet of its pages."""
    said: dict[str, set[str]] = {}
    for path in sorted((SOURCE / folder).rglob("*")):
        name = path.relative_to(SOURCE).as_posix()
        if path.suffix == ".py":
            words = {one for text in spoken(path) for one in found(text)}
        elif path.suffix in {".j2", ".html", ".css", ".js", ".md", ".json", ".toml", ".txt"}:
            words = found(path.read_text(encoding="utf-8"))
        else:
            continue
        if words - QUOTED.get(name, frozenset()):
            said[name] = words
    assert said == {}


PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_says_them(page: Path) -> None:
    """Nor does any page of the docs, but where it tells that the program never says them, or quotes the law."""
    text = re.sub(r"\*never says\*.*?\n\n", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert found(text) - QUOTED.get(page.relative_to(ROOT).as_posix(), frozenset()) == set()


def test_nothing_that_is_written_or_printed_says_them_but_in_a_persons_own_words(real: Path, tmp_path: Path) -> None:
    """Report, tables, workbooks' texts, research tables, codebook, risk report: a person's own words stand as they are, and no others."""
    study = writable(copy_of(real, tmp_path / "study"))
    done = [say("risk", study), say("risk", study, "--json"), say("research", study, "--out", tmp_path / "out"), say("protocol", "show", study)]  # fmt: skip
    assert [one.code for one in done] == [0] * len(done)
    assert not found(WORDS)
    for one in done:
        assert found(one.out + one.err) == set()
    for folder in (study / "out", tmp_path / "out"):
        texts = [p for p in folder.rglob("*") if p.suffix in {".html", ".csv", ".json", ".md", ".svg", ".txt", ".xml"}]
        assert texts
        for path in texts:
            assert found(path.read_text(encoding="utf-8")) == set(), path.name


def test_a_persons_own_words_are_not_changed(real: Path, tmp_path: Path) -> None:
    """Whatever a person chose to say stands in the package as theirs, under their name."""
    study, words = writable(copy_of(real, tmp_path / "study")), "Anonymous, I judge, for this team alone."
    classify(study, words=words)
    assert say("research", study, "--out", tmp_path / "out").code == 0
    said = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))["hearthlink"]["held_back"]
    assert (said["classification"]["words"], said["classification"]["signer"]) == (words, "officer")
    page = (tmp_path / "out" / "codebook.md").read_text("utf-8")
    assert found(page.replace(words, "")) == set()
    assert f"In their own words: {words}" in page
