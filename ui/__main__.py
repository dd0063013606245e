"""`python -m ui`: serve the page."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from core.clinic_settings import contacts_warning
from core.command_line import run
from core.places import ROOT
from core.process import no_collections
from ui.service import settings

_log = logging.getLogger("clinic.ui")
_PATH = click.Path(path_type=Path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; return 0, 1 after an error or 2 for a wrong option."""
    return run(cli, arguments, program="python -m ui")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, default=8501, show_default=True, help="Port to listen on.")
@click.option("--content", type=_PATH, help="The clinic's folder.")
@click.option("--built", type=_PATH, help="The built index.")
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Address of a proxy whose X-Forwarded-For is believed; repeat it for several, '' for none."
    "  [default: CLINIC_PROXIES, or 127.0.0.1]",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="Name by which visitors reach the page, such as search.clinic.example; repeat it for"
    " several.  [default: CLINIC_NAMES, or this machine only]",
)
@click.option("--staff", "is_staff", is_flag=True, help="Serve staff, behind a secret link.")
def cli(
    host: str,
    port: int,
    content: Path | None,
    built: Path | None,
    proxies: tuple[str, ...],
    names: tuple[str, ...],
    is_staff: bool,
) -> None:
    """Serve the page."""
    given = settings.from_environment()
    os.environ[settings.CONTENT_VARIABLE] = str((content or given.content).resolve())
    os.environ[settings.BUILT_VARIABLE] = str((built or given.built).resolve())
    if is_staff:
        os.environ[settings.AUDIENCE_VARIABLE] = settings.STAFF
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.WARNING)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from ui.server.hosts import hosts, name_of

    names = names or given.names
    if name_of(host):
        names = (*names, host)
    hosts(names, given.origins)
    os.environ[settings.NAMES_VARIABLE] = " ".join(names)
    if gap := settings.notices_gap():
        _log.warning("%s", gap)
    if missing := contacts_warning(settings.clinic()):
        _log.warning("%s", missing)
    proxies = tuple(filter(None, proxies)) if proxies else given.proxies
    # All that is made until the index is open stays: the engine then lets garbage be looked for.
    with suppress(KeyboardInterrupt), no_collections():
        from ui.server.launcher import serve

        serve(host, port, proxies=proxies)


if __name__ == "__main__":
    sys.exit(main())
