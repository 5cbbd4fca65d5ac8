"""Census rules about who a child is: ids, pupil numbers, birth, death and sex."""

from __future__ import annotations

from hearthlink.checks.census_card import (
    CensusCard,
    FlatRows,
    alone_where,
    not_a_code,
    pairs_where,
    rows_where,
    several_where,
)
from hearthlink.tables.census import LAST_YEAR

_LETTERS, _FIGURES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
_LAST = "', '".join("ABCDEFGHJKLMNPQRTUVWXYZ0123456789")
_UPN, _FORMER, _ID = "ChildIdentifiers.UPN", "ChildIdentifiers.FormerUPN", "ChildIdentifiers.LAchildID"
_BORN, _DUE = "ChildIdentifiers.PersonBirthDate", "ChildIdentifiers.ExpectedPersonBirthDate"
_DIED, _REASON = "ChildIdentifiers.PersonDeathDate", "ChildIdentifiers.UPNunknown"
_NFA, _CLOSED = "CINdetails.ReferralNFA", "CINdetails.CINclosureDate"
_GENDER, _SEX = "ChildIdentifiers.GenderCurrent", "ChildIdentifiers.Sex"
_TO_2024, _FROM_2025 = (2017, 2024), (2025, LAST_YEAR)


def _child(**cells: str | None) -> FlatRows:
    return {"ChildIdentifiers": (cells,)}


def _shape(column: str) -> str:
    return f"translate(upper({column}), '{_LETTERS}{_FIGURES}', '{'A' * 26}{'9' * 10}')"


REFERENCE_DATE = CensusCard(
    code="100",
    kind="error",
    says="The reference date is missing, or is not 31 March of the collection's year",
    places=("Header.ReferenceDate",),
    also=("Header.Year",),
    sql="""
        SELECT t.row_no AS row_1 FROM census_header AS t
        WHERE t.ReferenceDate IS NULL OR month(t.ReferenceDate) <> 3 OR day(t.ReferenceDate) <> 31
           OR (t.Year IS NOT NULL AND CAST(year(t.ReferenceDate) AS VARCHAR) <> t.Year)
        UNION ALL
        SELECT NULL AS row_1 FROM (SELECT count(*) AS headers FROM census_header) AS c WHERE c.headers = 0
    """,
    use="The reference date is trusted over the year; without one the study's year counts.",
    passing={"Header": ({"Year": "2025", "ReferenceDate": "2025-03-31"},)},
    failing={"Header": ({"Year": "2025", "ReferenceDate": "2025-03-28"},)},
)

UPN_CHECK_LETTER = CensusCard(
    code="1510",
    kind="error",
    says="Unique pupil number whose first letter does not fit the rest, temporary numbers among them",
    places=(_UPN,),
    sql=rows_where(_UPN, "t.UPNletter <> left(t.UPN, 1)"),
    use="Such a number finds no record: pupil numbers never link to a household, and only sound ones find a child in the case system.",
    passing=_child(UPN="H801200001001"),
    failing=_child(UPN="A801200001001"),
)

UPN_TWICE = CensusCard(
    code="1520",
    kind="error",
    says="Unique pupil number that stands on more than one child",
    places=(_UPN,),
    sql=several_where(_UPN, "t.UPN IS NOT NULL", within="t.UPN"),
    use="A number that several children bear finds none of them.",
    passing={"ChildIdentifiers": ({"UPN": "A"}, {"LAchildID": "B", "UPN": "B"})},
    failing={"ChildIdentifiers": ({"UPN": "A"}, {"LAchildID": "B", "UPN": "A"})},
)

UPN_AUTHORITY = CensusCard(
    code="1530",
    kind="error",
    says="Unique pupil number whose second to fourth characters are no authority that has issued numbers since 1998",
    places=(_UPN,),
    sql=rows_where(_UPN, f"length(t.UPN) = 13 AND {not_a_code('LA', 'substring(t.UPN, 2, 3)')}"),
    use="Only said: pupil numbers never link to a household.",
    passing=_child(UPN="H801200001001"),
    failing=_child(UPN="H999200001001"),
)

UPN_FIGURES = CensusCard(
    code="1540",
    kind="error",
    says="Unique pupil number whose fifth to twelfth characters are not all figures",
    places=(_UPN,),
    sql=rows_where(
        _UPN, f"t.UPN IS NOT NULL AND translate(substring(t.UPN, 5, 8), '{_FIGURES}', '{'9' * 10}') <> '{'9' * 8}'"
    ),
    use="Such a number finds no record.",
    passing=_child(UPN="H801200001001"),
    failing=_child(UPN="H801200O01001"),
)

