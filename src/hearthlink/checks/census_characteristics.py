"""Census rules about ethnicity and disability, and those asked of the authority as a whole."""

from __future__ import annotations

from hearthlink.checks.census_card import CensusCard, FlatRows, not_a_code, rows_where, several_where
from hearthlink.tables.census import LAST_YEAR

_ETHNICITY, _DISABILITY = "ChildCharacteristics.Ethnicity", "Disabilities.Disability"
_BORN, _DUE, _NFA = (
    "ChildIdentifiers.PersonBirthDate",
    "ChildIdentifiers.ExpectedPersonBirthDate",
    "CINdetails.ReferralNFA",
)
_GENDER, _SEX = "ChildIdentifiers.GenderCurrent", "ChildIdentifiers.Sex"
_STARTED, _CONFERENCE, _CONFERENCE_47 = (
    "ChildProtectionPlans.CPPstartDate", "CINdetails.DateOfInitialCPC", "Section47.DateOfInitialCPC",
)  # fmt: skip


def _disabilities(*codes: str | None) -> FlatRows:
    return {"Disabilities": tuple({"Disability": code} for code in codes)}


ETHNICITY = CensusCard(
    code="4220",
    kind="error",
    says="Ethnicity that is missing or not in the code set",
    places=(_ETHNICITY,),
    sql=rows_where(_ETHNICITY, f"t.Ethnicity IS NULL OR {not_a_code('Ethnicity', 't.Ethnicity')}"),
    use="Counts as not known.",
    passing={"ChildCharacteristics": ({"Ethnicity": "WBRI"},)},
    failing={"ChildCharacteristics": ({"Ethnicity": "WHITE"},)},
)

DISABILITY = CensusCard(
    code="8540",
    kind="error",
    says="Born child, of whom a referral went further, with no disability code or one that is not in the code set",
    places=(_BORN, _DISABILITY),
    also=(_NFA,),
    sql=f"""
        SELECT c.row_no AS row_1, d.row_no AS row_2
        FROM census_child AS c LEFT JOIN census_disability AS d ON d.child = c.child
        WHERE c.PersonBirthDate IS NOT NULL
          AND (d.Disability IS NULL OR {not_a_code("Disability", "d.Disability")})
          AND EXISTS (SELECT 1 FROM census_episode AS e WHERE e.child = c.child AND NOT e.ReferralNFA)
    """,
    use="Counts as not known.",
    passing={
        "ChildIdentifiers": ({"PersonBirthDate": "2015-06-01"},),
        "CINdetails": ({"ReferralNFA": "false"},),
        "Disabilities": ({"Disability": "NONE"},),
    },
    failing={
        "ChildIdentifiers": ({"PersonBirthDate": "2015-06-01"},),
        "CINdetails": ({"ReferralNFA": "false"},),
        "Disabilities": (),
    },
    needs=(_DISABILITY, _NFA),
)

NONE_AND_OTHERS = CensusCard(
    code="8790",
    kind="error",
    says="Disability recorded beside NONE",
    places=(_DISABILITY,),
    sql=rows_where(
        _DISABILITY,
        "t.Disability <> 'NONE'"
        " AND EXISTS (SELECT 1 FROM census_disability AS o WHERE o.child = t.child AND o.Disability = 'NONE')",
    ),
    use="The other code counts.",
    passing=_disabilities("MOB", "LD"),
    failing=_disabilities("MOB", "NONE"),
)

DISABILITY_TWICE = CensusCard(
    code="8794",
    kind="error",
    says="Disability recorded twice for one child",
    places=(_DISABILITY,),
    sql=several_where(_DISABILITY, "t.Disability IS NOT NULL AND t.child IS NOT NULL", within="t.child, t.Disability"),
    use="Counts once.",
    passing=_disabilities("MOB", "LD"),
    failing=_disabilities("MOB", "MOB"),
)

