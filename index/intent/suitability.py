"""Keep the passages that speak of what a question wants to know (index/intent/aspects.py).

A stopgap until the ranking itself recognises negation.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from core.ids import article_of
from core.text.normalize import normalize_query
from index.intent.aspects import Aspect, aspect_of, is_about, speaks_of
from index.intent.caution_model import caution_model

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.types import Passage
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

# So many of the best passages are read; a passage with a lower rank would be no answer anyway.
_READ = 10
# A passage of the same article whose score is so much lower may still be the answer, if it is of
# the kind wanted. Of another article it is mostly not: 6 of 236 right ones would be lost.
_NEAR = 0.1


def keep_suitable(
    index: OpenIndex,
    candidates: list[Candidate],
    question: str,
    aspect: Aspect | None,
    *,
    labelled: Collection[str] = (),
) -> tuple[list[Candidate], bool]:
    """Return the passages that may answer a normalised question, and whether one speaks.

    For a question of caution only passages that speak of caution may answer, or else those of the
    sections that `labelled` names: maybe none. The same holds for the question whether a treatment
    hurts; but then, where no passage speaks of it, all are returned, as related reading, with
    False. Where only its vector shows that a question asks for caution, all are returned. A passage
    that is praise, by the model of caution, is no answer to any question of caution either. For any
    other aspect the first passage changes places with the first that speaks, of its section or, in
    its article, nearly as good; where a question wants a kind of answer and no such passage gives
    it, False.
    """
    # Sentences that say what something is may say it of another thing.
    if aspect in (None, Aspect.MEANING) or not candidates:
        return candidates, True
    if not aspect.is_strict:
        return _speaker_first(index, candidates, question, aspect)
    if aspect is Aspect.CAUTION:
        return candidates, _may_answer(index, candidates[0], labelled)
    read = candidates[:_READ]
    suitable = [candidate for candidate in read if _answers(index, candidate, question, aspect)]
    suitable = suitable or [candidate for candidate in read if candidate.section_id in labelled]
    if not aspect.is_caution:
        return (suitable, True) if suitable else (candidates, False)
    return suitable, not suitable or _may_answer(index, suitable[0], labelled)


def _may_answer(index: OpenIndex, candidate: Candidate, labelled: Collection[str]) -> bool:
    """Say whether a passage is not praise, or the bank says that its section answers."""
    model = caution_model(index.manifest.encoder.sha256)
    if model is None or candidate.section_id in labelled:
        return True
    of_text = candidate.rows[:1]  # the view of the whole passage is its first
    (product,) = index.vectors.scores(model.passages.weights, of_text)
    return model.passages.logit(float(product)) >= model.passages.cut


def _answers(index: OpenIndex, candidate: Candidate, question: str, aspect: Aspect) -> bool:
    """Say whether a passage, under its headings, has words that could answer such a question."""
    passage = index.passages[candidate.passage]
    above = " ".join((passage.title, *passage.path))
    if not is_about(question, aspect, f"{above} {passage.text}"):
        return False
    if _is_under(aspect, passage.path):
        return True
    texts = [*passage.path, *_sentences(index, candidate, passage)]
    return any(speaks_of(aspect, text) for text in texts)


def _is_under(aspect: Aspect, headings: Sequence[str]) -> bool:
    # A heading may ask the same ("Is it safe?") or say that it is about that ("Risks").
    return any(_asked_by(heading) is aspect for heading in headings)


@lru_cache(maxsize=2048)  # only headings of articles; no question may be cached
def _asked_by(heading: str) -> Aspect | None:
    return aspect_of(normalize_query(heading))


def answers_kind(aspect: Aspect | None, headings: Sequence[str], speaks: bool) -> bool:
    """Say whether a sentence under these headings gives the kind of answer that is wanted.

    `speaks` says whether the sentence itself speaks of the aspect; any sentence gives the answer to
    a question that wants no certain kind of it.
    """
    if aspect is None or not (aspect.is_strict or aspect.wants_kind):
        return True
    return speaks or _is_under(aspect, headings)


def _sentences(index: OpenIndex, candidate: Candidate, passage: Passage) -> list[str]:
    starts, ends = (edge[candidate.rows].tolist() for edge in index.view_spans)
    return [passage.text[a:b] for a, b in zip(starts, ends, strict=True) if a >= 0]


def _speaker_first(
    index: OpenIndex, candidates: list[Candidate], question: str, aspect: Aspect
) -> tuple[list[Candidate], bool]:
    """Put the best passage that speaks first, if it is of the first one's section or beside it.

    A passage under a heading that asks the same goes before the others.
    """
    first = candidates[0]
    speakers = [
        number
        for number, candidate in enumerate(candidates[:_READ])
        if _is_beside(candidate, first, aspect) and _answers(index, candidate, question, aspect)
    ]
    if not speakers:
        return candidates, not aspect.wants_kind

    def is_under(number: int) -> bool:
        return _is_under(aspect, index.passages[candidates[number].passage].path)

    chosen = min(speakers, key=lambda number: (not is_under(number), number))
    swapped = list(candidates)
    swapped[chosen] = first._replace(score=candidates[chosen].score)
    swapped[0] = candidates[chosen]._replace(score=first.score)  # scores fall from place to place
    return swapped, True


def _is_beside(candidate: Candidate, first: Candidate, aspect: Aspect) -> bool:
    """Say whether a passage may take the first one's place: nearly as good, of its article."""
    if candidate.section_id == first.section_id:
        return True
    is_near = not aspect.decides and candidate.score >= first.score - _NEAR
    return is_near and article_of(candidate.id) == article_of(first.id)
