"""The words of a supplier's header, its short forms written out, so that headers can be held against what our columns mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

SHORT = {
    "dob": "birth date", "birthdate": "birth date", "dt": "date", "dte": "date", "dttm": "date", "dat": "date", "datetime": "date",
    "sdate": "start date", "edate": "end date", "startdate": "start date", "enddate": "end date", "strt": "start", "beg": "start", "begin": "start",
    "begins": "start", "began": "start", "commenced": "start", "commencement": "start", "comm": "start", "eff": "effective", "fr": "from", "frm": "from",
    "cease": "end", "ceased": "end", "ceases": "end", "term": "end", "terminated": "end", "termination": "end", "until": "end", "ends": "end",
    "ended": "end", "thru": "to", "exp": "end", "expiry": "end",
    "ref": "reference", "refno": "reference", "reference": "reference", "no": "number", "num": "number", "nbr": "number", "nr": "number",
    "clm": "claim", "clmt": "claimant", "clt": "claimant", "cust": "customer", "appl": "applicant", "applicant": "applicant",
    "ptnr": "partner", "prtnr": "partner", "part": "partner", "dep": "dependant", "dpdt": "dependant", "nondep": "non dependant",
    "nd": "non dependant", "fname": "forename", "firstname": "forename", "first": "forename", "given": "forename", "forenames": "forename",
    "fore": "forename", "christian": "forename", "sname": "surname", "lname": "surname", "lastname": "surname", "last": "surname",
    "mname": "middle name", "middlename": "middle name", "midname": "middle name", "second": "middle", "other": "other",
    "addr": "address", "aline": "address", "hsg": "housing", "ben": "benefit", "add": "address", "adr": "address", "address1": "address 1", "address2": "address 2", "address3": "address 3",
    "address4": "address 4", "ln": "line", "pcode": "postcode", "pc": "postcode", "pcd": "postcode", "zip": "postcode", "postalcode": "postcode",
    "ni": "nino", "nino": "nino", "ninumber": "nino", "gender": "sex", "sx": "sex", "typ": "type", "cd": "code", "desc": "description",
    "ind": "", "flag": "", "flg": "", "yn": "", "amt": "amount", "amnt": "amount", "val": "amount", "value": "amount", "wkly": "weekly",
    "wk": "weekly", "pw": "weekly", "pcm": "monthly", "mthly": "monthly", "mth": "monthly", "ent": "entitlement", "bal": "balance",
    "acc": "account", "acct": "account", "ctax": "council tax", "ct": "council tax", "ctr": "council tax support", "cts": "council tax support",
    "ctrs": "council tax support", "lctr": "council tax support", "hb": "housing benefit", "uc": "universal credit",
    "dhp": "discretionary housing payment", "ten": "tenure", "tncy": "tenancy", "tnt": "tenant", "beds": "bedrooms", "bdrms": "bedrooms",
    "bedrms": "bedrooms", "bedroom": "bedrooms", "bed": "bedrooms", "rel": "relationship", "reltn": "relationship", "addss": "address", "pl": "placement", "relation": "relationship", "reln": "relationship", "rship": "relationship",
    "hh": "household", "hhold": "household", "hsehold": "household", "mem": "member", "pers": "person", "per": "person", "prsn": "person",
    "id": "id", "ident": "id", "identifier": "id", "key": "id", "susp": "suspension", "suspend": "suspension", "suspended": "suspension", "rsn": "reason", "stat": "status", "sts": "status",
    "occ": "occupation", "emp": "employment", "disab": "disability", "disabled": "disability", "disable": "disability", "earn": "earnings", "cap": "capital",
    "nbr_deps": "dependants", "deps": "dependants", "qty": "number", "elig": "eligible", "contr": "contractual", "gross": "gross", "ttl": "title",
    "hrs": "hours", "sanc": "sanction", "est": "estimated", "estd": "estimated", "legal": "legal", "prev": "previous", "curr": "current",
    "cur": "current", "xref": "reference", "mother": "mother", "upn": "upn", "uprn": "uprn", "plc": "placement", "cla": "looked after", "lac": "looked after",
    "postcodes": "postcode", "aka": "known as", "alias": "known as", "preferred": "known as", "lsoa": "lsoa", "resv": "restricted",
    "confidential": "confidential", "conf": "confidential", "allow": "allowance", "std": "standard", "elmt": "element", "ap": "assessment period",
    "dedn": "deduction", "deds": "deductions", "ded": "deduction", "ovp": "overpayment", "op": "overpayment", "recov": "recovery", "freq": "frequency",
}  # fmt: skip
"""Short forms in headers, written out. A word that says nothing of what a column holds is left out."""

ALIKE = {
    "effective": "start", "from": "start", "valid": "", "birth": "birth", "born": "birth", "to": "end", "client": "person", "child": "person", "mosaic": "person",
    "code": "", "number": "", "description": "", "recorded": "", "system": "", "main": "", "current": "", "of": "", "the": "", "date": "date", "period": "",
    "customer": "claimant", "applicant": "claimant", "mid": "middle", "case": "case", "record": "", "txt": "", "text": "", "field": "", "post": "post", "dependents": "dependants",
    "dependent": "dependant", "tax": "tax", "reduction": "reduction", "entitlement": "award", "payable": "award", "pence": "", "tot": "", "total": "",
}  # fmt: skip
"""Words taken for one another when the words as written do not agree."""


@lru_cache(maxsize=1 << 14)
def words_of(header: str) -> tuple[str, ...]:
    """The words of a header in order, in lower case, short forms written out."""
    parted = re.sub(r"([a-z])([A-Z0-9])|([A-Z]+)([A-Z][a-z])|([0-9])([A-Za-z])", r"\1\3\5 \2\4\6", header)
    parted = re.sub(r"([a-z])([0-9])", r"\1 \2", parted.lower())
    bare = re.sub(r"[^a-z0-9]+", " ", parted).split()
    joined = _pairs(bare)
    return tuple(word for one in joined for word in SHORT.get(one, one).split())


def _pairs(words: list[str]) -> list[str]:
    """The words, with those that are one word written as two put together."""
    made: list[str] = []
    for word in words:
        if made and (made[-1], word) in _TWO:
            made[-1] = _TWO[made[-1], word]
        else:
            made.append(word)
    return made


_TWO = {
    ("post", "code"): "postcode", ("fore", "name"): "forename", ("sur", "name"): "surname", ("first", "name"): "forename", ("last", "name"): "surname",
    ("family", "name"): "surname", ("given", "name"): "forename", ("birth", "dttm"): "dob", ("date", "birth"): "dob", ("ni", "number"): "nino", ("ni", "no"): "nino",
    ("nat", "ins"): "nino", ("house", "hold"): "household", ("rent", "amount"): "rent", ("forename", "name"): "forename", ("c", "tax"): "ctax", ("d", "o"): "do",
    ("do", "b"): "dob",
}  # fmt: skip


@lru_cache(maxsize=1 << 14)
def sense_of(header: str) -> frozenset[str]:
    """The words of a header with those of one meaning made one, and those that mean nothing left out."""
    return frozenset(word for one in words_of(header) for word in ALIKE.get(one, one).split())


def without_prefix(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers without a first word that most of them begin with, such as the table's own name before each."""
    firsts = Counter(first for header in headers if (first := _first(header)))
    prefixes = {first for first, times in firsts.items() if times >= 4 and 2 * times > len(headers)}
    return tuple(header[len(first) + 1 :] if (first := _first(header)) in prefixes else header for header in headers)


def _first(header: str) -> str:
    found = re.match(r"([A-Za-z]+)[_. -](?=.)", header)
    return found[1] if found else ""
