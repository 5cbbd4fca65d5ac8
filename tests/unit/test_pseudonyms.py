"""Pseudonyms: nobody comes from one to a person, nor from one project to another; kept ones stay for their project alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hearthlink.errors import DataProblem, Refused
from hearthlink.governance.pseudonyms import Project, kept_pseudonyms, keyed
from hearthlink.study.random_names import random_pseudonyms

IDS = [f"A{number:04d}" for number in range(400)]
KIND = "child"


def kept(folder: Path, project: str = "R1", part: str = "p", kind: str = KIND, ids: list[str] = IDS) -> list[str]:
    """Pseudonyms by the key in a folder; the register is beside it, as one user's."""
    return kept_pseudonyms(folder, Project(project, part), folder.parent / "register.json")(kind, ids)


# --- the parts, by their standards ----------------------------------------------------------------------------

RFC_4231 = (
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
)
RFC_5869 = (
    (bytes(range(13)), bytes(range(0xF0, 0xFA)), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
    (b"", b"", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
)  # fmt: skip


@pytest.mark.parametrize(("key", "data", "expected"), RFC_4231)
def test_hmac_is_that_of_rfc_4231(key: bytes, data: bytes, expected: str) -> None:
    """The HMAC-SHA-256 that is used gives the published vectors."""
    assert hmac.digest(key, data, hashlib.sha256).hex() == expected


@pytest.mark.parametrize(("salt", "info", "expected"), RFC_5869)
def test_hkdf_is_that_of_rfc_5869(salt: bytes, info: bytes, expected: str) -> None:
    """The HKDF-SHA256 that is used gives the published vectors."""
    assert HKDF(SHA256(), 42, salt, info).derive(b"\x0b" * 22).hex() == expected


def by_hand(folder: Path, project: str, part: str, kind: str, one: str) -> str:
    """A pseudonym by the words of the RFCs alone: extract, expand once, HMAC, 128 bits in base32."""

    def told(text: str) -> bytes:
        return len(text.encode()).to_bytes(4, "big") + text.encode()

    secret = (folder / "pseudonym.key").read_bytes()
    salt = bytes.fromhex(json.loads((folder / "pseudonym.json").read_text())["salt"])
    info = told("hearthlink pseudonym") + told(project) + told(part) + told(kind) + told("1")
    extracted = hmac.digest(salt, secret, "sha256")
    key = hmac.digest(extracted, info + b"\x01", "sha256")
    return base64.b32encode(hmac.digest(key, told(kind) + told(one), "sha256")[:16]).decode()[:26]


def test_a_kept_pseudonym_is_what_the_handbook_says(tmp_path: Path) -> None:
    """Key by HKDF with the project's salt, and the project, kind and version as its info; message of kind and id, each after its length."""
    made = kept(tmp_path / "keys")
    assert made[:5] == [by_hand(tmp_path / "keys", "R1", "p", KIND, one) for one in IDS[:5]]
    assert all(re.fullmatch("[A-Z2-7]{26}", one) for one in [*made, *random_pseudonyms(KIND, IDS)])


def test_an_id_counts_by_its_letters_and_not_by_how_they_are_spelt(tmp_path: Path) -> None:
    """Blanks around it and Unicode's ways of writing one letter change nothing; kind and id cannot run into each other."""
    plain, spaced, wide = (kept(tmp_path / "keys", ids=[one]) for one in ("AB1", " AB1 ", "ＡＢ１"))  # noqa: RUF001
    assert plain == spaced == wide
    assert keyed(b"k" * 32, "ab", ["c"]) != keyed(b"k" * 32, "a", ["bc"])


def test_two_ids_that_would_share_a_pseudonym_stop_the_study(tmp_path: Path) -> None:
    """Two ids of one kind that differ in blanks alone are never made one child."""
    with pytest.raises(DataProblem, match="child") as stop:
        kept(tmp_path / "keys", ids=["AB1", "AB1 "])
    assert "AB1" not in str(stop.value)


# --- what stays and what does not -------------------------------------------------------------------------------


def test_a_refresh_gives_the_same_pseudonyms_whatever_the_order(tmp_path: Path) -> None:
    """The same project, key and ids: the same pseudonyms, each with its own id."""
    first = dict(zip(IDS, kept(tmp_path / "keys"), strict=True))
    again = dict(zip(IDS[::-1], kept(tmp_path / "keys", ids=IDS[::-1]), strict=True))
    assert first == again
    # Words of the protocol may be put right: what stands is what the protocol said when the key was made.
    assert kept(tmp_path / "keys", part="other words") == list(first.values())


def test_children_and_households_of_one_id_share_nothing(tmp_path: Path) -> None:
    """Kinds are named under keys of their own."""
    kinds = [set(kept(tmp_path / "keys", kind=kind)) for kind in ("child", "family", "household", "event")]
    assert len(set.union(*kinds)) == sum(map(len, kinds))


def test_random_pseudonyms_are_new_each_time() -> None:
    """Two runs share none, and no two of a run are one."""
    first, second = set(random_pseudonyms(KIND, IDS)), set(random_pseudonyms(KIND, IDS))
    assert len(first) == len(second) == len(IDS)
    assert not first & second


def test_once_the_key_is_deleted_nothing_leads_back(tmp_path: Path) -> None:
    """With its key gone the same ids get other pseudonyms, and what is left in the folder and the register gives none of the old."""
    before = set(kept(tmp_path / "keys"))
    (tmp_path / "keys" / "pseudonym.key").unlink()
    left = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    salt = bytes.fromhex(json.loads((tmp_path / "keys" / "pseudonym.json").read_text())["salt"])
    assert not [one for one in before if one.encode() in left]
    # Whoever has all that is left, and guesses every id, has no better key than these.
    for key in (b"", salt, hashlib.sha256(left).digest()):
        assert not before & set(keyed(key, KIND, IDS))
    assert not before & set(kept(tmp_path / "keys"))


# --- one project and no other -----------------------------------------------------------------------------------


def test_a_key_serves_one_project_alone(tmp_path: Path) -> None:
    """In a folder of keys taken over from another project, nothing is named."""
    kept(tmp_path / "keys")
    with pytest.raises(Refused, match="another project"):
        kept(tmp_path / "keys", project="R2")


def test_a_key_carried_to_another_project_is_known_again(tmp_path: Path) -> None:
    """The key's file alone, put into another project's folder, is refused: the user's register knows its fingerprint."""
    kept(tmp_path / "one")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "pseudonym.key").write_bytes((tmp_path / "one" / "pseudonym.key").read_bytes())
    with pytest.raises(Refused, match="another project"):
        kept(tmp_path / "two", project="R2")
    register = (tmp_path / "register.json").read_text()
    assert (tmp_path / "one" / "pseudonym.key").read_bytes().hex() not in register
    assert "R1" not in register


@pytest.mark.parametrize("field", ["project", "part", "salt", "seal"])
def test_what_a_key_is_bound_to_cannot_be_changed(tmp_path: Path, field: str) -> None:
    """A word changed in the file beside the key is found by the key's own seal."""
    kept(tmp_path / "keys")
    path = tmp_path / "keys" / "pseudonym.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {field: "R2" if field in {"project", "part"} else "00" * 32}))
    with pytest.raises(Refused, match="not whole"):
        kept(tmp_path / "keys", project="R2" if field == "project" else "R1")


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}'])
def test_a_register_or_a_binding_that_is_no_such_file_refuses(tmp_path: Path, text: str) -> None:
    """What cannot be read is not taken for empty."""
    kept(tmp_path / "keys")
    for path in (tmp_path / "keys" / "pseudonym.json", tmp_path / "register.json"):
        whole = path.read_text()
        path.write_text(text)
        if text != '{"a": 1}' or path.name == "pseudonym.json":
            with pytest.raises(Refused, match="not whole"):
                kept(tmp_path / "keys")
        path.write_text(whole)


