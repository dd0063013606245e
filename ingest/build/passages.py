"""The second step of an ingest: articles become passages, unchanged articles the same as before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.findings import Finding
from core.labels import READ_FROM_PICTURE
from core.types import Article, Encoder, Passage, View, ViewKind
from ingest.build.articles import ArticlesRead, Progress
from ingest.build.previous import PreviousGeneration
from ingest.build.splitter import SplitterSettings, split_article
from ingest.readers.read import ReadArticle, content_path


def split_articles(
    read: ArticlesRead, encoder: Encoder, previous: PreviousGeneration, progress: Progress
) -> list[Passage]:
    """Return the passages of all articles, in the order of the articles and of reading."""
    settings = SplitterSettings(max_tokens=encoder.info.max_tokens)
    before = previous.passages(encoder.info)
    passages: list[Passage] = []
    for r in progress(read.articles, len(read.articles), "Splitting"):
        if r.article.id in read.unchanged and r.article.id in before:
            passages += before[r.article.id]
        else:
            passages += split_article(
                r.article, count_tokens=encoder.count_tokens, settings=settings
            )
    return passages


def with_picture_labels(
    passages: Sequence[Passage], articles: Iterable[ReadArticle]
) -> list[Passage]:
    """Return the passages, with a label on those that were read from a picture, even in part."""
    pictures = {read.article.id: read.pictures for read in articles if read.pictures}
    return [
        replace(passage, labels=(*passage.labels, READ_FROM_PICTURE))
        if any(
            span.start < passage.end and passage.start < span.end
            for span in pictures.get(passage.article_id, ())
        )
        else passage
        for passage in passages
    ]


def too_long(
    articles: Sequence[Article],
    passages: Sequence[Passage],
    views: Sequence[View],
    encoder: Encoder,
) -> list[Finding]:
    """Name the passages whose end the encoder does not see: sentences that cannot be cut."""
    sources = {article.id: content_path(article.source) for article in articles}
    texts = [view for view in views if view.kind is ViewKind.TEXT]
    limit = encoder.info.max_tokens
    counts = encoder.count_tokens([view.text for view in texts])
    return [
        Finding(
            "warning",
            "split",
            f"one sentence of {count} word pieces with its headings; the model reads the first "
            f"{limit}. Divide the sentence.",
            source=sources[passage.article_id],
            article=passage.article_id,
            where=passage.id,
        )
        for view, count in zip(texts, counts, strict=True)
        for passage in [passages[view.passage]]
        if count > limit
    ]
