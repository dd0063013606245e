"""Keep the passages that speak of what a question wants to know, see index/intent/aspects.py.

A stopgap until the ranking itself hears which way a question points.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.text.normalize import normalize_query
from index.intent.aspects import Aspect, aspect_of, is_about, speaks_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from core.types import Passage
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

# So many of the best passages are read; one that lies further down would be no answer anyway.
_READ = 10


def suited(
    index: OpenIndex,
    candidates: list[Candidate],
    plain: str,
    aspect: Aspect | None,
    *,
    labelled: Collection[str] = (),
) -> tuple[list[Candidate], bool]:
    """Return the passages that may answer a question in its plain form, best first.

    For a question of caution these are the passages that speak of caution, and those of the
    sections with which the clinic `labelled` it: none may be left. So it is for the question
    whether a treatment hurts, but where no passage speaks of that all stay, as related reading,
    and False is returned with them. For any other aspect, what the bank gives a section goes to the
    passage of it that speaks.
    """
    if aspect is None or not candidates:
        return candidates, True
    if not aspect.is_strict:
        return _speaker_first(index, candidates, aspect), True
    read = candidates[:_READ]
    kept = [candidate for candidate in read if _answers(index, candidate, plain, aspect)]
    kept = kept or [candidate for candidate in read if candidate.section_id in labelled]
    if kept or aspect.is_caution:
        return kept, True
    return candidates, False


def _answers(index: OpenIndex, candidate: Candidate, plain: str, aspect: Aspect) -> bool:
    """Say whether a passage, under its headings, has words that could answer such a question."""
    passage = index.passages[candidate.passage]
    above = " ".join((passage.title, *passage.path))
    if not is_about(plain, f"{above} {passage.text}"):
        return False
    # A heading may ask the same ("Is it safe?") or say that it is about that ("Risks").
    if any(
        aspect_of(normalize_query(one)) is aspect or speaks_of(aspect, one) for one in passage.path
    ):
        return True
    return any(speaks_of(aspect, sentence) for sentence in _sentences(index, candidate, passage))


def _sentences(index: OpenIndex, candidate: Candidate, passage: Passage) -> list[str]:
    starts, ends = (edge[candidate.rows].tolist() for edge in index.view_spans)
    return [passage.text[a:b] for a, b in zip(starts, ends, strict=True) if a >= 0]


def _speaker_first(
    index: OpenIndex, candidates: list[Candidate], aspect: Aspect
) -> list[Candidate]:
    section = candidates[0].section_id
    for number, candidate in enumerate(candidates[:_READ]):
        if candidate.section_id != section:
            continue
        passage = index.passages[candidate.passage]
        if any(speaks_of(aspect, one) for one in _sentences(index, candidate, passage)):
            swapped = list(candidates)
            swapped[0] = replace(candidate, score=candidates[0].score)
            swapped[number] = replace(candidates[0], score=candidate.score)
            return swapped
    return candidates
