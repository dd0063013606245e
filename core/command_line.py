"""Run click commands for `python -m`, and turn errors into messages."""

from __future__ import annotations

import shlex
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.errors import ClinicSearchError, UsageError
from core.places import as_typed, content_here, install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_OWN = ("core", "safety", "index", "ingest", "ui", "evaluation")


def content_option(text: str = "The clinic's folder.") -> Callable[[Any], Any]:
    """Return the option `--content` of a command: by default what `content_here` finds."""
    kind = click.Path(path_type=Path)
    return click.option(
        "--content", type=kind, default=content_here, show_default="content", help=text
    )


_BAR = "{desc}: {percentage:3.0f} % |{bar}| {remaining} left"


def run(command: click.Command, arguments: Sequence[str] | None, *, program: str) -> int:
    """Run a command and return its exit code: 1 after an error, 2 after a wrong option.

    `arguments` are by default those of the process. The context's `obj` is the command as typed.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    program = as_typed(program)
    typed = shlex.join([*program.split(), *given])
    try:
        with command.make_context(program, given, obj=typed) as context:
            return _invoked(command, context)
    except click.exceptions.Exit as done:  # --help
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ClinicSearchError as error:
        print(error, file=sys.stderr)
        return 1
    except click.Abort:  # Ctrl-C, or the end of the input, at a question
        print("Stopped.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe has closed it (| head)
        sys.stderr.close()
        return 0


def _invoked(command: click.Command, context: click.Context) -> int:
    """Run a command; raise UsageError where a library is missing that serving does not need."""
    try:
        return int(command.invoke(context) or 0)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library in {"", *_OWN}:
            raise  # a defect
        raise _not_installed(f"This command needs {library}, which is not installed.") from error


def check_installed() -> None:
    """Raise UsageError where only what serving needs is installed.

    For commands that would meet it late, or in a process apart, which can only say that it ended.
    """
    if find_spec("sentence_transformers") is None:
        raise _not_installed("What ingest needs is not installed, only what serving needs.")


def _not_installed(problem: str) -> UsageError:
    return UsageError(problem, fix=install("ingest"))


def show_progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    """Yield the items of a long task, with a bar on a terminal: `what` is done, and the time left.

    Nothing is drawn for less than half a second, and where the output is no terminal.
    """
    from tqdm import tqdm

    yield from tqdm(
        items, total=total, desc=what, delay=0.5, leave=False, disable=None, bar_format=_BAR
    )
