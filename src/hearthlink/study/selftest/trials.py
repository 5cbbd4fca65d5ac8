"""What the self-test tries: every command on good files, and every way of failing that can be made to happen on any machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FINE, DATA, USE, REFUSED = 0, 1, 2, 3
ANY_STOP = frozenset({DATA, USE, REFUSED})
KILLED = frozenset({-9, 1, 137})


@dataclass(frozen=True, slots=True)
class Trial:
    """One command, what is done to the study before and after it, and how it may end.

    `screen` says that its output is a reviewer's own screen, where names must appear.
    """

    says: str
    command: tuple[str, ...]
    ends: frozenset[int] = frozenset({FINE})
    spoil: Callable[[Path], Callable[[], object]] | None = None
    keyed: bool = False
    typed: bytes = b""
    limit: int = 0
    kill_after: float = 0.0
    screen: bool = False


def trials(place: Path) -> Iterator[Trial]:
    """Everything that is tried, in its order, on the study in a folder."""
    study, keys = str(place / "study"), str(place / "keys")
    yield from _begun(study, keys)
    yield from _used(place, study, keys)
    yield from _released(study, keys)
    yield from _without_a_study(place)
    yield from _bad_files(study)
    yield from _broken(study)
    yield from _wrong(study, keys)
    yield from _ended(study, keys)


def few(place: Path) -> Iterator[Trial]:
    """What is enough to show that the search finds what it should."""
    study, keys = str(place / "study"), str(place / "keys")
    yield from _begun(study, keys, upto="receive")


def _begun(study: str, keys: str, upto: str = "run") -> Iterator[Trial]:
    yield Trial("a run before anybody has signed", ("run", study), frozenset({REFUSED}))
    yield Trial("protocol check", ("protocol", "check", study), frozenset({FINE, REFUSED, DATA}))
    for who in ("linker", "officer"):
        yield Trial(
            f"protocol sign, by the {who}", ("protocol", "sign", study, "--with", who, "--keys", keys), keyed=True
        )
    yield Trial(
        f"{upto}, each role in a process of its own", (upto, study, *(("--apart",) if upto == "run" else ("--quiet",)))
    )


def _used(place: Path, study: str, keys: str) -> Iterator[Trial]:
    made = place / "made"
    yield Trial("status", ("status", study))
    yield Trial("plan", ("plan", study))
    yield Trial("check: what would change the answer", ("check", study))
    yield Trial("objections", ("objections", study))
    yield Trial("explain a pattern", ("explain", study, "--pattern", "surname=same", "--out", str(made / "explained")))
    yield Trial("explain a pair that is not there", ("explain", study, "--child", "1", "--household", "2", "--role", "reviewer"), ANY_STOP)  # fmt: skip
    yield Trial("splink write", ("splink", "write", study, str(made / "settings.json")))
    yield Trial("merge", ("merge", study))
    yield Trial(
        "review: a reviewer's own screen",
        ("review", study, "--reviewer", "AB", "--children", "20"),
        typed=b"mnu" * 30 + b"q",
        screen=True,
    )
    yield Trial("correct a child that is not there", ("correct", study, "--none", "--reason", "a test", "--by", "AB", "--yes"), ANY_STOP, typed=b"nobody\n")  # fmt: skip
    yield Trial(
        "correct a child",
        ("correct", study, "--none", "--reason", "a test", "--by", "AB", "--yes"),
        typed=_a_child(place),
    )
    yield Trial("run again, after the review and the correction", ("run", study, "--quiet"))
    yield Trial("risk", ("risk", study))
    yield Trial("risk, classified by the officer", ("risk", study, "--classify", "made-up tables of a test", "--review", "2100-01-31", "--with", "officer", "--keys", keys), keyed=True)  # fmt: skip
    yield Trial("research tables written out", ("research", study, "--out", str(made / "research")), frozenset({FINE}))  # fmt: skip
    yield Trial("papers", ("papers", study, str(made / "papers")))
    yield Trial("ledger verify", ("ledger", "verify", study, "--every"))
    yield Trial("ledger show", ("ledger", "show", study))
    yield Trial("ledger export", ("ledger", "export", study, str(made / "ledger-export.jsonl")))


def _a_child(place: Path) -> bytes:
    """The council's id of a child in the census, as it is typed at a prompt."""
    census = place / "study" / "in" / "cin_2019_20.xml"
    held = census.read_bytes() if census.is_file() else b""
    return held.partition(b"<LAchildID>")[2].partition(b"<")[0] + b"\n"


