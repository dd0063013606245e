"""Runs a command under strace, and reads from its record whom it called and what it wrote.

pytest-socket and audit hooks see what Python does. Native libraries have threads, files and sockets
of their own, and the kernel sees those too.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

_CALLS = (
    "connect,bind,sendto,sendmsg,sendmmsg,open,openat,openat2,creat,mkdir,mkdirat,"
    "mknod,mknodat,link,linkat,symlink,symlinkat,rename,renameat,renameat2,unlink,unlinkat,rmdir,"
    "truncate,chmod,fchmodat"
)
# What is done through io_uring is not seen, so there is none: uvloop does without.
_NONE = "io_uring_setup:error=ENOSYS"
_LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)(?: resumed>|\()(.*)")
_UNFINISHED = " <unfinished ...>"
_FAMILY = re.compile(r"sa_family=(\w+)")
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_INTERNET = re.compile(r'inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"')
_UNIX = re.compile(r'sun_path=(@?"(?:[^"\\]|\\.)*")')
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')
_WRITING = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)")
_NET = ("connect", "bind", "send")
_DNS = 53


def strace() -> str | None:
    """Return Debian's strace, None where it is not installed."""
    return shutil.which("strace")


@dataclass(frozen=True, slots=True)
class Call:
    """A system call as strace writes it: its name and its arguments (with the result)."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Record:
    """Where strace writes what a command does."""

    log: Path

    def command(self) -> list[str]:
        """Return what stands before a command to have it and its children recorded."""
        options = f"-f --seccomp-bpf -y -qq -s 0 -e signal=none -e trace={_CALLS} -e inject={_NONE}"
        return ["strace", *options.split(), "-o", str(self.log)]

    def process(self) -> int:
        """Return the id of the command's process: strace itself ends when that does."""
        return int(self.log.read_text(encoding="utf-8").split(maxsplit=1)[0])

    def calls(self) -> list[Call]:
        return list(parsed(self.log.read_text(encoding="utf-8", errors="replace")))


def parsed(log: str) -> Iterator[Call]:
    """Yield the calls of a record; what another thread has interrupted is put together again."""
    begun: dict[tuple[str, str], str] = {}
    for line in log.splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"not a line of strace: {line}")
        process, name, rest = found.groups()
        if rest.endswith(_UNFINISHED):
            begun[process, name] = rest.removesuffix(_UNFINISHED)
        else:
            yield Call(name, begun.pop((process, name), "") + rest)
    # Ended in the middle of a call: it may have been done all the same.
    yield from (Call(name, arguments) for (_, name), arguments in begun.items())


def foreign(calls: Sequence[Call]) -> list[str]:
    """Return every address outside of this machine that was connected to, sent to or bound.

    Only loopback is this machine's own, and there not port 53: a resolver passes names on. A UNIX
    socket is foreign too: who listens there (nscd, uuidd, a container's runtime) may ask further.
    """
    return [
        address
        for call in calls
        if call.name.startswith(_NET)
        for address in _addresses(call)
        if not _is_loopback(address)
    ]


def _addresses(call: Call) -> Iterator[str]:
    for one in re.split(r"(?=sa_family=)", call.arguments)[1:]:
        internet, port, unix = _INTERNET.search(one), _PORT.search(one), _UNIX.search(one)
        if internet and port:
            yield f"{internet[1]} port {port[1]}"
        else:
            family = _FAMILY.match(one)
            yield f"unix {unix[1]}" if unix else family[1] if family else one


def _is_loopback(address: str) -> bool:
    host, _, port = address.partition(" port ")
    return bool(port) and ip_address(host).is_loopback and int(port) != _DNS


def written(calls: Sequence[Call], cwd: Path) -> list[str]:
    """Return every path that was opened for writing, made, renamed, removed or changed.

    Attempts that failed are among them: on another machine they may not.
    """
    return sorted(
        {
            os.path.normpath(cwd / folder / _unescaped(path))
            for call in calls
            if not call.name.startswith((*_NET, "io_uring"))
            if not call.name.startswith("open") or _WRITING.search(call.arguments)
            for folder, path in _paths(call)
        }
    )


def _paths(call: Call) -> list[tuple[str, str]]:
    found = _PATH.findall(call.arguments)
    return found[-1:] if call.name.startswith("symlink") else found  # the first is only a text


def _unescaped(path: str) -> str:
    return os.fsdecode(ast.literal_eval(f'b"{path}"'))


def outside(paths: Sequence[str], *folders: Path) -> list[str]:
    """Return the paths that lie in none of some folders, without those that are no files on a disk.

    /dev/null is none, and a semaphore in /dev/shm is shared memory: Python's multiprocessing tries
    some when joblib, which scikit-learn brings, is imported.
    """
    return [
        path
        for path in paths
        if path != os.devnull and not path.startswith("/dev/shm/sem.")
        if not any(Path(path).is_relative_to(folder) for folder in folders)
    ]
