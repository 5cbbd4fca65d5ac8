"""Something done beside the run: a permit for it and no more, nobody else at work in the study, and a line in the ledger however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from hearthlink.errors import HearthlinkError, Refused, refused_by_system
from hearthlink.governance import Event, Ledger, Permit, grant
from hearthlink.governance.network import closed_network
from hearthlink.governance.signing import SigningKey
from hearthlink.study.acts import Beside
from hearthlink.study.custody import keys_for
from hearthlink.study.ledger import signs_lines
from hearthlink.study.lock import only_one
from hearthlink.study.permitted import permission_of
from hearthlink.study.policy import require_allowed
from hearthlink.study.seen import remember_end
from hearthlink.study.store import Store, look, open_store
from hearthlink.study.study import Study
from hearthlink.tables import TableSpec

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Opened:
    """What lies open for an act: the study's store and the permit that opens it so far and no further; and what the ledger is to count."""

    store: Store
    permit: Permit
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def load(self, table: TableSpec) -> pa.Table:
        """A table the act may read. Raises DataProblem where it is not there yet."""
        return self.store.load(table, self.permit)

    def load_if_there(self, table: TableSpec) -> pa.Table:
        """A table the act may find, with no rows where nobody has written it."""
        return self.store.load_if_there(table, self.permit)

    def load_all(self, act: Beside) -> dict[str, pa.Table]:
        """Every table that an act reads, by name; of those it may find, one with no rows where nobody has written it."""
        found = {table.name: self.load(table) for table in act.reads}
        return found | {table.name: self.load_if_there(table) for table in act.may_read}


@contextmanager
def entered(study: Study, act: Beside, clock: Clock, *, refuse: Refused | None = None) -> Iterator[Opened]:
    """The study open for one act, and the network closed. When the block ends its line is in the ledger, and so is a refusal's or a stop's.

    `refuse` is a refusal that was decided before: it is entered and raised, and nothing is opened. Raises Refused where the site or
    the permission forbids the act, WrongUse where somebody else is at work in the study.
    """
    with only_one(study.folder), closed_network():
        ledger = Ledger(study.folder / "ledger.jsonl", clock, key_of(study))
        with noted(ledger, act):
            if refuse is not None:
                raise refuse
            require_allowed(act.name)
            permit = permit_for(study, act, clock)
            opened = Opened(store_for(study, act), permit)
            yield opened
            ledger.write(Event.STEP, step=act.name, role=act.role.value, counts=opened.counts)


def store_for(study: Study, act: Beside) -> Store:
    """The rooms of a study for an act: where keys are apart, with those of its role alone, as far as it opens any.

    Raises Refused where whoever is at the keyboard has not that part, or not the keys.
    """
    if not study.keys_apart:
        return open_store(study)
    opens = (*act.reads, *act.may_read, *act.writes)
    return open_store(study, keys_for(study, act.role, f"To {act.name}")) if opens else look(study)


def key_of(study: Study) -> SigningKey | None:
    """The key that signs lines of the ledger: that of whoever is at the keyboard, where it is known."""
    return signs_lines(study, None if study.holder is None else study.holder.key)


def permit_for(study: Study, act: Beside, clock: Clock) -> Permit:
    """The permit to read and write what the act does and no more. Raises Refused where the study's permission does not stretch to it."""
    reads = (*act.reads, *act.may_read)
    now = clock()
    return grant(
        permission_of(study, now), step=act.name, role=act.role, reads=reads, writes=act.writes, today=now.date()
    )


@contextmanager
def noted(ledger: Ledger, act: Beside) -> Iterator[None]:
    """A refusal or a stop within the block leaves its line in the ledger; one of the system's is put in our words."""
    try:
        yield
    except HearthlinkError as stop:
        _note(ledger, act, stop)
        raise
    except OSError as fault:
        stop = refused_by_system(fault)
        _note(ledger, act, stop)
        raise stop from None
    finally:
        remember_end(ledger.path.parent)


def _note(ledger: Ledger, act: Beside, stop: HearthlinkError) -> None:
    refused = isinstance(stop, Refused)
    with suppress(OSError):
        ledger.write(
            Event.REFUSED if refused else Event.STOPPED,
            step=act.name,
            role=act.role.value,
            counts={} if refused else {"exit_code": int(stop.code)},
        )
