"""Change files in one step: replace, exchange, name, sync and lock. The one place for that."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from core.errors import ClinicSearchError

TEMPORARY = ".writing-"
"""Prefix of half-written files; the dot hides them from everything that lists files."""
_EXCHANGE = 2  # renameat2(2), RENAME_EXCHANGE
_AT_FDCWD = -100  # renameat2(2): paths are relative to the working directory
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def replace(
    path: Path,
    raw: bytes,
    *,
    like: Path | None = None,
    modified_s: float | None = None,
    temporary: Path | None = None,
) -> None:
    """Replace a file in one step: a reader sees all of the old or all of the new content.

    The new file has the mode of the file `like`, by default of the file before it. `modified_s` is
    its modification time. `temporary` is written first, on the same disk, by default beside it; an
    error leaves nothing behind.
    """
    like = like or path
    temporary = temporary or path.with_name(f"{TEMPORARY}{path.name}")
    try:
        temporary.write_bytes(raw)
        if like.exists():
            shutil.copymode(like, temporary)
        if modified_s is not None:
            os.utime(temporary, (modified_s, modified_s))
        sync(temporary)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on the disk itself."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such call for folders
    # Windows needs the right to write, which other systems may not give for a generation's file.
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock(
    path: Path, busy: ClinicSearchError, *, wait_s: float = 0.0
) -> AbstractContextManager[object]:
    """Acquire a lock file, in a folder that is made if needed; use it in `with`.

    The operating system releases the lock of a process that dies. Raises `busy` if another process
    holds it for more than `wait_s` seconds, OSError if the folder cannot be written to.
    """
    from filelock import FileLock, Timeout  # only writers need it: the page starts without

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return FileLock(path, timeout=wait_s).acquire()
    except Timeout as error:
        raise busy from error


def swap(file: Path, other: Path) -> None:
    """Exchange the names of two files on one disk in one step; OSError leaves both as they were.

    Systems or disks without such a step (all but Linux, some network drives) need three. `other`
    always exists, but a save to it between the first two steps is lost. A process killed between
    them leaves the content of `other` in a file named as `file` with `-outside` appended.
    """
    if _exchanged(file, other):
        return
    aside = file.with_name(f"{file.name}-outside")
    aside.unlink(missing_ok=True)
    try:
        try:
            aside.hardlink_to(other)
        except OSError:  # a disk without hard links
            shutil.copy2(other, aside)
        file.replace(other)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    try:
        aside.replace(file)
    except OSError:
        shutil.copy2(other, file)
        aside.replace(other)
        raise


def name(file: Path, path: Path) -> None:
    """Give a file of the same disk a free name; raise FileExistsError if the name is taken.

    The file may keep its old name as well.
    """
    try:
        path.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        file.replace(path)


def link(file: Path, path: Path) -> None:
    """Give a file that never changes another name as well; copy it where links fail."""
    try:
        path.hardlink_to(file)
    except OSError:  # another disk, or a file system without hard links
        shutil.copyfile(file, path)


def _exchanged(file: Path, other: Path) -> bool:
    """Exchange two names; return False if this system or disk has no such step."""
    if sys.platform != "linux":
        return False
    try:
        exchange = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # a C library from before 2018
        return False
    names = (os.fsencode(file), os.fsencode(other))
    if exchange(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(other))
