"""Write the reference pages that are made from the code, so that they cannot say anything else. `--check` only compares.

Each page is one function here. Nothing in a page depends on the day, the machine or the order of a folder.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
MADE_BY = "<!-- Made by docs/generate.py from {source}. Change that, then run: python3 dev.py pages -->\n"

ROOMS = {
    "identity": "names, addresses, dates of birth, and of other facts only what linking needs",
    "content": "needs, factors, plans, money, and no name",
    "research": "attributes under pseudonyms, and no identifier",
    "record": "counts about a run; no row of it stands for a person",
}


def table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def page(title: str, source: str, *parts: str) -> str:
    """A whole page: where it comes from, its title, its parts."""
    return "\n".join([MADE_BY.format(source=source), f"# {title}", "", "\n\n".join(parts), ""])


def tables_page() -> str:
    """Every table: its room, what a row is, and each column with its type and sensitivity."""
    from hearthlink.tables.catalogue import ALL_TABLES

    parts = [
        "Stages never meet; tables do. Each table rests in one room, and a column may rest only where its sensitivity is admitted.",
        table(("room", "holds"), ROOMS.items()),
    ]
    for room, holds in ROOMS.items():
        parts.append(f"## The {room} room\n\nHolds {holds}.")
        for spec in ALL_TABLES.values():
            if spec.room.value != room:
                continue
            key = f"\n\nKey: {', '.join(f'`{name}`' for name in spec.key)}." if spec.key else ""
            rows = [
                (f"`{c.name}`", c.kind.value, c.sensitivity.value, "yes" if c.required else "may be empty", c.says)
                for c in spec.columns
            ]
            parts.append(f"### {spec.name}\n\n{spec.says}{key}")
            parts.append(table(("column", "type", "sensitivity", "always there", "says"), rows))
    return page("Tables", "src/hearthlink/tables", *parts)


def intake_page() -> str:
    """Every table that a file of somebody's own may fill: each column, what it holds, and the other headers that it goes by."""
    from hearthlink.sources.intake.catalogue import INTAKE
    from hearthlink.sources.mapping.layout_tables import LAYOUT_TABLES

    says = (
        "Every file becomes one of these tables, by the names of its columns or by a mapping "
        "([Map a supplier's file](../how-to/map-a-supplier.md)), and is parted at once into names and content; none of them rests on disk. "
        "Headers are compared without case, blanks, dots and hyphens. A column that must be there may hold blanks; a row without a value "
        "that it must have is set aside and counted."
    )
    parts = [says]
    for each in INTAKE.values():
        rows = [
            (
                f"`{c.name}`",
                c.kind.value,
                "a value in every row" if c.required else "must be there" if c.needed else "",
                c.says,
                ", ".join(f"`{name}`" for name in c.also),
            )
            for c in each.columns
        ]
        files = ", ".join(f"`{stem}`" for stem in each.stems)
        parts.append(f"## {each.name}\n\n{each.says} Files called {files}.")
        parts.append(table(("column", "holds", "needed", "says", "also called"), rows))
        for c in each.columns:
            if c.codes:
                words = dict.fromkeys(c.codes.values())
                spelt = (f"`{word}` ({', '.join(f'`{s}`' for s, m in c.codes.items() if m == word)})" for word in words)
                parts.append(f"`{c.name}` takes {'; '.join(spelt)}.")
    parts.append(
        "## Tables of documented systems\n\nThese too may be named as `table` in study.toml, out of a file or a database, and are read by the names of "
        "their own columns, without a mapping; what to ask for is on the page of each source. What was referred, assessed and planned is not among "
        "them: it comes as a census, the dataset's files or the daily feed, in their folders."
    )
    systems = [(f"`{one.name}`", f"`{one.source}`", one.says) for one in LAYOUT_TABLES.values()]
    parts.append(table(("table", "of", "says"), systems))
    return page("Tables to fill", "src/hearthlink/sources/intake/catalogue.py", *parts)


