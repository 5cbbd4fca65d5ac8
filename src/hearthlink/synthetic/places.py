"""The streets, postcodes, dwellings and shared houses of one ward."""

from dataclasses import dataclass, replace
from random import Random

from hearthlink.synthetic.world import AUTHORITY_NAME, Address, AddressKind, Postcode, SmallArea

# Two-letter areas with the shape of real ones that no real postcode has.
_AREA_LETTERS = "EA EB EF FA FB FC GA GB GC HB HC HF JA JB JC KB KC KD LB LC MA MB MC NA NB NC OA OB PB PC RA RB"
_UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_FIRST_WORDS = """Acre Alder Ambler Anchor Apple Arbour Barley Beacon Beech Bell Birch Bishop Bramble Brewery Bridge Brook
Canal Castle Cedar Chapel Cherry Church Clover Cobbler Cooper Corn Cricket Cross Dairy Elder Elm Falcon Farrier Fern
Forge Foundry Garden Gate Granary Hawthorn Hazel Heron High Holly Hop Ivy Juniper Kiln Kingfisher Larch Laurel Lavender
Linden Long Maple Market Meadow Mill Mulberry Northern Oak Orchard Park Pear Pine Plough Poplar Potter Primrose Quarry
Queen Rectory River Robin Rose Rowan Saddler School Shepherd Silver South Spring Station Swan Sycamore Tanner Temple
Thistle Tower Union Vale Vicarage Victoria Vine Walnut Water Weaver Wells Western Wharf Wheat Willow Windmill Wren"""
_LAST_WORDS = "Road Street Avenue Close Lane Drive Gardens Terrace Crescent Court Place Grove Way Hill Walk Square"
_AREAS = tuple(_AREA_LETTERS.split())
_STREET_FIRST = tuple(_FIRST_WORDS.split())
_STREET_LAST = tuple(_LAST_WORDS.split())


@dataclass(slots=True)
class Places:
    """A ward's places, and the dwellings still empty (taken from the end)."""

    ward: int
    small_areas: tuple[SmallArea, ...]
    postcodes: tuple[Postcode, ...]
    empty: list[Address]
    hostels: tuple[Address, ...]
    temporary: tuple[Address, ...]
    refuge: Address
    placements: list[Address]
    spare: int

    def home(self, random: Random, *, better_off: bool = False) -> Address:
        """An empty dwelling, now taken; families with no claim tend to less deprived streets."""
        if not self.empty:
            return random.choice(self.temporary)
        if better_off and len(self.empty) > 2 and random.random() < 0.5:
            areas = {area.code: area.deprivation for area in self.small_areas}
            if areas[self.empty[-1].small_area] < areas[self.empty[-2].small_area]:
                return self.empty.pop(-2)
        return self.empty.pop()

    def shared(self, random: Random) -> Address:
        """A room where homeless families are put: mostly in one large hotel and one hostel."""
        return random.choices((*self.temporary, *self.hostels, self.refuge), (40, 12, 30, 8, 10))[0]

    def give_back(self, random: Random, address: Address) -> None:
        """A dwelling left: another family may live there next."""
        if address.kind in ("home", "hmo") and random.random() < 0.4:
            self.empty.append(address)

    def out_of_area(self, random: Random) -> Address:
        """An address in another authority, of which nothing else is known."""
        self.spare += 1
        street = f"{random.choice(_STREET_FIRST)} {random.choice(_STREET_LAST)}"
        postcode = f"WK{random.randrange(1, 30)} {random.randrange(1, 10)}{_unit(random.randrange(400))}"
        uprn = 800_000_000_000 + self.ward * 100_000 + self.spare
        return Address(uprn, "", str(random.randrange(1, 120)), "", street, "Farbridge", postcode, "", "out_of_area")


