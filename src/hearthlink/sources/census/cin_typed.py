"""Some children of the flat census, typed: dates as days, codes as places in their code set, so that a million children take little room.

Nothing is merged, ordered or left out yet: that needs the whole file (`cin_tables`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.reading import codes
from hearthlink.sources.reading.columns import Values, count, each, only, whole
from hearthlink.sources.reading.dates import read_days
from hearthlink.sources.reading.years import CensusYear
from hearthlink.tables.census import CODE_YEARS, ELEMENT_YEARS

BAD_DATE = "a date not understood, taken as missing"
BAD_CODE = "not in its code set, taken as missing"
OTHER_CODE = "a code of other years, kept"
OTHER_ELEMENT = "an element of other years, read all the same"
OUT_OF_ORDER = "an end before its start, taken as missing"
BAD_FLAG = "neither true nor false, taken as missing"

STEP = 1 << 21
"""More than the episodes, or the assessments of one, that a child's block can hold."""

Flat = Mapping[str, pa.Table]
Typed = dict[str, pa.Table]
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


def typed(flat: Flat, year: CensusYear, counts: Counter[str]) -> Typed:
    """Tables child, referral, assessment, section47, protection_plan and cin_plan of the children in the flat tables.

    Each has `child_no`, and all but the first and the last `episode`, the ordinal of the CINdetails block. Codes are int8 places in
    `codes.code_list`. What is not understood is counted by its element.
    """
    read = Reader(year, counts)
    _count_elements(flat, year, counts)
    return {
        "child": _children(flat, read),
        "referral": _referrals(flat["CINdetails"], read),
        "assessment": _assessments(flat["Assessments"], flat["AssessmentFactors"], read),
        "section47": _enquiries(flat["Section47"], flat["CINdetails"], read),
        "protection_plan": _protection_plans(flat["ChildProtectionPlans"], read),
        "cin_plan": _cin_plans(flat["CINplanDates"], read),
    }


class Reader:
    """Reads columns of one year's census, counting what it does not understand."""

    def __init__(self, year: CensusYear, counts: Counter[str]) -> None:
        self._year, self._counts = year.end.year, counts

    def day(self, table: pa.Table, element: str) -> pa.Array:
        """Days since 1970-01-01 (int32)."""
        days = read_days(table.column(element))
        self._note(element, BAD_DATE, days.unread_count)
        return days.days

    def code(self, table: pa.Table, element: str) -> pa.Array:
        """Places in the code set (int8)."""
        texts = table.column(element)
        found = each(texts, partial(codes.place, element), pa.int8())
        self._note(element, BAD_CODE, found.null_count - texts.null_count)
        years = CODE_YEARS[element]
        strange = [
            place
            for place, one in enumerate(codes.code_list(element))
            if not years[one][0] <= self._year <= years[one][1]
        ]
        if strange and self._known_year:
            self._note(element, OTHER_CODE, count(pc.is_in(found, pa.array(strange, pa.int8()))))
        return found

    def flag(self, table: pa.Table, element: str) -> pa.Array:
        """True, false or empty."""
        texts = table.column(element)
        found = each(texts, codes.flag, pa.bool_())
        self._note(element, BAD_FLAG, found.null_count - texts.null_count)
        return found

    def sex(self, table: pa.Table, element: str) -> pa.Array:
        """M, F or empty."""
        texts = table.column(element)
        said = each(texts, codes.is_sex, pa.bool_())
        self._note(element, BAD_CODE, len(said) - count(pc.fill_null(said, True)))
        return each(texts, codes.sex, pa.string())

    def end(self, start: pa.Array, end: pa.Array) -> pa.Array:
        """The ends, but for those before their start, which are missing (rules 8608, 8630, 8840, 8925, 4011)."""
        backwards = pc.fill_null(pc.less(end, start), False)
        self._counts[OUT_OF_ORDER] += count(backwards)
        return whole(only(end, pc.invert(backwards)))

    @property
    def _known_year(self) -> bool:
        first, last = ELEMENT_YEARS["GenderCurrent"][0], ELEMENT_YEARS["Sex"][1]
        return first <= self._year <= last

    def _note(self, element: str, words: str, rows: int) -> None:
        if rows:
            self._counts[f"{element}: {words}"] += rows


def _count_elements(flat: Flat, year: CensusYear, counts: Counter[str]) -> None:
    for table in ("ChildIdentifiers", "CINplanDates", "PreProceedings"):
        for element in flat[table].column_names:
            first, last = ELEMENT_YEARS.get(element, (year.end.year, year.end.year))
            held = flat[table].num_rows - flat[table].column(element).null_count
            if held and not first <= year.end.year <= last:
                counts[f"{element}: {OTHER_ELEMENT}"] += held


def _children(flat: Flat, read: Reader) -> pa.Table:
    """A row for each child, from all of its blocks: of several values the first that is understood."""
    said = flat["ChildIdentifiers"]
    of_year = read.sex(said, "Sex")
    about = pa.table(
        {
            "child_no": said.column("child_no"),
            "child_id": said.column("LAchildID"),
            "birth_day": read.day(said, "PersonBirthDate"),
            "expected_day": read.day(said, "ExpectedPersonBirthDate"),
            "sex": pc.coalesce(of_year, read.sex(said, "GenderCurrent")),
            "upn": said.column("UPN"),
        }
    )
    traits = flat["ChildCharacteristics"]
    ethnicity = pa.table({"child_no": traits.column("child_no"), "ethnicity": read.code(traits, "Ethnicity")})
    needs = flat["Disabilities"]
    none = codes.code_list("Disability").index("NONE")
    disabled = pc.not_equal(read.code(needs, "Disability"), none)
    disabled = pa.table({"child_no": needs.column("child_no"), "disabled": disabled})
    children = one_each(about, "child_no", dict.fromkeys(about.column_names[1:], "first"))
    for held, how in ((ethnicity, "first"), (disabled, "max")):
        name = held.column_names[1]
        more = one_each(held, "child_no", {name: how})
        children = children.append_column(
            name, more.column(name).take(pc.index_in(children.column("child_no"), whole(more.column("child_no"))))
        )
    return children


