"""What the serving process holds in memory, and which heavy libraries it has imported."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.harness.options import ROOT, Options
from benchmarks.harness.page_server import serving
from benchmarks.harness.processes import Memory, mapped_mb, memory
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Result, Table
from benchmarks.harness.session import visiting

_SEARCHES = 20
_STREAMLIT = "after `import streamlit`"
_SEARCHED = f"the page, after {_SEARCHES} searches"
# Each is megabytes of code or data, or imports a library that is.
HEAVY = (
    *("torch", "sentence_transformers", "transformers", "tokenizers", "safetensors"),
    *("onnxruntime", "onnx", "sklearn", "scipy", "sympy", "networkx", "pandas", "pyarrow"),
    *("numpy", "faiss", "numba", "symspellpy", "pymilvus", "grpc", "matplotlib"),
    *("PIL", "altair", "pydeck", "streamlit", "uvicorn", "starlette", "babel"),
)


def measure(options: Options) -> Result:
    """Measure a page when it is ready and after searches, and Python and Streamlit alone."""
    questions = bank_questions(options.built)[:_SEARCHES]
    held = {"bare interpreter": _memory_after("pass")}
    held[_STREAMLIT] = _memory_after("import streamlit")
    with serving(options.built, options.content) as page:
        held["the page, ready"] = memory(page.pid)
        asyncio.run(_ask(page.url, questions))
        held[_SEARCHED] = memory(page.pid)
        modules, mapped = page.modules(), mapped_mb(page.pid)
    least = held[_STREAMLIT].rss
    return Result(
        (
            Table(
                title="Memory of the serving process",
                columns=("process", "RSS MB", "PSS MB", "USS MB", "RSS to Streamlit's alone"),
                rows=tuple((name, m.rss, m.pss, m.uss, m.rss / least) for name, m in held.items()),
                notes=(
                    "MB of 1024 kB, from `/proc/PID/smaps_rollup`: RSS counts every page that is in"
                    " memory, PSS shared pages in part, USS only what no other process has.",
                ),
            ),
            Table(
                title="Heavy libraries in the serving process, after the searches",
                columns=("library", "its files in memory, MB"),
                rows=tuple((name, mapped.get(name)) for name in HEAVY if name in modules),
                notes=(
                    "Pages of a package's shared objects; Python's own code and data come on top."
                    f" Not imported: {', '.join(n for n in HEAVY if n not in modules)}.",
                ),
            ),
        ),
        {"resident memory of the page, MB": held[_SEARCHED].rss},
    )


def _memory_after(statement: str) -> Memory:
    """Read the memory of a process that has run a statement and waits."""
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