def _released(study: str, keys: str) -> Iterator[Trial]:
    yield Trial("release new", ("release", "new", study, "--with", "author", "--keys", keys), keyed=True)
    yield Trial("release submit", ("release", "submit", study, "--with", "author", "--keys", keys), keyed=True)
    yield Trial("release approve, by its author", ("release", "approve", study, "--with", "author", "--keys", keys), ANY_STOP, keyed=True)  # fmt: skip
    for who in ("custodian", "officer"):
        yield Trial(f"release approve, by the {who}", ("release", "approve", study, "--with", who, "--keys", keys), keyed=True)  # fmt: skip
    yield Trial("release finish", ("release", "finish", study, "--with", "officer", "--keys", keys), keyed=True)
    yield Trial("verify what was released", ("verify", str(Path(study) / "releases" / "001" / "package")))
    yield Trial("release list", ("release", "list", study))


def _without_a_study(place: Path) -> Iterator[Trial]:
    extracts, made = place / "study" / "in", place / "made"
    people, key = str(place / "people.csv"), str(place / "apart" / "mask.key")
    yield Trial("map a supplier's file", ("map", str(extracts / "cts" / "person_period.csv"), "--yes", "--out", str(made / "map.toml")), frozenset({FINE, DATA}))  # fmt: skip
    yield Trial("match two files of people", ("match", people, people, "--out", str(made / "links.csv")), frozenset({FINE, DATA}))  # fmt: skip
    yield Trial("match a file that is no table", ("match", str(extracts / "cin_2019_20.xml"), people, "--out", str(made / "none.csv")), ANY_STOP)  # fmt: skip
    yield Trial("mask-key", ("mask-key", key))
    yield Trial("mask a file of people", ("mask", people, str(made / "masked.csv"), "--key", key, "--everybody"))  # fmt: skip
    yield Trial("check a census outside a study", ("check", str(extracts / "cin_2019_20.xml"), "--out", str(made / "census")), frozenset({FINE, DATA}))  # fmt: skip


