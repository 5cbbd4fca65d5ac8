"""Whole children of a census, read by column where their text is plain: many times faster than element by element, and the same.

Plain is text in which every tag is a known name alone, and that has no entity, comment, instruction, CDATA or letter beyond ASCII: what
systems write, but for oddities. Whether such text is well formed and follows the schema is decided for all tags at once; where it does
not, or where it is not plain, nothing is read here, and the parser (`cin_parse`) reads it instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.census.cin_blocks import CHILD, LEAF, NUMBERED, Block
from hearthlink.sources.reading.columns import count, only, trimmed, whole
from hearthlink.tables.census import FLAT, flat_schema

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Letters = np.ndarray[tuple[int], np.dtype[np.uint8]]
Words = np.ndarray[tuple[int], np.dtype[np.uint64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

LONGEST_NAME, DEEPEST, LONGEST_VALUE = 32, 8, 1000
_MASKS = np.array([(1 << 8 * letters) - 1 for letters in range(9)], np.uint64)
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)


def _blocks(block: Block) -> Iterator[Block]:
    """Every block within a block, at any depth; one that may stand in several places comes as often."""
    for inner in block.holds.values():
        if inner is not LEAF:
            yield inner
            yield from _blocks(inner)


class Grammar:
    """The schema as numbers: names by their letters, and which node a name makes inside which other (-1 for none)."""

    def __init__(self) -> None:
        self.nodes: list[Block] = [Block(holds={"Child": CHILD}), LEAF, CHILD]
        for block in _blocks(CHILD):
            if not any(block is known for known in self.nodes):
                self.nodes.append(block)
        names = sorted({name for node in self.nodes for name in node.holds})
        self.number = {name: place for place, name in enumerate(names)}
        self.inside = np.full((len(self.nodes), len(names)), -1, np.int64)
        for place, node in enumerate(self.nodes):
            for name, inner in node.holds.items():
                self.inside[place, self.number[name]] = self.place(inner)
        spelt = np.frombuffer(b"".join(name.encode().ljust(LONGEST_NAME, b"\0") for name in names), "<u8")
        self._words = spelt.reshape(-1, LONGEST_NAME // 8)
        hashed = _hashed(list(self._words.T))
        self._order = np.argsort(hashed)
        self._hashes = hashed[self._order]
        self.makes_row = np.array([bool(node.table) for node in self.nodes])

    def place(self, block: Block) -> int:
        """The number of a block."""
        return next(place for place, node in enumerate(self.nodes) if node is block)

    def named(self, words: Sequence[Words]) -> Numbers:
        """The number of each name, given as words of eight letters; -1 where it is none of the schema's."""
        found = np.minimum(np.searchsorted(self._hashes, _hashed(words)), len(self._hashes) - 1)
        name = self._order[found]
        known = np.ones(len(name), np.bool_)
        for place, word in enumerate(words):
            known &= self._words[name, place] == word
        return np.where(known, name, -1)


def _hashed(words: Sequence[Words]) -> Words:
    made = words[0] * _FACTORS[0]
    for word, factor in zip(words[1:], _FACTORS[1:], strict=True):
        made = made + word * factor
    return made


