"""What people do with a protocol: begin it, see what is missing, sign it, read it on one page, see what changed, revoke a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from platformdirs import user_config_path

from hearthlink.errors import WrongUse
from hearthlink.governance import Event
from hearthlink.governance.approval import doubts, kept_text, last_signed, revoked, signed
from hearthlink.governance.narrowing import widened
from hearthlink.governance.protocol import (
    PROTOCOL_FILE,
    SIGNATURES_FILE,
    DisclosureTerms,
    ProtocolLines,
    ResearchTerms,
    digest_of,
    problems,
    said_by,
)
from hearthlink.governance.signing import SigningKey, fingerprint, is_enciphered, new_key, open_key
from hearthlink.study.custody import drop_strangers
from hearthlink.study.ended import require_open
from hearthlink.study.lock import only_one
from hearthlink.study.minimised import is_ours, listed_in
from hearthlink.study.permitted import LEDGER_FILE, asked_of, by_the_clock, read_protocol, read_signatures
from hearthlink.study.protocols.practice import practised
from hearthlink.study.protocols.text import TABLES, protocol_text
from hearthlink.study.run import accounted
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study
from hearthlink.tables.profiles import PROFILES

Ask = Callable[[str], str]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a protocol lacks, where study.toml asks for more, what of the lists means nothing, and why it does not hold today; in words."""

    lacking: tuple[str, ...]
    against_study: tuple[str, ...]
    lists: tuple[str, ...]
    approval: tuple[str, ...]
    today: tuple[str, ...]
    version: int
    digest: str
    analysis: str

    @property
    def holds(self) -> bool:
        """Whether a run would be let by now."""
        return not (self.lacking or self.against_study or self.approval or self.today)

    def as_json(self) -> dict[str, object]:
        """The same for a script."""
        return {"holds": self.holds, **asdict(self)}

    def lines(self) -> Iterator[str]:
        """The same in words."""
        parts = (
            ("Missing or against itself", self.lacking),
            ("study.toml and the folder of extracts ask for more", self.against_study),
            ("In the lists of columns", self.lists),
            ("Not approved", self.approval),
            ("Today", self.today),
        )
        for heading, words in parts:
            if words:
                yield f"{heading}:"
                yield from (f"  {each}" for each in words)
                yield ""
        yield f"version {self.version}, digest {self.digest}"
        yield f"analysis.toml as it stands has the digest {self.analysis}"
        yield "The protocol holds." if self.holds else "The protocol does not hold yet: nothing is opened by it."


def write_protocol(study: Study, people: Sequence[str] = (), *, folder: Path | None = None) -> Path:
    """Write a protocol.toml to be filled in. Names in the folder of extracts are listed, and no file of it is opened.

    That of a practice study is filled in, and `people` may name four practice keys that lie on this machine. Raises WrongUse where there is
    a protocol already, people are named in any other study, or they are not four with practice keys.
    """
    require_open(study, datetime.now(UTC), for_protocol=True)
    path = study.folder / PROTOCOL_FILE
    if path.exists() or path.is_symlink():
        raise WrongUse("There is a protocol here already; it was left as it is.", file=PROTOCOL_FILE)
    text = protocol_text(study.written, asked_of(study))
    if study.lines.practice is not None:
        text = practised(text, [(name, open_key(_key_file(name, folder), None)) for name in people])
    elif people:
        raise WrongUse(
            "Only a practice study takes its people's keys from this machine.", column="--people",
            remedy="Each of them makes a key of their own, and sends the two lines that it prints.",
        )  # fmt: skip
    write_whole(path, text.encode())
    return path


def check_protocol(study: Study, clock: Clock) -> Checked:
    """What keeps the protocol of a study from holding, in words. No extract is opened. Raises WrongUse where it is not understood."""
    lines, kept, asked = read_protocol(study.folder), read_signatures(study.folder), asked_of(study)
    return Checked(
        lacking=tuple(problems(lines)),
        against_study=tuple(f"{setting}: {words}" for setting, words in widened(lines, asked)),
        lists=tuple(_lists(lines)),
        approval=tuple(doubts(lines, kept, practice=study.lines.practice is not None)),
        today=tuple(stop.what for stop in by_the_clock(study.folder, lines, kept, clock())),
        version=lines.version,
        digest=digest_of(lines),
        analysis=asked.analysis,
    )


def _lists(lines: ProtocolLines) -> Iterator[str]:
    for table, names in listed_in(lines).items():
        spec = TABLES.get(table)
        if spec is None:
            yield f"{table} is no table of ours, so it lets nothing be kept"
            continue
        yield from (f"{table}.{name} is no column of ours" for name in sorted(names - set(spec.names)))
        needed = [c.name for c in spec.columns if c.required and not is_ours(c.name) and c.name not in names]
        if needed:
            yield f"{table} is kept with no rows, for a row of it cannot be without: {', '.join(needed)}"


