"""What the serving process holds in memory, and which heavy libraries it has imported."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Collection, Sequence

from benchmarks.options import ROOT, Options
from benchmarks.processes import Memory, mapped_mb, memory
from benchmarks.questions import bank_questions
from benchmarks.result import Result
from benchmarks.serving import serving
from benchmarks.session import visiting

_SEARCHES = 20
_BARE = "bare interpreter"
_IMPORTED = "after `import streamlit`"
_READY = "the page, ready"
_SEARCHED = f"the page, after {_SEARCHES} searches"
# Each is megabytes of code or data, or brings such a one along.
HEAVY = (
    *("torch", "sentence_transformers", "transformers", "tokenizers", "safetensors"),
    *("onnxruntime", "onnx", "sklearn", "scipy", "sympy", "networkx", "pandas", "pyarrow"),
    *("numpy", "faiss", "bm25s", "numba", "symspellpy", "pymilvus", "grpc", "matplotlib"),
    *("PIL", "altair", "pydeck", "streamlit", "uvicorn", "starlette", "babel"),
)


def measure(options: Options) -> list[Result]:
    """Weigh a page when it is ready and after searches, beside Python and Streamlit alone."""
    questions = bank_questions(options.built)[:_SEARCHES]
    weighed = {_BARE: _weighed("pass"), _IMPORTED: _weighed("import streamlit")}
    with serving(options.built, options.content) as page:
        weighed[_READY] = memory(page.pid)
        first = page.modules()
        asyncio.run(_ask(page.url, questions))
        weighed[_SEARCHED] = memory(page.pid)
        later = page.modules()
        mapped = mapped_mb(page.pid)
    least = weighed[_IMPORTED].rss
    return [
        Result(
            name="memory",
            title="What the serving process holds in memory",
            columns=("process", "RSS MB", "PSS MB", "USS MB", "RSS to Streamlit's alone"),
            rows=tuple(
                (name, held.rss, held.pss, held.uss, held.rss / least)
                for name, held in weighed.items()
            ),
            notes=(
                "MB of 1024 kB, from /proc/<pid>/smaps_rollup: RSS counts every page that is in"
                " memory, PSS shared pages in part, USS only what nobody else has.",
                f"The page's heavy libraries: {', '.join(heavy(later)) or 'none'}.",
            ),
        ),
        Result(
            name="libraries",
            title="Heavy libraries in the serving process",
            columns=("library", "when ready", "after searches", "its files in memory, MB"),
            rows=tuple(
                (name, _yes(name in first), _yes(name in later), mapped.get(name)) for name in HEAVY
            ),
            notes=(
                "Read from `sys.modules` of the page's own process. The last column counts pages"
                " of a package's shared objects; Python's own code and data come on top.",
            ),
        ),
    ]


def heavy(modules: Collection[str]) -> tuple[str, ...]:
    """Return which of the heavy libraries are among the modules, heaviest kind first."""
    return tuple(name for name in HEAVY if name in modules)


def _yes(is_so: bool) -> str:
    return "imported" if is_so else "-"


def _weighed(statement: str) -> Memory:
    """Weigh a process that has done one thing and waits."""
    script = f"{statement}\nprint(flush=True)\ninput()"
    with subprocess.Popen(  # noqa: S603  this very interpreter
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None  # noqa: S101  for the type checker: it is a pipe
        process.stdout.readline()
        held = memory(process.pid)
        process.communicate(b"\n")
    return held


async def _ask(url: str, questions: Sequence[str]) -> None:
    async with visiting(url, 0) as session:
        for question in questions:
            await session.ask(question)
