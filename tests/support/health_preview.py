"""`python -m ingest --preview` with the encoder of the tests: CONTENT BUILT."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from index import generation
from ingest import __main__ as ingest
from tests.support.fakes import WordCounts


def main() -> int:
    """Make a preview and print what it changes."""
    content, built = map(Path, sys.argv[1:])
    ingest.load_encoder = lambda _model: WordCounts()  # type: ignore[assignment]
    generation.load_encoder = lambda _model: WordCounts()  # type: ignore[assignment]
    ingest.encoder_sha256 = lambda _model: WordCounts().info.sha256

    def quiet(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
        return items

    ingest._progress = quiet  # type: ignore[assignment]
    return ingest.main(["--content", str(content), "--built", str(built), "--preview"])


if __name__ == "__main__":
    sys.exit(main())
