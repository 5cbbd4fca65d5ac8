"""The columns of a file that match does not read, said by their names, with what they may be of ours. No value is looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from hearthlink.tables.match import COLUMNS

Words = Callable[[str], Sequence[str]]
"""The words of a header, its short forms written out."""

MOST_NAMED = 20
LONGEST_NAME = 40

SAID_OTHERWISE = {
    "previous": "former",
    "maiden": "former",
    "old": "former",
    "reference": "id",
    "dependents": "dependants",
}
"""Words for which our columns have another."""

OF_NO_WEIGHT = frozenset(
    "of the name names child person client pupil text value line 1 n number recorded current valid".split()
)
"""Words of a header that do not change what its column is."""

ALSO = {
    "household_id": ("household",), "family_id": ("family",), "known_as": ("known", "preferred forename"), "former_surname": ("former",),
    "middle_names": ("second",), "valid_from": ("start date", "start", "from", "from date"), "valid_to": ("end date", "end", "to", "to date"),
    "as_at": ("referral date", "date referral"), "role": ("relationship", "type"), "n_dependants": ("children",),
}  # fmt: skip
"""Other words that a header may have for what our column holds."""


def unread(headers: Sequence[str], read: Collection[str], which: str, *, words: Words) -> tuple[str, ...]:
    """Sentences on the headers of one side that were not read; none where every header was. `read`: which of our columns were."""
    if not headers:
        return ()
    named = ", ".join(shown(header) for header in headers[:MOST_NAMED])
    more = f" and {len(headers) - MOST_NAMED:,} more" if len(headers) > MOST_NAMED else ""
    said = f"Not read on the {which}: {named}{more}. A column under another name than ours is given with --map (map= in Python)."
    may_be = {ours: theirs for ours, theirs in likely(headers, read, words=words).items() if _can_be_typed(theirs)}
    if not may_be:
        return (said,)
    whose = ", ".join(f"{theirs} for {ours}" for ours, theirs in may_be.items())
    return said, f"Perhaps meant, where the {which} has no column of ours: {whose}. If so: {_map_of(may_be, which)}"


def who_perhaps(headers: Sequence[str], read: Collection[str], which: str, *, words: Words) -> str:
    """The option that would name the ids of a side without person_id, and what else may be meant; empty where no header looks like ids."""
    may_be = {ours: theirs for ours, theirs in likely(headers, read, words=words).items() if _can_be_typed(theirs)}
    return _map_of(may_be, which) if "person_id" in may_be else ""


def _map_of(may_be: Mapping[str, str], which: str) -> str:
    pairs = ",".join(f"{which}.{ours}={theirs}" for ours, theirs in may_be.items())
    return f'--map "{pairs}"'


def _can_be_typed(header: str) -> bool:
    """Whether it stays what it is in a map, between the quotation marks of any shell: a file's maker wrote it, and it is to be typed."""
    return header == shown(header) and not set(header) & set(',="$`\\!%')


def shown(header: str) -> str:
    """A header as it may stand on a screen: printable, and no longer than a name should be."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in header).split())
    return (plain[:LONGEST_NAME] + "…" if len(plain) > LONGEST_NAME else plain) or "a column without a name"


def likely(headers: Sequence[str], read: Collection[str], *, words: Words) -> dict[str, str]:
    """Of those of our columns that were not read the header whose words say the same, if there is one and no more than one."""
    meant = {
        _meaning(said, words): ours for ours in COLUMNS if ours not in read for said in (ours, *ALSO.get(ours, ()))
    }
    found: dict[str, list[str]] = {}
    for header in headers:
        ours = meant.get(_meaning(header, words))
        if ours is not None:
            found.setdefault(ours, []).append(header)
    return {ours: theirs[0] for ours, theirs in found.items() if len(theirs) == 1}


def _meaning(header: str, words: Words) -> frozenset[str]:
    bare = " ".join(word for word in header.replace("_", " ").split() if word.lower() not in {"of", "the"})
    return frozenset(SAID_OTHERWISE.get(word, word) for word in words(bare) if word not in OF_NO_WEIGHT)