def steps_page() -> str:
    """Every step and act: what it is for, who does it, what it reads and writes; then who may reach which room, and whose keys that takes."""
    from hearthlink.governance.roles import REACH
    from hearthlink.study.acts_inside import BESIDE
    from hearthlink.study.steps import STEPS
    from hearthlink.tables import Room

    def named(specs: Iterable[Any], files: tuple[str, ...] = ()) -> str:
        return ", ".join([f"[{s.name}](tables.md#{s.name})" for s in specs] + [f"`{name}`" for name in files]) or "—"

    rows = [
        (str(n), f"`{s.name}`", s.says, s.role.value, ", ".join(f"`{o}/`" for o in s.opens) or "—")
        for n, s in enumerate(STEPS, start=1)
    ]

    def where_there(specs: Iterable[Any]) -> str:
        return f"\n- reads, where people have written it: {named(specs)}" if specs else ""

    details = [
        f"## {s.name}\n\n{s.says}. Done by the {s.role.value}.\n\n"
        f"- reads: {named(s.reads, s.reads_files)}{where_there(s.may_read)}\n- writes: {named(s.writes)}\n"
        f"- settings it depends on: {', '.join(f'`{name}`' for name in s.settings) or 'none'}"
        + ("\n- carried out by the engine that study.toml names; every other step by DuckDB" if s.grows else "")
        for s in STEPS
    ]
    beside = [
        f"### {b.name}\n\n{b.says}. Done by the {b.role.value}.\n\n"
        f"- reads: {named(b.reads)}{where_there(b.may_read)}\n- writes: {named(b.writes)}"
        for b in BESIDE
    ]
    reach = [
        (
            role.value,
            *(
                "reads and writes"
                if r in may.reads & may.writes
                else "reads"
                if r in may.reads
                else "writes"
                if r in may.writes
                else "—"
                for r in Room
            ),
        )
        for role, may in REACH.items()
    ]
    return page(
        "Steps",
        "src/hearthlink/study/steps.py",
        "One run, a straight line. A step whose inputs, settings and version have not changed is not run again.",
        table(("", "step", "what for", "role", "opens"), rows),
        *details,
        "## Beside the run\n\nWhat people do when they choose to. What they write, the next run reads.",
        *beside,
        "## Who may reach which room\n\n" + table(("role", *(f"{r.value} room" for r in Room)), reach),
        *_keys_parts(table),
    )


COMMAND_OF = {
    "draw": "review",
    "explain-pair": "explain",
    "findings": "check",
    "splink": "splink write",
    "release-new": "release new",
    "release-review": "release approve",
    "release": "release finish",
}
"""The command that gives an act, where that has another name."""


def _keys_parts(as_table: Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], str]) -> Iterator[str]:
    """Whose part, and which keys, each step and each act takes where the keys of rooms are apart."""
    from hearthlink.governance.custody import rooms_of
    from hearthlink.governance.people import SMALLEST, Part
    from hearthlink.governance.protocol import rooms_reached
    from hearthlink.study.acts_inside import BESIDE
    from hearthlink.study.steps import STEPS
    from hearthlink.tables import Room

    def handed(role: Any) -> str:  # noqa: ANN401 - a role, which this program does not import before it is asked
        return ", ".join(room.value for room in Room if room in rooms_of(role))

    def given(name: str) -> str:
        command = COMMAND_OF.get(name, name)
        return "`hearthlink.open`, in Python" if name == "open" else f"`hearthlink {command}`"

    yield (
        "## Whose keys it takes\n\nWhere a protocol keeps the keys of rooms apart, a step is done by whoever has the part of its role, in a process that is "
        "handed the keys of that role's rooms and no other; an act opens no other either. Everybody else is refused. "
        "[Three rooms](../explanation/three-rooms.md) says how."
    )
    yield as_table(
        ("done", "command", "part", "keys handed"),
        [(f"step `{s.name}`", f"`hearthlink {s.name}`", s.role.value, handed(s.role)) for s in STEPS]
        + [(f"act `{b.name}`", given(b.name), b.role.value, handed(b.role)) for b in BESIDE],
    )
    yield "Each room's key is sealed to whoever has a part that reaches it; and so to these, in the smallest team:"
    held = [
        (part.value, *("sealed to them" if room in rooms_reached([part]) else "—" for room in Room)) for part in Part
    ]
    yield as_table(("part", *(f"{r.value} room" for r in Room)), held)
    team = [
        (
            who,
            ", ".join(part.value for part in parts),
            ", ".join(r.value for r in Room if r in rooms_reached(parts)) or "none",
        )
        for who, parts in SMALLEST.items()
    ]
    yield as_table(("who", "parts", "keys sealed to them"), team)


