"""Whatever stands in a question or in a line of content, all that reads it is done in time.

Of a question half a second is the bar for each reader, and two for all of them together. Processor
time counts, and what is asserted is wide: a pattern that is not linear takes minutes.
"""

from __future__ import annotations

import gc
import importlib
import json
import pkgutil
import re
import string
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

import core
import evaluation
import index
import ingest
import safety
import ui
from core.errors import ContentError
from core.files.toml_file import TomlFile
from core.text import normalize
from core.text.characters import lines, one_line, strip_control_characters
from core.text.language import ENGLISH, is_understood
from core.text.normalize import MAX_QUERY_CHARS, QUOTED, clean_query, normalize_query
from core.text.paragraphs import paragraph_spans
from core.text.readability import size
from core.text.sentences import sentence_spans
from core.text.slugs import slug
from core.text.spelling import Speller
from core.text.tokens import content_stems, words_of
from index.intent import aspects, cries
from index.search.highlight import matched_terms
from index.search.pipeline import search
from index.store.generations import open_index
from ingest.build.views import is_question
from ingest.files.encoding import decode
from ingest.files.file_kinds import kind_of
from ingest.overlaps.reading import read_sentence
from ingest.readers.blocks import Block, with_bold_headings
from ingest.readers.html.page import parse_html
from ingest.readers.markdown.document import parse_markdown
from ingest.readers.markdown.front_matter import read_front_matter
from ingest.readers.plain_text import parse_plain_text
from ingest.readers.properties import person, without_site
from ingest.readers.proportions import check_proportions
from safety.claims import negation, patterns, patterns_other
from safety.claims.finder import find_claims
from safety.claims.vocabulary import Pattern
from safety.notices import tokenizer
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags_file import read_red_flags
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.paths import ROOT
from ui.api.response import UnreadableError, read_asked
from ui.counting import counts
from ui.counting.counts import is_sensitive
from ui.plain.routes import read as read_form

Readers = Mapping[str, Callable[[str], object]]

CHARS = MAX_QUERY_CHARS
IN_TIME = 2.0
EACH_IN_TIME = 1.0
# One pattern over a text of this length: linear ones take milliseconds.
LONG = 10_000
PATTERN_IN_TIME = 1.0
# The pieces of a passage and of a query by an encoder without any: cosines and offsets.
NO_PIECES = (np.zeros((0, 0), np.float32), np.zeros(0, np.int32))

SIGNS = [
    *string.printable,
    *"\u00e9\u00df\u0131\u0130\u03a9\u044f\u05d0\u0639\u0e01\u4e2d\u3042\ud55c\u00bd\u00b2\ufb01",
    *"\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u00b0\u20ac\u3002\u00a0\u3000\u2028\u0085",
    *"\u0301\u0345\u200b\u200d\ufeff\u00ad\u202e\U0001f642\U0001d7cf\U000e0041",
]
TURNS = [" ", "_", "-", "'", ",", ". ", "\n", "1", "a", '"', "+", "\u0301", "\u200b"]


def filled(unit: str, begin: str = "", chars: int = CHARS) -> str:
    return begin + (unit * chars)[: chars - len(begin)]


def in_turns(words: Iterable[str], signs: Iterable[str], chars: int = CHARS) -> Iterable[str]:
    """Yield each word alone, with each sign in turns, and before a row of that sign."""
    signs = list(signs)
    for word in words:
        yield filled(word, chars=chars)
        for sign in signs:
            yield filled(word + sign, chars=chars)
            yield filled(sign, word, chars=chars)


def words_in(source: str | bytes) -> list[str]:
    """Return the words that are written out in a pattern, each once."""
    plain = source.decode("latin-1") if isinstance(source, bytes) else source
    plain = re.sub(r"\\[a-zA-Z]|\(\?[a-zA-Z]*[:>]|\(\?P<\w+>", " ", plain)
    return sorted(set(re.findall(r"[A-Za-z]{2,}", plain)))


