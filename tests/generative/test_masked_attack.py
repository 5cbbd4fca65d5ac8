"""Masked files under attack by somebody who holds the same people in clear and everything but the key: nothing over one in a hundred.

Three attacks look at how often tokens stand and with whom: frequency, graph (colour refinement) and similarity flooding. Each is shown to
break encodings that many would choose, so a masked file that withstands them does so by what it holds, not for want of an attacker.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pyarrow as pa
import pytest
from made_masked import default_view, key, naive_view, two_file_view, two_files
from masked_attacker import (
    View,
    by_dictionary,
    by_frequency,
    by_graph,
    by_similarity,
    guessing,
    sharing,
    strongest,
    success,
)

from hearthlink.governance.tokens import MaskKey, length_prefixed, tokens
from hearthlink.linkage.token_sets import combinations
from hearthlink.standardise.maskable import maskable

MOST = 0.01
"""Share of the records that may be named beyond what guessing names."""

SMALL = 400
"""People in the file that the similarity of all pairs is tried on."""

OVERLAPS = (1.0, 0.8, 0.5)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, pa.Table]:
    """1,500 referred children, and the people of 1,700 households on benefit."""
    return two_files(tmp_path_factory.mktemp("attacked") / "made", children=1500, households=1700)


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_one_masked_file_names_nobody(files: tuple[pa.Table, pa.Table], overlap: float) -> None:
    """Whoever has one masked file and the very list it was made from does no better than guessing, by any attack, on either file."""
    for table in files if overlap == 1.0 else files[:1]:
        found = strongest(default_view(table, overlap=overlap), small=False)
        assert max(found.values()) <= found["guessing"] + MOST / 10, found
    found = strongest(default_view(files[0].slice(0, SMALL), overlap=overlap))
    assert max(found.values()) <= found["guessing"] + MOST / 10, found


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_both_masked_files_name_under_one_in_a_hundred(files: tuple[pa.Table, pa.Table], overlap: float) -> None:
    """Whoever links sees which records share how many tokens. With both lists in clear, every slip of them, it still tells next to nobody."""
    view = two_file_view(*files, overlap=overlap)
    found = strongest(view, small=False)
    assert len(sharing(view)) > 500 * overlap
    assert max(found.values()) <= found["guessing"] + MOST, found


def test_a_token_for_each_name_is_broken(files: tuple[pa.Table, pa.Table]) -> None:
    """The same attacks name over half of a file of a keyed token for each name, more with one for the postcode, and one in twenty at 80% overlap."""
    assert _by_graph(naive_view(files[0], ("forename", "surname"), overlap=1.0)) > 0.5
    assert _by_graph(naive_view(files[0], ("forename", "surname", "street"), overlap=1.0)) > 0.8
    part = naive_view(files[0].slice(0, SMALL), ("forename", "surname", "street"), overlap=0.8)
    assert success(part, by_similarity(part)) > 0.05
    alone = naive_view(files[0], ("surname",), overlap=1.0)
    assert success(alone, by_frequency(alone)) > 5 * guessing(alone)
    assert _by_graph(alone) > 10 * guessing(alone)


def test_sets_in_columns_of_their_own_would_be_broken(files: tuple[pa.Table, pa.Table]) -> None:
    """Were it told which token is of which set, and which is none, whoever links could name over one in a hundred: so it is not told."""
    view = two_file_view(*files, overlap=1.0, named=True)
    assert _by_graph(view) > guessing(view) + MOST


def test_households_tell_more(files: tuple[pa.Table, pa.Table]) -> None:
    """With households one file still names under one in a hundred, but both together name more to who has both lists: it is no default."""
    found = strongest(default_view(files[0], overlap=1.0, households=True), small=False)
    assert max(found.values()) <= found["guessing"] + MOST, found
    assert _by_graph(two_file_view(*files, overlap=1.0, households=True)) > MOST


def _by_graph(view: View) -> float:
    return max(success(view, each) for each in by_graph(view))


def test_without_a_key_everybody_is_looked_up(files: tuple[pa.Table, pa.Table]) -> None:
    """Plain SHA-256 of the very same sets names nearly everybody; the tokens of a key say nothing to whoever has another."""
    rows = [row for row in maskable(files[0].slice(0, SMALL)).people.to_pylist() if row["asked"]]
    sets = [combinations(row) for row in rows]
    clear = [[(name, "\n".join(values)) for name, values in mine] for mine in sets]
    plain = [[("token", _hashed(name, "\n".join(values))) for name, values in mine] for mine in sets]
    keyed = [[("token", one) for one in tokens(key(), mine)] for mine in sets]
    other = MaskKey("1" * 32, b"salt" * 8, b"else" * 8)
    truth = list(range(len(rows)))
    known = len([mine for mine in sets if mine]) / len(sets)
    assert success(View(plain, clear, truth), by_dictionary(View(plain, clear, truth), _hashed)) > known - 0.02
    view = View(keyed, clear, truth)
    guessed = guessing(view)
    assert success(view, by_dictionary(view, _hashed)) == pytest.approx(guessed)
    assert success(view, by_dictionary(view, lambda n, v: tokens(other, [(n, v.split("\n"))])[0])) == pytest.approx(
        guessed
    )


def _hashed(name: str, value: str) -> str:
    return hashlib.sha256(name.encode() + length_prefixed(value.split("\n"))).hexdigest()[:32]


def test_who_holds_the_key_looks_everybody_up(files: tuple[pa.Table, pa.Table]) -> None:
    """With the key any name can be tried, so a party that holds it is never to be the one that links: the page says so."""
    rows = [row for row in maskable(files[0].slice(0, SMALL)).people.to_pylist() if row["asked"]]
    sets = [combinations(row) for row in rows]
    view = View(
        [[("token", one) for one in tokens(key(), mine)] for mine in sets],
        [[(name, "\n".join(values)) for name, values in mine] for mine in sets],
        list(range(len(rows))),
    )
    assert success(view, by_dictionary(view, lambda n, v: tokens(key(), [(n, v.split("\n"))])[0])) > 0.9


def test_a_token_is_hmac_under_the_key_of_its_set(tmp_path: Path) -> None:
    """Worked out by hand from RFC 5869 and RFC 2104: extract, expand, HMAC of the length-prefixed fields, 128 bits of it."""
    held = key()
    drawn = hmac.digest(held.salt, held.secret, "sha256")
    info = b"hearthlink mask key|" + held.exchange.encode() + b"|a set|1"
    of_set = hmac.digest(drawn, info + b"\x01", "sha256")
    fields = b"\x00\x00\x00\x02AB\x00\x00\x00\x00\x00\x00\x00\x01C"
    assert tokens(held, [("a set", ("AB", "", "C"))]) == [hmac.digest(of_set, fields, "sha256").hex()[:32]]
    assert tokens(held, [("a set", ("A", "BC"))]) != tokens(held, [("a set", ("AB", "C"))])
    assert tokens(held, [("a set", ("A",))]) != tokens(held, [("other", ("A",))])
