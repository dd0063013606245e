"""Examples for a first visit: from the bank, else from what the articles themselves ask."""

from core.types import BankRow, BankRowKind, Passage
from index.bank.examples import MOST, example_questions


def passage(article: str, title: str, *headings: str) -> Passage:
    section = f"{article}#{(headings or ('introduction',))[-1]}"
    return Passage(
        *(f"{section}/1", article, section, title, " > ".join(headings), headings, "Text.", 0, 5)
    )


def asked(text: str, section: str) -> BankRow:
    return BankRow(text, BankRowKind.QUESTION, (section,))


def test_the_banks_questions_come_before_headings() -> None:
    bank = [asked("my neck is stiff", "neck#rest"), asked("is my neck broken", "neck#rest")]
    assert example_questions([passage("neck", "Neck pain", "Rest")], bank) == ("my neck is stiff",)


def test_only_headings_that_ask_are_examples_and_they_name_their_topic() -> None:
    passages = [
        passage("cupping", "Cupping", "How it is done"),
        passage("cupping", "Cupping", "When should I not have it?"),
        passage("cupping", "Cupping", "Does cupping hurt?"),
        passage("neck", "Neck pain", "Neck pain and sleep:"),
    ]
    assert example_questions(passages, []) == (
        "Cupping: When should I not have it?",
        "Neck pain",
        "Does cupping hurt?",
    )


def test_what_tells_somebody_to_act_is_no_example() -> None:
    headings = ("Do", "Don't", "See your GP if", "Check if it's a slipped disc", "Call 999 if:")
    passages = [passage("disc", "Slipped disc", heading) for heading in headings]
    assert example_questions(passages, []) == ("Slipped disc",)


def test_what_does_not_fit_on_a_phones_line_is_no_example() -> None:
    long = "Why does a frozen shoulder take such a very long time to heal?"
    passages = [passage("a", "Frozen shoulder", long), passage("b", "T" * 43, "Rest")]
    assert example_questions(passages, []) == ("Frozen shoulder",)


def test_articles_take_turns_and_only_a_few_are_shown() -> None:
    passages = [passage("neck", "Neck", f"Neck {n}?") for n in range(9)] + [
        passage("back", "Back", "Back pain?")
    ]
    found = example_questions(passages, [])
    assert found[:2] == ("Neck 0?", "Back pain?")
    assert len(found) == MOST


def test_an_article_without_headings_gives_its_title() -> None:
    assert example_questions([passage("neck", "Neck")], []) == ("Neck",)
    assert example_questions([], []) == ()
