# ruff: noqa: RUF001 (letters are written as offices write them)
"""Names: what is written, and what is compared."""

from __future__ import annotations

import pytest

from hearthlink.standardise.letters import mend_encoding, plain
from hearthlink.standardise.names import forenames, surname, surname_tokens, whole_name

LETTERS = [
    ("José", "JOSE"),
    ("Nguyễn", "NGUYEN"),
    ("Łukasz", "LUKASZ"),
    ("Gül", "GUL"),
    ("Işık", "ISIK"),
    ("Đặng", "DANG"),
    ("Bjørn", "BJORN"),
    ("Weiß", "WEISS"),
    ("Æsa", "AESA"),
    ("Əli", "ALI"),
    ("O’Brien", "O'BRIEN"),
    ("Smith–Jones", "SMITH-JONES"),
    ("JosÃ©", "JOSE"),
    ("JOSÃ‰", "JOSE"),
    ("Å\u0081ukasz", "LUKASZ"),
    ("Nguyá»…n", "NGUYEN"),
    ("NGUYÁ»…N", "NGUYEN"),
    ("Oâ€™Brien", "O'BRIEN"),
    ("OÂ€™BRIEN", "O'BRIEN"),
]


@pytest.mark.parametrize(("written", "compared"), LETTERS)
def test_letters(written: str, compared: str) -> None:
    """Accents come off, letters with no plain form are spelt out, and broken encodings are mended first."""
    assert plain(written) == compared


@pytest.mark.parametrize("name", ["Ângela", "São", "Ärö", "ANDRÉ’S", "Çelik"])
def test_sound_encodings_are_left_alone(name: str) -> None:
    """A name that was never broken is not mended."""
    assert mend_encoding(name) == name


FORENAMES = [
    ("AAA", "AAA", "AAA"),
    ("Aaa  Bbb", "AAA", "AAA BBB"),
    ("Mohammed Ali", "MOHAMMED", "MOHAMMED ALI"),
    ("ANNE-MARIE", "ANNEMARIE", "ANNEMARIE"),
    ("Anne - Marie", "ANNEMARIE", "ANNEMARIE"),
    ("D'Arcy", "DARCY", "DARCY"),
    ("ABDUL RAHMAN", "ABDULRAHMAN", "ABDULRAHMAN"),
    ("Mohammed Abdul Rahman", "MOHAMMED", "MOHAMMED ABDULRAHMAN"),
    ("Abd al Rahman", "ABDALRAHMAN", "ABDALRAHMAN"),
    ("AL-AMIN", "ALAMIN", "ALAMIN"),
    ("Abdul", "ABDUL", "ABDUL"),
    ("J.", "J", "J"),
    ("J P", "J", "J P"),
    ("Mrs Aaa", "AAA", "AAA"),
    ("MASTER AAA BBB", "AAA", "AAA BBB"),
    ("Aaa Jnr", "AAA", "AAA"),
    ("Aaa (AKA Bbb)", "AAA", "AAA BBB"),
    ("Aaa AKA Bbb", "AAA", "AAA BBB"),
    ("Aaa a.k.a. Bbb", "AAA", "AAA BBB"),
    ("Aaa known as Bbb", "AAA", "AAA BBB"),
    ("Aaa (Bbb)", "AAA", "AAA BBB"),
    ("Aaa 'Bbb'", "AAA", "AAA BBB"),
    ('Aaa "Bbb"', "AAA", "AAA BBB"),
    ("Aaa (Aaa)", "AAA", "AAA"),
    ("(Aaa)", "AAA", "AAA"),
    ("Aaa (DECEASED)", "AAA", "AAA"),
    ("Aaa *CONFIDENTIAL*", "AAA", "AAA"),
    ("Aaa (do not tell Bbb)", "AAA", "AAA"),
    ("Aaa (née Bbb)", "AAA", "AAA"),
    ("Aaa 2", "AAA", "AAA"),
    ("Aaa unknown", "AAA", "AAA"),
]


@pytest.mark.parametrize(("written", "first", "every"), FORENAMES)
def test_forenames(written: str, first: str, every: str) -> None:
    """The first forename, and all of them with those known by."""
    assert forenames(written) == (first, every)


