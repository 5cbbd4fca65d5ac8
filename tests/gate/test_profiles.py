"""The profile of the output checks: a study may be stricter than its protocol and never milder, and exact counts are signed with their reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from hearthlink.governance.narrowing import Asked, widened
from hearthlink.governance.protocol import DisclosureTerms, ProtocolLines, digest_of, problems
from hearthlink.tables.profiles import PROFILES, fits, narrower

ASKED = Asked(date(2019, 4, 1), date(2020, 3, 31), 10, 5, "")


def protocol(profile: str, **more: object) -> ProtocolLines:
    """A protocol that says nothing but the rule for what may leave."""
    rule = PROFILES[profile]
    terms = {"profile": profile, "threshold": rule.threshold, "rounding": rule.rounding, "because": rule.asks} | more
    return ProtocolLines(version=1, disclosure=DisclosureTerms.model_validate(terms))


def about_disclosure(lines: ProtocolLines, asked: Asked) -> list[str]:
    """The settings of `[disclosure]` in which a study asks for more."""
    return [setting for setting, _ in widened(lines, asked) if setting.startswith("disclosure")]


@pytest.mark.parametrize(("asked", "allowed"), list(product(PROFILES, PROFILES)))
def test_a_study_may_only_be_stricter_than_its_protocol(asked: str, allowed: str) -> None:
    """Strict is narrower than nhs and nhs than dfe; whatever is milder than the protocol is named."""
    rule = PROFILES[asked]
    order = list(PROFILES)
    wider = about_disclosure(
        protocol(allowed), replace(ASKED, profile=asked, threshold=rule.threshold, rounding=rule.rounding)
    )
    assert ("disclosure.profile" in wider) == (order.index(asked) > order.index(allowed))
    assert narrower(asked, allowed) == ("disclosure.profile" not in wider)
    assert bool(wider) == (order.index(asked) > order.index(allowed))


def test_numbers_of_a_milder_profile_do_not_hide_under_a_stricter_name() -> None:
    """A protocol's own threshold and rounding hold whatever the profile of the study is called."""
    lines = protocol("nhs", threshold=20, rounding=10)
    assert about_disclosure(lines, ASKED) == ["disclosure.threshold", "disclosure.rounding"]
    assert about_disclosure(lines, replace(ASKED, threshold=20, rounding=10)) == []


PROBLEMS = {
    "exact counts without a reason": (("dfe", {"because": " "}), "disclosure.because is empty"),
    "a threshold under the profile's": (("nhs", {"threshold": 7}), "disclosure.threshold is under 8"),
    "exact counts under nhs": (("nhs", {"rounding": 1}), "disclosure.rounding is under 5"),
    "exact counts under strict": (("strict", {"rounding": 1}), "disclosure.rounding is under 5"),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_a_protocol_says_what_its_rule_lacks(case: str) -> None:
    """A rule that is milder than its profile, or exact counts with no reason given, is a problem of the protocol."""
    (profile, more), says = PROBLEMS[case]
    assert any(one.startswith(says) for one in problems(protocol(profile, **more)))
    assert not any(one.startswith("disclosure") for one in problems(protocol(profile)))


def test_the_profile_and_its_reason_are_part_of_what_is_signed() -> None:
    """Another profile, or another reason, is another digest: it is signed anew."""
    digests = {digest_of(protocol(name)) for name in PROFILES} | {
        digest_of(protocol("dfe", because="to tie to returns"))
    }
    assert len(digests) == len(PROFILES) + 1


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_never_prints_less_than_its_threshold(name: str) -> None:
    """The least count of a profile is not rounded to less, nor that of the mildest settings it allows."""
    rule = PROFILES[name]
    assert rule.name == name
    assert fits(rule.threshold, rule.rounding)
    assert fits(rule.least_threshold, rule.least_rounding)
    assert rule.least_threshold <= rule.threshold
