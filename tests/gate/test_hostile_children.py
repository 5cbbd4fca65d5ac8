"""What goes wrong in a process of a role stays in it: it calls nobody, and no library's words come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hearthlink.study.lock import only_one
from hearthlink.study.processes import handed
from hearthlink.study.processes.handed import end, start
from hearthlink.study.processes.messages import receive, send

CANARY = "CANARYNAME"
BEGIN = "import sys\nfrom hearthlink.study.processes import child\n"
REACHES = {
    "a connection": "import socket\nsocket.create_connection(('192.0.2.1', 80), 1)",
    "a name": "import socket\nsocket.getaddrinfo('database.example', 5432)",
    "a datagram": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
}
QUOTES = {
    "duckdb": f"import duckdb\nduckdb.sql(\"SELECT CAST('{CANARY}' AS DATE)\").fetchall()",
    "pyarrow": f"import pyarrow as pa\npa.array(['{CANARY}']).cast(pa.int64())",
    "pydantic": f"import pydantic\npydantic.TypeAdapter(int).validate_python('{CANARY}')",
    "expat": f"import xml.etree.ElementTree as tree\ntree.fromstring('<a><{CANARY}></a>')",
    "csv": f"import csv\nlist(csv.DictReader(['{CANARY}'], **{{'{CANARY}': 1}}))",
    "a file": f"open('/nowhere/{CANARY}/claims.csv')",
    "a warning": f"import warnings\nwarnings.warn('{CANARY}')\nprint('{CANARY}')\nsys.stderr.write('{CANARY}')\nraise SystemExit('{CANARY}')",
    "a thread": f"import threading\ndef dies():\n    raise ValueError('{CANARY}')\none = threading.Thread(target=dies)\none.start()\none.join()",
    "nesting": f"def deeper():\n    {CANARY} = 1\n    deeper()\ndeeper()",
}


def said_of(act: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """All that a process says in which a step does this."""
    body = "\n".join(f"    {line}" for line in act.splitlines())
    program = f"{BEGIN}def act(line, order):\n{body}\nchild._carry_out = act\nchild.main()\n"
    monkeypatch.setattr(handed, "COMMAND", (handed.COMMAND[0], "-P", "-c", program))
    with only_one(folder) as lock:
        child = start(lock)
        try:
            send(child.ears, {"study": str(folder), "steps": [], "again": False, "keys": {}})
            said: list[dict[str, Any]] = []
            while (message := receive(child.mouth)) is not None:
                said.append(dict(message))
            return said
        finally:
            end(child)


@pytest.mark.parametrize("way", REACHES)
def test_a_process_of_a_role_reaches_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """A step that calls elsewhere from a process of its own is refused there, before a packet leaves."""
    (said,) = said_of(REACHES[way], tmp_path, monkeypatch)
    assert (said["say"], said["kind"]) == ("stop", "Refused")
    assert "another machine" in said["parts"]["what"]


@pytest.mark.parametrize("library", QUOTES)
def test_no_library_s_words_come_out_of_a_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    """Each library quotes what it was given when it fails; what comes back names the kind of the fault at most, and a place in our code."""
    said = json.dumps(said_of(QUOTES[library], tmp_path, monkeypatch))
    assert CANARY not in said
    assert "stop" in said or "fault" in said or library == "a thread"
