"""`python -m evaluation`: measure the search and the notices."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from core.command_line import check_installed, content_option, run, show_progress
from core.errors import UsageError
from core.types import BankRowKind, EncoderInfo
from evaluation.notices.questions import FILE
from evaluation.notices.report import notices_as_text
from evaluation.report import as_json, as_text, heading, sentences_as_text, write_result
from evaluation.sentences.questions import FILE as SENTENCES
from index.store.generations import DEFAULT_BUILT

if TYPE_CHECKING:
    from evaluation.search.judging import Judged
    from index.store.opened import OpenIndex

RESULTS = Path("evaluation/results")
_NO_MODEL = EncoderInfo("none", "", 0, 0)
_PATH = click.Path(path_type=Path)


def _path(name: str, default: Path | None, metavar: str, text: str) -> Callable[[Any], Any]:
    return click.option(
        name, type=_PATH, default=default, show_default=True, metavar=metavar, help=text
    )


_content = content_option()
_json = click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")
_ablate = click.option(
    "--ablate", is_flag=True, help="Measure again with each part switched off in its turn."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 after an error, or 2 after a wrong option."""
    return run(cli, arguments, program="python -m evaluation")


@click.group(invoke_without_command=True)
@_path("--built", DEFAULT_BUILT, "DIR", "Where the index is.")
@_content
@_path("--questions", None, "FILE.csv", "Test these questions on the published index instead.")
@_ablate
@_json
@_path("--out", RESULTS, "DIR", "Where results and pictures go.")
@click.pass_context
def cli(
    context: click.Context,
    built: Path,
    content: Path,
    questions: Path | None,
    ablate: bool,
    is_json: bool,
    out: Path,
) -> None:
    """Measure the search on the question bank, each question held out in its turn.

    The index must have been built from the question bank of the content folder.
    """
    check_installed()
    if context.invoked_subcommand:
        for name in context.params:
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                raise click.UsageError("Write options after the name of the command.")
        return
    from evaluation.pictures import draw
    from index.store.generations import open_index

    if questions and ablate:
        raise UsageError(
            "--ablate measures the bank only, not questions from a file.",
            fix="leave out --ablate, or leave out --questions",
        )
    index = open_index(built)
    _check_current(content, built, index)
    name = questions.stem if questions else "bank"
    measured = _outside(index, questions) if questions else _bank(index, ablate=ablate)
    protocol, judged, figures = measured
    record = _headed(protocol, figures, index.encoder.info, index.generation)
    write_result(record, out / f"{name}.json")
    cut = index.calibration.answer_from if index.calibration else None
    draw(judged, out, name=name, ablation=record.get("ablation", ()), answer_from=cut)
    _show(record, as_text, is_json=is_json)


def _bank(index: OpenIndex, *, ablate: bool) -> tuple[str, list[Judged], dict[str, Any]]:
    from evaluation.search.crossvalidation import ablate as measure_parts
    from evaluation.search.crossvalidation import cross_validate
    from evaluation.search.folds import FOLDS, REPEATS
    from evaluation.search.robustness import Robustness
    from evaluation.search.summary import summarise

    questions = sum(row.kind is BankRowKind.QUESTION for row in index.bank.rows)
    if questions < 2:
        raise UsageError(
            "There are too few questions to cross-validate.",
            where="questions.csv",
            expected="at least two questions in the bank of the index",
            found=str(questions),
            fix="write questions into content/questions.csv, then run: python -m ingest",
        )
    robustness = Robustness()
    judged = cross_validate(index, show_progress, robustness=robustness)
    protocol = (
        f"cross-validated over the bank: {FOLDS} folds, {REPEATS} times, every question held "
        "out of bank, words and calibration; intervals are bootstraps over the questions"
    )
    figures = {**summarise(judged), "robustness": robustness.summary()}
    if ablate:
        figures["ablation"] = measure_parts(index, judged, show_progress)
    return protocol, judged, figures


def _outside(index: OpenIndex, file: Path) -> tuple[str, list[Judged], dict[str, Any]]:
    from evaluation.search.crossvalidation import judge_all
    from evaluation.search.questions import read_questions
    from evaluation.search.summary import summarise
    from index.bank.question_bank import section_ids

    sections = set(section_ids(index.articles.values()))
    questions = read_questions(file, sections=sections, routes=index.bank.routes)
    judged = judge_all(index, questions, show_progress)
    protocol = "questions from outside, asked of the index as it is published"
    return protocol, judged, summarise(judged)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@_ablate
