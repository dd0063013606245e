"""Words are counted in every script."""

from __future__ import annotations

import pytest

from core.text.characters import word_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  Rest  a while\n", 3),
        ("\xdcben hilft", 2),
        ("\uac74\uac15 \uc0c1\ub2f4", 2),  # Korean puts spaces between words
        ("\u4f60\u597d", 2),
        ("\u4f60\u53ef\u4ee5\u6162\u6162\u8d70\u8def\u3002 MRI", 2 + 3),
    ],
)
def test_words_are_counted_with_and_without_spaces(text: str, count: int) -> None:
    assert word_count(text) == count