UPN_LAST = CensusCard(
    code="1550",
    kind="error",
    says="Unique pupil number that has not 13 characters, or ends in neither a figure nor a letter other than I, O and S",
    places=(_UPN,),
    sql=rows_where(_UPN, f"length(t.UPN) <> 13 OR right(t.UPN, 1) NOT IN ('{_LAST}')"),
    use="Such a number finds no record. A letter at the end makes it a temporary one.",
    passing=_child(UPN="H80120000100A"),
    failing=_child(UPN="H80120000100O"),
)

FORMER_UPN = CensusCard(
    code="1560Q",
    kind="query",
    says="Former unique pupil number that is not a letter and twelve figures, the last of which may be a letter",
    places=(_FORMER,),
    sql=rows_where(_FORMER, f"{_shape('t.FormerUPN')} NOT IN ('A{'9' * 12}', 'A{'9' * 11}A')"),
    use="Former numbers are not used.",
    passing=_child(FormerUPN="H80120000100A"),
    failing=_child(FormerUPN="H8012000010"),
)

ID_TOO_LONG = CensusCard(
    code="1570",
    kind="error",
    says="Child id of more than 20 characters",
    places=(_ID,),
    sql=rows_where(_ID, "length(t.LAchildID) > 20"),
    use="Only said; the id is used as it is.",
    passing=_child(LAchildID="12345678901234567890"),
    failing=_child(LAchildID="123456789012345678901"),
    years=_FROM_2025,
)

ID_WITH_MARKS = CensusCard(
    code="1580",
    kind="error",
    says="Child id with other characters than letters and figures",
    places=(_ID,),
    sql=rows_where(_ID, f"translate(upper(t.LAchildID), '{_LETTERS}{_FIGURES}', '') <> ''"),
    use="Joined in whichever form joins best; kept as it is.",
    passing=_child(LAchildID="A1234"),
    failing=_child(LAchildID="A-1234"),
    years=_FROM_2025,
)

GENDER_UNKNOWN = CensusCard(
    code="4180",
    kind="error",
    says="Gender that is missing or not 1, 2, 0 or 9",
    places=(_GENDER,),
    sql=rows_where(_GENDER, f"t.GenderCurrent IS NULL OR {not_a_code('GenderCurrent', 't.GenderCurrent')}"),
    use="Counts as not recorded.",
    passing=_child(GenderCurrent="0"),
    failing=_child(GenderCurrent="M"),
    years=_TO_2024,
)

SEX_UNKNOWN = CensusCard(
    code="4180",
    kind="error",
    says="Sex that is missing or not M, F or U",
    places=(_SEX,),
    sql=rows_where(_SEX, f"t.Sex IS NULL OR {not_a_code('Sex', 't.Sex')}"),
    use="Counts as not recorded.",
    passing=_child(Sex="U"),
    failing=_child(Sex="1"),
    years=_FROM_2025,
)

ID_MISSING = CensusCard(
    code="8500",
    kind="error",
    says="Child without an id",
    places=(_ID,),
    sql=rows_where(_ID, "t.LAchildID IS NULL"),
    use="The record cannot be joined to the case system: it is counted and left out.",
    passing=_child(LAchildID="A"),
    failing=_child(LAchildID=None),
)

ID_TWICE = CensusCard(
    code="8510",
    kind="error",
    says="Child id that stands on more than one child",
    places=(_ID,),
    sql=several_where(_ID, "t.LAchildID IS NOT NULL", within="t.LAchildID"),
    use="The blocks are taken together as one child.",
    passing={"ChildIdentifiers": ({"LAchildID": "A"}, {"LAchildID": "B"})},
    failing={"ChildIdentifiers": ({"LAchildID": "A"}, {"LAchildID": "A"})},
)

BORN_LATER = CensusCard(
    code="8520",
    kind="error",
    says="Birth date after the reference date",
    places=(_BORN,),
    sql=rows_where(_BORN, "t.PersonBirthDate > p.end_date"),
    use="The birth date counts as missing.",
    passing=_child(PersonBirthDate="2025-03-31"),
    failing=_child(PersonBirthDate="2025-04-01"),
)

