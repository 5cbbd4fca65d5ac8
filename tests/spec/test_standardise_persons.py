"""Any two person tables made comparable: who is to be linked, who lives with whom, where, and what is said to be lacking."""

from __future__ import annotations

import random
from datetime import date

import pyarrow as pa
import pytest
from made_match import made_files, table

from hearthlink.errors import DataProblem
from hearthlink.standardise import prepared
from hearthlink.standardise.given import as_text
from hearthlink.tables.identity import FAMILY_ADULT, HOUSEHOLD_COUNT, PERSON, PLACE

Row = dict[str, str]


def made(left: list[Row], right: list[Row]) -> dict[str, list[dict[str, object]]]:
    """The comparable tables of some rows, as rows."""
    return {name: t.to_pylist() for name, t in prepared(table(left), table(right)).tables.items()}


def picked(rows: list[dict[str, object]], *columns: str, **where: object) -> list[tuple[object, ...]]:
    return [tuple(row[c] for c in columns) for row in rows if all(row[k] == v for k, v in where.items())]


ONE = {"person_id": "1"}


def test_tables_are_as_specified() -> None:
    """The four tables match their specifications, even where only ids are given."""
    for given in (made_files(5), ([ONE], [ONE])):
        tables = prepared(*(table(rows) for rows in given)).tables
        assert {name: t.schema for name, t in tables.items()} == {
            "person": PERSON.schema, "place": PLACE.schema, "family_adult": FAMILY_ADULT.schema, "household_count": HOUSEHOLD_COUNT.schema,
        }  # fmt: skip


ROLES = [
    (["child", "claimant"], ["child"], ["dependant", "claimant", "partner"], ["dependant", "claimant", "partner"]),
    (
        ["Son", "Mother"],
        ["child"],
        ["Dependent", "Head of household", "lodger"],
        ["dependant", "claimant", "non_dependant"],
    ),
    (
        ["Biological child", "Parent"],
        ["child"],
        ["Adopted son", "Same-sex spouse", "son-in-law"],
        ["dependant", "partner", "other"],
    ),
    (["dependant", "other"], ["child"], ["child", "spouse", "aunt"], ["dependant", "partner", "other"]),
    (["", "claimant"], [""], ["dependant", "claimant", ""], ["other", "other", "other"]),
    (["claimant", "partner"], ["", ""], ["dependant", "claimant", ""], ["other", "other", "other"]),
    (["child", ""], ["child", ""], ["", "", ""], ["other", "other", "other"]),
]


@pytest.mark.parametrize(("left", "linked", "right", "listed"), ROLES)
def test_who_is_to_be_linked_and_as_what(
    left: list[str], linked: list[str], right: list[str], listed: list[str]
) -> None:
    """Children and those without a role are linked, everybody where no role says child; other words find ours."""
    rows = made(
        [{"person_id": str(n), "family_id": "F", "role": role} for n, role in enumerate(left)],
        [{"person_id": str(n), "household_id": "H", "role": role} for n, role in enumerate(right)],
    )
    assert picked(rows["person"], "role", side="child") == [(role,) for role in linked]
    assert picked(rows["person"], "role", side="member") == [(role,) for role in listed]


def test_a_left_file_without_roles_is_of_children_where_births_say_so() -> None:
    """Where the right names roles, a roleless left whose births lie within a childhood keeps them; one of all ages does not."""
    right = [{"person_id": "R", "household_id": "H", "role": "claimant"}]
    young = [{"person_id": str(n), "birth_date": f"20{n % 15:02}-05-{n % 28 + 1:02}"} for n in range(40)]
    old = [row | {"birth_date": f"19{n + 40}-05-05"} for n, row in enumerate(young)]
    assert picked(made(young, right)["person"], "role", side="member") == [("claimant",)]
    assert picked(made(old, right)["person"], "role", side="member") == [("other",)]