def checks_page() -> str:
    """Every check of the extracts, and every rule of the census: its code, how grave it is, what it means and what is done."""
    from hearthlink.checks import CARDS, CENSUS_CARDS
    from hearthlink.tables.census import FIRST_YEAR, LAST_YEAR

    ours = [
        (f"`{card.code}`", card.severity.value, card.says, ", ".join(f"`{c}`" for c in card.about), card.remedy)
        for card in CARDS
    ]

    def years(first: int, last: int) -> str:
        if (first, last) == (FIRST_YEAR, LAST_YEAR):
            return "all"
        from_year, to_year = (f"{year - 1}-{year % 100:02}" for year in (first, last))
        return f"from {from_year}" if last == LAST_YEAR else f"to {to_year}"

    census = [
        (f"`{card.code}`", card.kind, years(*card.years), card.says, ", ".join(f"`{c}`" for c in card.about), card.use)
        for card in CENSUS_CARDS
    ]
    return page(
        "Checks",
        "src/hearthlink/checks",
        "What `hearthlink check` looks for. How to use it: [check a census](../how-to/check-a-census.md).",
        "## Our own checks",
        "The checks of identifiers, claims and money that would change the answer. One that *stops* ends the run with exit code 1; "
        "*look* asks for a look; *note* is for the record. The report shows only their cleared counts.",
        table(("code", "severity", "means", "looks at", "what to do"), ours),
        "## The census's own rules",
        f"{len({card.code for card in CENSUS_CARDS})} rules of the Department for Education for the children in need census, by their "
        "codes, those that matter to a linkage; the words are ours. An *error* stops an authority's return, a *query* may be explained "
        "and submitted. Hearthlink leaves no record out for them: it says where they are, and what it does instead. A rule is asked of "
        "the census years it is a rule of, with the code sets of that year.",
        table(("code", "kind", "years", "means", "looks at", "what Hearthlink does"), census),
    )


def measures_page() -> str:
    """Every measure: what is counted, of whom, what is not seen, what spoils it, the guard, and its worked examples."""
    # The page lies beside this program, which a test loads by its path.
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        from measures_page import parts
    finally:
        sys.path.pop(0)
    return page("Measures", "src/hearthlink/tables/definitions.py and src/hearthlink/measures", *parts(table))


def commands_page() -> str:
    """Every command of the command line, with its arguments and options; and the exit codes."""
    import typer.main

    from hearthlink.cli.main import app
    from hearthlink.errors import ExitCode

    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    meanings = {
        ExitCode.FINE: "fine",
        ExitCode.DATA: "a problem in the data",
        ExitCode.USE: "a command, option or setting is not understood",
        ExitCode.REFUSED: "refused by governance: permission is missing, has run out or does not reach so far",
        ExitCode.OURS: "a fault of ours",
    }
    parts = [
        "`python -m hearthlink COMMAND` and `hearthlink COMMAND` are the same. A command never prints a person's data.",
        "## Exit codes\n\n" + table(("code", "means"), [(str(int(code)), words) for code, words in meanings.items()]),
    ]
    for name, command in _each_command(commands):
        rows = [_parameter(each) for each in command.params if each.name != "help"]
        parts.append(f"## hearthlink {name}\n\n{(command.help or '').strip()}")
        if rows:
            parts.append(table(("", "default", "says"), rows))
    return page("Commands", "src/hearthlink/cli", *parts)


