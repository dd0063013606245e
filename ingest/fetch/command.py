"""`python -m ingest fetch`: its options; `ingest/fetch/run.py` does what they say."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.build.articles import Progress


def add_command(commands: Any, progress: Progress) -> None:
    """Add `fetch` to the commands of `python -m ingest`."""
    parser = commands.add_parser(
        "fetch",
        help="save pages of the clinic's own site among the articles",
        description="Save pages of the clinic's own site among the articles, each with the "
        "address it is cited by. Only one site, and only what its robots.txt leaves open. Pages "
        "that have not changed since are not fetched again. This is the only command that uses "
        "the network.",
    )
    parser.add_argument(
        "pages",
        nargs="*",
        metavar="ADDRESS_OR_FILE",
        help="an address (https://...), or a text file with one address a line",
    )
    parser.add_argument(
        "--sitemap", metavar="ADDRESS", help="also the pages that this sitemap.xml lists"
    )
    parser.add_argument(
        "--also-host",
        action="append",
        default=[],
        metavar="HOST",
        help="another name of the same site (www.example.org beside example.org)",
    )
    parser.add_argument(
        "--content",
        type=Path,
        default=argparse.SUPPRESS,  # or it would undo a --content before the command
        help="the content folder (content)",
    )
    parser.add_argument("--into", type=Path, help="where to save them (content/articles/site)")
    parser.add_argument(
        "--max-pages", type=int, default=500, metavar="N", help="no more than these (%(default)s)"
    )
    parser.add_argument(
        "--delay",
        type=float,
        default=1.0,
        metavar="SECONDS",
        help="pause between two requests (%(default)s), longer where robots.txt asks for it",
    )
    parser.add_argument(
        "--remove-gone", action="store_true", help="remove the files of pages that are gone"
    )

    def run(options: argparse.Namespace) -> None:
        from ingest.fetch.run import run_fetch  # no other command loads a network library

        run_fetch(options, progress)

    parser.set_defaults(run=run, failed="")