def test_left_adults_are_the_carers_of_their_family_alone() -> None:
    """An adult row becomes a carer of the children it shares a family with; one who shares none is left out."""
    left = [
        {"person_id": "C", "family_id": "F", "role": "child", "forename": "AAA"},
        {
            "person_id": "A",
            "family_id": "F",
            "role": "partner",
            "forename": "Bbb",
            "surname": "Ccc",
            "birth_date": "1980-02-03",
            "sex": "F",
        },
        {"person_id": "X", "family_id": "G", "role": "claimant", "forename": "DDD"},
    ]
    (adult,) = made(left, [ONE])["family_adult"]
    assert adult == {"family_id": "f:F", "forename": "BBB", "surname": "CCC", "birth_date": date(1980, 2, 3), "sex": "F", "birth_text": None}  # fmt: skip


HOUSEHOLDS = [
    ([{"household_id": "H", "family_id": "F"}, {"household_id": "H"}], ["h:H", "h:H"]),
    ([{"family_id": "H"}, {"household_id": "H"}], ["f:H", "h:H"]),
    (
        [{"address": "1 Aaa Road", "postcode": "LS1 1AA"}, {"address": "1, AAA RD", "postcode": "ls11aa"}],
        ["a:N|1|LS11AA"] * 2,
    ),
    ([{"uprn": "0012"}, {"uprn": "12.0"}], ["a:U|12"] * 2),
    ([{"address": "Aaa Road"}, {}], ["p:0", "p:1"]),
]


@pytest.mark.parametrize(("rows", "groups"), HOUSEHOLDS)
def test_a_household_is_its_id_else_the_family_else_the_address_else_the_person(
    rows: list[Row], groups: list[str]
) -> None:
    """The right side's households come from the first of these that a row has, and ids of two columns never meet."""
    right = [{"person_id": str(n)} | row for n, row in enumerate(rows)]
    found = picked(made([ONE], right)["person"], "record_id", "group_id", side="member")
    assert sorted(found) == [(str(n), group) for n, group in enumerate(groups)]


def test_a_crowded_address_is_no_household() -> None:
    """People at one address stand alone where they are too many for a household, and the address says little."""
    right = [{"person_id": f"{n:02}", "address": "1 Aaa Road", "postcode": "LS1 1AA"} for n in range(16)]
    rows = made([ONE], right)
    assert {group for (group,) in picked(rows["person"], "group_id", side="member")} == {f"p:{n:02}" for n in range(16)}
    assert {flag for (flag,) in picked(rows["place"], "communal")} == {True}


def test_children_of_one_address_and_surname_are_a_family_unless_they_are_copies() -> None:
    """Without family ids a home and a surname make a family; records of one person under several ids make none."""
    home = {"address": "1 Aaa Road", "postcode": "LS1 1AA", "surname": "BBB"}
    siblings = [{"person_id": "1", "forename": "CCC"} | home, {"person_id": "2", "forename": "DDD"} | home]
    assert len({group for (group,) in picked(made(siblings, [ONE])["person"], "group_id", side="child")}) == 1
    copies = [row | {"forename": "CCC"} for row in siblings]
    assert len({group for (group,) in picked(made(copies, [ONE])["person"], "group_id", side="child")}) == 2


def test_several_rows_of_one_person_are_one_person_with_several_homes() -> None:
    """The latest row that says something decides; every name is kept; homes keep their dates; the listing spans all rows."""
    early = {"person_id": "P", "household_id": "H", "forename": "AAA", "surname": "BBB", "birth_date": "2010-05-05", "sex": "F",
             "address": "1 Aaa Road", "postcode": "LS1 1AA", "valid_from": "2015-01-01", "valid_to": "2017-12-31"}  # fmt: skip
    late = early | {"forename": "CCC", "surname": "DDD", "birth_date": "", "address": "2 Bbb Road", "valid_from": "2018-01-01", "valid_to": ""}  # fmt: skip
    rows = made([ONE], [early, late])
    assert picked(rows["person"], "forename", "forenames", "surname", "surnames", "birth_date", "start_date", "end_date", side="member") == [
        ("CCC", "CCC AAA", "DDD", "DDD BBB", date(2010, 5, 5), date(2015, 1, 1), None)
    ]  # fmt: skip
    assert picked(rows["place"], "number", "start_date", "end_date") == [
        ("1", date(2015, 1, 1), date(2017, 12, 31)), ("2", date(2018, 1, 1), None),
    ]  # fmt: skip


