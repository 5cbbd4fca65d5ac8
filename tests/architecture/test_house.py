"""The one door, dev.py, and the evidence that it asks for."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def loaded(path: Path, name: str) -> ModuleType:
    """A script as a module, without running it."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_an_old_python_is_told_so_in_words() -> None:
    """A Python below 3.11 gets a sentence and a failing exit code, and not a syntax error."""
    pretend = "import sys; sys.version_info = (3, 9, 1); sys.version = '3.9.1 (pretended)'; exec(open('dev.py', encoding='utf-8').read())"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.9.1" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_door_can_be_read_by_an_old_python() -> None:
    """dev.py uses no syntax newer than Python 3.8, so that its sentence about the version can be printed."""
    ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_door_needs_nothing_but_python() -> None:
    """dev.py and prove/evidence.py import the standard library alone."""
    for name in ("dev.py", "prove/evidence.py"):
        nodes = ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        imported = [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
        nodes = ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        imported += [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)]
        assert {i.split(".")[0] for i in imported} <= sys.stdlib_module_names


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["dance"], 2), (["--help"], 0)])
def test_the_door_says_how_it_is_used(arguments: list[str], code: int) -> None:
    """Without a command, or with a strange one, it lists the commands and fails; asked for help, it does not fail."""
    done = subprocess.run(
        [sys.executable, "dev.py", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == code
    assert all(name in done.stdout + done.stderr for name in ("demo", "test", "check", "bench", "prove"))


def test_an_environment_is_made_again_when_the_lock_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The lock's hash, the project's hash and the Python decide whether there is anything to install."""
    dev = loaded(ROOT / "dev.py", "dev_under_test")
    calls: list[tuple[str, ...]] = []
    made: list[bool] = []
    for name, file in (
        ("LOCK", "dev.txt"),
        ("PROJECT", "pyproject.toml"),
        ("STAMP", "stamp.json"),
        ("PYTHON", "python"),
    ):
        monkeypatch.setattr(dev, name, tmp_path / file)
    for file in ("dev.txt", "pyproject.toml"):
        (tmp_path / file).write_text("a==1\n", encoding="utf-8")
    monkeypatch.setattr(dev, "make_environment", lambda *, afresh: (made.append(afresh), (tmp_path / "python").touch()))
    monkeypatch.setattr(dev, "pip", lambda *arguments: calls.append(arguments))

    dev.prepare()
    assert (made, [c[0] for c in calls]) == ([False], ["--require-hashes", "--no-build-isolation"])
    dev.prepare()
    assert len(calls) == 2, "nothing changed, so nothing is installed"
    (tmp_path / "dev.txt").write_bytes(b"a==1\r\n")
    dev.prepare()
    assert len(calls) == 2, "other line ends are no change"
    (tmp_path / "pyproject.toml").write_text("b\n", encoding="utf-8")
    dev.prepare()
    assert [c[0] for c in calls[2:]] == ["--no-build-isolation"]
    (tmp_path / "dev.txt").write_text("a==2\n", encoding="utf-8")
    dev.prepare()
    assert [c[0] for c in calls[3:]] == ["--require-hashes", "--no-build-isolation"]


def test_the_older_splink_is_laid_beside_once_and_its_absence_is_no_stop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is installed apart where its lock is new, left alone where it is not, and tried again after a failure that stopped nothing."""
    dev = loaded(ROOT / "dev.py", "dev_under_test")
    calls: list[tuple[str, ...]] = []
    answers = [1, 0, 0]
    monkeypatch.setattr(dev, "PEER", tmp_path / "splink4.txt")
    monkeypatch.setattr(dev, "PEERS", tmp_path / "peers")
    (tmp_path / "splink4.txt").write_text("a==1\n", encoding="utf-8")

    def pretend(*arguments: str) -> int:
        calls.append(arguments)
        Path(arguments[arguments.index("--target") + 1]).mkdir(parents=True)
        return answers[len(calls) - 1]

    monkeypatch.setattr(dev, "work", pretend)
    dev.lay_beside()
    assert (len(calls), (tmp_path / "peers" / "splink4").exists()) == (1, False)
    dev.lay_beside()
    assert (len(calls), (tmp_path / "peers" / "splink4").is_dir()) == (2, True)
    dev.lay_beside()
    assert len(calls) == 2
    (tmp_path / "splink4.txt").write_text("a==2\n", encoding="utf-8")
    dev.lay_beside()
    assert len(calls) == 3
    assert all({"--require-hashes", "--no-deps"} <= set(call) for call in calls)


def test_evidence_grows_stale_when_its_source_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Evidence is absent, then current, then stale once a line of what it judged is another; line ends do not count."""
    evidence = loaded(ROOT / "prove" / "evidence.py", "evidence_under_test")
    (tmp_path / "part").mkdir()
    source = tmp_path / "part" / "a.py"
    source.write_bytes(b"a = 1\n")
    claims = tmp_path / "claims.toml"
    claims.write_text('[[claim]]\nname = "one"\nsays = "It holds."\njudges = ["part"]\n', encoding="utf-8")
    monkeypatch.setattr(evidence, "ROOT", tmp_path)
    monkeypatch.setattr(evidence, "FOLDER", tmp_path / "evidence")
    monkeypatch.setattr(evidence, "CLAIMS", claims)
    (claim,) = evidence.claims()

    assert (evidence.standing(claim), evidence.main()) == (evidence.Standing.ABSENT, 1)
    evidence.keep("one", figures={"seeds": 3}, held=True, command="python3 dev.py prove one")
    assert (evidence.standing(claim), evidence.main()) == (evidence.Standing.CURRENT, 0)
    source.write_bytes(b"a = 1\r\n")
    assert evidence.standing(claim) is evidence.Standing.CURRENT
    source.write_bytes(b"a = 2\n")
    assert (evidence.standing(claim), evidence.main()) == (evidence.Standing.STALE, 0)
    evidence.keep("one", figures={}, held=False, command="python3 dev.py prove one")
    assert evidence.main() == 1


@pytest.mark.parametrize("claim", ["links", "sizes"])
def test_evidence_of_links_judges_all_that_makes_people_comparable(claim: str) -> None:
    """What a study's step imports of `standardise`, and what that imports in turn, is what the claim judges of it, no less and no more."""
    listed = tomllib.loads((ROOT / "prove" / "claims.toml").read_text(encoding="utf-8"))["claim"]
    judged = next(each["judges"] for each in listed if each["name"] == claim)
    reached: set[str] = set()
    waiting = ["people"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        tree = ast.parse((ROOT / "src" / "hearthlink" / "standardise" / f"{name}.py").read_text(encoding="utf-8"))
        modules = (node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
        inside = (module.removeprefix("hearthlink.standardise.") for module in modules if ".standardise." in module)
        waiting += [module for module in inside if module not in reached]
    assert {Path(part).stem for part in judged if "/standardise/" in part} == reached
