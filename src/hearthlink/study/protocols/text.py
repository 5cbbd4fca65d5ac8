"""The commented protocol.toml that `hearthlink protocol new` writes, from what a study says and from names in its folder of extracts."""

from __future__ import annotations

import json
from collections.abc import Iterable

from hearthlink.governance.narrowing import Asked
from hearthlink.governance.people import APART, SMALLEST
from hearthlink.governance.protocol import USUAL
from hearthlink.study.minimised import is_ours
from hearthlink.study.study import StudyLines
from hearthlink.tables import TableSpec
from hearthlink.tables.content import CONTENT_TABLES
from hearthlink.tables.identity import IDENTITY_TABLES
from hearthlink.tables.money import MONEY_TABLES

SOCIAL_CARE, BENEFITS, GEOGRAPHY = "social_care", "benefits", "geography"

FILLED: dict[str, tuple[str, ...]] = {
    SOCIAL_CARE: (
        "child_identifier", "child_address", "child_adult", "child_referral", "child", "referral", "assessment", "section47",
        "protection_plan", "cin_plan", "looked_after",
    ),
    BENEFITS: (
        "household_identifier", "household_member", "household_residence", "household_count", "award", "household_fact",
        "household_period", "household_followed", "household_person", "household_home", "universal_credit", "homelessness",
        "temporary_accommodation", "rent_account", "rent_balance", "housing_payment", "council_tax_arrear", "school_meal",
        "month_covered",
    ),
    GEOGRAPHY: ("postcode_area",),
}  # fmt: skip
"""Which source fills which table. A test holds it to the tables that are received."""

LIE_IN: dict[str, str] = {
    **dict.fromkeys(
        ("shbe", "academy", "cts", "universal_credit", "homelessness", "rent", "housing_payments", "council_tax", "school_meals"),
        BENEFITS,
    ),
    **dict.fromkeys(("geography", "comparators"), GEOGRAPHY),
}  # fmt: skip
"""Folders of the folder of extracts whose source their name tells; whatever else lies there is taken for social care."""

TABLES: dict[str, TableSpec] = {spec.name: spec for spec in (*IDENTITY_TABLES, *CONTENT_TABLES, *MONEY_TABLES)}


def protocol_text(lines: StudyLines, asked: Asked) -> str:
    """A protocol to be filled in. What the study says already stands in it, and the names that lie in its folder of extracts."""
    permission = lines.permission
    head = HEAD.format(
        title=_quoted(lines.name),
        purpose=_quoted(permission.purpose),
        ethics=_quoted(permission.ethics),
        dpia=_quoted(permission.dpia),
        agreement=_quoted(permission.agreement),
        referred_from=asked.year_start.isoformat(),
        referred_to=asked.year_end.isoformat(),
        analysis=asked.analysis,
        profile=asked.profile,
        threshold=asked.threshold,
        rounding=asked.rounding,
        ends=f"ends = {permission.ends.isoformat()}" if permission.ends else "# ends = 2027-03-31",
        **{name: json.dumps(value) for name, value in USUAL.items()},
        team=_team(),
        apart="\n".join(
            f"#   {' and '.join(sorted(part.value for part in pair))}: {why}" for pair, why in APART.items()
        ),
    )
    sources = [_source(name, permission.gateways.get(name, ""), asked.layouts) for name in FILLED]
    return head + "".join(sources)


def _source(name: str, gateway: str, layouts: Iterable[str]) -> str:
    here = sorted(one for one in layouts if LIE_IN.get(one, SOCIAL_CARE) == name)
    columns = "\n".join(
        f"{table} = {json.dumps([column for column in TABLES[table].names if not is_ours(column)])}"
        for table in FILLED[name]
    )
    return SOURCE.format(
        name=name, gateway=_quoted(gateway), layouts=json.dumps(here, ensure_ascii=False), columns=columns
    )


