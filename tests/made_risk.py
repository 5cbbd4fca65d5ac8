"""A study whose research tables may be written out: terms that sixty children can meet, and a classification by somebody who may give it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from made_authority import LAST_DAY, now
from made_protocol import PASSPHRASE, Team, filled, sign, team, write

from hearthlink.study import open_study
from hearthlink.study.holder import at_keyboard
from hearthlink.study.research.risk import Told, look_at_risk
from hearthlink.study.study import Study

WORDS = "Personal data of children under random names, for the research room alone."
REVIEW = now().date() + timedelta(days=30)
FEW: dict[str, Any] = {
    "quasi_identifiers": ["age_band", "sex"], "sensitive": ["stage"], "coarsen": ["imd_decile"], "k": 3, "l": 2, "most_blanked": 50,
}  # fmt: skip
"""What sixty children can meet."""


def with_terms(study: Path, **terms: Any) -> dict[str, Any]:
    """Give a study another version of its protocol, with these terms for its research tables, signed by two; what it says is given back."""
    keys, opened = team(Path.home()), open_study(study)
    assert opened.protocol is not None
    said: dict[str, Any] = filled(study, keys)
    said["version"] = opened.protocol.version + 1
    said["dates"] |= {"ends": LAST_DAY, "destroy_by": LAST_DAY + timedelta(days=183)}
    said["research"] |= terms
    write(study, said)
    sign(study, keys, "linker", "officer")
    return said


def by(study: Path, who: str, keys: Team | None = None) -> Study:
    """A study with somebody at the keyboard."""
    folder = (keys or team(Path.home())).folder
    return at_keyboard(open_study(study), who, ask=lambda _: PASSPHRASE, folder=folder)


def classify(
    study: Path, who: str = "officer", *, words: str = WORDS, review: date = REVIEW, clock: Callable[[], datetime] = now
) -> Told:
    """Look at the risk of a study's research tables and classify them."""
    return look_at_risk(by(study, who), clock=clock, classify=(words, review))


def writable(study: Path) -> Path:
    """A study whose research tables may be written out."""
    with_terms(study, **FEW)
    classify(study)
    return study
