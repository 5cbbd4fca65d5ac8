"""What a site forbids: one file for the whole machine, that whoever runs it writes and no user can set aside."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from platformdirs import site_config_path

from hearthlink.errors import Refused

POLICY_FILE = "policy.toml"

MAY_BE_FORBIDDEN = (
    "match",
    "mask",
    "map",
    "check",
    "review",
    "correct",
    "explain",
    "explain-pair",
    "splink",
    "findings",
    "objections",
    "open",
    "research",
    "risk",
    "merge",
    "release-new",
    "release-review",
    "release",
)
"""What is done besides running a study, by its name in the ledger. A test holds the list to what there is."""


def policy_files() -> tuple[Path, ...]:
    """Where a site's policy may lie. On Unix the fixed folders count always: a variable of the user's can add one, never lift one."""
    asked = (site_config_path("hearthlink", appauthor=False) / POLICY_FILE,)
    if sys.platform in {"win32", "darwin"}:
        return asked
    fixed = (Path("/etc/xdg/hearthlink") / POLICY_FILE, Path("/etc/hearthlink") / POLICY_FILE)
    return tuple(dict.fromkeys((*fixed, *asked)))


def require_allowed(action: str, files: Sequence[Path] | None = None) -> None:
    """Let an action go on unless a site policy forbids it by name: ``forbid = ["match"]``. Forbidding explain forbids explain-pair.

    Raises Refused, and also where a policy is there and cannot be read or understood, or names what there is not: a word misspelt
    forbids nothing, and then nothing is known to be allowed.
    """
    for path in policy_files() if files is None else files:
        if {action, action.partition("-")[0]} & set(_forbidden(path)):
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
        policy = tomllib.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _unclear(path, "is not TOML") from None
    forbid = policy.get("forbid")
    if set(policy) != {"forbid"} or not isinstance(forbid, list):
        raise _unclear(path, "does not list what it forbids")
    if not set(map(str, forbid)) <= set(MAY_BE_FORBIDDEN):
        raise _unclear(path, "names what cannot be forbidden")
    return [str(name) for name in forbid]


def _unclear(path: Path, what: str) -> Refused:
    return Refused(
        f"This site's policy {what}, so nothing is known to be allowed.",
        file=path.name,
        remedy=f'No file was opened. It should hold one line, forbid = ["match"], with any of: {", ".join(MAY_BE_FORBIDDEN)}.',
    )