def _team() -> str:
    return "\n".join(
        TEAM.format(who=who, roles=json.dumps([part.value for part in parts])) for who, parts in SMALLEST.items()
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


TEAM = """\
[[person]]
name = ""                    # {who}
roles = {roles}
key = ""                     # what  hearthlink protocol key NAME  printed
opens = ""                   # and this: the keys of the rooms that these roles reach are sealed to it
"""

HEAD = """\
# The protocol: on what authority this study runs, by whom, with what, until when and for which outputs. It takes over from the permission
# lines of study.toml, which may then ask for less and never for more. Fill it in; see what is missing with  hearthlink protocol check ;
# then two approvers sign it, neither its author, with  hearthlink protocol sign . Any change of meaning is a new version, signed again.

version = 1

[project]
id = ""                      # the study's number in the council's register of research
title = {title}
purpose = {purpose}
                             # what it is for, in words that anybody understands

[law]
article_6 = ""               # UK GDPR, for example "6(1)(e) public task", and the function relied on
article_9 = ""               # for example "9(2)(j) research, with DPA 2018 Schedule 1 paragraph 4"
article_84b = ""             # of Article 84B(1): "a" collecting, "b" making it unidentifiable, "c" cannot be done otherwise
necessary_because = ""       # why the purpose needs these data

[ethics]
body = ""                    # who gave it
reference = {ethics}
# dated = 2026-01-31         # when it was given
# review = 2027-01-31        # by when it is to be looked at again, if it is; after that day nothing is opened

[dpia]                       # the data protection impact assessment
body = ""
reference = {dpia}
# dated = 2026-01-31
# review = 2027-01-31

[agreement]                  # the information sharing agreement
body = ""
reference = {agreement}
# dated = 2026-01-31

[cohort]                     # children referred from the one day to the other
referred_from = {referred_from}
referred_to = {referred_to}

[outputs]
planned = []                 # each output in words, for example "share of referred children in a household on benefit, by age"
analysis = "{analysis}"
                             # the digest of analysis.toml as it stands: another plan is another protocol

[disclosure]                 # the least strict rule for what may leave
profile = "{profile}"           # strict, nhs, or dfe, under which exact counts leave
threshold = {threshold}
rounding = {rounding}
because = ""                 # under dfe: why exact counts are needed, for whoever signs

[research]                   # what the research tables must be like before they are written out for researchers
quasi_identifiers = {quasi_identifiers}
                             # columns of a child that somebody may know beforehand, the one to be kept longest first
sensitive = {sensitive}
                             # columns that nobody may learn from them
coarsen = {coarsen}
                             # values merged first: imd_decile to fifths, months_lived to years, weeks to four weeks
k = {k}                        # so many children alike at the least
l = {l}                        # so many different values of each sensitive column among them
most_blanked = {most_blanked}            # cells in a hundred that may be blanked for it

[dates]                      # first and last day of use, and the day by which everything is destroyed
# starts = 2026-04-01
{ends}
# destroy_by = 2027-09-30

[objections]
process = ""                 # how somebody objects, and how that is applied before linkage
contact = ""                 # to whom

[allowed]                    # each is forbidden unless it stands here
name_origin = false          # match quality by groups of surnames
keep_pseudonyms = false      # the same pseudonyms over later extracts
households_without_children = false
universal_credit_alone = false
databases = []               # "host:port" of each database that may be asked

# Tables of others that count the same children exactly, such as the department's by need and age, as files in the folder outside. The output
# checks take every reader to have them. See docs/how-to/register-outside-tables.md
# [[outside]]
# file = "department.csv"
# sha256 = "…"
# what = "Children in need by primary need and age, as published for this council"

[rooms]
keys = "apart"               # each room's key sealed to those whose roles reach it; or "together", in this folder, for one person at one machine

# People. Two approvers, two output checkers, and a custodian, a linker, a reviewer, an analyst and an author: four people can do it, as below,
# and three cannot. One person may hold several roles, but not these together:
{apart}

{team}
# Sources. Names are those of folders and files in the folder of extracts, and of tables that a query fills; whatever else lies there keeps
# the study from running. Columns are those of Hearthlink's tables (docs/reference/tables.md): take out what is not agreed.
"""

SOURCE = """
[sources.{name}]
owner = ""                   # who is responsible for it in the council
gateway = {gateway}
                             # the statutory gateway: the power by which it may be used for this
layouts = {layouts}

[sources.{name}.columns]
{columns}

# [sources.{name}.extracts]  # to bind the very files: the SHA-256 of each, of every source; no other file is then read
# "folder/file.csv" = "…"
"""
