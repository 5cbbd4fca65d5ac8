"""The findings of the checks for the custodian's eyes: shown, written as a page and a table, and accepted with a reason.

They name rows and columns of the extracts and no value. They lie in the study's folder `findings`, not among what may leave.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from hearthlink import __version__
from hearthlink.checks import CARDS, CENSUS_CARDS
from hearthlink.checks.accepting import Acceptance, acceptances, with_entry
from hearthlink.checks.census import summed
from hearthlink.engine import open_engine
from hearthlink.errors import WrongUse
from hearthlink.report.findings import FileRead, Finding, FindingsPage, findings_csv, findings_page
from hearthlink.sources.reading.receipts import KEPT as ROWS_KEPT
from hearthlink.study.acts_inside import FINDINGS, RECEIVED
from hearthlink.study.beside import Opened, entered
from hearthlink.study.checked import FindingStops, Found, census_asked
from hearthlink.study.run import News, run
from hearthlink.study.steps import Desk, checked, files_of
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study
from hearthlink.tables.identity import ACCEPTED, ASKED_PLACE, FINDING_PLACE
from hearthlink.tables.record import FINDING, JOIN_RATE, RECEIPT

__all__ = ["FileRead", "Finding", "Findings", "Joined", "accept", "check_study", "withdraw", "written"]

AS_JOINED = "as joined"
"""How the table of joins calls what the study does, beside what each id would find by itself."""

FOLDER, PAGE, TABLE = "findings", "checks.html", "checks.csv"
UNASKED = "The rules of the census were not asked: no census, nor what stands for one, lies among the extracts."
LONGEST_NAME, LONGEST_REASON = 40, 400

Clock = Callable[[], datetime]
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Joined:
    """How many children of the census, of a stage or a year of birth, have a record in the case system; and by which id most of them."""

    stage: str
    by: str
    children: int
    joined: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, in order of gravity and then of the cards; the page and the table that tell of it; how ids joined; what was not asked or read."""

    found: tuple[Finding, ...]
    page: Path
    table: Path
    joined: tuple[Joined, ...] = ()
    unasked: str = ""
    read: tuple[FileRead, ...] = ()
    period: str = ""

    def told(self, *severities: str) -> list[Finding]:
        """The findings of some severities."""
        return [one for one in self.found if one.severity in severities]


def check_study(
    study: Study,
    *,
    clock: Clock,
    again: bool = False,
    progress: Progress = lambda words, share: None,
    tell: Callable[[News], None] = lambda news: None,
) -> Findings:
    """Run a study as far as its checks, and write the page and the table of what they found.

    Raises FindingStops where a finding stops the run, after both are written; and whatever running raises.
    """
    try:
        run(study, clock=clock, upto="check", again=again, progress=progress, tell=tell)
    except FindingStops as stop:
        with entered(study, FINDINGS, clock) as opened:
            shown = _shown(study, opened, _found_afresh(study, opened, progress), clock)
        raise FindingStops(stop.what, remedy=f"{stop.remedy} Every finding is in {shown.page}") from None
    with entered(study, FINDINGS, clock) as opened:
        return _shown(study, opened, _found_before(opened), clock)


def accept(study: Study, code: str, *, reason: str, by: str, clock: Clock) -> None:
    """Record that a finding is accepted as it stands, and why. Raises WrongUse where it cannot be, Refused without permission."""
    reason, by = _plain(reason), _plain(by)
    if not reason or len(reason) > LONGEST_REASON or len(by) > LONGEST_NAME:
        raise WrongUse(
            f"A reason of 1 to {LONGEST_REASON} letters is needed, and a name of at most {LONGEST_NAME}.",
            column="--reason",
        )
    with _entry(study, code, clock) as (opened, counts):
        code = _known(code)
        if counts.get(code, ("", 0))[1] == 0:
            raise WrongUse("This check found nothing, so there is nothing to accept.", column=f"--accept {code}")
        severity, found = counts[code]
        if severity == "stops":
            raise WrongUse(
                "A finding that stops the run cannot be accepted away.",
                column=f"--accept {code}",
                remedy="Mend the extract, or ask for another.",
            )
        said = Acceptance(code, found, reason, by, clock().date())
        _keep(opened, with_entry(opened.load_if_there(ACCEPTED), "accept", said))
        opened.counts[f"accepted {code}"] = found


def withdraw(study: Study, code: str, *, clock: Clock) -> None:
    """Take back that a finding is accepted. Raises WrongUse where it is not."""
    with _entry(study, code, clock) as (opened, _):
        code = _known(code)
        accepted = opened.load_if_there(ACCEPTED)
        held = acceptances(accepted).get(code)
        if held is None:
            raise WrongUse(
                "This finding is not accepted, so there is nothing to withdraw.", column=f"--withdraw {code}"
            )
        _keep(opened, with_entry(accepted, "withdraw", held))
        opened.counts[f"withdrawn {code}"] = held.found


def written(folder: Path, page: FindingsPage, places: pa.Table) -> Findings:
    """Write a page of findings and their table into a folder."""
    where = Findings(
        page.findings, folder / PAGE, folder / TABLE, unasked=page.unasked, read=page.read, period=page.period
    )
    write_whole(where.page, findings_page(page, places).encode())
    write_whole(where.table, findings_csv(page, places))
    return where


