"""A draft of the mapping of a query: what `receive` saw of its headers and shapes, guessed, for a person to look at before it is used."""

from __future__ import annotations

from collections.abc import Sequence

from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.mapping.guess import guess
from hearthlink.sources.mapping.mapped import QueryOpener
from hearthlink.sources.mapping.write import mapping_text
from hearthlink.sources.reading.files import Given


def draft_text(asked: Sequence[Given], open_query: QueryOpener) -> str:
    """The mapping that these queries seem to need, as TOML, with what is doubtful marked; names of columns stand in it and no value.

    Raises whatever asking raises, and DataProblem where the first row looks like data.
    """
    guesses = [
        guess(
            open_query(one.database or "", one.query or "", INTAKE[one.table].source),
            table=one.table,
            called=one.table,
        )
        for one in asked
    ]
    return mapping_text(guesses)
