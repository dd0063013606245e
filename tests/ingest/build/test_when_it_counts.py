"""What the page and its files say about when a change reaches patients is so, for each file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.store import generations
from index.store.generations import current_generation, open_index
from safety.claims.decisions import COLUMNS
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.files.notice_files import block, write
from tests.support.pages.asgi import ask
from tests.support.paths import ROOT
from ui import languages
from ui.languages import text
from ui.service import engine, notice_service, settings

# A search costs nothing here: it leads to the card of the row that says the same, or to none.
LEADS_TO_COST = "does my insurer pay the price"


@pytest.fixture
def place(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A clinic's folder, published and served to patients by a page that looks when it is told."""
    label(
        content,
        answers={"stiff neck": "necks#introduction"},
        routed={LEADS_TO_COST: "cost"},
        asks={"cost": ["how much"], "booking": ["book a visit"]},
    )
    write(content, block("numb", heading="Ring the doctor", rules=["numb"]))
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(content))
    monkeypatch.setenv(settings.BUILT_VARIABLE, str(tmp_path / "built"))
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    monkeypatch.setattr(languages, "_LOOK_EVERY_S", 0.0)
    publish(content)
    yield content
    engine.set_engine(None)
    monkeypatch.undo()
    settings.clinic()


def publish(content: Path) -> None:
    built = settings.from_environment().built
    build_with(BagOfWordsEncoder(), content, built)
    look()


def look() -> None:
    """Have the page look for a new generation, as it does each second."""
    built = settings.from_environment().built

    def searched(index: generations.OpenIndex, question: str) -> engine.Answer:
        from index.search.pipeline import search

        return engine.Answer(search(index, question), notice_service.find(question))

    made = engine.Engine(
        open_index=lambda _: open_index(built, encoder=BagOfWordsEncoder()),
        generation=lambda: current_generation(built),
        search=searched,
    )
    made.look()
    engine.set_engine(made)


def page(question: str) -> str:
    answer = ask("/plain", method="POST", body=f"q={question}".encode(), content_type=FORM)
    assert answer.status == 200
    return answer.text


FORM = "application/x-www-form-urlencoded"


def changed(path: Path, before: str, after: str) -> None:
    old = path.read_text(encoding="utf-8")
    assert before in old
    path.write_text(old.replace(before, after), encoding="utf-8")


def served() -> generations.OpenIndex:
    index = engine.get_engine().status.index
    assert index is not None
    return index


def test_title_and_text_of_a_card_count_at_once(place: Path) -> None:
    assert "<h3>cost</h3><p>Ask us.</p>" in page(LEADS_TO_COST)
    changed(place / "routes.toml", "title = \"cost\"\ntext = 'Ask us.'", "title = 'P'\ntext = 'T'")
    assert "<h3>P</h3><p>T</p>" in page(LEADS_TO_COST)


def test_a_deleted_card_is_gone_at_once(place: Path) -> None:
    (place / "routes.toml").write_text("", encoding="utf-8")
    assert "<h3>cost</h3>" not in page(LEADS_TO_COST)


def test_what_people_ask_of_a_card_counts_when_the_next_index_is_published(place: Path) -> None:
    changed(place / "routes.toml", '"how much"', '"how much", "the fee"')
    assert "the fee" not in {row.text for row in served().bank.rows}
    look()
    assert "the fee" not in {row.text for row in served().bank.rows}
    publish(place)
    assert "the fee" in {row.text for row in served().bank.rows}


def test_a_question_of_the_bank_counts_when_the_next_index_is_published(place: Path) -> None:
    changed(place / "questions.csv", f'"{LEADS_TO_COST}",,cost', f'"{LEADS_TO_COST}",,booking')
    look()
    assert "<h3>cost</h3>" in page(LEADS_TO_COST)
    publish(place)
    assert "<h3>booking</h3>" in page(LEADS_TO_COST)


def test_a_candidate_is_not_seen_before_it_is_published_and_then_at_the_next_look(
    place: Path,
) -> None:
    built = settings.from_environment().built
    changed(place / "questions.csv", f'"{LEADS_TO_COST}",,cost', f'"{LEADS_TO_COST}",,booking')
    build_with(BagOfWordsEncoder(), place, built, review=True)
    look()
    assert "<h3>cost</h3>" in page(LEADS_TO_COST)
    with generations.writing(built):
        generations.promote(built)
    look()
    assert "<h3>booking</h3>" in page(LEADS_TO_COST)
    # Going back brings the index back, and leaves cards and notices as they are in their files.
    changed(place / "routes.toml", 'title = "cost"', "title = 'Newer'")
    with generations.writing(built):
        generations.roll_back(built)
    look()
    assert "<h3>Newer</h3>" in page(LEADS_TO_COST)


