"""Where the extracts of a study lie: the folder `in`, and what must be in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hearthlink.errors import DataProblem


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The paths of the extracts. None of them is opened by naming it."""

    census: Path
    safeguarding: Path
    housing_benefit: tuple[Path, ...]
    council_tax: Path
    postcodes: Path
    deprivation: Path


WANTED = (
    """It should hold: cin_*.xml, ssd/, shbe/SHBE_yyyymm.txt, cts/, geography/ONSPD*.csv and geography/File_7_*.csv."""
)


def source_files(folder: Path) -> SourceFiles:
    """The extracts in a folder, found by their names.

    Raises DataProblem where one is missing, or where two files could be the same one.
    """
    if not folder.is_dir():
        raise DataProblem("The folder of extracts was not found.", file=folder.name, remedy=WANTED)
    geography = _folder(folder, "geography")
    return SourceFiles(
        census=_one(folder, "*.xml", "the children in need census (XML)"),
        safeguarding=_folder(folder, "ssd"),
        housing_benefit=_some(_folder(folder, "shbe"), "*.txt", "monthly Housing Benefit extracts"),
        council_tax=_folder(folder, "cts"),
        postcodes=_one(geography, "[on][ns][sp][pl]*.csv", "the postcode directory"),
        deprivation=_one(geography, "file_7*.csv", "File 7 of the indices of deprivation"),
    )


def _folder(within: Path, name: str) -> Path:
    folder = within / name
    if folder.is_dir():
        return folder
    raise DataProblem(
        f"The folder {name} was not found among the extracts.", file=f"{within.name}/{name}", remedy=WANTED
    )


def _some(folder: Path, pattern: str, what: str) -> tuple[Path, ...]:
    found = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".") and _fits(p, pattern))
    if found:
        return tuple(found)
    raise DataProblem(f"No file was found for {what}.", file=f"{folder.name}/{pattern}", remedy=WANTED)


def _one(folder: Path, pattern: str, what: str) -> Path:
    found = _some(folder, pattern, what)
    if len(found) == 1:
        return found[0]
    raise DataProblem(
        f"{len(found)} files could be {what}.",
        file=f"{folder.name}/{pattern}",
        remedy="Leave the right one there, and move the rest.",
    )


def _fits(path: Path, pattern: str) -> bool:
    return Path(path.name.lower()).match(pattern)
