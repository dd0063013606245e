"""Articles are compared by their letters and digits alone."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.overlaps.copies import _squeezed


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_texts_are_squeezed_as_all_others(text: str) -> None:
    assert _squeezed(text) + "\u00e9" == _squeezed(f"{text}\u00c9")


def test_only_letters_and_digits_stay() -> None:
    assert _squeezed("Left-Knee_2, (at home)!\n") == "leftknee2athome"
