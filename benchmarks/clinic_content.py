"""What is ingested to be measured: the clinic's content, and more articles beside its own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.options import DEFAULT_ARTICLES, Options
from benchmarks.provenance import told
from index.errors import UsageError
from ingest.prepare import ARTICLES_FOLDER

# Left out of a quick one, because they take longest.
_LONG = ("questions.csv", "red_flags.toml")
# They hold of the clinic's own articles, and need not where others answer too.
_INVARIANTS = "invariants.csv"


def content_to_ingest(options: Options, folder: Path) -> Path:
    """Return a content folder, a copy below `folder` unless the clinic's own is taken as it is.

    A quick one has the clinic's articles alone, without question bank and notices. Raises
    UsageError for a folder of articles that was asked for and is not there.
    """
    copy = folder / "content"
    if options.quick:
        left_out = shutil.ignore_patterns(*_LONG, _INVARIANTS)
        return Path(shutil.copytree(options.content, copy, ignore=left_out))
    if not options.articles.is_dir():
        _say_left_out(options)
        return options.content
    shutil.copytree(options.content, copy, ignore=shutil.ignore_patterns(_INVARIANTS))
    shutil.copytree(options.articles, copy / ARTICLES_FOLDER / "more")
    return copy


def _say_left_out(options: Options) -> None:
    if options.articles != DEFAULT_ARTICLES:
        raise UsageError(
            "There are no articles to ingest beside the clinic's own.",
            where=told(options.articles),
            expected="a folder of articles, as content/articles is",
            found="no folder",
            mend="name another one: --articles DIR",
        )
    print(
        f"Ingested is the clinic's content alone: there are no articles in"
        f" {told(DEFAULT_ARTICLES)}; name others: --articles DIR",
        file=sys.stderr,
        flush=True,
    )