NO_FORENAME = (
    "", " ", ".", "-", "?", "UNKNOWN", "unknown", "NK", "N/K", "n.k.", "N/A", "NOT KNOWN", "Not Known", "NOT STATED", "TBC",
    "ANON", "TEST", "TEST CHILD", "DUPLICATE", "DO NOT USE", "XX", "XXX", "X", "SSD_PH", "NULL", "NONE", "BABY", "Baby",
    "Man of the", "Lady in the House", "FEMALE CHILD", "Oldest", "Son of", "Gentleman Of", "Adult male", "BABY OF AAA", "BABY AAA", "Baby Boy", "UNBORN", "Unborn child", "TWIN 1", "TWIN TWO", "INFANT", "NEWBORN", "CHILD 1", "MALE",
    "MISS", "MR", "Daughter", "Respondent", "Man of the House", "(UNBORN)", "UNKNOWN MALE", "NO FORENAME", "123",
)  # fmt: skip


@pytest.mark.parametrize("written", NO_FORENAME)
def test_placeholders_are_no_forename(written: str) -> None:
    """What stands for no name, or for a child not yet named, is missing."""
    assert forenames(written) == (None, None)


SURNAMES = [
    ("Bbb", "BBB", None),
    ("O'Brien", "OBRIEN", None),
    ("O’BRIEN", "OBRIEN", None),
    ("O BRIEN", "OBRIEN", None),
    ("OBRIEN", "OBRIEN", None),
    ("Mc Donald", "MCDONALD", None),
    ("MacDonald", "MACDONALD", None),
    ("N'Diaye", "NDIAYE", None),
    ("St. John", "STJOHN", None),
    ("Smith-Jones", "SMITHJONES", "JONES"),
    ("SMITH JONES", "SMITHJONES", "JONES"),
    ("Smith – Jones", "SMITHJONES", "JONES"),
    ("de Silva", "DESILVA", "SILVA"),
    ("van der Berg", "VANDERBERG", "BERG"),
    ("Al-Hassan", "ALHASSAN", "HASSAN"),
    ("ABDUL RAHMAN", "ABDULRAHMAN", "RAHMAN"),
    ("Mr Bbb", "BBB", None),
    ("J Bbb", "BBB", None),
    ("Bbb (née Ccc)", "BBB", None),
    ("BBB NEE CCC", "BBB", None),
    ("NEE", "NEE", None),
    ("Bbb aka Ccc", "BBB", None),
    ("Bbb (DECEASED)", "BBB", None),
    ("(Bbb)", "BBB", None),
    ("Bbb Jnr", "BBB", None),
    ("UNBORN BBB", "BBB", None),
    ("Baby Bbb", "BBB", None),
    ("Unknown Bbb", "BBB", None),
    ("CHILD", "CHILD", None),
    ("UNKNOWN", None, None),
    ("N/K", None, None),
    ("BABY", None, None),
    ("SSD_PH", None, None),
    ("TEST", None, None),
    ("-", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("written", "joined", "last"), SURNAMES)
def test_surnames(written: str, joined: str | None, last: str | None) -> None:
    """A surname in joined form, and its last part where it has several."""
    assert surname(written) == (joined, last)


SHARED = [
    ("Smith-Jones", "JONES", True),
    ("Smith-Jones", "SMITH", True),
    ("Smith-Jones", "SMITHJONES", True),
    ("Al Hassan", "HASSAN", True),
    ("Al Hassan", "Al Karim", False),
    ("de Silva", "de Souza", False),
    ("UNKNOWN", "UNKNOWN", False),
]


@pytest.mark.parametrize(("one", "other", "shared"), SHARED)
def test_shared_surname(one: str, other: str, shared: bool) -> None:
    """Two surnames share a token where a part that could stand alone is the same; particles and placeholders are none."""
    assert bool(surname_tokens(one) & surname_tokens(other)) is shared


WHOLE = [
    (None, "BBB, MRS AAA CCC", ("AAA", "AAA CCC"), "BBB"),
    ("-", "BBB, AAA", ("AAA", "AAA"), "BBB"),
    ("AAA", "BBB, AAA", ("AAA", "AAA"), "BBB"),
    ("BBB, MISS AAA", None, ("AAA", "AAA"), "BBB"),
    ("BBB, AAA", "Bbb", ("AAA", "AAA"), "BBB"),
    ("AAA, CCC", "BBB", ("AAA", "AAA CCC"), "BBB"),
    ("AAA", "BBB", ("AAA", "AAA"), "BBB"),
]


@pytest.mark.parametrize(("forename_field", "surname_field", "given", "family"), WHOLE)
def test_whole_name_in_one_field(
    forename_field: str | None, surname_field: str | None, given: tuple[str, str], family: str
) -> None:
    """SURNAME, TITLE FORENAMES in one field is parted, and a comma among forenames is not mistaken for it."""
    forename_part, surname_part = whole_name(forename_field, surname_field)
    assert (forenames(forename_part or ""), surname(surname_part or "")[0]) == (given, family)
