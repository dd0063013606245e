"""Imports point one way, heavy libraries load where they are needed, and rooms stay small."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.support.paths import ROOT

# What a package may import besides itself: packages, or single modules of them.
#     core <- safety <- index <- {ingest, ui} <- evaluation <- benchmarks      app -> ui
#     evaluation <- training      clinic_search -> core
ALLOWED = {
    "core": set(),
    "safety": {"core"},
    "index": {"core", "safety"},
    "ingest": {"core", "safety", "index"},
    "ui": {"core", "safety", "index"},
    "evaluation": {"core", "safety", "index", "ingest"},
    "training": {"core", "safety", "index", "ingest", "evaluation"},
    "benchmarks": {"core", "safety", "index", "ingest", "ui", "evaluation"},
    "app": {"ui"},
    "clinic_search": {"core"},  # it loads the package of a command by its name
}
# The modules that may import each of these libraries; a folder stands for all that is in it.
ONLY = {
    "faiss": {"index/vectors/faiss_files.py"},
    "sentence_transformers": {"core/encoders/reference.py"},
    "safetensors": {"core/encoders/adaptation.py"},
    "torch": {"core/encoders/reference.py", "ingest/encoder/onnx_export.py"},
    "onnx": {"ingest/encoder/onnx_export.py"},
    "pymilvus": {"index/vectors/milvus/client.py"},
    "grpc": {"index/vectors/milvus/client.py"},
    "onnxruntime": {"core/encoders/onnx.py"},
    "tokenizers": {"core/encoders/onnx.py", "ingest/encoder/"},
    "Stemmer": {"core/text/tokens.py"},
    "sentencex": {"core/text/sentences.py"},
    "sklearn": set(),
    "scipy": set(),
    "symspellpy": {"core/text/spelling.py"},
    "selectolax": {"ingest/readers/html/tree.py", "ingest/explain/own_text.py"},
    "pypdfium2": {"ingest/readers/pdf/glyphs.py", "ingest/readers/ocr.py", "ingest/explain/"},
    "markdown_it": {"ingest/readers/markdown/document.py", "ingest/explain/own_text.py"},
    "yaml": {"ingest/readers/markdown/front_matter.py"},
    "xml": {
        "ingest/files/archive.py",
        "ingest/fetch/sitemap.py",
        "ingest/wordpress/export.py",
    },
    "protego": {"ingest/fetch/site.py"},
    "watchfiles": {"ingest/watch.py"},
    "babel": {"ui/languages/text.py"},
    "segno": {"ui/rendering/printed.py"},
    "tomlkit": {"core/files/toml_edit.py"},
    "jinja2": {"index/templating.py"},
    "filelock": {"core/files/atomic.py"},
    "streamlit": {"app.py", "ui/"},
    # Whatever could ask another machine for something.
    "urllib3": {"ingest/fetch/http.py"},
    "http.client": {"ingest/fetch/http.py"},
    "urllib.request": {"ingest/fetch/http.py"},
    "requests": set(),
    "httpx": set(),
}
FREE = ("benchmarks", "training")  # measure and train libraries, so they may import them
HEAVY = """torch faiss pandas pyarrow sentence_transformers streamlit numpy sklearn scipy
symspellpy Stemmer sentencex selectolax pypdfium2 markdown_it pymilvus grpc onnxruntime
urllib3 protego watchfiles""".split()
# What importing a module loads of these, at most.
LOADED = {
    "clinic_search": "",
    "core.types": "",
    "core.errors": "",
    "core.clinic_settings": "",
    "core.text.normalize": "",
    "index.bank.route_cards": "",
    "index.search.pipeline": "numpy Stemmer",
    "index.coverage.report": "numpy Stemmer",
    "core.text.spelling": "Stemmer",
    "index.vectors.milvus.lifecycle": "numpy",
    "index.bank.vocabulary": "Stemmer",
    "index.search.decision": "numpy Stemmer",
    "ingest.build.splitter": "sentencex",
    "ingest.readers.article_settings": "",
    "ingest.readers.read": "",
    "ingest.files.worker": "",
    "ingest.__main__": "numpy",
    "index.reviews": "",
    "safety.notices.red_flags_file": "",
    "safety.notices.rules": "Stemmer",
    "safety.notices.finder": "Stemmer",
    "safety.notices.validation": "Stemmer",
    "ingest.build.pipeline": "numpy pyarrow pandas Stemmer sentencex",
}
MOST_LINES, MOST_MODULES = 300, 14
# What is larger today, and which packages run code when they are imported.
LONG: set[str] = set()
CROWDED: set[str] = set()
INITS = {
    "core/__init__.py",
    "core/encoders/__init__.py",
    "index/search/__init__.py",
    "index/store/__init__.py",
    "ingest/build/__init__.py",
    "ui/languages/__init__.py",
}


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the product by its path."""
    alone = (ROOT / "app.py", ROOT / "clinic_search.py")
    found = [*alone, *(path for room in ALLOWED for path in (ROOT / room).rglob("*.py"))]
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(found)
    }


