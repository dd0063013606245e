"""What a measure reads, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.store.generations import DEFAULT_BUILT

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Options:
    """What a measure reads, and how long it may take.

    `built` holds the published generation, `content` is a clinic's folder, `articles` a folder of
    further articles for the ingest, `beir` a labelled collection in BEIR layout for `peers`. With
    `quick` a measure takes seconds and its figures mean nothing. `minutes` is the length of the
    soak.
    """

    built: Path = DEFAULT_BUILT
    content: Path = Path("content")
    articles: Path | None = None
    beir: Path | None = None
    quick: bool = False
    minutes: float = 60.0