ONE_BIRTH_DATE = CensusCard(
    code="8525Q",
    kind="query",
    says="Neither a birth date nor an expected one, or both",
    places=(_BORN, _DUE),
    sql="""
        SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_child AS t
        WHERE (t.PersonBirthDate IS NULL AND t.ExpectedPersonBirthDate IS NULL)
           OR (t.PersonBirthDate IS NOT NULL AND t.ExpectedPersonBirthDate IS NOT NULL)
    """,
    use="Of both the birth date is used; with neither there is none to link by.",
    passing=_child(PersonBirthDate="2015-06-01", ExpectedPersonBirthDate=None),
    failing=_child(PersonBirthDate="2015-06-01", ExpectedPersonBirthDate="2015-06-03"),
    needs=(_DUE,),
)

DUE_DATE_ODD = CensusCard(
    code="8530Q",
    kind="query",
    says="Expected birth date more than 30 days before the reference date, or more than nine months after it",
    places=(_DUE,),
    sql=rows_where(_DUE, "t.ExpectedPersonBirthDate < p.days_30 OR t.ExpectedPersonBirthDate > p.months_on_9"),
    use="Only said: the record of an unborn child may be stale.",
    passing=_child(ExpectedPersonBirthDate="2025-12-31"),
    failing=_child(ExpectedPersonBirthDate="2026-01-01"),
)

DIED_BEFORE_BIRTH = CensusCard(
    code="8535Q",
    kind="query",
    says="Date of death before the birth date",
    places=(_DIED, _BORN),
    sql="""
        SELECT t.row_no AS row_1, t.row_no AS row_2 FROM census_child AS t WHERE t.PersonDeathDate < t.PersonBirthDate
    """,
    use="The date of death is not used.",
    passing=_child(PersonBirthDate="2015-06-01", PersonDeathDate="2015-06-01"),
    failing=_child(PersonBirthDate="2015-06-01", PersonDeathDate="2015-05-31"),
)

DIED_OUTSIDE_YEAR = CensusCard(
    code="8545Q",
    kind="query",
    says="Date of death outside the census year",
    places=(_DIED,),
    sql=rows_where(_DIED, "t.PersonDeathDate < p.start_date OR t.PersonDeathDate > p.end_date"),
    use="The child is kept; the date of death is not used.",
    passing=_child(PersonDeathDate="2024-04-01"),
    failing=_child(PersonDeathDate="2024-03-31"),
)

UNBORN_GENDER = CensusCard(
    code="8750",
    kind="error",
    says="Unborn child whose gender is not 0",
    places=(_GENDER,),
    also=(_BORN, _DUE),
    sql=rows_where(
        _GENDER,
        "t.PersonBirthDate IS NULL AND t.ExpectedPersonBirthDate IS NOT NULL"
        " AND (t.GenderCurrent IS NULL OR t.GenderCurrent <> '0')",
    ),
    use="An unborn child is linked by the family alone.",
    passing=_child(ExpectedPersonBirthDate="2024-06-01", GenderCurrent="0"),
    failing=_child(ExpectedPersonBirthDate="2024-06-01", GenderCurrent="2"),
    years=_TO_2024,
    needs=(_DUE,),
)

UNBORN_SEX = CensusCard(
    code="8750",
    kind="error",
    says="Unborn child whose sex is not U",
    places=(_SEX,),
    also=(_BORN, _DUE),
    sql=rows_where(
        _SEX,
        "t.PersonBirthDate IS NULL AND t.ExpectedPersonBirthDate IS NOT NULL AND (t.Sex IS NULL OR t.Sex <> 'U')",
    ),
    use="An unborn child is linked by the family alone.",
    passing=_child(ExpectedPersonBirthDate="2025-06-01", Sex="U"),
    failing=_child(ExpectedPersonBirthDate="2025-06-01", Sex="F"),
    years=_FROM_2025,
    needs=(_DUE,),
)


