"""Recognise by words what a question wants to know, and whether a sentence speaks of it: pure.

An encoder recognises what a text is about, but not negation: "who should not have it" is near to
"many people benefit from it". Nor does it recognise what kind of answer a question wants: "how long
does it last" is near to every sentence about "it". So questions about safety, about who must not be
treated, whether a treatment hurts, how long, how much and the like are recognised by their words,
and a passage answers them only if one of its sentences has words of the same kind. The words are in
`index.intent.aspect_words` and `index.intent.answer_words`, and those of caution in
`index.intent.caution_words` and `index.intent.caution_says`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from core.text.normalize import normalize_query
from index.intent import answer_words as answers
from index.intent import aspect_words as words
from index.intent import caution_says as says
from index.intent import caution_words as caution
from index.intent.patterns import compiled
from index.intent.states import all_states, named_states, says_who_must_not

# Leaflets mark what must not be done by a cross before the item.
_CROSS = re.compile(
    "^[\\W_]*?[\u2717\u2718\u2612\u274c\u274e\u2715\u2716\u26d4\U0001f6ab]\ufe0f?\\s*"
)
# A question of so few words about somebody vulnerable asks whether the treatment is allowed.
_FEW_WORDS = 4


class Aspect(StrEnum):
    """What a question wants to know."""

    WHO_NOT = "who should not have it"
    HARM = "harm"
    SAFE = "safety"
    LEAVE = "whether it may be done in some state of health"
    HURT = "whether the treatment hurts"
    NAME = "another name"
    WHO_FOR = "whom it is for"
    STEPS = "what is done"
    INSIDE = "what is in the needle"
    PRICE = "how much it costs"
    HOURS = "when the clinic is open"
    CANCEL = "how to cancel or change a visit"
    BOOKING = "how to book"
    EXERCISES = "exercises"
    ACTIVITY = "whether or when an activity is allowed"
    DURATION = "how long it takes"
    CAUSE = "why it happens"
    MEANING = "what something is"
    CAUTION = "caution, in words that no pattern knows"

    @property
    def is_caution(self) -> bool:
        """Whether praise of the treatment would be a wrong and dangerous answer."""
        return self in _CAUTION

    @property
    def is_strict(self) -> bool:
        """Whether a passage without a word of it is no answer."""
        return self.is_caution or self is Aspect.HURT

    @property
    def wants_kind(self) -> bool:
        """Whether the question wants a kind of answer, without which a sentence is none."""
        return self in _KINDS

    @property
    def decides(self) -> bool:
        """Whether a sentence that speaks of it is always a better mark than one that does not.

        Of any other aspect a question may ask for caution as well.
        """
        return not self.wants_kind and self not in (Aspect.CAUSE, Aspect.MEANING)


_KINDS = frozenset(
    {
        *(Aspect.PRICE, Aspect.HOURS, Aspect.CANCEL, Aspect.BOOKING),
        *(Aspect.EXERCISES, Aspect.ACTIVITY, Aspect.DURATION),
    }
)
_CAUTION = frozenset({Aspect.WHO_NOT, Aspect.HARM, Aspect.SAFE, Aspect.LEAVE, Aspect.CAUTION})


_VULNERABLE, _ALWAYS = compiled(caution.VULNERABILITY), compiled(caution.ALWAYS_VULNERABLE)
_LEAVE, _COMPLAINT = compiled(caution.ASKS_LEAVE), compiled(caution.COMPLAINT)
_LEAVE_OUTRIGHT = compiled(caution.ASKS_LEAVE_OUTRIGHT)
_TREATMENTS = compiled(words.TREATMENTS)
_EFFECT = compiled(caution.ASKS_EFFECT)
_NO_HARM, _PRAISE = compiled(caution.NO_QUESTION_OF_HARM), compiled(says.PRAISE)
_NOT_OF_TREATMENT = compiled(words.NOT_OF_TREATMENT)
# In the order in which they are tried.
_ASKS = {
    Aspect.WHO_NOT: compiled(caution.ASKS_WHO_NOT),
    Aspect.HARM: compiled(caution.ASKS_HARM),
    Aspect.HURT: compiled(words.ASKS_HURT),
    Aspect.NAME: compiled(words.ASKS_NAME),
    Aspect.WHO_FOR: compiled(words.ASKS_WHO_FOR),
    Aspect.STEPS: compiled(words.ASKS_STEPS),
    Aspect.INSIDE: compiled(words.ASKS_INSIDE),
    Aspect.PRICE: compiled(answers.ASKS_PRICE),
    Aspect.HOURS: compiled(answers.ASKS_HOURS),
    Aspect.CANCEL: compiled(answers.ASKS_CANCEL),
    Aspect.BOOKING: compiled(answers.ASKS_BOOKING),
    Aspect.ACTIVITY: compiled(answers.asks_leave_for("|".join(answers.ACTIVITIES))),
    Aspect.DURATION: compiled(answers.ASKS_DURATION),
    Aspect.EXERCISES: compiled(answers.ASKS_EXERCISES),
    Aspect.CAUSE: compiled(answers.ASKS_CAUSE),
    Aspect.MEANING: compiled(answers.ASKS_MEANING),
}
_SAFE = compiled(caution.ASKS_SAFE)
_WHO_NOT = (compiled(says.SAYS_WHO_NOT), compiled(says.SAYS_ASK_FIRST))
_HARM = (compiled(says.SAYS_HARM), *_WHO_NOT)
_SAYS = {
    Aspect.WHO_NOT: _WHO_NOT,
    Aspect.HARM: _HARM,
    Aspect.SAFE: (compiled(says.SAYS_SAFE), *_HARM),
    Aspect.LEAVE: (compiled(says.SAYS_SAFE), *_HARM),
    Aspect.CAUTION: (compiled(says.SAYS_SAFE), *_HARM),
    Aspect.HURT: (compiled(words.SAYS_HURT),),
    Aspect.NAME: (compiled(words.SAYS_NAME),),
    Aspect.WHO_FOR: (compiled(words.SAYS_WHO_FOR),),
    Aspect.STEPS: (compiled(words.SAYS_STEPS),),
    Aspect.INSIDE: (compiled(words.SAYS_INSIDE),),
    Aspect.PRICE: (compiled(answers.SAYS_PRICE),),
    Aspect.HOURS: (compiled(answers.SAYS_HOURS),),
    Aspect.CANCEL: (compiled(answers.SAYS_CANCEL),),
    Aspect.BOOKING: (compiled(answers.SAYS_BOOKING),),
    Aspect.ACTIVITY: (compiled(answers.SAYS_LEAVE),),
    Aspect.EXERCISES: (compiled(answers.SAYS_EXERCISES),),
    Aspect.DURATION: (compiled(answers.SAYS_DURATION),),
    Aspect.CAUSE: (compiled(answers.SAYS_CAUSE),),
    Aspect.MEANING: (compiled(answers.SAYS_MEANING),),
}
# Of each activity the question for leave, and the words that name it.
_ACTIVITIES = [
    (compiled(answers.asks_leave_for(names)), re.compile(rf"\b(?:{names})\b"))
    for names in answers.ACTIVITIES
]
# What others believe is no answer: mostly the next sentence denies it.
_BELIEF = re.compile(r"\b(?:people|patients|many|some|most) (?:\w+ )?(?:think|believe|assume)\b")
_MONEY = re.compile(r"[£$€¥₹]\s?(?=\d)|\b(?:GBP|EUR|USD|CHF|Rs\.?)\s?(?=\d)")


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
    if _LEAVE_OUTRIGHT.search(normalized):
        return True
    if not _VULNERABLE.search(normalized) or _EFFECT.search(normalized):
        return False
    if _LEAVE.search(normalized):
        return True
    is_short = len(normalized.split()) <= _FEW_WORDS
    return is_short and bool(_ALWAYS.search(normalized)) and not _COMPLAINT.search(normalized)


def is_about(question: str, aspect: Aspect | None, passage: str) -> bool:
    """Say whether a passage, with its title and headings, names what a normalised question names.

    It must name every treatment in the question, and the activity that it asks leave for. When a
    question of caution, by its `aspect`, names a state of health, it must mention that or state in
    general who must not be treated.
    """
    text = normalize_query(passage)
    if not _treatments(question) <= _treatments(text):
        return False
    if aspect is Aspect.ACTIVITY:
        wanted = (named for asks, named in _ACTIVITIES if asks.search(question))
        return all(named.search(text) for named in wanted)
    if aspect is None or not aspect.is_caution:
        return True
    # Who asks for leave may name any state; elsewhere its word may belong to the harm asked about.
    states_of = all_states if aspect is Aspect.LEAVE else named_states
    states = states_of(question)
    return not states or bool(states & states_of(text)) or says_who_must_not(passage)


@lru_cache(maxsize=8192)  # only sentences of articles; no question may be cached
def speaks_of(aspect: Aspect, sentence: str) -> bool:
    """Say whether a sentence or heading of an article has words of an aspect.

    Praise is no word of caution, and what some people believe says nothing.
    """
    text = _CROSS.sub("do not ", sentence)
    if aspect is Aspect.PRICE:  # the signs of currencies are no words
        text = _MONEY.sub(f" {answers.MONEY} ", text)
    text = normalize_query(text)
    if _BELIEF.search(text):
        return False
    if aspect.is_caution:
        text = _PRAISE.sub(" ", text)
    elif aspect is Aspect.HURT:
        text = _NOT_OF_TREATMENT.sub(" ", text)
    return any(pattern.search(text) for pattern in _SAYS[aspect])


def _treatments(text: str) -> frozenset[str]:
    return frozenset(words.SAME_TREATMENT.get(name, name) for name in _TREATMENTS.findall(text))
