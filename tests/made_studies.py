"""Studies of one small invented authority that many tests share, each made once by each process of a run, and the home they run in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_authority import Secrets, practice_in, real_in, secrets_of


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where caches go while tests run."""
    folder = tmp_path_factory.getbasetemp() / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"):
            patch.setenv(name, str(folder))
        yield folder


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Path:
    """A practice study, not yet run. To be copied, never changed."""
    return practice_in(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Path:
    """A study with a permission of its own over the same extracts, run to its end. To be copied, never changed."""
    return real_in(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def secrets(practice: Path) -> Secrets:
    """What the records of the authority hold of its people."""
    return secrets_of(practice / "in")
