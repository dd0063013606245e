"""Reads a sentence for comparison: its topics, its quantities and what it denies; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.text.tokens import STOP_WORDS, stem
from core.types import Span
from ingest.overlaps import vocabulary as lists
from ingest.overlaps.quantities import Quantity, Token, quantities_of, tokens_of

_SMALL = STOP_WORDS | lists.EMPTY
_SUBJECT_WORDS = 6


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A sentence as it is compared.

    `topics` are the stems of its content words and `light` those of its small words; `stems` maps
    each to its first span. `negators` deny the sentence, also within a word: the topic of
    "painless" is that of "painful", which is `denied`. `conditions` counts the negators within a
    condition. A sentence that `lacks_subject` has only "it" or "the disease" as its subject; a
    sentence that `is_open` is a question or a form to be filled in.
    """

    topics: frozenset[str]
    light: frozenset[str]
    stems: Mapping[str, Span]
    quantities: tuple[Quantity, ...]
    denied: frozenset[str]
    negators: tuple[Span, ...]
    conditions: int
    is_hedged: bool
    is_open: bool
    lacks_subject: bool


def read_sentence(sentence: str) -> SentenceReading:
    """Read one sentence; the spans of the reading are offsets into it."""
    tokens = tokens_of(sentence)
    quantities, used = quantities_of(tokens, sentence)
    topics: set[str] = set()
    light: set[str] = set()
    stems: dict[str, Span] = {}
    denied: set[str] = set()
    negators: list[Span] = []
    conditions = 0
    in_condition = False
    for i, token in enumerate(tokens):
        if token.kind == "stop":
            in_condition = False
        if i in used or token.kind not in ("word", "number"):
            continue
        in_condition = in_condition or token.text in lists.CONDITIONAL
        if _denies(tokens, i):
            if in_condition:
                conditions += 1
            else:
                negators.append(token.span)
            continue
        key, is_denying = _key(tokens, i, sentence)
        if is_denying:
            negators.append(token.span)
            denied.add(key)
        stems.setdefault(key, token.span)
        is_light = token.text in _SMALL and not _is_name(token, sentence)
        (light if is_light else topics).add(key)
    return SentenceReading(
        frozenset(topics),
        frozenset(light),
        stems,
        tuple(quantities),
        frozenset(denied),
        tuple(negators),
        conditions,
        any(token.text in lists.HEDGES for token in tokens),
        sentence.rstrip("\"'\u201d\u2019) ").endswith("?") or "__" in sentence,
        _lacks_subject(tokens),
    )


def _lacks_subject(tokens: Sequence[Token]) -> bool:
    words = [token.text for token in tokens if token.kind == "word"][:_SUBJECT_WORDS]
    return bool(
        lists.PRONOUNS.intersection(words[:2])
        or any(a in lists.DETERMINERS and b in lists.NAMELESS for a, b in pairwise(words))
    )


def _key(tokens: Sequence[Token], i: int, sentence: str) -> tuple[str, bool]:
    """Return the stem by which a word is compared, and whether the word denies that stem."""
    token = tokens[i]
    if _is_name(token, sentence):
        return sentence[token.start], False
    if token.text == "avoid":
        return stem("prevent"), False
    return _stem_key(token.text)


@lru_cache(maxsize=20_000)
def _stem_key(text: str) -> tuple[str, bool]:
    word = stem(text)
    if word in lists.DENYING_FORMS:
        return lists.DENYING_FORMS[word], True
    return lists.SAME.get(word, word), False


def _is_name(token: Token, sentence: str) -> bool:
    """Say whether a word is a letter that names something: "hepatitis A"."""
    return (
        len(token.text) == 1
        and token.start > 0
        and sentence[token.start].isupper()
        and token.text != "i"
    )


def _denies(tokens: Sequence[Token], i: int) -> bool:
    text = tokens[i].text.replace("\u2019", "'")
    after = tokens[i + 1].text if i + 1 < len(tokens) else ""
    before = [token.text for token in tokens[max(0, i - 2) : i]]
    if text == "avoid":
        if before[-1:] == ["to"]:
            return before[0] in lists.ADVISED
        return not before or tokens[i - 1].kind != "word" or before[-1] in lists.BEFORE_ADVICE
    if text not in lists.NEGATORS and not text.endswith("n't"):
        return False
    if after in lists.NOT_DENIED.get(text, ()) or (text == "no" and after == ","):
        return False
    return not (text == "not" and before[-1:] in (["or"], ["if"]))  # whether or not; if not
