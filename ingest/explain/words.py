"""The words of a file against those of the article that was read from it: pure.

Words are compared as a bag, because readers put columns, notes and tables into another order.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from core.text.characters import NO_SPACES
from core.text.paragraphs import paragraph_spans
from core.types import Article, Span
from index.store.manifest import WordCount

# Where nobody can tell whether a word goes on: after a hyphen at the end of a line, and between
# elements of a page that no space separates.
SEAM = "\x1f"
LEAST_KEPT = 0.97
_EXAMPLES = 5
_MOST_PARTS = 8  # of a word that seams divide
_LONG = 4  # letters; shorter words say little about what is missing
# A word, a tick or a cross; a letter of the scripts that put no space between words.
_WORD = re.compile(rf"[\u2713\u2717{NO_SPACES}]|[^\W_{NO_SPACES}]+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DIVIDED = re.compile(rf"[^\W_{NO_SPACES}]+(?:{SEAM}+[^\W_{NO_SPACES}]+)+")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2714\u2611\u2705", "\u2713"),
        **dict.fromkeys("\u2718\u2612\u274c", "\u2717"),
    }
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]")


@dataclass(frozen=True, slots=True)
class Accounting:
    """What became of the words of a file.

    `kept` of them are in the article. `left_out` are those that only the list of what was left out
    has, `lost` those that are nowhere; both are in the order of the file, `lost` without words that
    the article has in one piece.
    """

    kept: int
    left_out: Counter[str]
    lost: Counter[str]

    @property
    def count(self) -> WordCount:
        """The figures, and the longest words among the first that are lost."""
        words = list(self.lost)
        examples = [word for word in words if len(word) >= _LONG] or words
        return WordCount(
            self.kept, self.left_out.total(), self.lost.total(), tuple(examples[:_EXAMPLES])
        )


def account(own: str, article: Iterable[str], left_out: Iterable[str]) -> Accounting:
    """Look for each word of a file's own text in the texts of an article, and of what was left out.

    A word that occurs twice in the file must occur twice.
    """
    own = cleaned(own)
    words, have, left = Counter(words_of(own)), _bag(article), _bag(left_out)
    missing = words - have
    lost = missing - left
    if lost:
        _join(lost, (have + left) - words, own)
    only_left = missing & left
    return Accounting(words.total() - only_left.total() - lost.total(), only_left, +lost)


def texts_of(article: Article) -> Iterator[str]:
    """Yield the texts of an article that a search can return or show: title, headings, passages.

    A heading counts once for all sections under it. A heading that no section has is not among
    them: nobody can find it.
    """
    text, sections = article.text, article.sections
    first = next(iter(paragraph_spans(text)), Span(0, 0))
    is_title = not sections or first.end <= sections[0].body.start
    # The title in the text, because an editor may have given the article another one.
    yield text[first.start : first.end] if is_title else article.title
    path: tuple[str, ...] = ()
    for section in sections:
        yield from section.path[first_new(path, section.path) :]
        path = section.path
        yield text[section.body.start : section.body.end]


def first_new(before: Sequence[str], path: Sequence[str]) -> int:
    """Return the index of the first heading of a section that the section before is not under.

    The last one always is new: it begins the section.
    """
    alike = (a == b for a, b in zip(before, path[:-1], strict=False))
    return len(list(takewhile(bool, alike)))


def words_of(text: str) -> list[str]:
    """Return the words of a `cleaned` text, in order, without regard to capitals."""
    return [_plain(word) for word in _WORD.findall(text)]


def _plain(word: str) -> str:
    folded = word.casefold()
    # Pages of a PDF may give such a word letter by letter from either end.
    return min(folded, folded[::-1]) if _RIGHT_TO_LEFT.search(folded) else folded


def cleaned(text: str) -> str:
    """Return a text with one character for each that looks the same, and no invisible ones."""
    if text.isascii():
        return text
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_SIGNS)


def places(own: str, wanted: Counter[str], beside: Iterable[str]) -> list[Span]:
    """Return where the wanted words are in a file's `cleaned` own text, in reading order.

    Of a word that the texts `beside` have elsewhere, the places come first whose neighbours are not
    its neighbours there.
    """
    spans = [Span(*match.span()) for match in _WORD.finditer(own)]
    words = [_plain(own[span.start : span.end]) for span in spans]
    pairs = {pair for text in beside for pair in pairwise(words_of(cleaned(text)))}
    following = [pair in pairs for pair in pairwise(words)]
    support = [a + b for a, b in zip([False, *following], [*following, False], strict=True)]
    open_ = Counter(wanted)
    found = []
    for i in sorted(range(len(words)), key=lambda i: (support[i], i)):
        if open_[words[i]] > 0:
            open_[words[i]] -= 1
            found.append(spans[i])
    return sorted(found)


def _bag(texts: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts:
        found.update(words_of(cleaned(text)))
    return found


def _join(lost: Counter[str], surplus: Counter[str], own: str) -> None:
    """Remove from `lost` the parts of words that the article has in one piece, by `surplus`."""
    for match in _DIVIDED.finditer(own):
        parts = words_of(match.group())
        start = 0
        while start < len(parts) - 1:
            ends = range(min(len(parts), start + _MOST_PARTS), start + 1, -1)
            start = next((e for e in ends if _is_one(parts[start:e], lost, surplus)), start + 1)


def _is_one(parts: Sequence[str], lost: Counter[str], surplus: Counter[str]) -> bool:
    word, needed = "".join(parts), Counter(parts)
    if not surplus[word] or not needed <= lost:
        return False
    surplus[word] -= 1
    lost.subtract(needed)
    return True
