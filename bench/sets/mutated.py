"""Errors put into a table by gecko's mutators (Jugl et al., 2024), at a level."""

from __future__ import annotations

import os
import string

import numpy as np
import pandas as pd
import pseudopeople
from gecko import mutator

LIGHT, MIDDLING, HEAVY = 1.0, 3.0, 7.0


def mutated(table: pd.DataFrame, level: float, seed: int) -> pd.DataFrame:
    """The same rows with slips of keys, nicknames, swapped names, wrong days and gaps, each some share of the cells times `level`."""
    rng = np.random.default_rng(seed)
    typed = [
        mutator.with_insert(charset=string.ascii_lowercase, rng=rng),
        mutator.with_delete(rng=rng),
        mutator.with_transpose(rng=rng),
        mutator.with_substitute(charset=string.ascii_lowercase, rng=rng),
    ]
    digits = [mutator.with_transpose(rng=rng), mutator.with_substitute(charset=string.digits, rng=rng)]
    missing = mutator.with_missing_value(rng=rng)
    nickname = mutator.with_replacement_table(nicknames(), source_column="name", target_column="nickname", rng=rng)

    def each(share: float, of: list[mutator._gt.Mutator]) -> list[tuple[float, mutator._gt.Mutator]]:
        return [(min(0.2, share * level / len(of)), one) for one in of]

    spec: list[object] = [
        ("forename", [*each(0.02, typed), *each(0.015, [nickname]), *each(0.004, [missing])]),
        ("surname", [*each(0.02, typed), *each(0.004, [missing])]),
        ("birth_date", [*each(0.02, digits), *each(0.008, [missing])]),
        ("address", [*each(0.05, typed), *each(0.01, [missing])]),
        ("postcode", [*each(0.02, typed), *each(0.01, [missing])]),
        ("sex", each(0.01, [missing])),
        (("forename", "surname"), each(0.004, [mutator.with_permute(rng=rng)])),
    ]
    texts = table.copy()
    here = [part for part in spec if set(_columns(part)) <= set(texts.columns)]
    for column in {column for part in here for column in _columns(part)}:
        texts[column] = texts[column].astype(object).where(texts[column].notna(), "").astype(str)
    return mutator.mutate_data_frame(texts, here)


def _columns(part: object) -> tuple[str, ...]:
    named = part[0]  # type: ignore[index]
    return (named,) if isinstance(named, str) else tuple(named)


def nicknames() -> pd.DataFrame:
    """Forenames and what people with them are called, from the table that pseudopeople brings."""
    path = os.path.join(os.path.dirname(pseudopeople.__file__), "data", "nicknames.csv")  # noqa: PTH118, PTH120
    wide = pd.read_csv(path)
    long = wide.melt(id_vars=["name"], value_name="nickname").dropna(subset=["nickname"])
    return pd.DataFrame({"name": long["name"].str.title(), "nickname": long["nickname"].str.strip().str.title()})