def signing_keys() -> Path:
    """The folder in which this person's signing keys lie: their own, outside every study."""
    return user_config_path("hearthlink", appauthor=False) / "signing"


def make_key(name: str, *, ask: Ask, practice: bool, folder: Path | None = None) -> tuple[Path, str, str]:
    """A new key under a name: its file, and for the protocol the public keys `key` and `opens`. A practice key has no passphrase.

    Raises WrongUse where the name is not a plain one, is taken, or the passphrases differ; Refused where a key may not lie there.
    """
    path = _key_file(name, folder)
    passphrase = None
    if not practice:
        passphrase = ask("A passphrase for the key, of twelve characters or more: ")
        if ask("The same again: ") != passphrase:
            raise WrongUse("The two passphrases differ.", remedy="Nothing was made. Try again.")
    made = new_key(path, passphrase)
    return path, made.public, made.opens


def sign_protocol(study: Study, name: str, *, ask: Ask, clock: Clock, folder: Path | None = None) -> tuple[str, int]:
    """Sign the protocol as it stands with a key; gives who signed, and how many have signed this text.

    No extract is opened. Raises WrongUse and Refused as `governance.approval.signed` says, and for a key that is not there or does not open.
    """
    key = opened_key(name, ask, folder)
    with only_one(study.folder), accounted(study.folder / LEDGER_FILE, clock) as ledger:
        require_open(study, clock(), for_protocol=True)
        lines, kept = read_protocol(study.folder), read_signatures(study.folder)
        made = signed(lines, kept, key=key, practice=study.lines.practice is not None, now=clock())
        # The ledger first: a signature that it does not know of would let the protocol be taken away unseen.
        replace(ledger, key=key).write(
            Event.SIGNED, step="protocol", role="approver", counts={"version": lines.version}, about=made.digest
        )
        now_kept = replace(kept, signatures=(*kept.signatures, made))
        write_whole(study.folder / SIGNATURES_FILE, kept_text(now_kept).encode())
    return made.signer, sum(one.digest == made.digest for one in now_kept.signatures)


def revoke_key(study: Study, whose: str, name: str, *, ask: Ask, clock: Clock, folder: Path | None = None) -> list[str]:
    """Enter that somebody's key counts no more, whatever it signed, said by an approver with a key of theirs.

    The keys of rooms that were sealed to it are removed; what else follows is given back in words.
    """
    key = opened_key(name, ask, folder)
    with only_one(study.folder), accounted(study.folder / LEDGER_FILE, clock) as ledger:
        require_open(study, clock(), for_protocol=True)
        lines, kept = read_protocol(study.folder), read_signatures(study.folder)
        made = revoked(lines, whose, key=key, now=clock())
        now_kept = replace(kept, revocations=(*kept.revocations, made))
        write_whole(study.folder / SIGNATURES_FILE, kept_text(now_kept).encode())
        replace(ledger, key=key).write(
            Event.REVOKED, step="protocol", role="approver", counts={"version": lines.version}
        )
        return drop_strangers(study, ledger)


def diff_protocol(study: Study) -> tuple[int, list[str]]:
    """The last other version that was signed, nought for none, and what this one says otherwise, a sentence a change."""
    lines = read_protocol(study.folder)
    before = last_signed(read_signatures(study.folder), before=lines)
    if before is None:
        return 0, []
    return before.version, list(_changes(_flat(said_by(before)), _flat(said_by(lines))))


