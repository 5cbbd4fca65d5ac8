"""The children in need census: its XML, read as a stream, to one table each of children, referrals and what followed.

The parser takes what councils really send (domain.md 1.2, "What a tolerant parser has to accept") and reads neither UPN
nor death date. Nothing outside the file is ever fetched, and a document type is refused before it is looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast

import pyarrow as pa
from lxml import etree

from hearthlink.errors import DataProblem
from hearthlink.sources import codes
from hearthlink.sources.cin_episode import ChildRead, census_tables, first, local_name, read, read_episode, stripped
from hearthlink.sources.dates import day_of, read_day
from hearthlink.sources.receipts import Tally, tally
from hearthlink.sources.text import Extract, line_of
from hearthlink.sources.years import CensusYear, year_holding

ROOT = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", re.DOTALL)
NO_ID = "no child id"
NOT_CHECKED = "no reference date in a header, so the year was not checked"
REMEDY = "Ask for the children in need census as it was sent to the Department for Education (XML)."


@dataclass(frozen=True, slots=True)
class Census:
    """The census as tables, dates as days since 1970-01-01, in order of child id; and the tally of its children."""

    child: pa.Table
    referral: pa.Table
    assessment: pa.Table
    section47: pa.Table
    protection_plan: pa.Table
    tally: Tally


def read_census(extract: Extract, year: CensusYear) -> Census:
    """The census of the year.

    Raises DataProblem where the file is not XML, is cut off, has a document type, is another return, or of another year.
    """
    _refuse_foreign(extract)
    counts: Counter[str] = Counter({NOT_CHECKED: 1})
    children: dict[str, ChildRead] = {}
    rows_in = 0
    for element in _elements(extract):
        if local_name(element) == "Header":
            _check_header(extract, element, year, counts)
            continue
        rows_in += 1
        _gather(element, children, counts)
    if not children:
        raise DataProblem("The census holds no child.", file=extract.file, remedy=REMEDY)
    refused = {NO_ID: counts.pop(NO_ID, 0)}
    tables = census_tables(children, year, counts)
    return Census(*tables, tally(extract, rows_in, refused, counts))


def _refuse_foreign(extract: Extract) -> None:
    text = extract.text
    with pa.BufferReader(text) as reader:
        head = reader.read(min(text.size, 1 << 20))
    for mark in (b"<!DOCTYPE", b"<!ENTITY"):
        at = _find(text, mark)
        if at >= 0:
            raise DataProblem(
                "The XML carries a document type, which the census never has, so it was not read.",
                file=extract.file,
                line=line_of(text, at),
                remedy=REMEDY,
            )
    root = ROOT.match(head)
    if root is None:
        raise DataProblem("The file is not XML.", file=extract.file, line=1, remedy=REMEDY)
    if root[1] != b"Message":
        raise DataProblem(
            "The XML is not a census return: its outermost element is not Message.", file=extract.file, remedy=REMEDY
        )


def _find(text: pa.Buffer, mark: bytes, step: int = 1 << 24) -> int:
    for start in range(0, text.size, step):
        found = bytes(text.slice(start, min(step + len(mark), text.size - start))).find(mark)
        if found >= 0:
            return start + found
    return -1


def _elements(extract: Extract) -> Iterator[etree._Element]:
    """Each Header and Child as it closes. A child is let go of once the next is asked for."""
    parser = etree.iterparse(
        cast("IO[bytes]", pa.BufferReader(extract.text)),
        events=("end",),
        tag=("{*}Child", "{*}Header"),
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _, element in parser:
            yield element
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    except etree.XMLSyntaxError as fault:
        line = fault.lineno
        tail = bytes(extract.text.slice(max(0, extract.text.size - 4096)))
        words = "The XML is not well formed." if b"</Message" in tail else "The file is cut off before its end."
        raise DataProblem(words, file=extract.file, line=line, remedy="Ask the supplier to export it again.") from None


def _check_header(extract: Extract, header: etree._Element, year: CensusYear, counts: Counter[str]) -> None:
    said = {local_name(e): stripped(e) for e in header.iter()}
    if (said.get("Collection") or "CIN") != "CIN":
        raise DataProblem("The XML is another return: its Collection is not CIN.", file=extract.file, remedy=REMEDY)
    day = read_day(said.get("ReferenceDate"))
    if day is None:
        return
    counts[NOT_CHECKED] = 0
    held = year_holding(day_of(day))
    if held != year.text:
        raise DataProblem(
            f"The census is of {held}, but the study is of {year.text}.",
            file=extract.file,
            column="ReferenceDate",
            remedy="Put the right year's census there, or change year in study.toml.",
        )


def _gather(element: etree._Element, children: dict[str, ChildRead], counts: Counter[str]) -> None:
    """What one Child says. Blocks of a child that stands in the file twice are gathered together (rule 8510)."""
    identifiers: dict[str, str | None] = {}
    for block in element:
        if local_name(block) == "ChildIdentifiers":
            identifiers |= {local_name(e): stripped(e) for e in block}
    child_id = identifiers.get("LAchildID")
    if child_id is None:
        counts[NO_ID] += 1
        return
    if child_id in children:
        counts["same child id again, merged"] += 1
    child = children.setdefault(child_id, ChildRead())
    child.birth_day = first(child.birth_day, read(identifiers.get("PersonBirthDate"), counts))
    child.expected_day = first(child.expected_day, read(identifiers.get("ExpectedPersonBirthDate"), counts))
    child.sex = child.sex or codes.sex(identifiers.get("Sex")) or codes.sex(identifiers.get("GenderCurrent"))
    for block in element:
        name = local_name(block)
        if name == "ChildCharacteristics":
            _characteristics(block, child)
        elif name == "CINdetails":
            child.episodes.append(read_episode(block, counts))


def _characteristics(block: etree._Element, child: ChildRead) -> None:
    for part in block.iter():
        name = local_name(part)
        if name == "Ethnicity":
            child.ethnicity = child.ethnicity or codes.known(stripped(part), codes.ETHNICITY)
        elif name == "Disability" and (code := codes.known(stripped(part), codes.DISABILITY)):
            child.disabilities.add(code)
