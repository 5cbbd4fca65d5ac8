"""What a site forbids: one file for the whole machine, that whoever runs it writes and no user can set aside."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from platformdirs import site_config_path

from hearthlink.errors import Refused

POLICY_FILE = "policy.toml"


def policy_files() -> tuple[Path, ...]:
    """Where a site's policy may lie. On Unix the fixed folders count always: a variable of the user's can add one, never lift one."""
    asked = (site_config_path("hearthlink", appauthor=False) / POLICY_FILE,)
    if sys.platform in {"win32", "darwin"}:
        return asked
    fixed = (Path("/etc/xdg/hearthlink") / POLICY_FILE, Path("/etc/hearthlink") / POLICY_FILE)
    return tuple(dict.fromkeys((*fixed, *asked)))


def require_allowed(action: str, files: Sequence[Path] | None = None) -> None:
    """Let an action go on unless a site policy forbids it by name: ``forbid = ["match"]``.

    Raises Refused, and also where a policy is there and cannot be read or understood: then nothing is known to be allowed.
    """
    for path in policy_files() if files is None else files:
        if action in _forbidden(path):
            raise Refused(
                f"This site's policy forbids: hearthlink {action}.",
                file=path.name,
                remedy="No file was opened. Ask whoever runs this machine.",
            )


def _forbidden(path: Path) -> list[str]:
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError:
        raise _unclear(path, "cannot be read") from None
    try:
        forbid = tomllib.loads(text.decode("utf-8-sig")).get("forbid", [])
    except (ValueError, RecursionError):
        raise _unclear(path, "is not TOML") from None
    if not isinstance(forbid, list) or not all(isinstance(name, str) for name in forbid):
        raise _unclear(path, "does not list what it forbids")
    return [str(name) for name in forbid]


def _unclear(path: Path, what: str) -> Refused:
    return Refused(
        f"This site's policy {what}, so nothing is known to be allowed.",
        file=path.name,
        remedy='No file was opened. It should hold a line such as: forbid = ["match"]',
    )
