"""Geography of every edition: what is joined to what, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from hearthlink.errors import DataProblem
from hearthlink.sources.geography import areas as g
from hearthlink.sources.geography.areas import read_geography, with_postcodes

IMD = "Index of Multiple Deprivation (IMD)"
IDACI = "Income Deprivation Affecting Children Index (IDACI)"
CLASSIC = "pcd,pcd2,pcds,dointr,doterm,lsoa11,imd,lsoa21"
NSPL_2025 = "pcd7,pcd8,pcds,dointr,doterm,lad25cd,lsoa21cd,imd20ind"
ONSPD_2025 = "pcd7,pcd8,pcds,dointr,doterm,lad25cd,lsoa21cd,lsoa11cd,imd20ind"
CHILD_LIVED = pa.array(["ZZ1 1AA", "zz1 1ab", None])


def file_7(year: str, rows: Sequence[tuple[str, int, int]], what: str = "Decile") -> str:
    headers = f"LSOA code ({year}),{IMD} {what} (where 1 is most deprived 10% of LSO,{IDACI} {what} (where 1"
    return "\n".join([headers, *(f"{code},{imd},{idaci}" for code, imd, idaci in rows)]) + "\n"


def lookup(*rows: tuple[str, str]) -> str:
    return "\n".join(["LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND", *(f"{a},x,{b},x,U" for a, b in rows)]) + "\n"


def folder(at: Path, **files: str) -> Path:
    for name, text in files.items():
        (at / f"{name}.csv").write_text(text, encoding="utf-8")
    return at


def deciles(at: Path) -> Mapping[str, tuple[int | None, int | None]]:
    made = read_geography(at, postcodes=[CHILD_LIVED], uprns=[])
    return {row["postcode"]: (row["imd_decile"], row["idaci_decile"]) for row in made.postcode_area.to_pylist()}


@pytest.mark.parametrize(
    ("headers", "row", "year", "code"),
    [
        (CLASSIC, "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,,E01000001,9,E01099999", "2011", "E01000001"),
        (CLASSIC, "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,,E01099999,9,E01000001", "2021", "E01000001"),
        (NSPL_2025, "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,,E06000001,E01000001,9", "2021", "E01000001"),
        (ONSPD_2025, "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,,E06000001,E01099999,E01000001,9", "2011", "E01000001"),
    ],
    ids=["classic with 2019", "classic with 2025", "lookup of 2025 with 2025", "directory of 2025 with 2019"],
)
def test_every_edition_of_directory_and_indices_is_read(
    tmp_path: Path, headers: str, row: str, year: str, code: str
) -> None:
    """Columns are found by stem, whatever year stands in their names, and the area is of the edition that the indices are made for."""
    at = folder(tmp_path, any_name=f"{headers}\n{row}\n", other=file_7(year, [(code, 3, 4)]))
    made = read_geography(at, postcodes=[CHILD_LIVED], uprns=[])
    assert made.postcode_area.to_pylist() == [
        {"postcode": "ZZ11AA", "lsoa": code, "lsoa_edition": int(year), "imd_decile": 3, "idaci_decile": 4}
    ]


def test_areas_of_another_edition_are_refused_without_a_lookup(tmp_path: Path) -> None:
    """A directory of 2021 areas is not joined to the indices of 2019; the sentence names the column and the lookup that would mend it."""
    rows = "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,,E06000001,E01000001,9"
    at = folder(tmp_path, nspl=f"{NSPL_2025}\n{rows}\n", indices=file_7("2011", [("E01000001", 3, 4)]))
    with pytest.raises(DataProblem, match=r"no small areas of 2011(.|\n)*ONS lookup") as problem:
        read_geography(at, postcodes=[CHILD_LIVED], uprns=[])
    assert (problem.value.file, problem.value.column) == ("nspl.csv", "lsoa11")


def test_a_lookup_carries_areas_over_and_leaves_open_what_is_open(tmp_path: Path) -> None:
    """An area that is the same in both years has its decile; one made of several has it where they agree, and none where they differ."""
    directory = "\n".join(
        [
            NSPL_2025,
            *(
                f"{p},{p},{p},198001,,E06000001,{code},9"
                for p, code in (("ZZ1 1AA", "E01000011"), ("ZZ1 1AB", "E01000012"), ("ZZ1 1AD", "E01000013"))
            ),
        ]
    )
    pairs = [("E01000001", "E01000011"), ("E01000002", "E01000012"), ("E01000003", "E01000012")]
    pairs += [("E01000004", "E01000013"), ("E01000005", "E01000013")]
    indices = file_7(
        "2011",
        [(f"E0100000{n}", imd, idaci) for n, imd, idaci in ((1, 1, 2), (2, 5, 6), (3, 5, 6), (4, 7, 8), (5, 9, 8))],
    )
    at = folder(tmp_path, nspl=directory + "\n", indices=indices, lookup=lookup(*pairs))
    assert deciles(at) == {"ZZ11AA": (1, 2), "ZZ11AB": (5, 6), "ZZ11AD": (None, 8)}
    made = read_geography(at, postcodes=[CHILD_LIVED], uprns=[])
    assert {note: n for tally in made.tallies for note, n in tally.notes.items()}[g.SPLIT] == 1


def test_ended_postcodes_are_kept_and_the_rest_of_the_country_is_not(tmp_path: Path) -> None:
    """A child may have lived at a postcode that has ended since; neighbours of the study stay, and other sectors are counted and left."""
    rows = [
        "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,201805,E01000001,9,E01000001",
        "ZZ1 1XY,ZZ1  1XY,ZZ1 1XY,198001,,E01000001,9,E01000001",
    ]
    rows += ["YY9 9AA,YY9  9AA,YY9 9AA,198001,,E01000001,9,E01000001", "ZZ1 1AA,,,198001,,W01000001,9,W01000001"]
    at = folder(tmp_path, onspd="\n".join([CLASSIC, *rows]) + "\n", indices=file_7("2011", [("E01000001", 3, 4)]))
    assert set(deciles(at)) == {"ZZ11AA", "ZZ11XY"}
    (counted, _) = read_geography(at, postcodes=[CHILD_LIVED], uprns=[]).tallies
    assert (counted.rows_in, counted.refused[g.ELSEWHERE], counted.refused[g.NOT_ENGLISH]) == (4, 1, 1)


@pytest.mark.parametrize(("rank", "decile"), [(1, 1), (3_284, 1), (3_285, 2), (16_422, 5), (16_423, 6), (32_844, 10)])
def test_deciles_are_worked_out_from_ranks_where_there_are_only_ranks(tmp_path: Path, rank: int, decile: int) -> None:
    """A tenth of England's 32,844 small areas of 2011 is 3,284.4: the decile is the tenth of them that a rank falls into, rounded up."""
    row = "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,,E01000001,9,E01000001"
    at = folder(tmp_path, onspd=f"{CLASSIC}\n{row}\n", indices=file_7("2011", [("E01000001", rank, rank)], "Rank"))
    assert deciles(at) == {"ZZ11AA": (decile, decile)}


