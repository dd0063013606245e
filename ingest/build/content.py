"""The first step of an ingest: the content folder, read and checked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.findings import Finding, finding_of
from index.bank.absent import absent_warning
from index.bank.question_bank import FILE_NAME as BANK
from index.bank.question_bank import BankRead, labelled_sections, read_question_bank
from index.bank.route_cards import Route, read_routes
from index.bank.vocabulary import Term, read_vocabulary
from ingest.build.articles import ArticlesRead, Progress, may_be_picture, read_articles
from ingest.build.previous import PreviousGeneration
from ingest.build.settings import SettingsRead, ocr_of, read_settings_files
from ingest.explain.measure import count_words, warnings_of
from ingest.files.folder import files_aside, orphans
from ingest.overlaps.copies import copy_warning
from ingest.readers.read import ARTICLES_FOLDER, orphan_warning
from safety.claims.decisions import ClaimDecision, read_claim_decisions

if TYPE_CHECKING:
    from core.types import Article
    from index.store.manifest import WordCount
    from ingest.readers.ocr import Ocr


@dataclass(frozen=True, slots=True)
class Content:
    """The content folder, read and checked.

    `words` says by article how many words of its file it has, None where that could not be found.
    `orphans` are settings beside no article; `aside` counts pictures and the like by ending.
    `decisions` are those about claims; with None nobody looks for claims, as in collections that
    are searched only to be measured.
    """

    read: ArticlesRead
    bank: BankRead
    routes: Mapping[str, Route]
    terms: Sequence[Term]
    words: Mapping[str, WordCount | None] = field(default_factory=dict)
    orphans: Sequence[str] = ()
    aside: Mapping[str, int] = field(default_factory=dict)
    decisions: Sequence[ClaimDecision] | None = None
    settings: SettingsRead = field(default_factory=SettingsRead)

    @property
    def articles(self) -> list[Article]:
        """The articles to serve, in the order of their files."""
        return [read.article for read in self.read.articles]

    @property
    def questions(self) -> list[str]:
        """The bank's questions, as they are typed, in the order of the file."""
        return [row.question for row in self.bank.questions]

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the files, in the order in which an editor would look for it."""
        return [
            *self.read.skipped,
            *(finding_of(error, BANK) for error in self.bank.misspelt),
            *([absent_warning(BANK, self.bank.absent)] if self.bank.absent else []),
            *(warning for read in self.read.articles for warning in read.warnings),
            *(copy_warning(*pair) for pair in self.read.copies.items()),
            *(
                warning
                for article in self.articles
                if article.id in self.words and article.id not in self.read.kept
                for warning in warnings_of(article, self.words[article.id])
            ),
            *map(orphan_warning, self.orphans),
        ]


def read_content(
    content: Path,
    progress: Progress,
    previous: PreviousGeneration | None = None,
    *,
    take_out: bool = False,
) -> Content:
    """Read everything that an index is made of, articles only where they have changed.

    Raises ContentError for what nothing can be published without; `take_out` says that notices and
    telephone numbers may be fewer than those published.
    """
    previous = previous or PreviousGeneration()
    read = read_articles(
        content / ARTICLES_FOLDER,
        progress,
        ocr=ocr_for(content, previous.settings),
        known_ocr=previous.ocr,
        known=previous.articles,
        same_reader=previous.same_reader,
        renamed_from=previous.renamed_from,
        labelled=labelled_sections(content),
    )
    routes = read_routes(content)
    sections = {section.id for r in read.articles for section in r.article.sections}
    return Content(
        read=read,
        bank=read_question_bank(
            content, sections=sections, routes=routes, former=read.renamed_from
        ),
        routes=routes,
        terms=read_vocabulary(content),
        words=count_words(read, content / ARTICLES_FOLDER, progress, previous.records),
        orphans=orphans(content / ARTICLES_FOLDER),
        aside=files_aside(content / ARTICLES_FOLDER),
        decisions=read_claim_decisions(content),
        settings=read_settings_files(content, previous.settings, take_out=take_out),
    )


def ocr_for(content: Path, copies: Mapping[str, bytes]) -> Ocr | None:
    """Return Tesseract, None also where no file is a PDF: to ask for its version takes its time."""
    files = (content / ARTICLES_FOLDER).rglob("*")
    return ocr_of(content, copies) if any(may_be_picture(path.name) for path in files) else None
