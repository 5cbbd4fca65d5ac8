"""Whoever is at the keyboard, before a study: shown by the key that they open, and from then on part of the open study."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hearthlink.errors import Refused
from hearthlink.governance.custody import Holder
from hearthlink.study.ledger import enter_refusal
from hearthlink.study.signer import Ask, signer
from hearthlink.study.study import Study


def at_keyboard(study: Study, name: str | None, *, ask: Ask, folder: Path | None = None) -> Study:
    """The study, opened by somebody by the name of their key; as it is where no name is given. `folder` is where keys lie, if not the usual one.

    Raises WrongUse and Refused as `signer` does; a refusal leaves its line in the ledger.
    """
    if name is not None:
        try:
            who = signer(study, name, ask=ask, folder=folder)
        except Refused:
            enter_refusal(study, "who is there", now=datetime.now(UTC))
            raise
        study.holder = Holder(who.name, who.parts, who.key)
    return study
