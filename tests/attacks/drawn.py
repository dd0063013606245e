"""Every page of the hostile clinic by name: what addresses answer, what Streamlit is handed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from index.coverage.measure import coverage_of
from index.coverage.next_steps import next_steps
from index.coverage.report import html as coverage_as_html
from index.reviews import review_rows
from index.search.pipeline import search
from index.store.generations import OpenIndex
from ingest.preview.report import as_html as preview_as_html
from ingest.preview.review import preview_candidate
from tests.attacks.payloads import PAYLOADS
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages.asgi import Answer, ask
from tests.support.pages.page_script import html_of, opened
from ui.languages import text
from ui.service import engine, notice_service, settings
from ui.service.catalogue import PER_PAGE

Pages = dict[str, str]
TODAY = date(2026, 3, 1)
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
STAFF = ("", "candidate", "questions", "cards", "publish", "discard", "roll-back")


def found(index: Any, question: str) -> engine.Answer:
    """Search as the page does."""
    return engine.Answer(search(index, question), notice_service.find(question))


def post(question: str, number: int, path: str = "/plain") -> Answer:
    """Send a question as the visitor of a number, by form or as JSON."""
    is_form = path == "/plain"
    body = f"q={quote_plus(question)}" if is_form else json.dumps({"query": question})
    kind = FORM if is_form else JSON
    client = f"10.1.0.{number}"
    return ask(path, method="POST", body=body.encode(), content_type=kind, client=client)


def for_everybody(index: OpenIndex) -> Pages:
    """Draw what the addresses for everybody answer."""
    paths = ("/", "/plain", "/plain/about", "/plain/article", "/notices")
    pages = {path: ask(path).text for path in paths}
    queries = [f"article={quote(article.id)}" for article in index.articles.values()]
    queries += [f"page={page + 1}" for page in range(-(-len(index.articles) // PER_PAGE))]
    ids = [index.passages[number].id for number in range(0, len(index.passages), 40)]
    for query in (*queries, *(f"like={quote(id_)}" for id_ in ids)):
        pages[f"/plain/article?{query}"] = ask("/plain/article", query=query).text
    return pages


def after_searches() -> Pages:
    """Draw what searches answer: the payload is asked, found, routed and raises its notice."""
    pages = {}
    for number, payload in enumerate(PAYLOADS):
        question = (payload, f"price {payload}", f"quasar{number}", f"neck {payload}")[number % 4]
        answer = post(question, number)
        assert answer.status == 200
        pages[f"/plain q={question}"] = answer.text
    return pages


def for_staff(content: Path, built: Path, index: OpenIndex) -> Pages:
    """Draw the pages for staff, and the files of a preview and of the coverage."""
    (content / "articles" / "t1.txt").write_text(f"{PAYLOADS[1]}\n\nNo neck and no back.\n")
    build_with(BagOfWordsEncoder(), content, built, review=True)
    preview = preview_candidate(content, built, no_progress)
    claims = [row for rows in index.claims.values() for row in rows]
    reviews = list(review_rows(index.articles.values(), today=TODAY))
    covered = coverage_of(index, articles=index.articles.values(), claims=claims, reviews=reviews)
    pages = {
        "preview.html": preview_as_html(preview),
        "coverage.html": coverage_as_html(covered, next_steps(covered), today=TODAY),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(settings.AUDIENCE_VARIABLE, "staff")
        pages |= {f"staff {part}": by_streamlit(view="staff", section=part) for part in STAFF}
        pages["desk"] = _at_desk(*PAYLOADS[:20])
        pages["desk, the rest"] = _at_desk(*PAYLOADS[20:])
    return pages


def by_streamlit(**address: str) -> str:
    """Draw an address of the page with a script."""
    html = html_of(opened(**address))
    assert text.FAILED not in html
    return html


def _at_desk(*questions: str) -> str:
    at = opened(view="desk")
    at.text_area[0].set_value("\n".join(questions))
    at.button[0].click().run()
    return html_of(at)
