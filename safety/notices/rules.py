"""Match notices by term rules: words that are present, not denied, and not only of the past."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from safety.notices.languages import language_of
from safety.notices.red_flags import Group, Level, Numbers, RedFlags, Rule, filled
from safety.notices.tokenizer import Token, Tokenizer, TypedWord, sentences
from safety.notices.typos import TypoCorrector

# A negator cancels a term that begins at most so many words after it.
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
# Terms by their first word, each with the names of its classes.
_Terms = Mapping[str, Sequence[tuple[_Term, Sequence[str]]]]


@dataclass(frozen=True, slots=True)
class Match:
    """A group whose rule holds, and how many parts that rule has: more parts say more."""

    group: str
    parts: int


@dataclass(frozen=True, slots=True)
class RuleMatches:
    """What the rules find in a question: its matches in the order of the file, each group once.

    `is_of_the_past` says that the question is about past illness. `said` is the question with its
    typos corrected and without what it denies: a comparison of meanings sees the similar words and
    misses the "years ago" or the "no".
    """

    matches: tuple[Match, ...]
    is_of_the_past: bool
    said: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """A term that is present and not denied: whether its clause is of the past or of a relative."""

    is_past: bool
    is_relatives: bool


class _Mentions:
    """Where the terms are in a text, and what its words deny or place in the past.

    `spans` are by class name, as `tokens[start:end]`. A negator inside a term denies nothing.
    `past` are the clauses that speak of the past and not of the present.
    """

    def __init__(self, tokens: Sequence[Token], terms: _Terms) -> None:
        self.tokens = tokens
        self.spans: dict[str, list[tuple[int, int]]] = {}
        words = tuple(token.word for token in tokens)
        in_terms: set[int] = set()
        for start, word in enumerate(words):
            for term, names in terms.get(word, ()):
                end = start + len(term)
                if words[start:end] == term:
                    if len(term) > 1:
                        in_terms.update(range(start, end))
                    for name in names:
                        self.spans.setdefault(name, []).append((start, end))
        self.negators = [
            token for at, token in enumerate(tokens) if token.is_negator and at not in in_terms
        ]
        self.past = self.clauses(_PAST) - self.clauses(_PRESENT)

    def clauses(self, name: str) -> set[int]:
        """Return the clauses that hold a term of this class."""
        return {self.tokens[start].clause for start, _ in self.spans.get(name, ())}

    def past_illnesses(self) -> set[tuple[int, int]]:
        """Return the spans of illnesses of the past.

        "I had a stroke. That was in 2009.": the time may be in another sentence than the illness.
        """
        if not self.past or any(not self.is_denied(*span) for span in self.spans.get(_AGAIN, ())):
            return set()
        return set(self.spans.get(_HISTORY, ()))

    def is_denied(self, start: int, end: int) -> bool:
        """Say whether a negator before the term or a phrase after it denies it."""
        term, first = self.tokens[start:end], self.tokens[start]
        if any(token.holds_no for token in term):
            return False
        return any(token.is_denied for token in term) or any(
            negator.place < first.place
            and negator.clause == first.clause
            and _distance(negator, first) <= NEGATION_REACH
            for negator in self.negators
        )


class TermRules:
    """The compiled rules of a file; they need no model and take about a millisecond.

    Without `own_words`, for measuring, a notice is not raised by its title, heading and bullets.
    """

    def __init__(self, flags: RedFlags, *, own_words: bool = True) -> None:
        self._groups = tuple(flags.groups.values())
        # By their first part, so that most rules are skipped for most questions. The numbers keep
        # the order of the file, and within a group the rules with the most parts first.
        self._by_first_part: dict[str, list[tuple[int, int, Group, Rule]]] = defaultdict(list)
        parts: set[str] = set()
        for order, group in enumerate(self._groups):
            own = _own_words(group, flags) if own_words else ()
            longest_first = sorted(own + group.rules, key=lambda rule: -len(rule.needed))
            for number, rule in enumerate(longest_first):
                self._by_first_part[rule.needed[0]].append((order, number, group, rule))
                parts.update(rule.parts)
        phrases = {part for part in parts if not part.startswith("@")}
        manner = flags.manner
        split_cell: list[tuple[str, Iterable[str]]] = [
            *((f"@{name}", texts) for name, texts in flags.terms.items()),
            *((phrase, (phrase,)) for phrase in phrases),
            (_PAST, manner.past),
            (_PRESENT, manner.present),
            (_AGAIN, manner.again),
            (_RELATIVE, manner.relatives),
            (_HISTORY, _named_illnesses(flags)),
        ]
        plain = Tokenizer(manner, language=flags.language)
        self._terms = _by_first_word(
            (plain.phrase(text), name) for name, texts in split_cell for text in texts
        )
        self._lasting = frozenset(f"@{name}" for name in manner.lasting)
        has_typos = language_of(flags.language).has_typos
        correct = TypoCorrector(_vocabulary(flags, parts)) if has_typos else str
        self._tokenizer = Tokenizer(manner, correct, language=flags.language)

    def match(self, text: str) -> RuleMatches:
        """Return the notices whose rules hold for a question."""
        typed = self._tokenizer.typed(text)
        whole = self._tokenizer.tokens_of(typed)
        best: dict[str, int] = {}
        for tokens in self._windows(text, whole):
            for match in self._matches_in(_Mentions(tokens, self._terms)):
                best[match.group] = max(match.parts, best.get(match.group, 0))
        mentions = _Mentions(whole, self._terms)
        return RuleMatches(
            tuple(Match(group.id, best[group.id]) for group in self._groups if group.id in best),
            is_of_the_past=bool(mentions.past_illnesses()),
            said=_without_denials(text, typed, mentions),
        )

    def _windows(self, text: str, whole: list[Token]) -> Iterator[list[Token]]:
        if not whole or whole[-1].place < LONG_TEXT_WORDS:
            yield whole
            return
        for sentence in sentences(text):
            tokens = self._tokenizer.tokens(sentence)
            for start in range(0, max(1, len(tokens) - _WINDOW + _STRIDE), _STRIDE):
                yield tokens[start : start + _WINDOW]

    def _matches_in(self, mentions: _Mentions) -> Iterator[Match]:
        relatives, past_illnesses = mentions.clauses(_RELATIVE), mentions.past_illnesses()
        found: dict[str, list[_Mention]] = defaultdict(list)
        for name, spans in mentions.spans.items():
            for start, end in spans:
                if not mentions.is_denied(start, end):
                    clause = mentions.tokens[start].clause
                    is_past = (start, end) in past_illnesses or clause in mentions.past
                    found[name].append(_Mention(is_past, clause in relatives))
        raised: set[str] = set()
        for _, _, group, rule in sorted(
            entry for part in found for entry in self._by_first_part.get(part, ())
        ):
            if group.id in raised or not all(part in found for part in rule.needed):
                continue
            if any(part in found for part in rule.unless):
                continue
            if self._holds(group, rule.needed, found):
                raised.add(group.id)
                yield Match(group.id, len(rule.needed))

    def _holds(
        self, group: Group, needed: Sequence[str], found: Mapping[str, Sequence[_Mention]]
    ) -> bool:
        """Say whether the mentioned terms satisfy a rule, given their time and person.

        The patient's own past illness counts for notices to ask before treatment, a relative's
        does not. Some terms last: a cancer that was cured, a fall last month.
        """
        if group.history:
            return any(not mention.is_relatives for mention in found[needed[0]])
        if group.level is Level.CAUTION:
            return True
        now = [part for part in needed if any(not mention.is_past for mention in found[part])]
        return bool(now) and all(part in now or part in self._lasting for part in needed)


def _without_denials(text: str, typed: Sequence[TypedWord], mentions: _Mentions) -> str:
    """Return a text with its typos corrected, and without its denials.

    A denial goes from its "no" on, as far as that reaches.
    """
    denied = {
        place
        for negator in mentions.negators
        for place in range(negator.place, negator.place + NEGATION_REACH + 1)
    }
    clauses = {negator.clause for negator in mentions.negators}
    ruled_out = {token.clause for token in mentions.tokens if token.is_denied}
    if not clauses and not ruled_out and not any(word.is_corrected for word in typed):
        return text
    return " ".join(
        word.text
        for word in typed
        if word.clause not in ruled_out and not (word.clause in clauses and word.place in denied)
    )


def _distance(negator: Token, term: Token) -> int:
    """Return the distance of a term from a negator in words; an "or" between them shortens it."""
    return term.place - negator.place - _WORDS_AN_OR_BRIDGES * (term.ors - negator.ors)


def _vocabulary(flags: RedFlags, parts: Iterable[str]) -> set[str]:
    """Return every word of rules and of idioms: the words that typos are corrected to."""
    manner = flags.manner
    phrases = [
        *(text for texts in flags.terms.values() for text in texts),
        *(text for texts in manner.same.values() for text in texts),
        *parts,
        *manner.idioms,
        *manner.past,
        *manner.same,
    ]
    return {word for phrase in phrases for word in re.findall(r"[a-z]+", phrase.lower())}


def _named_illnesses(flags: RedFlags) -> Iterable[str]:
    """Yield the phrases of the first parts of rules of notices about history."""
    for group in flags.groups.values():
        for rule in group.rules if group.history else ():
            yield from flags.terms.get(rule.needed[0].removeprefix("@"), ())


def _own_words(group: Group, flags: RedFlags) -> tuple[Rule, ...]:
    """Return rules that raise a notice by its own heading and bullets, in every country."""
    texts = (group.title, group.heading, *group.bullets)
    numbers = (*flags.numbers.values(), Numbers()) if flags.numbers else ()
    every = {filled(text, of_country) for text in texts for of_country in numbers} - {""}
    return tuple(Rule((text,)) for text in sorted(every))


def _by_first_word(terms: Iterable[tuple[_Term, str]]) -> _Terms:
    names: dict[_Term, set[str]] = defaultdict(set)
    for term, name in terms:
        names[term].add(name)
    arranged: dict[str, list[tuple[_Term, list[str]]]] = defaultdict(list)
    for term in sorted(filter(None, names)):
        arranged[term[0]].append((term, sorted(names[term])))
    return arranged
