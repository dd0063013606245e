"""The ingest, step by step: from the content folder to a published generation.

`build` reads, makes, verifies and publishes; `make_generation` splits, embeds, learns, calibrates
and answers the question bank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from core.encoders.caching import CachingEncoder
from core.encoders.onnx import FOLDER
from core.files.atomic import TEMPORARY
from core.text.normalize import normalize_query
from core.types import BankRow, BankRowKind, Encoder, EncoderInfo, Passage
from index.bank.bank import fit_bank
from index.bank.lexicon import learn_lexicon
from index.search.bm25 import LexicalIndex
from index.store import arrow_schema, generations
from index.store.manifest import generation_id
from index.store.opened import load, open_generation
from index.store.record import Generation
from index.vectors.faiss_store import VectorIndex
from index.vectors.location import move_vectors
from index.vectors.token_vectors import TokenVectors
from ingest.build.articles import Progress
from ingest.build.bank_answers import answer_bank
from ingest.build.bank_rows import bank_rows, card_conflicts
from ingest.build.calibration import calibrate
from ingest.build.content import Content, read_content
from ingest.build.embedding import embed_views, encode_all, encode_questions
from ingest.build.inputs import generation_inputs, manifest_of, without_export
from ingest.build.passages import split_articles, too_long, with_picture_labels
from ingest.build.previous import PreviousGeneration, current_if_intact, generation_if_intact
from ingest.build.report import BuildReport, report_of
from ingest.build.views import views_of
from ingest.claims.report import claim_row
from ingest.claims.review import review_claims, with_labels
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
    with generations.writing(built):
        previous = PreviousGeneration(current_if_intact(built))
        content = read_content(folder, progress, previous, take_out=take_out)
        unheld = invariants_warnings(
            folder, {article.id for article in content.articles}, content.read.renamed_from
        )

        encoder = cache(load_encoder)
        scratch = built / f"{TEMPORARY}{FOLDER}"
        serving = cache(lambda: serving_encoder(encoder(), previous, scratch, content.questions))
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
                content, inputs, encoder(), progress, previous=previous, serving=serving()
            )
            vectors = move_vectors(stored.vectors, vector_store, stored.manifest.generation)
            stored = replace(stored, vectors=vectors)

        if review:
            generations.stage(built, stored)
        else:
            if not force:
                _require_invariants(folder, built, stored, content.settings.red_flags, encoder)
            generations.publish(built, stored)
        return report_of(stored, content, previous, unheld, published=not review, proposed=review)


def make_generation(
    content: Content,
    inputs: Mapping[str, Any],
    encoder: Encoder,
    progress: Progress,
    *,
    previous: PreviousGeneration | None = None,
    serving: ServingEncoder | None = None,
) -> Generation:
    """Make a generation in memory; texts that the previous one holds are not embedded again.

    Passages are embedded by `encoder`; questions, and whatever is compared with questions alone, by
    the encoder that will serve, so that what is learned fits what patients get. Without `serving`
    that is `encoder` itself. The folder that the serving encoder was exported to has to exist until
    the generation is written.
    """
    previous = previous or PreviousGeneration()
    serving = serving or ServingEncoder(encoder)
    asking = CachingEncoder(serving.encoder, previous.notice_vectors(encoder.info))

    passages = split_articles(content.read, encoder, previous, progress)
    review = review_claims(content.articles, content.decisions, passages=passages)
    passages = with_labels(passages, review.claims)
    passages = with_picture_labels(passages, content.read.articles)
    views = views_of(passages)
    rows = bank_rows(content.bank.questions, content.terms, content.routes.values(), passages)

    vectors, tokens, precision = embed_views(views, passages, encoder, previous, progress)
    questions = [normalize_query(row.text) for row in rows]
    row_vectors = encode_questions(questions, asking, progress)

    bank, left_out = fit_bank(rows, row_vectors)
    notices = _learn_notices(content.settings.red_flags, encoder.info, asking, progress)
    manifest = manifest_of(
        content,
        inputs,
        encoder.info,
        counts={"passages": len(passages), "views": len(views), "questions": len(rows)},
        precision=precision,
        findings=[
            *content.findings,
            *too_long(content.articles, passages, views, encoder),
            *review.summaries,
            *review.unmatched,
            *card_conflicts(bank),
            *filter(None, [serving.finding]),
        ],
    )
    stored = Generation(
        manifest=manifest,
        articles=arrow_schema.article_rows(arrow_schema.articles_table(content.articles)),
        passages=arrow_schema.passage_rows(arrow_schema.passages_table(passages)),
        views=arrow_schema.view_rows(arrow_schema.views_table(views)),
        vectors=VectorIndex(vectors),
        tokens=TokenVectors(tokens, encoder.info.token_dimension),
        bank=bank,
        calibration=None,
        lexicon=learn_lexicon(_texts(passages), rows, content.terms),
        notices=notices,
        claims=arrow_schema.claim_rows(arrow_schema.claims_table(map(claim_row, review.claims))),
        bank_answers=(),
        lexical=LexicalIndex.build((" ".join(p.path) or p.title, p.text) for p in passages),
        exported=serving.exported,
        settings=content.settings.files,
    )

    index = open_generation(stored, asking)
    calibration, warnings = calibrate(index, left_out)
    index = replace(index, calibration=calibration)
    finder = NoticeFinder(content.settings.red_flags, notices)
    return replace(
        stored,
        calibration=calibration,
        bank_answers=answer_bank(index, _questions(rows), finder, progress),
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


def _questions(rows: Iterable[BankRow]) -> list[str]:
    """Return what patients asked, as they typed it, without words of vocabulary and route cards."""
    return [row.text for row in rows if row.kind is BankRowKind.QUESTION]


def _texts(passages: Iterable[Passage]) -> list[str]:
    """Return all that a passage is searched by, in one text each."""
    return [" ".join([*passage.path, passage.text]) for passage in passages]
