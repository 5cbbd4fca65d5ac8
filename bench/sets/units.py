"""American-like addresses: many homes in one building told apart by a unit, and postal codes shared by thousands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from faker import Faker
from sets.british import sides, spelt
from sets.families import Shares, people
from sets.mutated import MIDDLING, mutated
from sets.written import Made


def buildings(faker: Faker, seed: int, count: int) -> Callable[[], tuple[str, str]]:
    """A draw of an address: two in three in a block of flats, four codes for the whole town."""
    rng = np.random.default_rng(seed)
    blocks = [(faker.building_number(), faker.street_name(), int(rng.integers(8, 60))) for _ in range(count)]
    codes = [faker.postcode() for _ in range(4)]

    def draw() -> tuple[str, str]:
        which = int(rng.integers(count))
        number, street, units = blocks[which]
        if rng.random() < 0.33:
            return f"{faker.building_number()} {street}", codes[which % 4]
        word = ("Apt.", "Unit", "#")[which % 3]
        return f"{number} {street} {word} {rng.integers(1, units + 1)}", codes[which % 4]

    return draw


def blocks(seed: int = 51) -> Made:
    """Families in blocks of flats; dates as Americans write them."""
    Faker.seed(seed)
    faker = Faker("en_US")
    everyone = people(3000, faker, buildings(faker, seed, 120), seed, Shares())
    made = sides(everyone, seed, referred=0.5, on_file=0.5)
    left = mutated(spelt(made.left, "%m/%d/%Y"), MIDDLING / 2, seed + 10)
    right = mutated(spelt(made.right, "%m/%d/%Y"), MIDDLING / 2, seed + 20)
    return Made(left, right, made.truth, "Faker en_US families in blocks of flats, gecko errors, middling")


SETS = {"blocks-of-flats": blocks}
