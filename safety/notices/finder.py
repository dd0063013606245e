"""Find the notices that a question raises, and decide how the page shows them: pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.text.normalize import has_words, normalize_query
from safety.notices.rules import LONG_TEXT_WORDS, TermRules
from safety.notices.tokenizer import Reader, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safety.notices.example_classifier import Encode, ExampleClassifier
    from safety.notices.red_flags import Group, Level, RedFlags
    from safety.notices.rules import Match

# More sentences than 500 characters can hold. Of a text with more, neighbours are compared with the
# examples together, or a thousand "no." would take a second.
MOST_PIECES = 170


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that a question raises.

    `is_information` means that the question asks about a symptom in general, and nobody has it: the
    page then shows the notice as one line that opens.
    """

    group: str
    level: Level
    is_information: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """The result of the term rules for a question, as in `TermRules.heard`; needs no model."""

    fired: tuple[Match, ...]
    is_beyond_examples: bool


class NoticeFinder:
    """Find notices by term rules, which need no model, and nearest examples, which only add.

    `own_words` as in TermRules.
    """

    def __init__(
        self, flags: RedFlags, nearest: ExampleClassifier | None = None, *, own_words: bool = True
    ) -> None:
        self.flags = flags
        self._rules = TermRules(flags, own_words=own_words)
        self._reader = Reader(flags.manner)
        self._nearest = nearest

    def hear(self, question: str) -> Heard:
        """Judge a question by the term rules."""
        fired, is_beyond_examples = self._rules.heard(question)
        return Heard(tuple(fired), is_beyond_examples)

    def find(
        self, question: str, encode: Encode | None = None, *, heard: Heard | None = None
    ) -> tuple[Notice, ...]:
        """Return the notices that a question raises, the most urgent first.

        Within a level, the notice whose rule has the most parts comes first, then the order of the
        file. `encode` makes vectors for the nearest examples; without it, or without learned
        examples, the term rules decide alone. Pass the result of `hear` for this question as
        `heard` to skip the rules. Never raises for any text.
        """
        heard = heard or self.hear(question)
        near: set[str] = set()
        if self._nearest and encode and not heard.is_beyond_examples:
            texts = [
                plain for piece in _pieces(question) if has_words(plain := normalize_query(piece))
            ]
            near = self._nearest.kinds_of(encode(texts)) if texts else near
        parts = {fired.group: fired.parts for fired in heard.fired}
        parts |= dict.fromkeys((near & set(self.flags.groups)) - set(parts), 0)
        order = list(self.flags.groups)
        information = bool(parts) and self._asks_in_general(question)
        found = [
            Notice(name, self.flags.groups[name].level, is_information=information)
            for name in sorted(parts, key=order.index)
        ]
        return tuple(sorted(found, key=lambda notice: (notice.level.order, -parts[notice.group])))

    def _asks_in_general(self, question: str) -> bool:
        manner = self.flags.manner
        return self._reader.begins_with(question, manner.asking) and not self._reader.says(
            question, manner.personal
        )


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
    first = groups[0]
    alone = [group for group in groups if not group.articles]
    full = tuple(_once([first, *alone]))
    return Display(
        full=full,
        others=tuple(g for g in groups if g.level is first.level and g not in full),
        is_strip=notices[0].is_information and not alone,
        articles=_articles(first.level, stand_alone=bool(alone)),
        related=not first.level.asks_to_act,
        counted=all(group.counted for group in groups),
    )


def _articles(level: Level, *, stand_alone: bool) -> Articles:
    if stand_alone:
        return Articles.HIDDEN
    return Articles.COLLAPSED if level.order == 0 else Articles.SHOWN


def _once(groups: Iterable[Group]) -> list[Group]:
    return list({group.id: group for group in groups}.values())


def _pieces(question: str) -> list[str]:
    """Return the texts to compare with the examples: the question and its sentences."""
    parts = _joined(sentences(question))
    whole = [question] if len(question.split()) <= LONG_TEXT_WORDS else []
    return [*whole, *(parts if len(parts) > 1 else [])] or parts


def _joined(parts: list[str]) -> list[str]:
    """Join neighbours until at most MOST_PIECES pieces are left; no text is lost."""
    together = -(-len(parts) // MOST_PIECES)
    if together <= 1:
        return parts
    return [" ".join(parts[at : at + together]) for at in range(0, len(parts), together)]
