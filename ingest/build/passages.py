"""The second step of an ingest: articles become passages, unchanged articles the same as before.

Kept passages and views stay rows of the previous generation's tables. They become no objects, so an
edited article costs little however many others there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from core.findings import Finding
from core.labels import READ_FROM_PICTURE
from core.types import Article, Encoder, Passage, ViewKind
from index.store import arrow_schema
from ingest.build.articles import ArticlesRead, Progress
from ingest.build.previous import PreviousGeneration
from ingest.build.splitter import SplitterSettings, split_article
from ingest.build.views import views_of
from ingest.claims.review import ReviewedClaim, with_labels
from ingest.readers.read import ReadArticle, content_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import View
    from index.store.arrow_rows import Rows

# The step of the findings about passages.
_STEP: Final = "split"


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring passages: rows that are `kept` of the previous generation, or else new ones.

    `views` are those of the new passages, which they number from 0.
    """

    kept: range = range(0)
    passages: Sequence[Passage] = ()
    views: Sequence[View] = ()

    def __len__(self) -> int:
        return len(self.kept) or len(self.passages)


def split_articles(
    read: ArticlesRead, encoder: Encoder, previous: PreviousGeneration, progress: Progress
) -> list[Part]:
    """Return the passages of all articles, in the order of the articles and of reading."""
    settings = SplitterSettings(max_tokens=encoder.info.max_tokens)
    before = previous.passages(encoder.info.sha256)
    parts: list[Part] = []
    new: list[Passage] = []
    for r in progress(read.articles, len(read.articles), "Splitting"):
        kept = before.get(r.article.id) if r.article.id in read.unchanged else None
        if kept is None:
            new += split_article(r.article, count_tokens=encoder.count_tokens, settings=settings)
            continue
        if new:
            parts.append(Part(passages=new, views=views_of(new)))
            new = []
        if parts and parts[-1].kept and parts[-1].kept.stop == kept.start:
            kept = range(parts.pop().kept.start, kept.stop)
        parts.append(Part(kept))
    return [*parts, Part(passages=new, views=views_of(new))] if new else parts


def passages_of(parts: Sequence[Part], previous: PreviousGeneration) -> Rows[Passage]:
    """Return the passages of all parts in their order, without labels."""
    nothing = arrow_schema.passages_table(())
    tables = [
        _kept(previous.stored.passages, part.kept)
        if part.kept and previous.stored
        else arrow_schema.passages_table(part.passages)
        for part in parts
    ]
    return with_labels_of(arrow_schema.passage_rows(pa.concat_tables([nothing, *tables])), {})


def with_labels_of(passages: Rows[Passage], labels: Mapping[int, Sequence[str]]) -> Rows[Passage]:
    """Return the passages with these labels by their rows, and no others."""
    column = [labels.get(row, ()) for row in range(len(passages))]
    at = passages.table.schema.get_field_index("labels")
    field = arrow_schema.PASSAGES.field("labels")
    return arrow_schema.passage_rows(
        passages.table.set_column(at, field, pa.array(column, field.type))
    )


def views_of_parts(parts: Sequence[Part], previous: PreviousGeneration) -> Rows[View]:
    """Return the views of all parts, those of a passage together, in the order of passages."""
    tables, counts = [arrow_schema.views_table(())], [np.zeros(0, np.int64)]
    for part in parts:
        if part.kept and previous.stored:
            tables.append(_kept(previous.stored.views, view_rows(part, previous)))
            first = previous.first_view[part.kept.start : part.kept.stop + 1]
            counts.append(np.diff(first))
        else:
            tables.append(arrow_schema.views_table(part.views))
            owners = np.array([view.passage for view in part.views], np.int64)
            counts.append(np.bincount(owners, minlength=len(part.passages)))
    each = np.concatenate(counts)
    numbers = np.repeat(np.arange(len(each), dtype=np.int64), each)
    table = pa.concat_tables(tables).combine_chunks()
    return arrow_schema.view_rows(
        table.set_column(0, arrow_schema.VIEWS.field("passage"), _column(numbers))
    )


def view_rows(part: Part, previous: PreviousGeneration) -> range:
    """Return the rows of the views of a kept part in the previous generation."""
    first = previous.first_view
    return range(int(first[part.kept.start]), int(first[part.kept.stop]))


def _kept(rows: Rows[Passage] | Rows[View], kept: range) -> pa.Table:
    return rows.table.slice(kept.start, len(kept))


def _column(numbers: NDArray[np.int64]) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def labels_of(
    passages: Rows[Passage],
    rows: Mapping[str, range],
    claims: Iterable[ReviewedClaim],
    articles: Iterable[ReadArticle],
) -> dict[int, tuple[str, ...]]:
    """Return the labels of passages by their rows; `rows` are those of each article's passages."""
    of_article: dict[str, list[ReviewedClaim]] = defaultdict(list)
    for claim in claims:
        of_article[claim.article_id].append(claim)
    found = {}
    for read in articles:
        own = rows.get(read.article.id, range(0))
        if not read.pictures and read.article.id not in of_article:
            continue
        labelled = with_labels(passages[own.start : own.stop], of_article[read.article.id])
        labelled = with_picture_labels(labelled, [read])
        found.update({row: p.labels for row, p in zip(own, labelled, strict=True) if p.labels})
    return found


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
    read: ArticlesRead, parts: Iterable[Part], encoder: Encoder, previous: PreviousGeneration
) -> list[Finding]:
    """Name the passages whose end the encoder does not see: sentences that cannot be cut."""
    articles = {r.article.id: r.article for r in read.articles}
    known = previous.findings(_STEP)
    kept = previous.passages(encoder.info.sha256)
    found: dict[str, list[Finding]] = {
        id_: [*known.get(id_, ())] for id_ in read.unchanged if id_ in kept
    }
    limit = encoder.info.max_tokens
    for part in parts:
        texts = [view for view in part.views if view.kind is ViewKind.TEXT]
        counts = encoder.count_tokens([view.text for view in texts])
        for view, count in zip(texts, counts, strict=True):
            if count > limit:
                passage = part.passages[view.passage]
                article = articles[passage.article_id]
                found.setdefault(article.id, []).append(_too_long(article, passage, count, limit))
    return [finding for id_ in articles for finding in found.get(id_, ())]


def _too_long(article: Article, passage: Passage, count: int, limit: int) -> Finding:
    return Finding(
        "warning",
        _STEP,
        f"one sentence of {count} word pieces with its headings; the model reads the first "
        f"{limit}. Divide the sentence.",
        source=content_path(article.source),
        article=article.id,
        where=passage.id,
    )
