"""The states of health that a question or a passage names: pure.

A passage that never mentions the state that a question names answers it only by saying in general
who must not be treated.
"""

from __future__ import annotations

import re

from core.text.normalize import normalize_query
from core.text.tokens import stem
from index.intent import caution_says, caution_words
from index.intent.patterns import compiled

# Words for one state; a passage may name it by any of them.
_GROUPS = {
    name: compiled(pattern)
    for name, pattern in {
        "pregnancy": r"""
  \b(?:pregnan\w*|expecting(?: a (?:baby|child))?|trimester|unborn|womb|midwife|weeks pregnant)\b
""",
        "breastfeeding": r"\b(?:breast ?-?feed\w*|nursing mother|breast ?-?milk)\b",
        "cancer": r"""
  \b(?:cancer\w*|tumors?|malignan\w*|oncolog\w*|leukemia|lymphoma|chemo\w*|radiotherapy)\b
""",
        "pacemaker": r"""
  \b(?:pace ?-?makers?|defibrillators?|icd|implanted|(?:heart|electronic|electrical) (?:devices?
  |implants?))\b
""",
        "bleeding": r"""
  \b(?:blood ?-?thin\w*|thinners?|thin the blood|warfarin|apixaban|eliquis|rivaroxaban|xarelto
  |edoxaban|dabigatran|heparin|clopidogrel|plavix|aspirin|anti ?-?coagula\w*|anti ?-?platelet\w*
  |hemophili\w*|bleeding (?:disorders?|tendency|problems?)|clotting|inr|platelets?|bleed (?:more
  |easily)|bruise easily)\b
""",
        "bone": r"""
  \b(?:osteoporo\w*|osteopenia|(?:brittle|weak|weakened|thin|fragile|thinning) bones?
  |bone density)\b
""",
        "diabetes": r"\b(?:diabet\w*|insulin|glucose|sugars?|gliclazide|metformin)\b",
        "epilepsy": r"\b(?:epilep\w*|seizures?|fits|convulsions?)\b",
        "childhood": r"""
  \b(?:child|children|childhood|kids?|bab(?:y|ies)|infants?|toddlers?|newborns?|teen\w*|adolescen\w*
  |young|younger|under ?-?(?:\d+s?|fives|tens|eighteens?|sixteens?)|growth plates?|growing bones?
  |under (?:the )?age|pediatric\w*)\b
""",
        "age": r"""
  \b(?:old age|elderly|older|seniors?|senior citizens?|frail\w*|over ?-?(?:\d\ds?|sixties|seventies)
  |aged|years old|year olds?|advanced age)\b
""",
        "heart": r"""
  \b(?:heart|cardi\w+|angina|arrhythmia|afib|atrial|coronary|stents?|valves?)\b
""",
        "pressure": r"""
  \b(?:blood pressure|hypertensi\w+|hypotensi\w+|bp|pressure (?:drops?|rises?))\b
""",
        "glaucoma": r"\b(?:glaucoma|eyes?|eye pressure|retina\w*)\b",
        "asthma": r"""
  \b(?:asthma\w*|wheez\w*|copd|inhalers?|emphysema|lung disease|chest tight\w*)\b
""",
    }.items()
}
_VULNERABLE = compiled(caution_words.VULNERABILITY)
_GENERAL, _PRAISE = compiled(caution_says.SAYS_WHO_NOT), compiled(caution_says.PRAISE)
_SENTENCE = re.compile(r"[.!?;]\s+")


def named_states(normalized: str) -> frozenset[str]:
    """Return the names of the states that every passage about them would mention."""
    found = frozenset(name for name, words in _GROUPS.items() if words.search(normalized))
    # "Is it bad for the baby" asks about the baby that is not yet born.
    return found - {"childhood"} if "pregnancy" in found else found


def all_states(normalized: str) -> frozenset[str]:
    """Return those and the stems of all other words for a state of health."""
    stems = (stem(word) for found in _VULNERABLE.findall(normalized) for word in found.split())
    return named_states(normalized) | frozenset(stems)


def says_who_must_not(passage: str) -> bool:
    """Say whether a sentence of a passage states for whom or when the treatment is not."""
    return any(
        _GENERAL.search(_PRAISE.sub(" ", normalize_query(sentence)))
        for sentence in _SENTENCE.split(passage)
    )
