"""Shows how a file was read, in a terminal or as a page: `python -m ingest --explain FILE`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.errors import ContentError
from core.text.characters import collapse_spaces
from index.output import write_file
from index.store.manifest import WordCount
from index.templating import render
from ingest.build.settings import ocr_of
from ingest.explain.explanation import Explanation, Fate, explanation_of
from ingest.explain.measure import COMMAND, own_text_of
from ingest.files.sandbox import look_in_sandbox
from ingest.files.source_file import read_source
from ingest.readers.read import ARTICLES_FOLDER, read_article

_WIDTH = 100
# A terminal shows the first of each list; the page has all of them.
_AT_MOST = 20
_PDF = ".pdf"


def explain_file(file: Path, *, content: Path, html: Path | None = None) -> str:
    """Explain how a file was read, as text, or as a page in `html`; return what to print.

    The file is an article of the content folder, named as from there or in full, or any other.
    Raises ContentError when it cannot be read as an article, UsageError when the page cannot be
    written.
    """
    path, root = _place(file, content)
    is_pdf = path.suffix.lower() == _PDF
    read = read_article(path, root=root, ocr=ocr_of(content, {}) if is_pdf else None)
    explanation = explanation_of(read, own_text_of(path, root=root))
    if not html:
        return as_text(explanation)
    pictures: Sequence[str] = ()
    if is_pdf:
        pictures = look_in_sandbox(read_source(path, root=root), _PDF, "pictures")
    page = as_html(explanation, pictures)
    write_file(html, page.encode(), "page", fix="name another file")
    return f"Wrote {html}: {_headline(explanation)}"


def as_text(explanation: Explanation) -> str:
    """Return an explanation as text of at most 100 columns: what is missing, then the outline."""
    article = explanation.article
    return "\n".join(
        [
            *textwrap.wrap(f"{article.source}: {_headline(explanation)}", _WIDTH),
            *_listed("Missing", _places(explanation)),
            *_listed("Warnings", explanation.warnings),
            *(
                line
                for reason, texts in explanation.left_out.items()
                for line in _listed(f"Left out: {reason}", map(collapse_spaces, texts))
            ),
            *("", f"Read as the article “{article.title}”"),
            *_outline(explanation),
        ]
    )


def as_html(explanation: Explanation, pictures: Sequence[str] = ()) -> str:
    """Return an explanation as a page without scripts; `pictures` are PNGs of pages in base64."""
    return render(
        "explain.html.jinja",
        explanation=explanation,
        article=explanation.article,
        headline=_headline(explanation),
        figures=figures(explanation.count),
        pictures=pictures,
        fates=Fate,
        command=COMMAND,
    )


def figures(count: WordCount) -> dict[str, int]:
    """Return what became of the words of a file, by name."""
    return {
        "Words in the file": count.kept + count.left_out + count.lost,
        "In the article": count.kept,
        "Left out with a reason": count.left_out,
        "Missing": count.lost,
    }


def _place(file: Path, content: Path) -> tuple[Path, Path]:
    """Return where a file is, and the folder that its article is named from."""
    articles = content / ARTICLES_FOLDER
    named = [file, content / file, articles / file]
    path = next((path for path in named if path.is_file()), None)
    if path is None:
        raise ContentError(
            "There is no such file.",
            where=str(file),
            expected=f"an article, such as {ARTICLES_FOLDER}/knee-pain.pdf",
            found="a folder" if file.is_dir() else "nothing",
            fix=f"{COMMAND} FILE",
        )
    is_inside = path.resolve().is_relative_to(articles.resolve())
    return (path.resolve(), articles.resolve()) if is_inside else (path, path.parent)


def _headline(explanation: Explanation) -> str:
    count = explanation.count
    found = figures(count)
    words = ", ".join(f"{name.lower()}: {number}" for name, number in list(found.items())[1:])
    return f"{found['Words in the file']} words in the file; {words} ({count.percent_kept} kept)."


def _places(explanation: Explanation) -> Iterator[str]:
    for place in explanation.lost:
        yield f"{place.before} >>{place.words}<< {place.after}".strip()


def _outline(explanation: Explanation) -> Iterator[str]:
    depth = 0
    for number, page in enumerate(explanation.pages, start=1):
        if explanation.article.pages:
            yield f"-- page {number}"
        for entry in page.outline:
            depth = entry.level or depth
            indent = "  " * depth
            if entry.level:
                yield f"{indent}{entry.text}"
            else:
                words = len(entry.text.split())
                shown = f"{words} words: {entry.text}"
                short = textwrap.shorten(shown, _WIDTH - len(indent) - 2, placeholder=" ...")
                yield f"{indent}  {short}"


def _listed(title: str, texts: Iterable[str]) -> Iterator[str]:
    texts = list(texts)
    if texts:
        yield from ("", f"{title} ({len(texts)})")
    for text in texts[:_AT_MOST]:
        yield textwrap.shorten(f"- {text}", _WIDTH, placeholder=" ...")
    if texts[_AT_MOST:]:
        yield f"and {len(texts) - _AT_MOST} more: --html FILE"