def test_two_projects_cannot_be_told_apart_from_chance(tmp_path: Path) -> None:
    """The unlinkability game: of the same children in two projects an observer finds no pair by equality, beginning, order or nearest bits."""
    one, two = (np.array(kept(tmp_path / name, project=name)) for name in ("R1", "R2"))
    assert not set(one) & set(two)
    # Beginnings: pairs of the same child share their first letter as often as any two do, one time in 32.
    same, apart = np.mean([a[0] == b[0] for a, b in zip(one, two, strict=True)]), 1 / 32
    assert abs(same - apart) < 5 * np.sqrt(apart / len(IDS))
    assert max(len(_shared(a, b)) for a in one for b in two) < 10
    assert abs(_rank_correlation(one, two)) < 5 / np.sqrt(len(IDS))
    # The observer who answers with the nearest in bits is right as often as chance is: once in 400.
    bits = [np.unpackbits(np.array([list(base64.b32decode(p + "======")) for p in side], np.uint8), axis=1) for side in (one, two)]  # fmt: skip
    apart_by = (bits[0][:, None, :] != bits[1][None, :, :]).sum(axis=2)
    assert (apart_by.argmin(axis=1) == np.arange(len(IDS))).sum() <= 8


def _shared(a: str, b: str) -> str:
    return next((a[:n] for n in range(26) if a[n] != b[n]), a)


def _rank_correlation(one: np.ndarray, two: np.ndarray) -> float:
    return float(np.corrcoef(np.argsort(np.argsort(one)), np.argsort(np.argsort(two)))[0, 1])


@pytest.mark.parametrize("how", ["random", "kept"])
def test_pseudonyms_go_with_no_order_of_the_records(how: str) -> None:
    """Over 1,000 shuffles their rank correlation with the records' order, the surname and the birth date is nought on average."""
    random = np.random.default_rng(6)
    surnames, births = random.permutation(60), random.permutation(60)
    found: list[list[float]] = []
    for turn in range(1000):
        order = random.permutation(60)
        ids = [f"{number:03d}" for number in order]
        made = np.array(random_pseudonyms(KIND, ids) if how == "random" else keyed(turn.to_bytes(32, "big"), KIND, ids))
        found.append([_rank_correlation(made, by) for by in (np.arange(60), order, surnames[order], births[order])])
    # One correlation of 60 has a standard deviation of 0.13, the mean of a thousand one of 0.0041.
    assert np.abs(np.mean(found, axis=0)).max() < 0.025
