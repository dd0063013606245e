"""Raise notices by term rules: words that are present, not denied, and not only of the past."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.notices.red_flags import Group, Level, Numbers, RedFlags, filled
from safety.notices.tokenizer import Reader, Token, sentences
from safety.notices.typos import TypoCorrector

if TYPE_CHECKING:
    from collections.abc import Collection

# docs/safety.md: a negator cancels a term that begins at most five words after it.
NEGATION_REACH = 5
# "not red, hot or at all puffy": each "or" takes a denial this much further.
_WORDS_AN_OR_BRIDGES = 4
# Longer texts are judged sentence by sentence; without full stops, in windows of so many words.
LONG_TEXT_WORDS = 60
_WINDOW, _STRIDE = 40, 20

# Names of the phrases about time and other people, beside the names of word classes.
_PAST, _PRESENT, _AGAIN, _RELATIVE = "<past>", "<present>", "<again>", "<relative>"
_HISTORY = "<history>"

_Term = tuple[str, ...]
_Rule = tuple[str, ...]
# Where the terms of each class stand: `tokens[start:end]`.
_Said = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Match:
    """A group whose rule holds, and how many parts that rule has: more parts say more."""

    group: str
    parts: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A term that is present and not denied: whether its clause is of the past or of a relative."""

    is_past: bool
    is_relatives: bool


class TermRules:
    """The compiled rules of a file; they need no model and take about a millisecond.

    Without `own_words`, for measuring, a notice is not raised by its title, heading and bullets.
    """

    def __init__(self, flags: RedFlags, *, own_words: bool = True) -> None:
        self._groups = tuple(flags.groups.values())
        # By their first part, so that most rules are skipped for most questions. The numbers keep
        # the order of the file, and within a group the rules with the most parts first.
        self._beginning: dict[str, list[tuple[int, int, Group, _Rule]]] = defaultdict(list)
        rules: list[_Rule] = []
        for place, group in enumerate(self._groups):
            own = _own_words(group, flags) if own_words else ()
            for number, rule in enumerate(sorted(own + group.rules, key=len, reverse=True)):
                self._beginning[rule[0]].append((place, number, group, rule))
                rules.append(rule)
        literal = {part for rule in rules for part in rule}
        plain = Reader(flags.manner)
        self._terms = _by_first_word(
            [
                *((plain.phrase(t), f"@{name}") for name, ts in flags.terms.items() for t in ts),
                *((plain.phrase(part), part) for part in literal if not part.startswith("@")),
                *((plain.phrase(text), _PAST) for text in flags.manner.past),
                *((plain.phrase(text), _PRESENT) for text in flags.manner.present),
                *((plain.phrase(text), _AGAIN) for text in flags.manner.again),
                *((plain.phrase(text), _RELATIVE) for text in flags.manner.relatives),
                *((plain.phrase(text), _HISTORY) for text in _named_illnesses(flags)),
            ]
        )
        self._lasting = frozenset(f"@{name}" for name in flags.manner.lasting)
        self._reader = Reader(flags.manner, TypoCorrector(_vocabulary(flags, literal)))

    def fired(self, text: str) -> list[Match]:
        """Return the groups that a question raises, in the order of the file, each once."""
        return self._fired_in(text, self._reader.tokens(text))

    def heard(self, text: str) -> tuple[list[Match], bool]:
        """Return `fired` and `is_beyond_examples`, tokenizing the question only once."""
        whole = self._reader.tokens(text)
        return self._fired_in(text, whole), self._is_beyond_examples(whole)

    def _fired_in(self, text: str, whole: list[Token]) -> list[Match]:
        best: dict[str, int] = {}
        for tokens in self._pieces(text, whole):
            for group, parts in self._fired_by(tokens):
                best[group] = max(parts, best.get(group, 0))
        return [Match(g.id, best[g.id]) for g in self._groups if g.id in best]

    def is_beyond_examples(self, text: str) -> bool:
        """Say whether a question denies something or is about past illness.

        Nearest examples see the similar words and miss the "no" or the "years ago".
        """
        return self._is_beyond_examples(self._reader.tokens(text))

    def _is_beyond_examples(self, tokens: list[Token]) -> bool:
        said, inside = self._said(tokens)
        if any(token.is_negator and at not in inside for at, token in enumerate(tokens)):
            return True
        return bool(self._past_illness(tokens, said, inside))

    def _pieces(self, text: str, whole: list[Token]) -> list[list[Token]]:
        if not whole or whole[-1].place < LONG_TEXT_WORDS:
            return [whole]
        pieces = []
        for sentence in sentences(text):
            tokens = self._reader.tokens(sentence)
            pieces += [
                tokens[at : at + _WINDOW]
                for at in range(0, max(1, len(tokens) - _WINDOW + _STRIDE), _STRIDE)
            ]
        return pieces

    def _fired_by(self, tokens: Sequence[Token]) -> Iterable[tuple[str, int]]:
        said, inside = self._said(tokens)
        past = _past_clauses(tokens, said)
        relatives = _clauses(tokens, said, _RELATIVE)
        named = self._past_illness(tokens, said, inside)
        found: dict[str, list[_Found]] = {}
        for name, places in said.items():
            kept = [
                _Found(
                    (start, end) in named or tokens[start].clause in past,
                    tokens[start].clause in relatives,
                )
                for start, end in places
                if not self._is_denied(tokens, start, end, inside)
            ]
            if kept:
                found[name] = kept
        raised: set[str] = set()
        for _, _, group, rule in sorted(
            entry for part in found for entry in self._beginning.get(part, ())
        ):
            if group.id in raised or not all(part in found for part in rule):
                continue
            if self._holds(group, rule, found):
                raised.add(group.id)
                yield group.id, len(rule)

    def _past_illness(
        self, tokens: Sequence[Token], said: _Said, inside: Collection[int]
    ) -> set[tuple[int, int]]:
        """Return the places of illnesses of the past.

        "I had a stroke. That was in 2009.": the time may be in another sentence than the illness.
        """
        again = any(not self._is_denied(tokens, *at, inside) for at in said.get(_AGAIN, ()))
        if again or not _past_clauses(tokens, said):
            return set()
        return set(said.get(_HISTORY, ()))

    def _said(self, tokens: Sequence[Token]) -> tuple[_Said, set[int]]:
        """Return the places of each term, and the negators inside terms, which deny nothing."""
        said: _Said = {}
        inside: set[int] = set()
        words = tuple(token.word for token in tokens)
        for start, word in enumerate(words):
            for term, names in self._terms.get(word, ()):
                end = start + len(term)
                if words[start:end] == term:
                    if len(term) > 1:
                        inside |= {at for at in range(start, end) if tokens[at].is_negator}
                    for name in names:
                        said.setdefault(name, []).append((start, end))
        return said, inside

    def _holds(
        self, group: Group, rule: Sequence[str], found: Mapping[str, Sequence[_Found]]
    ) -> bool:
        """Say whether the found terms satisfy a rule, given their time and person.

        The patient's own past illness counts for notices to ask before treatment, a relative's
        does not. Some terms last: a cancer that was cured, a fall last month.
        """
        if group.history:
            return any(not term.is_relatives for term in found[rule[0]])
        if group.level is Level.CAUTION:
            return True
        now = [part for part in rule if any(not term.is_past for term in found[part])]
        return bool(now) and all(part in now or part in self._lasting for part in rule)

    def _is_denied(
        self, tokens: Sequence[Token], start: int, end: int, inside: Collection[int]
    ) -> bool:
        if any(token.holds_no for token in tokens[start:end]):
            return False
        if any(token.is_denied for token in tokens[start:end]):
            return True
        first = tokens[start]
        return any(
            token.is_negator
            and at not in inside
            and token.clause == first.clause
            and _distance(token, first) <= NEGATION_REACH
            for at, token in enumerate(tokens[:start])
        )


