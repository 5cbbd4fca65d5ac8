"""Sex from words, letters and codes; codes that no rule knows, or that two files use the other way round, are told by forenames."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import fsum

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.given import FEW, Given, coded, without_fillers
from hearthlink.standardise.letters import plain

FEMALE, MALE = "F", "M"

SELDOM = 0.2
"""Share of a column's values that each of two codes must have to be one of the sexes."""

NEARLY_ALL = 0.9
"""Share of the values of a column that two codes must make up, and of clear forenames that must speak for one answer."""

APART = 0.5
"""How far the shares of girls' forenames under two codes must lie apart for the codes to be the sexes."""

_WORDS = {
    **dict.fromkeys("F FEMALE FEM FEMALES WOMAN GIRL W 2 MUJER FEMENINO FEMENINA NINA FEMININ FEMININO FEMININE FEMME FILLE WEIBLICH".split(), FEMALE),
    **dict.fromkeys("M MALE MASC MALES MAN BOY 1 HOMBRE MASCULINO NINO MASCULIN MASCULINE HOMME GARCON MANNLICH".split(), MALE),
}  # fmt: skip
_NOT_WORD = re.compile(r"[^A-Z0-9]+")
_NO_SEX = frozenset(
    "0 3 8 9 U UN UNK UNKNOWN X I N NA NK NAN NONE NULL NOTKNOWN NOTSTATED NOTRECORDED NOTSPECIFIED INDETERMINATE OTHER".split()
)
"""Codes and words for a sex that is not known or neither."""

_ONE_OF_TWO = frozenset("0 N".split())
"""Those of them that may be one of the sexes where only one other code stands in the file, as in 0 and 1, or yes and no."""


def sexes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """F, M or empty, from words, letters, or 1 and 2 as the health service counts them; empty where a text says both."""
    return coded(column, _sex)


def told_sexes(sides: Sequence[Given], forenames: Sequence[pa.ChunkedArray]) -> tuple[list[pa.ChunkedArray], list[str]]:
    """The sexes of both files, and what to say of them. forenames: of each file, along its rows.

    Two codes that no rule knows are the sexes if forenames part by them as they do by the sexes of the other file, or if both files
    have them. Where the forenames of one sex are those of the other in the second file, its sexes change places.
    """
    written = [side.text("sex") for side in sides]
    known = [sexes(column) for column in written]
    codes = [_two_codes(column) for column in written]
    said: list[str] = []
    for n, pair in enumerate(codes):
        if pair is None:
            continue
        told = _by_forename(written[n], pair, forenames[n], _girls(known[1 - n], forenames[1 - n]))
        if told is None and codes[1 - n] == pair:
            told = dict(zip(pair, (FEMALE, MALE), strict=True))
        if told is not None:
            known[n] = coded(written[n], lambda code, told=told: told.get(_code(code)))
    made: list[pa.ChunkedArray] = []
    for n, side in enumerate(sides):
        sex, wrong = without_fillers(known[n])
        made.append(sex)
        strange = codes[n] is not None and sex.null_count == len(sex)
        words = "in codes not known, not compared" if strange else wrong
        said += [f"sex on the {side.which}: {words}"] if words else []
    if _turned_round(made, forenames):
        said.append(f"sex on the {sides[1].which}: the codes stand for each other's sex, and are taken so")
        made[1] = coded(made[1], {FEMALE: MALE, MALE: FEMALE}.get)
    return made, said


def _code(text: str) -> str:
    return "".join(_NOT_WORD.sub(" ", plain(text)).split())


def _sex(text: str) -> str | None:
    words = [word.lstrip("0") or word for word in _NOT_WORD.sub(" ", plain(text)).split()]
    whole = _WORDS.get("".join(words))
    found = {_WORDS[word] for word in words if word in _WORDS}
    return whole or (found.pop() if len(found) == 1 else None)


def _two_codes(written: pa.ChunkedArray) -> tuple[str, str] | None:
    """The two codes in order that nearly all rows hold, unless each is a word for a sex: 0 and 1, H and M, K and M."""
    code = coded(written, lambda text: _code(text) or None).drop_null()
    counted = pc.value_counts(code)
    counts = dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))
    may_be = [name for name in counts if name not in _NO_SEX or (name in _ONE_OF_TWO and len(counts) == 2)]
    common = sorted(may_be, key=lambda name: (-counts[name], name))[:2]
    if len(common) < 2 or all(_sex(name) for name in common):
        return None
    many = [counts[name] for name in common]
    if len(code) < FEW or sum(many) < NEARLY_ALL * len(code) or min(many) < SELDOM * len(code):
        return None
    one, other = sorted(common)
    return one, other


def _girls(known: pa.ChunkedArray, forename: pa.ChunkedArray) -> dict[str, float]:
    """The share of those with each forename who are female, as far as a file says."""
    rows = pa.table({"forename": forename, "girl": pc.equal(known, FEMALE).cast(pa.int64())})
    rows = rows.filter(pc.and_(pc.is_valid(rows.column("forename")), pc.is_valid(rows.column("girl"))))
    seen = rows.group_by("forename").aggregate([("girl", "mean")])
    return dict(zip(seen.column("forename").to_pylist(), seen.column("girl_mean").to_pylist(), strict=True))


def _by_forename(
    written: pa.ChunkedArray, pair: tuple[str, str], forename: pa.ChunkedArray, girls: Mapping[str, float]
) -> dict[str, str] | None:
    """Which of two codes is which sex; None where forenames do not tell."""
    rows = pa.table({"code": coded(written, _code), "forename": forename})
    counted = rows.group_by(["code", "forename"]).aggregate([([], "count_all")]).to_pylist()
    shares: list[float] = []
    for code in pair:
        mine = [
            (girls[row["forename"]], row["count_all"])
            for row in counted
            if row["code"] == code and row["forename"] in girls
        ]
        people = sum(count for _, count in mine)
        if people < FEW:
            return None
        shares.append(fsum(share * count for share, count in mine) / people)
    one, other = shares
    if abs(one - other) < APART:
        return None
    return dict(zip(pair, (FEMALE, MALE) if one > other else (MALE, FEMALE), strict=True))


def _turned_round(made: Sequence[pa.ChunkedArray], forenames: Sequence[pa.ChunkedArray]) -> bool:
    """Whether names that are one sex's in one file are nearly all the other's in the other."""
    girls = [_girls(sex, names) for sex, names in zip(made, forenames, strict=True)]
    both = [(share, girls[1][name]) for name, share in girls[0].items() if name in girls[1]]
    clear = [abs(one - other) for one, other in both if abs(one - 0.5) > APART / 2 and abs(other - 0.5) > APART / 2]
    return len(clear) >= FEW and sum(gap > APART for gap in clear) > NEARLY_ALL * len(clear)
