"""The ledger: one line for every read, step and refusal, by counts alone, each signed and bound to the line before it."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hearthlink.errors import DataProblem, OurFault, Refused
from hearthlink.governance.chain import START, STUDY_KEY, Judged, judge, read_line, spelt
from hearthlink.governance.signing import REAL, SigningKey, fingerprint

STUDY_LEDGER = "ledger.jsonl"
"""What the ledger of a study is called. One of another name stands beside a file of links: nobody's key is there to sign it."""

KEY_FILE = "ledger.key"
TAIL = 65536
_LOOKED_AT: dict[Path, tuple[bytes, Judged]] = {}
"""The ledger that this process has looked through last, and what it found: a run asks before each step."""

BY, ABOUT = re.compile("([A-Z2-7]{4}(-[A-Z2-7]{4}){3})?"), re.compile("([0-9a-f]{64})?")


class Event(Enum):
    """What a line of the ledger stands for."""

    BEGUN = "run begun"
    READ = "source read"
    STEP = "step done"
    UNCHANGED = "step unchanged"
    LOST = "step found missing or changed"
    REFUSED = "refused"
    STOPPED = "stopped"
    FINISHED = "run finished"
    SEALED = "plan sealed"
    SIGNED = "protocol signed"
    REVOKED = "protocol key revoked"
    KEYS_MADE = "keys of rooms made"
    KEYS_SEALED = "keys of rooms sealed"
    KEYS_REMOVED = "keys of rooms removed"
    OBJECTIONS = "objections applied"
    CLASSIFIED = "research tables classified"
    WRITTEN_OUT = "research tables written out"
    CHECKED = "release checked"
    SUBMITTED = "release submitted"
    APPROVED = "release approved"
    RETURNED = "release returned"
    REJECTED = "release rejected"
    RELEASED = "released"
    WITHDRAWN = "release withdrawn"
    PAPERS = "papers written"
    FROZEN = "frozen after an incident"
    LIFTED = "freeze lifted"
    DESTROYING = "destruction agreed"
    TAKEN_BACK = "destruction taken back"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only file of JSON lines. `clock` gives the time in UTC.

    A study's ledger is signed, line by line: with `key` where it is known who is at the keyboard, and else with a key of the study's own,
    which is made at the first line and whose public key stands in it.
    """

    path: Path
    clock: Callable[[], datetime]
    key: SigningKey | None = field(default=None, repr=False)

    def write(
        self,
        event: Event,
        *,
        step: str = "",
        role: str = "",
        counts: Mapping[str, int] | None = None,
        by: str = "",
        about: str = "",
    ) -> None:
        """Add a line. Only names of steps and roles, whole numbers and digests can be given, so no person's data can enter.

        `by` is the fingerprint of the key of whoever did it, `about` the SHA-256 of what it was done to; each may be empty.
        """
        if not BY.fullmatch(by) or not ABOUT.fullmatch(about):
            raise OurFault("A line of the ledger may hold fingerprints and digests, and no other words.")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for path in (self.path, self.path.parent / "keys"):
            if path.is_symlink():
                raise _led_away(path.name)
        last = self._last_line()
        said: dict[str, object] = {
            "time": self.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "event": event.value,
            "step": step,
            "role": role,
            "by": by or ("" if self.key is None else fingerprint(self.key.public)),
            "about": about,
            "counts": {name: int(count) for name, count in sorted((counts or {}).items())},
            "before": _hash_in(last),
        }
        line = spelt(said, None) if self.path.name != STUDY_LEDGER else self._signed(said, last)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(self.path, flags, 0o600), "ab") as file:
            if os.fstat(file.fileno()).st_nlink > 1:
                raise _led_away(self.path.name)
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _signed(self, said: Mapping[str, object], last: bytes) -> bytes:
        read = read_line(last)
        goes_on = read is not None and bool(read.key)
        number = int(str(read.said["no"])) if read is not None and goes_on else self._whole_lines()
        own = None if goes_on and self.key is not None else study_key(self.path.parent)
        key = self.key or own
        if key is None:
            raise OurFault("A line of a study's ledger needs a key.")
        first = {} if goes_on or own is None else {STUDY_KEY: own.public}
        return spelt({"no": number + 1, **said, "key": key.public, **first}, key)

    def head(self) -> str:
        """The hash of the last whole line, or noughts where there is none."""
        lines = self._tail().split(b"\n")[:-1]
        return next((found for line in reversed(lines) if (found := _hash_in(line)) != START), START)

    def rows(self) -> list[bytes]:
        """Every whole line, as it lies there, without its end."""
        return self.path.read_bytes().split(b"\n")[:-1] if self.path.exists() else []

    def judged(self, *, known: Callable[[str], bool] | None = None, every: bool = False) -> Judged:
        """The ledger looked through, as `chain.judge` does. The key that lies in the study counts as the study's, though it took another's place.

        A last line without its end was never entered and is passed over; lines cut off the end cannot be missed by what is left.
        """
        if known is None and not every:
            return self._looked_through()
        rows = self.rows()
        here = key_in(self.path.parent)
        ours = "" if here is None else here.public
        may_sign = None if known is None else lambda public: public == ours or known(public)
        return judge(rows, known=may_sign, every=every)

    def _looked_through(self) -> Judged:
        """As `judged`, but for lines that this process found sound before and that lie there byte for byte: they are not looked at again."""
        whole = self.path.read_bytes() if self.path.exists() else b""
        whole = whole[: whole.rfind(b"\n") + 1]
        before, found = _LOOKED_AT.get(self.path, (b"", Judged((), "", None)))
        if found.fault is not None or not whole.startswith(before):
            before, found = b"", Judged((), "", None)
        judged = judge(whole[len(before) :].split(b"\n")[:-1], after=found)
        _LOOKED_AT.clear()  # of one ledger at a time
        _LOOKED_AT[self.path] = whole, judged
        return judged

    def verify(self, *, known: Callable[[str], bool] | None = None, every: bool = False) -> int:
        """Number of lines, all sound. Raises DataProblem that names the first line that is not, and says what is wrong with it."""
        judged = self.judged(known=known, every=every)
        if judged.fault is not None:
            raise fault_at(*judged.fault, file=self.path.name)
        return len(judged.lines)

    def _tail(self) -> bytes:
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            return file.read()

    def _last_line(self) -> bytes:
        """The last line that leads on, once a torn one is dropped: a kill in the middle of a write leaves a line that was never entered."""
        tail = self._tail()
        if tail and not tail.endswith(b"\n"):
            whole = tail.rfind(b"\n") + 1
            with self.path.open("r+b") as file:
                file.truncate(file.seek(0, os.SEEK_END) - len(tail) + whole)
            tail = tail[:whole]
        return next((line for line in reversed(tail.split(b"\n")) if _hash_in(line) != START), b"")

    def _whole_lines(self) -> int:
        return len(self.rows())


def _led_away(name: str) -> Refused:
    return Refused(
        "This is a link, or has another name elsewhere: what is entered here would be entered there.", file=name,
        remedy="Nothing was entered. Find out who laid it, put a copy of its own in its place, and run again.",
    )  # fmt: skip


def fault_at(line: int, what: str, *, file: str) -> DataProblem:
    """The stop that names a line of a ledger, and what is wrong with it."""
    return DataProblem(what, file=file, line=line, remedy="Keep the file as it is, and tell who holds the study.")


def study_key(folder: Path) -> SigningKey:
    """The key with which a study signs its ledger where nobody is known to be at the keyboard, made where there is none yet.

    It opens nothing, and rests in the study's folder of keys: it shows that lines are this study's, and not who wrote them. Raises Refused
    where its file is not whole.
    """
    path = folder / "keys" / KEY_FILE
    found = key_in(folder)
    if found is not None:
        return found
    if path.exists():
        raise Refused(
            "The key that signs the ledger is not whole.", file=KEY_FILE,
            remedy="Put it back, or take the file away: the ledger then goes on with another key.",
        )  # fmt: skip
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f"{KEY_FILE}.new")
    made.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(made, flags, 0o600), "wb") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw())
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
    return study_key(folder)


def key_in(folder: Path) -> SigningKey | None:
    """The key of its own that lies in a study's folder, or None where there is no whole one."""
    try:
        raw = (folder / "keys" / KEY_FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(raw) != 32:
        return None
    private = Ed25519PrivateKey.from_private_bytes(raw)
    return SigningKey(private, REAL + base64.b64encode(private.public_key().public_bytes_raw()).decode())


def _hash_in(line: bytes) -> str:
    """The hash that a line says it has, or noughts for what is no line."""
    try:
        return str(json.loads(line)["hash"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return START
