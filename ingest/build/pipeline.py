"""The ingest, step by step: from the content folder to a published generation.

`build` reads, makes, verifies and publishes; `make_generation` splits, embeds, learns, calibrates
and answers the question bank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from core.encoders.caching import CachingEncoder
from core.encoders.onnx import FOLDER
from core.files.atomic import TEMPORARY
from core.ids import article_of
from core.process import limit_blas_threads, no_collections, rare_collections
from core.types import BankRow, ClaimRow, Encoder, EncoderInfo, Passage
from index.bank.bank import fit_bank
from index.bank.lexicon import Lexicon, learn_lexicon, searched_text
from index.search.bm25 import LexicalIndex
from index.store import arrow_schema, generations
from index.store.arrow_rows import Rows
from index.store.manifest import generation_id
from index.store.opened import load, open_generation
from index.store.record import Generation
from index.vectors.location import move_vectors
from ingest.build.articles import Progress
from ingest.build.bank_answers import answer_bank
from ingest.build.bank_rows import bank_rows, card_conflicts
from ingest.build.calibration import ask, calibrate, questions_of
from ingest.build.content import Content, read_content
from ingest.build.embedding import embed_parts, encode_all, encode_bank
from ingest.build.inputs import generation_inputs, manifest_of, without_export
from ingest.build.passages import (
    Part,
    labels_of,
    passages_of,
    split_articles,
    too_long,
    views_of_parts,
    with_labels_of,
)
from ingest.build.previous import (
    PreviousGeneration,
    current_if_intact,
    generation_if_intact,
    rows_by_article,
)
from ingest.build.report import BuildReport, report_of
from ingest.claims.report import claim_row
from ingest.claims.review import review_claims
from ingest.encoder.serving_encoder import ServingEncoder, serving_encoder
from ingest.preview.invariants import invariants_warnings
from ingest.preview.review import require_invariants
from safety.notices.example_classifier import ExampleClassifier
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags import RedFlags


def build(
    folder: Path,
    built: Path,
    *,
    encoder_sha256: str,
    load_encoder: Callable[[], Encoder],
    progress: Progress,
    review: bool = False,
    force: bool = False,
    take_out: bool = False,
    vector_store: str = "",
) -> BuildReport:
    """Bring the index up to date with a content folder, or propose to, with `review`.

    Everything is read and checked before anything is written. A file that is skipped is a problem
    in the report and stops no other. Raises ContentError, with the old generation still online,
    when nothing can be published without what is wrong, and PublishError when an invariant does not
    hold, unless `force`, or the index cannot be written. With `take_out` patients may have fewer
    notices and telephone numbers than before. `vector_store` is the address of the server that
    holds the vectors, empty for files. Unchanged content publishes nothing and does not even load
    the encoder, whose hash is enough to know; but an export that failed is tried again.
    """
    limit_blas_threads()
    with rare_collections(), generations.writing(built):
        previous = PreviousGeneration(current_if_intact(built))
        content = read_content(folder, progress, previous, take_out=take_out)
        unheld = invariants_warnings(
            folder, {article.id for article in content.articles}, content.read.renamed_from
        )

        serving = cache(
            lambda: serving_encoder(
                encoder_sha256,
                load_encoder,
                previous,
                built / f"{TEMPORARY}{FOLDER}",
                content.questions,
            )
        )
        inputs = generation_inputs(folder, content, encoder_sha256, vector_store)
        if _export_failed_before(built, inputs, previous) and not serving().exported:
            inputs = without_export(inputs)
        if previous.stored and previous.stored.manifest.generation == generation_id(inputs):
            generations.discard(built)  # nobody wants the candidate's changes any longer
            return report_of(previous.stored, content, previous, unheld)

        # It may be on disk already, after a rollback or as the candidate.
        stored = generation_if_intact(built / generation_id(inputs))
        if stored is None:
            if serving().finding:
                inputs = without_export(inputs)
            stored = make_generation(
                content,
                inputs,
                serving(),
                progress,
                previous=previous,
                scratch=built / f"{TEMPORARY}vectors",
            )
            vectors = move_vectors(stored.vectors, vector_store, stored.manifest.generation)
            stored = replace(stored, vectors=vectors)

        if review:
            generations.stage(built, stored)
        else:
            if not force:
                _require_invariants(folder, built, stored, content.settings.red_flags, load_encoder)
            generations.publish(built, stored)
        return report_of(stored, content, previous, unheld, published=not review, proposed=review)


def make_generation(
    content: Content,
    inputs: Mapping[str, Any],
    serving: ServingEncoder,
    progress: Progress,
    *,
    previous: PreviousGeneration | None = None,
    scratch: Path | None = None,
) -> Generation:
    """Make a generation; what has not changed is taken from the previous one.

    Everything is encoded by what will serve, so that what is learned fits what patients get. The
    folder that the serving encoder lies in, and `scratch`, to which vectors are written, have to
    exist until the generation is written; without `scratch` all is in memory.
    """
    previous = previous or PreviousGeneration()
    encoder = serving.encoder
    asking = CachingEncoder(encoder, previous.asked_vectors(encoder.info.sha256))

    parts = split_articles(content.read, encoder, previous, progress)
    passages = passages_of(parts, previous)
    rows_of = rows_by_article(passages)
    review = review_claims(
        content.articles,
        content.decisions,
        passages=lambda article: _passages_of(passages, rows_of, [article]),
        known=_known_claims(content, previous),
        progress=progress,
    )
    labels = labels_of(passages, rows_of, review.claims, content.read.articles)
    passages = with_labels_of(passages, labels)
    views = views_of_parts(parts, previous)
    labelled = {article_of(section) for q in content.bank.questions for section in q.sections}
    rows = bank_rows(
        content.bank.questions,
        content.terms,
        content.routes.values(),
        _passages_of(passages, rows_of, labelled),
    )

    vectors, tokens = embed_parts(parts, encoder, previous, progress, scratch)
    with ThreadPoolExecutor(1) as threads:  # while the encoder computes, Python has nothing to do
        lexical = threads.submit(LexicalIndex.build, _headed_texts(passages))
        row_vectors = encode_bank(rows, asking, progress)

    bank, left_out = fit_bank(rows, row_vectors)
    notices = _learn_notices(content.settings.red_flags, encoder.info, asking, progress)
    manifest = manifest_of(
        content,
        inputs,
        encoder.info,
        counts={"passages": len(passages), "views": len(views), "questions": len(rows)},
        findings=[
            *content.findings,
            *too_long(content.read, parts, encoder, previous),
            *review.summaries,
            *review.unmatched,
            *card_conflicts(bank),
            *filter(None, [serving.finding]),
        ],
    )
    stored = Generation(
        manifest=manifest,
        articles=arrow_schema.article_rows(arrow_schema.articles_table(content.articles)),
        passages=passages,
        views=views,
        vectors=vectors,
        tokens=tokens,
        bank=bank,
        calibration=None,
        lexicon=_lexicon(parts, passages, rows, content, previous),
        notices=notices,
        claims=arrow_schema.claim_rows(arrow_schema.claims_table(map(claim_row, review.claims))),
        bank_answers=(),
        lexical=lexical.result(),
        exported=serving.exported,
        settings=content.settings.files,
    )

    index = open_generation(stored, asking)
    finder = NoticeFinder(content.settings.red_flags, notices)
    questions = questions_of(rows)
    with no_collections():
        asked = ask(index, questions, progress)
        calibration, warnings = calibrate(index, left_out, asked)
        index = replace(index, calibration=calibration)
        texts = [question.text for question in questions]
        bank_answers = answer_bank(index, texts, finder, progress, asked=asked)
    return replace(
        stored,
        calibration=calibration,
        bank_answers=bank_answers,
        manifest=replace(manifest, findings=(*manifest.findings, *warnings)),
    )


def _export_failed_before(
    built: Path, inputs: Mapping[str, Any], previous: PreviousGeneration
) -> bool:
    """Say whether these inputs were ingested without an export, and nothing else of them serves."""
    served = previous.stored.manifest.generation if previous.stored else None
    return served != generation_id(inputs) and (
        (built / generation_id(without_export(inputs))).is_dir()
    )


def _require_invariants(
    folder: Path, built: Path, stored: Generation, flags: RedFlags, encoder: Callable[[], Encoder]
) -> None:
    generation = built / stored.manifest.generation
    require_invariants(
        folder, flags, lambda: load(generation, stored, None if stored.exported else encoder())
    )


def _learn_notices(
    flags: RedFlags, reference: EncoderInfo, encoder: CachingEncoder, progress: Progress
) -> ExampleClassifier:
    return ExampleClassifier.fit(
        flags,
        lambda texts: encode_all(texts, encoder, progress, what="Embedding examples of notices"),
        encoder_sha256=reference.sha256,
    )


def _known_claims(
    content: Content, previous: PreviousGeneration
) -> Mapping[str, Sequence[ClaimRow]] | None:
    """Return the claims of the articles that have not changed, none of which may be new."""
    known = previous.claims()
    if known is None:
        return None
    return {article: known.get(article, ()) for article in content.read.unchanged}


def _passages_of(
    passages: Rows[Passage], rows: Mapping[str, range], articles: Iterable[str]
) -> list[Passage]:
    """Return the passages of some articles, in their order."""
    chosen = sorted(row for article in articles for row in rows.get(article, ()))
    return [passages[row] for row in chosen]


def _lexicon(
    parts: Sequence[Part],
    passages: Rows[Passage],
    rows: Sequence[BankRow],
    content: Content,
    previous: PreviousGeneration,
) -> Lexicon:
    """Count all words; those of kept passages were counted before."""
    before = previous.counted(part.kept for part in parts)
    new = passages if before is None else [p for part in parts for p in part.passages]
    return learn_lexicon(map(searched_text, new), rows, content.terms, before=before)


def _headed_texts(passages: Rows[Passage]) -> Iterator[tuple[str, str]]:
    """Yield the headings of each passage, or else its title, and its text."""
    columns = (passages.table["path"].to_pylist(), *map(passages.texts, ("title", "text")))
    for path, title, text in zip(*columns, strict=True):
        yield " ".join(path) or title, text