def _upn_expected(limit: str, says: str, born: str, years: tuple[int, int]) -> CensusCard:
    cells = {"PersonBirthDate": born, "UPNunknown": "UN1"}
    episode = {"ReferralNFA": "false"}
    return CensusCard(
        code="8770Q",
        kind="query",
        says=says,
        places=(_UPN, _REASON),
        also=(_BORN, _NFA),
        sql=f"""
            SELECT t.row_no AS row_1, t.row_no AS row_2
            FROM census_child AS t CROSS JOIN census_period AS p
            WHERE t.UPN IS NULL AND t.PersonBirthDate < p.{limit}
              AND (t.UPNunknown IS NULL OR t.UPNunknown NOT IN ('UN2', 'UN3', 'UN4', 'UN5', 'UN6', 'UN7'))
              AND EXISTS (SELECT 1 FROM census_episode AS e WHERE e.child = t.child AND NOT e.ReferralNFA)
        """,
        use="Nothing: names and birth dates link the child.",
        passing={"ChildIdentifiers": ({**cells, "UPNunknown": "UN3"},), "CINdetails": (episode,)},
        failing={"ChildIdentifiers": (cells,), "CINdetails": (episode,)},
        years=years,
        needs=(_BORN, _NFA),
    )


UPN_EXPECTED_AT_6 = _upn_expected(
    "years_6",
    "Child over 6 whose referral went further, with neither a pupil number nor a reason that explains it",
    "2018-03-30",
    _TO_2024,
)
UPN_EXPECTED_AT_4 = _upn_expected(
    "years_4",
    "Child over 4 whose referral went further, with neither a pupil number nor a reason that explains it",
    "2021-03-30",
    _FROM_2025,
)

UN7_THOUGH_FURTHER = CensusCard(
    code="8772",
    kind="error",
    says="No pupil number because of no further action (UN7), though an episode of the child went further or does not say",
    places=(_REASON, _NFA),
    sql=pairs_where(
        _REASON, _NFA, "a.UPNunknown = 'UN7' AND (b.ReferralNFA IS NULL OR NOT b.ReferralNFA)", within="child"
    ),
    use="The reason is not used.",
    passing={"ChildIdentifiers": ({"UPNunknown": "UN7"},), "CINdetails": ({"ReferralNFA": "1"},)},
    failing={"ChildIdentifiers": ({"UPNunknown": "UN7"},), "CINdetails": ({"ReferralNFA": "0"},)},
    needs=(_NFA,),
)

OVER_25 = CensusCard(
    code="8775Q",
    kind="query",
    says="Person over 25 with an episode that is open, or closed after the 25th birthday",
    places=(_BORN, _CLOSED),
    sql="""
        SELECT a.row_no AS row_1, e.row_no AS row_2
        FROM census_child AS a JOIN census_episode AS e ON e.child = a.child CROSS JOIN census_period AS p
        WHERE a.PersonBirthDate < p.years_25
          AND (e.CINclosureDate IS NULL
               OR 10000 * year(e.CINclosureDate) + 100 * month(e.CINclosureDate) + day(e.CINclosureDate)
                > 10000 * (year(a.PersonBirthDate) + 25) + 100 * month(a.PersonBirthDate) + day(a.PersonBirthDate))
    """,
    use="Kept; a birth date more than 26 years before the year is not used to link.",
    passing={
        "ChildIdentifiers": ({"PersonBirthDate": "1999-12-01"},),
        "CINdetails": ({"CINclosureDate": "2024-12-01"},),
    },
    failing={"ChildIdentifiers": ({"PersonBirthDate": "1999-12-01"},), "CINdetails": ({"CINclosureDate": None},)},
    needs=(_CLOSED,),
)

NO_EPISODE = CensusCard(
    code="8590",
    kind="error",
    says="Child without an episode",
    places=(_ID,),
    also=("CINdetails.LAchildID",),
    sql=alone_where(_ID, "CINdetails.LAchildID", "TRUE", within="child"),
    use="Kept in the count of children, not of referrals.",
    passing={"ChildIdentifiers": ({},), "CINdetails": ({},)},
    failing={"ChildIdentifiers": ({},), "CINdetails": ()},
    needs=("CINdetails.LAchildID",),
)

CARDS = (
    REFERENCE_DATE, UPN_CHECK_LETTER, UPN_TWICE, UPN_AUTHORITY, UPN_FIGURES, UPN_LAST, FORMER_UPN, ID_TOO_LONG, ID_WITH_MARKS,
    GENDER_UNKNOWN, SEX_UNKNOWN, ID_MISSING, ID_TWICE, BORN_LATER, ONE_BIRTH_DATE, DUE_DATE_ODD, DIED_BEFORE_BIRTH,
    DIED_OUTSIDE_YEAR, NO_EPISODE, UNBORN_GENDER, UNBORN_SEX, UPN_EXPECTED_AT_6, UPN_EXPECTED_AT_4, UN7_THOUGH_FURTHER, OVER_25,
)  # fmt: skip