def show_protocol(study: Study) -> Iterator[str]:
    """The protocol on one page, as an officer reads and signs it."""
    lines, kept = read_protocol(study.folder), read_signatures(study.folder)
    yield f"PROTOCOL {lines.project.id}, version {lines.version}: {lines.project.title}"
    yield f"digest {digest_of(lines)}"
    yield ""
    yield f"For: {lines.project.purpose}"
    yield f"Law: Article {lines.law.article_6}; Article {lines.law.article_9}; Article 84B(1)({lines.law.article_84b})"
    yield f"     because {lines.law.necessary_because}"
    for name, given in (("Ethics", lines.ethics), ("DPIA", lines.dpia), ("Agreement", lines.agreement)):
        review = f", to be looked at again by {given.review:%d %B %Y}" if given.review else ""
        yield f"{name}: {given.reference}, {given.body}, {_day(given.dated)}{review}"
    yield f"Children referred from {_day(lines.cohort.referred_from)} to {_day(lines.cohort.referred_to)}"
    yield f"Used from {_day(lines.dates.starts)} to {_day(lines.dates.ends)}; destroyed by {_day(lines.dates.destroy_by)}"
    yield from _what_may_leave(lines.disclosure)
    yield f"Objections: {lines.objections.process} To: {lines.objections.contact}"
    for name, terms in lines.sources.items():
        columns = sum(len(names) for names in terms.columns.values())
        bound = f"; bound to {len(terms.extracts)} files" if terms.extracts else ""
        yield f"Source {name}: {terms.owner}; by {terms.gateway}; {columns} columns of {len(terms.columns)} tables; reads {', '.join(terms.layouts) or 'nothing'}{bound}"
    permitted = [name.replace("_", " ") for name, value in lines.allowed if value is True]
    for one in lines.outside:
        yield f"Outside table {one.file}: {one.what}; SHA-256 {one.sha256}"
    yield f"Allowed besides: {', '.join([*permitted, *lines.allowed.databases]) or 'nothing'}"
    yield from _research(lines.research)
    yield f"Outputs: {'; '.join(lines.outputs.planned)}; plan of analysis {lines.outputs.analysis}"
    yield ""
    signed_by = {one.signer: one.signed_at for one in kept.signatures if one.digest == digest_of(lines)}
    for person in lines.person:
        key = f"; key {fingerprint(person.key)}" if person.key else ""
        key += f"; opens {fingerprint(person.opens)}" if person.opens else ""
        when = f"; signed {signed_by[person.name]}" if person.name in signed_by else ""
        yield f"{person.name}: {', '.join(part.value for part in person.roles)}{key}{when}"
    why = [*problems(lines), *doubts(lines, kept, practice=study.lines.practice is not None)]
    yield ""
    yield "Approved." if not why else f"Not approved: {why[0]}"
    yield "Read the letters of each key to its owner by telephone before you sign."


def _what_may_leave(terms: DisclosureTerms) -> Iterator[str]:
    """The rule for what may leave as whoever signs reads it; exact counts with the reason for them."""
    rule = PROFILES.get(terms.profile)
    if rule is None or not rule.noughts:
        yield f"Counts under {terms.threshold} are held back, the rest rounded to {terms.rounding}, at the least"
        return
    rest = "the rest exact" if terms.rounding == 1 else f"the rest rounded to {terms.rounding}"
    yield f"Counts under {terms.threshold} but nought are held back, {rest}, at the least (profile {rule.name}: {rule.says})"
    if rule.asks:
        yield f"{rule.asks.upper()} Because: {terms.because}"


def _research(terms: ResearchTerms) -> Iterator[str]:
    """What research tables must be like before they are written out."""
    known, sensitive = ", ".join(terms.quasi_identifiers), ", ".join(terms.sensitive)
    merged = f", with {', '.join(terms.coarsen)} merged" if terms.coarsen else ""
    yield f"Research tables: whoever knows {known}{merged} is not to learn {sensitive}: {terms.k} children alike at the least, with {terms.l} different values,"
    yield f"     and up to {terms.most_blanked} cells in a hundred emptied for it"


def _day(day: object) -> str:
    return f"{day:%d %B %Y}" if day is not None else "(no day)"


def _key_file(name: str, folder: Path | None) -> Path:
    if not name or not all(letter.isalnum() or letter in "-_. " for letter in name) or name.startswith("."):
        raise WrongUse("A key's name is made of letters, figures, blanks, dots and dashes.")
    return (signing_keys() if folder is None else folder) / f"{name}.pem"


def opened_key(name: str, ask: Ask, folder: Path | None) -> SigningKey:
    """The signing key of that name, its passphrase asked for. Raises WrongUse where there is none, Refused where it does not open."""
    path = _key_file(name, folder)
    return open_key(path, ask(f"Passphrase of the key {name}: ") if is_enciphered(path) else None)


def _flat(said: object, before: str = "") -> dict[str, object]:
    """What is said, setting by setting; people by their name, plain lists whole."""
    if isinstance(said, Mapping):
        parts = [_flat(value, f"{before}.{name}" if before else str(name)) for name, value in said.items()]
    elif isinstance(said, list) and said and all(isinstance(one, Mapping) for one in said):
        people = cast("list[Mapping[str, object]]", said)
        parts = [
            _flat({n: v for n, v in one.items() if n != "name"}, f"{before} {one.get('name', '')}") for one in people
        ]
    else:
        return {before: said}
    return {name: value for part in parts for name, value in part.items()}


def _changes(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        if isinstance(was, list | None) and isinstance(now, list | None):
            gone = [str(one) for one in was or () if one not in (now or ())]
            come = [str(one) for one in now or () if one not in (was or ())]
            words = [f"{', '.join(come)} added"] * bool(come) + [f"{', '.join(gone)} taken out"] * bool(gone)
            yield f"{name}: {'; '.join(words) or 'in another order'}"
        elif was is None:
            yield f"{name}: is now {now}, and was not there"
        elif now is None:
            yield f"{name}: was {was}, and is no longer there"
        else:
            yield f"{name}: was {was}, and is now {now}"
