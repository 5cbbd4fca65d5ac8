"""Children, household members and related adults made comparable, and children gathered into families."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.standardise.dates import birth_dates, reference_date, weak_dates
from hearthlink.standardise.distinct import each_distinct
from hearthlink.standardise.families import Dwelling, Tie, adult_ties, dwelling_ties, family_groups, tie_of
from hearthlink.standardise.names import forenames, surname, whole_name
from hearthlink.standardise.places import places
from hearthlink.tables.identity import FAMILY_ADULT, PERSON

READS = (
    "child_identifier", "child_address", "child_adult", "child_referral",
    "household_identifier", "household_member", "household_residence",
)  # fmt: skip

_COHORT = Query(
    writes="cohort",
    reads=("child_identifier", "child_referral"),
    sql="""
        SELECT i.child_id, i.forename, i.surname, i.birth_date, i.birth_date_estimated, i.sex, r.referral_date,
               i.middle_names, i.known_as, i.former_surname
        FROM child_identifier AS i JOIN child_referral AS r ON r.child_id = i.child_id
        WHERE NOT i.unborn
        ORDER BY i.child_id
    """,
)
_MEMBERS = Query(
    writes="members",
    reads=("household_member",),
    sql="""
        SELECT household_id, member_id, role, forename, surname, birth_date, sex, start_date, end_date
        FROM household_member
        ORDER BY household_id, member_id
    """,
)
_TIED = Query(
    writes="tied",
    reads=("related",),
    sql="""
        SELECT DISTINCT adult_id, child_id
        FROM related
        WHERE tie = 'ALWAYS' OR (tie = 'UNLESS_APART' AND coalesce(lives_with, TRUE)) OR (tie = 'TOGETHER' AND lives_with)
        ORDER BY adult_id, child_id
    """,
)
_HOMES = Query(
    writes="homes",
    reads=("place", "cohort"),
    sql="""
        SELECT c.child_id, c.surname, p.uprn, p.postcode, p.number
        FROM place AS p JOIN cohort AS c ON c.child_id = p.owner_id
        WHERE p.side = 'child' AND NOT p.communal AND c.surname IS NOT NULL
              AND (p.start_date IS NULL OR p.start_date <= c.referral_date)
              AND (p.end_date IS NULL OR p.end_date >= c.referral_date)
    """,
)
_ADULTS = Query(
    writes="family_adult",
    reads=("adult", "family"),
    sql="""
        SELECT DISTINCT f.family_id, a.forename, a.surname, a.birth_date, CAST(NULL AS VARCHAR) AS sex, CAST(NULL AS VARCHAR) AS birth_text
        FROM adult AS a JOIN family AS f ON f.child_id = a.child_id
        WHERE a.tie <> 'NEVER' AND (a.forename IS NOT NULL OR a.surname IS NOT NULL OR a.birth_date IS NOT NULL)
        ORDER BY f.family_id, a.surname NULLS LAST, a.forename NULLS LAST, a.birth_date NULLS LAST
    """,
)


def people(engine: Engine, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Tables `person`, `place` and `family_adult` from the identity tables that `receive` wrote. The order of their rows is no matter.

    Children are those referred in the year and born by its end. `person_no` runs from 0: children by id, then members by household
    and member id. The reference date, after which nobody is born, is the 31 March on or after the latest referral.
    """
    for name in READS:
        engine.put(name, tables[name])
    reference = reference_date(tables["child_referral"].column("referral_date"))
    engine.run(_COHORT)
    cohort = engine.take("cohort")
    related = _with_ties(tables["child_adult"])
    engine.put("related", related)
    shared_adults = adult_ties(_pairs(engine.fetch(_TIED), "adult_id", "child_id"))
    known = tables["child_identifier"].column("child_id").to_pylist()
    place = places(engine, family_groups(known, shared_adults))
    engine.put("place", place)
    children = cohort.column("child_id").to_pylist()
    family = family_groups(children, [*shared_adults, *dwelling_ties(_homes(engine))])
    adults = _family_adults(engine, related, family, reference)
    members = engine.fetch(_MEMBERS)
    engine.drop(*READS, "cohort", "related", "place")
    person = pa.concat_tables([_children(cohort, family, reference), _household_members(members, reference)])
    person = person.add_column(0, "person_no", pa.array(np.arange(person.num_rows, dtype=np.int64)))
    return {"person": PERSON.conform(person), "place": place, "family_adult": adults}