def test_notices_count_at_once_their_words_and_their_rules(place: Path) -> None:
    assert "Ring the doctor" in page("my foot is numb")
    write(place, block("numb", heading="Ring 111", rules=["numb", "tingling"]))
    for question in ("my foot is numb", "tingling toes"):
        assert "Ring 111" in page(question)
    assert "Ring 111" in ask("/notices").text


def test_a_decision_about_a_claim_counts_when_the_next_index_is_published(place: Path) -> None:
    sentence = "Needles are painless."
    (place / "articles" / "needles.txt").write_text(f"Needles\n\n{sentence}\n", encoding="utf-8")
    publish(place)
    row = ["needles", sentence, "painless", "accepted", "so", "", "Jo", "2025-03-31"]
    (place / "claims.csv").write_text(f"{','.join(COLUMNS)}\n{','.join(row)}\n", encoding="utf-8")
    look()
    assert [claim.is_open for claim in served().claims["needles"]] == [True]
    publish(place)
    assert [claim.is_open for claim in served().claims["needles"]] == [False]


AT_ONCE: list[tuple[str, Callable[[], object], object]] = [
    ('name = "Knees & Co"', lambda: "Knees &amp; Co" in ask("/plain").text, True),
    ('telephone = "020 1"', lambda: "020 1" in ask("/plain").text, True),
    ('booking_url = "https://b.example"', lambda: "https://b.example" in page("nothing"), True),
    ('language = "fr"', lambda: 'lang="fr"' in ask("/plain").text, True),
    ('accent = "#123456"', lambda: "#123456" in ask("/").text, True),
    ("api = true", settings.is_api_on, True),
    ("counting = true", lambda: settings.clinic().counting, True),
    ('country = "IE"', lambda: settings.numbers().emergency, "112"),
    (
        'embed_origins = ["https://e.example"]',
        lambda: "https://e.example" in ask("/plain").headers["content-security-policy"],
        True,
    ),
]


@pytest.mark.parametrize(("line", "look_at", "then"), AT_ONCE, ids=[line for line, _, _ in AT_ONCE])
def test_the_clinics_settings_count_at_once(
    place: Path, line: str, look_at: Callable[[], object], then: object
) -> None:
    (place / "red_flags.toml").write_text('[numbers.IE]\nemergency = "112"\n', encoding="utf-8")
    assert look_at() != then
    (place / "clinic.toml").write_text(f"{line}\n", encoding="utf-8")
    assert look_at() == then


@pytest.mark.parametrize("name", ["model", "vector_store", "review"])
def test_only_an_ingest_reads_the_settings_that_are_said_to_wait_for_it(name: str) -> None:
    said = (ROOT / "content" / "clinic.toml").read_text(encoding="utf-8").splitlines()[1]
    assert f"`{name}`" in said
    for path in (ROOT / "ui").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert f"clinic.{name}" not in source, path
        assert f"clinic().{name}" not in source, path


def test_words_of_the_clinics_own_count_within_a_second(place: Path) -> None:
    (place / "languages").mkdir()
    (place / "languages" / "en.toml").write_text('SEARCH = "Look"\n', encoding="utf-8")
    assert text.SEARCH == "Look"


def test_the_sentences_about_cards_name_what_counts_at_once_and_what_waits() -> None:
    for sentence in (text.EDITOR_CARD_WHEN, text.EDITOR_CARD_SAVED):
        assert "itle and text" in sentence
        assert "What people ask takes effect when you publish the next index." in sentence
    assert text.EDITOR_SAVED.endswith("when the next index is published.")
    assert "at once" not in text.EDITOR_SAVED


def test_suggestions_are_those_of_what_is_published(place: Path) -> None:
    before = json.loads(ask("/suggestions.json").text)["questions"]
    changed(place / "questions.csv", '"stiff neck"', '"a neck that hurts"')
    assert json.loads(ask("/suggestions.json").text)["questions"] == before
