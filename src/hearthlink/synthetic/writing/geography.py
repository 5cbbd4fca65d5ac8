"""The invented area's rows of the ONS Postcode Directory and of the Indices of Deprivation 2019 (``domain.md`` 5.1, 5.3).

Both have their real headers, all of them. Ranks and deciles are those of a small area at the given national percentile
among 32,844; scores and the domains the world does not know are made from it, so that they hang together and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from hearthlink.synthetic.world import AUTHORITY_CODE, AUTHORITY_NAME, Postcode, Settings, SmallArea, Ward
from hearthlink.synthetic.writing.text import Part, rows

DIRECTORY = "in/geography/ONSPD_extract.csv"
DEPRIVATION = "in/geography/File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv"
AREAS_OF_ENGLAND = 32_844

DIRECTORY_COLUMNS = (
    "pcd", "pcd2", "pcds", "dointr", "doterm", "oscty", "ced", "oslaua", "osward", "parish", "usertype",
    "oseast1m", "osnrth1m", "osgrdind", "oshlthau", "nhser", "ctry", "rgn", "streg", "pcon", "eer", "teclec",
    "ttwa", "pct", "itl", "statsward", "oa01", "casward", "npark", "lsoa01", "msoa01", "ur01ind", "oac01",
    "oa11", "lsoa11", "msoa11", "wz11", "sicbl", "bua11", "buasd11", "ru11ind", "oac11", "lat", "long",
    "lep1", "lep2", "pfa", "imd", "calncv", "icb", "oa21", "lsoa21", "msoa21",
)  # fmt: skip

MEASURES: tuple[tuple[str, bool], ...] = (
    ("Index of Multiple Deprivation (IMD)", False),
    ("Income", True),
    ("Employment", True),
    ("Education, Skills and Training", False),
    ("Health Deprivation and Disability", False),
    ("Crime", False),
    ("Barriers to Housing and Services", False),
    ("Living Environment", False),
    ("Income Deprivation Affecting Children Index (IDACI)", True),
    ("Income Deprivation Affecting Older People (IDAOPI)", True),
    ("Children and Young People Sub-domain", False),
    ("Adult Skills Sub-domain", False),
    ("Geographical Barriers Sub-domain", False),
    ("Wider Barriers Sub-domain", False),
    ("Indoors Sub-domain", False),
    ("Outdoors Sub-domain", False),
)
"""The measures in file order, and whether the score is a rate."""

DEPRIVATION_COLUMNS = (
    "LSOA code (2011)",
    "LSOA name (2011)",
    "Local Authority District code (2019)",
    "Local Authority District name (2019)",
    *(
        header
        for stem, rate in MEASURES
        for header in (
            f"{stem} Score (rate)" if rate else f"{stem} Score",
            f"{stem} Rank (where 1 is most deprived)",
            f"{stem} Decile (where 1 is most deprived 10% of LSOAs)",
        )
    ),
    "Total population: mid 2015 (excluding prisoners)",
    "Dependent Children aged 0-15: mid 2015 (excluding prisoners)",
    "Population aged 16-59: mid 2015 (excluding prisoners)",
    "Older population aged 60 and over: mid 2015 (excluding prisoners)",
    "Working age population 18-59/64: for use with Employment Deprivation Domain (excluding prisoners) ",
)


def begin(settings: Settings) -> dict[str, bytes]:
    """Both files with their header rows."""
    return {DIRECTORY: rows([DIRECTORY_COLUMNS]), DEPRIVATION: rows([DEPRIVATION_COLUMNS])}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The postcodes and the small areas of one ward."""
    areas = {area.code: area for area in ward.small_areas}
    postcodes = (_postcode(postcode, areas.get(postcode.small_area), settings) for postcode in ward.postcodes)
    return {
        DIRECTORY: Part(rows(postcodes)),
        DEPRIVATION: Part(rows(tuple(_area(area)) for area in ward.small_areas)),
    }


def rank(percentile: float) -> int:
    """The national rank of a small area, 1 the most deprived, from its percentile, 0 the most deprived."""
    return 1 + round(min(max(percentile, 0.0), 1.0) * (AREAS_OF_ENGLAND - 1))


def decile(place: int) -> int:
    """The tenth of England's small areas that a rank lies in, 1 the most deprived."""
    return -(-place * 10 // AREAS_OF_ENGLAND)


def _postcode(postcode: Postcode, area: SmallArea | None, settings: Settings) -> list[str]:
    outward, inward = postcode.text.split(" ")
    chance = crc32(postcode.text.encode())
    ended = chance % 40 == 0
    held = dict.fromkeys(DIRECTORY_COLUMNS, "")
    held |= {
        "pcd": f"{outward:<4}{inward}",
        "pcd2": f"{outward:<4} {inward}",
        "pcds": postcode.text,
        "dointr": f"{1980 + chance % 30}{1 + chance % 12:02}",
        "doterm": f"{settings.year[:4]}{4 + chance % 9:02}" if ended else "",
        "oscty": "E99999999",
        "oslaua": AUTHORITY_CODE,
        "usertype": "0",
        "oseast1m": f"{postcode.easting:06}",
        "osnrth1m": f"{postcode.northing:07}",
        "osgrdind": "1",
        "ctry": "E92000001",
        "lsoa11": postcode.small_area,
        "lsoa21": postcode.small_area,
        "lat": "99.999999",
        "long": "0.000000",
    }
    if area is not None:
        held |= {
            "osward": area.ward_code,
            "msoa11": area.middle_area,
            "msoa21": area.middle_area,
            "imd": str(rank(area.deprivation)),
        }
    return list(held.values())


def _area(area: SmallArea) -> Iterator[str]:
    yield from (area.code, area.name, AUTHORITY_CODE, AUTHORITY_NAME)
    for stem, rate in MEASURES:
        percentile = _percentile(area, stem)
        place = rank(percentile)
        worst = (1.0 - percentile) ** 2
        yield f"{0.01 + 0.6 * worst:.3f}" if rate else f"{1.0 + 80.0 * worst:.3f}"
        yield str(place)
        yield str(decile(place))
    children = round(area.population * 0.2)
    older = round(area.population * 0.2)
    yield from map(
        str,
        (area.population, children, area.population - children - older, older, round(area.population * 0.57)),
    )


def _percentile(area: SmallArea, stem: str) -> float:
    """What the world knows for two measures; for the rest, deprivation overall with a share that is the area's own."""
    if stem.endswith("(IMD)"):
        return area.deprivation
    if stem.endswith("(IDACI)"):
        return area.child_poverty
    own = crc32(f"{area.code} {stem}".encode()) / 0xFFFFFFFF
    return 0.8 * area.deprivation + 0.2 * own
