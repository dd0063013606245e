import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


def test_sentences_end_at_stops_questions_and_exclamations() -> None:
    assert sentences("It hurts. Why? It is stiff! ") == ["It hurts.", "Why?", "It is stiff!"]


def test_an_abbreviation_or_a_decimal_point_ends_no_sentence() -> None:
    text = "Dr. Smith uses needles, e.g. of 0.25 mm. They are thin."
    assert sentences(text) == ["Dr. Smith uses needles, e.g. of 0.25 mm.", "They are thin."]


def test_each_item_of_a_list_is_a_sentence() -> None:
    text = "You are at risk if you\n- are over 60\n- smoke\nAsk us."
    assert sentences(text) == ["You are at risk if you", "- are over 60", "- smoke\nAsk us."]


def test_a_line_break_inside_a_sentence_does_not_cut_it() -> None:
    assert sentences("The pain is\nworse at night. It passes.") == [
        "The pain is\nworse at night.",
        "It passes.",
    ]


def test_a_non_breaking_space_at_the_end_stays_outside() -> None:
    assert sentences("It is painless.\xa0 ") == ["It is painless."]


@pytest.mark.parametrize("space", "\x85\xa0\u1680\u2004\u2009\u2028\u202f\u205f\u3000")
def test_no_kind_of_white_space_stops_the_reading(space: str) -> None:
    for text in (f"A{space}.", f"{space}.)", f"A{space}{space}. ('{space}."):
        assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert sentences(f"It hurts{space}. Why?") == [f"It hurts{space}.", "Why?"]


def test_what_follows_a_colon_after_a_question_mark_is_no_sentence() -> None:
    row = "- Injection: Own plasma; Pain tablets?: Never before"
    assert sentences(f"{row}. Ask us.") == [f"{row}.", "Ask us."]


@given(st.text(alphabet=st.sampled_from("aB.?! \n\t-•1)\u00a0é…\"'😀"), max_size=120))
def test_no_character_but_white_space_is_lost_or_doubled(text: str) -> None:
    spans = sentence_spans(text)
    assert [a for s in spans for a in (s.start, s.end)] == sorted(
        a for s in spans for a in (s.start, s.end)
    )
    covered = {i for span in spans for i in range(span.start, span.end)}
    assert {i for i, c in enumerate(text) if not c.isspace()} <= covered
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)
