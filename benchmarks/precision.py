"""Passages embedded in bfloat16 against the same ones in float32: what is found."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.clinic_content import content_to_ingest
from benchmarks.ingest import ingest_quietly
from benchmarks.light import agreeing, outside_questions
from benchmarks.questions import bank_questions
from benchmarks.result import Cell, Result
from index.encoder import load_encoder
from index.errors import UsageError
from index.manifest import BFLOAT16, FLOAT32
from index.search import search
from index.store import open_index
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from benchmarks.options import Options

_SHARES = ("same first", "same five in order", "same outcome")


def measure(options: Options) -> Result:
    """Embed the views of an ingest in both, and ask both what is in the bank and outside of it.

    Raises UsageError on a processor without instructions for bfloat16.
    """
    encoder = load_encoder()
    faster = encoder.in_bfloat16()
    if faster is None:
        raise UsageError(
            "There is nothing to compare: everything is embedded in float32 here.",
            expected="a processor with instructions for bfloat16 (AVX-512 BF16 or AMX)",
            found="one without",
        )
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "built"
        ingest_quietly(content_to_ingest(options, Path(folder)), built, encoder)
        index = open_index(built)
        texts = index.views.texts("text")
        exact, short = encoder.encode(texts), faster.encode(texts)
        one, other = (replace(index, vectors=VectorIndex(vectors)) for vectors in (exact, short))
        asked = {"bank": bank_questions(built), "outside the bank": outside_questions()}
        cosines = np.sum(exact * short, axis=1, dtype=np.float64)
        rows: list[tuple[Cell, ...]] = [
            ("cosine, least", float(cosines.min())),
            ("cosine, mean", float(cosines.mean())),
        ]
        for source, questions in asked.items():
            found = [[search(own, question) for question in questions] for own in (one, other)]
            rows += [
                (f"{source}: {what}", share)
                for what, share in zip(_SHARES, agreeing(found[1], found[0]), strict=True)
            ]
    counted = " and ".join(f"{len(questions):,} ({name})" for name, questions in asked.items())
    return Result(
        name="precision",
        title=f"Passages embedded in {BFLOAT16} against {FLOAT32}",
        columns=("what", "figure"),
        rows=tuple(rows),
        notes=(
            f"{len(texts):,} views of {len(index.passages):,} passages in"
            f" {len(index.articles):,} articles; shares of {counted} questions, encoded by what"
            " serves. How much faster it is: table `ingest_bare`.",
        ),
    )
