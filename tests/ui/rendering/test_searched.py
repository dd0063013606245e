"""What was searched for is said shortly: only the words that were changed."""

from __future__ import annotations

import re
from html import unescape

import pytest

from core.types import Outcome, SearchResponse
from ui.rendering.searched import searched_html

STORY = "I fell on my sholder last week and painkillers dont help, so what now? My sholder clicks"


@pytest.mark.parametrize(
    ("typed", "corrected", "said"),
    [
        ("sholder pain", "shoulder pain", "We read sholder as shoulder. Undo"),
        (STORY, STORY.replace("sholder", "shoulder"), "We read sholder as shoulder. Undo"),
        ("nek, sholder!", "neck, shoulder!", "We read nek as neck, sholder as shoulder. Undo"),
        ("followup visit", "follow up visit", "We read followup as follow up. Undo"),
        ("<b>nek", "<b>neck", "We read <b>nek as <b>neck. Undo"),
    ],
)
def test_only_changed_words_are_named(typed: str, corrected: str, said: str) -> None:
    response = SearchResponse(typed, Outcome.ANSWER, (), "g", corrected_query=corrected)
    html = searched_html(response)
    assert unescape(re.sub("</?(?:p|em|strong|button)[^>]*>", "", html)) == said
    (undo,) = re.findall('data-ask="([^"]*)"', html)
    assert unescape(undo) == f"+{typed}"


def test_nothing_is_said_where_nothing_was_changed() -> None:
    assert searched_html(SearchResponse("neck pain", Outcome.ANSWER, (), "g")) == ""