def test_every_name_given_is_kept() -> None:
    """Middle names and names known by join the forenames, a former surname the surnames; a name in other letters stays as given."""
    rows = made(
        [
            {
                "person_id": "1",
                "forename": "Aaa",
                "middle_names": "Bbb C",
                "known_as": "Ddd",
                "surname": "Eee",
                "former_surname": "Fff-Ggg",
            }
        ],
        [
            {"person_id": "1", "forename": "Жжж", "surname": "Ююю Яяя"},
            {"person_id": "2", "known_as": "Ddd", "former_surname": "Eee"},
        ],
    )
    columns = ("forename", "forenames", "surname", "surnames")
    assert picked(rows["person"], *columns) == [
        ("AAA", "AAA BBB C DDD", "EEE", "EEE FFFGGG"), ("ЖЖЖ", "ЖЖЖ", "ЮЮЮЯЯЯ", None), ("DDD", "DDD DDD", "EEE", None),
    ]  # fmt: skip


@pytest.mark.parametrize(("letters", "kept"), [(1, 0), (10, 10)])
def test_a_name_of_one_letter_is_an_initial_only_where_many_are(letters: int, kept: int) -> None:
    """One forename of a letter among twenty is taken as not given; half of them are initials, and are kept."""
    rows = [{"person_id": f"{n}", "forename": "K" if n < letters else f"AAA{'BCDEF'[n % 5]}"} for n in range(20)]
    found = picked(made(rows, [ONE])["person"], "forename", side="child")
    assert sum(name == ("K",) for name in found) == kept
    assert sum(name == (None,) for name in found) == letters - kept


def test_a_date_that_cannot_be_a_childs_own_is_a_text() -> None:
    """A child's date that is its carer's, or that lies decades from those of all other children, stays as text alone; twins' dates stay."""
    born = {n: f"20{n % 15:02}-03-{n % 27 + 1:02}" for n in range(2, 40)} | {
        0: "1985-06-14",
        1: "1931-02-03",
        2: "2004-05-05",
        3: "2004-05-05",
    }
    left = [
        {"person_id": f"{n}", "family_id": f"{n // 2}", "role": "child", "forename": f"AAA{n}", "birth_date": day}
        for n, day in born.items()
    ] + [{"person_id": "c", "family_id": "0", "role": "claimant", "birth_date": "1985-06-14"}]  # fmt: skip
    found = {row["record_id"]: row for row in made(left, [ONE])["person"] if row["side"] == "child"}
    for child in ("0", "1"):
        assert (found[child]["birth_date"], found[child]["birth_text"]) == (None, born[int(child)])
    assert all(row["birth_date"] is not None for record, row in found.items() if record not in {"0", "1"})


@pytest.mark.parametrize("turned", ["left", "right", "neither"])
def test_names_in_each_others_column_are_turned(turned: str) -> None:
    """A file whose forenames are the other's surnames, and the other way round, has the two exchanged; the person keeps its names."""
    rows = [
        {"person_id": f"{n}", "family_id": f"{n // 2}", "forename": f"FFF{'ABCDEFGHIJ'[n % 10]}", "surname": f"SSS{'ABCDEFGHIJKLMNO'[n // 2]}"}
        for n in range(30)
    ]  # fmt: skip
    exchanged = [row | {"forename": row["surname"], "surname": row["forename"]} for row in rows]
    sides = {side: exchanged if side == turned else rows for side in ("left", "right")}
    found = made(sides["left"], sides["right"])["person"]
    assert all(str(row["forename"]).startswith("FFF") and str(row["surname"]).startswith("SSS") for row in found)


