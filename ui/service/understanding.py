"""Judge whether a question is understood, with an index and without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.language_tags import ENGLISH, code_of
from core.text.language import ENGLISH as SPOKEN_ENGLISH
from core.text.language import is_understood
from ui.service import settings

if TYPE_CHECKING:
    from index.store.generations import OpenIndex


def understands(question: str, index: OpenIndex | None) -> bool:
    """Say whether a question is in English or in a language of the articles, or may be.

    Without an index nothing is known of articles in another language: they may have every word.
    """
    if index:
        return is_understood(question, index.spoken)
    is_english = code_of(settings.clinic().content_language) == ENGLISH
    return not is_english or is_understood(question, SPOKEN_ENGLISH)
