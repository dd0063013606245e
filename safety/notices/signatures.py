"""Say whether a clinician has signed a notice: pure.

A signature is for a text: a digest of what patients read and what raises it stands beside the name.
So a later change makes the signature void, and nobody has to remember it.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from safety.notices.red_flags import Group, RedFlags

# A year after its signature a notice has to be signed again, if the file names no earlier day.
VALID_DAYS = 365
_DIGITS = 16


class SignatureState(StrEnum):
    """What a clinician last decided about a notice; all but the first are drafts."""

    SIGNED = "signed"
    OVERDUE = "overdue"
    CHANGED = "changed"
    REFUSED = "refused"
    UNSIGNED = "unsigned"


def text_digest(group: Group) -> str:
    """Return the digest of what is signed: 16 hexadecimal digits.

    That is title, heading, bullets, level and rules. Examples, source and the phrases of word
    classes may change without a new signature.
    """
    rules = [[*rule.needed, *(f"- {part}" for part in rule.unless)] for rule in group.rules]
    signed = [group.title, group.heading, group.bullets, group.level.value, rules]
    return hashlib.sha256(json.dumps(signed).encode()).hexdigest()[:_DIGITS]


def state_of(group: Group, flags: RedFlags, *, today: date) -> SignatureState:
    """Return the state of a notice.

    A signature without a name, a registration number or a day that has come is none. One from
    before the file's `next_review` is overdue when that day is past.
    """
    on = group.signed_on
    if not (group.signed_by and group.registration and on and on <= today):
        return SignatureState.UNSIGNED
    if group.signed_text != text_digest(group):
        return SignatureState.CHANGED
    if group.refused:
        return SignatureState.REFUSED
    due = flags.next_review
    if (today - on).days > VALID_DAYS or (due and on <= due < today):
        return SignatureState.OVERDUE
    return SignatureState.SIGNED


def is_signed(group: Group, flags: RedFlags, *, today: date) -> bool:
    """Say whether a notice is signed; otherwise it is a draft."""
    return state_of(group, flags, today=today) is SignatureState.SIGNED


def counted_states(flags: RedFlags, *, today: date) -> dict[SignatureState, int]:
    """Count the notices of each state, in the order of the states."""
    states = [state_of(group, flags, today=today) for group in flags.groups.values()]
    return {state: states.count(state) for state in SignatureState}


def are_signed(flags: RedFlags, *, today: date) -> bool:
    """Say whether there are notices and each of them is signed."""
    groups = flags.groups.values()
    return bool(groups) and all(is_signed(group, flags, today=today) for group in groups)
