"""While a study runs, one host and port at most can be reached, and only by what was given leave."""

from __future__ import annotations

import inspect
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from made_authority import say
from typer.models import ArgumentInfo, CommandInfo, OptionInfo

from hearthlink.cli.main import app
from hearthlink.errors import DataProblem, Refused
from hearthlink.governance import Permission, Permit, Role, grant, network
from hearthlink.governance.network import closed_network, network_open_to
from hearthlink.sources import SourceFiles
from hearthlink.study import mapping, offline, permitted
from hearthlink.study.acts import Beside
from hearthlink.study.acts_inside import BESIDE
from hearthlink.study.permitted import permission_of
from hearthlink.study.run import run
from hearthlink.study.steps import STEPS, Step
from hearthlink.study.study import open_study

WHOLE = Permission("a", dict.fromkeys(("social_care", "benefits", "geography"), "a"), "a", "a", "a", date(2030, 1, 1))
ELSEWHERE = ("192.0.2.1", 5432)
NAMED = ("192.0.2.7", 5432)
TRIED = (
    ("another host", "socket.connect", (None, ELSEWHERE)),
    ("another port of the host named", "socket.connect", (None, (NAMED[0], 80))),
    ("another host over IPv6", "socket.connect", (None, ("2001:db8::1", 5432, 0, 0))),
    ("a packet without a connection", "socket.sendto", (None, ELSEWHERE)),
    ("another host's name", "socket.getaddrinfo", ("elsewhere.example", 5432, 0, 0, 0)),
    ("another port by name", "socket.getaddrinfo", ("database.example", 80, 0, 0, 0)),
    ("another host's name, the old way", "socket.gethostbyname", ("elsewhere.example",)),
)
OUR_OWN = (
    ("socket.connect", (None, ("127.0.0.1", 1))),
    ("socket.connect", (None, ("::1", 1, 0, 0))),
    ("socket.connect", (None, "/run/a/socket")),
    ("socket.getaddrinfo", ("localhost", 1, 0, 0, 0)),
    ("socket.gethostbyaddr", (socket.gethostname(),)),
)


def leave(*reaches: tuple[str, int]) -> Permit:
    """The permit of a step that may reach these hosts."""
    return Permit("receive", Role.CUSTODIAN, frozenset(), frozenset(), frozenset(reaches))


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The network closed but for one host, whose name was looked up once."""
    monkeypatch.setattr(network, "_addresses", lambda host, port: {(NAMED[0], port)})
    with closed_network(), network_open_to(leave(("database.example", NAMED[1])), "database.example", NAMED[1]):
        yield


@pytest.mark.parametrize(("event", "given"), [case[1:] for case in TRIED], ids=[case[0] for case in TRIED])
def test_any_other_host_or_port_is_refused(named: None, event: str, given: tuple[object, ...]) -> None:
    """What Python's sockets are about to do is refused unless it is the one host and port."""
    with pytest.raises(Refused, match="another machine"):
        sys.audit(event, *given)


