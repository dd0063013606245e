"""Check that a passage is word for word in its article, before anybody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import IndexDamagedError
from index.store.manifest import REBUILD

if TYPE_CHECKING:
    from core.types import Passage
    from index.store.opened import OpenIndex


def check_verbatim(index: OpenIndex, passage: Passage) -> None:
    """Check that a passage is, character for character, in its article.

    Raises IndexDamagedError when it is not.
    """
    text = index.articles.text("text", passage.article_id)
    if text is None or text[passage.start : passage.end] != passage.text:
        raise IndexDamagedError(
            "A passage differs from its article, so it is not shown.",
            where=passage.id,
            expected=f"characters {passage.start} to {passage.end} of {passage.article_id}",
            found="no such article" if text is None else "another text",
            # Ingest keeps a generation whose files are as they were written, as these are.
            fix=f"remove the folder of the index, then run: {REBUILD}",
        )
