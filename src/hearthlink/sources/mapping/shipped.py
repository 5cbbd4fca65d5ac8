"""The mappings that come with Hearthlink: examples for documented layouts and for suppliers' likely ones, each tested."""

from __future__ import annotations

from importlib.resources import files

from hearthlink.errors import WrongUse
from hearthlink.sources.intake.rules import Mapping
from hearthlink.sources.mapping.form import meant, read_mapping

ENDING = ".toml"


def shipped() -> tuple[str, ...]:
    """The names of the mappings that come with Hearthlink."""
    held = files("hearthlink").joinpath("sources", "mapping", "mappings").iterdir()
    return tuple(sorted(one.name.removesuffix(ENDING) for one in held if one.name.endswith(ENDING)))


def shipped_text(name: str) -> str:
    """One of them as it is written. Raises WrongUse where there is none of that name."""
    known = shipped()
    if name not in known:
        raise WrongUse(
            "There is no such mapping among those that come with Hearthlink.",
            column="mapping",
            remedy=meant(name, known),
        )
    return files("hearthlink").joinpath("sources", "mapping", "mappings", name + ENDING).read_text(encoding="utf-8")


def open_shipped(name: str) -> Mapping:
    """One of them, understood. Raises WrongUse where there is none of that name."""
    return read_mapping(shipped_text(name).encode(), name + ENDING)
