"""Find health claims that an editor should review before patients read them. Pure.

Sentences are judged by their words alone. A claim is a question to the editor; nothing here changes
an article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Span
from safety.claims.kinds import EXPLANATIONS, ClaimKind, Explanation, Severity
from safety.claims.negation import is_plain_question, is_taken_back
from safety.claims.patterns import HIGH_CLAIMS
from safety.claims.patterns_other import OTHER_CLAIMS

__all__ = ["CLAIMS_VERSION", "Claim", "ClaimKind", "Severity", "find_claims"]

# Raise this when the same sentence would be judged or explained differently. It is part of a
# generation's id, because the generation holds the explanations.
CLAIMS_VERSION = 2

_RUN = re.compile(r"\s\s")
# Typographic characters and their plain forms; one for one, so that offsets hold.
_PLAIN = str.maketrans("\u2018\u2019\u2010\u2011\u2212", "''---")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: its kind, and the words that make it as a span of the sentence."""

    kind: ClaimKind
    span: Span

    @property
    def explanation(self) -> Explanation:
        """The explanation of this kind of claim for the editor."""
        return EXPLANATIONS[self.kind]

    @property
    def severity(self) -> Severity:
        """How much a claim of this kind can mislead."""
        return self.explanation.severity


def find_claims(sentence: str) -> tuple[Claim, ...]:
    """Return the claims of one sentence in reading order, at most one of each kind.

    Words that claim two things are reported once, as the first kind in `ClaimKind`:
    "100% painless" is a claim to be painless. Never raises for any text.
    """
    text, places = _single_spaced(sentence.translate(_PLAIN))
    if is_plain_question(text):
        return ()
    found: dict[ClaimKind, Claim] = {}
    for pattern in (*HIGH_CLAIMS, *OTHER_CLAIMS):
        if pattern.kind in found or not pattern.applies_to(text):
            continue
        for match in pattern.words.finditer(text):
            span = Span(match.start(), match.end())
            if any(span.start < c.span.end and c.span.start < span.end for c in found.values()):
                continue
            if not is_taken_back(text, span.start, span.end, pattern.kind):
                found[pattern.kind] = Claim(pattern.kind, span)
                break
    return tuple(
        Claim(claim.kind, Span(places[claim.span.start], places[claim.span.end - 1] + 1))
        for claim in sorted(found.values(), key=lambda claim: claim.span)
    )


def _single_spaced(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with one character for each run of white space, and where each came from.

    The patterns allow white space in many places, and would try all of them in a long run.
    """
    if not _RUN.search(text):
        return text, range(len(text))
    places = [i for i, c in enumerate(text) if not (c.isspace() and text[i - 1 : i].isspace())]
    return "".join(text[i] for i in places), places