def _clauses(tokens: Sequence[Token], said: _Said, name: str) -> set[int]:
    return {tokens[start].clause for start, _ in said.get(name, ())}


def _past_clauses(tokens: Sequence[Token], said: _Said) -> set[int]:
    """Return the clauses that speak of the past and not of the present."""
    return _clauses(tokens, said, _PAST) - _clauses(tokens, said, _PRESENT)


def _distance(negator: Token, term: Token) -> int:
    """Return the distance of a term from a negator in words; an "or" between them shortens it."""
    return term.place - negator.place - _WORDS_AN_OR_BRIDGES * (term.ors - negator.ors)


def _vocabulary(flags: RedFlags, literal: Iterable[str]) -> set[str]:
    """Return every word of rules and of idioms: the words that typos are corrected to."""
    manner = flags.manner
    phrases = [
        *(text for texts in flags.terms.values() for text in texts),
        *(text for texts in manner.same.values() for text in texts),
        *literal,
        *manner.idioms,
        *manner.past,
        *manner.same,
    ]
    return {word for phrase in phrases for word in re.findall(r"[a-z]+", phrase.lower())}


def _named_illnesses(flags: RedFlags) -> Iterable[str]:
    """Yield the phrases of the first parts of rules of notices about history."""
    for group in flags.groups.values():
        for rule in group.rules if group.history else ():
            yield from flags.terms.get(rule[0].removeprefix("@"), ())


def _own_words(group: Group, flags: RedFlags) -> tuple[tuple[str, ...], ...]:
    """Return rules that raise a notice by its own heading and bullets, in every country."""
    texts = (group.title, group.heading, *group.bullets)
    numbers = (*flags.numbers.values(), Numbers()) if flags.numbers else ()
    every = {filled(text, of_country) for text in texts for of_country in numbers} - {""}
    return tuple((text,) for text in sorted(every))


def _by_first_word(
    terms: Iterable[tuple[_Term, str]],
) -> dict[str, list[tuple[_Term, list[str]]]]:
    """Group terms by their first word, each with the names of all its classes."""
    names: dict[_Term, set[str]] = {}
    for term, name in terms:
        if term:
            names.setdefault(term, set()).add(name)
    arranged: dict[str, list[tuple[_Term, list[str]]]] = {}
    for term in sorted(names):
        arranged.setdefault(term[0], []).append((term, sorted(names[term])))
    return arranged
