"""Bytes that nobody would send, put to every reader: none crashes, hangs, tells a value, or miscounts its rows.

A case is made from good files by a fixed stream, so that its number repeats it: `python3 prove/fuzz.py TARGET CASE` shows one.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from prove.evidence import keep
from prove.fuzz_targets import CANARY, TARGETS, TRIALS, Target

FULL = 5_000
"""Cases put to each reader."""

LIMIT = 10.0
"""Seconds that one case may take."""

TOKENS = (
    b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1a", b"\x80", b"\xc3",
    b"=1+1", b"sep=;\n", b"Total,", b"99999999999999999999", b"-1", b"1E+308", b"NaN", b"2019-02-31", b"31/12/9999", b"0000-00-00",
    b"<", b">", b"&", b"<![CDATA[", b"]]>", b"<!--", b"<?x ?>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#x110000;",
    b"{", b"}", b"[", b"]", b"[[", b"null", b"\\u0000", b"\\ud800", b"../", b"C:\\", b"' OR 1=1 --", b"A" * 300, b"," * 300, b"<a>" * 300,
    b"[" * 300, "\u0430\u202e\u200b\U0001f600".encode(),
)  # fmt: skip


@dataclass(slots=True)
class Found:
    """What came of the cases of one reader: how many were read and refused, and the numbers of those with a fault, by kind."""

    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    faults: dict[str, list[int]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)


def made(target: Target, number: int) -> bytes:
    """The bytes of one case: a good file, or two, changed in a few places."""
    drawn = random.Random(f"{target.name} {number}")
    seeds = target.seeds()
    data = drawn.choice(seeds)
    if number < len(seeds):
        return seeds[number]
    if data.startswith(b"PK\x03\x04") and drawn.random() < 0.8:
        return _with_changed_part(data, drawn)
    return changed(data, seeds, drawn)


def changed(data: bytes, seeds: Sequence[bytes], drawn: random.Random) -> bytes:
    """The bytes with one to eight changes: flipped, cut, doubled, moved, put in from elsewhere."""
    held = bytearray(data)
    for _ in range(drawn.choice((1, 1, 1, 2, 3, 8))):
        at = drawn.randrange(len(held) + 1)
        length = drawn.choice((1, 1, 2, 4, 16, 200))
        match drawn.randrange(8):
            case 0 if held:
                held[at % len(held)] ^= 1 << drawn.randrange(8)
            case 1 if held:
                held[at % len(held)] = drawn.choice((0, 0x22, 0x7F, 0x80, 0xFF, drawn.randrange(256)))
            case 2:
                del held[at : at + length]
            case 3:
                held[at:at] = held[at : at + length] * drawn.choice((1, 2, 50))
            case 4:
                other = drawn.choice(seeds)
                begin = drawn.randrange(len(other) + 1)
                held[at:at] = other[begin : begin + length]
            case 5:
                del held[drawn.randrange(len(held) + 1) :]
            case _:
                held[at:at] = drawn.choice(TOKENS)
    return bytes(held)


def _with_changed_part(data: bytes, drawn: random.Random) -> bytes:
    """An archive one of whose parts is changed, and packed again as if nothing were amiss."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = drawn.choice(list(parts))
    parts[name] = changed(parts[name], list(parts.values()), drawn)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return held.getvalue()


def judged(target: Target, data: bytes, folder: Path) -> tuple[str, str]:
    """What a reader makes of the bytes: `read`, `refused` or the kind of its fault; and the words it used."""
    from hearthlink.errors import DataProblem, WrongUse

    try:
        target.read(data, folder)
    except (DataProblem, WrongUse) as stop:
        told = stop.sentence + "".join(traceback.format_exception(stop))
        # A change may have put a value into the header, and a header may be named.
        header = data.partition(b"\n")[0].decode("utf-8", "replace")
        return ("told a value" if CANARY in told and CANARY not in header else "refused"), stop.what
    except AssertionError as fault:
        return "rows miscounted", str(fault)
    except BaseException as fault:  # noqa: BLE001 - whatever else comes out is what is looked for
        return f"raised {type(fault).__name__}", "".join(traceback.format_exception(fault)[-3:])
    return "read", ""


