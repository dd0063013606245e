"""`python -m ingest`: bring the index up to date with the content folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from index.clinic import read_clinic
from index.encoder import encoder_sha256, load_encoder
from index.errors import ClinicSearchError
from index.store import DEFAULT_BUILT
from index.types import Encoder
from ingest.build import BuildReport, build


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 only when every article was taken."""
    options = _parser().parse_args(arguments)
    try:
        clinic = read_clinic(options.content)
        report = build(
            options.content,
            options.built,
            encoder_sha256=encoder_sha256(clinic.model),
            load_encoder=lambda: _load_encoder(clinic.model),
            progress=_progress,
        )
    except ClinicSearchError as error:
        print(f"Nothing was published.\n{error}", file=sys.stderr)
        return 1
    print(_table(report))
    for warning in report.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if report.published:
        print(f"Published generation {report.generation} to {options.built}.")
    else:
        print(f"Nothing has changed: generation {report.generation} goes on serving.")
    return 0


def _load_encoder(model: str) -> Encoder:
    # Said aloud, because it takes a few seconds without any other sign.
    print("Loading the model ...", file=sys.stderr, flush=True)
    return load_encoder(model)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Split the articles into passages, embed them and publish the index.",
    )
    parser.add_argument(
        "--content", type=Path, default=Path("content"), help="the content folder (%(default)s)"
    )
    parser.add_argument(
        "--built", type=Path, default=DEFAULT_BUILT, help="where the index goes (%(default)s)"
    )
    return parser


def _progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    from tqdm import tqdm

    # Silent for what is over at once, and where nobody watches.
    yield from tqdm(items, total=total, desc=what, delay=0.5, leave=False, disable=None)


def _table(report: BuildReport) -> str:
    import pandas as pd

    table = pd.DataFrame(report.articles)
    total = {"article": f"{len(table)} in all", **table.drop(columns="article").sum()}
    return str(pd.concat([table, pd.DataFrame([total])]).to_string(index=False))


if __name__ == "__main__":
    raise SystemExit(main())
