"""A linker in plain loops, written from the words of the model and not from its arrays: every pair, every assignment, one at a time.

It takes the shares that were estimated and learnt, and says for each child where it lives. Nothing here is quick.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import perm
from typing import Any

import pyarrow as pa
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from hearthlink.linkage.home_model import HomeModel
from hearthlink.linkage.model import Model

Person = Mapping[str, Any]
Answer = dict[str | None, float]


@dataclass(frozen=True, slots=True)
class Naive:
    """For each child, P(household), None for no household on file, and P(member)."""

    household: Mapping[str, Answer]
    member: Mapping[str, Answer]


def edits(left: str, right: str) -> int:
    return DamerauLevenshtein.distance(left, right)


def one_edit(left: str, right: str) -> bool:
    alike = JaroWinkler.similarity(left, right)
    return 0.7 <= alike <= 0.92 and edits(left, right) == 1 and len(left) >= 4


def swapped(left: Person, right: Person) -> bool:
    return None not in (left["forename"], left["surname"]) and (left["forename"], left["surname"]) == (
        right["surname"],
        right["forename"],
    )


def forename_level(left: Person, right: Person) -> int:
    a, b = left["forename"], right["forename"]
    if a is None or b is None:
        return 3
    if a == b:
        return 0
    if JaroWinkler.similarity(a, b) >= 0.92 or one_edit(a, b) or swapped(left, right):
        return 1
    if b in left["forenames"].split(" ") or a in right["forenames"].split(" "):
        return 1
    if min(len(a), len(b)) == 1 and a[0] == b[0]:
        return 2
    return 2 if JaroWinkler.similarity(a, b) >= 0.8 or (min(len(a), len(b)) >= 3 and (a in b or b in a)) else 4


def surname_level(left: Person, right: Person) -> int:
    a, b = left["surname"], right["surname"]
    if a is None or b is None:
        return 2
    if a == b:
        return 0
    inside = min(len(a), len(b)) >= 4 and (a in b or b in a)
    close = JaroWinkler.similarity(a, b) >= 0.92 or one_edit(a, b) or swapped(left, right)
    return 1 if close or inside or left["surname_last"] == right["surname_last"] else 3


def birth_date_level(left: Person, right: Person) -> int:
    a, b = left["birth_date"], right["birth_date"]
    if a is None or b is None:
        return 3
    if a == b:
        return 0
    same = [a.year == b.year, a.month == b.month, a.day == b.day]
    turned = same[0] and (a.day, a.month) == (b.month, b.day)
    filled = same[0] and same[1] and (left["birth_date_weak"] or right["birth_date_weak"])
    if turned or filled or edits(a.isoformat(), b.isoformat()) == 1:
        return 1
    return 2 if sum(same) == 2 else 4


def sex_level(left: Person, right: Person) -> int:
    if left["sex"] is None or right["sex"] is None:
        return 1
    return 0 if left["sex"] == right["sex"] else 2


def middle_level(left: Person, right: Person) -> int:
    a, b = (str(row["forenames"])[len(str(row["forename"])) + 1 :] if row["forename"] else "" for row in (left, right))
    if not a or not b:
        return 2
    return 0 if a == b and len(a) > 1 else 1 if a[0] == b[0] else 3


PERSON_LEVELS = {
    "forename": forename_level, "surname": surname_level, "birth_date": birth_date_level, "sex": sex_level, "middle": middle_level,
}  # fmt: skip


def near(place: Person, day: date) -> bool:
    starts, ends = place["start_date"], place["end_date"]
    return (starts is None or (starts - day).days <= 183) and (ends is None or (day - ends).days <= 183)


ADDRESS_STRENGTH = (0, 1, 2, 3, 5, 4)
"""Levels of address from the strongest to missing, which any other outweighs."""


def address_level(mine: Iterable[Person], theirs: Iterable[Person], day: date) -> int:
    best = 4
    theirs = [place for place in theirs if near(place, day)]
    for a, b in product([place for place in mine if near(place, day)], theirs):
        if not ((a["uprn"] and b["uprn"]) or (a["postcode"] and b["postcode"])):
            continue
        postcode = a["postcode"] is not None and a["postcode"] == b["postcode"]
        home = (a["uprn"] is not None and a["uprn"] == b["uprn"]) or (
            postcode and a["number"] is not None and a["number"] == b["number"]
        )
        level = (1 if a["communal"] or b["communal"] else 0) if home else 3 if postcode else 5
        best = min(best, level, key=ADDRESS_STRENGTH.index)
    return best


def carer_level(carers: Iterable[Person], adults: Sequence[Person]) -> int:
    best = 3
    strength = {0: 0, 1: 1, 2: 2, 4: 3, 3: 4}
    for a, b in product(carers, adults):
        if a["forename"] is None or b["forename"] is None:
            continue
        surname = a["surname"] is not None and a["surname"] == b["surname"]
        named = surname and a["forename"] == b["forename"]
        born, other = a["birth_date"], b["birth_date"]
        if born is None or other is None:
            level = 1 if named else 4
        elif born == other:
            level = 0 if JaroWinkler.similarity(a["forename"], b["forename"]) >= 0.85 else 1 if surname else 4
        elif not named:
            level = 4
        elif edits(born.isoformat(), other.isoformat()) == 1 or (born.year, born.month, born.day) == (
            other.year,
            other.day,
            other.month,
        ):
            level = 1
        else:
            level = 2 if born.year == other.year else 4
        best = min(best, level, key=strength.__getitem__)
    return best


KIND = {"dependant": 0, "claimant": 2, "partner": 2}
"""What a member is to its household; anything else is 1."""


class Linker:
    """One authority, its model, and what was worked out once. Methods are asked of a child, a member or a household by its row or id."""

    def __init__(
        self, tables: Mapping[str, pa.Table], model: Model, home: HomeModel, candidates: Mapping[str, set[str]] | None
    ) -> None:
        self.model, self.home, self.candidates = model, home, candidates
        people = tables["person"].to_pylist()
        self.children = [row for row in people if row["side"] == "child"]
        youngest = min((row["birth_date"].year for row in self.children if row["birth_date"]), default=9999) - 1
        self.members: dict[str, list[Person]] = defaultdict(list)
        self.adults: dict[str, list[Person]] = defaultdict(list)
        known_as = {(row["forename"], row["surname"]) for row in self.children if row["forename"] and row["surname"]}
        for row in people:
            if row["side"] == "member":
                namesake = row["birth_date"] is None and (row["forename"], row["surname"]) in known_as
                young = row["birth_date"] and row["birth_date"].year >= youngest
                if row["role"] == "dependant" or young or namesake:
                    self.members[row["group_id"]].append(row)
                if row["role"] in {"claimant", "partner"}:
                    self.adults[row["group_id"]].append(row)
        self.known = {
            home: [row for row in people if row["group_id"] == home and row["role"] in {"dependant", "other"}]
            for home in self.members
        }
        self.places: dict[str, list[Person]] = defaultdict(list)
        for row in tables["place"].to_pylist():
            self.places[row["owner_id"]].append(row)
        self.carers: dict[str, list[Person]] = defaultdict(list)
        for row in tables["family_adult"].to_pylist():
            self.carers[row["family_id"]].append(row)
        first = min((row["birth_date"] for row in self.children if row["birth_date"]), default=date.min)
        young: Counter[str] = Counter({row["group_id"]: 0 for row in people if row["side"] == "member"})
        for row in people:
            if row["side"] == "member" and (
                KIND.get(row["role"], 1) != 2 or (row["birth_date"] and (first - row["birth_date"]).days <= 365)
            ):
                young[row["group_id"]] += 1
        self.sizes = Counter(min(count, 12) for count in young.values())
        self.young = [row for row in people if row["side"] == "child" or row["role"] in {"dependant", "other"}]
        self.frequency = {"forename": self._bearers("forename", people), "surname": self._bearers("surname", people)}

    def given_surname(self, forename: str | None, surname: str, usual: float) -> float:
        """The share of a forename among those of a surname, two fewer of each, leaning on its share among all as on fifteen people."""
        bearers = [row["forename"] for row in self.young if row["surname"] == surname and row["forename"] is not None]
        return (max(bearers.count(forename) - 2, 0) + 15 * usual) / (max(len(bearers) - 2, 0) + 15)

    def _bearers(self, field: str, people: Sequence[Person]) -> dict[str, float]:
        """The share of people who bear each forename, and of homes and families who bear each surname, two fewer and a half more."""
        young = [row for row in people if row["side"] == "child" or row["role"] in {"dependant", "other"}]
        who = "group_id" if field == "surname" else "person_no"
        bearers = {(row["side"], row[who], row[field]) for row in young if row[field] is not None}
        counts = Counter(name for _, _, name in bearers)
        return {name: (max(count - 2, 0) + 0.5) / counts.total() for name, count in counts.items()}

    def on_file(self, household: str, day: date) -> bool:
        """Whether any adult of the household is on a claim by that day, and any still is."""
        adults = self.adults[household]
        return any(a["start_date"] is None or a["start_date"] <= day for a in adults) and any(
            a["end_date"] is None or a["end_date"] >= day for a in adults
        )

    def listing(self, member: Person, day: date) -> int:
        """1 listed on the day, 0 only before it, -1 only after; a baby added soon after birth counts as listed."""
        starts, ends, born = member["start_date"], member["end_date"], member["birth_date"]
        if ends is not None and ends < day:
            return 0
        late = starts is not None and starts > day
        return -1 if late and (born is None or (starts - born).days > 200) else 1

    def listed(self, household: str, day: date, kinds: Collection[int] = (1, -1)) -> list[Person]:
        """The members of some kinds of listing: on the day or only after it, if nothing is said."""
        return [row for row in self.members[household] if self.listing(row, day) in kinds]

    def same_person(self, child: Person, member: Person) -> float:
        """Likelihood ratio of being one person rather than two of one household."""
        m, h, u = self.home.person, self.model.shares["same_household"], self.model.shares["unrelated"]
        level = {name: rule(child, member) for name, rule in PERSON_LEVELS.items()}
        usual = self.frequency["forename"].get(child["forename"], 0.0)
        if level["surname"] == 0:
            usual = max(usual, self.given_surname(child["forename"], child["surname"], usual))
        by_chance = usual if level["forename"] == 0 and usual > 0 else u["forename"][level["forename"]]
        ratio = m["forename"][level["forename"]] / by_chance
        ratio *= m["sex"][level["sex"]] / u["sex"][level["sex"]]
        for name in ("surname", "birth_date", "middle"):
            ratio *= m[name][level[name]] / h[name][level[name]]
        return float(ratio)

    def weights(self, child: Person, household: str) -> tuple[dict[str, float], float]:
        """The weight of the child being each listed member, and of living there unlisted."""
        day = child["referral_date"]
        h, u = self.model.shares["same_household"]["birth_date"], self.model.shares["unrelated"]["birth_date"]
        listed = self.listed(household, day)
        near_births = [h[level] / u[level] for level in (birth_date_level(child, row) for row in listed)]
        kin = max(near_births, default=1.0)
        if kin > 1:
            kin = 1 + (kin - 1) * min(1.0, 4 / len(listed))
        infant = child["birth_date"] is not None and (day - child["birth_date"]).days < 365
        on_list = self.home.listed[0 if infant else 1]
        when = {1: 1 - self.home.later, -1: self.home.later}
        kinds = Counter(KIND.get(row["role"], 1) for row in listed)
        weights: dict[str, float] = {}
        for row in listed:
            kind = KIND.get(row["role"], 1)
            as_what = float(self.home.kinds[kind]) * kinds.total() / kinds[kind]
            as_what *= when[self.listing(row, day)]
            weights[row["record_id"]] = on_list * kin * self.same_person(child, row) * as_what
        return weights, (1 - on_list) * kin

    @property
    def on_file_there(self) -> float:
        """The chance of any one of the households that name somebody who may be a child, before anything is compared."""
        naming = self.home.naming if self.model.naming < self.model.households else 1.0
        return (1 - self.home.absent) * naming / self.model.naming

    @property
    def hosts(self) -> float:
        """How many homes only host a unit, where the file is one of households: most of them are not one possible child each."""
        return float(self.home.hosts[1]) if self.sizes[1] < 0.9 * self.sizes.total() else 0.0

    def home_ratio(self, surname: int, frequency: float, names: int, *, host: bool, **others: int) -> float:
        """What the home's evidence is worth: surname, of which the household has so many, and where given address and carer."""
        u = self.model.shares["unrelated"]["surname"]
        chance = {
            0: min(max(names * frequency * self.model.names_together**0.5, 1e-7), 0.9),
            1: min(names * u[1], 0.5),
            2: 1.0,
            3: max(1 - names * u[1], 0.1),
        }
        ratio = self.home.same["host" if host else "surname"][surname] / chance[surname]
        for name, level in others.items():
            ratio *= self.home.same[name][level] / self.home.chance[name][level]
        return float(ratio)

    def surname_of(self, children: Sequence[Person], household: str) -> tuple[int, float, int]:
        """The best level any child's surname reaches with any member, the most frequent of their surnames, and how many there are."""
        levels = [surname_level(child, row) for child in children for row in self.members[household]]
        best = min((level for level in levels if level != 2), default=2)
        names = {row["surname"] for row in self.known[household] if row["surname"] is not None}
        return best, max(self.frequency["surname"].get(child["surname"], 0.0) for child in children), max(len(names), 1)

    def alone(self, child: Person, household: str) -> tuple[float, float]:
        """The weight of the household for a child that lives apart from its unit: one that may list it, and one that only hosts it."""
        on_list, unlisted = self.weights(child, household)
        total = unlisted + sum(weight / len(on_list) for weight in on_list.values())
        surname = self.surname_of([child], household)
        prior = self.on_file_there
        return (
            prior * (1 - self.hosts) * total * self.home_ratio(*surname, host=False),
            prior * self.hosts * self.home_ratio(*surname, host=True),
        )

    def households_of(self, unit: Sequence[Person]) -> list[str]:
        """The candidate households that are on file on the unit's day."""
        day = unit[0]["referral_date"]
        wanted = self.candidates.get(unit[0]["record_id"], set()) if self.candidates is not None else set(self.members)
        return sorted(h for h in wanted if self.members[h] and self.on_file(h, day))

    def unit(self, unit: Sequence[Person]) -> Naive:
        """Where the children of one unit live: every home, every assignment, every way of living apart, counted one by one."""
        options = self.households_of(unit)
        alone = [{h: sum(self.alone(child, h)) for h in options} for child in unit]
        total = 0.0
        living: list[Answer] = [defaultdict(float) for _ in unit]
        staying: list[Answer] = [defaultdict(float) for _ in unit]
        being: list[dict[str, float]] = [defaultdict(float) for _ in unit]
        for home, host in ((None, False), *product(options, (False, True))):
            ways = [self.parting(child, unit, home) for child in unit]
            choices = [
                self._choices(child, home, away, way, host, len(unit))
                for child, away, way in zip(unit, alone, ways, strict=True)
            ]
            prior = self.home.absent if home is None else self._home_weight(unit, home, host)
            dependants = 0 if home is None or host else len(self.listed(home, unit[0]["referral_date"]))
            for states in product(*choices):
                taken = [state[1] for state in states if state[0] == home and state[1] is not None]
                if len(taken) != len(set(taken)):
                    continue
                weight = prior / perm(dependants, len(taken))
                if home is not None and not host:
                    weight *= self.left_over(dependants, dependants - len(taken))
                for _, _, part in states:
                    weight *= part
                total += weight
                for number, (household, member, _) in enumerate(states):
                    living[number][household] += weight
                    if household == home:
                        staying[number][household] += weight
                    if member is not None:
                        being[number][member] += weight
        return self._settled(unit, living, staying, being, total)

    def parting(self, child: Person, unit: Sequence[Person], home: str | None) -> int:
        """How a child parts from its unit's home: 0 where its own address may be there, 2 where its surname is nobody's besides, 3 on no file."""
        if home is None:
            return 3
        level = address_level(self.places[child["record_id"]], self.places[home], child["referral_date"])
        mine, ours = (self.surname_of(children, home)[0] for children in ([child], unit))
        return 0 if level != 5 else 2 if mine == 3 and ours < 2 else 1

    def left_over(self, listed: int, left: int) -> float:
        """What it is worth that so many of those listed are no child of the unit, against how common homes of that many are."""
        if listed == 0:
            return 1.0
        homes = self.sizes.total() + 13
        return float(self.home.left_over[min(left, 8)]) / ((self.sizes[min(listed, 12)] + 1) / homes)

    def _home_weight(self, unit: Sequence[Person], home: str, host: bool) -> float:
        day = unit[0]["referral_date"]
        levels = [address_level(self.places[child["record_id"]], self.places[home], day) for child in unit]
        address = min(levels, key=ADDRESS_STRENGTH.index)
        carer = carer_level(self.carers[unit[0]["group_id"]], self.adults[home])
        surname, frequency, names = self.surname_of(unit, home)
        return (
            self.on_file_there
            * (self.hosts if host else 1 - self.hosts)
            * self.home_ratio(surname, frequency, names, host=host, address=address, carer=carer)
        )

    def _choices(
        self, child: Person, home: str | None, alone: Mapping[str, float], way: int, host: bool, children: int
    ) -> list[tuple[str | None, str | None, float]]:
        """Each state of a child given its unit's home: household, member, weight. Living apart leaves the member open."""
        states: list[tuple[str | None, str | None, float]] = []
        apart = 0.0 if way == 3 and children == 1 else float(self.home.apart[way])
        off_file = self.home.absent if way == 3 else float(self.home.off_file[way])
        on_file = (1 - off_file) / (1 - self.home.absent)
        if home is None:
            states.append((None, None, 1 - apart))
        elif host:
            states.append((home, None, 1 - apart))
        else:
            on_list, unlisted = self.weights(child, home)
            states += [(home, member, (1 - apart) * weight) for member, weight in on_list.items()]
            states.append((home, None, (1 - apart) * unlisted))
        if apart:
            states.append((None, None, apart * off_file * (children > 1)))
            states += [(other, None, apart * on_file * weight) for other, weight in alone.items() if other != home]
        return states

    def _settled(
        self,
        unit: Sequence[Person],
        living: list[Answer],
        staying: list[Answer],
        being: list[dict[str, float]],
        total: float,
    ) -> Naive:
        """Normalise, and let those leave who may have left. A child that lives apart is a member there as if it were alone."""
        household: dict[str, Answer] = {}
        members: dict[str, Answer] = {}
        for number, child in enumerate(unit):
            stays, is_member = dict[str | None, float](), dict[str | None, float]()
            for home in self.households_of(unit):
                lives = living[number].get(home, 0.0) / total
                came = lives - staying[number].get(home, 0.0) / total
                on_list, unlisted = self.weights(child, home)
                whole = unlisted + sum(weight / len(on_list) for weight in on_list.values())
                lists, hosts = self.alone(child, home)
                by_list = came * lists / (lists + hosts)
                here = {
                    m: being[number].get(m, 0.0) / total + by_list * w / len(on_list) / whole
                    for m, w in on_list.items()
                }
                left = self._left(child, home, lives, sum(here.values()))
                stays[home] = lives * (1 - left)
                is_member.update({m: p * (1 - left) for m, p in here.items()})
            stays[None] = 1.0 - sum(stays.values())
            household[child["record_id"]], members[child["record_id"]] = stays, is_member
        return Naive(household, members)

    def _left(self, child: Person, household: str, sure: float, listed: float) -> float:
        day = child["referral_date"]
        level = address_level(self.places[child["record_id"]], self.places[household], day)
        stays_put = self.home.same["address"][level] / self.home.chance["address"][level]
        outlived = self.home.outlives / (self.home.outlives + (1 - self.home.outlives) * stays_put)
        before = max((self.same_person(child, row) for row in self.listed(household, day, (0,))), default=0.0)
        ended = (1 - self.home.stays_on) * before / (before + 1)
        share = min(max(listed / sure, 0.0), 1.0) if sure > 0 else 0.0
        return float(share * outlived + (1 - share) * ended)


def link_naively(
    tables: Mapping[str, pa.Table], model: Model, home: HomeModel, candidates: Mapping[str, set[str]] | None = None
) -> Naive:
    """Where each child lives, by candidate households given for each child, or by every household on file that day."""
    linker = Linker(tables, model, home, candidates)
    units: dict[tuple[str, date], list[Person]] = defaultdict(list)
    for child in linker.children:
        units[child["group_id"], child["referral_date"]].append(child)
    household: dict[str, Answer] = {}
    member: dict[str, Answer] = {}
    for unit in units.values():
        found = linker.unit(unit)
        household.update(found.household)
        member.update(found.member)
    return Naive(household, member)