def _unit(index: int) -> str:
    return _UNIT_LETTERS[index // 20 % 20] + _UNIT_LETTERS[index % 20]


def _postcode_text(ward: int, index: int) -> str:
    area = _AREAS[ward // 20 % len(_AREAS)]
    sector = ward // (20 * len(_AREAS)) * 3 + index // 400 + 1
    return f"{area}{ward % 20 + 1} {sector % 10}{_unit(index)}"


def make_places(random: Random, ward: int, dwellings: int) -> Places:
    """A ward with about so many dwellings likely to hold a family or a claim."""
    small_areas = _small_areas(random, ward)
    weights = [1.6 - area.deprivation for area in small_areas]
    streets = _streets(random)
    postcodes: list[Postcode] = []
    empty: list[Address] = []
    east, north = 300_000 + ward % 40 * 4_000, 250_000 + ward // 40 * 4_000
    while len(empty) < dwellings:
        index = len(postcodes)
        street = streets[index * 2 // 5 % len(streets)]
        area = random.choices(small_areas, weights)[0]
        text = _postcode_text(ward, index)
        postcodes.append(Postcode(text, area.code, east + random.randrange(4000), north + random.randrange(4000)))
        empty += _dwellings(random, ward, index, street, text, area.code)
    random.shuffle(empty)
    house = [a for a in empty if a.kind == "home" and not a.flat]
    shared = [_institution(a, kind) for a, kind in zip(house[:8], _SHARED, strict=False)]
    taken = {a.uprn for a in house[:8]}
    return Places(
        ward, small_areas, tuple(postcodes), [a for a in empty if a.uprn not in taken],
        tuple(shared[:2]), tuple(shared[2:4]), shared[4], shared[5:], 0,
    )  # fmt: skip


_SHARED: tuple[AddressKind, ...] = (
    "hostel", "hostel", "temporary", "temporary", "refuge", "placement", "placement", "placement",
)  # fmt: skip
_SHARED_NAMES: dict[AddressKind, str] = {"hostel": "House", "temporary": "Hotel", "refuge": "Lodge"}


def _institution(address: Address, kind: AddressKind) -> Address:
    word = _SHARED_NAMES.get(kind, "")
    name = f"{address.street.split()[0]} {word}" if word else ""
    return replace(address, house_name=name, kind=kind)


def _small_areas(random: Random, ward: int) -> tuple[SmallArea, ...]:
    level = random.betavariate(1.2, 2.2)
    areas: list[SmallArea] = []
    for place in range(5):
        deprivation = min(max(random.gauss(level, 0.13), 0.003), 0.997)
        poverty = min(max(random.gauss(deprivation, 0.06), 0.003), 0.997)
        areas.append(
            SmallArea(
                f"E019{ward:04d}{place + 1}", f"{AUTHORITY_NAME} {ward + 1:03d}{'ABCDE'[place]}",
                f"E029{ward:05d}", f"E059{ward:05d}", deprivation, poverty, random.randrange(1200, 2200),
            )
        )  # fmt: skip
    return tuple(areas)


def _streets(random: Random) -> list[str]:
    names = {f"{random.choice(_STREET_FIRST)} {random.choice(_STREET_LAST)}": None for _ in range(160)}
    return list(names)


def _dwellings(random: Random, ward: int, index: int, street: str, postcode: str, area: str) -> list[Address]:
    uprn = 900_000_000_000 + ward * 20_000_000 + index * 10_000
    first = random.randrange(1, 60) * 2 + random.randrange(2)
    kind = random.random()
    if kind < 0.20:
        count, number = random.randrange(8, 25), str(first) if random.random() < 0.5 else ""
        name = "" if number else f"{random.choice(_STREET_FIRST)} House"
        return [
            Address(uprn + 100 + n, f"Flat {n}", number, name, street, AUTHORITY_NAME, postcode, area, "home")
            for n in range(1, count)
        ]
    made = [
        Address(uprn + 200 * n, "", str(first + 2 * n), "", street, AUTHORITY_NAME, postcode, area, "home")
        for n in range(1, random.randrange(10, 22))
    ]
    if kind < 0.32:
        split = made.pop()
        made += [
            Address(split.uprn + n, f"Flat {n}", split.house_number, "", street, AUTHORITY_NAME, postcode, area, "home")
            for n in (1, 2, 3)
        ]
    elif kind < 0.36:
        shared = made.pop()
        made += [
            Address(shared.uprn, "", shared.house_number, "", street, AUTHORITY_NAME, postcode, area, "hmo")
            for _ in range(4)
        ]
    return made