def _bad_files(study: str) -> Iterator[Trial]:
    run = ("receive", study)
    cases: tuple[tuple[str, str, Callable[[bytes], bytes]], ...] = (
        ("a census that breaks off", "cin_2019_20.xml", lambda held: held[: len(held) // 2]),
        ("a census with a DOCTYPE", "cin_2019_20.xml", lambda held: held.replace(b"<Message>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><Message>", 1)),
        ("a table without its first line", "ssd/ssd_person.csv", lambda held: held.split(b"\n", 1)[1]),
        ("a table with another heading", "ssd/ssd_person.csv", lambda held: held.replace(b"pers_dob", b"dob", 1)),
        ("a quotation mark that is not closed", "cts/person_period.csv", lambda held: held[:-30] + b'"' + held[-30:]),
        ("fields moved by one", "shbe/SHBE_201909.txt", lambda held: held.replace(b"D|", b"D||")),
        ("letters in no known encoding", "ssd/ssd_address.csv", lambda held: held[:3000] + b"\xff\xfe\x81\x00" + held[3000:]),
        ("a birth date that is none", "ssd/ssd_person.csv", lambda held: held.replace(b"-01-", b"-17-")),
        ("a feed that is no JSON", "daily_api/children.jsonl", lambda held: held[: len(held) // 2]),
        ("a workbook that breaks off", "annex_a/Annex_A_2020_Mar.xlsx", lambda held: held[: len(held) // 2]),
        ("an empty file", "ssd/ssd_person.csv", lambda _: b""),
        ("public reference that breaks off", "geography/ONSPD_extract.csv", lambda held: held[:200]),
    )  # fmt: skip
    for says, name, change in cases:
        yield Trial(f"bad file: {says}", run, frozenset({FINE, *ANY_STOP}), spoil=_changed(f"in/{name}", change))
    yield Trial(
        "bad list of objections", run, frozenset({DATA}), spoil=_changed("objections.csv", lambda held: held + b"nonsense,,,x\n")
    )  # fmt: skip
    yield Trial("the same with good files again", ("receive", study, "--quiet"))


def _broken(study: str) -> Iterator[Trial]:
    if sys.platform != "win32":
        for limit in (2_000, 60_000, 150_000):
            yield Trial(
                f"a disk that is full after {limit:,} bytes of a file",
                ("run", study, "--again"),
                frozenset({FINE, *ANY_STOP}),
                limit=limit,
            )
    for seconds in (1.2, 2.5, 4.5):
        yield Trial(
            f"killed after {seconds} seconds, with its processes",
            ("run", study, "--again", "--apart"),
            frozenset({FINE, *KILLED}),
            kill_after=seconds,
        )
    yield Trial("run after all that", ("run", study, "--quiet", "--again"))


def _wrong(study: str, keys: str) -> Iterator[Trial]:
    # What a spoilt key sealed, and a table that was spoilt, cannot be opened: either is made again from the extracts, or the run stops.
    yield Trial("a stranger's key", ("run", study, "--with", "stranger", "--keys", keys), ANY_STOP, keyed=True)
    yield Trial("a key that is not there", ("run", study, "--with", "nobody", "--keys", keys), ANY_STOP, keyed=True)
    yield Trial("a passphrase and nobody to type it", ("run", study, "--with", "linker", "--keys", keys), ANY_STOP)
    yield Trial(
        "a room's key that was spoilt",
        ("standardise", study, "--again"),
        frozenset({FINE, *ANY_STOP}),
        spoil=_changed_first("keys", "identity"),
    )
    yield Trial("a sealed table that was spoilt", ("compare", study, "--again"), frozenset({FINE, *ANY_STOP}), spoil=_changed_first("rooms/identity", "person."))  # fmt: skip
    yield Trial("a protocol that was changed", ("run", study), frozenset({REFUSED}), spoil=_changed("protocol.toml", lambda held: held.replace(b"to learn", b"not to learn", 1)))  # fmt: skip
    yield Trial("settings that ask for more", ("run", study), ANY_STOP, spoil=_changed("study.toml", lambda held: held.replace(b"name_origin = false", b"name_origin = true", 1)))  # fmt: skip
    yield Trial("settings that are no TOML", ("run", study), ANY_STOP, spoil=_changed("study.toml", lambda held: held + b"\n[[[\n"))  # fmt: skip
    yield Trial("a ledger that was changed", ("ledger", "verify", study), frozenset({DATA}), spoil=_changed("ledger.jsonl", lambda held: held.replace(b"source read", b"source lost", 1)))  # fmt: skip


def _ended(study: str, keys: str) -> Iterator[Trial]:
    yield Trial("incident", ("incident", study, "--with", "officer", "--what", "a test", "--keys", keys), keyed=True)
    yield Trial("a run while it is frozen", ("run", study), frozenset({REFUSED}))
    for who in ("linker", "officer"):
        yield Trial(f"incident lift, by the {who}", ("incident", "lift", study, "--with", who, "--keys", keys), keyed=True)  # fmt: skip
    for who in ("custodian", "officer"):
        yield Trial(f"destroy, by the {who}", ("destroy", study, "--with", who, "--keys", keys), keyed=True)  # fmt: skip
    yield Trial("a run after the end", ("run", study), frozenset({REFUSED}))


def _changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], Callable[[], object]]:
    def spoil(study: Path) -> Callable[[], object]:
        path = study / name
        held = path.read_bytes()
        path.write_bytes(change(held))
        return lambda: path.write_bytes(held)

    return spoil


def _changed_first(folder: str, begins: str) -> Callable[[Path], Callable[[], object]]:
    """Spoil the file below a folder whose name begins so."""

    def spoil(study: Path) -> Callable[[], object]:
        path = max(p for p in (study / folder).rglob("*") if p.is_file() and p.name.startswith(begins))
        held = path.read_bytes()
        path.write_bytes(bytes([held[0] ^ 1]) + held[1:])

        def back() -> None:
            with suppress(OSError):
                path.write_bytes(held)

        return back

    return spoil
