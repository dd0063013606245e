"""Answer, related reading, or not covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import SearchResult

# Until labelled questions calibrate the cut: below this best score nothing is shown. It is
# conservative on purpose; see docs/architecture.md for where it lies on real questions.
_UNCALIBRATED_FLOOR = 0.25


def decide(results: Sequence[SearchResult]) -> Outcome:
    """Return the outcome for results in order of rank."""
    if not results or results[0].score < _UNCALIBRATED_FLOOR:
        return Outcome.NOT_COVERED
    return Outcome.ANSWER
