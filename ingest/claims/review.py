"""Finds the claims in every sentence of every article, and the decisions about them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.findings import Finding
from core.labels import NOT_CHECKED
from core.text.characters import collapse_spaces
from core.text.paragraphs import paragraph_spans
from core.text.sentences import sentence_spans
from core.types import Article, ClaimKey, ClaimRow, Passage, Span, claim_key
from index.bank.absent import absent_warning, speller_of
from ingest.readers.read import content_path
from safety.claims.decisions import FILE_NAME, ClaimDecision
from safety.claims.finder import Claim, ClaimKind, Severity, find_claims

if TYPE_CHECKING:
    from ingest.build.articles import Progress

COMMAND = "python -m ingest claims"


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """A claim in an article, and the decision about it or None.

    `span` is the sentence's in `Article.text`, and `claim.span` lies inside the sentence. A
    claim in a heading names that heading, the section under it, and no passage; a claim in the
    title names no section either, and its span is empty where the text does not hold the title.
    `passage_id` is None too where no passages were given.
    """

    article_id: str
    section_id: str | None
    passage_id: str | None
    heading: str | None
    span: Span
    sentence: str
    claim: Claim
    decision: ClaimDecision | None

    @property
    def is_open(self) -> bool:
        """Say whether an editor still has to do something about it."""
        return self.decision is None or not self.decision.settles

    @property
    def key(self) -> ClaimKey:
        """What a decision about this claim names."""
        return claim_key(self.article_id, self.sentence, self.claim.kind)


@dataclass(frozen=True, slots=True)
class Review:
    """All claims, in the order of articles and of reading, and the warnings about them.

    `summaries` say how many claims of an article are open; `unmatched` name the decisions about
    claims that no article makes.
    """

    claims: tuple[ReviewedClaim, ...] = ()
    summaries: tuple[Finding, ...] = ()
    unmatched: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Paragraph:
    span: Span
    text: str
    section_id: str | None
    heading: str | None


def review_claims(
    articles: Sequence[Article],
    decisions: Iterable[ClaimDecision] | None,
    *,
    passages: Callable[[str], Sequence[Passage]] = lambda _article: (),
    known: Mapping[str, Sequence[ClaimRow]] | None = None,
    progress: Progress = lambda articles, _total, _what: articles,
) -> Review:
    """Find the claims of all articles, headings and titles included, and match the decisions.

    A decision is matched by article, kind and the sentence's exact words; white space is of no
    account. One that matches nothing is named in a warning. With None nobody looks for claims.
    `passages` returns those of an article, by its id; `known` are the claims of articles in which
    they were found before.
    """
    if decisions is None:
        return Review()
    decided = {decision.key: decision for decision in decisions}
    claims, summaries = [], []
    for article in progress(articles, len(articles), "Looking for claims"):
        rows = None if known is None else known.get(article.id)
        places = _found(article) if rows is None else _found_before(article, rows)
        own = passages(article.id) if places else ()
        found = [
            ReviewedClaim(
                article_id=article.id,
                section_id=paragraph.section_id,
                passage_id=_holder(own, span),
                heading=paragraph.heading,
                span=span,
                sentence=sentence,
                claim=claim,
                decision=decided.get(claim_key(article.id, sentence, claim.kind)),
            )
            for paragraph, span, sentence, claim in places
        ]
        claims += found
        summaries += _summary(article, found)
    keys = {claim.key for claim in claims}
    left = [decision for key, decision in decided.items() if key not in keys]
    return Review(tuple(claims), tuple(summaries), tuple(_unmatched(left, articles)))


_Found = tuple[_Paragraph, Span, str, Claim]


def _found(article: Article) -> list[_Found]:
    """Return the claims of an article, each with its paragraph and sentence."""
    return [
        (paragraph, span, sentence, claim)
        for paragraph in _paragraphs(article)
        for span, sentence in _sentences(paragraph)
        for claim in find_claims(sentence)
    ]


def _found_before(article: Article, rows: Sequence[ClaimRow]) -> list[_Found]:
    """Return the same from the claims that were found in these very words."""
    paragraphs = list(_paragraphs(article)) if rows else []
    return [
        (
            paragraphs[bisect_right(paragraphs, row.start, key=lambda p: p.span.start) - 1]
            if row.end
            else paragraphs[0],
            Span(row.start, row.end),
            row.sentence,
            Claim(ClaimKind(row.kind), Span(row.words_start, row.words_start + len(row.words))),
        )
        for row in rows
    ]


def once_each(claims: Iterable[ReviewedClaim]) -> list[ReviewedClaim]:
    """Return the claims without those that repeat a sentence: one decision is about all of them."""
    first: dict[ClaimKey, ReviewedClaim] = {}
    for claim in claims:
        first.setdefault(claim.key, claim)
    return list(first.values())


def with_labels(passages: Sequence[Passage], claims: Iterable[ReviewedClaim]) -> list[Passage]:
    """Return the passages, with a label on those that show an open claim of high severity.

    A passage is shown with its headings and its article's title, so claims in these count too.
    """
    held: set[str] = set()
    over: set[tuple[str, str]] = set()
    for claim in claims:
        if not claim.is_open or claim.claim.severity is not Severity.HIGH:
            continue
        if claim.heading is not None:
            over.add((claim.article_id, claim.heading))
        elif claim.passage_id is not None:
            held.add(claim.passage_id)
    return [
        replace(p, labels=(*p.labels, NOT_CHECKED))
        if p.id in held
        or any((p.article_id, collapse_spaces(h)) in over for h in (p.title, *p.path))
        else p
        for p in passages
    ]


def _paragraphs(article: Article) -> Iterator[_Paragraph]:
    """Yield the paragraphs of an article, with headings; first the title, if it is none of them.

    The span of such a title is empty.
    """
    title = collapse_spaces(article.title)
    if title not in {collapse_spaces(line) for line in article.text.splitlines()}:
        yield _Paragraph(Span(0, 0), title, None, title)
    section_ends = [section.body.end for section in article.sections]
    for paragraph in paragraph_spans(article.text):
        text = article.text[paragraph.start : paragraph.end]
        # Sections are in reading order; a heading belongs to the first section that ends after it.
        following = bisect_right(section_ends, paragraph.start)
        section = article.sections[following] if following < len(section_ends) else None
        heading = None
        if section is None or paragraph.start < section.body.start:
            heading = collapse_spaces(text)
            if section and heading not in map(collapse_spaces, section.path):
                section = None
        yield _Paragraph(paragraph, text, section.id if section else None, heading)


def _sentences(paragraph: _Paragraph) -> Iterator[tuple[Span, str]]:
    """Yield the sentences of a paragraph as the splitter sees them; a title is one sentence."""
    if not paragraph.span.end:
        yield paragraph.span, paragraph.text
        return
    start = paragraph.span.start
    for span in sentence_spans(paragraph.text):
        yield Span(start + span.start, start + span.end), paragraph.text[span.start : span.end]


def _holder(passages: Sequence[Passage], span: Span) -> str | None:
    """Return the id of the passage that holds a sentence; `passages` are an article's, in order."""
    last = bisect_right(passages, span.start, key=lambda p: p.start) - 1
    return passages[last].id if last >= 0 and span.end <= passages[last].end else None