@_json
def beir(folder: Path, ablate: bool, is_json: bool) -> None:
    """Measure the ranking on a collection in BEIR layout.

    DIR holds corpus.jsonl, queries.jsonl and qrels/test.tsv.
    """
    from core.encoders import load_encoder
    from evaluation.beir import read_collection
    from evaluation.search.retrieval import evaluate_collection, index_collection

    collection = read_collection(folder)
    index = index_collection(collection, load_encoder(), show_progress)
    record = _headed(
        f"{folder.name}: every passage ranked, a document by its best passage",
        evaluate_collection(index, collection, show_progress, ablate=ablate),
        index.encoder.info,
        index.generation,
    )
    _show(record, as_text, is_json=is_json)


@cli.command()
@_path("--built", DEFAULT_BUILT, "DIR", "Where the index is.")
@_path("--questions", SENTENCES, "FILE.csv", "Columns article, half, question, sentences.")
@_json
@_path("--out", RESULTS / "sentences.json", "FILE", "The result.")
def sentences(built: Path, questions: Path, is_json: bool, out: Path) -> None:
    """Measure the marked sentence, with the clinic's bank and without any.

    Asks common questions of the published index, and others of articles of the project's own.
    """
    from core.encoders import load_encoder
    from evaluation.search.retrieval import index_articles
    from evaluation.sentences.measure import ask, summarise
    from evaluation.sentences.questions import own_articles, read_mark_questions
    from index.store.generations import open_index

    index, own = open_index(built), own_articles()
    asked = read_mark_questions(questions, articles={**index.articles, **own})
    without_bank = index_articles(own.values(), load_encoder(), show_progress)
    marked = {
        "with a bank": ask(index, [one for one in asked if one.article not in own]),
        "without a bank": ask(without_bank, [one for one in asked if one.article in own]),
    }
    record = _headed(
        "the sentence marked on top, against those that a physiotherapist accepts; intervals are "
        "bootstraps over the questions",
        summarise(marked),
        index.encoder.info,
        index.generation,
    )
    write_result(record, out)
    _show(record, sentences_as_text, is_json=is_json)


@cli.command()
@_content
@_path("--questions", FILE, "FILE.csv", "Columns kind, group, question, note.")
@click.option("--without-model", is_flag=True, help="Measure the term rules alone, in seconds.")
@_json
@_path("--out", RESULTS / "notices.json", "FILE", "The result.")
@_path("--pictures", None, "DIR", "Where pictures go, if not beside the result.")
def notices(
    content: Path,
    questions: Path,
    without_model: bool,
    is_json: bool,
    out: Path,
    pictures: Path | None,
) -> None:
    """Measure the urgent-symptom notices; needs no index."""
    from core.clinic_settings import read_clinic
    from core.encoders import load_encoder
    from evaluation.notices.measure import measure
    from evaluation.pictures import draw_notices

    encoder = None if without_model else load_encoder(read_clinic(content).model)
    record = _headed(
        "urgent-symptom notices: term rules alone, and both detectors together; intervals are "
        "bootstraps over the questions",
        measure(content, encoder=encoder, progress=show_progress, questions=questions),
        encoder.info if encoder else _NO_MODEL,
        "none: nothing is searched",
    )
    write_result(record, out)
    draw_notices(record, pictures or out.parent)
    _show(record, notices_as_text, is_json=is_json)


def _headed(
    protocol: str, figures: dict[str, Any], encoder: EncoderInfo, generation: str
) -> dict[str, Any]:
    command = click.get_current_context().obj
    head = heading(command=command, encoder=encoder, generation=generation, protocol=protocol)
    return {**head, **figures}


def _show(record: dict[str, Any], text: Callable[[dict[str, Any]], str], *, is_json: bool) -> None:
    print(as_json(record) if is_json else text(record), flush=True)


def _check_current(content: Path, built: Path, index: OpenIndex) -> None:
    """Raise UsageError for an index that was built with another question bank."""
    file = content / "questions.csv"
    found = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
    if index.manifest.inputs.get("questions") != found:
        raise UsageError(
            "The index was built with another question bank.",
            where=f"{built} and {file}",
            fix=f"python -m ingest --content {content} --built {built}",
        )


if __name__ == "__main__":
    raise SystemExit(main())