GRAMMAR = Grammar()


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a text in their order: where each begins and ends, whether it closes or stands alone, its name and its depth."""

    begin: Numbers
    end: Numbers
    closes: Flags
    alone: Flags
    name: Numbers
    level: Numbers


@dataclass(frozen=True, slots=True)
class Tree:
    """For each tag that opens: its node, and the tag of the row it stands in (its own, where it makes one)."""

    node: Numbers
    above: Numbers
    row: Numbers


def scan(
    text: bytes, *, first_child: int, first_line: int, without: frozenset[str] = frozenset()
) -> dict[str, pa.Table] | None:
    """The flat tables of the children in a text that is nothing but whole children; None where the parser has to read it.

    `first_child` is the number of the first, `first_line` the line of the file on which the text begins.
    """
    letters = np.frombuffer(text, np.uint8)
    tags = _tags(text, letters) if _is_plain(text, letters) else None
    tree = None if tags is None else _tree(tags)
    if tags is None or tree is None:
        return None
    return Filling(letters, tags, tree, without).tables(first_child, first_line)


def _is_plain(text: bytes, letters: Letters) -> bool:
    """Whether the text has no letter beyond ASCII, no entity, no end of CDATA, and of control letters blanks alone."""
    if not text.isascii() or b"&" in text or (b"]" in text and b"]]>" in text):
        return False
    controls = letters[letters < 32]
    if ((controls != 10) & (controls != 13) & (controls != 9)).any():
        return False
    return b"\r" not in text or text.count(b"\r") == text.count(b"\r\n")


def _tags(text: bytes, letters: Letters) -> Tags | None:
    """The tags of a plain text; None where a name is none of the schema's, or more or fewer are closed than opened.

    A comment, an instruction and a tag with attributes have no such name.
    """
    begin, end = np.flatnonzero(letters == ord("<")), np.flatnonzero(letters == ord(">"))
    if not len(begin) or len(begin) != len(end) or (begin >= end).any() or (end[:-1] >= begin[1:]).any():
        return None
    closes, alone = letters[begin + 1] == ord("/"), letters[end - 1] == ord("/")
    first = begin + 1 + closes
    length = end - alone - first
    if (closes & alone).any() or length.min() < 1 or length.max() > LONGEST_NAME:
        return None
    padded = text + bytes(2 * LONGEST_NAME)
    eights = np.ndarray((len(text) + LONGEST_NAME,), "<u8", padded, strides=(1,))
    words = [
        eights[first + 8 * place] & _MASKS[np.clip(length - 8 * place, 0, 8)] for place in range(LONGEST_NAME // 8)
    ]
    name = GRAMMAR.named(words)
    depth = np.cumsum(np.where(closes, -1, np.where(alone, 0, 1)))
    if (name < 0).any() or depth.min() < 0 or depth[-1]:
        return None
    return Tags(begin, end, closes, alone, name, depth + (closes | alone))


def _tree(tags: Tags) -> Tree | None:
    """What each tag is in the schema; None where a tag is closed by another's name, or stands where the schema has none such."""
    if tags.level.max() > DEEPEST:
        return None
    node, above, row = (np.full(len(tags.name), -1, np.int64) for _ in range(3))
    opened = np.zeros(0, np.int64)
    for level in range(1, int(tags.level.max()) + 1):
        here = np.flatnonzero(tags.level == level)
        closing = here[tags.closes[here]]
        opening = here[~tags.closes[here]]
        lasting = opening[~tags.alone[opening]]
        if (tags.name[lasting] != tags.name[closing]).any():
            return None
        if level > 1:
            above[opening] = opened[np.searchsorted(opened, opening) - 1]
        parent = node[above[opening]] if level > 1 else 0
        made = GRAMMAR.inside[parent, tags.name[opening]]
        if (made < 0).any():
            return None
        node[opening] = made
        row[opening] = np.where(GRAMMAR.makes_row[made], opening, row[above[opening]] if level > 1 else opening)
        opened = lasting
    return Tree(node, above, row)


