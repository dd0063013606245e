"""What the searches are compared on: a labelled collection, and the clinic's own bank."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.options import DEFAULT_BEIR, Options
from benchmarks.peer_figures import Question
from benchmarks.peer_runs import Corpus
from benchmarks.provenance import told
from evaluation.beir import read_collection
from evaluation.questions import QuestionKind, labelled
from index import store
from index.errors import UsageError
from index.types import BankRowKind

BEIR, BANK = "beir", "article"
_QUICK_QUERIES, _QUICK_DOCUMENTS, _QUICK_QUESTIONS = 8, 16, 8


def has_collection(options: Options, without: str) -> bool:
    """Say whether there is a labelled collection, and aloud what is left out without one.

    Raises ContentError for a folder that was asked for and is not there.
    """
    if options.beir.is_dir():
        return True
    if options.beir != DEFAULT_BEIR:
        read_collection(options.beir)
    print(
        f"Left out: {without}. There is no labelled collection in {told(DEFAULT_BEIR)};"
        " name another one: --beir DIR",
        file=sys.stderr,
        flush=True,
    )
    return False


def labelled_collection(options: Options, folder: Path) -> Corpus:
    """Return the BEIR collection; a quick one is written into `folder`."""
    source = _reduced(options.beir, folder / "reduced") if options.quick else options.beir
    source = source.resolve()
    collection = read_collection(source)
    asked = tuple(
        Question(text, collection.relevance[name]) for name, text in collection.queries.items()
    )
    return Corpus(BEIR, source, asked, "article_id")


def _reduced(source: Path, target: Path) -> Path:
    """Write a collection with a few queries, what answers them, and a few documents more."""
    whole = read_collection(source)
    queries = list(whole.queries)[:_QUICK_QUERIES]
    wanted = {document for query in queries for document in whole.relevance[query]}
    wanted |= {document.id for document in whole.documents[:_QUICK_DOCUMENTS]}
    (target / "qrels").mkdir(parents=True)
    _write_lines(
        target / "corpus.jsonl",
        (
            json.dumps({"_id": d.id, "title": d.title, "text": d.text})
            for d in whole.documents
            if d.id in wanted
        ),
    )
    _write_lines(
        target / "queries.jsonl",
        (json.dumps({"_id": query, "text": whole.queries[query]}) for query in queries),
    )
    kept = {document.id for document in whole.documents} & wanted
    judged = [
        f"{query}\t{document}\t{grade}"
        for query in queries
        for document, grade in whole.relevance[query].items()
        if document in kept
    ]
    _write_lines(target / "qrels" / "test.tsv", ["query-id\tcorpus-id\tscore", *judged])
    return target


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def question_bank(options: Options) -> Corpus:
    """Return the answerable questions of the bank, over the articles of what is published.

    Raises UsageError where there is none, and what opening an index raises.
    """
    rows = [
        r for r in store.read_current(options.built).bank.rows if r.kind is BankRowKind.QUESTION
    ]
    asked = [one for one in labelled(rows) if one.kind is QuestionKind.ANSWERABLE]
    if not asked:
        raise UsageError(
            "There is no labelled question to ask.",
            where=str(options.built),
            mend="write questions into content/questions.csv, then run: python -m ingest",
        )
    asked = asked[:_QUICK_QUESTIONS] if options.quick else asked
    questions = tuple(Question(one.text, dict.fromkeys(one.sections, 1)) for one in asked)
    return Corpus(BANK, options.built.resolve(), questions, "section_id")
