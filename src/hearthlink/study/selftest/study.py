"""A council's study to be tested on: an invented authority with planted words, under a protocol that throw-away keys sign."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from hearthlink.governance.signing import new_key
from hearthlink.study.actions import begin, layouts_asked, make_practice
from hearthlink.study.asking import PLAN_FILE
from hearthlink.study.permitted import asked_of
from hearthlink.study.protocols.practice import practised
from hearthlink.study.protocols.text import protocol_text
from hearthlink.study.selftest.children import PASSPHRASE
from hearthlink.study.selftest.planting import Planted, plant
from hearthlink.study.study import open_study
from hearthlink.synthetic.world import Settings

PEOPLE = ("author", "custodian", "linker", "officer")
SMALL = Settings(children=60, households=120, months=13, layouts=layouts_asked("all"), following=False)
PLAN = """\
[[question]]
measure = "on_benefit"
windows = ["on_day", "before_12"]
by = ["age"]
"""


def made_study(place: Path) -> Planted:
    """Make the study in a folder, with its keys beside it; nobody has signed its protocol yet. Gives what was planted."""
    make_practice(place / "authority", SMALL)
    study = place / "study"
    lines = begin(study)
    lines.write_text(
        lines.read_text(encoding="utf-8").replace('authority = ""', 'authority = "Ashmere (made up)"'), encoding="utf-8"
    )
    (study / PLAN_FILE).write_text(PLAN, encoding="utf-8")
    shutil.copytree(place / "authority" / "in", study / "in", dirs_exist_ok=True)
    shutil.rmtree(place / "authority")
    planted = plant(study / "in")
    (study / "objections.csv").write_text(
        f"about,forename,surname,birth_date,postcode\nchild,{planted.words['forename'][0]},{planted.words['surname'][0]},2010-01-02,\n",
        encoding="utf-8",
    )
    _write_protocol(study, place / "keys")
    return planted


def _write_protocol(study: Path, keys: Path) -> None:
    opened = open_study(study)
    text = practised(protocol_text(opened.written, asked_of(opened)), ())
    for name in ("purpose", "reference", "gateway"):
        text = re.sub(rf'^{name} = ""', f'{name} = "a test with made-up data"', text, flags=re.MULTILINE)
    text = text.replace("# ends = 2027-03-31", "ends = 2100-06-30", 1)
    text = text.replace('keys = "apart"', 'keys = "together"', 1)
    # So few children are alike in little: what is asked of research tables is the least that may be asked, so that they can be written.
    for name, value in (
        ("quasi_identifiers", '["age_band", "sex"]'),
        ("coarsen", "[]"),
        ("k", "3"),
        ("most_blanked", "50"),
    ):
        text = re.sub(rf"^{name} = .*", f"{name} = {value}", text, count=1, flags=re.MULTILINE)
    for who in PEOPLE:
        key = new_key(keys / f"{who}.pem", PASSPHRASE)
        for name, value in (("name", who), ("key", key.public), ("opens", key.opens)):
            text = text.replace(f'\n{name} = ""', f'\n{name} = "{value}"', 1)
    new_key(keys / "stranger.pem", PASSPHRASE)
    (study / "protocol.toml").write_text(text, encoding="utf-8")


def today() -> datetime:
    """The time by this machine's clock, in UTC."""
    return datetime.now(UTC)
