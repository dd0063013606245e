"""Puts a file into a place without losing what another program puts there at the same moment."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

_EXCHANGE = 2  # renameat2(2), RENAME_EXCHANGE
_FROM_HERE = -100  # AT_FDCWD
_UNKNOWN_HERE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def swap(one: Path, other: Path) -> None:
    """Have two files of one disk change places: in one step, or nothing happens and OSError.

    Where a system or a disk knows no such step (all but Linux, some network drives) it takes
    three, and `other` never is away; what is saved into its place between the first and the second
    is lost then. Killed among them, what `other` was is left as `one` with `-outside` behind it.
    """
    if _exchanged(one, other):
        return
    aside = one.with_name(f"{one.name}-outside")
    aside.unlink(missing_ok=True)
    try:
        try:
            aside.hardlink_to(other)
        except OSError:  # a disk that knows no second names
            shutil.copy2(other, aside)
        one.replace(other)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    try:
        aside.replace(one)
    except OSError:
        shutil.copy2(other, one)
        aside.replace(other)
        raise


def name(file: Path, path: Path) -> None:
    """Have a file of the same disk in an empty place; FileExistsError when it is not empty.

    The file may be in its old place too afterwards, or not.
    """
    try:
        path.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no second names
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        file.replace(path)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two names; False where nobody here knows how to."""
    if sys.platform != "linux":
        return False
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # a C library from before 2018
        return False
    names = (os.fsencode(one), os.fsencode(other))
    if exchange(_FROM_HERE, names[0], _FROM_HERE, names[1], _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNKNOWN_HERE:
        return False
    raise OSError(code, os.strerror(code), str(other))
