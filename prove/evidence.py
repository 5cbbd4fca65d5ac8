"""Evidence: what a long run showed, kept with the hash of the source it judged, so that nobody leans on what has since changed.

As a script it says how each claim stands, and fails where a claim has no evidence. Standard library only.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import sys
import tokenize
import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "evidence"
CLAIMS = ROOT / "prove" / "claims.toml"


class Standing(Enum):
    """How far a claim's evidence can be leaned on."""

    ABSENT = "no evidence yet"
    STALE = "stale: the source has changed since"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Claim:
    """A named claim, its sentence, the folders or files of source that it speaks of, and the command that judges it.

    An `aim` is what the work is measured against and does not promise yet: it must be measured, and where it is not met the pages say
    so, but nothing stops for it.
    """

    name: str
    says: str
    judges: tuple[str, ...]
    command: str
    aim: bool

    @property
    def file(self) -> Path:
        """Where its evidence is kept."""
        return FOLDER / f"{self.name}.json"


def claims() -> tuple[Claim, ...]:
    """Every claim, in the order of claims.toml."""
    listed = tomllib.loads(CLAIMS.read_text(encoding="utf-8"))["claim"]
    return tuple(
        Claim(
            each["name"],
            each["says"],
            tuple(each["judges"]),
            each.get("command", f"python3 dev.py prove {each['name']}"),
            each.get("aim", False),
        )
        for each in listed
    )


def source_hash(parts: tuple[str, ...]) -> str:
    """Hash of what runs in the Python source under the named folders or files, the same on every system: words about it are left out."""
    files: set[Path] = set()
    for part in parts:
        place = ROOT / part
        files |= set(place.rglob("*.py")) if place.is_dir() else {place}
    whole = hashlib.sha256()
    for file in sorted(files, key=lambda f: f.relative_to(ROOT).as_posix()):
        whole.update(file.relative_to(ROOT).as_posix().encode() + b"\0")
        text = file.read_text(encoding="utf-8") if file.is_file() else "not there"
        whole.update((what_runs(text) if file.is_file() and file.suffix == ".py" else text).encode() + b"\0")
    return whole.hexdigest()


@cache
def what_runs(text: str) -> str:
    """The text of a module without its docstrings, comments and empty lines, so that a sentence put better leaves evidence standing."""
    lines = text.encode().splitlines()
    words: list[tuple[int, int, int, int]] = []
    within: set[int] = set()
    for each in ast.walk(ast.parse(text)):
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str):
            says = each.value
            words.append((says.lineno, says.col_offset, says.end_lineno or 0, says.end_col_offset or 0))
        elif isinstance(each, ast.Constant | ast.JoinedStr):
            within |= set(range(each.lineno, each.end_lineno or 0))
    for token in tokenize.generate_tokens(io.StringIO(text).readline) if "#" in text else ():
        if token.type == tokenize.COMMENT:
            row, start = token.start[0], len(token.line[: token.start[1]].encode())
            words.append((row, start, row, start + len(token.string.encode())))
    for first, start, last, end in words:
        for row in range(first, last + 1):
            line = lines[row - 1]
            left, right = start if row == first else 0, end if row == last else len(line)
            lines[row - 1] = line[:left] + b" " * (right - left) + line[right:]
        within -= set(range(first, last))
    kept = (line if row in within else line.rstrip() for row, line in enumerate(lines, 1))
    return "\n".join(line.decode() for row, line in enumerate(kept, 1) if line or row in within)


def keep(name: str, *, figures: dict[str, Any], held: bool, command: str, short: bool = False) -> Path:
    """Write the evidence for a claim: its figures, whether the claim held, and the command that repeats it.

    A run of fewer trials than the claim names is shown and not kept: it proves nothing.
    """
    claim = next(each for each in claims() if each.name == name)
    FOLDER.mkdir(parents=True, exist_ok=True)
    evidence = {
        "claim": claim.name,
        "says": claim.says,
        "held": held,
        "command": command,
        "source": source_hash(claim.judges),
        "figures": figures,
    }
    if short:
        print(json.dumps(evidence, indent=2, ensure_ascii=False))
        return claim.file
    claim.file.write_text(json.dumps(evidence, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return claim.file


def read(claim: Claim) -> dict[str, Any] | None:
    """The evidence for a claim, or None where there is none."""
    return json.loads(claim.file.read_text(encoding="utf-8")) if claim.file.is_file() else None


def standing(claim: Claim) -> Standing:
    """Whether a claim's evidence is there, and speaks of the source as it is now."""
    evidence = read(claim)
    if evidence is None:
        return Standing.ABSENT
    return Standing.CURRENT if evidence["source"] == source_hash(claim.judges) else Standing.STALE


def main() -> int:
    """Say how every claim stands. Fails where evidence is absent, where a promise did not hold, and where a file names no claim."""
    known = claims()
    faults = [
        f"{file.name} is evidence for no claim"
        for file in FOLDER.glob("*.json")
        if file.stem not in {c.name for c in known}
    ]
    for claim in known:
        evidence = read(claim)
        print(f"{claim.name}: {standing(claim).value}")
        if evidence is None:
            faults.append(f"{claim.name} has no evidence; run: {claim.command}")
        elif not evidence["held"] and claim.aim:
            print(f"  {claim.name} is an aim that is not met yet")
        elif not evidence["held"]:
            faults.append(f"{claim.name} did not hold when it was last judged")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
