"""The package of a release, made of what the last clear and report made, and looked through by the automatic checks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure import unpack
from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance import Event
from hearthlink.governance.release import AUTHORS, SIGNED_FOR, UNDECIDED, Move, Standing, State
from hearthlink.study.acts import PREPARE_RELEASE
from hearthlink.study.package import (
    ABOUT,
    CLEARED,
    MANIFEST,
    PROTOCOL,
    RECORD,
    acro_files,
    as_json,
    digest_of,
    manifest_of,
    verify_page,
)
from hearthlink.study.release.checks import Check, checks
from hearthlink.study.release.desk import Desk, Hand, Told, at_work, moved, told
from hearthlink.study.release.record import about, facts_of, policy_of, protocol_record, record_of
from hearthlink.study.released import (
    PACKAGE,
    Kept,
    numbers_in,
    place_of,
    put_package,
    read_release,
    released_before,
    write_release,
)
from hearthlink.study.standing import standing as standing_of_steps
from hearthlink.study.steps import CLEARED as CLEARED_IN_ROOMS
from hearthlink.study.store import look
from hearthlink.study.study import Study


@dataclass(frozen=True, slots=True)
class Source:
    """What a package is made of: the files of the report, their cleared tables, what the checks found, and what earlier releases held."""

    report: Mapping[str, bytes]
    cleared: bytes
    found: Sequence[Check]
    past: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Making:
    """When a package was made, at which line of the ledger, by whom."""

    made_at: str
    ledger: str
    by: Mapping[str, str]


def past_releases(study: Study) -> list[dict[str, object]]:
    """The releases that have left: their numbers, and the SHA-256 of their cleared tables."""
    return [{"release": one, "cleared": hashlib.sha256(content).hexdigest()} for one, content in released_before(study)]


def make(study: Study, hand: Hand, *, why: str = "") -> Told:
    """Make the package of what the last clear and report made, and let the automatic checks look at it.

    While a release is undecided it is made again under its own number; the same bytes leave it as it stands, and any other take it back to
    a draft and void its votes. What was returned comes back otherwise than it went, or with `why`, in words that the checkers are shown.
    Raises DataProblem where a file of out/ was changed or the study is not up to date, WrongUse where nothing was mended of what was
    returned, Refused where a check fails or this is not theirs to do.
    """
    with at_work(study, PREPARE_RELEASE, hand) as desk:
        desk.who.require(*AUTHORS)
        kept = _under_way(study)
        report, spare = _as_cleared(study)
        cleared = look(study).file(CLEARED_IN_ROOMS)
        source = Source(report, cleared, checks(report, cleared, facts_of(study)), past_releases(study))
        _require_passed(source.found)
        files = _content(desk, kept, source)
        digest = digest_of(files[MANIFEST])
        desk.opened.counts.update({"files": len(files), "checks": len(source.found)})
        record = look(study).record("clear")
        # the same bytes cleared anew are made again: `finish` asks for the very clearing whose figures then count as released
        anew = record is None or record.fingerprint != kept.cleared_from
        same = digest == kept.standing.digest
        if same and kept.standing.state is State.RETURNED and not why.strip():
            raise _nothing_mended(kept)
        if same and not anew and kept.standing.state not in (State.DRAFT, State.RETURNED):
            said = ["The package is as it was: nothing has changed, and what was said of it stands"]
        else:
            kept = _packed(desk, kept, files, digest, why=why)
            said = [f"Made a package of {len(files):,} files; all {len(source.found)} automatic checks passed"]
        if spare:
            said.append(f"Not taken from out/, for the report did not write it: {len(spare):,} more")
    return told(study, kept, said)


def _nothing_mended(kept: Kept) -> WrongUse:
    number = kept.standing.release
    return WrongUse(
        f"Release {number} was returned, and nothing has been mended since: the package would be the same, to the byte.",
        file=f"releases/{number:03}",
        remedy="hearthlink release show STUDY says what was asked for. Mend it and run the study; or, where nothing is to be mended, tell the checkers "
        'why: --why "…"',
    )


def _require_passed(found: Sequence[Check]) -> None:
    failed = [fault for one in found for fault in one.faults]
    if failed:
        raise Refused(
            f"The automatic checks do not let this leave: {'; '.join(failed[:5])}.", file="out",
            remedy="Nothing was made. Mend the cause, run the study, and make the package again.",
        )  # fmt: skip


def _under_way(study: Study) -> Kept:
    """The release that is undecided, or the next one."""
    numbers = numbers_in(study)
    last = read_release(study, numbers[-1]) if numbers else None
    if last is not None and last.standing.state in UNDECIDED:
        return last
    return Kept((), Standing(1 if last is None else last.standing.release + 1))


def _as_cleared(study: Study) -> tuple[dict[str, bytes], list[str]]:
    """The files of the report as they were written, and the names of others that lie among them."""
    store = look(study)
    listed = _listed(study, "report")
    files = {name: store.file(name) for name in listed}
    store.file(CLEARED_IN_ROOMS)
    undone = [
        f"{row.step} is to be done, for {row.why}" for row in standing_of_steps(study, for_release=True) if not row.done
    ]
    if undone or not files:
        raise DataProblem(
            f"The report is not of the study as it stands now: {undone[0] if undone else 'report is to be done'}.", file="out",
            remedy="Run: hearthlink run STUDY",
        )  # fmt: skip
    here = {path.relative_to(study.out).as_posix() for path in study.out.rglob("*") if path.is_file()}
    return files, sorted(here - files.keys())


def _listed(study: Study, step: str) -> list[str]:
    record = look(study).indexed(step)
    if record is None:
        raise DataProblem("There is no report yet.", file="out", remedy="Run: hearthlink run STUDY")
    return list(record.files)


def _content(desk: Desk, kept: Kept, source: Source) -> dict[str, bytes]:
    """Every file of the package but what is added when it is finished; made as at the first time where nothing else differs."""
    number = kept.standing.release
    now = Making(desk.stamp(), desk.ledger.head(), {"name": desk.who.name, "key": desk.who.key.public})
    before = _made_before(desk.study, number)
    if before is not None:
        files = _files(desk.study, number, source, before)
        if digest_of(files[MANIFEST]) == kept.standing.digest:
            return files
    return _files(desk.study, number, source, now)


def _made_before(study: Study, number: int) -> Making | None:
    """How the package that lies there was made; None where there is none."""
    try:
        said = json.loads((place_of(study, number) / PACKAGE / ABOUT).read_text(encoding="utf-8"))
        return Making(said["made_at"], said["ledger"], said["made_by"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _files(study: Study, number: int, source: Source, made: Making) -> dict[str, bytes]:
    policy, protocol = policy_of(study), protocol_record(study)
    said = about(study, number, made_at=made.made_at, ledger=made.ledger, by=made.by, after=source.past)
    files = {
        **source.report,
        **acro_files(source.report, made_at=made.made_at, threshold=policy.threshold, noughts=policy.noughts),
        CLEARED: source.cleared,
        RECORD: as_json(record_of(study, unpack(source.cleared), source.found, source.past)),
        ABOUT: as_json(said),
        **({} if protocol is None else {PROTOCOL: as_json(protocol)}),
        "VERIFY.md": verify_page(number, SIGNED_FOR),
    }
    return {**files, MANIFEST: manifest_of(number, files)}


def _packed(desk: Desk, kept: Kept, files: Mapping[str, bytes], digest: str, *, why: str) -> Kept:
    record = look(desk.study).record("clear")
    put_package(desk.study, kept.standing.release, files)
    kept = replace(kept, cleared_from="" if record is None else record.fingerprint)
    for move in (Move.PACK, Move.CHECK):
        kept = moved(desk, kept, move, digest=digest, why=why if move is Move.PACK else "")
    desk.enter(Event.CHECKED, kept.standing.release, digest, {"files": len(files)})
    write_release(desk.study, kept)
    return kept