class Filling:
    """The tables of a text, filled a column at a time."""

    def __init__(self, letters: Letters, tags: Tags, tree: Tree, without: frozenset[str]) -> None:
        self._letters, self._tags, self._tree, self._without = letters, tags, tree, without
        self._child = np.flatnonzero(tree.node == GRAMMAR.place(CHILD))
        self._rows = {
            node.table: np.flatnonzero(tree.node == place) for place, node in enumerate(GRAMMAR.nodes) if node.table
        }
        self._place = np.zeros(len(tags.name), np.int64)
        for rows in self._rows.values():
            self._place[rows] = np.arange(len(rows))
        items = [GRAMMAR.place(node) for node in GRAMMAR.nodes if node.item]
        self._values = np.flatnonzero((tree.node == GRAMMAR.place(LEAF)) | np.isin(tree.node, items))
        self._of = tree.row[self._values]
        self._kind = tree.node[self._of] * 1024 + np.where(self._of == self._values, -1, tags.name[self._values])

    def tables(self, first_child: int, first_line: int) -> dict[str, pa.Table] | None:
        """The tables; None where a value is written twice or is too long, or a child lacks a block: the parser notes such things."""
        children = {table: np.searchsorted(self._child, rows) - 1 for table, rows in self._rows.items()}
        each = np.arange(len(self._child))
        if not all(np.array_equal(children[table], each) for table in ("ChildIdentifiers", "ChildCharacteristics")):
            return None
        texts = self._texts()
        if texts is None:
            return None
        held = {(table, name): self._column(table, name, texts) for table in FLAT for name in self._cells(table)}
        if any(column is None for column in held.values()):
            return None
        ends = np.flatnonzero(self._letters == ord("\n"))
        keys = self._keys(children)
        ids = held["ChildIdentifiers", "LAchildID"]
        made: dict[str, pa.Table] = {}
        for table in FLAT:
            schema, rows = flat_schema(table), self._rows.get(table, np.zeros(0, np.int64))
            child = children.get(table, rows)
            columns = {
                "child_no": pa.array(child + first_child),
                "line": pa.array(np.searchsorted(ends, self._tags.begin[rows]) + first_line),
                "LAchildID": ids.take(pa.array(child)) if ids is not None else None,
                **{name: pa.array(number).cast(pa.string()) for name, number in keys.get(table, {}).items()},
                **{name: column for (one, name), column in held.items() if one == table},
            }
            made[table] = pa.table(
                [columns.get(cell.name, pa.nulls(len(rows), cell.type)) for cell in schema], schema=schema
            )
        return made

    def _cells(self, table: str) -> list[str]:
        keys = {"LAchildID", *NUMBERED.values()} - ({"LAchildID"} if table == "ChildIdentifiers" else set())
        return [name for name in FLAT[table] if name not in keys and name not in self._without and table in self._rows]

    def _texts(self) -> pa.Array | None:
        """Every value, in the order of the text; None where one is too long, or holds a line end that a parser would mend."""
        tags, at = self._tags, self._values
        start = tags.end[at] + 1
        after = np.minimum(at + 1, len(tags.begin) - 1)
        length = np.where(tags.alone[at], 0, tags.begin[after] - start)
        if not len(at) or length.max() > LONGEST_VALUE:
            return None
        offsets = np.zeros(len(at) + 1, np.int64)
        np.cumsum(length, out=offsets[1:])
        letters = self._letters[np.arange(offsets[-1]) + np.repeat(start - offsets[:-1], length)]
        made = pa.StringArray.from_buffers(len(at), pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(letters))
        ends = np.concatenate([start, start + length - 1])[np.tile(length > 0, 2)]
        if (self._letters[ends] <= ord(" ")).any():
            made = whole(trimmed(made))
        elif length.min() == 0:
            made = whole(only(made, pa.array(length > 0)))
        return None if (letters == ord("\r")).any() and count(pc.match_substring(made, "\r")) else made

    def _column(self, table: str, name: str, texts: pa.Array) -> pa.Array | None:
        """A column of a table; None where a row has two values for it."""
        rows = self._rows[table]
        node = next(node for node in GRAMMAR.nodes if node.table == table)
        kind = GRAMMAR.place(node) * 1024 + (-1 if node.item == name else GRAMMAR.number[name])
        found = np.flatnonzero(self._kind == kind)
        place = self._place[self._of[found]]
        if len(place) > 1 and (place[1:] == place[:-1]).any():
            return None
        if len(found) == len(rows):
            return texts.take(pa.array(found))
        where = np.full(len(rows), -1, np.int64)
        where[place] = found
        return texts.take(pa.array(where, mask=where < 0))

    def _keys(self, children: dict[str, Numbers]) -> dict[str, dict[str, Numbers]]:
        """The ordinals that tie rows together: of episodes within the child, of assessments and plans within the episode."""
        tree = self._tree
        above = {table: tree.row[tree.above[rows]] for table, rows in self._rows.items()}
        episode = _ordinals(children["CINdetails"])
        keys: dict[str, dict[str, Numbers]] = {"CINdetails": {"CINdetailsID": episode}}
        for table in ("Assessments", "CINplanDates", "Section47", "ChildProtectionPlans", "PreProceedings"):
            within = self._place[above[table]]
            keys[table] = {"CINdetailsID": episode[within]}
            if table in NUMBERED:
                keys[table][NUMBERED[table]] = _ordinals(within)
        for table, parent in (("AssessmentFactors", "Assessments"), ("Reviews", "ChildProtectionPlans")):
            within = self._place[above[table]]
            keys[table] = {name: number[within] for name, number in keys[parent].items()}
        return keys


def _ordinals(within: Numbers) -> Numbers:
    """The running number of each row within its parent, from 1; rows of one parent stand together."""
    return np.arange(len(within)) - np.searchsorted(within, within) + 1