def one_each(table: pa.Table, key: str, how: Mapping[str, str]) -> pa.Table:
    """One row for each value of the key, in order of appearance, of the others the first that is there, or the greatest."""
    if pc.count_distinct(table.column(key)).as_py() == table.num_rows:
        return table
    asked = [(name, act, pc.ScalarAggregateOptions(skip_nulls=True)) for name, act in how.items()]
    made = table.group_by(key, use_threads=False).aggregate(asked)
    return made.select([key, *(f"{name}_{act}" for name, act in how.items())]).rename_columns([key, *how])


def _referrals(table: pa.Table, read: Reader) -> pa.Table:
    day = read.day(table, "CINreferralDate")
    return pa.table(
        {
            **_place(table),
            "referral_day": day,
            "source": read.code(table, "ReferralSource"),
            "primary_need": read.code(table, "PrimaryNeedCode"),
            "no_further_action": read.flag(table, "ReferralNFA"),
            "closure_day": read.end(day, read.day(table, "CINclosureDate")),
            "closure_reason": read.code(table, "ReasonForClosure"),
        }
    )


def _assessments(table: pa.Table, factors: pa.Table, read: Reader) -> pa.Table:
    start = read.day(table, "AssessmentActualStartDate")
    end = read.end(start, read.day(table, "AssessmentAuthorisationDate"))
    return pa.table({**_place(table), "start_day": start, "end_day": end, "factors": _gathered(table, factors, read)})


def _gathered(table: pa.Table, factors: pa.Table, read: Reader) -> pa.Array:
    """The factors of each assessment, each once and in order, as a list of places in the code set."""
    place = read.code(factors, "AssessmentFactor")
    first = pc.min(table.column("child_no")).as_py() or 0
    row = pc.index_in(_assessment_key(factors, first), _assessment_key(table, first))
    known = pc.and_(pc.is_valid(row), pc.is_valid(place))
    rows = row.filter(known).to_numpy(zero_copy_only=False).astype(np.int64)
    pairs = np.unique(rows * 128 + place.filter(known).to_numpy(zero_copy_only=False))
    offsets = np.searchsorted(pairs, np.arange(table.num_rows + 1, dtype=np.int64) * 128)
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), pa.array((pairs % 128).astype(np.int8)))


def _assessment_key(table: pa.Table, first: int) -> pa.Array:
    child = _whole_numbers(table.column("child_no")) - first
    episode, number = (_whole_numbers(table.column(name)) for name in ("CINdetailsID", "AssessmentID"))
    return pa.array((child * STEP + episode) * STEP + number)


def _enquiries(table: pa.Table, episodes: pa.Table, read: Reader) -> pa.Table:
    """Enquiries; and conferences that stand at the episode, unless one of its enquiries led to them (rule 2884)."""
    made = pa.table(
        {
            **_place(table),
            "start_day": read.day(table, "S47ActualStartDate"),
            "conference_day": read.day(table, "DateOfInitialCPC"),
        }
    )
    held = episodes.filter(pc.is_valid(episodes.column("DateOfInitialCPC")))
    day = read.day(held, "DateOfInitialCPC")
    alone = pa.table({**_place(held), "start_day": pa.nulls(held.num_rows, pa.int32()), "conference_day": day})
    alone = alone.filter(pc.is_valid(day))
    new = pc.invert(pc.is_in(_conference_key(alone), value_set=_conference_key(made)))
    return pa.concat_tables([made, alone.filter(new)])


def _conference_key(table: pa.Table) -> pa.Array:
    parts = [table.column(name).cast(pa.string()) for name in ("child_no", "episode", "conference_day")]
    return whole(pc.binary_join_element_wise(*parts, " "))


def _protection_plans(table: pa.Table, read: Reader) -> pa.Table:
    start = read.day(table, "CPPstartDate")
    return pa.table(
        {
            **_place(table),
            "start_day": start,
            "end_day": read.end(start, read.day(table, "CPPendDate")),
            "initial_category": read.code(table, "InitialCategoryOfAbuse"),
            "latest_category": read.code(table, "LatestCategoryOfAbuse"),
        }
    )


def _cin_plans(table: pa.Table, read: Reader) -> pa.Table:
    return pa.table(
        {
            "child_no": table.column("child_no").cast(pa.int32()),
            "start_day": read.day(table, "CINPlanStartDate"),
            "end_day": read.day(table, "CINPlanEndDate"),
        }
    )


def _place(table: pa.Table) -> dict[str, Values]:
    episode = pa.array(_whole_numbers(table.column("CINdetailsID")), pa.int32())
    return {"child_no": table.column("child_no").cast(pa.int32()), "episode": episode}


def _whole_numbers(column: Values) -> Numbers:
    """Whole numbers, of a column of them or of ordinals as texts; nought where there is none."""
    number: Callable[[str | None], object] = lambda text: int(text) if text and text.isdecimal() else 0  # noqa: E731
    array = whole(column)
    if array.type == pa.string():
        array = each(array, number, pa.int64())
    return pc.fill_null(array, 0).to_numpy(zero_copy_only=False).astype(np.int64)
