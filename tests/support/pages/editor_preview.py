"""`python -m ingest --preview` with the encoder of the tests: CONTENT BUILT."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from index.store import opened
from ingest import __main__ as ingest
from tests.support.building import no_progress
from tests.support.fakes import BagOfWordsEncoder


def main() -> int:
    """Make a preview and print what it changes."""
    content, built = map(Path, sys.argv[1:])
    hidden: dict[Any, dict[str, Any]] = {
        ingest: {
            "load_encoder": lambda _model: BagOfWordsEncoder(),
            "encoder_sha256": lambda _model: BagOfWordsEncoder().info.sha256,
            "_progress": no_progress,
        },
        opened: {"load_encoder": lambda _model: BagOfWordsEncoder()},
    }
    for module, names in hidden.items():
        for name, stand_in in names.items():
            setattr(module, name, stand_in)
    return ingest.main(["--content", str(content), "--built", str(built), "--preview"])


if __name__ == "__main__":
    sys.exit(main())
