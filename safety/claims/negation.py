"""Decide whether a sentence denies, doubts or only hopes for a claim. Pure."""

from __future__ import annotations

import re

from safety.claims.kinds import ClaimKind

# A "not" further away than this belongs to something else.
_NEGATION_REACH_WORDS = 10
# No clause that a person writes is longer.
_LONGEST_CLAUSE_CHARS = 400


def _words(*lines: str) -> re.Pattern[str]:
    source = "|".join(lines).replace(" ", r"\s+")
    return re.compile(rf"(?<![\w'])(?:{source})(?!\w)", re.IGNORECASE)


_QUESTION = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|may"
    r"|(?:how|what|when|where|which|who|why)\s+(?:\w+\s+)?"
    r"(?:is|are|was|do|does|did|can|could|will|would|should|much|many|long|often|soon))\b",
    re.IGNORECASE,
)
# Phrases that look like denials and deny nothing.
_NO_DENIAL = _words(
    r"nothing (?:short of|but|like|to be afraid of)|not (?:only|just|to mention)|no longer",
    r"no (?:other|doubt|wonder|matter)|no less than|why not",
    r"don't (?:worry|miss|wait|hesitate|delay)|never (?:felt|known|seen|had|experienced)",
)
_DENIED = _words(
    r"not|no|never|none|nobody|no one|nothing|neither|nor|cannot|hardly|rarely|seldom|little can",
    r"unlikely|impossible|(?:ca|wo|do|does|did|is|are|was|were|would|could|should|has|have)n'?t",
    r"without(?=(?: \w+)?\s*$)",
)
# "No drugs, guaranteed": these words deny only up to the comma.
_DENIES_A_THING = _words(r"no|without|none|neither|nor")
_DOUBTED = _words(
    r"if|whether|unless|until|as long as|provided|beware|wary|sceptical|skeptical|myths?|falsely",
    r"too good to be true|mislead\w*|(?:anyone|anybody|someone|those|clinics?) who",
    r"who (?:claim|promise)s?|claim(?:s|ed|ing)? (?:that|to|of)|unclear|uncertain|unproven",
    r"(?:little|limited|weak|insufficient|poor) evidence|researchers|scientists|someday",
    r"ask (?:your|a|the) (?:doctor|gp|physio\w*|therapist)|ways to|effort to|chances? (?:of|at)",
    r"search(?:es|ing)? for|look(?:s|ing)? for|research (?:into|on|for)",
)
_HEDGED = _words(
    r"may|might|could|maybe|perhaps|possibly|sometimes|occasionally|some|a few|in theory",
    r"aim(?:s|ed|ing)?|hop(?:e|es|ed|ing)|goals?|tr(?:y|ies|ying) to|thought|believed|potentially",
    r"seems?|appears? to|suggest(?:s|ed|ing)?|should (?:be|feel|not|have)",
)
# "Talk to us about the best treatment for you" ranks nothing.
_CHOSEN = _words(
    r"find|choos\w*|decid\w*|discuss|talk\w*|recommend\w*|advise|check|agree|determine|plan",
    r"select\w*|ensure|learn",
)
_USUALLY = _words(r"often|usually|relatively|generally|typically|normally|mostly|largely|tends? to")
_MOST = _words(r"most|many|several")
# "A quick recovery cannot be promised", "relief is rare".
_AFTERWARDS = re.compile(
    r"\W*+(?:[\w'-]+\s+){0,3}?(?:"
    r"(?:is|are|was|were)(?:n't|\s+not|\s+never)\s+(?:\w+\s+)?(?:always|guaranteed|promised"
    r"|expected|realistic|possible|certain|likely|the\s+(?:goal|aim)|something|to\s+be|common"
    r"|proven|given|known|available)"
    r"|(?:cannot|can't|can\s+not|could\s+not|should\s+not|will\s+not)\s+be\s+\w+"
    r"|(?:is|are)\s+(?:the\s+goal|rare|unlikely|an?\s+(?:myth|illusion)|impossible|unrealistic"
    r"|uncommon|unclear|uncertain)"
    r"|depends?\s+on|do(?:es)?\s+not\s+exist|(?:it|they)\s+(?:is|are)\s+not)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[.;:!?()\[\]—–]|\s-\s|,\s*which\b"
    r"|\b(?:but|however|yet|although|though|while|whereas|because|since|so|therefore|thanks)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r",|\band\b", re.IGNORECASE)
# After a comma or an "and", these words begin a new statement.
_NEW_STATEMENT = _words(
    r"is|are|was|were|be|will|can|has|have|does|do|you|we|it|they|i|he|she|our|your|this|that",
    r"these|the|a|an|patients|people|needling|treatments?|with|get|gets",
)
_VERB = _words(
    r"is|are|was|were|be|been|will|can|cannot|has|have|does|do|may|might|could|would|should",
    r"works?|helps?|exists?|makes?|gives?|shows?|proves?|means?",
)
_OWN_DENIAL = _words(
    r"(?:absolutely |virtually |almost )?(?:no|zero)|without|free|nothing|never|cannot|not|nobody",
    r"(?:do|does|did|will|would|could|should|can)(?: not)|(?:ca|wo|do|does|did|would|could)n't",
)
_FINITE = re.compile(r"(?!always)\w+(?<!s)s\b", re.IGNORECASE)

_EVERY_KIND = frozenset(ClaimKind)
# Which words soften which claims: "most patients are pain-free at once" is still a claim.
_SOFTENERS = (
    (_HEDGED, _EVERY_KIND - {ClaimKind.SERIOUS_CONDITION}),
    (_CHOSEN, {ClaimKind.BETTER_THAN_OTHERS}),
    (
        _USUALLY,
        {
            ClaimKind.PAINLESS,
            ClaimKind.NO_SIDE_EFFECTS,
            ClaimKind.INSTEAD_OF_MEDICINE,
            ClaimKind.FAST_HEALING,
            ClaimKind.BETTER_THAN_OTHERS,
        },
    ),
    (_MOST, {ClaimKind.INSTEAD_OF_MEDICINE, ClaimKind.FAST_HEALING, ClaimKind.PROVEN}),
)
# Praise and offers stay what they are, whatever is around them.
_NEVER_SOFTENED = frozenset({ClaimKind.TESTIMONIAL, ClaimKind.URGENCY_OFFER})


def is_plain_question(text: str) -> bool:
    """Say whether a sentence only asks; "Want instant relief?" promises."""
    return text.rstrip(" \n\t\"'”)").endswith("?") and _QUESTION.match(text) is not None


def is_taken_back(text: str, start: int, end: int, kind: ClaimKind) -> bool:
    """Say whether the words around `text[start:end]` deny, doubt or soften that claim.

    Looks at the claim's own clause before it, and at the words directly after it.
    "May" and "some" do not soften a claim to treat a serious illness, which is not a clinic's to
    make however it is hedged.
    """
    before = _NO_DENIAL.sub(lambda m: "_" * len(m.group()), _clause_before(text, start, end))
    near = " ".join(before.split()[-_NEGATION_REACH_WORDS:])
    if _DENIED.search(near):
        return True
    if kind in _NEVER_SOFTENED:
        return False
    if _DOUBTED.search(before) or _AFTERWARDS.match(text, end):
        return True
    return any(words.search(before) for words, kinds in _SOFTENERS if kind in kinds)


def _clause_before(text: str, start: int, end: int) -> str:
    """Return the part of the claim's clause before the claim."""
    left = text[max(0, start - _LONGEST_CLAUSE_CHARS) : start]
    hard = max((m.end() for m in _CLAUSE_END.finditer(left)), default=0)
    alone = _OWN_DENIAL.match(text, start, end) or _FINITE.match(text, start, end)
    for joint in reversed(list(_JOINT.finditer(left, hard))):
        earlier, between = left[hard : joint.start()], left[joint.end() :]
        if alone or _NEW_STATEMENT.search(between) or _is_bare_denial(earlier):
            return between
    return left[hard:]


def _is_bare_denial(text: str) -> bool:
    """Say whether a text only denies a thing ("No drugs") and nothing after it."""
    return bool(_DENIES_A_THING.search(text)) and not _VERB.search(text)
