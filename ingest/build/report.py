"""What an ingest did, for the person who ran it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from core.findings import Finding
from core.types import Article
from index.bank.question_bank import FILE_NAME as BANK
from ingest.build.splitter import words

if TYPE_CHECKING:
    from index.store.arrow_rows import Rows
    from index.store.record import Generation
    from ingest.build.content import Content
    from ingest.build.previous import PreviousGeneration


# How columns of the table are headed that are not named as their field.
_HEADS = {"left_out": "left out", "kept": "words kept"}


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """One row of the table that ingest prints: an article and what became of it.

    `state` is "new", "unchanged" or "changed" against what was published before, or "kept": the
    new file was skipped, and the previous version stays online. `left_out` are the words of the
    file that its reader left out with a reason; `kept` is the share that the article has of the
    others, "?" where nobody knows.
    """

    article: str
    state: str
    sections: int
    passages: int
    words: int
    left_out: int
    kept: str
    warnings: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an ingest did; `published` and `proposed` are False when nothing had changed.

    `proposed` says that the generation waits to be looked at. `problems` say what was skipped,
    `withdrawn` are the files of articles that would be served no longer.
    `served` are the articles of the generation themselves; `aside` counts the files beside articles
    that need no reader.
    """

    generation: str
    published: bool
    proposed: bool
    articles: tuple[ArticleReport, ...]
    withdrawn: tuple[str, ...]
    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    served: Rows[Article]
    aside: Mapping[str, int]


def report_of(
    stored: Generation,
    content: Content,
    previous: PreviousGeneration,
    more: Iterable[Finding] = (),
    *,
    published: bool = False,
    proposed: bool = False,
) -> BuildReport:
    """Return the report of an ingest that ended with this generation.

    `more` are warnings of now that the generation does not keep.
    """
    texts: dict[str, list[str]] = defaultdict(list)
    columns = (stored.passages.texts(name) for name in ("article_id", "text"))
    for article, text in zip(*columns, strict=True):
        texts[article].append(text)
    warnings = (*stored.manifest.warnings, *content.settings.warnings, *more)
    counts = Counter(finding.article for finding in warnings)
    counts_of_words = {id_: record.words for id_, record in stored.manifest.articles.items()}
    rows = [
        ArticleReport(
            article=article.source,
            state=_state(article, content, previous),
            sections=len(article.sections),
            passages=len(texts[article.id]),
            words=sum(map(words, texts[article.id])),
            left_out=found.left_out if found else 0,
            kept=found.percent_kept if found else "?",
            warnings=counts[article.id],
        )
        for article in stored.articles
        for found in [counts_of_words[article.id]]
    ]
    there = {row.article for row in rows} | set(content.read.copies)
    return BuildReport(
        generation=stored.manifest.generation,
        published=published,
        proposed=proposed,
        articles=tuple(rows),
        withdrawn=tuple(source for source in previous.articles if source not in there),
        # Those of now: a file that is skipped again may have another fault than last time.
        problems=tuple(finding for finding in content.findings if finding.is_error),
        warnings=warnings,
        served=stored.articles,
        aside=content.aside,
    )


def table_of(report: BuildReport) -> str:
    """Return a table of the articles with their sums, for a terminal."""
    names = [field.name for field in fields(ArticleReport)]
    columns = [[getattr(row, name) for row in report.articles] for name in names]
    last = [f"{len(report.articles)} in all", ""]
    for name, column in zip(names[2:], columns[2:], strict=True):
        last.append("" if name == "kept" else str(sum(column)))
    heads = [_HEADS.get(name, name) for name in names]
    texts = [
        [head, *map(str, column), total]
        for head, column, total in zip(heads, columns, last, strict=True)
    ]
    widths = [max(map(len, column)) for column in texts]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in zip(*texts, strict=True)
    )


def _state(article: Article, content: Content, previous: PreviousGeneration) -> str:
    if article.id in content.read.kept:
        return "kept"
    last = previous.articles.get(article.source)
    if last is None:
        return "new"
    return "unchanged" if last.article == article else "changed"


def skipped_text(report: BuildReport) -> str:
    """Return one line about how much was skipped and what is online instead."""
    labels = sum(problem.source == BANK for problem in report.problems)
    files = len(report.problems) - labels
    kept = sum(row.state == "kept" for row in report.articles)
    parts = []
    if files:
        parts.append(f"{_count(files, 'file was', 'files were')} skipped (see above).")
    if kept:
        parts.append(f"For {kept} of them the previous version stays online.")
    if labels:
        parts.append(
            f"{_count(labels, 'label was', 'labels were')} left out of {BANK} (see above)."
        )
    return " ".join(parts)


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}"