def some(items: list[str], most: int) -> list[str]:
    """Return at most so many of them, evenly spread."""
    return items[:: len(items) // most + 1]


def patterns_in(value: object, name: str) -> Iterable[tuple[str, re.Pattern[Any]]]:
    """Yield the patterns of a module's name, also those in tables, each with a name of its own."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from patterns_in(inner, f"{name}[{key}]")
    elif isinstance(value, (tuple, list)):
        for number, inner in enumerate(value):
            yield from patterns_in(inner, f"{name}[{number}]")


def patterns_of(*modules: ModuleType) -> list[re.Pattern[Any]]:
    return [
        pattern
        for module in modules
        for name, value in vars(module).items()
        for _, pattern in patterns_in(value, name)
    ]


def assert_in_time(
    readers: Readers,
    texts: Iterable[str],
    limit_s: float = IN_TIME,
    each_s: float = EACH_IN_TIME,
) -> None:
    for text in texts:
        taken = {}
        for name, read in readers.items():
            began = time.thread_time()
            read(text)
            taken[name] = time.thread_time() - began
        slowest = max(taken, key=lambda name: taken[name])
        said = f"{sum(taken.values()):.1f} s for {text[:40]!r}, {taken[slowest]:.1f} s by {slowest}"
        assert sum(taken.values()) < limit_s, said
        assert taken[slowest] < each_s, said


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking through all tests while a reader is timed."""
    gc.disable()
    yield
    gc.enable()


# -- questions -------------------------------------------------------------------------------------


def _api(text: str) -> None:
    with suppress(UnreadableError):
        read_asked(json.dumps({"query": text}).encode())


OF_ASPECTS: Readers = {
    "cry": cries.is_cry,
    "aspect": aspects.is_caution,
    "speaks": lambda text: [aspects.speaks_of(one, text) for one in aspects.Aspect],
    "about": lambda text: aspects.is_about(
        normalize_query(text), aspects.aspect_of(normalize_query(text)), text
    ),
}


@pytest.fixture
def of_questions(content: Path, built: Path, encoder: BagOfWordsEncoder) -> Readers:
    opened = open_index(built, encoder=encoder)
    words = words_of((ROOT / "content" / "red_flags.toml").read_text())
    speller = Speller(dict.fromkeys((word.stem for word in words), 1))
    finder = NoticeFinder(read_red_flags(ROOT / "content"))
    return {
        "clean_query": clean_query,
        "normalize_query": normalize_query,
        "words": words_of,
        "topics": content_stems,
        "language": lambda text: is_understood(text, ENGLISH),
        "quoted": lambda text: list(QUOTED.finditer(text)),
        "spelling": speller.correct,
        "notices": finder.find,
        "private words": is_sensitive,
        **OF_ASPECTS,
        "form": lambda text: read_form(urlencode({"q": text}).encode()),
        "api": _api,
        "marks": lambda text: matched_terms(text, {"neck"}, *NO_PIECES),
        "search": lambda text: search(opened, clean_query(text)),
        "search as typed": lambda text: search(opened, clean_query(f'+"{text}"')),
    }


@pytest.fixture
def content(content: Path) -> Path:
    return label_enough_to_calibrate(content)


@pytest.mark.parametrize("each", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_a_question_of_one_sign_is_read_in_time(of_questions: Readers, each: int) -> None:
    assert_in_time(of_questions, map(filled, SIGNS[::each]))


@pytest.mark.parametrize("most", [25, pytest.param(80, marks=pytest.mark.slow)])
def test_a_question_of_the_words_that_are_looked_for_is_read_in_time(
    of_questions: Readers, most: int
) -> None:
    sources = [p.pattern for p in patterns_of(counts, normalize, tokenizer, aspects, cries)]
    flags = read_red_flags(ROOT / "content")
    said = [
        *some(sorted({word for source in sources for word in words_in(source)}), 12),
        *some(sorted({text for texts in flags.terms.values() for text in texts}), 10),
        *some(sorted({*flags.manner.negators, *flags.manner.past, *flags.manner.idioms}), 10),
    ]
    texts = list(in_turns(said, TURNS))
    assert_in_time(of_questions, texts[:: len(texts) // most + 1])


@pytest.mark.parametrize("each", [30, pytest.param(1, marks=pytest.mark.slow)])
def test_each_word_of_the_rules_about_aspects_and_cries_is_read_in_time(each: int) -> None:
    sources = [p.pattern for p in patterns_of(aspects, cries)]
    words = sorted({word for source in sources for word in words_in(source)})
    assert len(words) > 300
    readers = {name: read for name, read in OF_ASPECTS.items() if name != "speaks"}  # content only
    assert_in_time(readers, (filled(f"{word} ") for word in words[::each]))


@pytest.mark.parametrize("word", ["ok", "hi", "please", "hello", "thanks", "neck thanks"])
def test_a_row_of_greetings_is_read_in_time(of_questions: Readers, word: str) -> None:
    assert_in_time(of_questions, [filled(f"{word} "), filled(f"{word}, "), filled("thanks ", word)])


def test_a_row_of_greetings_takes_no_more_than_other_words() -> None:
    """The square of the length took a tenth of a second here, and many read the plain form."""
    for word in ("ok ", "hi ", "please ", "hello ", "thanks "):
        for begin in ("", "neck "):
            assert_in_time({"normalize_query": normalize_query}, [filled(word, begin)], 0.03)


@pytest.mark.parametrize("begin", ["cut", "kill", "harm", "self", "end", "take my", "want to"])
def test_private_words_before_any_sign_are_looked_for_in_time(begin: str) -> None:
    reader = {"private words": is_sensitive}
    assert_in_time(reader, in_turns([begin], SIGNS), EACH_IN_TIME)
    assert_in_time(reader, (filled(f"{begin}_{sign}") for sign in SIGNS), EACH_IN_TIME)


def test_all_private_words_are_looked_for_in_time() -> None:
    words = words_in(counts._SENSITIVE.pattern)
    assert_in_time({"private words": is_sensitive}, in_turns(words, TURNS), EACH_IN_TIME)


# -- content ---------------------------------------------------------------------------------------


def _refusable(read: Callable[[str], object]) -> Callable[[str], None]:
    def reader(text: str) -> None:
        with suppress(ContentError):
            read(text)

    return reader


OF_CONTENT: Readers = {
    "decode": _refusable(lambda text: decode(text.encode("utf-8"), "a", is_page=True)),
    "decode Latin": _refusable(lambda text: decode(text.encode("cp1252", "ignore"), "a")),
    "kind": lambda text: kind_of(text.encode()),
    "front matter": _refusable(lambda text: read_front_matter(f"---\n{text}\n---\n", "a")),
    "toml": _refusable(lambda t: TomlFile(Path("a"), "", "").parse(t.encode())),
    "toml value": _refusable(lambda t: TomlFile(Path("a"), "", "").parse(f"a = {t}".encode())),
    "plain text": lambda text: parse_plain_text(text, "a", "A"),
    "markdown": _refusable(lambda text: parse_markdown(text, "a", "A")),
    "web page": _refusable(lambda text: parse_html(text, "a", "A")),
    "proportions": _refusable(lambda text: check_proportions(parse_plain_text(text, "a", "A"))),
    "paragraphs": paragraph_spans,
    "sentences": sentence_spans,
    "claims": find_claims,
    "overlaps": read_sentence,
    "reading age": lambda text: size(text, sentences=1),
    "slug": slug,
    "one line": one_line,
    "lines": lines,
    "steering": strip_control_characters,
    "question": is_question,
    "headings": lambda text: with_bold_headings([Block(text, bold=True), Block("Text.")]),
    "site": lambda text: without_site(text, "Clinic"),
    "person": person,
    "words": words_of,
}


@pytest.mark.parametrize("each", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_a_line_of_one_sign_is_read_in_time(each: int) -> None:
    assert_in_time(OF_CONTENT, map(filled, SIGNS[::each]), each_s=IN_TIME)


def _claim_words() -> list[str]:
    tables: tuple[Pattern, ...] = patterns.HIGH_CLAIMS + patterns_other.OTHER_CLAIMS
    sources = [p.words.pattern for p in tables]
    sources += [str(p.pattern) for p in patterns_of(negation)]
    return sorted({word for source in sources for word in words_in(source)})


def test_a_line_of_the_words_that_are_looked_for_is_read_in_time() -> None:
    texts = list(in_turns(_claim_words(), TURNS))
    assert_in_time(OF_CONTENT, texts[:: len(texts) // 80 + 1], each_s=IN_TIME)


@pytest.mark.parametrize(
    "line",
    [
        "zero pain" + " " * CHARS,
        "changed his" + " \n" * CHARS,
        "guaranteed" + "'-" * CHARS,
        "not guaranteed " * 300,
        "a." * CHARS,
        "a@" * CHARS,
        "a" * CHARS + "@" * CHARS,
        "www." * CHARS,
        "1,111" * CHARS,
        "[1 " * CHARS,
        "Question" + " " * CHARS,
        "<meta charset=" + " " * CHARS,
        "\u201ca " * CHARS,
    ],
)
def test_lines_that_once_took_the_square_of_their_length_are_read_in_time(line: str) -> None:
    assert_in_time(OF_CONTENT, [line[:CHARS]], each_s=IN_TIME)


# -- patterns --------------------------------------------------------------------------------------

# These are asked at one place only; searched for anywhere, they would try each place in turn.
ANCHORED = {
    "core.clinic_settings._SERVER",
    "ingest.files.file_kinds._PAGE",
    "ingest.overlaps.quantities._RANGE",
    "ingest.readers.pdf.layout.running._PAGE_NUMBER",
    "ingest.readers.pdf.paragraphs._CONTACT",
    "safety.claims.negation._QUESTION",
    "safety.claims.negation._AFTERWARDS",
    "safety.claims.negation._OWN_DENIAL",
    "safety.claims.negation._FINITE",
    "safety.notices.validation._KEY",
    "ingest.readers.blocks._QUESTION_MARK",
    "ingest.readers.sections._LABEL",
    "ingest.readers.html.page._BOILERPLATE",
    "ingest.readers.office.rtf._TYPED",
    "ingest.readers.word.styles._HEADING",
}


def _modules() -> Iterable[ModuleType]:
    for package in (core, index, safety, ingest, evaluation, ui):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


PATTERNS = {
    found: pattern
    for module in _modules()
    for name, value in vars(module).items()
    for found, pattern in patterns_in(value, f"{module.__name__}.{name}")
    if pattern.pattern
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if number % 4 else [])
        for number, name in enumerate(sorted(PATTERNS))
    ],
)
def test_no_pattern_takes_the_square_of_a_texts_length(name: str) -> None:
    pattern = PATTERNS[name]
    signs = [*" \n_-.,:'\"/@<=a1|&%", *some(sorted(set(str(pattern.pattern))), 8)]
    texts = [*map(filled, signs), *in_turns(some(words_in(pattern.pattern), 3), signs, LONG)]
    readers: dict[str, Callable[[str], object]] = {"match": pattern.match}
    if name not in ANCHORED:
        readers["search"] = lambda text: list(pattern.finditer(text))
    if isinstance(pattern.pattern, bytes):
        readers = {k: (lambda text, of=read: of(text.encode())) for k, read in readers.items()}
    assert_in_time(readers, texts, PATTERN_IN_TIME)
