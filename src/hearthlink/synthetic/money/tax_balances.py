"""What households owe in council tax month by month, and how far its recovery has gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hearthlink.synthetic.circumstances import TaxBalance
from hearthlink.synthetic.money.life import Life
from hearthlink.synthetic.money.policy_rates import upratings_between

LATE_STAGES = ("liability order", "enforcement agent", "attachment of benefit")
_DAY = timedelta(days=1)


def charge_on(life: Life, day: date) -> int:
    """The week's council tax, which has risen four per cent each April."""
    return int(life.opened.means.council_tax / 1.04 ** upratings_between(day, life.last))


def month_ends(first: date, last: date) -> Iterator[date]:
    """The last days of the months from one day to another, the last month's included where it is whole."""
    day = first.replace(day=1)
    while True:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        if following - _DAY > last:
            return
        yield following - _DAY
        day = following


def tax_balances(life: Life) -> tuple[TaxBalance, ...]:
    """The months in which anything was owed.

    A liability order or more follows an arrears event and nothing else; a reminder or a summons comes before it, and a fifth
    of the others have a reminder now and then.
    """
    random, struck = life.random, life.days("arrears")
    if not struck:
        return _reminders(life) if random.random() < 0.2 else ()
    day = struck[0]
    weeks = random.randrange(10, 40)
    found: list[TaxBalance] = []
    peak = charge_on(life, day) * weeks
    stage = random.choice(LATE_STAGES[:2])
    settled = random.randrange(8, 30)
    for end in month_ends(life.first, life.last):
        months = (end.year - day.year) * 12 + end.month - day.month
        if not -3 <= months < settled:
            continue
        if months < 0:
            owed, told = peak * (4 + months) // 8, "summons" if months == -1 else "reminder"
        else:
            owed = int(peak * 0.97**months)
            told = stage if months < 5 else LATE_STAGES[-1]
        found.append(TaxBalance(end, owed, told))
    return tuple(found)


def _reminders(life: Life) -> tuple[TaxBalance, ...]:
    # Bills are paid from April to January, so that nobody falls behind in the other two months.
    random = life.random
    return tuple(
        TaxBalance(end, charge_on(life, end) * random.randrange(4, 9), "reminder")
        for end in month_ends(life.first, life.last)
        if 5 <= end.month <= 12 and random.random() < 0.15
    )


def tax_on(balances: tuple[TaxBalance, ...], day: date) -> tuple[int, str]:
    """What is owed in the month of a day, and its stage; nought and none where nothing is."""
    for balance in balances:
        if (balance.day.year, balance.day.month) == (day.year, day.month):
            return balance.owed, balance.stage
    return 0, ""
