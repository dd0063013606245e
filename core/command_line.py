"""Run click commands for `python -m`, and turn errors into messages."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from core.errors import ClinicSearchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_BAR = "{desc}: {percentage:3.0f} % |{bar}| {remaining} left"


def run(command: click.Command, arguments: Sequence[str] | None, *, program: str) -> int:
    """Run a command and return its exit code: 1 after an error, 2 after a wrong option.

    `arguments` are by default those of the process. The context's `obj` is the command as typed.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    typed = shlex.join([*program.split(), *given])
    try:
        with command.make_context(program, given, obj=typed) as context:
            return int(command.invoke(context) or 0)
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


def show_progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    """Yield the items of a long task, with a bar on a terminal: `what` is done, and the time left.

    Nothing is drawn for less than half a second, and where the output is no terminal.
    """
    from tqdm import tqdm

    yield from tqdm(
        items, total=total, desc=what, delay=0.5, leave=False, disable=None, bar_format=_BAR
    )
