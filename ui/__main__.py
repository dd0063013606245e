"""`python -m ui`: serve the page."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from core.errors import ClinicSearchError
from ui.service import settings
from ui.service.settings import BUILT_VARIABLE, CONTENT_VARIABLE, ROOT, from_environment

FAILED = 2


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, tell the page its folders, and serve until interrupted."""
    told = from_environment()
    parser = argparse.ArgumentParser(prog="python -m ui", description="Serve the page.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8501, help="port to listen on (%(default)s)")
    parser.add_argument("--content", type=Path, default=told.content, help="the clinic's folder")
    parser.add_argument("--built", type=Path, default=told.built, help="the built index")
    parser.add_argument(
        "--proxy",
        action="append",
        metavar="ADDRESS",
        help="address of a proxy that says truly who connects (X-Forwarded-For); may be given"
        f" several times, '' for none ({' '.join(told.proxies) or 'none'})",
    )
    parser.add_argument(
        "--name",
        action="append",
        help="name under which visitors reach the page, such as search.clinic.example; may be given"
        f" several times ({' '.join(told.names) or 'this machine only'})",
    )
    parser.add_argument(
        "--staff", action="store_true", help="serve the page for staff, behind a secret link"
    )
    chosen = parser.parse_args(arguments)
    os.environ[CONTENT_VARIABLE] = str(chosen.content.resolve())
    os.environ[BUILT_VARIABLE] = str(chosen.built.resolve())
    if chosen.staff:
        os.environ[settings.AUDIENCE_VARIABLE] = settings.STAFF
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.WARNING)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    try:
        from ui.server.hosts import hosts, name_of
        from ui.server.launcher import serve

        names = told.names if chosen.name is None else tuple(chosen.name)
        if name_of(chosen.host):
            names = (*names, chosen.host)
        hosts(names, told.origins)
        os.environ[settings.NAMES_VARIABLE] = " ".join(names)
        proxies = told.proxies if chosen.proxy is None else tuple(filter(None, chosen.proxy))
        serve(chosen.host, chosen.port, proxies=proxies)
    except ClinicSearchError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
