"""The protocol of a practice study, filled in with words that say so: what is left to do is to read it, and to have it signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from hearthlink.errors import WrongUse
from hearthlink.governance.people import SMALLEST
from hearthlink.governance.signing import SigningKey, is_practice

Person: TypeAlias = tuple[str, SigningKey]
"""Somebody's name, and their practice key."""

NONE_NEEDED = '"none needed: made-up data"'
FIRST_DAY, LAST_DAY = "2020-01-01", "2100-12-31"
BLANKS: dict[str, str] = {
    "id": '"practice"',
    **dict.fromkeys(("article_6", "article_9", "body", "owner"), NONE_NEEDED),
    "article_84b": '"b"',
    "necessary_because": '"to learn how it is done"',
    "dated": FIRST_DAY,
    "planned": '["the shares that analysis.toml asks for"]',
    "starts": FIRST_DAY,
    "destroy_by": LAST_DAY,
    "process": '"nobody objects: nobody in it exists"',
    "contact": '"nobody"',
}
"""What stands in each setting that a council would fill in for itself."""


def practised(text: str, people: Sequence[Person]) -> str:
    """The protocol that `new` writes with its blanks filled, and the people in their order with the keys they have.

    Raises WrongUse where there are some people and not as many as the parts they share, or a key is no practice key.
    """
    if people and len(people) != len(SMALLEST):
        raise WrongUse(f"The team is of {len(SMALLEST)} people.", column="--people", remedy=f"Name as many practice keys: {', '.join(SMALLEST)}.")  # fmt: skip
    if not all(is_practice(key.public) for _, key in people):
        raise WrongUse("These are not all practice keys.", column="--people", remedy="Make some with: hearthlink protocol key NAME --practice")  # fmt: skip
    for name, value in BLANKS.items():
        text = re.sub(rf'^(?:# )?{name} = (?:""|\[\]|\d{{4}}-\d\d-\d\d)', f"{name} = {value}", text, flags=re.MULTILINE)
    for who, key in people:
        for name, value in (("name", who), ("key", key.public), ("opens", key.opens)):
            text = text.replace(f'\n{name} = ""', f'\n{name} = "{value}"', 1)
    return text
