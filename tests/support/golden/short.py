"""The short record that is committed: what is found, raised, said and shown, as text.

`tests/project/test_golden.py` holds the product to it. Scores are rounded to three digits, page
states are their visible text, and the answers of a question take one line.
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.golden import contents, pages
from tests.support.golden.process import ROOT, run_forked, run_module
from tests.support.golden.text import normalized

FOLDER = Path(__file__).parent / "saved"
SHORT = ("search", "notices", "reports", "broken", "pages")
_ARTICLE = "dry-needling-benefits"
_SHOWN = 3
_LONG = ("more-articles", "necks-twice", "questions-few", "invariants-fail", "clinic-language")
"""Contents that are embedded; of those one is enough here, which holds all bad articles."""
_STAFF = ("desk", "health-candidate", "health-cards", "health-publish")
_DRAWN = (
    (
        *("en", "patients"),
        (
            *("home", "about", "articles", "article-passage", "article-lost", "like", "like-lost"),
            *("forgotten", "answer", "related", "not-covered", "route-cost", "spelling", "claim"),
            *("emergency", "urgent", "caution", "information", "hidden", "empty"),
        ),
    ),
    (
        *("fr", "patients"),
        ("home", "article-lost", "forgotten", "route-cost", "spelling", "emergency"),
    ),
    ("en", "staff", ("staff", *_STAFF)),
    ("fr", "staff", ("desk", "health-candidate", "health-publish")),
)
_SAME = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)

# Not the questions that notices are measured on: nobody should read what becomes of those.
WORDINGS, _EVERY = "training/notices.csv", 12


def write_short(folder: Path, work: Path, built: Path, only: Sequence[str] = ()) -> None:
    """Write the short record of an index of the clinic's own content, or only these parts of it."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "search": partial(_search, work, built),
        "notices": partial(_notices, work),
        "reports": partial(_reports, built),
        "broken": partial(_broken, work, built),
        "pages": partial(_pages, work, built),
    }
    paths = {str(work): "<work>", str(ROOT): "<root>", str(built): "<built>"}
    for name in only or parts:
        lines = parts[name]
        text = normalized("\n".join([*lines(), ""]), paths)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def questions(table: str) -> list[str]:
    """Return the questions of a CSV file of labels, each as one line."""
    with (ROOT / table).open(encoding="utf-8", newline="") as stream:
        return [" ".join(row["question"].split()) for row in csv.DictReader(stream)]


def write_questions(file: Path, *tables: str) -> str:
    """Write the questions of CSV files as one with a question a line; return its path."""
    lines = [
        question
        for table in tables
        for number, question in enumerate(questions(table))
        if table != WORDINGS or number % _EVERY == 0
    ]
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return str(file)


def _search(work: Path, built: Path) -> Iterator[str]:
    asked = write_questions(
        work / "search.questions", "content/questions.csv", "evaluation/outside.csv"
    )
    printed = run_module("index", "search", "--file", asked, "--json", "--built", str(built))
    yield from printed.err.splitlines()
    for line in printed.out.splitlines():
        found: dict[str, Any] = json.loads(line)
        extra = {key: found[key] for key in ("route", "corrected_query", "also_searched")}
        said = " ".join(f"{key}={value}" for key, value in extra.items() if value)
        raised = " ".join(one["group"] for one in found["notices"])
        yield f"{found['query']} -> {found['outcome']} {said} [{raised}]"
        for one in found["results"][:1]:
            yield f"  {one['text'][one['sentence']['start'] : one['sentence']['end']][:40]}"
        places = (
            f"{one['passage_id'].removeprefix(_ARTICLE)} {one['score']:.3f}"
            for one in found["results"][:_SHOWN]
        )
        yield f"  {', '.join(places)}"


def _notices(work: Path) -> Iterator[str]:
    asked = write_questions(work / "notices.questions", WORDINGS)
    printed = run_module("safety", "check", "--file", asked, "--json")
    yield from printed.err.splitlines()
    for line in printed.out.splitlines():
        found = json.loads(line)
        yield f"{found['query']} -> {' '.join(one['group'] for one in found['notices'])}"


def _reports(built: Path) -> Iterator[str]:
    there = ("--built", str(built))
    for module, *arguments in (
        *(("index", name, *there) for name in ("status", "reviews", "coverage")),
        ("index", "show", f"{_ARTICLE}#introduction", *there),
        ("index", "show", "nowhere", *there),
        ("ingest", "claims", "--content", "content"),
        ("ingest", "overlaps", *there),
        ("safety", "validate"),
    ):
        printed = run_module(module, *arguments)
        yield printed.as_text(f"python -m {module} {' '.join(arguments)}")


def _broken(work: Path, built: Path) -> Iterator[str]:
    for name, files in contents.BROKEN.items():
        content = contents.copy_content(work / "short" / name, files, whole=True)
        if name not in _LONG and not name.startswith("languages"):
            copy = contents.copy_index(built, work / "short" / f"{name}-built")
            arguments = ("--content", str(content), "--built", str(copy))
            yield run_module("ingest", *arguments).as_text(f"ingest {name}")
        if "red_flags.toml" in files:
            printed = run_module("safety", "validate", "--content", str(content))
            yield printed.as_text(f"safety validate {name}")


def _pages(work: Path, built: Path) -> Iterator[str]:
    for language, audience, names in _DRAWN:
        content = work / f"short-{language}"
        if not content.exists():
            contents.settled_content(content, language)
        variables = {"CLINIC_CONTENT": str(content), "CLINIC_BUILT": str(built)}
        folder = work / f"short-pages-{language}-{audience}"
        draw = partial(pages.write_states, folder, partial(_states, names))
        printed = run_forked(draw, {**variables, "CLINIC_AUDIENCE": audience})
        yield printed.as_text(f"{language} {audience}")
        for path in sorted(folder.iterdir()):
            yield f"=== {language} {path.stem}\n{visible(path.read_text(encoding='utf-8'))}"


def _states(names: tuple[str, ...]) -> pages.States:
    addresses = {**pages.PATIENT_ADDRESSES, **pages.STAFF_ADDRESSES}
    for name in names:
        if name in pages.QUESTIONS:
            page = pages.ask(pages.open_page({}), pages.QUESTIONS[name])
        else:
            page = pages.open_page(addresses[name])
        yield name, pages.drawn(page)


def visible(page: str) -> str:
    """Return the text of HTML that a person can read, a line for each piece."""
    pieces = re.split(r"<[^>]+>|\n", _SAME.sub("", page))
    return "\n".join(html.unescape(piece).strip() for piece in pieces if piece.strip())
