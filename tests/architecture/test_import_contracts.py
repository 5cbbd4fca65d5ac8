"""The import contracts in pyproject.toml: they hold, and each would notice if it did not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERDICT = re.compile(r"^(?P<name>\S.*?) ?(?P<verdict>KEPT|BROKEN)", re.MULTILINE)
LINT = "from importlinter.cli import lint_imports_command as c; c(['--no-logo', '--no-cache'])"


def verdicts(root: Path) -> dict[str, str]:
    """Each contract's name and whether it is KEPT or BROKEN in the tree at `root`."""
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    found = {m["name"]: m["verdict"] for m in VERDICT.finditer(done.stdout)}
    assert found, done.stdout + done.stderr
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source in which a fault can be planted."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_contract_is_kept() -> None:
    """The source as it stands breaks no contract."""
    assert {name for name, verdict in verdicts(ROOT).items() if verdict == "BROKEN"} == set()


PLANTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Layers", {"checks/planted.py": "import hearthlink.standardise"}),
    ("Layers", {"stray/__init__.py": ""}),
    ("Layers", {"tables/planted.py": "import hearthlink.engine"}),
    ("Report", {"report/planted.py": "import hearthlink.engine"}),
    ("Acyclic", {"linkage/one.py": "import hearthlink.linkage.two", "linkage/two.py": "import hearthlink.linkage.one"}),
    ("Gate: only the list of steps", {"study/planted.py": "from hearthlink.linkage import link"}),
    ("Gate: who looks at people", {"study/planted.py": "from hearthlink.review import Facts"}),
    ("Gate: cleared tables", {"study/planted.py": "import hearthlink.disclosure"}),
    ("Gate: only study invents", {"evaluation/planted.py": "import hearthlink.synthetic"}),
    ("Gate: the doors", {"cli/planted.py": "import hearthlink.analysis"}),
    ("Gate: the doors", {"api.py": "import hearthlink.linkage"}),
    ("Gate: the doors", {"cli/planted.py": "def late():\n    import hearthlink.engine"}),
    ("Rooms", {"analysis/planted.py": "import hearthlink.tables.identity"}),
    ("Rooms", {"disclosure/planted.py": "import hearthlink.tables.catalogue"}),
    (
        "Rooms",
        {
            "analysis/planted.py": "import hearthlink.governance.planted",
            "governance/planted.py": "import hearthlink.tables.identity",
        },
    ),
    ("Engine doors", {"analysis/planted.py": "import duckdb"}),
    ("Engine doors", {"analysis/planted.py": "import pyspark"}),
)


@pytest.mark.parametrize(("contract", "files"), PLANTS)
def test_a_planted_fault_breaks_its_contract(copy: Path, contract: str, files: dict[str, str]) -> None:
    """Each contract notices the fault it is there for, even inside a function or by way of another module."""
    for name, text in files.items():
        path = copy / "src" / "hearthlink" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    broken = [name for name, verdict in verdicts(copy).items() if verdict == "BROKEN"]
    assert any(name.startswith(contract) for name in broken)
