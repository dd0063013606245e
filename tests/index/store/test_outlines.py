"""Outlines say of every article what its object says."""

from __future__ import annotations

from datetime import date

from core.types import Article, Provenance, Section, Span
from index.store.arrow_schema import article_rows, articles_table
from index.store.outlines import outlines

PARTS = (
    Section("backs#introduction", (), Span(0, 4)),
    Section("backs#at-night", ("Pain", "At night"), Span(5, 9)),
)
REVIEWED = Provenance("Jo", "Dr A", date(2026, 1, 3), date(2027, 1, 3), ("NHS", "NICE"))
ARTICLES = [
    Article("empty", "Nothing", "", (), "empty.txt", "0" * 64),
    Article("backs", "Backs", "Backs hurt", PARTS, "a/backs.md", "1" * 64, REVIEWED),
]


def test_an_outline_says_what_the_article_says() -> None:
    for rows in (ARTICLES, ARTICLES[::-1], ARTICLES[:1], []):
        table = articles_table(rows)
        for start in range(len(rows) + 1):  # a slice of a table has lists that begin elsewhere
            found = outlines(article_rows(table.slice(start)))
            for outline, article in zip(found, rows[start:], strict=True):
                assert outline.id == article.id
                assert (outline.title, outline.source) == (article.title, article.source)
                assert outline.provenance == article.provenance
                assert [(part.id, part.path, part.heading) for part in outline.sections] == [
                    (part.id, part.path, part.heading) for part in article.sections
                ]
