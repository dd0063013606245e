"""The content folder of a new clinic: its settings, what it takes over, and what it has to do."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from core import clinic_settings
from core.clinic_settings import Clinic, parse_clinic
from core.errors import ContentError, UsageError
from core.places import ROOT, as_typed, is_named
from index.bank import question_bank, route_cards, vocabulary
from ingest.preview import invariants
from ingest.readers.read import ARTICLES_FOLDER
from safety.claims import decisions
from safety.notices.fallback import product_file, product_notices
from safety.notices.red_flags_file import FILE_NAME

SAMPLE = ROOT / "content"
GUIDE = "README.md"
_COPIED = {
    route_cards.FILE_NAME: SAMPLE / route_cards.FILE_NAME,
    vocabulary.FILE_NAME: SAMPLE / vocabulary.FILE_NAME,
}
_TABLES = {
    question_bank.FILE_NAME: question_bank.COLUMNS,
    invariants.FILE_NAME: invariants.COLUMNS,
    decisions.FILE_NAME: decisions.COLUMNS,
}
_GUIDE = """# The content of {name}

What patients can search, and how. In this order:

1. Put your articles into `articles/`, in folders if you like: .txt, .md, .html, .docx, .pdf, or
   .csv with the columns question and answer. Pages of your website:
   `python -m ingest --content {folder} fetch --sitemap https://www.example.org/sitemap.xml`
2. `{run}` shows the search. Whatever it could not read
   it names, and says what to do. Do the same after every change.
3. `clinic.toml`: your name, telephone number, booking link, public address and colour.
4. `red_flags.toml`: the notices about urgent symptoms. They are a DRAFT: a clinician of yours has
   to read them, and to put a name and a date at the top, then run
   `python -m safety validate --content {folder}`
5. `questions.csv`: what patients ask, and the sections that answer it. It is empty. The page for
   staff has a form for each and suggests some (`{staff}`), as does
   `python -m ingest --content {folder} suggest`. 20 questions that your articles answer and 20
   that they do not let the search learn when to say "not covered".
6. `routes.toml` and `vocabulary.toml` came with the product, whose sample article is about dry
   needling: take out what does not fit.
7. `invariants.csv`: what must always hold, checked before anything is published. `claims.csv`:
   decisions about claims such as "100 % painless" (`python -m ingest --content {folder} claims`).
   Both are empty.
"""


def make_folder(folder: Path, given: Mapping[str, str]) -> Clinic:
    """Make a content folder without articles and questions; return its settings.

    `given` are values for keys of `clinic.toml`. Raises UsageError, before anything is written, for
    a folder that is not empty or a value that cannot be used, and when the folder cannot be
    written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            "This folder is not empty, and nothing in it was changed.",
            where=str(folder),
            expected="a name that does not exist yet, or an empty folder",
            found="a file" if folder.is_file() else "a folder with something in it",
            fix="name another one: python -m ingest new my-clinic",
        )
    try:
        settings = with_values((SAMPLE / clinic_settings.FILE_NAME).read_text("utf-8"), given)
        clinic = _checked(settings)
        # The notices must be the product's own, whatever became of the sample.
        copied = {FILE_NAME: product_file(clinic.language), **_COPIED}
        files = {name: path.read_bytes() for name, path in copied.items()}
        files |= {name: f"{','.join(columns)}\n".encode() for name, columns in _TABLES.items()}
        files[clinic_settings.FILE_NAME] = settings.encode()
        files[GUIDE] = _guide(clinic.name, folder).encode()
        (folder / ARTICLES_FOLDER).mkdir(parents=True)
        for name, raw in files.items():
            (folder / name).write_bytes(raw)
    except OSError as error:
        raise UsageError(
            "The content folder could not be made.",
            where=str(error.filename or folder),
            expected="the sample content of this project, and a place that can be written to",
            found=error.strerror or str(error),
            fix="get missing files of content/ back, or name a folder of yours",
        ) from error
    return clinic


def to_see_it(folder: Path, *, staff: bool = False) -> str:
    """Return what to type to see the search of a content folder, or its page for staff."""
    where = shlex.quote(str(folder))
    if not is_named():
        return f"make {'staff' if staff else 'run'} CONTENT={where}"
    serve = as_typed(f"python -m ui --content {where}")
    if staff:
        return f"{serve} --staff --port 8502"
    return as_typed(f"python -m ingest --content {where}, then {serve}")


def _guide(name: str, folder: Path) -> str:
    run, staff = to_see_it(folder).replace(", then ", "`, then `"), to_see_it(folder, staff=True)
    where = shlex.quote(str(folder))
    return as_typed(_GUIDE.format(name=name, folder=where, run=run, staff=staff))


def countries(language: str) -> list[str]:
    """Return the codes of the countries whose telephone numbers a language's notices know."""
    return sorted(product_notices(language).numbers)


def with_values(text: str, given: Mapping[str, str]) -> str:
    """Return the text of a settings file with other values, its comments as they were."""
    for key, value in given.items():
        quoted = json.dumps(value, ensure_ascii=False)
        line = f"{key} = {quoted}"
        before = re.search(rf"""^{key}[ \t]*=[ \t]*(?:"[^"\n]*"|'[^'\n]*')""", text, re.MULTILINE)
        if before:
            text = f"{text[: before.start()]}{line}{text[before.end() :]}"
        else:
            text = f"{text.rstrip()}\n{line}\n".lstrip()
    return text


def _checked(settings: str) -> Clinic:
    try:
        return parse_clinic(settings.encode(), Path(clinic_settings.FILE_NAME))
    except ContentError as error:
        raise UsageError(
            "A setting of the new clinic cannot be used.",
            where=error.where,
            expected=error.expected,
            found=error.found,
            fix="run the command again with another value",
        ) from error
