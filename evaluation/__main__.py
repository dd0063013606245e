"""`python -m evaluation`: how good search and notices are, on the bank, on a file, on any data."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from evaluation.report import as_json, as_text, heading, write_result
from index.errors import ClinicSearchError, UsageError
from index.store import DEFAULT_BUILT

RESULTS = Path("evaluation/results")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 with a message on stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = " ".join(["python -m evaluation", *map(shlex.quote, given)])
    named = _COMMANDS.get(given[0]) if given else None
    options = named().parse_args(given[1:]) if named else _parser().parse_args(given)
    try:
        record = options.run(options, command)
    except ClinicSearchError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        print(as_json(record) if options.json else options.text(record), flush=True)
    except BrokenPipeError:  # the reader of a pipe had enough (| head)
        sys.stderr.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation",
        description="Measure the search on the question bank, each question held out in its turn.",
        epilog="python -m evaluation beir DIR measures it on a collection in BEIR layout; "
        "python -m evaluation notices measures the urgent-symptom notices.",
    )
    parser.add_argument(
        "--built", type=Path, default=DEFAULT_BUILT, help="where the index is (%(default)s)"
    )
    parser.add_argument(
        "--content",
        type=Path,
        default=Path("content"),
        help="the content folder that the index must have been built from (%(default)s)",
    )
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE.csv",
        help="test these questions instead, by the index as it is published",
    )
    parser.add_argument(
        "--ablate", action="store_true", help="also with each part switched off, one by one"
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON on stdout")
    parser.add_argument(
        "--out", type=Path, default=RESULTS, help="where results and pictures go (%(default)s)"
    )
    parser.set_defaults(run=_bank, text=as_text)
    return parser


def _beir_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation beir",
        description="Measure the ranking on a collection in BEIR layout.",
    )
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="with corpus.jsonl, queries.jsonl, qrels/test.tsv"
    )
    parser.add_argument(
        "--ablate", action="store_true", help="also with each part switched off, one by one"
    )
    parser.add_argument("--json", action="store_true", help="the result as JSON on stdout")
    parser.set_defaults(run=_beir, text=as_text)
    return parser


def _notices_parser() -> argparse.ArgumentParser:
    from evaluation.notices_command import notices_parser

    return notices_parser(RESULTS, _progress)


# Those with parsers of their own; without a name the bank is measured.
_COMMANDS = {"beir": _beir_parser, "notices": _notices_parser}


def _bank(options: argparse.Namespace, command: str) -> dict[str, Any]:
    from evaluation.crossvalidation import ablate, cross_validate, judge_all
    from evaluation.folds import FOLDS, REPEATS
    from evaluation.pictures import draw
    from evaluation.questions import read_questions
    from evaluation.robustness import Robustness
    from evaluation.summary import summarise
    from index.store import open_index

    if options.questions and options.ablate:
        raise UsageError(
            "Parts are switched off on the bank, and not on questions from outside.",
            mend="leave out --ablate, or leave out --questions",
        )
    index = open_index(options.built)
    _check_current(options.content, options.built, index.manifest.inputs)
    record: dict[str, Any]
    ablation: list[dict[str, Any]] = []
    if options.questions:
        name = options.questions.stem
        questions = read_questions(
            options.questions,
            sections={s.id for article in index.articles.values() for s in article.sections},
            routes=index.bank.routes,
        )
        judged = judge_all(index, questions, _progress)
        protocol = "questions from outside, asked of the index as it is published"
        record = summarise(judged)
    else:
        name = "bank"
        _check_bank(index)
        robustness = Robustness()
        judged = cross_validate(index, _progress, robustness=robustness)
        protocol = (
            f"cross-validated over the bank: {FOLDS} folds, {REPEATS} times, every question held "
            "out of bank, words and calibration; intervals are bootstraps over the questions"
        )
        record = {**summarise(judged), "robustness": robustness.summary()}
        if options.ablate:
            ablation = ablate(index, judged, _progress)
            record["ablation"] = ablation
    head = heading(
        command=command,
        encoder=index.encoder.info,
        generation=index.generation,
        protocol=protocol,
    )
    record = {**head, **record}
    write_result(record, options.out / f"{name}.json")
    cut = index.calibration.answer_from if index.calibration else None
    draw(judged, options.out, name=name, ablation=ablation, answer_from=cut)
    return record


def _beir(options: argparse.Namespace, command: str) -> dict[str, Any]:
    from evaluation.beir import read_collection
    from evaluation.retrieval import evaluate_collection, index_collection
    from index.encoder import load_encoder

    collection = read_collection(options.folder)
    index = index_collection(collection, load_encoder(), _progress)
    head = heading(
        command=command,
        encoder=index.encoder.info,
        generation=index.generation,
        protocol=f"{options.folder.name}: every passage ranked, a document by its best passage",
    )
    return {**head, **evaluate_collection(index, collection, _progress, ablate=options.ablate)}


def _check_bank(index: Any) -> None:
    from index.types import BankRowKind

    questions = sum(row.kind is BankRowKind.QUESTION for row in index.bank.rows)
    if questions < 2:
        raise UsageError(
            "There is nothing to cross-validate over.",
            where="questions.csv",
            expected="at least two questions in the bank the index was built with",
            found=str(questions),
            mend="write questions into content/questions.csv, then run: python -m ingest",
        )


def _check_current(content: Path, built: Path, inputs: Any) -> None:
    """Refuse figures about an index that is not the one of this content folder."""
    import hashlib

    file = content / "questions.csv"
    found = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
    if inputs.get("questions") != found:
        raise UsageError(
            "The index was built with another question bank.",
            where=f"{built} and {file}",
            mend=f"python -m ingest --content {content} --built {built}",
        )


def _progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    from tqdm import tqdm

    # Silent for what is over at once, and where nobody watches.
    yield from tqdm(items, total=total, desc=what, delay=0.5, leave=False, disable=None)


if __name__ == "__main__":
    raise SystemExit(main())
