"""What an ingest found wrong in the content folder: records in the manifest, printed late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.errors import NoArticleError, message

if TYPE_CHECKING:
    from core.errors import ClinicSearchError

# The step of the ingest that found it.
Step = Literal["read", "words", "split", "claims", "export", "calibrate"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A file or label that an ingest skipped (an error), or something to look at (a warning).

    `source` is the file's path below the content folder and `where` the exact place in it, as a
    message names it. `article` is the id of the article in the index that the finding is about,
    empty where it is about none. An error about such an article means that the ingest skipped its
    new file and that the previous version stays online.
    """

    severity: Literal["error", "warning"]
    step: Step
    problem: str
    source: str = ""
    article: str = ""
    where: str = ""
    expected: str = ""
    found: str = ""
    fix: str = ""

    @property
    def is_error(self) -> bool:
        """Say whether the ingest skipped something."""
        return self.severity == "error"

    def __str__(self) -> str:
        """Return the message that people read: an error as ContentError prints it."""
        details = {"expected": self.expected, "found": self.found, "fix": self.fix}
        if self.is_error:
            return message(self.problem, where=self.where, **details)
        return message(": ".join(filter(None, (self.where, self.problem))), **details)


def finding_of(error: ClinicSearchError, source: str, article: str = "") -> Finding:
    """Return the record of an error in a content file, a warning when it is no article."""
    return Finding(
        "warning" if isinstance(error, NoArticleError) else "error",
        "read",
        error.problem,
        source=source,
        article=article,
        where=error.where or "",
        expected=error.expected or "",
        found=error.found or "",
        fix=error.fix or "",
    )
