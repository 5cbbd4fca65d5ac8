"""What may become of a release: whoever tries whatever in whatever order, nothing leaves but what two others approved, to the byte."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from made_release import NAMES, WHEN, key_of, person, roster

from hearthlink.errors import Refused
from hearthlink.governance.people import Part
from hearthlink.governance.release import (
    BY_MOVE,
    NEXT,
    OPEN,
    REVIEWS,
    RULES,
    SEEN,
    VOTES,
    Entry,
    Move,
    Standing,
    State,
    after,
    outcome,
    replayed,
    same_person,
    signed_move,
)


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def moved(standing: Standing, move: Move, who: str, *, key: str = "", of: str = "") -> tuple[Standing, Entry]:
    entry = signed_move(
        standing, move, by=person(who), key=key_of(key or who), at=WHEN, roster=roster(), digest=digest(of) if of else "",
        why="a reason" if BY_MOVE[move].reason else "", crate="c" if move is Move.FINISH else "", ledger="l" if move is Move.FINISH else "",
    )  # fmt: skip
    return after(standing, entry), entry


def history(*moves: tuple[Move, str]) -> tuple[Standing, list[Entry]]:
    """A release after these moves, and the moves as they were signed."""
    standing, entries = _history(moves)
    return standing, list(entries)


@cache
def _history(moves: tuple[tuple[Move, str], ...]) -> tuple[Standing, tuple[Entry, ...]]:
    if not moves:
        return Standing(1), ()
    standing, entries = _history(moves[:-1])
    move, who = moves[-1]
    standing, entry = moved(standing, move, who, of="a package" if move in (Move.PACK, Move.CHANGE) else "")
    return standing, (*entries, entry)


HANDED_IN = ((Move.PACK, "analyst"), (Move.CHECK, "analyst"), (Move.SUBMIT, "analyst"))
APPROVED = (*HANDED_IN, (Move.APPROVE, "checker one"), (Move.APPROVE, "checker two"))
LEADS: dict[State, tuple[tuple[Move, str], ...]] = {
    State.DRAFT: HANDED_IN[:1],
    State.CHECKED: HANDED_IN[:2],
    State.SUBMITTED: HANDED_IN,
    State.REVIEWED_ONCE: (*HANDED_IN, (Move.APPROVE, "checker one")),
    State.APPROVED: APPROVED,
    State.RELEASED: (*APPROVED, (Move.FINISH, "checker one")),
    State.WITHDRAWN: (*APPROVED, (Move.FINISH, "checker one"), (Move.WITHDRAW, "approver")),
    State.RETURNED: (*HANDED_IN, (Move.RETURN, "checker one"), (Move.APPROVE, "checker two")),
    State.REJECTED: (*HANDED_IN, (Move.REJECT, "checker one"), (Move.APPROVE, "checker two")),
}
"""A way into every state."""


REACHED: set[State] = set()
"""Where the attempts below ended."""


class Releases(RuleBasedStateMachine):
    """Anybody tries anything, at any time, and the package may change under everybody's hands."""

    @initialize()
    def begin(self) -> None:
        """Nothing is packed yet."""
        self.standing = Standing(1)
        self.entries: list[Entry] = []
        self.package = "first"

    @rule(words=st.sampled_from(("first", "second", "third")))
    def a_byte_changes(self, words: str) -> None:
        """The bytes that lie there become others; whoever looks next finds it."""
        self.package = words
        if self.standing.state in OPEN and digest(words) != self.standing.digest:
            self.do(Move.CHANGE, "linker")

    @rule(
        votes=st.tuples(st.sampled_from(VOTES), st.sampled_from(VOTES)),
        who=st.tuples(st.sampled_from(NAMES[2:5]), st.sampled_from(NAMES[2:5])),
    )
    def it_takes_its_course(self, votes: tuple[Move, Move], who: tuple[str, str]) -> None:
        """The way as it is mostly gone: made, handed in, reviewed by two, or by one twice."""
        for move, by in (*HANDED_IN, *zip(votes, who, strict=True)):
            self.do(move, by)

    @rule(
        who=st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)),
        of=st.tuples(st.sampled_from(("", "first", "second")), st.sampled_from(("", "first", "second"))),
    )
    def two_approve_who_may_not(self, who: tuple[str, str], of: tuple[str, str]) -> None:
        """Anybody approves, of this package or of another, and it is let leave at once."""
        for move, by in HANDED_IN:
            self.do(move, by)
        for by, words in zip(who, of, strict=True):
            self.do(Move.APPROVE, by, of=words)
        self.do(Move.FINISH, "checker three")

    @rule(words=st.sampled_from(("first", "second", "third")))
    def a_byte_changes_at_the_last_moment(self, words: str) -> None:
        """Two have approved, and before it leaves the package becomes another."""
        for move, by in APPROVED:
            self.do(move, by)
        self.a_byte_changes(words)
        self.do(Move.FINISH, "checker one")

    @rule(who=st.sampled_from(NAMES[2:5]))
    def somebody_lets_it_leave(self, who: str) -> None:
        """Whatever has happened since it was approved."""
        self.do(Move.FINISH, who)

    @rule(move=st.sampled_from(Move), who=st.sampled_from(NAMES), key=st.sampled_from(("", *NAMES)))
    def somebody_tries(self, move: Move, who: str, key: str) -> None:
        """Any move, by anybody, under their own key or another's."""
        if move is not Move.CHANGE:
            self.do(move, who, key)

    @rule(who=st.sampled_from(NAMES[:5]), which=st.integers(0, 5))
    def somebody_goes_on(self, who: str, which: int) -> None:
        """A move that the state lets be made, so that many histories come to an end."""
        onward = [
            one.move for one in RULES if self.standing.state in one.since and one.move not in (Move.CHANGE, Move.PACK)
        ]
        self.do(onward[which % len(onward)] if onward else Move.PACK, who)

    def do(self, move: Move, who: str, key: str = "", of: str = "") -> None:
        """One move, made or refused."""
        of = self.package if move in (Move.PACK, Move.CHANGE) else of
        try:
            self.standing, entry = moved(self.standing, move, who, key=key, of=of)
        except Refused:
            return
        self.entries.append(entry)
        REACHED.add(self.standing.state)

    @invariant()
    def nothing_leaves_but_by_two_others(self) -> None:
        """What is released, or was, two output checkers approved in this very digest, none of whom made or submitted it."""
        if getattr(self, "standing", None) is None or self.standing.state not in SEEN:
            return
        last = max(n for n, one in enumerate(self.entries) if one.kind is Move.PACK)
        mine = self.entries[last:]
        votes = [one for one in mine if one.kind is Move.APPROVE and one.digest == self.standing.digest]
        made = [one for one in mine if one.kind in (Move.PACK, Move.SUBMIT)]
        assert len(votes) == REVIEWS
        assert not same_person(*votes)
        assert not [one for one in mine if one.kind in (Move.RETURN, Move.REJECT, Move.CHANGE)]
        for vote in votes:
            assert Part.OUTPUT_CHECKER in roster()[vote.key].parts
            assert Part.ANALYST not in roster()[vote.key].parts
            assert not [one for one in made if same_person(one, vote)]

    def teardown(self) -> None:
        """Whoever reads the signed moves from the first comes to where the release stands."""
        if getattr(self, "standing", None) is not None:
            assert replayed(self.entries, Standing(1), roster()) == self.standing


