"""What a person does with the keys of a study's rooms: see who holds which, make them, seal them anew, begin with new ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hearthlink.errors import WrongUse
from hearthlink.governance import require
from hearthlink.study.custody import Held, are_made, make_keys, ready, require_apart, seal_anew, who_holds
from hearthlink.study.ledger import signs_lines
from hearthlink.study.lock import only_one
from hearthlink.study.permitted import LEDGER_FILE, permission_of
from hearthlink.study.run import accounted
from hearthlink.study.study import Study

__all__ = ["Held", "keep_rooms", "rooms_held"]


def rooms_held(study: Study) -> list[Held]:
    """Of each person whom the protocol names, which rooms their parts reach and whether the keys are sealed to them. Opens no key.

    Raises WrongUse where the keys rest together.
    """
    require_apart(study)
    return who_holds(study)


def keep_rooms(study: Study, *, clock: Callable[[], datetime], new: bool = False) -> list[str]:
    """See that the keys are with whom the protocol names, as far as whoever is at the keyboard can; what was done, in words.

    Where there are no keys yet they are made; else every key that this person holds is sealed anew, in their own name, to all who may have
    it. `new` makes other keys in their place: what the rooms hold is deleted with the earlier ones, and is received again. Raises Refused
    where the protocol does not hold, or this person may not.
    """
    require_apart(study)
    if study.holder is None:
        raise WrongUse("Say who you are: --with NAME.", column="--with")
    with (
        only_one(study.folder),
        accounted(study.folder / LEDGER_FILE, clock, signs_lines(study, study.holder.key)) as ledger,
    ):
        now = clock()
        require(permission_of(study, now), now.date())
        if new:
            return make_keys(study, ledger)
        if not are_made(study):
            return ready(study, ledger) or make_keys(study, ledger)
        return ready(study, ledger) or seal_anew(study, ledger) or ["Nothing was to be done."]
