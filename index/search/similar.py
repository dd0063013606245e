"""Find the passages that are most like a passage, by the vectors in the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.ids import present_id
from core.types import MatchedView, SearchResult, Span, ViewKind
from index.search.fusion import KINDS
from index.search.verify import check_verbatim

if TYPE_CHECKING:
    from core.types import Passage
    from index.store.opened import OpenIndex

DEFAULT_K = 5
# The text views among so many of the nearest views are compared.
_VIEWS = 1000
_TEXT = KINDS.index(ViewKind.TEXT)


def passage_row(index: OpenIndex, passage_id: str) -> int | None:
    """Return the row of a passage by its id; also by the one from before its file was renamed."""
    return index.passage_rows.row(present_id(passage_id, index.manifest.renamed_from))


def similar(index: OpenIndex, row: int, *, k: int = DEFAULT_K) -> tuple[SearchResult, ...]:
    """Find at most k passages of other sections whose text is most like the passage at `row`.

    Of each section only the nearest passage counts. The score is the cosine of the two text views;
    equal scores come in the order of the index. No sentence or term is marked. Raises
    IndexDamagedError when a passage is not, character for character, in its article.
    """
    views = np.arange(index.first_view[row], index.first_view[row + 1])
    own = views[index.view_columns[views] == _TEXT]
    if not len(own):
        return ()
    vector = index.vectors.vector(int(own[0]))
    near = index.vectors.search(vector, _VIEWS)
    texts = np.sort(near[index.view_columns[near] == _TEXT])
    owners = index.view_passages[texts]
    cosines = index.vectors.scores(vector, texts)
    source: Passage = index.passages[row]
    seen = {source.section_id}
    found: list[SearchResult] = []
    for i in np.argsort(-cosines, kind="stable"):
        if len(found) >= k:
            break
        passage = index.passages[int(owners[i])]
        if passage.section_id in seen:
            continue
        seen.add(passage.section_id)
        check_verbatim(index, passage)
        view = MatchedView(ViewKind.TEXT, passage.text)
        rank, score = len(found) + 1, float(cosines[i])
        found.append(SearchResult(rank, passage, score, Span(0, 0), (), view, passage.labels))
    return tuple(found)