def _each_command(commands: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its whole name, those of a group after the group."""
    for name, command in commands.items():
        yield before + name, command
        yield from _each_command(getattr(command, "commands", {}), f"{before}{name} ")


def _parameter(parameter: Any) -> tuple[str, str, str]:  # noqa: ANN401 - typer keeps this type to itself
    option = parameter.param_type_name == "option"
    shown = ", ".join(f"`{name}`" for name in parameter.opts) if option else f"`{parameter.name.upper()}`"
    default = parameter.default
    if parameter.required:
        said = "needed"
    elif default is False or default is None:
        said = "off"
    else:
        said = f"`{default}`"
    return shown, said, parameter.help or ""


def study_toml_page() -> str:
    """Every setting of study.toml: its type and default, and the file that `init` writes."""
    from hearthlink.study.study import StudyLines
    from hearthlink.study.template import BLANK

    parts = [
        (
            "One file says what a study is for and under whose authority it runs. A setting that Hearthlink does not know is an "
            "error, with the nearest one it knows. Until [its protocol](protocol-toml.md) holds, "
            "nothing is opened, and the exit code is 3."
        ),
        "## As `hearthlink init` writes it\n\n```toml\n" + BLANK.strip() + "\n```",
        "## Settings\n\n" + table(("setting", "default"), _settings(StudyLines, "")),
    ]
    return page("study.toml", "src/hearthlink/study", *parts)


def protocol_toml_page() -> str:
    """Every setting of protocol.toml, the file that `protocol new` writes, and who may hold which parts."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        from protocol_page import parts
    finally:
        sys.path.pop(0)
    return page(
        "protocol.toml",
        "src/hearthlink/governance and src/hearthlink/study/protocols/text.py",
        *parts(table, _settings),
    )


def _settings(model: type[BaseModel], before: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, info in model.model_fields.items():
        inner = [a for a in (info.annotation, *getattr(info.annotation, "__args__", ())) if isinstance(a, type)]
        section = next((a for a in inner if issubclass(a, BaseModel)), None)
        many = get_origin(info.annotation) is tuple
        if section is not None:
            rows += [
                (
                    f"**`{'[[' if many else '['}{before}{name}{']]' if many else ']'}`**",
                    " ".join((section.__doc__ or "").split()),
                ),
                *_settings(section, f"{before}{name}."),
            ]
            continue
        default = "needed" if info.is_required() else info.get_default(call_default_factory=True)
        rows.append((f"`{before}{name}`", _as_toml(default)))
    return rows


def _as_toml(value: object) -> str:
    if value == "needed":
        return "needed"
    if value in (None, "", {}):
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        return f"`{value:.4g}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def threats_page() -> str:
    """Every threat, what is done about it, and the tests that show it."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        from threats_page import parts
    finally:
        sys.path.pop(0)
    return page("Threats", "docs/threats_page.py", *parts(table))


def release_page() -> str:
    """The states of a release and the moves between them, with their picture."""
    return page("Release", "src/hearthlink/governance/release.py", *_release_page().parts(table))


def release_picture() -> str:
    """The picture of the states of a release, drawn from them."""
    return str(_release_page().picture())


def _release_page() -> Any:  # noqa: ANN401 - a module that lies beside this program
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return import_module("release_page")
    finally:
        sys.path.pop(0)


def evidence_page() -> str:
    """Every claim, whether its evidence still speaks of this source, and its figures."""
    sys.path.insert(0, str(ROOT))
    from prove import evidence
    from prove.page import tables

    parts = [
        (
            "What long runs showed (`python3 dev.py prove`, `python3 dev.py bench`). Evidence is *stale* when the source it judged has "
            "changed since: then nobody should lean on it until it is made again."
        ),
    ]
    for claim in evidence.claims():
        found = evidence.read(claim)
        standing = evidence.standing(claim).value
        parts.append(f"## {claim.name}\n\n{claim.says}\n\n**{standing[0].upper()}{standing[1:]}.**")
        if found is not None:
            held = "The claim held." if found["held"] else "The claim did **not** hold."
            if claim.aim:
                held = "This aim is met." if found["held"] else "This is an aim, and it is **not met** yet."
            if found["says"] != claim.says:
                held = f"The claim has been put in other words since; what was judged is: *{found['says']}* {held}"
            parts.append(f"{held} Repeat it with `{found['command']}`.")
            cells = found["figures"].get("cells", ())
            parts += [f"{says}\n\n{table(headings, rows)}" for says, headings, rows in tables(cells) if cells]
            rows = list(_figures({name: value for name, value in found["figures"].items() if name != "cells"}))
            parts.append(table(("figure", "value"), rows))
    return page("Evidence", "docs/evidence and prove/claims.toml", *parts)


def _figures(held: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Rows of figures; a group of plain figures makes one row, a group of groups a row each."""
    for name, value in held.items():
        words = before + name.replace("_", " ")
        if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
            yield from _figures(value, f"{words}: ")
        elif isinstance(value, dict):
            yield words, ", ".join(f"{inner.replace('_', ' ')} {_figure(each)}" for inner, each in value.items())
        else:
            yield words, _figure(value)


def _figure(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


PAGES: dict[str, Callable[[], str]] = {
    "tables.md": tables_page,
    "intake-tables.md": intake_page,
    "steps.md": steps_page,
    "checks.md": checks_page,
    "measures.md": measures_page,
    "commands.md": commands_page,
    "study-toml.md": study_toml_page,
    "protocol-toml.md": protocol_toml_page,
    "release.md": release_page,
    "evidence.md": evidence_page,
}


def chart_templates() -> str:
    """The templates of the report's charts, which Altair makes ahead."""
    from hearthlink.report import picture

    return json.dumps(picture.templates(), indent=1) + "\n"


MADE: dict[Path, Callable[[], str]] = {
    REFERENCE / "release.svg": release_picture,
    **{REFERENCE / name: make for name, make in PAGES.items()},
    ROOT / "docs" / "explanation" / "threats.md": threats_page,
    ROOT / "src" / "hearthlink" / "report" / "templates" / "charts.json": chart_templates,
}


def main(arguments: list[str]) -> int:
    """Write every page, or with `--check` say which differ from what the code would write."""
    checking = "--check" in arguments
    differing: list[str] = []
    for path, make in MADE.items():
        text = make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            differing.append(path.name)
            if not checking:
                path.write_text(text, encoding="utf-8", newline="\n")
    if checking and differing:
        print(f"Not as the code would have them: {', '.join(differing)}. Run: python3 dev.py pages")
    elif differing:
        print(f"Written: {', '.join(differing)}")
    return 1 if checking and differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
