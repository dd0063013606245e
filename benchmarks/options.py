"""What every benchmark is told: where the index, the content and the labelled collection lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.store import DEFAULT_BUILT

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CONTENT = Path("content")
DEFAULT_BEIR = ROOT.parent / "shared" / "data" / "beir_medquad_dev"
DEFAULT_ARTICLES = ROOT.parent / "shared" / "data" / "articles"
DEFAULT_MINUTES = 15.0


@dataclass(frozen=True, slots=True)
class Options:
    """The places that a benchmark reads, and whether it is only to show that it works.

    `built` holds the published generation, `content` is a clinic's folder, `beir` a collection as
    BEIR lays it out, `articles` a folder of more articles than the clinic's. With `quick` a
    benchmark takes seconds and its figures mean nothing. `minutes` is how long the soak lasts.
    """

    built: Path = DEFAULT_BUILT
    content: Path = DEFAULT_CONTENT
    beir: Path = DEFAULT_BEIR
    articles: Path = DEFAULT_ARTICLES
    quick: bool = False
    minutes: float = DEFAULT_MINUTES
