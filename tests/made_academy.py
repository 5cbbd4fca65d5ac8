"""A tiny hand-made Academy database, one CSV a table. Nobody in it is anybody: names are letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from made_extracts import table

OPEN = "2099-12-31 00:00:00"
HEADERS = {
    "hbclaim": "claim_id check_digit suspend_pay_ind hb_suspend_date ctb_suspend_date susp_reason_code hb_end_reason ctb_end_reason nino",
    "hbhousehold": "claim_id house_id from_date to_date inc_supp_ind addr1 addr2 addr3 addr4 post_code uprn",
    "hbmember": "claim_id house_id member_id person_ref name surname title forename type birth_date gender nino hours_worked disable_ind",
    "hbincome": "claim_id house_id inc_code inc_amt freq_len freq_period",
    "hbinccode": "inc_code descrip1",
    "hbrentass": "claim_id from_date to_date type_ind dhp_ind model_amt",
    "hbctaxass": "claim_id from_date to_date type_ind model_amt",
    "hbctaxclaim": "claim_id ctax_ref",
    "ctaccount": "account_ref account_cd lead_liab_name",
    "ctproperty": "property_ref addr1 postcode no_beds uprn",
    "ctoccupation": "account_ref property_ref occupation_date vacation_date live_ind",
    "vw_acc_bal": "account_ref balance",
}
ROWS: dict[str, list[tuple[str, ...]]] = {
    "hbclaim": [("100", "7", "N", "", "", "", "", "", "QA123451A")],
    "hbhousehold": [
        ("100", "1", "2018-04-02 00:00:00", "2019-06-30 00:00:00", "N", "1 A STREET", "", "", "", "ZZ1 1AA", ""),
        ("100", "2", "2019-07-01 00:00:00", OPEN, "N", "1 A STREET", "", "", "", "ZZ1 1AA", ""),
    ],
    "hbmember": [
        ("100", house, str(place), *person)
        for house in ("1", "2")
        for place, person in enumerate(
            (
                ("P1", "SMITH, MS CCC", "SMITH", "MS", "CCC", "1", "1985-02-01 00:00:00", "2", "QA123451A", "16", "N"),
                ("P2", "JONES, MR DDD", "JONES", "MR", "DDD", "2", "1986-06-05 00:00:00", "1", "QA123452B", "37", "N"),
                ("P3", "SMITH, AAA", "", "", "", "3", "2012-05-03 00:00:00", "2", "", "", "N"),
                ("P4", "SMITH, FFF", "SMITH", "", "FFF", "4", "2000-01-01 00:00:00", "2", "QA123453C", "", "N"),
            ),
            1,
        )
    ],
    "hbincome": [
        ("100", "1", "W", "200.00", "1", "W"),
        ("100", "1", "CB", "140.00", "4", "W"),
        ("100", "1", "UC", "520.00", "1", "M"),
        ("100", "2", "W", "52.00", "1", "Y"),
    ],
    "hbinccode": [("W", "WAGES (NET)"), ("CB", "CHILD BENEFIT"), ("UC", "UNIVERSAL CREDIT")],
    "hbrentass": [
        ("100", "2018-04-02 00:00:00", OPEN, "1", "N", "90.00"),
        ("100", "2019-09-02 00:00:00", "2019-10-06 00:00:00", "1", "Y", "15.00"),
        ("100", "2018-04-02 00:00:00", OPEN, "2", "N", "55.00"),
    ],
    "hbctaxass": [
        ("100", "2018-04-02 00:00:00", "2019-04-30 00:00:00", "1", "12.34"),
        ("100", "2019-05-01 00:00:00", OPEN, "1", "10.00"),
    ],
    "hbctaxclaim": [("100", "8001")],
    "ctaccount": [("8001", "3", "SMITH, MS CCC")],
    "ctproperty": [("R1", "1 A STREET", "ZZ1 1AA", "3", "900")],
    "ctoccupation": [("8001", "R1", "2018-04-02 00:00:00", OPEN, "Y")],
    "vw_acc_bal": [("8001", "321.09")],
}


def academy_files(**changed: Sequence[Sequence[str]] | None) -> dict[str, bytes]:
    """The tables as files of `in/academy`; one given by name has other rows, and one given as None is not there."""
    held: Mapping[str, Sequence[Sequence[str]] | None] = {**ROWS, **changed}
    return {f"academy/{name}.csv": table(HEADERS[name], rows) for name, rows in held.items() if rows is not None}
