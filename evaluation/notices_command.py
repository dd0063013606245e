"""The command line of `python -m evaluation notices`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.notices_questions import FILE
from evaluation.notices_report import notices_as_text
from evaluation.report import heading, write_result
from index.types import EncoderInfo

if TYPE_CHECKING:
    from ingest.articles import Progress

_PROTOCOL = (
    "urgent-symptom notices: term rules alone, and both detectors together; intervals are "
    "bootstraps over the questions"
)
_NO_MODEL = EncoderInfo("none", "", 0, 0)


def notices_parser(results: Path, progress: Progress) -> argparse.ArgumentParser:
    """Return the parser; what it parsed has a `run` that returns the record, and a `text`."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation notices",
        description="Measure the urgent-symptom notices; needs no index.",
    )
    parser.add_argument(
        "--content", type=Path, default=Path("content"), help="the clinic's folder (%(default)s)"
    )
    parser.add_argument(
        "--questions",
        type=Path,
        default=FILE,
        metavar="FILE.csv",
        help="kind, group, question, note (those of the project)",
    )
    parser.add_argument(
        "--without-model", action="store_true", help="measure the term rules alone, in seconds"
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON on stdout")
    parser.add_argument(
        "--out",
        type=Path,
        default=results / "notices.json",
        metavar="FILE",
        help="the result (%(default)s)",
    )
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="where pictures go (beside the result)"
    )
    parser.set_defaults(run=_run(progress), text=notices_as_text)
    return parser


def _run(progress: Progress) -> Callable[[argparse.Namespace, str], dict[str, Any]]:
    def run(options: argparse.Namespace, command: str) -> dict[str, Any]:
        from evaluation.notices import measure
        from evaluation.notices_pictures import draw_notices
        from index.clinic import read_clinic
        from index.encoder import load_encoder

        encoder = None
        if not options.without_model:
            encoder = load_encoder(read_clinic(options.content).model)
        record = measure(
            options.content,
            encoder=encoder,
            progress=progress,
            questions=options.questions,
        )
        head = heading(
            command=command,
            encoder=encoder.info if encoder else _NO_MODEL,
            generation="none: nothing is searched",
            protocol=_PROTOCOL,
        )
        record = {**head, **record}
        write_result(record, options.out)
        draw_notices(record, options.pictures or options.out.parent)
        return record

    return run