TestReleases = Releases.TestCase
TestReleases.settings = settings(max_examples=100, stateful_step_count=30)


def test_the_attempts_above_come_to_every_end() -> None:
    """The attempts are no idle ones: some of them release, withdraw, return and reject."""
    if REACHED:
        assert {State.RELEASED, State.WITHDRAWN, State.RETURNED, State.REJECTED} <= REACHED


@pytest.mark.parametrize(("state", "move", "who"), list(product(State, Move, NAMES)), ids=str)
def test_a_move_is_made_exactly_where_the_table_says(state: State, move: Move, who: str) -> None:
    """For each state, move and person: it is let by where the table of moves says so and the person is no author of it, and refused else."""
    standing, _ = history(*LEADS[state])
    assert standing.state is state
    made_or_said = [*standing.authors, *(standing.reviews if move in VOTES else ())]
    may = state in BY_MOVE[move].since and bool(set(BY_MOVE[move].by) & person(who).parts)
    if move in VOTES and any(one.by == who for one in made_or_said):
        may = False
    if may:
        after_it, _ = moved(standing, move, who, of="another" if move in (Move.PACK, Move.CHANGE) else "")
        assert after_it.state is (BY_MOVE[move].leads or outcome(after_it.reviews))
    else:
        with pytest.raises(Refused):
            moved(standing, move, who, of="another" if move in (Move.PACK, Move.CHANGE) else "")


def test_nothing_is_left_out_of_the_table() -> None:
    """Every move and state is in the data that the commands, the picture and these tests are made from."""
    assert {one.move for one in RULES} == set(Move)
    assert set(NEXT) == set(LEADS) == set(State)
    reached = {rule.leads for rule in RULES if rule.leads} | {
        State.REVIEWED_ONCE,
        State.APPROVED,
        State.RETURNED,
        State.REJECTED,
    }
    assert reached == set(State)


