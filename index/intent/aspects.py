"""What a question wants to know, and whether a sentence speaks of that: by words, pure.

An encoder hears what a text is about and not which way it points: "who should not have it" lies
beside "many people benefit from it". So questions about safety, about who must not be treated, and
about whether a treatment hurts are recognised by their words, and a passage answers them only where
a sentence of it has words of the same kind. The words are in `index.intent.aspect_words`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from core.text.normalize import normalize_query
from core.text.tokens import stem
from index.intent import aspect_words as words

# A question of few words about somebody vulnerable asks for leave, even without saying so.
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
        """Say whether praise would be a wrong and dangerous answer."""
        return self in _CAUTION

    @property
    def is_strict(self) -> bool:
        """Say whether a passage without a word of it is no answer at all."""
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


def aspect_of(plain: str) -> Aspect | None:
    """Return what a question in its plain form wants to know, None where no word tells."""
    meant = _NO_HARM.sub(" ", plain)
    if _ASKS[Aspect.WHO_NOT].search(meant):
        return Aspect.WHO_NOT
    if _asks_leave(plain):
        return Aspect.LEAVE
    if _ASKS[Aspect.HARM].search(meant):
        return Aspect.HARM
    if _SAFE.search(meant):
        return Aspect.SAFE
    return next((aspect for aspect, asks in _ASKS.items() if asks.search(meant)), None)


def is_caution(question: str) -> bool:
    """Say whether a question, as typed, asks for whom or why a treatment may be wrong."""
    aspect = aspect_of(normalize_query(question))
    return aspect is not None and aspect.is_caution


def _asks_leave(plain: str) -> bool:
    if not _VULNERABLE.search(plain) or _EFFECT.search(plain):
        return False
    if _LEAVE.search(plain):
        return True
    is_short = len(plain.split()) <= _FEW_WORDS
    return is_short and bool(_ALWAYS.search(plain)) and not _COMPLAINT.search(plain)


def is_about(plain: str, passage: str) -> bool:
    """Say whether a passage, with its title and headings, names what the question names.

    That is each treatment of the question, and of its states of health at least one.
    """
    held = normalize_query(passage)
    asked, said = _treatments(plain), _treatments(held)
    if asked - said:
        return False
    states = _states(plain)
    return not states or bool(states & _states(held)) or aspect_of(plain) is not Aspect.LEAVE


@lru_cache(maxsize=8192)  # sentences of articles; nothing here keeps what a visitor asks
def speaks_of(aspect: Aspect, sentence: str) -> bool:
    """Say whether a sentence or heading of an article has words that could answer.

    The words have to be of the `aspect` that is asked about; praise is taken out first.
    """
    said = normalize_query(sentence)
    if aspect.is_caution:
        said = _PRAISE.sub(" ", said)
    elif aspect is Aspect.HURT:
        said = _NOT_OF_TREATMENT.sub(" ", said)
    return any(says.search(said) for says in _SAYS[aspect])


def _treatments(plain: str) -> frozenset[str]:
    return frozenset(_TREATMENTS.findall(plain))


def _states(plain: str) -> frozenset[str]:
    return frozenset(stem(word) for found in _VULNERABLE.findall(plain) for word in found.split())
