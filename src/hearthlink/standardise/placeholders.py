"""What offices write where they have no name, and what they write beside one."""

from __future__ import annotations

import re

TITLES = frozenset("MR MRS MISS MS MX MASTER MSTR DR REV REVD PROF SIR".split())
SUFFIXES = frozenset("JNR JR SNR SR II III ESQ".split())

NOTES = frozenset(
    "UNKNOWN UNK NKN SSDPH TBC TBA UNNAMED ANON ANONYMOUS NULL DECEASED CONFIDENTIAL RESTRICTED SENSITIVE DUPLICATE "
    "UNBORN DOB".split()
)
"""Words that are no name wherever they stand."""

STANDINGS = frozenset("BABY INFANT NEWBORN UNBORN TWIN TRIPLET FOETUS FETUS NEONATE".split())
"""Words for a child not yet named: a forename that begins so is none, whatever follows."""

_NOTHING = frozenset(
    "NK NKN UNKNOWN NOTKNOWN NOTYETKNOWN NOTSTATED NOTRECORDED NOTGIVEN NOTPROVIDED NOTNAMED NOTYETNAMED NOTAPPLICABLE NONE NULL "
    "NIL NONAME NOFORENAME NOFIRSTNAME NOSURNAME NOLASTNAME NONAMEGIVEN TOBECONFIRMED TOBEADVISED TEST SSDPH FNU LNU NFN NLN "
    "SURNAME FORENAME FIRSTNAME LASTNAME APELLIDO DECLINED REFUSED RESPONDENT HOUSEHOLDER OCCUPIER OCCUPANT DONTKNOW RESPONDANT FEMALE".split()
)
"""Whole fields, letters only, that say that there is nothing."""

_NO_FORENAME = frozenset(
    "MALE FEMALE BOY GIRL CHILD KID MINOR TEEN TEENAGER PERSON ADULT MAN WOMAN LADY HUSBAND WIFE SPOUSE PARTNER MOTHER FATHER MUM DAD "
    "PARENT SON DAUGHTER BROTHER SISTER SIBLING STEPSON STEPDAUGHTER GRANDSON GRANDDAUGHTER GRANDCHILD GRANDMOTHER GRANDFATHER NEPHEW "
    "NIECE COUSIN RELATIVE ROOMMATE LODGER GUEST RESIDENT TENANT HOUSEHOLD SELF".split()
)
"""Whole forenames that are none; as surnames some of them are real."""

_OF_NOBODY = _NO_FORENAME | frozenset(
    "GENT GENTLEMAN GENTELMAN SIR MADAM MOM MUMMY MOMMY DADDY AUNT AUNTIE UNCLE GRANDMA GRANDPA GRANDPARENT INMATE PATIENT PRISONER "
    "STUDENT PUPIL WORKER OLDEST YOUNGEST ELDEST OLDER YOUNGER HIJO HIJA SENOR SENORA SENORITA CHILDREN BABY INFANT NEWBORN".split()
)
"""Words for somebody whose name is not given: alone, or with one another and the words between them."""

_BETWEEN = frozenset("OF THE IN A AN NO NEW HOUSE HOUSEHOLD HOME FAMILY HEAD HH NAME LAST FIRST FOSTER STEP".split())
"""Words that say nothing more beside those: MAN OF THE HOUSE, SON OF, LADY IN THE."""

_REFUSED = re.compile(
    r"(?:MAN|LADY|HEAD) OF (?:THE )?HOUSE(?:HOLD)?|TEST (?:CHILD|PERSON|CASE|RECORD|CLIENT|DATA|USER).*|DO NOT USE.*|DUPLICATE.*|N A|X+|Z{2,}"
)
_COUNTED = re.compile(r"(?:CHILD|PERSON|BOY|GIRL|SIBLING) ?(?:\d+|ONE|TWO|THREE|[A-D])")


def is_nothing(words: str) -> bool:
    """Whether a whole name, in plain capitals without punctuation, says that there is none."""
    return words.replace(" ", "") in _NOTHING or _REFUSED.fullmatch(words) is not None or _is_somebody(words.split())


def _is_somebody(words: list[str]) -> bool:
    """Whether several words only say what somebody is: FEMALE CHILD, MAN OF THE, OF HOUSE."""
    return len(words) > 1 and all(word in _OF_NOBODY or word in _BETWEEN for word in words)


def is_no_forename(words: str) -> bool:
    """Whether a whole forename says that there is none, or that the child is not yet named."""
    return (
        is_nothing(words)
        or words in _NO_FORENAME
        or words in _OF_NOBODY
        or words.split(" ", 1)[0] in STANDINGS
        or _COUNTED.fullmatch(words) is not None
    )
