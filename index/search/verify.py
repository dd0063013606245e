"""Whether a passage is what its article says, asked of every passage before it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import IndexDamagedError
from index.store.manifest import REBUILD

if TYPE_CHECKING:
    from core.types import Passage
    from index.store.opened import OpenIndex


def check_verbatim(index: OpenIndex, passage: Passage) -> None:
    """Raise IndexDamagedError unless the passage is, character for character, in its article."""
    article = index.articles.get(passage.article_id)
    if article is None or article.text[passage.start : passage.end] != passage.text:
        raise IndexDamagedError(
            "A passage is not what its article says, so it is not shown.",
            where=passage.id,
            expected=f"characters {passage.start} to {passage.end} of {passage.article_id}",
            found="another text" if article else "no such article",
            # Files that are as they were written would be taken for sound and kept.
            fix=f"remove the folder of the index, then run: {REBUILD}",
        )
