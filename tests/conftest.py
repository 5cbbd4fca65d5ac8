"""What holds for every test: nobody is called over a network, and no query uses a word that the engine does not list."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from vocabulary import fault_of

from hearthlink.engine import Engine, Query

# The same cases on every run, so that a failure is a change in the code; a slow machine is no failure.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Make known the mark of tests that the page of threats names."""
    config.addinivalue_line("markers", "threat: the page of threats names it")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that the page of threats names, so that `-m threat` runs them alone."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        named = set(import_module("threats_page").each_test())
    finally:
        sys.path.pop(0)
    for item in items:
        if item.nodeid.partition("[")[0] in named:
            item.add_marker(pytest.mark.threat)
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


LONG = (
    "test_bad_input",
    "test_journey",
    "test_kill_and_go_on",
    "test_refresh",
    "test_release",
    "test_objections",
    "test_deidentify_research",
    "test_match",
    "test_minimised",
    "test_disclosure_answers",
    "test_nothing_leaks",
    "test_bench",
    "test_release_package",
    "test_naive_linker",
    "test_synthetic_population",
    "test_next",
    "test_selftest",
    "test_sources_households",
    "test_review",
    "test_synthetic_settings",
    "test_rooms",
    "test_disclosure_releases",
    "test_as_on_windows",
    "test_practice_permission",
    "test_study_from_postgres",
    "test_ever_on_benefit",
    "test_checking",
)
"""Files that take longest, which are begun first: else the last of them would keep one core at work while the others wait."""

OURSELVES = {"127.0.0.1", "::1", "localhost"}


class NetworkCalledError(RuntimeError):
    """Something under test tried to speak to another machine."""


class UnlistedWordError(AssertionError):
    """A query under test may not be run as it stands."""


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection and every look-up of a name, but for this machine's own."""
    with pytest.MonkeyPatch.context() as patch:

        def guard(inner: Any) -> Any:
            def guarded(self: socket.socket, address: Any, *rest: Any) -> Any:
                if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in OURSELVES:
                    raise NetworkCalledError
                return inner(self, address, *rest)

            return guarded

        look_up = socket.getaddrinfo

        def guarded_look_up(host: Any, *rest: Any, **named: Any) -> Any:
            if host not in OURSELVES and host is not None:
                raise NetworkCalledError
            return look_up(host, *rest, **named)

        patch.setattr(socket.socket, "connect", guard(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guard(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What was last seen of a study's ledger is kept in the user's own folder; while tests run, in one of theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Queries of a test's own process run on one thread, unless it asks for more: tables are tiny, and each core has tests of its own.

    Processes that a test starts run on every processor, and what they leave is held against what one thread leaves.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hearthlink.engine.engine.processors", lambda: 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def closed_vocabulary() -> Iterator[None]:
    """Refuse a query whose words are not listed in engine/functions.py, at the moment it is run, whoever wrote it."""
    with pytest.MonkeyPatch.context() as patch:

        def guard(inner: Any) -> Any:
            def guarded(self: Engine, query: Query) -> Any:
                fault = fault_of(query.sql)
                if fault:
                    raise UnlistedWordError(f"{query.writes}: {fault}")
                return inner(self, query)

            return guarded

        patch.setattr(Engine, "run", guard(Engine.run))
        patch.setattr(Engine, "fetch", guard(Engine.fetch))
        yield
