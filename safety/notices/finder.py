"""Find the notices that a question raises, and decide how the page shows them: pure."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.text.normalize import has_words, normalize_query
from safety.notices.red_flags import Level
from safety.notices.rules import LONG_TEXT_WORDS, TermRules
from safety.notices.tokenizer import Tokenizer, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from safety.notices.example_classifier import Encode, ExampleClassifier
    from safety.notices.red_flags import Group, RedFlags
    from safety.notices.rules import RuleMatches
    from safety.notices.wording_model import WordingModel

# More sentences than 500 characters can hold. Of a text with more, neighbours are compared with the
# examples together, or a thousand "no." would take a second.
MAX_PIECES = 170
# Words of a part of a long sentence; parts begin half of that apart, so many at most.
_WINDOW, _MOST_WINDOWS = 12, 10


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that a question raises.

    `is_information` means that the question asks about a symptom in general, and nobody has it: the
    page then shows the notice as one line that opens.
    """

    group: str
    level: Level
    is_information: bool = False


class NoticeFinder:
    """Find notices by term rules, which need no model, and by examples, which only add.

    `own_words` as in TermRules.
    """

    def __init__(
        self,
        flags: RedFlags,
        classifier: ExampleClassifier | None = None,
        *,
        own_words: bool = True,
    ) -> None:
        self.flags = flags
        self._rules = TermRules(flags, own_words=own_words)
        self._tokenizer = Tokenizer(flags.manner, language=flags.language)
        self._classifier = classifier
        self._wordings = _wordings_for(flags, classifier) if classifier else None

    def with_examples(self, classifier: ExampleClassifier) -> NoticeFinder:
        """Return a finder with the same rules that asks these examples too."""
        made = copy(self)
        made._classifier = classifier
        made._wordings = _wordings_for(self.flags, classifier)
        return made

    def match_rules(self, question: str) -> RuleMatches:
        """Judge a question by the term rules; this needs no model."""
        return self._rules.match(question)

    def find(
        self, question: str, encode: Encode | None = None, *, by_rules: RuleMatches | None = None
    ) -> tuple[Notice, ...]:
        """Return the notices that a question raises, the most urgent first.

        Within a level, the notice whose rule has the most parts comes first, then the order of the
        file. `encode` makes vectors for the example classifier; without it, or without a
        classifier, the term rules decide alone. Pass the result of `match_rules` for this question
        as `by_rules` to skip the rules. Never raises for any text.
        """
        by_rules = by_rules or self.match_rules(question)
        parts = {match.group: match.parts for match in by_rules.matches}
        if self._classifier and encode and not by_rules.is_of_the_past:
            pieces = [normalize_query(piece) for piece in pieces_of(by_rules.said)]
            texts = [text for text in pieces if has_words(text)]
            near = self._kinds_of(encode(texts)) if texts else set()
            parts = dict.fromkeys(near & set(self.flags.groups), 0) | parts
        is_information = bool(parts) and self._asks_in_general(question)
        found = [
            Notice(name, group.level, is_information=is_information)
            for name, group in self.flags.groups.items()
            if name in parts
        ]
        return tuple(sorted(found, key=lambda notice: (notice.level.order, -parts[notice.group])))

    def _kinds_of(self, vectors: NDArray[np.float32]) -> set[str]:
        """Return the notices that texts are near to: by the shipped model and the own examples."""
        found = self._classifier.kinds_of(vectors) if self._classifier else set()
        return found | self._wordings.kinds_of(vectors) if self._wordings else found

    def _asks_in_general(self, question: str) -> bool:
        manner = self.flags.manner
        return self._tokenizer.begins_with(
            question, manner.asking
        ) and not self._tokenizer.contains(question, manner.personal)


def _wordings_for(flags: RedFlags, classifier: ExampleClassifier) -> WordingModel | None:
    from safety.notices.wording_model import model_for  # loads numpy, which rules do without

    return model_for(flags.language, classifier.encoder)


def notice_records(notices: Sequence[Notice]) -> list[dict[str, str]]:
    """Return notices as the JSON objects that the README documents, the most urgent first."""
    return [{"group": notice.group, "level": notice.level.value} for notice in notices]


class Articles(StrEnum):
    """How the page shows the articles of a search below a notice."""

    SHOWN = "shown"
    COLLAPSED = "collapsed"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Display:
    """How notices are shown.

    `full` are drawn in full, the first before all others. `others` of the same level are named in
    one line. `is_strip` makes the first one line that opens. `related` says whether passages that
    do not answer may be shown at all: never under a notice that asks to act. `counted` says
    whether this search may appear in the clinic's counts.
    """

    full: tuple[Group, ...] = ()
    others: tuple[Group, ...] = ()
    is_strip: bool = False
    articles: Articles = Articles.SHOWN
    related: bool = True
    counted: bool = True


def display(notices: Sequence[Notice], flags: RedFlags) -> Display:
    """Decide how notices are shown: the most urgent in full, and all that hide the articles."""
    groups = [flags.groups[notice.group] for notice in notices if notice.group in flags.groups]
    if not groups:
        return Display()
    first = groups[0].level
    alone = [group for group in groups if not group.articles]
    full = tuple(dict.fromkeys(group.id for group in (groups[0], *alone)))
    if alone:
        articles = Articles.HIDDEN
    else:
        articles = Articles.COLLAPSED if first is Level.EMERGENCY else Articles.SHOWN
    return Display(
        full=tuple(flags.groups[name] for name in full),
        others=tuple(g for g in groups if g.level is first and g.id not in full),
        is_strip=notices[0].is_information and not alone,
        articles=articles,
        related=not first.asks_to_act,
        counted=all(group.counted for group in groups),
    )


def pieces_of(question: str) -> list[str]:
    """Return the texts to compare: the question, its sentences, and windows of long ones.

    Neighbouring sentences are joined until at most MAX_PIECES are left; no text is lost.
    """
    parts = sentences(question)
    if (size := -(-len(parts) // MAX_PIECES)) > 1:
        return [" ".join(parts[at : at + size]) for at in range(0, len(parts), size)]
    windows = [window for part in parts for window in _windows(part)]
    whole = [question] if len(question.split()) <= LONG_TEXT_WORDS else []
    return list(dict.fromkeys([*whole, *parts, *windows]))


def _windows(sentence: str) -> list[str]:
    """Return overlapping parts of a long sentence: in a story, what is urgent comes by the way."""
    words = sentence.split()
    if len(words) <= _WINDOW + _WINDOW // 4:
        return []
    # Of the longest questions the parts are longer and not more, or each would cost a search.
    size = max(_WINDOW, -(-2 * len(words) // _MOST_WINDOWS))
    stride = size // 2
    return [" ".join(words[at : at + size]) for at in range(0, len(words) - stride, stride)]
