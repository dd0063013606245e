"""Our search beside txtai, Chroma and the demo of thirty lines: same texts, same model, one run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from benchmarks.options import ROOT, Options
from benchmarks.peer_corpora import has_collection, labelled_collection, question_bank
from benchmarks.peer_figures import latency, quality
from benchmarks.peer_own import silent
from benchmarks.peer_runs import Answers, Bench, Compared, Corpus
from benchmarks.peer_tables import OURS, Measured, found_table, speed, weight
from benchmarks.result import Result
from index import store
from index.errors import UsageError

_REQUIREMENTS = Path("benchmarks") / "requirements-peers.txt"


def measure(options: Options) -> list[Result]:
    """Measure speed, weight and quality of all; minutes, and much longer where packages lack.

    Without a labelled collection all of it is over the clinic's own articles alone.
    Raises UsageError when the others cannot be installed or there is no bank to ask.
    """
    is_labelled = has_collection(options, "the labelled collection (in all tables)")
    fleet = compared(peers_python(ROOT))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        corpora = [question_bank(options)]
        if is_labelled:
            corpora.insert(0, labelled_collection(options, folder))
        bench = Bench(fleet, folder, ROOT, _say)
        found = {corpus.name: _measured(bench, corpus, options) for corpus in corpora}
        starts = bench.start(corpora[0], rounds=1 if options.quick else 5)
    crossed = _crossed(options)
    return [speed(found), weight(found[corpora[0].name], starts), found_table(found, crossed)]


def compared(python: Path) -> tuple[Compared, ...]:
    """Return all that are compared, ours first; the others run on an interpreter of theirs."""
    theirs = {"txtai": "txtai", "Chroma": "chroma", "rank-bm25 + s-t": "simple"}
    return (
        Compared(OURS, (sys.executable, "-m", "benchmarks.peer_own")),
        *(Compared(n, (str(python), "-m", f"benchmarks.peer_{m}")) for n, m in theirs.items()),
    )


def peers_python(root: Path) -> Path:
    """Return the interpreter that has the others, after installing them where they lack.

    They get a new environment with the packages of requirements.txt, at the same versions, and
    their own beside them; the project's own environment stays as it is. Raises UsageError.
    """
    folder = root / ".venv-peers"
    python, stamp = folder / "bin" / "python", folder / "installed"
    files = [*root.glob("requirements*.txt"), root / _REQUIREMENTS]
    if stamp.exists() and all(stamp.stat().st_mtime >= file.stat().st_mtime for file in files):
        return python
    _say(f"installing {_REQUIREMENTS} into .venv-peers (a few minutes, 2.4 GB)")
    pip = (str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    wanted = [option for file in requirement_files(root) for option in ("-r", str(file))]
    new = (sys.executable, "-m", "venv", str(folder))
    for command in (new, (*pip, "--require-hashes", *wanted)):
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise UsageError(
                "The searches to compare with cannot be installed.",
                where=str(_REQUIREMENTS),
                found=done.stderr.strip()[-600:],
                mend="connect to a package index, then run: python -m benchmarks peers",
            )
    stamp.touch()
    return python


def requirement_files(root: Path) -> list[Path]:
    """Return what is installed for the others, PyTorch in the build that is installed here."""
    build = "cpu" if metadata.version("torch").endswith("+cpu") else "cuda"
    return [root / f"requirements-{build}.txt", root / _REQUIREMENTS]


def _measured(bench: Bench, corpus: Corpus, options: Options) -> Measured:
    ingests, owners = bench.ingest(corpus)
    answers: Mapping[str, Answers] = bench.ask(corpus, rounds=1 if options.quick else 3)
    ours = answers[OURS].ms
    return Measured(
        corpus,
        ingests,
        {name: latency(one.ms, ours) for name, one in answers.items()},
        {name: quality(corpus.questions, one.found, owners) for name, one in answers.items()},
    )


def _crossed(options: Options) -> dict[str, list[float]]:
    """Return hit@1 and hit@3 of the product with its bank, each question held out in its turn."""
    from evaluation.crossvalidation import cross_validate
    from evaluation.folds import REPEATS
    from evaluation.judging import averaged

    _say("article: ours with its bank, cross-validated")
    repeats = 1 if options.quick else REPEATS
    judged = averaged(cross_validate(store.open_index(options.built), silent, repeats=repeats))
    kept = {question.text: figures for question, figures in judged if question.sections}
    asked = [question.text for question in question_bank(options).questions]
    return {name: [kept[text][name] for text in asked] for name in ("hit@1", "hit@3")}


def _say(what: str) -> None:
    print(f"peers: {what} ...", file=sys.stderr, flush=True)