def told_of_census(places: pa.Table, *, year: int, accepted: Mapping[str, Acceptance]) -> list[Finding]:
    """The findings of the census's rules, from the places that they found."""
    return [
        _with(accepted, Finding(card.code, card.kind, card.says, found, None, card.use, card.places[0]))
        for card, found in summed(places, year=year)
    ]


def _shown(study: Study, opened: Opened, found: Found, clock: Clock) -> Findings:
    """Write what was found, with what is accepted of it."""
    accepted = acceptances(opened.load_if_there(ACCEPTED))
    about = {card.code: card.about[0] for card in CARDS}
    ours = [
        _with(accepted, Finding(**{name: row[name] for name in KEPT}, about=about[row["code"]]))
        for row in found.finding.to_pylist()
        if row["found"]
    ]
    census = told_of_census(found.places, year=study.year_end.year, accepted=accepted)
    page = FindingsPage(
        title=study.lines.name,
        authority=study.lines.authority,
        period=study.lines.year,
        practice=study.lines.practice is not None,
        made_on=clock().date(),
        version=__version__,
        findings=_by_gravity([*ours, *census]),
        unasked="" if census_asked(files_of(study)) else UNASKED,
        read=_read(opened.load(RECEIPT)),
    )
    opened.counts["findings"] = len(page.findings)
    opened.counts["findings accepted"] = sum(not one.open for one in page.findings)
    return replace(written(study.folder / FOLDER, page, found.places), joined=_joined(opened.load(JOIN_RATE)))


def _read(receipt: pa.Table) -> tuple[FileRead, ...]:
    """The receipt file by file, in its order."""
    files: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in receipt.to_pylist():
        files.setdefault((row["source"], row["file"]), []).append(row)
    return tuple(
        FileRead(
            source,
            file,
            rows[0]["rows_in"],
            sum(row["rows_refused"] for row in rows),
            tuple((r["reason"], r["rows_refused"] or r["rows_kept"]) for r in rows if r["reason"] != ROWS_KEPT),
        )
        for (source, file), rows in files.items()
    )


def _joined(join_rate: pa.Table) -> tuple[Joined, ...]:
    """How children joined, all of them first, with the id that by itself finds most of them."""
    rows = join_rate.to_pylist()
    alone = [row for row in rows if row["by"] != AS_JOINED]
    by = max(alone, key=lambda row: row["joined"])["by"] if alone else ""
    told = [row for row in rows if row["by"] == AS_JOINED and row["children"]]
    return tuple(Joined(row["stage"], by, row["children"], row["joined"]) for row in told)


KEPT = ("code", "severity", "says", "found", "looked_at", "remedy")
GRAVITY = ("stops", "look", "error", "query", "note")


def _by_gravity(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: GRAVITY.index(one.severity)))


def _with(accepted: Mapping[str, Acceptance], one: Finding) -> Finding:
    """A finding with what somebody accepted of it, if anybody did."""
    held = accepted.get(one.code)
    if held is None or one.severity == "stops":
        return one
    return replace(one, open=not held.holds(one.found), note=_accepted_words(held, one.found))


def _accepted_words(accepted: Acceptance, found: int) -> str:
    by = f" by {accepted.by}" if accepted.by else ""
    words = f"Accepted on {_day(accepted.day)}{by} when there were {accepted.found:,}: {accepted.reason}"
    return words if accepted.holds(found) else f"Open again, for there are more now. {words}"


def _day(day: date) -> str:
    return day.isoformat()


def _found_before(opened: Opened) -> Found:
    return Found(opened.load(FINDING), opened.load_if_there(FINDING_PLACE))


def _found_afresh(study: Study, opened: Opened, progress: Progress) -> Found:
    """What the checks find where the step itself stopped, and so kept nothing."""
    tables = {spec.name: opened.load(spec) for spec in (*RECEIVED, RECEIPT, JOIN_RATE, ASKED_PLACE)}
    with open_engine() as engine:
        return checked(Desk(study, tables, {}, engine, progress, ""))


@contextmanager
def _entry(study: Study, code: str, clock: Clock) -> Iterator[tuple[Opened, dict[str, tuple[str, int]]]]:
    """The study open for an entry, and for each check how grave its finding is and how much it found."""
    _known(code)
    with entered(study, FINDINGS, clock) as opened:
        found = _found_before(opened)
        counts = {row["code"]: (row["severity"], row["found"]) for row in found.finding.to_pylist()}
        counts |= {card.code: (card.kind, n) for card, n in summed(found.places, year=study.year_end.year)}
        yield opened, counts


def _keep(opened: Opened, accepted: pa.Table) -> None:
    opened.store.save(FINDINGS.name, ("", ""), {ACCEPTED: accepted}, {}, opened.permit)


def _known(code: str) -> str:
    """The code of a check as it is written. Raises WrongUse for one that is none."""
    codes = {known.upper(): known for known in (*(c.code for c in CARDS), *(c.code for c in CENSUS_CARDS))}
    if code.strip().upper() in codes:
        return codes[code.strip().upper()]
    near = difflib.get_close_matches(code.strip().upper(), codes, n=1, cutoff=0.6)
    remedy = f"Did you mean {codes[near[0]]}?" if near else "docs/reference/checks.md lists every check."
    raise WrongUse("There is no such check.", column="--accept", remedy=remedy)


def _plain(words: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
