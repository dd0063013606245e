"""False alarms: what the clinic publishes, and what people ask of it, raises a notice to act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluation.notices_detectors import Detectors, shares
from evaluation.notices_questions import is_serious
from index.question_bank import FILE_NAME
from ingest.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.types import Article
    from ingest.articles import Progress
    from ingest.prepare import Content

SENTENCES, BANK, TOGETHER = "article sentences", "bank questions", "together"


@dataclass(frozen=True, slots=True)
class Harmless:
    """A text that asks for no help, and where it stands."""

    what: str
    where: str
    text: str


def harmless_texts(content: Content) -> list[Harmless]:
    """Return every sentence of every article, headings apart, and every question of the bank."""
    articles = [read.article for read in content.read.articles]
    return [
        *(one for article in articles for one in _sentences(article)),
        *(
            Harmless(BANK, f"{FILE_NAME}, line {row.line}", row.question)
            for row in content.bank.questions
        ),
    ]


def measure_alarms(
    texts: Sequence[Harmless], detectors: Detectors, progress: Progress
) -> dict[str, Any]:
    """Return the share of texts that raise an emergency or urgent notice, and all that do."""
    rows, alarms = [], []
    for one in progress(texts, len(texts), "Harmless texts"):
        found = detectors.find(one.text)
        row = {name: float(is_serious(notices)) for name, notices in found.items()}
        rows.append((one.what, row))
        if any(row.values()):
            raised = {
                name: [notice.group for notice in notices if notice.level.asks_to_act]
                for name, notices in found.items()
            }
            alarms.append(
                {"what": one.what, "where": one.where, "text": one.text, "raised": raised}
            )
    return {
        "shares": shares([*rows, *((TOGETHER, row) for _, row in rows)], (SENTENCES, BANK)),
        "alarms": alarms,
    }


def _sentences(article: Article) -> Iterable[Harmless]:
    for section in article.sections:
        body = article.text[section.body.start : section.body.end]
        for span in sentence_spans(body):
            yield Harmless(SENTENCES, section.id, " ".join(body[span.start : span.end].split()))
