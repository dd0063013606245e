"""`python -m index`: search, look at and roll back the published index."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.errors import ClinicSearchError, UsageError
from index.search import DEFAULT_K, search
from index.store import (
    DEFAULT_BUILT,
    Index,
    current_generation,
    open_index,
    previous_generation,
    roll_back,
    writing,
)
from index.types import SearchResponse, Span


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 with a message on stderr."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ClinicSearchError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe had enough (| head)
        sys.stderr.close()
    return 0


def response_record(response: SearchResponse) -> dict[str, Any]:
    """Return a response as the JSON object that the README documents."""
    return {
        "query": response.query,
        "outcome": response.outcome.value,
        "route": response.route,
        "corrected_query": response.corrected_query,
        "also_searched": list(response.also_searched),
        "notices": [],
        "results": [
            {
                "rank": r.rank,
                "article_id": r.passage.article_id,
                "section_id": r.passage.section_id,
                "passage_id": r.passage.id,
                "heading": r.passage.heading,
                "text": r.passage.text,
                "score": round(r.score, 6),
                "sentence": asdict(r.sentence),
                "matched_view": {"kind": r.matched_view.kind.value, "text": r.matched_view.text},
                "labels": list(r.labels),
            }
            for r in response.results
        ],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m index", description="Search and look after the published index."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    finder = commands.add_parser("search", help="answer a question, or every line of a file")
    finder.add_argument("question", nargs="?", help="the question, in quotes")
    finder.add_argument("--file", type=Path, help="a file with one question a line ('-': stdin)")
    finder.add_argument("--json", action="store_true", help="one JSON object a line")
    finder.add_argument(
        "-k", type=_positive, default=DEFAULT_K, help="how many passages (%(default)s)"
    )
    finder.set_defaults(run=_search)

    status = commands.add_parser(
        "status", help="what is published, from what, and whether it is sound"
    )
    status.set_defaults(run=_status)

    show = commands.add_parser("show", help="print a passage, a section or an article by its id")
    show.add_argument("id", help="for example dry-needling-benefits#introduction")
    show.set_defaults(run=_show)

    back = commands.add_parser("rollback", help="serve the previous generation again")
    back.set_defaults(run=_roll_back)

    for command in (finder, status, show, back):
        command.add_argument(
            "--built", type=Path, default=DEFAULT_BUILT, help="where the index is (%(default)s)"
        )
    return parser


def _search(options: argparse.Namespace) -> None:
    if (options.question is None) == (options.file is None):
        raise UsageError(
            "Either a question or a file of questions is needed.",
            mend='python -m index search "my neck is stiff"',
        )
    # Checked before the model is loaded, which takes seconds.
    questions = [options.question] if options.file is None else _lines(options.file)
    index = open_index(options.built)
    for question in questions:
        response = search(index, question, k=options.k)
        if options.json:
            print(json.dumps(response_record(response), ensure_ascii=False), flush=True)
        else:
            print(_readable(response))


def _lines(file: Path) -> Iterable[str]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "The file of questions cannot be read.",
            where=str(file),
            expected="text in UTF-8, one question a line",
            found=str(getattr(error, "strerror", None) or "another encoding"),
            mend="correct the name or save the file as UTF-8",
        ) from error
    # Every line is answered, empty ones too, so that line i of the output belongs to line i.
    return text.removesuffix("\n").split("\n") if text else []


def _readable(response: SearchResponse) -> str:
    parts = [
        f"{response.outcome.value.replace('_', ' ').upper()}: {len(response.results)} passages"
    ]
    if response.route:
        parts.append(f"route card: {response.route}")
    if response.corrected_query:
        parts.append(f"showing results for: {response.corrected_query}")
    if response.also_searched:
        parts.append(f"also searched for: {', '.join(response.also_searched)}")
    for r in response.results:
        marked = _mark(r.passage.text, r.sentence)
        parts.append(
            f"\n{r.rank}. {r.passage.heading}  ({r.passage.title})\n"
            f"   score {r.score:.3f}, matched by {r.matched_view.kind.value}, {r.passage.id}\n"
            f"   {marked}"
        )
    return "\n".join(parts) + "\n"


def _mark(text: str, span: Span) -> str:
    return f"{text[: span.start]}>>{text[span.start : span.end]}<<{text[span.end :]}"


def _status(options: argparse.Namespace) -> None:
    generation = current_generation(options.built)
    index = open_index(options.built)
    print(f"generation  {generation}, sound")
    print(f"previous    {previous_generation(options.built) or 'none'}")
    print(f"encoder     {index.manifest.encoder.name}, sha256 {index.manifest.encoder.sha256[:12]}")
    for name, count in index.manifest.counts.items():
        print(f"{name:<11} {count}")
    for warning in index.manifest.warnings:
        print(f"warning     {warning}")


def _show(options: argparse.Namespace) -> None:
    index = open_index(options.built)
    article = index.articles.get(options.id.partition("#")[0])
    wanted = [p for p in index.passages if options.id in (p.id, p.section_id, p.article_id)]
    if article is None or not wanted:
        raise UsageError(
            "There is nothing with this id.",
            where=str(options.built),
            expected=_known_ids(index, options.id),
            found=options.id,
            mend="python -m index show ID",
        )
    for passage in wanted:
        print(f"{passage.id}\n  {passage.title} > {' > '.join(passage.path) or passage.heading}")
        print(f"  characters {passage.start} to {passage.end} of {article.source}")
        print(f"  {passage.text}\n")


def _known_ids(index: Index, wanted: str) -> str:
    article = index.articles.get(wanted.partition("#")[0])
    ids = [s.id for s in article.sections] if article else list(index.articles)
    return f"one of {', '.join(ids[:20])}{' ...' if len(ids) > 20 else ''}"


def _roll_back(options: argparse.Namespace) -> None:
    with writing(options.built):
        generation = roll_back(options.built)
    print(
        f"Generation {generation} serves again. The next ingest publishes the content folder anew."
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


if __name__ == "__main__":
    raise SystemExit(main())
