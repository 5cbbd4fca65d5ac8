"""Children of one family who live apart: where those whom another household lists are many, whoever is on no list lives at home still."""

from __future__ import annotations

from datetime import date

from made_persons import Records, child, claimant, linked, lives, member, tables, town
from made_towns import ours

from hearthlink.linkage.home_model import AT_HOME

FAMILIES, LISTED_ELSEWHERE, UNLISTED = 60, 20, 24
NAMES = "ADA BRUNO CELIA DAVID EDITH FELIX GRETA HUGO IRMA JAKOB KLARA LEO".split()


def split_families() -> Records:
    """Families of two children, both at home by their own address: of a third the younger is listed by another household, of four by none."""
    made = Records()
    for number in range(FAMILIES):
        surname = f"{'BDFGKLMNPR'[number // 10]}{'AEIOUAEIOU'[number % 10]}{'VWSTRNLMKD'[number % 10]}ORIN"
        elder = {"birth_date": date(2004 + number % 4, 1 + number % 12, 1 + number % 27), "sex": "M"}
        young = {"birth_date": date(2010 + number % 5, 1 + number % 11, 2 + number % 26)}
        one, other = NAMES[number % 12], NAMES[(number + 5) % 12]
        family, home, second = f"F{number:03}", f"HA{number:03}", f"HB{number:03}"
        people = [
            child(f"C{number:03}A", family, one, surname, **elder),
            child(f"C{number:03}B", family, other, surname, **young),
            claimant(home, "MARA", surname, birth_date=date(1975 + number % 12, 3, 4)),
            member(home, 1, one, surname, **elder),
        ]
        if number < LISTED_ELSEWHERE:
            father = claimant(second, "OTTO", surname, birth_date=date(1970 + number % 12, 5, 6))
            people += [father, member(second, 1, other, surname, **young)]
        elif number >= UNLISTED:
            people.append(member(home, 2, other, surname, **young))
        door = [lives(owner, f"{number}", "AA1 1AA") for owner in (f"C{number:03}A", f"C{number:03}B", home)]
        away = [lives(second, f"{number}", "BB2 2BB")] * (number < LISTED_ELSEWHERE)
        made += Records(people, [*door, *away])
    return made


def test_children_found_elsewhere_do_not_put_those_on_no_list_there() -> None:
    """Of two children of one door and one of them on no list, the other at home for certain, neither is likelier on no file than at home."""
    made = linked(tables(town(7, families=40, households=120).records + split_families()))
    link = {row["child_id"]: row for row in made["link"].to_pylist()}
    for number in range(FAMILIES):
        younger, home = link[f"C{number:03}B"], f"HA{number:03}"
        assert link[f"C{number:03}A"]["household_id"] == home
        assert younger["household_id"] == (f"HB{number:03}" if number < LISTED_ELSEWHERE else home)
        assert younger["p_none"] < 0.2
        assert (younger["member_id"] is None) == (LISTED_ELSEWHERE <= number < UNLISTED)


def test_what_no_home_showed_is_not_taken_for_impossible() -> None:
    """That no other household was found at the doors of so many homes leaves as much room for one as their number does, and no less."""
    our = ours(town(3, families=60, households=90))
    chance = our.home.chance["address"][AT_HOME] * our.model.households
    homes = float((our.where.block >= 0.5).sum())
    assert homes > 20
    assert chance.min() > 0.25 / (homes + 1.0)
    assert chance.min() < 5.0 / (homes + 1.0)