def test_stated_dependants_are_counted_and_their_ages_put_in_order() -> None:
    """Counts come from n_dependants, else from the ages; one row for each household and period, none for what is no number of people."""
    right = [
        {
            "person_id": "1",
            "household_id": "H",
            "n_dependants": "2.0",
            "dependant_ages": "11, 3",
            "valid_from": "2019-01-01",
        },
        {
            "person_id": "2",
            "household_id": "H",
            "n_dependants": "2",
            "dependant_ages": "3;11",
            "valid_from": "2019-01-01",
        },
        {"person_id": "3", "household_id": "I", "dependant_ages": "[7]", "as_at": "2020-01-01"},
        {"person_id": "4", "household_id": "J", "n_dependants": "9" * 5000, "dependant_ages": "9" * 5000},
    ]
    assert picked(made([ONE], right)["household_count"], "household_id", "start_date", "dependants", "ages") == [
        ("h:H", date(2019, 1, 1), 2, "3 11"), ("h:I", date(2020, 1, 1), 1, "7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right", "compared"),
    [("ls1 1aa", "LS11AA", "LS11AA"), ("01234", "1234", "01234"), ("12345-6789", "12345", "12345"), ("K1A 0B1", "k1a0b1", "K1A0B1"),
     ("Leeds LS1 1AA", "LS1 1AA, UK", "LS11AA"), ("LS1", "ls1", None), ("LS1 1", "LS11**", None), ("D02 X285", "d02x285", "D02X285"),
     ("75008", "75 008", "75008"), ("00000", "UNKNOWN", None), ("ZZ99 3VZ", "AA1 1AA", None)],
)  # fmt: skip
def test_a_postcode_of_any_country_is_compared_as_given(left: str, right: str, compared: str | None) -> None:
    """Marks and lost noughts are mended, fillers are empty, and no shape is asked for."""
    others = [{"person_id": f"x{n}", "postcode": left} for n in range(3)] if left.isdigit() else []
    home = {"address": "1 Aaa Road"}
    rows = made(
        [{"person_id": "1", "postcode": left} | home, *others], [{"person_id": "1", "postcode": right} | home, *others]
    )
    assert {code for (code,) in picked(rows["place"], "postcode", number="1")} == {compared}


def test_postcodes_that_stop_short_are_not_said_to_be_lacking() -> None:
    """A column of districts alone is there and of no use, which is another thing than no column."""
    said = prepared(table([{"person_id": "1", "postcode": "LS1"}]), table([ONE])).said
    assert "postcodes on the left: none that tells a home" in said
    assert "postcodes on the right: none" in said


def test_a_column_of_one_value_is_taken_as_lacking_and_said() -> None:
    """A forename, sex, postcode or property number that everybody shares says nothing."""
    alike = {"forename": "AAA", "sex": "F", "postcode": "LS1 1AA", "uprn": "12"}
    given = prepared(table([{"person_id": str(n)} | alike for n in range(30)]), table([ONE]))
    assert {
        f"{what} on the left: all one value" for what in ("forenames", "sex", "postcodes", "property numbers")
    } <= set(given.said)
    rows = {name: t.to_pylist() for name, t in given.tables.items()}
    assert picked(rows["person"], "forename", "sex", side="child") == [(None, None)] * 30
    assert picked(rows["place"], "owner_id") == []


def test_the_order_of_rows_and_columns_changes_nothing() -> None:
    """The same rows in any order give the same tables to the last byte."""
    left, right = made_files(30)
    right = [*right, *(row | {"forename": "ZZZ", "valid_from": "2019-01-01"} for row in right[::4])]
    first = prepared(table(left), table(right))
    for seed in range(3):
        random.Random(seed).shuffle(left)
        random.Random(seed).shuffle(right)
        again = prepared(table(left), table(right).select(sorted(table(right).column_names)))
        assert all(again.tables[name].equals(first.tables[name]) for name in first.tables)
        assert again.said == first.said


BAD = [
    ([{"forename": "AAA"}], "The column is missing."),
    ([{"person_id": "1"}, {"person_id": "", "forename": "AAA"}], "1 of 2 rows have no person_id."),
    ([{"person_id": "1", "forename": "AAA", "birth_date": "2010-05-05"}, {"person_id": "1", "forename": "BBB", "birth_date": "2012-07-07"}],
     "1 ids stand on several undated rows"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "says"), BAD)
