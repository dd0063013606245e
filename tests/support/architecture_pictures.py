"""Draw the pictures of `docs/architecture.md` from the code: `make pictures`.

`packages.svg` shows which package imports which, and the folders in each. `flow.svg` shows the
steps of the two pipelines: the project's functions that they call, in order.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from html import escape
from pathlib import Path
from textwrap import shorten, wrap

from tests.support.paths import ROOT

DOCS = ROOT / "docs"
# From the bottom up: a package imports only what is drawn below it.
FLOORS = (("core",), ("safety",), ("index",), ("ingest", "ui"), ("evaluation",), ("benchmarks",))
PACKAGES = tuple(name for floor in FLOORS for name in floor)
# The pipelines, as (title, file, function): each reads as a recipe, and so does the picture.
FLOWS = (
    ("From a file to a generation", "ingest/build/pipeline.py", "build"),
    ("From a question to an answer", "index/search/pipeline.py", "search"),
)
_STYLE = (
    "<style>text{font:14px system-ui,sans-serif;fill:#1f2937}.small{font-size:12px;fill:#4b5563}"
    "rect{fill:#f3f6f8;stroke:#51606e}path{stroke:#51606e;fill:none}</style>"
    '<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>'
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7"'
    ' orient="auto"><path d="M0 0 8 4 0 8z" style="fill:#51606e"/></marker></defs>'
)
_WIDTH, _HEIGHT, _GAP, _STEP = 360, 62, 34, 48


def modules_of(package: str) -> list[Path]:
    """Return the Python files of a package, sorted."""
    return sorted((ROOT / package).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    """Yield the dotted name of every import of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def package_imports() -> dict[str, set[str]]:
    """Return which other packages each package imports."""
    found = {
        package: {
            name.partition(".")[0] for path in modules_of(package) for name in imports_of(path)
        }
        for package in PACKAGES
    }
    return {package: (names & set(PACKAGES)) - {package} for package, names in found.items()}


def direct(imports: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Return the imports that no other chain of imports says already, as (package, imported)."""

    def reach(package: str) -> set[str]:
        below = imports[package]
        return below.union(*(reach(other) for other in below))

    return [
        (package, other)
        for package in PACKAGES
        for other in sorted(imports[package])
        if not any(other in reach(third) for third in imports[package] - {other})
    ]


def packages_svg() -> str:
    """Draw the packages, those that are imported below those that import them."""
    places: dict[str, tuple[int, int]] = {}
    boxes = []
    for floor, names in enumerate(reversed(FLOORS)):
        for column, name in enumerate(names):
            left = 200 + int((column - (len(names) - 1) / 2) * (_WIDTH + 30))
            places[name] = left, 20 + floor * (_HEIGHT + _GAP)
            folders = sorted(path.parent.name for path in (ROOT / name).glob("*/__init__.py"))
            boxes += _box(*places[name], f"{name}/", ", ".join(folders))
    arrows = [
        f'<path d="M{places[a][0] + _WIDTH // 2} {places[a][1] + _HEIGHT}'
        f'L{places[b][0] + _WIDTH // 2} {places[b][1]}" marker-end="url(#tip)"/>'
        for a, b in direct(package_imports())
    ]
    height = 20 + len(FLOORS) * (_HEIGHT + _GAP)
    return _svg(800, height, "The packages and what they import", [*boxes, *arrows])


def steps_of(file: str, function: str) -> list[tuple[str, str]]:
    """Return the project's functions that a function calls, in order, each with its module.

    A function of the same file is replaced by what it calls itself, if that is anything.
    """
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    imported = {
        alias.asname or alias.name: _module(node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES
        for alias in node.names
    }

    def steps(node: ast.FunctionDef, seen: frozenset[str]) -> Iterator[tuple[str, str]]:
        calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
        # In the order in which they run: what stands in the brackets of a call runs before it.
        for call in sorted(
            calls, key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0)
        ):
            name = _name_of(call.func)
            if name in own and name not in seen:
                yield from steps(own[name], seen | {name})
            elif name.partition(".")[0] in imported and name.rpartition(".")[2][:1].islower():
                yield name.rpartition(".")[2], imported[name.partition(".")[0]]

    return list(dict.fromkeys(steps(own[function], frozenset({function}))))


def flow_svg() -> str:
    """Draw the modules that each pipeline calls, in the order of their first call."""
    parts, height = [], 0
    for column, (title, file, function) in enumerate(FLOWS):
        left, top = 20 + column * 400, 50
        parts.append(f'<text x="{left}" y="30" style="font-weight:600">{escape(title)}</text>')
        modules: dict[str, list[str]] = {}
        for name, module in steps_of(file, function):
            if not module.startswith("core."):  # what every step stands on
                modules.setdefault(module, []).append(name)
        for module, names in modules.items():
            functions = shorten(", ".join(names), _WIDTH // 7, placeholder=" ...")
            parts += _box(left, top, f"{module.replace('.', '/')}.py", functions, height=_STEP)
            top += _STEP + 14
            arrow = f"M{left + _WIDTH // 2} {top - 14}v14"
            parts.append(f'<path d="{arrow}" marker-end="url(#tip)"/>')
        parts.pop()
        height = max(height, top)
    return _svg(800, height, "The modules that the two pipelines call, in order", parts)


def _module(package: str, name: str) -> str:
    """Return where `from package import name` looks: in a module of that name, or the package."""
    module = f"{package}.{name}"
    return module if (ROOT / f"{module.replace('.', '/')}.py").exists() else package


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _box(left: int, top: int, title: str, below: str, *, height: int = _HEIGHT) -> list[str]:
    middle = left + _WIDTH // 2
    lines = wrap(below, _WIDTH // 7)
    return [
        f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{height}" rx="6"/>',
        f'<text x="{middle}" y="{top + 21}" text-anchor="middle">{escape(title)}</text>',
        *(
            f'<text x="{middle}" y="{top + 38 + 14 * number}" text-anchor="middle"'
            f' class="small">{escape(line)}</text>'
            for number, line in enumerate(lines)
        ),
    ]


def _svg(width: int, height: int, title: str, parts: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", _STYLE, *parts, "</svg>", ""])


PICTURES = {"packages.svg": packages_svg, "flow.svg": flow_svg}


def main() -> None:
    """Write both pictures."""
    for name, draw in PICTURES.items():
        (DOCS / name).write_text(draw(), encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
