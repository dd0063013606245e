"""Imports point one way, and what is heavy is imported by nobody who does not need it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.support.paths import ROOT

# A room may import itself and these; design, section 2.
ALLOWED = {
    "index": set(),
    # Of the read side only what is pure and small: words, spelling, votes, and reading a file. Its
    # command line alone loads the model.
    "safety": {
        "index.types",
        "index.errors",
        "index.toml_file",
        "index.regular_file",
        "index.words",
        "index.spelling",
        "index.query",
        "index.votes",
        "index.example_votes",
    },
    "ingest": {"index", "safety"},
    "evaluation": {"index", "ingest", "safety"},
    "ui": {"index", "safety"},
    "app": {"ui"},
}
# The read side knows nothing about safety: notices and review states are added by those who show
# something. Its command line is such an edge, so this one module may, and no other of its room. The
# command line of the safety room loads the model where it is asked to.
EDGES = {"index/__main__.py": {"safety"}, "safety/__main__.py": {"index"}}
ROOMS = {*ALLOWED, "benchmarks", "tests"}
# The one module that may know each of these libraries.
ONLY = {
    "faiss": {"index/vectors.py"},
    "sentence_transformers": {"index/encoder.py"},
    "torch": {"index/encoder.py", "ingest/export.py"},
    "onnx": {"ingest/export.py"},
    "pymilvus": {"index/milvus_client.py"},
    "grpc": {"index/milvus_client.py"},
    "onnxruntime": {"index/onnx_encoder.py"},
    "tokenizers": {"index/onnx_encoder.py", "ingest/export.py"},
    "Stemmer": {"index/words.py"},
    "sentencex": {"ingest/sentences.py"},
    "bm25s": {"index/lexical.py"},
    "symspellpy": {"index/spelling.py"},
    "selectolax": {"ingest/web_tree.py"},
    "pypdfium2": {"ingest/pdf_glyphs.py"},
    "markdown_it": {"ingest/markdown.py"},
    "yaml": {"ingest/front_matter.py"},
    "xml": {"ingest/word_parts.py", "ingest/fetch_sitemap.py"},
    "urllib3": {"ingest/fetch_http.py"},
    "protego": {"ingest/fetch_site.py"},
    "watchfiles": {"ingest/watch.py"},
    "babel": {"ui/text.py"},
    "tomlkit": {"index/route_edits.py"},
    "jinja2": {"index/templating.py"},
    "filelock": {"index/atomic.py"},
}


def modules() -> list[Path]:
    found = [ROOT / "app.py"] if (ROOT / "app.py").exists() else []
    for room in sorted(ALLOWED):
        found += sorted((ROOT / room).rglob("*.py")) if (ROOT / room).is_dir() else []
    return found


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_is_something_to_check() -> None:
    assert len(modules()) > 20


def test_no_imports_run_in_a_circle_not_even_those_for_types() -> None:
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in modules()
    }
    graph = {
        name: {*imports_of(path)} & names.keys() - ALLOWED.keys() - {name}
        for name, path in names.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    allowed = ALLOWED[room] | EDGES.get(path.relative_to(ROOT).as_posix(), set())
    for name in imports_of(path):
        other = name.partition(".")[0]
        if other not in ROOMS or other == room:
            continue
        assert any(name == ok or name.startswith(ok + ".") for ok in allowed), (
            f"{path.relative_to(ROOT)} imports {name}"
        )


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_library_has_one_user(path: Path) -> None:
    here = path.relative_to(ROOT).as_posix()
    for name in imports_of(path):
        library = name.partition(".")[0]
        assert here in ONLY.get(library, {here}), f"{here} imports {library}"
        if name in ("http.client", "urllib.request", "requests", "httpx"):
            assert here == "ingest/fetch_http.py", f"{here} could ask another machine for something"
        if library == "streamlit":
            assert here == "app.py" or here.startswith("ui/"), f"{here} imports streamlit"


HEAVY = """torch faiss pandas pyarrow sentence_transformers streamlit numpy sklearn scipy bm25s
symspellpy Stemmer sentencex selectolax pypdfium2 markdown_it pymilvus grpc onnxruntime
urllib3 protego watchfiles""".split()


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("index.types", ()),
        ("index.errors", ()),
        ("index.clinic", ()),
        ("index.query", ()),
        ("index.routes", ()),
        ("index.search", ("numpy", "Stemmer")),
        ("index.spelling", ("Stemmer",)),
        ("index.coverage_report", ("numpy", "Stemmer")),
        ("index.milvus", ("numpy",)),
        ("index.vocabulary", ("Stemmer",)),
        ("index.decision", ("numpy", "Stemmer")),
        ("ingest.splitter", ("sentencex",)),
        ("ingest.provenance", ()),
        ("ingest.readers", ()),
        ("ingest.parsing", ()),
        ("ingest.fetch_command", ()),
        ("safety.provenance", ()),
        ("safety.red_flags", ()),
        ("safety.rules", ("Stemmer",)),
        ("safety.notices", ("Stemmer",)),
        ("safety.validation", ("Stemmer",)),
        ("ingest.build", ("numpy", "pyarrow", "pandas", "Stemmer", "sentencex")),
    ],
)
def test_importing_a_module_loads_nothing_heavy(module: str, allowed: tuple[str, ...]) -> None:
    script = f"import sys, {module}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert set(done.stdout.split()) <= set(allowed)
