"""A TOML file that a person writes, read against the settings there are; what is wrong is told by its line, and what it holds is not."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from hearthlink.errors import WrongUse

Lines = TypeVar("Lines", bound=BaseModel)

QUOTES = "A setting is written as  name = value ; text stands in double quotes, a date stands bare as 2027-03-31."


def read_toml(path: Path, model: type[Lines]) -> tuple[Lines, str]:
    """The settings of a file and its text. Raises WrongUse, with file and line, where it is not TOML or a setting is not right."""
    text = _text_of(path)
    try:
        data = _said_by(text)
    except (ValueError, RecursionError) as fault:
        raise WrongUse(_toml_words(str(fault)), file=path.name, line=_line_said(str(fault)), remedy=QUOTES) from None
    try:
        return model.model_validate(data), text
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False, include_context=False)[0]
        where = tuple(str(part) for part in first["loc"])
        problem = _setting_problem(where, first["type"], first["msg"], text, file=path.name, model=model)
    raise problem


def line_of(where: tuple[str, ...], text: str) -> int | None:
    """The line on which a setting stands, found by its section heading and its name."""
    section, name = ".".join(where[:-1]), where[-1]
    here = ""
    for number, line in enumerate(text.splitlines(), start=1):
        heading = re.match(r"\s*\[([^\]]+)\]", line)
        if heading:
            here = heading[1].strip()
            if here in (f"{section}.{name}".strip("."), name) and not section:
                return number
        elif here == section and re.match(rf"\s*\"?{re.escape(name)}\"?\s*=", line):
            return number
    return None


@lru_cache(maxsize=8)
def _said_by(text: str) -> Mapping[str, object]:
    """What a text of TOML says, read once for as long as it is the same: a run asks for it before every step. Nobody writes into it."""
    return tomllib.loads(text)


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse("The file is not UTF-8 text.", file=path.name, remedy="Save it again as UTF-8.") from None


def _toml_words(said: str) -> str:
    return f"This is not TOML: {re.sub(r' *[(]at .*[)]$', '', said).lower()}."


def _line_said(said: str) -> int | None:
    found = re.search(r"at line (\d+)", said)
    return int(found[1]) if found else None


def _setting_problem(
    where: tuple[str, ...], kind: str, words: str, text: str, *, file: str, model: type[BaseModel]
) -> WrongUse:
    name = ".".join(where)
    line = line_of(where, text)
    if kind == "extra_forbidden":
        known = _known_settings(model)
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        remedy = f"Did you mean {near[0]}?" if near else f"The settings are: {', '.join(sorted(known))}."
        return WrongUse("There is no such setting.", file=file, line=line, column=name, remedy=remedy)
    if kind == "missing":
        return WrongUse(
            "This setting is needed.", file=file, column=name, remedy="Add it; hearthlink init shows how it looks."
        )
    return WrongUse(
        f"This setting is not right: {words[0].lower()}{words[1:]}.", file=file, line=line, column=name, remedy=QUOTES
    )


def _known_settings(model: type[BaseModel], before: str = "") -> list[str]:
    names: list[str] = []
    for name, info in model.model_fields.items():
        inner = [a for a in (info.annotation, *getattr(info.annotation, "__args__", ())) if isinstance(a, type)]
        section = next((a for a in inner if issubclass(a, BaseModel)), None)
        names += _known_settings(section, f"{before}{name}.") if section else [f"{before}{name}"]
    return names
