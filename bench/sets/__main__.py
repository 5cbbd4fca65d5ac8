"""Make the sets: `PYTHON bench/sets NAME... --to FOLDER`, with a Python that has what requirements/peers.txt pins."""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
warnings.filterwarnings("ignore")

from sets import british, febrl, pseudo, units  # noqa: E402 - the path comes first
from sets.written import write  # noqa: E402

SETS = {**pseudo.SETS, **british.SETS, **units.SETS, **febrl.SETS}


def main() -> None:
    """Make the sets asked for, or all of them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", default=[], help="sets to make; all if none is given")
    asked.add_argument("--to", type=Path, default=Path(), help="folder in which each set gets a folder")
    asked.add_argument("--list", action="store_true", help="name the sets and make none")
    given = asked.parse_args()
    if given.list:
        print("\n".join(SETS))
        return
    for name in given.names or list(SETS):
        made = SETS[name]()
        write(made, given.to / name, seed=101)
        children = made.truth.drop_duplicates("left_person_id")
        print(
            f"{name}: left {len(made.left):,}, children {len(children):,}, right {len(made.right):,}, "
            f"listed {children['right_person_id'].notna().sum():,}, in a household {children['household_id'].notna().sum():,}. {made.says}",
            flush=True,
        )


if __name__ == "__main__":
    main()
