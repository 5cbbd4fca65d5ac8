"""The page of threats names tests that are there."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def page() -> Any:
    """The program that writes the page."""
    found = spec_from_file_location("threats_page", ROOT / "docs" / "threats_page.py")
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


def test_each_test_that_a_threat_names_is_collected_and_marked(page: Any, request: pytest.FixtureRequest) -> None:
    """pytest finds every test by the name that the table has, and by the mark that runs them alone."""
    names = page.each_test()
    here = {one.nodeid.partition("[")[0]: one for one in request.session.items}
    if set(names) <= set(here):  # the whole suite was collected: nothing needs to be asked for again
        marked = {name for name, one in here.items() if one.get_closest_marker("threat") is not None}
        assert marked == set(names)
        return
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "threat", "-p", "no:cacheprovider", *names],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    collected = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}
    assert collected == set(names)


def test_each_threat_says_what_is_done_and_has_a_test(page: Any) -> None:
    """No row is empty, and no threat stands there twice."""
    threats = [threat for group in page.THREATS.values() for threat in group]
    assert len({threat.what for threat in threats}) == len(threats) > 30
    for threat in threats:
        assert threat.what.strip()
        assert threat.done.strip()
        assert threat.tests
