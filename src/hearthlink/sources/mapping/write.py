"""A mapping as a TOML file that a person can read: every line said, the doubtful marked, and no value in it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hearthlink.sources.intake.rules import ColumnRule
from hearthlink.sources.mapping.guess import ColumnGuess, Sureness, TableGuess

HEAD = """\
# A mapping: where each of our columns comes from in a supplier's file. Made by  hearthlink map  from headers and shapes.
# Look at every line marked DOUBTFUL, mend it, and take the mark away. What may be written here is told in  docs/how-to/map-a-supplier.md
"""


def mapping_text(guesses: Sequence[TableGuess]) -> str:
    """The text of a mapping that fills these tables."""
    files = ", ".join(guess.file or "a table" for guess in guesses)
    return "\n".join([HEAD + f"says = {quoted(f'A mapping of {files}')}", *map(_table, guesses)])


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    # A TOML basic string takes what JSON writes, but for the one control letter that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(guess: TableGuess) -> str:
    lines = ["", "[[table]]", f"fills = {quoted(guess.table.name)}  # {guess.table.says}"]
    if guess.other_tables:
        lines.append(f"# DOUBTFUL: it could also be: {', '.join(guess.other_tables)}.")
    if guess.file is not None:
        lines.append(f"file = {quoted(guess.file)}")
    if guess.sheet is not None:
        lines.append(f"sheet = {quoted(guess.sheet)}")
    if guess.missing:
        lines.append(f"missing = [{', '.join(map(quoted, guess.missing))}]")
    lines += ["", "[table.columns]", *(line for one in guess.columns for line in _column(one))]
    for name in guess.lacking:
        lines += [f"# MISSING: {name} ({guess.table.column(name).says}) is needed and was not found. Name its column, or write", f'# {name} = {{ constant = "" }}']  # fmt: skip
    free = [
        c
        for c in guess.table.columns
        if c.name not in {g.column.name for g in guess.columns} and c.name not in guess.lacking
    ]
    if free:
        lines += ["", "# Not found, and not needed:", *(f'# {c.name} = ""  # {c.says}' for c in free)]
    if guess.unread:
        lines += ["", "# Columns of theirs that are not read:", *(f"#   {_plain(header)}" for header in guess.unread)]
    return "\n".join([*lines, ""])


def _column(guess: ColumnGuess) -> list[str]:
    lines: list[str] = []
    doubts = " ".join(map(_plain, guess.doubts))
    if guess.sureness is Sureness.DOUBTFUL:
        lines.append(f"# DOUBTFUL ({guess.fit:.2f}): {guess.column.says}. {doubts}".rstrip())
        if guess.others:
            lines.append(f"#   It could also be: {', '.join(map(_plain, guess.others))}")
    elif doubts:
        lines.append(f"# Look again: {doubts}")
    note = f"{guess.column.says}; {guess.sureness.value}" + (f", {_plain(guess.shape)}" if guess.shape else "")
    return [*lines, f"{guess.column.name} = {rule_text(guess.rule)}  # {note}"]


def rule_text(rule: ColumnRule) -> str:
    """The right-hand side of a column."""
    if rule == ColumnRule(rule.headers) and len(rule.headers) == 1:
        return quoted(rule.headers[0])
    said: list[tuple[str, str]] = []
    if rule.constant is not None:
        said.append(("constant", quoted(rule.constant)))
    elif len(rule.headers) == 1:
        said.append(("column", quoted(rule.headers[0])))
    else:
        said.append(("column", f"[{', '.join(map(quoted, rule.headers))}]"))
    texts = {"join": rule.join, "split": rule.order, "part": rule.part, "date": rule.date, "per": rule.per}
    said += [(name, quoted(text)) for name, text in texts.items() if text is not None]
    if rule.pivot is not None:
        said.append(("pivot", str(rule.pivot)))
    if rule.unit != "pounds":
        said.append(("unit", quoted(rule.unit)))
    if rule.codes:
        said.append(("codes", "{ " + ", ".join(f"{quoted(t)} = {quoted(o)}" for t, o in rule.codes.items()) + " }"))
    if rule.missing:
        said.append(("missing", f"[{', '.join(map(quoted, rule.missing))}]"))
    if rule.invert:
        said.append(("invert", "true"))
    return "{ " + ", ".join(f"{name} = {text}" for name, text in said) + " }"


def _plain(text: str) -> str:
    """A text that stays within one line of comment, its end cut off where it is very long."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"


LONGEST = 300
"""Letters of a comment's text. The longest of our own sentences has two hundred."""
