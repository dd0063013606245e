"""Read regular files only, up to a size.

A pipe or a device in place of a content file would make its reader wait or read without end.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# Ten times the largest known bank of questions.
MAX_BYTES = 20_000_000
# Without it, opening a pipe waits for a writer.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def read_regular(path: Path, *, most: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file or of the file that a link names.

    Raises OSError when it cannot be read, FileNotFoundError when it is missing; a folder, a pipe, a
    device or a file of more than `most` bytes is such an error too.
    """
    raw = read_start(path, most=most)
    if len(raw) > most:
        raise OSError(errno.EFBIG, f"larger than {most:,} bytes", str(path))
    return raw


def read_start(path: Path, *, most: int) -> bytes:
    """Return the bytes of a file as `read_regular` does, but only the first `most + 1`."""
    with open(path, "rb", opener=_open_without_waiting) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "a pipe or a device, not a file", str(path))
        return stream.read(most + 1)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_WAIT)