def worked(name: str, numbers: range, now: Synchronized[int], since: Synchronized[float], told: object) -> None:
    """In a process of its own: put the cases to a reader, leaving word of where it is."""
    target = next(each for each in (*TARGETS, *TRIALS) if each.name == name)
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        at = 0
        for number in numbers:
            now.value, since.value = number, time.monotonic()
            kind, words = judged(target, made(target, number), Path(place))
            took = time.monotonic() - since.value
            if os.fstat(said.fileno()).st_size > at:
                said.seek(at)
                aloud, at = said.read(), os.fstat(said.fileno()).st_size
                kind = "said a value aloud" if CANARY.encode() in aloud else kind
            told.send((number, kind, words, took))  # type: ignore[attr-defined]
        told.send(None)  # type: ignore[attr-defined]


def put_to(target: Target, count: int) -> Found:
    """All cases of one reader, in a process that is replaced should it crash or hang."""
    found = Found()
    begin = 0
    while begin < count:
        begin = _one_process(target, range(begin, count), found)
    return found


def _one_process(target: Target, numbers: range, found: Found) -> int:
    """Cases until the process ends, as it should or not; the number of the case to go on with."""
    way = multiprocessing.get_context("spawn")
    now, since = way.Value("q", numbers.start), way.Value("d", time.monotonic())
    heard, told = way.Pipe(duplex=False)
    process = way.Process(target=worked, args=(target.name, numbers, now, since, told), daemon=True)
    process.start()
    told.close()
    since.value = time.monotonic() + 60  # a process takes a while to begin
    try:
        while heard.poll(0.2) or process.is_alive():
            if heard.poll():
                message = heard.recv()
                if message is None:
                    return numbers.stop
                _count(found, *message)
            elif time.monotonic() - since.value > LIMIT:
                _count(found, now.value, "hung", "", LIMIT)
                return now.value + 1
    except (EOFError, OSError):
        pass  # it ended in the middle of a word
    finally:
        process.kill()
        process.join()
    _count(found, now.value, "crashed", "", 0.0)
    return now.value + 1


def _count(found: Found, number: int, kind: str, words: str, took: float) -> None:
    found.slowest = max(found.slowest, took)
    match kind:
        case "read":
            found.read += 1
        case "refused":
            found.refused += 1
            found.kinds[words[:60]] += 1
        case _:
            found.faults.setdefault(kind, []).append(number)


def judge(count: int | None, processes: int) -> bool:
    """Put the cases to every reader and leave the evidence; whether no case was a fault."""
    from concurrent.futures import ThreadPoolExecutor

    each = count or FULL
    with ThreadPoolExecutor(max(1, processes)) as pool:
        results = dict(zip((t.name for t in TARGETS), pool.map(lambda t: put_to(t, each), TARGETS), strict=True))
    for name, found in results.items():
        print(
            f"  {name:<18}{found.read:>7,} read {found.refused:>7,} refused  slowest {found.slowest:.2f} s  {found.faults or ''}"
        )
    held = not any(found.faults for found in results.values())
    figures = {
        "cases_each": each,
        "seconds_allowed": LIMIT,
        "read": {name: found.read for name, found in results.items()},
        "refused": {name: found.refused for name, found in results.items()},
        "faults": {
            name: {kind: len(cases) for kind, cases in f.faults.items()} for name, f in results.items() if f.faults
        },
    }
    keep("fuzz", figures=figures, held=held, command="python3 dev.py prove fuzz", short=each < FULL)
    return held


def main() -> int:
    """Show one case: its bytes go to standard output, what came of it to standard error."""
    name, number = sys.argv[1], int(sys.argv[2])
    target = next(each for each in TARGETS if each.name == name)
    data = made(target, number)
    sys.stdout.buffer.write(data)
    with tempfile.TemporaryDirectory() as place:
        print(*judged(target, data, Path(place)), sep="\n", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
