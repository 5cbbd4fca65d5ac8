"""The command `next`: whatever in a study waits for one person, shown to them and done with them, step by step, until somebody else is next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hearthlink.cli.asked import agreed, answered, remembered
from hearthlink.cli.options import KeyFolder, StudyFolder, from_keyboard, now
from hearthlink.cli.running import carry_out
from hearthlink.cli.typed import typed
from hearthlink.errors import OurFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from hearthlink.study import Study
    from hearthlink.study.release.acts import Hand, Told
    from hearthlink.study.waiting import Waits

Who = Annotated[str, typer.Option("--with", help="The name of your own key, and so whose parts are played.")]


def next_thing(study: StudyFolder, key: Who, keys: KeyFolder = None) -> None:
    """Show what waits for you in a study and do it with you: sign, run, hand in, review, let leave. Then say who is next, and with what."""
    from hearthlink.study.waiting import waits_for

    hand, before = _hand(key, keys), None
    while True:
        opened = _opened(study, hand)
        waits = waits_for(opened, now)
        if waits == before:
            raise OurFault(
                "What was to be done was done, and the study waits for it still.",
                remedy=f"Ask where it stands: {typed('status', study)}",
            )
        if not _one_thing(study, opened, hand, waits):
            return
        before = waits


def _hand(key: str, keys: Path | None) -> Hand:
    from hearthlink.study.release.desk import Hand

    return Hand(key, remembered(from_keyboard), now, keys)


def _opened(study: Path, hand: Hand) -> Study:
    from hearthlink.study import open_study
    from hearthlink.study.holder import at_keyboard

    found = open_study(study)
    return found if found.protocol is None else at_keyboard(found, hand.name, ask=hand.ask, folder=hand.folder)


def _one_thing(folder: Path, study: Study, hand: Hand, waits: Waits) -> bool:
    """Do the one thing that waits, if it is theirs; whether it was done, so that there may be another."""
    from hearthlink.study.waiting import Act

    me = hand.name if study.holder is None else study.holder.name
    if waits.act is Act.NOTHING or not waits.is_for(me) or waits.act is Act.FILL_IN:
        _say_whose(folder, waits, me)
        return False
    acts: dict[Act, Callable[[Path, Study, Hand, Waits], bool]] = {
        Act.SIGN: _sign, Act.RUN: _run, Act.MAKE: _make, Act.HAND_IN: _hand_in, Act.REVIEW: _review, Act.FINISH: _finish,
    }  # fmt: skip
    return acts[waits.act](folder, study, hand, waits)


def _say_whose(folder: Path, waits: Waits, me: str) -> None:
    from hearthlink.study.waiting import Act

    if waits.act is Act.NOTHING:
        print("\n".join(waits.says) + "\n\nNobody is waited for.")
        return
    if waits.act is Act.FILL_IN and waits.is_for(me):
        print("\n".join(waits.says))
        print(f"\nWrite it into {folder / 'protocol.toml'}, and give this command again.")
        return
    who = " or ".join(waits.names) or "whoever writes the protocol"
    print(f"\nNext: {who}, to {waits.act.value}:")
    print(f"  {typed('next', folder, '--with', waits.names[0] if len(waits.names) == 1 else 'NAME')}")


def _sign(folder: Path, study: Study, hand: Hand, _: Waits) -> bool:
    from hearthlink.study.protocols.protocol import show_protocol, sign_protocol

    print("\n".join(show_protocol(study)) + "\n")
    if agreed(f"You have read this page. Sign it as {hand.name}?") is not True:
        return _nothing(folder, hand)
    signer, count = sign_protocol(study, hand.name, ask=hand.ask, clock=now, folder=hand.folder)
    print(f"Signed by {signer}; {count} of 2 have signed.")
    return True


def _run(_: Path, study: Study, __: Hand, ___: Waits) -> bool:
    carry_out(study, None, again=False, quiet=False, as_json=False, goes_on=True)
    return True


def _make(folder: Path, study: Study, hand: Hand, waits: Waits) -> bool:
    from hearthlink.study.release.make import make

    for reason in waits.says:
        print(f"Returned by {reason}")
    if agreed("Make a release of the report, for two others to check?") is not True:
        return _nothing(folder, hand)
    why = answered("Where nothing is to be mended, why not (Enter if something was):") if waits.says else ""
    _say(make(study, hand, why=why), last=1)
    return True


def _hand_in(folder: Path, study: Study, hand: Hand, waits: Waits) -> bool:
    from hearthlink.study.release.acts import submit

    _page(study, waits.release, tables=False)
    if agreed("Hand it in, as it is?") is not True:
        return _nothing(folder, hand)
    _say(submit(study, hand, waits.release), last=1)
    return True


def _review(folder: Path, study: Study, hand: Hand, waits: Waits) -> bool:
    told = review_in_one(study, hand, waits.release)
    return _nothing(folder, hand) if told is None else True


def review_in_one(study: Study, hand: Hand, number: int | None) -> Told | None:
    """The page of a release, the questions, and the review that the answers come to; None where whoever is asked leaves it for later."""
    from hearthlink.study.release.acts import Move, review
    from hearthlink.study.release.page import QUESTIONS

    _page(study, number)
    for question in QUESTIONS:
        said = agreed(question)
        if said is None:
            return None
        if not said:
            return _sent_back(study, hand, number)
    if agreed("Approve it, so that this very package may leave?") is not True:
        return None
    return _say(review(study, hand, number, Move.APPROVE), last=1)


def _sent_back(study: Study, hand: Hand, number: int | None) -> Told | None:
    from hearthlink.study.release.acts import Move, review

    why = answered("What is to be mended? Name nobody:")
    ends = agreed("Is it over with this release, whatever is mended?") if why else None
    if ends is None:
        return None
    return _say(review(study, hand, number, Move.REJECT if ends else Move.RETURN, why=why), last=1)


def _finish(folder: Path, study: Study, hand: Hand, waits: Waits) -> bool:
    from hearthlink.study.release.acts import finish

    print(f"Release {waits.release} is approved twice.")
    if agreed("Let it leave now?") is not True:
        return _nothing(folder, hand)
    told = _say(finish(study, hand, waits.release, say=lambda words: print(words, flush=True)), last=1)
    print(f"Archive  {told.archive}\nVerify   {typed('verify', Path(told.archive))}")
    return True


def _page(study: Study, number: int | None, *, tables: bool = True) -> None:
    from hearthlink.study.release.page import page_of

    print("\n".join(page_of(study, number, tables=tables)) + "\n")


def _say(told: Told, *, last: int) -> Told:
    print("\n".join([*told.says[:last], f"Release {told.number:03}: {told.state.value}"]))
    return told


def _nothing(folder: Path, hand: Hand) -> bool:
    print(f"Nothing was done. To come back to it: {typed('next', folder, '--with', hand.name)}")
    return False
