"""`clinic-search COMMAND ...`: what `python -m` runs, as one program that works in any folder.

Each command hands its arguments to the package that has it. What is added here: the clinic's
folders are those of the current folder, and messages name commands as they are typed here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module, metadata
from pathlib import Path

# `core` before every library: it keeps them offline (core/offline.py).
from core.places import COMMAND_VARIABLE, NAMES, content_here

PROGRAM = "clinic-search"
COMMANDS = {
    "new": ("ingest", "new"),
    "search": ("index", "search"),
    **{name: (package,) for package, name in NAMES.items()},
}
"""Each command: the package that has it, and the arguments that come first."""
HELP = f"""Usage: {PROGRAM} COMMAND [ARGUMENTS]...

  new       make the content folder of a clinic
  ingest    build the index from the content folder, or inspect it
  serve     serve the page
  search    search the index in the terminal
  evaluate  measure the search and the notices
  index     inspect the index and roll it back; reviews and coverage
  safety    check and sign the safety notices
  counts    show what the page has counted

The clinic's folders are content/ (or the only folder here that holds a clinic.toml) and
index/built/ in the current folder; --content and --built name others.
{PROGRAM} COMMAND --help says more, {PROGRAM} --version which version this is.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code, 2 where there is no such command."""
    name, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if name in {"--help", "-h"}:
        print(HELP, end="")
        return 0
    if name == "--version":
        print(PROGRAM, metadata.version(PROGRAM))
        return 0
    if name not in COMMANDS:  # what was typed may be a patient's question
        print(f"There is no such command.\n\n{HELP}", end="", file=sys.stderr)
        return 2
    os.environ[COMMAND_VARIABLE] = PROGRAM
    # The page reads its folders from the environment (ui/service/settings.py).
    for variable, here in (("CLINIC_CONTENT", content_here()), ("CLINIC_BUILT", "index/built")):
        os.environ[variable] = str(Path(os.environ.get(variable) or here).resolve())
    package, *first = COMMANDS[name]
    code: int = import_module(f"{package}.__main__").main([*first, *rest])
    return code


if __name__ == "__main__":
    sys.exit(main())
