"""Which of the passages found speak of what a question wants to know: by words, see index.aspects.

A stopgap until the ranking itself hears which way a question points.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.aspects import Aspect, aspect_of, is_about, speaks_of
from index.ids import section_of
from index.query import plain_query

if TYPE_CHECKING:
    from collections.abc import Collection

    from index.generation import Index
    from index.ranking import Place
    from index.types import Passage

# So many of the best passages are read; one that lies further down would be no answer anyway.
_READ = 10


def suited(
    index: Index,
    places: list[Place],
    plain: str,
    aspect: Aspect | None,
    *,
    labelled: Collection[str] = (),
) -> tuple[list[Place], bool]:
    """Return the passages that may answer a question in its plain form, best first.

    For a question of caution these are the passages that speak of caution, and those of the
    sections with which the clinic `labelled` it: none may be left. So it is for the question
    whether a treatment hurts, but where no passage speaks of that all stay, as related reading,
    and False is returned with them. For any other aspect, what the bank gives a section goes to the
    passage of it that speaks.
    """
    if aspect is None or not places:
        return places, True
    if not aspect.is_strict:
        return _speaker_first(index, places, aspect), True
    read = places[:_READ]
    kept = [place for place in read if _answers(index, place, plain, aspect)]
    kept = kept or [place for place in read if _section(place) in labelled]
    if kept or aspect.is_caution:
        return kept, True
    return places, False


def _answers(index: Index, place: Place, plain: str, aspect: Aspect) -> bool:
    """Say whether a passage, under its headings, has words that could answer such a question."""
    passage = index.passages[place.passage]
    above = " ".join((passage.title, *passage.path))
    if not is_about(plain, f"{above} {passage.text}"):
        return False
    # A heading may ask the same ("Is it safe?") or say that it is about that ("Risks").
    if any(aspect_of(plain_query(one)) is aspect or speaks_of(aspect, one) for one in passage.path):
        return True
    return any(speaks_of(aspect, sentence) for sentence in _sentences(index, place, passage))


def _sentences(index: Index, place: Place, passage: Passage) -> list[str]:
    starts, ends = (edge[place.rows].tolist() for edge in index.view_spans)
    return [passage.text[a:b] for a, b in zip(starts, ends, strict=True) if a >= 0]


def _speaker_first(index: Index, places: list[Place], aspect: Aspect) -> list[Place]:
    section = _section(places[0])
    for number, place in enumerate(places[:_READ]):
        if _section(place) != section:
            continue
        passage = index.passages[place.passage]
        if any(speaks_of(aspect, one) for one in _sentences(index, place, passage)):
            swapped = list(places)
            swapped[0] = replace(place, score=places[0].score)
            swapped[number] = replace(places[0], score=place.score)
            return swapped
    return places


def _section(place: Place) -> str:
    return section_of(place.id)
