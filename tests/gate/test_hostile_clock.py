"""Whatever the machine's clock does, a study goes by UTC: the hour of summer time, leap days and 2038 change nothing, and a clock set back stops it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from hearthlink.errors import Refused
from hearthlink.governance import Event, Ledger
from hearthlink.governance.permission import Permission, require

WHEN = {
    "the hour that summer time leaves out": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    "the hour that comes twice": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
    "the last second of 32 bits": datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC),
    "the second after": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    "the last second of 32 bits without a sign": datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC),
}


@pytest.fixture(params=["UTC", "Europe/London", "Pacific/Kiritimati"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A machine whose people live by another clock."""
    if not hasattr(time, "tzset"):
        pytest.skip("a process takes its zone from the system alone")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def lines(folder: Path) -> list[str]:
    return [json.loads(line)["time"] for line in (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("when", WHEN)
def test_the_ledger_tells_utc_whatever_the_zone_and_the_year(tmp_path: Path, zone: str, when: str) -> None:
    """The same moment is the same line's time in every zone, and the chain holds across it."""
    moment = WHEN[when]
    ledger = Ledger(tmp_path / "ledger.jsonl", lambda: moment)
    ledger.write(Event.BEGUN)
    ledger.write(Event.FINISHED)
    assert lines(tmp_path) == [moment.strftime("%Y-%m-%dT%H:%M:%SZ")] * 2, zone
    assert ledger.verify() == 2


@pytest.mark.parametrize("ends", [date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2038, 1, 19)])
def test_a_permission_holds_to_the_last_second_of_its_day_in_utc(ends: date) -> None:
    """On days of 23 and 25 hours, on a leap day and past 2038: to the end of the day by UTC, and not a second longer."""
    held = Permission(
        "a purpose", {"social_care": "a law", "benefits": "a law", "geography": "a law"}, "a", "a", "a", ends
    )
    last = datetime(ends.year, ends.month, ends.day, 23, 59, 59, tzinfo=UTC)
    require(held, last.date())
    with pytest.raises(Refused):
        require(held, (last + timedelta(seconds=1)).date())
    assert (last.astimezone(timezone(timedelta(hours=14))).date() - ends).days == 1, "elsewhere it is tomorrow already"
