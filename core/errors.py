"""The error tree: each error names the problem, where, expected, found and the fix.

That text is for staff. Visitors see `visitor_message`, one calm sentence.
"""

from __future__ import annotations

import errno

from core.places import as_typed

# A value in a broken file may be as long as the file.
_MAX_CHARS = 1_000


class ClinicSearchError(Exception):
    """Base of every error that the project raises on purpose.

    Never pass in what a visitor typed: errors are printed and logged.
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
    fix = as_typed(fix) if fix else fix
    details = {"where": where, "expected": expected, "found": found, "to fix it": fix}
    return "\n".join([problem, *(f"  {name}: {text}" for name, text in details.items() if text)])


def _shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= _MAX_CHARS else f"{text[:_MAX_CHARS]}…"


class ContentError(ClinicSearchError):
    """Something in the content folder cannot be used."""


class NoArticleError(ContentError):
    """A file says itself that it is no article: it only forwards, or is a draft.

    Ingest leaves it out with a warning, and takes its previous version offline.
    """


class SeveralContentErrors(ContentError):
    """Several errors in the content folder, so that an editor can fix them together."""

    def __init__(self, errors: list[ContentError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


class EncoderError(ClinicSearchError):
    """The sentence encoder is missing, or is another than expected."""


class IndexUnavailableError(ClinicSearchError):
    """No index can be searched."""


class IndexMissingError(IndexUnavailableError):
    """No generation has been published yet."""

    visitor_message = "Our articles are not ready to search yet. Please come back a little later."


class IndexDamagedError(IndexUnavailableError):
    """A file of the generation is missing, truncated or changed."""


class IndexMismatchError(IndexUnavailableError):
    """The generation was built by another version or with another encoder."""


class PublishError(ClinicSearchError):
    """A generation could not be written or published; the previous one stays online."""


class BusyError(PublishError):
    """Another process is writing generations now."""


class UsageError(ClinicSearchError):
    """A command was called with options that cannot work."""


# Errors of the file itself, which a new file in its place fixes. All others are the machine's: no
# descriptor, memory or permission, a disk that does not answer.
_FILE_ERRORS = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EINVAL, errno.EOVERFLOW}
)


def refused_by_machine(error: Exception, where: object) -> IndexUnavailableError | None:
    """Return the error for an intact file that this machine cannot read, None for other errors."""
    if not isinstance(error, OSError) or error.errno is None or error.errno in _FILE_ERRORS:
        return None
    is_full = error.errno in (errno.EMFILE, errno.ENFILE)
    return IndexUnavailableError(
        "This machine cannot read the index. The index itself may be intact.",
        where=str(where),
        expected="a file that this process may open and read",
        found=error.strerror or str(error),
        fix="allow the service more open files (ulimit -n, LimitNOFILE=), and see who holds so many"
        " connections"
        if is_full
        else "check the disk, the memory and the permissions of this machine",
    )