def test_parts_of_a_directory_are_one_directory(tmp_path: Path) -> None:
    """The directory comes in one file for each postcode area too; the same postcode twice counts once."""
    first, second = (
        "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,,E01000001,9,E01000001",
        "ZZ1 1AB,ZZ1  1AB,ZZ1 1AB,198001,,E01000002,9,E01000002",
    )
    indices = file_7("2011", [("E01000001", 3, 4), ("E01000002", 5, 6)])
    at = folder(tmp_path, a=f"{CLASSIC}\n{first}\n", b=f"{CLASSIC}\n{second}\n{first}\n", indices=indices)
    assert deciles(at) == {"ZZ11AA": (3, 4), "ZZ11AB": (5, 6)}


def test_a_property_number_gives_the_postcode_that_an_address_lacks(tmp_path: Path) -> None:
    """Only an address without a postcode takes the one of its property; leading noughts of the number make no difference."""
    properties = "UPRN,GRIDGB1E,PCDS,LSOA21CD\n000100000001,1,ZZ1 1AA,E01000001\n100000002,1,ZZ1 1AB,E01000001\n7,1,YY9 9AA,E01000009\n"
    row = "ZZ1 1AA,ZZ1  1AA,ZZ1 1AA,198001,,E01000001,9,E01000001"
    at = folder(tmp_path, onspd=f"{CLASSIC}\n{row}\n", nsul=properties, indices=file_7("2011", [("E01000001", 3, 4)]))
    addresses = pa.table({"uprn": ["100000001", "0100000002", None, "55"], "postcode": [None, "ZZ1 1AZ", None, None]})
    made = read_geography(at, postcodes=[addresses.column("postcode")], uprns=[addresses.column("uprn")])
    filled, rows = with_postcodes(addresses, made)
    assert (filled.column("postcode").to_pylist(), rows) == (["ZZ1 1AA", "ZZ1 1AZ", None, None], 1)
    assert made.tallies[-1].refused[g.NOT_WANTED] == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"onspd": f"{CLASSIC}\n"}, "File 7"),
        ({"indices": file_7("2011", [])}, "postcode directory"),
        ({"onspd": f"{CLASSIC}\n", "a": file_7("2011", []), "b": file_7("2021", [])}, "Two files"),
        ({"onspd": "pcds,imd\nZZ1 1AA,5\n", "a": file_7("2011", [])}, "no small areas"),
        ({"onspd": f"{CLASSIC}\n", "a": file_7("1991", [])}, "small area codes"),
    ],
    ids=["no indices", "no directory", "two editions", "no areas", "an edition there never was"],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, files: Mapping[str, str], words: str) -> None:
    """A file that is missing, doubled or of no known edition is named, and nothing is guessed."""
    with pytest.raises(DataProblem, match=words) as problem:
        read_geography(folder(tmp_path, **files), postcodes=[CHILD_LIVED], uprns=[])
    assert problem.value.file
    assert problem.value.remedy


def test_without_geography_nothing_is_known_and_that_is_said() -> None:
    """A study without the folder runs; deprivation is not known, and the receipt says so."""
    made = read_geography(None, postcodes=[CHILD_LIVED], uprns=[])
    assert made.postcode_area.num_rows == 0
    assert [dict(tally.notes) for tally in made.tallies] == [{g.ABSENT: 0}]
