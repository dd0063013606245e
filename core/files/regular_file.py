"""Reads the files that people put into a folder: only files, and no more of them than is expected.

A pipe or a device of a content file's name would make its reader wait, or read, without end.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# The largest bank of questions that anybody keeps has a tenth of it.
MOST_BYTES = 20_000_000
# Opening a pipe would otherwise wait for somebody to write into it.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)


def read_regular(path: Path, *, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file; a link to one is followed.

    Raises OSError when it cannot be read: FileNotFoundError when there is none, and errors that
    say so when it is a folder, a pipe or a device, or larger than `most` bytes.
    """
    raw = read_start(path, most=most)
    if len(raw) > most:
        raise OSError(errno.EFBIG, f"larger than {most:,} bytes", str(path))
    return raw


def read_start(path: Path, *, most: int) -> bytes:
    """Return the bytes of a file as `read_regular` does, of a larger one the first `most + 1`."""
    with open(path, "rb", opener=_opened_at_once) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "a pipe or a device, not a file", str(path))
        return stream.read(most + 1)


def _opened_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | _AT_ONCE)
