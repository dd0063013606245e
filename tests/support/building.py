"""Build an index with an encoder that needs no model."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ingest.build.pipeline import build
from ingest.build.report import BuildReport
from tests.support.fakes import BagOfWordsEncoder


def no_progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    return items


def build_with(
    encoder: BagOfWordsEncoder,
    content: Path,
    built: Path,
    *,
    review: bool = False,
    take_out: bool = False,
) -> BuildReport:
    report = build(
        content,
        built,
        encoder_sha256=encoder.info.sha256,
        load_encoder=lambda: encoder,
        progress=no_progress,
        review=review,
        take_out=take_out,
    )
    loosen(built)
    return report


def loosen(built: Path) -> None:
    """Let whoever runs the tests damage the files of generations; root may anyway."""
    for path in built.glob("*/**/*"):
        if path.is_file():
            path.chmod(path.stat().st_mode | 0o200)
