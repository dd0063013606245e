"""Whether a notice is signed: by whom, for which words, and until when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from safety.notices.red_flags import Group, Level, RedFlags, Rule
from safety.notices.signatures import (
    SignatureState,
    are_signed,
    counted_states,
    is_signed,
    state_of,
    text_digest,
)

TODAY = date(2026, 3, 1)
CALF = Group(
    "calf",
    Level.URGENT,
    "Swollen calf",
    "Ask a GP",
    ("hot",),
    "NHS",
    TODAY,
    (Rule(("@calf",)),),
    ("a",),
)
SIGNED = replace(
    CALF,
    signed_by="Dr A",
    registration="GMC 1",
    signed_on=TODAY,
    signed_text=text_digest(CALF),
)


def state(*, next_review: date | None = None, **keys: Any) -> SignatureState:
    return state_of(replace(SIGNED, **keys), RedFlags(next_review=next_review), today=TODAY)


def test_a_signature_is_a_name_a_number_a_day_that_has_come_and_the_words() -> None:
    assert state() is SignatureState.SIGNED
    tomorrow = TODAY + timedelta(days=1)
    for lacking in (
        {"signed_by": ""},
        {"registration": ""},
        {"signed_on": None},
        {"signed_on": tomorrow},
    ):
        assert state(**lacking) is SignatureState.UNSIGNED
    assert state(signed_text="") is SignatureState.CHANGED


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Calf"},
        {"heading": "Call a GP"},
        {"bullets": ("hot", "red")},
        {"bullets": ()},
        {"level": Level.CAUTION},
        {"rules": (Rule(("@calf", "hot")),)},
        {"rules": (Rule(("@calf",), ("hot",)),)},
        {"rules": ()},
    ],
)
def test_a_change_of_what_patients_read_or_of_what_raises_it_voids_the_signature(
    change: dict[str, Any],
) -> None:
    assert state(**change) is SignatureState.CHANGED
    assert state(refused="no", **change) is SignatureState.CHANGED


@pytest.mark.parametrize(
    "change", [{"examples": ("b",)}, {"source": "HSE"}, {"checked": None}, {"counted": False}]
)
def test_other_changes_leave_the_signature(change: dict[str, Any]) -> None:
    assert state(**change) is SignatureState.SIGNED


def test_two_bullets_are_another_text_than_one_with_both() -> None:
    joined = replace(CALF, bullets=("hot, red",))
    assert text_digest(joined) != text_digest(replace(CALF, bullets=("hot", "red")))
    assert text_digest(CALF) == "d1b2108c36a2dab0"  # signatures in files depend on it


def test_a_refusal_is_no_signature() -> None:
    assert state(refused="the number is wrong") is SignatureState.REFUSED


@pytest.mark.parametrize(
    ("days_ago", "next_review", "expected"),
    [
        (365, None, SignatureState.SIGNED),
        (366, None, SignatureState.OVERDUE),
        (10, TODAY, SignatureState.SIGNED),
        (10, TODAY - timedelta(days=1), SignatureState.OVERDUE),
        (10, TODAY - timedelta(days=10), SignatureState.OVERDUE),
        # Signed since that day: that was the review.
        (10, TODAY - timedelta(days=11), SignatureState.SIGNED),
    ],
)
def test_a_signature_is_overdue_after_a_year_or_after_the_next_review(
    days_ago: int, next_review: date | None, expected: SignatureState
) -> None:
    signed_on = TODAY - timedelta(days=days_ago)
    assert state(signed_on=signed_on, next_review=next_review) is expected


def test_every_state_is_counted_and_all_are_signed_only_when_each_is() -> None:
    groups = {"a": SIGNED, "b": CALF, "c": CALF, "d": replace(SIGNED, refused="no")}
    flags = RedFlags(groups=groups)
    assert list(counted_states(flags, today=TODAY).items()) == [
        ("signed", 1),
        ("overdue", 0),
        ("changed", 0),
        ("refused", 1),
        ("unsigned", 2),
    ]
    assert not are_signed(flags, today=TODAY)
    assert are_signed(RedFlags(groups={"a": SIGNED}), today=TODAY)
    assert not are_signed(RedFlags(), today=TODAY)
    assert is_signed(SIGNED, flags, today=TODAY)
    assert not is_signed(CALF, flags, today=TODAY)
