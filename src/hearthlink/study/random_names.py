"""Keys and pseudonyms out of the system's own randomness: nothing about whom they stand for can be told from them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence

from platformdirs import user_config_path

from hearthlink.governance.pseudonyms import BITS, Project, kept_pseudonyms, spelt
from hearthlink.governance.signing import canonical
from hearthlink.study.study import Study

REGISTER = "pseudonym-keys.json"


def random_keys(count: int, *, taken: frozenset[int] = frozenset()) -> list[int]:
    """So many different whole numbers under 2**53, none of them taken, in no order."""
    keys: set[int] = set()
    while len(keys) < count:
        keys |= {secrets.randbelow(2**53)} - taken
    shuffled = list(keys)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled


def random_pseudonyms(_kind: str, ids: Sequence[str]) -> list[str]:
    """A pseudonym of 128 random bits for each id, all different."""
    return [spelt(secrets.token_bytes(BITS // 8)) for _ in ids]


def pseudonyms_of(study: Study) -> Callable[[str, Sequence[str]], list[str]]:
    """The maker of a study's pseudonyms: random for each run, or kept by its project's key where the study asks for that."""
    if not study.lines.refresh.keep_pseudonyms:
        return random_pseudonyms
    register = user_config_path("hearthlink", appauthor=False) / REGISTER
    return kept_pseudonyms(study.keys, project_of(study), register, study.held if study.keys_apart else None)


def project_of(study: Study) -> Project:
    """The project that a study's key of pseudonyms is bound to: the protocol's, or of a practice study its name."""
    if study.protocol is None:
        return Project(f"practice: {study.lines.name}", "0" * 64)
    said = study.protocol.project.model_dump(mode="json")
    return Project(study.protocol.project.id, hashlib.sha256(canonical(said)).hexdigest())
