"""What a person says of the research tables: words of their own, until a day, signed over the very tables. The program itself says nothing of the kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from hearthlink.deidentify.risk import Terms
from hearthlink.errors import Refused, WrongUse
from hearthlink.governance.approval import revoked_keys
from hearthlink.governance.custody import Holder
from hearthlink.governance.people import Part
from hearthlink.governance.protocol import PROTOCOL_FILE, USUAL, ResearchTerms
from hearthlink.governance.signing import canonical, holds, raw_of
from hearthlink.study.permitted import read_signatures
from hearthlink.study.store import Store, write_whole
from hearthlink.study.study import Study
from hearthlink.tables.spec import TableSpec

CLASSIFICATIONS_FILE = "classifications.json"
PURPOSE = "hearthlink classification of research tables 1"
"""What a signature is of: one made for another purpose never counts here."""

MAY_CLASSIFY = (Part.CUSTODIAN, Part.APPROVER)
LONGEST = 1000
"""Characters that a classification has at the most."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What somebody said: of which tables (their digest), in which words, to be looked at again by when, who, with which key, when."""

    digest: str
    words: str
    review: str
    signer: str
    key: str
    signed_at: str
    signature: str = ""

    @property
    def says(self) -> dict[str, object]:
        """What was signed."""
        return {"for": PURPOSE, **{name: value for name, value in asdict(self).items() if name != "signature"}}


def terms_of(study: Study) -> Terms:
    """What the research tables must be like: as the protocol says; of made-up data without one, as `protocol new` would write it."""
    said = ResearchTerms.model_validate(USUAL) if study.protocol is None else study.protocol.research
    if said.k is None or said.l is None or said.most_blanked is None:
        raise Refused(
            "The protocol does not say what research tables must be like.", file=PROTOCOL_FILE, column="research"
        )
    return Terms(said.quasi_identifiers, said.sensitive, said.coarsen, said.k, said.l, said.most_blanked / 100)


def digest_of_tables(store: Store, tables: Iterable[TableSpec], terms: Terms) -> str:
    """The SHA-256 that stands for the tables as they rest in the research room, and for what is done to them before they are written out."""
    held = {spec.name: store.digest(spec) for spec in tables}
    done = {**asdict(terms), "most_blanked": round(100 * terms.most_blanked)}
    return sha256(canonical({"tables": held, "terms": done})).hexdigest()


def made(who: Holder, digest: str, words: str, review: date, now: datetime) -> Classification:
    """A classification, signed. Raises WrongUse where it says nothing or its day has passed, Refused for whoever may not classify."""
    if not set(who.parts) & set(MAY_CLASSIFY):
        raise Refused(
            f"Research tables are classified by the {' or the '.join(part.value for part in MAY_CLASSIFY)}, and {who.name} is not.",
            file=PROTOCOL_FILE,
        )
    if not words.strip() or len(words) > LONGEST:
        raise WrongUse(
            "A classification is said in words of your own.", column="--classify",
            remedy=f"Say what these tables are and for whom, in up to {LONGEST:,} characters.",
        )  # fmt: skip
    if review <= now.date():
        raise WrongUse("The day on which it is to be looked at again has passed.", column="--review")
    blank = Classification(
        digest, words.strip(), review.isoformat(), who.name, who.key.public, now.strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    return replace(blank, signature=who.key.sign(blank.says))


def kept(study: Study) -> tuple[Classification, ...]:
    """Every classification of a study's tables, oldest first. Raises Refused where the file was changed."""
    path = study.folder / CLASSIFICATIONS_FILE
    try:
        read = json.loads(path.read_text(encoding="utf-8"))["classifications"] if path.exists() else []
        found = tuple(Classification(**one) for one in read)
        sound = all(holds(one.says, one.signature, one.key) for one in found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        found, sound = (), False
    if sound:
        return found
    raise Refused(
        "The classifications were changed.", file=CLASSIFICATIONS_FILE, remedy="Put back the file as it was signed."
    )


def keep(study: Study, one: Classification) -> None:
    """Add a classification to those of the study."""
    said: Mapping[str, object] = {"classifications": [asdict(each) for each in (*kept(study), one)]}
    write_whole(study.folder / CLASSIFICATIONS_FILE, (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode())


def current(study: Study, digest: str, now: datetime) -> Classification | None:
    """The last classification that holds of these very tables today.

    None of made-up data without a protocol, where none is asked for. Raises Refused where there is none, and says why the last does not hold.
    """
    found = kept(study)
    ours = [(one, list(_against(study, one, digest, now))) for one in found]
    good = [one for one, why in ours if not why]
    if good:
        return good[-1]
    if study.protocol is None and study.lines.practice is not None:
        return None
    raise Refused(
        f"Nobody has classified these tables. {ours[-1][1][0] if ours else ''}".strip(), file=CLASSIFICATIONS_FILE,
        remedy='Nothing was written. The custodian or an approver looks at them, and says in words of their own what they are:\n'
        '    hearthlink risk STUDY --with NAME --classify "…" --review 2027-01-31',
    )  # fmt: skip


def _against(study: Study, one: Classification, digest: str, now: datetime) -> Iterator[str]:
    """Why a classification does not hold of these tables today, in sentences."""
    if one.digest != digest:
        yield "The last classification is of other tables, or of other terms."
    if date.fromisoformat(one.review) < now.date():
        yield "The last classification was to be looked at again by now."
    if study.protocol is None:
        return
    person = next((each for each in study.protocol.person if each.key and raw_of(each.key) == raw_of(one.key)), None)
    if person is None or person.name != one.signer or raw_of(one.key) in revoked_keys(read_signatures(study.folder)):
        yield "Whoever signed the last classification takes part no more."
    elif not set(person.roles) & set(MAY_CLASSIFY) or Part.ANALYST in person.roles:
        yield "Whoever signed the last classification may not classify."
