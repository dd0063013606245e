"""A generation: what is in it, how its files are written, read, checked and put together."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from index import manifest as manifests
from index import tables
from index.bank import Bank, read_votes, write_votes
from index.decision import Calibration, read_calibration, write_calibration
from index.encoder import DEFAULT_NAME, load_encoder
from index.errors import IndexDamagedError
from index.example_votes import ExampleVotes, read_example_votes, write_example_votes
from index.examples import example_questions
from index.language import Language, read_language, write_language
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.spelling import Speller
from index.types import NO_PASSAGE, Article, ClaimRow, Encoder, Passage, Reply, View
from index.vectors import VectorIndex
from index.words import topic_stems

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ARTICLES, _PASSAGES, _VIEWS = "articles.parquet", "passages.parquet", "views.parquet"
_VECTORS, _BANK, _VOTES = "vectors.faiss", "bank.parquet", "votes.npz"
_CALIBRATION, _LANGUAGE, _LEXICAL = "calibration.json", "language.json", "lexical"
_NOTICES, _CLAIMS, _REPLIES = "notices.npz", "claims.parquet", "replies.parquet"


@dataclass(frozen=True, slots=True)
class Stored:
    """A generation without the encoder that a search needs, on its way to the disk or from it.

    `vectors` has a row for each view; the views of a passage stand together, in the order of
    passages, and the bank's rows come last, in its order.
    """

    manifest: Manifest
    articles: tables.Rows[Article]
    passages: tables.Rows[Passage]
    views: tables.Rows[View]
    vectors: VectorIndex
    bank: Bank
    calibration: Calibration | None
    language: Language
    lexical: LexicalIndex
    notices: ExampleVotes
    claims: tables.Rows[ClaimRow]
    replies: Sequence[Reply]


@dataclass(frozen=True, slots=True)
class Index:
    """An opened generation with the encoder that built it: all that a search needs.

    `first_view` is int64 of shape (passages + 1,): the views of passage p are the rows
    `first_view[p]` up to `first_view[p + 1]`. The rows from `first_view[-1]` on are those of the
    bank, and stand in `view_passages` with the number of passages. `notices` are what the examples
    of urgent-symptom notices have taught; `claims` are those found in each article that has any, by
    its id. `view_spans` has shape (views, 2), -1 where a view is no sentence. `section_passages`
    are the rows of the passages of each section that the bank names; `subject` are topic words that
    only say what the bank's articles are about. `replies` are what its questions were answered.
    """

    generation: str
    manifest: Manifest
    articles: Mapping[str, Article]
    passages: tables.Rows[Passage]
    views: tables.Rows[View]
    view_passages: NDArray[np.int64]
    view_kinds: NDArray[np.object_]
    view_spans: NDArray[np.int64]
    passage_ids: NDArray[np.object_]
    section_passages: Mapping[str, NDArray[np.int64]]
    first_view: NDArray[np.int64]
    vectors: VectorIndex
    bank: Bank
    calibration: Calibration | None
    language: Language
    speller: Speller
    lexical: LexicalIndex
    notices: ExampleVotes
    claims: Mapping[str, tuple[ClaimRow, ...]]
    replies: Sequence[Reply]
    encoder: Encoder
    examples: tuple[str, ...]
    subject: frozenset[str]

    def article(self, article_id: str) -> Article | None:
        """Return an article by its id, or by the one that it had before its file was renamed."""
        return self.articles.get(self.manifest.former.get(article_id, article_id))


def equipped(folder: Path, stored: Stored, encoder: Encoder | None = None) -> Index:
    """Put a generation that was read from a folder together with the encoder that built it.

    Without one, that which its manifest names is loaded. Raises IndexMismatchError for another.
    """
    if encoder is None:
        name = stored.manifest.encoder.name
        encoder = load_encoder("" if name == DEFAULT_NAME else name)
    manifests.check_encoder(stored.manifest, encoder.info, folder / manifests.FILE_NAME)
    return assemble(stored, encoder)


def assemble(stored: Stored, encoder: Encoder) -> Index:
    """Put a generation and its encoder together, ready to be searched."""
    passages = len(stored.passages)
    view_passages = _owners(stored.views, passages)
    return Index(
        generation=stored.manifest.generation,
        manifest=stored.manifest,
        articles={article.id: article for article in stored.articles},
        passages=stored.passages,
        views=stored.views,
        view_passages=view_passages,
        view_kinds=stored.views.column("kind"),
        view_spans=np.stack([stored.views.column(edge) for edge in ("start", "end")], axis=1),
        passage_ids=stored.passages.column("id"),
        section_passages=_by_section(stored.passages, stored.bank.sections),
        first_view=np.searchsorted(view_passages, np.arange(passages + 1)),
        vectors=stored.vectors,
        bank=stored.bank,
        calibration=stored.calibration,
        language=stored.language,
        speller=Speller(stored.language.words),
        lexical=stored.lexical,
        notices=stored.notices,
        claims=_by_article(stored.claims),
        replies=stored.replies,
        encoder=encoder,
        examples=example_questions(stored.passages, stored.bank.rows),
        subject=_subject(stored),
    )


def _subject(stored: Stored) -> frozenset[str]:
    """Return the topic words of the titles of articles that the bank is about."""
    about = {section.partition("#")[0] for section in stored.bank.sections}
    titles = (a.title for a in stored.articles if a.id in about) if about else ()
    return frozenset(stem for title in titles for stem in topic_stems(title))


def read_generation(folder: Path) -> Stored:
    """Read a generation without its encoder, checking every file against the manifest."""
    manifest = manifests.read_manifest(folder / manifests.FILE_NAME)
    _check_files(folder, manifest)
    try:
        stored = Stored(
            manifest,
            tables.article_rows(tables.read_table(folder / _ARTICLES, tables.ARTICLES)),
            tables.passage_rows(tables.read_table(folder / _PASSAGES, tables.PASSAGES)),
            tables.view_rows(tables.read_table(folder / _VIEWS, tables.VIEWS)),
            VectorIndex.read(folder / _VECTORS),
            _read_bank(folder),
            read_calibration(folder / _CALIBRATION, tied_to=manifest.tied_to),
            read_language(folder / _LANGUAGE),
            LexicalIndex.read(folder / _LEXICAL),
            read_example_votes(folder / _NOTICES),
            tables.claim_rows(tables.read_table(folder / _CLAIMS, tables.CLAIMS)),
            tables.reply_rows(tables.read_table(folder / _REPLIES, tables.REPLIES)),
        )
    except (OSError, ValueError, LookupError, TypeError, EOFError, BadZipFile) as error:
        raise damaged(folder, "the files that ingest wrote", str(error)) from error
    found = {
        "articles": len(stored.articles),
        "passages": len(stored.passages),
        "views": len(stored.views),
        "vectors": stored.vectors.rows,
        "dimension": stored.vectors.dimension,
        "questions": len(stored.bank.rows),
    }
    counts = manifest.counts
    expected = {
        **{name: counts.get(name) for name in ("articles", "passages", "views", "questions")},
        "vectors": counts.get("views"),
        "dimension": manifest.encoder.dimension,
    }
    in_order = np.all(np.diff(_owners(stored.views, found["passages"])) >= 0)
    if found != expected or not in_order:
        raise damaged(folder, str(expected), str(found))
    return stored


def write_generation(folder: Path, stored: Stored) -> None:
    """Write a generation's files into an empty folder, the manifest last."""
    tables.write_table(stored.articles.table, folder / _ARTICLES)
    tables.write_table(stored.passages.table, folder / _PASSAGES)
    tables.write_table(stored.views.table, folder / _VIEWS)
    stored.vectors.write(folder / _VECTORS)
    tables.write_table(tables.bank_table(stored.bank.rows), folder / _BANK)
    write_votes(stored.bank, folder / _VOTES)
    write_calibration(stored.calibration, folder / _CALIBRATION)
    write_language(stored.language, folder / _LANGUAGE)
    stored.lexical.write(folder / _LEXICAL)
    write_example_votes(stored.notices, folder / _NOTICES)
    tables.write_table(stored.claims.table, folder / _CLAIMS)
    tables.write_table(tables.replies_table(stored.replies), folder / _REPLIES)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    records = {p.relative_to(folder).as_posix(): manifests.record_file(p) for p in files}
    manifest = dataclasses.replace(stored.manifest, files=records)
    manifests.write_manifest(manifest, folder / manifests.FILE_NAME)


