"""How long the path from a protocol to a release takes each person: `python3 dev.py bench hands_on`.

Walks docs/tutorials/from-protocol-to-release.md as printed, in a scratch folder, every question answered with yes, and keeps what each
command showed. Reckoned is what a person does: words to be read, letters to be typed, answers to be given. Leaves docs/evidence/hands_on.json
and the table in the page. What the program itself takes is no part of it. See tests/journey/test_next.py, which walks it with every change.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from prove import evidence  # noqa: E402 - the root must be on the path first

PAGE = ROOT / "docs" / "tutorials" / "from-protocol-to-release.md"
EVIDENCE = ROOT / "docs" / "evidence" / "hands_on.json"
BEGIN, END = "<!-- hands on, written by bench/hands_on.py -->", "<!-- end of hands on -->"
ROLES = ("analyst", "keeper", "linker", "officer")
READS_BRIEF = ("analyst", "keeper", "officer")
"""Who reads the report in brief: whoever hands it in, and the two who clear it."""
READ, TYPED, LETTERS, ANSWER = 200, 40, 5, 3
"""Words read in a minute, words typed in a minute, letters of a typed word, and seconds for an answer."""
MOST = 10.0
"""Minutes that it may take each of them."""
YES = "yes\n" * 12
ASKS = re.compile(r"\[yes/no\]|:(?= yes$)", re.MULTILINE)

Give = Callable[[Sequence[str]], str]
"""Gives a command, without the word hearthlink, with every question answered with yes; gives back what the screen showed."""


@dataclass(frozen=True, slots=True)
class Given:
    """A command as printed, whose it is, and what the screen showed."""

    by: str
    command: str
    shown: str


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Of one person: commands, answers, words to be read (of this page, on the screen, in the brief), letters to be typed, and minutes."""

    commands: int
    answers: int
    page: int
    screen: int
    brief: int
    letters: int
    minutes: float


def commands_in(page: str) -> list[str]:
    """The commands of the page in their order."""
    return [line.strip() for line in page.splitlines() if line.startswith("    hearthlink ")]


def whose(command: str) -> str:
    """Who gives a command: by the key that it names; the study is made by the analyst, and verified by whoever receives it."""
    named = re.search(r"--with (\S+)|protocol key (\S+)", command)
    if named:
        return named[1] or named[2]
    return "receiver" if " verify " in command else "analyst"


def walked(page: str, give: Give) -> list[Given]:
    """Every command of the page, given. DIGEST stands for the digest that `protocol show` printed."""
    done: list[Given] = []
    digest = ""
    for command in commands_in(page):
        shown = give(command.replace("DIGEST", digest).split()[1:])
        found = re.search(r"^digest ([0-9a-f]{64})$", shown, re.MULTILINE)
        digest = digest or (found[1] if found else "")
        done.append(Given(whose(command), command, shown))
    return done


def reckoned(page: str, session: Iterable[Given], brief: str) -> dict[str, Reckoned]:
    """What the path takes each person, out of the page, a session of it and the report in brief as HTML."""
    table = page[page.index(BEGIN) : page.index(END)]
    whole, in_brief = _words(page.replace(table, "")), _words(plain(brief))
    given = list(session)
    found: dict[str, Reckoned] = {}
    for role in ROLES:
        mine = [one for one in given if one.by == role]
        answers = sum(len(ASKS.findall(one.shown)) for one in mine)
        screen = sum(_words(one.shown) for one in mine)
        letters = sum(len(one.command) for one in mine) + len("yes") * answers
        read = whole + screen + (in_brief if role in READS_BRIEF else 0)
        minutes = read / READ + letters / LETTERS / TYPED + answers * ANSWER / 60
        found[role] = Reckoned(
            len(mine), answers, whole, screen, in_brief if role in READS_BRIEF else 0, letters, round(minutes, 1)
        )
    return found


def plain(page: str) -> str:
    """The words of a page of HTML."""
    bare = re.sub(r"<(style|script|svg|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", bare))


def _words(text: str) -> int:
    """Words that somebody reads: a number is one, a rule or a bar of a table none, and of a long code only that it is there."""
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """The table of the page."""
    lines = ["| person | commands | answers | words to read | minutes |", "|---|---|---|---|---|"]
    for role, one in found.items():
        read = int(one["page"] + one["screen"] + one["brief"])
        lines.append(f"| `{role}` | {one['commands']} | {one['answers']} | {read:,} | {one['minutes']:.1f} |")
    return "\n".join(lines)


def with_table(page: str, found: Mapping[str, Mapping[str, float]]) -> str:
    """The page with its table."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{table(found)}\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Walk it in a scratch folder, keep the evidence, write the page. Fails where somebody needs longer than they may."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="hearthlink-hands-on-") as scratch:

        def give(words: Sequence[str]) -> str:
            done = subprocess.run(
                [sys.executable, "-m", "hearthlink", *words], cwd=scratch, input=YES, capture_output=True, text=True, check=True,
                env=os.environ | dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "USERPROFILE", "LOCALAPPDATA"), scratch),
            )  # fmt: skip
            return done.stdout

        session = walked(page, give)
        brief = (Path(scratch) / "practice" / "releases" / "001" / "package" / "brief.html").read_text(encoding="utf-8")
    found = {role: asdict(one) for role, one in reckoned(page, session, brief).items()}
    PAGE.write_text(with_table(page, found), encoding="utf-8")
    held = all(one["minutes"] < MOST for one in found.values())
    evidence.keep(
        "hands_on",
        figures={"minutes_at_most": MOST, "people": found},
        held=held,
        command="python3 dev.py bench hands_on",
    )
    print(table(found))
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
