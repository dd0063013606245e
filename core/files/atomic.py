"""Changes files in one step: replaces, exchanges, names and syncs them, and locks folders.

The only place where the project does so.
"""

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
"""How the name of a half-written file begins; a dot hides it from everything that lists files."""
_EXCHANGE = 2  # renameat2(2), RENAME_EXCHANGE
_FROM_HERE = -100  # AT_FDCWD
_UNKNOWN_HERE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def replace(
    path: Path,
    raw: bytes,
    *,
    like: Path | None = None,
    modified_s: float | None = None,
    temporary: Path | None = None,
) -> None:
    """Replace a file: a reader sees all of the old or of the new content, and nothing is left over.

    It keeps the mode of the file that was there, or gets that of the file `like`. `modified_s` is
    the time that it shows as its last change. `temporary` is the file on the same disk that is
    written first, by default beside it.
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
    """Wait until the operating system has put a file, or a folder's entries, on the disk itself."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such call for folders
    # Windows asks for the right to write, which nobody has for a file of a generation elsewhere.
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock(
    path: Path, busy: ClinicSearchError, *, wait_s: float = 0.0
) -> AbstractContextManager[object]:
    """Acquire a lock file, whose folder is made where it is missing; use it in `with`.

    The operating system releases the lock of a process that dies. Raises `busy` when another
    process still holds it after `wait_s` seconds, OSError when the folder cannot be written to.
    """
    from filelock import FileLock, Timeout  # only who writes needs it: the page starts without

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return FileLock(path, timeout=wait_s).acquire()
    except Timeout as error:
        raise busy from error


def swap(one: Path, other: Path) -> None:
    """Exchange the names of two files of one disk in one step; OSError leaves both as they were.

    A system or disk without such a step (all but Linux, some network drives) needs three. `other`
    always exists, but a save into its place between the first two steps is lost. A process killed
    between them leaves what `other` was as `one` with `-outside` behind its name.
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
    """Give a file of the same disk a name that is free; FileExistsError when it is not.

    The file may keep its old name as well, or not.
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
    """Exchange two names; return False where this system or disk has no such step."""
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
