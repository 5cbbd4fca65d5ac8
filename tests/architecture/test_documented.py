"""The pages: made from the code, complete, and with no dead link."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (
    "tables.md",
    "intake-tables.md",
    "steps.md",
    "checks.md",
    "measures.md",
    "commands.md",
    "study-toml.md",
    "protocol-toml.md",
)
WRITTEN = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The program that writes the reference pages."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", PAGES)
def test_a_made_page_is_as_the_code_would_make_it(generate: ModuleType, name: str) -> None:
    """A reference page says what the code says."""
    make: Callable[[], str] = generate.PAGES[name]
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == make()


def test_every_command_and_option_is_documented() -> None:
    """Each command of the command line has a section, and each of its options a line that says something."""
    import typer.main

    from hearthlink.cli.main import app

    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue]
    groups = {
        f"{name} {inner}": c for name, group in commands.items() for inner, c in getattr(group, "commands", {}).items()
    }
    assert "splink read" in groups
    for name, command in (commands | groups).items():
        section = page.split(f"## hearthlink {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            shown = parameter.opts[0] if parameter.param_type_name == "option" else parameter.name.upper()
            if shown != "--help":
                (line,) = [x for x in section.splitlines() if x.startswith(f"| `{shown}`")]
                assert len(line.split("|")[3].strip()) > 10, f"{name} {shown}"


IN_THE_PROTOCOL = {"permission": frozenset({"purpose", "ethics", "dpia", "agreement", "gateways"})}


def test_every_setting_is_in_the_file_that_init_writes() -> None:
    """Each setting of study.toml stands in the commented file, but for the practice permission, and for the lines that the protocol says."""
    import tomllib
    from typing import get_origin

    from hearthlink.study.study import StudyLines
    from hearthlink.study.template import BLANK

    bare = re.sub(r"^# (?=\[|\w+ = )", "", BLANK, flags=re.MULTILINE)
    written = tomllib.loads(bare.format(name="A", year="2019-20"))
    for name, info in StudyLines.model_fields.items():
        if name == "practice":
            continue
        assert name in written
        kinds = (info.annotation, *getattr(info.annotation, "__args__", ()))
        fields = {field for kind in kinds for field in getattr(kind, "model_fields", {})}
        section = written[name][0] if isinstance(written[name], list) else written[name]
        if get_origin(info.annotation) is dict:  # sections under names of the council's own
            section = next(iter(section.values()))
        assert fields - IN_THE_PROTOCOL.get(name, frozenset()) <= set(section if fields else ()), name


def test_every_step_is_a_command() -> None:
    """The command line has one command for each step, in the words of the step."""
    from hearthlink.cli.main import STEP_COMMANDS
    from hearthlink.study.steps import STEPS

    assert [(step.name, f"{step.says}.") for step in STEPS] == list(STEP_COMMANDS.items())


@pytest.mark.parametrize("page", WRITTEN, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link to another file of the project leads to a file that is there, and to a heading that is in it."""
    dead: list[str] = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (heading and heading not in _headings(there)):
            dead.append(target)
    assert dead == []


def _headings(page: Path) -> set[str]:
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_every_page_can_be_found() -> None:
    """Each page under docs is linked from the index or from a page that is."""
    index = ROOT / "docs" / "README.md"
    seen: set[Path] = set()
    ahead = [index]
    while ahead:
        page = ahead.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        ahead += [
            (page.parent / t.partition("#")[0]).resolve()
            for t in re.findall(r"\]\(([^)\s:]+)\)", page.read_text(encoding="utf-8"))
        ]
    assert {p for p in WRITTEN if p.is_relative_to(ROOT / "docs")} - seen == set()


def test_pages_speak_of_the_work_alone() -> None:
    """No page tells how or when its text came to be, save the dates of decisions and releases."""
    words = re.compile(r"\b(session|TODO|FIXME|lorem)\b", re.IGNORECASE)
    found = [p.relative_to(ROOT).as_posix() for p in WRITTEN if words.search(p.read_text(encoding="utf-8"))]
    assert found == []