def test_what_cannot_be_understood_is_refused_without_a_value(rows: list[Row], says: str) -> None:
    """Rows without an id, and ids that stand for several people, are a problem of the data that names the column."""
    for left, right in ((rows, [ONE]), ([ONE], rows)):
        with pytest.raises(DataProblem, match=says) as stop:
            prepared(table(left), table(right))
        assert stop.value.column == "person_id"
        assert not {"AAA", "BBB", "2010"} & set(stop.value.sentence.split())


def test_rows_empty_throughout_are_no_rows() -> None:
    """Rows that a spreadsheet leaves empty at the foot of a file are passed over."""
    blank: Row = dict.fromkeys(ONE, "")
    assert prepared(table([ONE, blank, blank]), table([ONE])) == prepared(table([ONE]), table([ONE]))
    with pytest.raises(DataProblem, match="no rows"):
        prepared(table([blank]), table([ONE]))


STRANGE = [pa.array([{"a": 1}]), pa.array([b"\xff\xfe"])]


@pytest.mark.parametrize("column", STRANGE, ids=["struct", "bytes"])
@pytest.mark.parametrize("name", ["forename", "birth_date", "uprn"])
def test_a_column_of_no_use_is_named(name: str, column: pa.Array) -> None:
    """A column of structures or of bytes that are no text is a problem of the data, with no word of the value."""
    with pytest.raises(DataProblem, match=f"column {name}: The column holds no texts"):
        prepared(pa.table({"person_id": ["1"], name: column}), table([ONE]))


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_texts_of_any_arrow_type_are_the_same(kind: pa.DataType) -> None:
    """Long texts, views and categories, as other frames hold them, give what plain texts give."""
    left, right = (table(rows) for rows in made_files(10))
    plain = prepared(left, right).tables
    other = pa.schema([(name, kind) for name in left.column_names])
    changed = prepared(left.cast(other) if not pa.types.is_dictionary(kind) else _categories(left), right).tables
    assert all(changed[name].equals(plain[name]) for name in plain)


def _categories(rows: pa.Table) -> pa.Table:
    return pa.table({name: rows.column(name).dictionary_encode() for name in rows.column_names})


def test_categories_over_views_are_texts_too() -> None:
    """Categories whose words are string views, as polars hands them over, are read; Arrow itself casts none."""
    words = pa.array(["child ", "", None], pa.string()).cast(pa.string_view())
    column = pa.chunked_array([pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, None, 0], pa.uint32()), words)])
    assert as_text(column).to_pylist() == ["child", None, None, None, "child"]


def test_an_empty_table_is_refused() -> None:
    """A table with no rows is a problem of the data."""
    with pytest.raises(DataProblem, match="no rows"):
        prepared(table([ONE]).slice(1), table([ONE]))


def test_typed_columns_are_understood() -> None:
    """Whole-number ids, dates, categories, lists of ages and numbers with a point come out as texts would."""
    right = pa.table(
        {
            "person_id": pa.array([7, 8]), "household_id": pa.array([1.0, 1.0]), "birth_date": pa.array([date(2010, 5, 5), None]),
            "role": pa.array(["dependant", "claimant"]).dictionary_encode(), "dependant_ages": pa.array([[9], None]),
            "forename": pa.nulls(2), "uprn": pa.array([12.0, None]),
        }
    )  # fmt: skip
    tables = prepared(table([ONE | {"role": "child"}]), right).tables
    assert picked(tables["person"].to_pylist(), "record_id", "group_id", "role", "birth_date", side="member") == [
        ("7", "h:1", "dependant", date(2010, 5, 5)), ("8", "h:1", "claimant", None),
    ]  # fmt: skip
    assert picked(tables["household_count"].to_pylist(), "ages") == [("9",)]
    assert picked(tables["place"].to_pylist(), "uprn") == [("12",)]