def _by_article(claims: Iterable[ClaimRow]) -> dict[str, tuple[ClaimRow, ...]]:
    found: dict[str, list[ClaimRow]] = defaultdict(list)
    for claim in claims:
        found[claim.article_id].append(claim)
    return {article: tuple(rows) for article, rows in found.items()}


def _by_section(
    passages: tables.Rows[Passage], sections: Sequence[str]
) -> dict[str, NDArray[np.int64]]:
    """Return the rows of the passages of each of these sections, ascending: int64."""
    owners = passages.column("section_id")
    return {section: np.flatnonzero(owners == section) for section in sections}


def _read_bank(folder: Path) -> Bank:
    rows = tables.bank_rows(tables.read_table(folder / _BANK, tables.BANK))
    return read_votes(folder / _VOTES, rows)


def _owners(views: tables.Rows[View], passages: int) -> NDArray[np.int64]:
    """Return the passage of each view, `passages` for views that belong to none: int64."""
    owners = views.column("passage")
    return np.where(owners == NO_PASSAGE, passages, owners)


def _check_files(folder: Path, manifest: Manifest) -> None:
    for name, record in manifest.files.items():
        try:
            found = manifests.record_file(folder / name)
        except OSError as error:
            raise damaged(folder / name, "a file of the index", str(error)) from error
        if found != record:
            raise damaged(
                folder / name,
                f"{record.size_bytes} bytes, sha256 {record.sha256[:12]}",
                f"{found.size_bytes} bytes, sha256 {found.sha256[:12]}",
            )


def damaged(where: Path, expected: str, found: str) -> IndexDamagedError:
    """Make the error for a file that is not the one that ingest wrote."""
    return IndexDamagedError(
        "The index is damaged: a file is not the one that ingest wrote.",
        where=str(where),
        expected=expected,
        found=found,
        mend=manifests.REBUILD,
    )