def _summary(article: Article, found: Iterable[ReviewedClaim]) -> list[Finding]:
    claims = once_each(claim for claim in found if claim.is_open)
    if not claims:
        return []
    high = sum(claim.claim.severity is Severity.HIGH for claim in claims)
    what = "claim" if len(claims) == 1 else "claims"
    problem = f"{len(claims)} {what} to review ({high} high): {COMMAND}"
    source = content_path(article.source)
    return [Finding("warning", "claims", problem, source, article.id, where=article.source)]


def _unmatched(
    decisions: Sequence[ClaimDecision], articles: Sequence[Article]
) -> Iterator[Finding]:
    """Yield a warning for each decision that matches no claim, one for those without an article."""
    absent: dict[str, list[int]] = defaultdict(list)
    named = {decision.article for decision in decisions}
    texts = {article.id: _texts(article) if article.id in named else set() for article in articles}
    meant = speller_of(texts)
    for decision in decisions:
        article = decision.article
        if article in texts and decision.sentence not in texts[article]:
            problem = f"{article} no longer holds the sentence: {decision.sentence}"
        elif article in texts:
            problem = f"no claim of the kind {decision.kind} is found in: {decision.sentence}"
        elif other := meant(article):
            problem = f"there is no article {article}, perhaps {other}."
        else:
            absent[article].append(decision.line)
            continue
        where = f"{FILE_NAME}, line {decision.line}"
        yield Finding("warning", "claims", problem, FILE_NAME, where=where)
    if absent:
        yield absent_warning(FILE_NAME, absent)


def _texts(article: Article) -> set[str]:
    return {
        collapse_spaces(sentence)
        for paragraph in _paragraphs(article)
        for _, sentence in _sentences(paragraph)
    }
