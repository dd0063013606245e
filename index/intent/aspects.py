"""Recognise by words what a question wants to know, and whether a sentence speaks of it: pure.

An encoder recognises what a text is about, but not negation: "who should not have it" is near to
"many people benefit from it". So questions about safety, about who must not be treated, and about
whether a treatment hurts are recognised by their words, and a passage answers them only if one of
its sentences has words of the same kind. The words are in `index.intent.aspect_words`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from core.text.normalize import normalize_query
from core.text.tokens import stem
from index.intent import aspect_words as words

# A question of so few words about somebody vulnerable asks whether the treatment is allowed.
_FEW_WORDS = 4


class Aspect(StrEnum):
    """What a question wants to know; the first four are questions of caution."""

    WHO_NOT = "who should not have it"
    HARM = "harm"
    SAFE = "safety"
    LEAVE = "whether it may be done in some state of health"
    HURT = "whether the treatment hurts"
    NAME = "another name"
    WHO_FOR = "whom it is for"
    STEPS = "what is done"
    INSIDE = "what is in the needle"

    @property
    def is_caution(self) -> bool:
        """Whether praise of the treatment would be a wrong and dangerous answer."""
        return self in _CAUTION

    @property
    def is_strict(self) -> bool:
        """Whether a passage without a word of it is no answer."""
        return self.is_caution or self is Aspect.HURT


_CAUTION = frozenset({Aspect.WHO_NOT, Aspect.HARM, Aspect.SAFE, Aspect.LEAVE})


_LINE = re.compile(r"^(\|) |^  ")


def _compiled(pattern: str) -> re.Pattern[str]:
    lines = pattern.strip("\n").splitlines()
    return re.compile("".join(_LINE.sub(r"\1", line, count=1) for line in lines))


_VULNERABLE, _ALWAYS = _compiled(words.VULNERABILITY), _compiled(words.ALWAYS_VULNERABLE)
_LEAVE, _COMPLAINT = _compiled(words.ASKS_LEAVE), _compiled(words.COMPLAINT)
_TREATMENTS = _compiled(words.TREATMENTS)
_EFFECT = _compiled(words.ASKS_EFFECT)
_NO_HARM, _PRAISE = _compiled(words.NO_QUESTION_OF_HARM), _compiled(words.PRAISE)
_NOT_OF_TREATMENT = _compiled(words.NOT_OF_TREATMENT)
# In the order in which they are tried.
_ASKS = {
    Aspect.WHO_NOT: _compiled(words.ASKS_WHO_NOT),
    Aspect.HARM: _compiled(words.ASKS_HARM),
    Aspect.HURT: _compiled(words.ASKS_HURT),
    Aspect.NAME: _compiled(words.ASKS_NAME),
    Aspect.WHO_FOR: _compiled(words.ASKS_WHO_FOR),
    Aspect.STEPS: _compiled(words.ASKS_STEPS),
    Aspect.INSIDE: _compiled(words.ASKS_INSIDE),
}
_SAFE = _compiled(words.ASKS_SAFE)
_SAYS = {
    Aspect.WHO_NOT: (_compiled(words.SAYS_WHO_NOT),),
    Aspect.HARM: (_compiled(words.SAYS_HARM), _compiled(words.SAYS_WHO_NOT)),
    Aspect.SAFE: tuple(map(_compiled, (words.SAYS_SAFE, words.SAYS_HARM, words.SAYS_WHO_NOT))),
    Aspect.LEAVE: tuple(map(_compiled, (words.SAYS_SAFE, words.SAYS_HARM, words.SAYS_WHO_NOT))),
    Aspect.HURT: (_compiled(words.SAYS_HURT),),
    Aspect.NAME: (_compiled(words.SAYS_NAME),),
    Aspect.WHO_FOR: (_compiled(words.SAYS_WHO_FOR),),
    Aspect.STEPS: (_compiled(words.SAYS_STEPS),),
    Aspect.INSIDE: (_compiled(words.SAYS_INSIDE),),
}


def aspect_of(normalized: str) -> Aspect | None:
    """Return what a normalised question wants to know, None when its words do not show it."""
    meant = _NO_HARM.sub(" ", normalized)
    if _ASKS[Aspect.WHO_NOT].search(meant):
        return Aspect.WHO_NOT
    if _asks_leave(normalized):
        return Aspect.LEAVE
    if _ASKS[Aspect.HARM].search(meant):
        return Aspect.HARM
    if _SAFE.search(meant):
        return Aspect.SAFE
    return next((aspect for aspect, asks in _ASKS.items() if asks.search(meant)), None)


def is_caution(question: str) -> bool:
    """Say whether a question, as typed, asks for whom or why a treatment may be harmful."""
    aspect = aspect_of(normalize_query(question))
    return aspect is not None and aspect.is_caution


def _asks_leave(normalized: str) -> bool:
    if not _VULNERABLE.search(normalized) or _EFFECT.search(normalized):
        return False
    if _LEAVE.search(normalized):
        return True
    is_short = len(normalized.split()) <= _FEW_WORDS
    return is_short and bool(_ALWAYS.search(normalized)) and not _COMPLAINT.search(normalized)


def is_about(question: str, passage: str) -> bool:
    """Say whether a passage, with its title and headings, names what a normalised question names.

    It must name every treatment in the question and, when the question asks whether a treatment is
    allowed, at least one of its states of health.
    """
    text = normalize_query(passage)
    if not _treatments(question) <= _treatments(text):
        return False
    states = _states(question)
    return not states or bool(states & _states(text)) or aspect_of(question) is not Aspect.LEAVE


@lru_cache(maxsize=8192)  # only sentences of articles; no question may be cached
def speaks_of(aspect: Aspect, sentence: str) -> bool:
    """Say whether a sentence or heading of an article has words of an aspect, praise aside."""
    text = normalize_query(sentence)
    if aspect.is_caution:
        text = _PRAISE.sub(" ", text)
    elif aspect is Aspect.HURT:
        text = _NOT_OF_TREATMENT.sub(" ", text)
    return any(says.search(text) for says in _SAYS[aspect])


def _treatments(text: str) -> frozenset[str]:
    return frozenset(_TREATMENTS.findall(text))


def _states(text: str) -> frozenset[str]:
    return frozenset(stem(word) for found in _VULNERABLE.findall(text) for word in found.split())