def _children(cohort: pa.Table, family: Mapping[str, str], reference: date) -> pa.Table:
    born = birth_dates(cohort.column("birth_date"), reference=reference, referral=cohort.column("referral_date"))
    child_ids = cohort.column("child_id")
    (groups,) = each_distinct(child_ids, lambda child: (family[child],), (pa.string(),))
    nothing = pa.nulls(cohort.num_rows, pa.date32())
    names = further_names(_names(cohort), cohort)
    return pa.table(
        {
            "side": _same("child", cohort),
            "group_id": groups,
            "record_id": child_ids,
            "role": _same("child", cohort),
            **{name: names[name] for name in ("forename", "forenames", "surname", "surname_last")},
            "birth_date": born,
            "birth_date_weak": weak_dates(born, cohort.column("birth_date_estimated")),
            "sex": _sex(cohort),
            "birth_text": pa.nulls(cohort.num_rows, pa.string()),
            "surnames": names["surnames"],
            "referral_date": cohort.column("referral_date"),
            "start_date": nothing,
            "end_date": nothing,
        }
    )


def _household_members(members: pa.Table, reference: date) -> pa.Table:
    born = birth_dates(members.column("birth_date"), reference=reference)
    return pa.table(
        {
            "side": _same("member", members),
            "group_id": members.column("household_id"),
            "record_id": members.column("member_id"),
            "role": members.column("role"),
            **_names(members),
            "birth_date": born,
            "birth_date_weak": weak_dates(born),
            "sex": _sex(members),
            "birth_text": pa.nulls(members.num_rows, pa.string()),
            "surnames": pa.nulls(members.num_rows, pa.string()),
            "referral_date": pa.nulls(members.num_rows, pa.date32()),
            "start_date": members.column("start_date"),
            "end_date": members.column("end_date"),
        }
    )


def _with_ties(child_adult: pa.Table) -> pa.Table:
    """The related adults with the `Tie` that each relationship makes; an empty relationship ties those who live together."""
    (ties,) = each_distinct(child_adult.column("relationship"), lambda words: (tie_of(words).name,), (pa.string(),))
    return child_adult.append_column("tie", pc.fill_null(ties, Tie.TOGETHER.name))


def _family_adults(engine: Engine, related: pa.Table, family: Mapping[str, str], reference: date) -> pa.Table:
    names = _names(related)
    engine.put(
        "adult",
        pa.table(
            {
                "child_id": related.column("child_id"),
                "tie": related.column("tie"),
                "forename": names["forename"],
                "surname": names["surname"],
                "birth_date": birth_dates(related.column("birth_date"), reference=reference),
            }
        ),
    )
    groups = {"child_id": list(family.keys()), "family_id": list(family.values())}
    engine.put("family", pa.table(groups, schema=pa.schema(dict.fromkeys(groups, pa.string()))))
    adults = engine.fetch(_ADULTS)
    engine.drop("adult", "family")
    return FAMILY_ADULT.conform(adults)