def test_the_host_named_is_reached_while_it_is_asked_and_no_longer(
    named: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one host and port may be reached inside the block; once another block is over, its host may not."""
    sys.audit("socket.connect", None, NAMED)
    sys.audit("socket.getaddrinfo", "database.example", NAMED[1], 0, 0, 0)
    monkeypatch.setattr(network, "_addresses", lambda host, port: {("192.0.2.8", port)})
    with network_open_to(leave(("second.example", 1521)), "second.example", 1521):
        sys.audit("socket.connect", None, ("192.0.2.8", 1521))
    with pytest.raises(Refused):
        sys.audit("socket.connect", None, ("192.0.2.8", 1521))


@pytest.mark.parametrize(("event", "given"), OUR_OWN)
def test_this_machine_may_speak_to_itself(event: str, given: tuple[object, ...]) -> None:
    """Addresses of this machine's own stay open."""
    with closed_network():
        sys.audit(event, *given)


def test_outside_a_run_nothing_is_watched() -> None:
    """When no study runs, the guard stands aside."""
    with closed_network():
        pass
    sys.audit("socket.connect", None, ELSEWHERE)


def test_a_host_without_an_address_is_told_by_its_name() -> None:
    """A host that cannot be looked up is named, and what was opened is closed again."""
    held = leave(("nowhere.invalid", 5432))
    with pytest.raises((DataProblem, RuntimeError)), closed_network(), network_open_to(held, "nowhere.invalid", 5432):
        pass
    assert network._DOOR.names == {}


def whatever(*_: object) -> None:
    """In place of the protocol, which other tests are about."""


def test_a_step_that_calls_elsewhere_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a step of a run try to reach another machine, the run is refused, and the ledger says so."""
    monkeypatch.setattr(permitted, "_hold", whatever)
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "in").mkdir()

    def calls(*_: object, **__: object) -> None:
        sys.audit("socket.connect", None, ELSEWHERE)

    monkeypatch.setattr("hearthlink.sources.receive", calls)
    monkeypatch.setattr("hearthlink.sources.source_files", lambda folder, *_: SourceFiles(folder, {}))
    with pytest.raises(Refused, match="another machine"):
        run(open_study(tmp_path), clock=lambda: datetime(2026, 1, 5, tzinfo=UTC))
    assert '"event": "refused"' in (tmp_path / "ledger.jsonl").read_text(encoding="utf-8")


DATABASE = """
[[source]]
table = "claim_person"
database = "revenues"
query = "SELECT claim_ref FROM person"
[database.revenues]
url = "postgresql://database.example:5432/revenues"
[database.unused]
url = "postgresql://unused.example:5432/unused"
"""


@pytest.mark.parametrize("step", [*STEPS, *BESIDE], ids=lambda step: step.name)
def test_no_step_but_receive_may_open_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: Step | Beside
) -> None:
    """In a study that names a database, only the permit of `receive` opens the guard, to the host and port that its queries ask."""
    monkeypatch.setattr(permitted, "_hold", whatever)
    (tmp_path / "study.toml").write_text(STUDY + DATABASE, encoding="utf-8")
    study = open_study(tmp_path)
    monkeypatch.setattr(network, "_addresses", lambda host, port: {(NAMED[0], port)})
    reaches = step.reaches(study) if isinstance(step, Step) else frozenset[tuple[str, int]]()
    permit = grant(
        permission_of(study, datetime(2026, 1, 5, tzinfo=UTC)), step=step.name, role=step.role, reads=step.reads, writes=step.writes,
        today=date(2026, 1, 5), reaches=reaches,
    )  # fmt: skip
    with closed_network():
        for host, port in (("database.example", 5432), ("database.example", 80), ("unused.example", 5432)):
            if (step.name, host, port) == ("receive", "database.example", 5432):
                with network_open_to(permit, host, port):
                    sys.audit("socket.connect", None, NAMED)
                continue
            with pytest.raises(Refused, match="no leave to reach"), network_open_to(permit, host, port):
                pass
            with pytest.raises(Refused, match="another machine"):
                sys.audit("socket.connect", None, NAMED)


def test_nobody_but_the_custodian_is_given_leave_to_reach_a_host() -> None:
    """A permit that reaches out is granted to the custodian alone."""
    for role in set(Role) - {Role.CUSTODIAN}:
        with pytest.raises(Refused, match="may reach no other machine"):
            grant(WHOLE, step="x", role=role, reads=(), writes=(), today=date(2026, 1, 5), reaches=[("a.example", 1)])


@pytest.mark.parametrize(("port", "lets"), [(1, True), (2, False), (None, False)])
def test_a_protocol_names_the_hosts_that_may_be_asked(port: int | None, lets: bool) -> None:
    """Where a permission holds a list of hosts, a permit reaches those and no other; an empty list lets none be reached."""
    held = replace(WHOLE, hosts=frozenset() if port is None else frozenset({("a.example", port)}))
    asked = partial(grant, held, step="x", role=Role.CUSTODIAN, reads=(), writes=(), today=date(2026, 1, 5))
    if lets:
        assert asked(reaches=[("a.example", 1)]).reaches == held.hosts
    else:
        with pytest.raises(Refused, match="names no such database"):
            asked(reaches=[("a.example", 1)])


COMMANDS: dict[tuple[str, ...], CommandInfo] = {
    (*above, one.name or one.callback.__name__): one
    for above, group in (((), app), *(((each.name or "",), each.typer_instance) for each in app.registered_groups))
    if group is not None
    for one in group.registered_commands
    if one.callback
}


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_command_works_with_the_network_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    """Whatever the command, the network is closed before it begins, so that nothing it does can reach another machine."""
    begun: list[str] = []

    @contextmanager
    def closed() -> Iterator[None]:
        begun.append("closed")
        with closed_network():
            sys.audit("socket.connect", None, ELSEWHERE)
            yield

    monkeypatch.setattr(offline, "closed_network", closed)
    wanted = [str(tmp_path / f"x{n}") for n in range(places_of(names))]
    done = say(*names, *wanted, *needed_by(names))
    assert done.code == 3, done.err
    assert "another machine" in done.err
    assert begun == ["closed"]
    assert list(tmp_path.iterdir()) == []


def needed_by(names: tuple[str, ...]) -> list[str]:
    """The options that a command cannot do without, each with a value."""
    wanted: list[str] = []
    for one in parameters(names):
        for said in getattr(one.annotation, "__metadata__", ()):
            if one.default is inspect.Parameter.empty and isinstance(said, OptionInfo):
                # Typer keeps the first spelling of an annotated option where its default would stand.
                spelt = [str(word) for word in (said.default, *(said.param_decls or ())) if str(word).startswith("--")]
                wanted += [next(iter(spelt), f"--{one.name.replace('_', '-')}"), "x"]
    return wanted


def places_of(names: tuple[str, ...]) -> int:
    """How many arguments a command must be given that stand without a name."""
    return sum(
        one.default is inspect.Parameter.empty
        and any(isinstance(said, ArgumentInfo) for said in getattr(one.annotation, "__metadata__", ()))
        for one in parameters(names)
    )


def parameters(names: tuple[str, ...]) -> list[inspect.Parameter]:
    """What a command can be given."""
    act = COMMANDS[names].callback
    assert act is not None
    return list(inspect.signature(act, eval_str=True).parameters.values())


@pytest.mark.parametrize("within", [True, False], ids=["in a study", "elsewhere"])
def test_a_look_that_calls_elsewhere_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, within: bool) -> None:
    """What is done beside the run reaches no other machine either, in a study or out of it."""
    monkeypatch.setattr(permitted, "_hold", whatever)
    if within:
        (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "claims.csv").write_text("claim_ref,from_date\n1,2019-04-01\n", encoding="utf-8")
    monkeypatch.setattr(mapping, "_looked_at", lambda *_: sys.audit("socket.connect", None, ELSEWHERE))
    with pytest.raises(Refused, match="another machine"):
        mapping.look(tmp_path / "claims.csv", clock=lambda: datetime(2026, 1, 5, tzinfo=UTC))


STUDY = """
name = "A study"
authority = "A council"
year = "2019-20"
[permission]
purpose = "a purpose"
ethics = "a reference"
dpia = "a reference"
agreement = "a reference"
ends = 2030-01-01
[permission.gateways]
social_care = "a law"
benefits = "a law"
geography = "a law"
"""
