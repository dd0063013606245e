"""The error tree: every error tells staff what, where, expected, found and what to run.

A visitor never sees that text; a visitor gets `visitor_message`, one calm sentence.
"""

from __future__ import annotations

import errno

# A value in a broken file may be as long as the file.
_MOST_CHARS = 1_000


class ClinicSearchError(Exception):
    """Base of every error that the project raises on purpose.

    Nothing that a visitor typed may ever be passed into one: errors are printed and logged.
    """

    visitor_message = "The search is not working at the moment. Please try again later."

    def __init__(
        self,
        problem: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        fix: str | None = None,
    ) -> None:
        self.problem = problem
        self.where = _shortened(where)
        self.expected = expected
        self.found = _shortened(found)
        self.fix = fix
        super().__init__(problem)

    def __str__(self) -> str:
        return message(
            self.problem,
            where=self.where,
            expected=self.expected,
            found=self.found,
            fix=self.fix,
        )


def message(
    problem: str,
    *,
    where: str | None = None,
    expected: str | None = None,
    found: str | None = None,
    fix: str | None = None,
) -> str:
    """Return a problem and, on a line each, the details that are known of it."""
    details = {"where": where, "expected": expected, "found": found, "to fix it": fix}
    return "\n".join([problem, *(f"  {name}: {text}" for name, text in details.items() if text)])


def _shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS]}…"


class ContentError(ClinicSearchError):
    """Something in the content folder cannot be taken as it is."""


class SeveralContentErrors(ContentError):
    """Several things in the content folder at once, so that an editor mends them in one go."""

    def __init__(self, errors: list[ContentError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


class EncoderError(ClinicSearchError):
    """The sentence encoder is missing or is not the one that was asked for."""


class IndexUnavailableError(ClinicSearchError):
    """There is no index that could be searched."""


class IndexMissingError(IndexUnavailableError):
    """No generation has been published yet."""

    visitor_message = "Our articles are not ready to search yet. Please come back a little later."


class IndexDamagedError(IndexUnavailableError):
    """A file of the generation is missing, truncated or not the one that was written."""


class IndexMismatchError(IndexUnavailableError):
    """The generation was built by another version or another encoder."""


class PublishError(ClinicSearchError):
    """A generation could not be written or published; what was serving goes on serving."""


class BusyError(PublishError):
    """Another process is writing generations at this moment."""


class UsageError(ClinicSearchError):
    """A command was called in a way that cannot work."""


# What these say of a file, another file in its place puts right. All other refusals are the
# machine's: no descriptor, memory or permission, a disk that does not answer.
_OF_THE_FILE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EINVAL, errno.EOVERFLOW}
)


def refused_by_machine(error: Exception, where: object) -> IndexUnavailableError | None:
    """Return what to raise where the machine, and no damage, kept a file from being read."""
    if not isinstance(error, OSError) or error.errno is None or error.errno in _OF_THE_FILE:
        return None
    is_full = error.errno in (errno.EMFILE, errno.ENFILE)
    return IndexUnavailableError(
        "The machine does not let the index be read. The index itself may be sound.",
        where=str(where),
        expected="a file that this process may open and read",
        found=error.strerror or str(error),
        fix="allow the page more open files (ulimit -n, LimitNOFILE= of the service), and see who"
        " holds so many connections"
        if is_full
        else "look at the disk, the memory and the permissions of this machine",
    )