def _names(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Columns forename, forenames, surname and surname_last from the raw forename and surname."""
    given, family = parted(table.column("forename"), table.column("surname"))
    text = (pa.string(), pa.string())
    first, every = each_distinct(given, forenames, text)
    whole, last = each_distinct(family, surname, text)
    return {"forename": first, "forenames": every, "surname": whole, "surname_last": last}


def further_names(names: Mapping[str, pa.ChunkedArray], table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """The names with those that go beside them: middle names and names known by among the forenames, former surnames in `surnames`.

    A name that is missing is made good by the first of those beside it. Each of the raw columns middle_names, known_as and
    former_surname may hold several, parted by semicolons.
    """
    text = pa.string()
    (middle,) = each_distinct(
        table.column("middle_names"), lambda held: (_several(held, lambda one: forenames(one)[1]),), (text,)
    )
    known, first = each_distinct(table.column("known_as"), _known_as, (text, text))
    former, before = each_distinct(table.column("former_surname"), _former, (text, text))
    whole = pc.coalesce(names["surname"], before)
    return {
        **names,
        "forename": pc.coalesce(names["forename"], first),
        "forenames": _listed(pc.coalesce(names["forenames"], first), middle, known),
        "surname": whole,
        "surnames": _listed(pc.if_else(pc.is_valid(former), whole, pa.scalar(None, text)), former, alone=False),
    }


def _known_as(text: str) -> tuple[str | None, str | None]:
    every = _several(text, lambda one: forenames(one)[1])
    return every, every.split(" ")[0] if every else None


def _former(text: str) -> tuple[str | None, str | None]:
    every = _several(text, lambda one: surname(one)[0])
    return every, every.split(" ")[0] if every else None


def _several(text: str, name: Callable[[str], str | None]) -> str | None:
    return " ".join(made for one in text.split(";") if one.strip() and (made := name(one))) or None


def _listed(first: pa.ChunkedArray, *others: pa.ChunkedArray, alone: bool = True) -> pa.ChunkedArray:
    """The words of each row's texts, each once, joined by a space; empty where the first is missing, or is all there is unless `alone`."""
    there = pc.is_valid(others[0])
    for other in others[1:]:
        there = pc.or_(there, pc.is_valid(other))
    there = pc.and_(there, pc.is_valid(first))
    rows = zip(*(column.filter(there).to_pylist() for column in (first, *others)), strict=True)
    several = [list(dict.fromkeys(word for text in row if text for word in text.split(" "))) for row in rows]
    made = pa.array([" ".join(words) if alone or len(words) > 1 else None for words in several], pa.string())
    return pa.chunked_array([pc.replace_with_mask(first.combine_chunks(), there.combine_chunks(), made)])


def parted(given: pa.ChunkedArray, family: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Both fields, with a whole name in one of them parted. Only rows with a comma are looked at one by one."""
    comma = pc.or_(
        pc.fill_null(pc.match_substring(given, ","), False), pc.fill_null(pc.match_substring(family, ","), False)
    )
    if not pc.any(comma).as_py():
        return given, family
    pairs = zip(given.filter(comma).to_pylist(), family.filter(comma).to_pylist(), strict=True)
    parted = [whole_name(one, other) for one, other in pairs]
    mask = comma.combine_chunks()
    return (
        pc.replace_with_mask(given.combine_chunks(), mask, pa.array([one for one, _ in parted], pa.string())),
        pc.replace_with_mask(family.combine_chunks(), mask, pa.array([other for _, other in parted], pa.string())),
    )


def _homes(engine: Engine) -> Iterable[Dwelling]:
    return (Dwelling(**row) for row in engine.fetch(_HOMES).to_pylist())


def _pairs(table: pa.Table, one: str, other: str) -> Iterable[tuple[str, str]]:
    return zip(table.column(one).to_pylist(), table.column(other).to_pylist(), strict=True)


def _same(word: str, table: pa.Table) -> pa.Array:
    return pa.repeat(pa.scalar(word, pa.string()), table.num_rows)


def _sex(table: pa.Table) -> pa.ChunkedArray:
    """F, M or empty."""
    (sex,) = each_distinct(table.column("sex"), lambda word: (_SEX.get(word.strip().upper()[:1]),), (pa.string(),))
    return sex


_SEX = {"F": "F", "M": "M"}