def imports(path: str) -> Iterator[str]:
    for node in ast.walk(modules()[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, names: set[str]) -> bool:
    return any(name == other or name.startswith(f"{other}.") for other in names)


def package_of(path: str) -> str:
    return path.partition("/")[0].removesuffix(".py")


def test_there_is_something_to_check() -> None:
    assert len(modules()) > 100
    assert {package_of(path) for path in modules()} == set(ALLOWED)
    paths = {path for some in (*ONLY.values(), LONG, CROWDED, INITS) for path in some}
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []


def test_no_imports_run_in_a_circle_not_even_those_for_types() -> None:
    names = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
        for path in modules()
        if not path.endswith("__init__.py")
    }
    graph = {name: {*imports(path)} & names.keys() - {name} for name, path in names.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_a_module_imports_only_what_its_package_may() -> None:
    own = {*ALLOWED, "tests"}
    wrong = [
        f"{path} imports {name}"
        for path in modules()
        for name in imports(path)
        if package_of(name.replace(".", "/")) in own - {package_of(path)}
        and not within(name, ALLOWED[package_of(path)])
    ]
    assert wrong == []


def test_a_library_is_imported_where_it_is_listed_and_nowhere_else() -> None:
    wrong = [
        f"{path} imports {name}"
        for path in modules()
        if package_of(path) not in FREE
        for name in imports(path)
        for library, users in ONLY.items()
        if within(name, {library}) and not path.startswith(tuple(users))
    ]
    assert wrong == []


# A process for each module would start Python as often; a fork is as fresh and starts it once.
FORKING = """
import json, os, sys
modules, heavy = json.load(sys.stdin)
loaded = {}
for module in modules:
    reader, writer = os.pipe()
    if not os.fork():
        __import__(module)
        os.write(writer, " ".join(name for name in heavy if name in sys.modules).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as answer:
        loaded[module] = answer.read() if not os.wait()[1] else "it could not be imported"
print(json.dumps(loaded))
"""


@pytest.fixture(scope="module")
def loaded() -> dict[str, str]:
    """Import each module in a process of its own; return which of the heavy libraries it loads."""
    done = subprocess.run(
        [sys.executable, "-c", FORKING],
        input=json.dumps([list(LOADED), HEAVY]),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("module", LOADED)
def test_importing_a_module_loads_nothing_heavy(module: str, loaded: dict[str, str]) -> None:
    assert set(loaded[module].split()) <= set(LOADED[module].split())


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lines = {path: (ROOT / path).read_text(encoding="utf-8").count("\n") for path in modules()}
    assert {path for path, count in lines.items() if count > MOST_LINES} <= LONG


def test_no_folder_holds_more_modules_than_a_reader_can_hold() -> None:
    folders: dict[str, int] = {}
    for path in map(Path, modules()):
        if not path.name.startswith("__"):
            folders[path.parent.as_posix()] = folders.get(path.parent.as_posix(), 0) + 1
    assert {folder for folder, count in folders.items() if count > MOST_MODULES} <= CROWDED


def test_a_package_holds_a_docstring_and_runs_nothing() -> None:
    inits = {path: tree for path, tree in modules().items() if path.endswith("__init__.py")}
    more = {path for path, tree in inits.items() if len(tree.body) > 1}
    assert more <= INITS
    assert sorted(path for path, tree in inits.items() if not ast.get_docstring(tree)) == []