def test_one_review_alone_decides_nothing() -> None:
    """After the first review the release stands the same, whatever it said, so that the second reviewer cannot tell."""
    states = {history(*HANDED_IN, (vote, "checker one"))[0].state for vote in VOTES}
    assert states == {State.REVIEWED_ONCE}


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (Move.APPROVE, Move.APPROVE, State.APPROVED),
        (Move.APPROVE, Move.RETURN, State.RETURNED),
        (Move.RETURN, Move.APPROVE, State.RETURNED),
        (Move.RETURN, Move.REJECT, State.REJECTED),
        (Move.APPROVE, Move.REJECT, State.REJECTED),
        (Move.REJECT, Move.REJECT, State.REJECTED),
    ],
)
def test_the_graver_of_two_reviews_counts(first: Move, second: Move, state: State) -> None:
    """Two approvals let it leave; a rejection ends it; anything else sends it back."""
    assert history(*HANDED_IN, (first, "checker one"), (second, "checker two"))[0].state is state


def test_a_changed_package_is_a_draft_and_has_no_votes() -> None:
    """Whatever was said of the package before, a change of a byte voids it, and it has to be packed, checked and submitted anew."""
    standing, entries = history(*APPROVED)
    standing, _ = moved(standing, Move.CHANGE, "linker", of="another")
    assert (standing.state, standing.reviews) == (State.DRAFT, ())
    standing, _ = moved(standing, Move.PACK, "analyst", of="another")
    for move, who in HANDED_IN[1:]:
        standing, _ = moved(standing, move, who)
    replay = replace(entries[3], after=standing.last)
    with pytest.raises(Refused, match="another package"):
        replayed([replay], standing, roster())


def faked(entry: Entry, **changed: object) -> Entry:
    return replace(entry, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [n for n in Entry.__slots__ if n != "signature"])
def test_a_word_changed_in_a_signed_move_is_found(name: str) -> None:
    """Each field of a move is under its signature: changed, the history is refused and the move named."""
    _, entries = history(*APPROVED)
    entry = entries[3]
    value = entry.release + 1 if name == "release" else f"{getattr(entry, name)}x"
    with pytest.raises(Refused, match="Move 4"):
        replayed([*entries[:3], faked(entry, **{name: value}), *entries[4:]], Standing(1), roster())


@pytest.mark.parametrize("end", ["AAAA", "="])
def test_a_signature_has_one_spelling(end: str) -> None:
    """Base64 that a lenient reader would take for the same bytes is refused."""
    _, entries = history(*HANDED_IN)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    signature = entries[0].signature
    other = letters[letters.index(signature[-3]) ^ 1]
    for spelt in (f"{signature[:-3]}{other}==", signature + end, f"\n{signature}"):
        with pytest.raises(Refused, match="signature"):
            replayed([faked(entries[0], signature=spelt)], Standing(1), roster())


def test_moves_in_another_order_or_left_out_are_found() -> None:
    """A history from which a move was taken, in which two changed places, or that has one twice, is refused."""
    _, e = history(*APPROVED, (Move.FINISH, "checker one"))
    for spoilt in ([*e[:3], *e[4:]], [*e[:3], e[4], e[3], e[5]], [*e[:4], e[3], *e[4:]], e[1:]):
        with pytest.raises(Refused, match="does not hold"):
            replayed(spoilt, Standing(1), roster())


def test_two_names_with_one_key_are_one_person_and_so_are_two_keys_of_one_name() -> None:
    """Neither a second name nor a second key gives anybody a second vote, also where there is no protocol to name people."""
    standing, _ = history(*HANDED_IN, (Move.APPROVE, "checker one"))
    for by, key in (
        ("somebody else", "checker one"),
        ("checker one ", "checker two"),
        ("analyst", "checker two"),
        ("new", "analyst"),
    ):
        who = replace(person("checker two"), name=by)
        with pytest.raises(Refused, match=r"once|made or submitted"):
            signed_move(standing, Move.APPROVE, by=who, key=key_of(key), at=WHEN, roster=None)


@pytest.mark.parametrize("who", ["analyst", "author", "linker", "approver"])
def test_only_output_checkers_review(who: str) -> None:
    """No other part lets anybody say that results may leave."""
    standing, _ = history(*HANDED_IN[:2], (Move.SUBMIT, "author"))
    with pytest.raises(Refused, match="output checker"):
        moved(standing, Move.APPROVE, who)