FEW_DISABILITY_CODES = CensusCard(
    code="2887Q",
    kind="query",
    says="Fewer than 8 disability codes are used in the whole return, NONE aside",
    places=(_DISABILITY,),
    sql="""
        SELECT NULL AS row_1
        FROM (SELECT count(DISTINCT Disability) AS codes FROM census_disability WHERE Disability <> 'NONE') AS used
        CROSS JOIN (SELECT count(*) AS records FROM census_disability) AS d
        CROSS JOIN (SELECT count(*) AS records FROM census_child) AS c
        WHERE used.codes < 8 AND d.records + c.records > 0
    """,
    use="Said of the authority: disability is poorly recorded, so shares by disability mean little.",
    passing=_disabilities("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS"),
    failing=_disabilities("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "NONE"),
)

ONE_DISABILITY_EACH = CensusCard(
    code="2888Q",
    kind="query",
    says="No child in the whole return has more than one disability",
    places=(_DISABILITY,),
    sql="""
        SELECT NULL AS row_1
        FROM (SELECT max(codes) AS most
              FROM (SELECT count(*) AS codes FROM census_disability WHERE Disability <> 'NONE' GROUP BY child) AS counted) AS c
        WHERE most <= 1
    """,
    use="Said of the authority: disability is poorly recorded, so shares by disability mean little.",
    passing={"Disabilities": ({"Disability": "MOB"}, {"Disability": "LD"})},
    failing={"Disabilities": ({"Disability": "MOB"}, {"LAchildID": "B", "Disability": "LD"})},
    also=("Disabilities.LAchildID",),
)


def _often_unsaid(column: str, unsaid: str, years: tuple[int, int]) -> CensusCard:
    name = column.split(".")[1]
    said = "1" if name == "GenderCurrent" else "F"
    others = tuple({"LAchildID": f"B{n}", name: said} for n in range(49))
    word = "gender" if name == "GenderCurrent" else "sex"
    return CensusCard(
        code="2886Q",
        kind="query",
        says=f"More than 2% of children, the unborn aside, without a {word}",
        places=(column,),
        also=(_DUE,),
        sql=f"""
            SELECT NULL AS row_1
            FROM (SELECT count(*) AS children,
                         count_if((t.{name} IS NULL OR t.{name} = '{unsaid}') AND t.ExpectedPersonBirthDate IS NULL) AS found
                  FROM census_child AS t) AS counted
            WHERE 50 * found > children
        """,
        use="Said of the authority; the link makes do without.",
        passing={"ChildIdentifiers": ({name: unsaid}, *others)},
        failing={"ChildIdentifiers": ({name: unsaid}, {**others[0], name: None}, *others[1:])},
        years=years,
    )


GENDER_OFTEN_UNSAID = _often_unsaid(_GENDER, "0", (2017, 2024))
SEX_OFTEN_UNSAID = _often_unsaid(_SEX, "U", (2025, LAST_YEAR))

MORE_PLANS_THAN_CONFERENCES = CensusCard(
    code="2883",
    kind="error",
    says="More protection plans began in the year than initial conferences were held",
    places=(_STARTED, _CONFERENCE, _CONFERENCE_47),
    sql="""
        SELECT NULL AS row_1, NULL AS row_2, NULL AS row_3
        FROM (SELECT count(*) AS plans FROM census_cp_plan AS t CROSS JOIN census_period AS p
              WHERE t.CPPstartDate BETWEEN p.start_date AND p.end_date) AS begun
        CROSS JOIN (SELECT count(*) AS conferences FROM census_episode AS t CROSS JOIN census_period AS p
                    WHERE t.DateOfInitialCPC BETWEEN p.start_date AND p.end_date) AS alone
        CROSS JOIN (SELECT count(*) AS conferences FROM census_section47 AS t CROSS JOIN census_period AS p
                    WHERE t.DateOfInitialCPC BETWEEN p.start_date AND p.end_date) AS after_enquiry
        WHERE begun.plans > alone.conferences + after_enquiry.conferences
    """,
    use="Said of the authority: conferences are missing from the return; plans are kept.",
    passing={
        "ChildProtectionPlans": ({"CPPstartDate": "2024-06-03"},),
        "Section47": ({"DateOfInitialCPC": "2024-06-03"},),
    },
    failing={"ChildProtectionPlans": ({"CPPstartDate": "2024-06-03"},), "Section47": ({"DateOfInitialCPC": None},)},
)

CARDS = (ETHNICITY, DISABILITY, NONE_AND_OTHERS, DISABILITY_TWICE)
AUTHORITY_CARDS = (
    MORE_PLANS_THAN_CONFERENCES, GENDER_OFTEN_UNSAID, SEX_OFTEN_UNSAID, FEW_DISABILITY_CODES, ONE_DISABILITY_EACH,
)  # fmt: skip
