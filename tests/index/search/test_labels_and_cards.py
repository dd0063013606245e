"""A clinic's own label, or its own passage, goes before what a route card says."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from core.types import Outcome
from index.bank.route_cards import read_routes
from index.search.pipeline import search
from index.store.generations import OpenIndex, open_index
from tests.support.building import build_with
from tests.support.files.content import with_one_notice
from tests.support.paths import ROOT

PRICES = (
    "Your First Visit\n\n"
    "What Happens\n\nWe talk about your health, look at how you move and agree on a plan.\n\n"
    "What It Costs\n\nA first visit costs 60 pounds. A follow-up visit costs 45 pounds. You can pay"
    " by card or in cash at the desk.\n\n"
    "Where To Park\n\nThere are six parking places behind the house.\n"
)
LABEL = "question,answers,route,note\nhow much does it cost,first-visit#what-it-costs,,\n"


def built(folder: Path, encoder: Any, bank: str = "") -> OpenIndex:
    """A clinic with its own article and, as many will keep them, the sample's cards."""
    (folder / "articles").mkdir()
    (folder / "articles" / "first-visit.txt").write_text(PRICES)
    shutil.copy(ROOT / "content" / "routes.toml", folder / "routes.toml")
    if bank:
        (folder / "questions.csv").write_text(bank)
    build_with(encoder, with_one_notice(folder), folder / "built")
    return open_index(folder / "built", encoder=encoder)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory, reference: Any) -> OpenIndex:
    return built(tmp_path_factory.mktemp("labelled"), reference, LABEL)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, reference: Any) -> OpenIndex:
    return built(tmp_path_factory.mktemp("bare"), reference)


@pytest.mark.parametrize(
    "question",
    ["how much does it cost", "How much does it cost?", "hi, how much does it cost please"],
)
def test_a_question_that_is_labelled_with_a_section_is_answered_by_it(
    labelled: OpenIndex, question: str
) -> None:
    response = search(labelled, question)
    assert (response.outcome, response.route) == (Outcome.ANSWER, None)
    assert response.results[0].passage.section_id == "first-visit#what-it-costs"


def test_a_label_goes_before_the_card_of_the_clinics_own_details(
    labelled: OpenIndex, bare: OpenIndex
) -> None:
    assert search(labelled, "how much does it cost").practical is None
    assert search(bare, "how much does it cost").practical == "price"
    assert search(labelled, "what are your opening hours").practical == "hours"


def test_who_asks_for_a_person_is_not_met_as_a_cry_for_help(bare: OpenIndex) -> None:
    asked = search(bare, "I want to talk to a person")
    assert (asked.practical, asked.is_cry) == ("contact", False)
    assert search(bare, "help me please").is_cry


@pytest.mark.parametrize(
    "question",
    ["how much does a first visit cost", "what does a follow-up visit cost", "price of a visit"],
)
@pytest.mark.parametrize("which", ["labelled", "bare"])
def test_a_price_section_is_found_before_the_card(
    request: pytest.FixtureRequest, which: str, question: str
) -> None:
    response = search(request.getfixturevalue(which), question)
    assert response.outcome is not Outcome.NOT_COVERED
    assert response.results[0].passage.section_id == "first-visit#what-it-costs"


@pytest.mark.parametrize("which", ["labelled", "bare"])
def test_what_a_card_says_of_itself_silences_no_section(
    request: pytest.FixtureRequest, which: str
) -> None:
    # Both stand word for word among what the card is for.
    for question in ("how much do you charge per visit", "can I pay by card or cash"):
        response = search(request.getfixturevalue(which), question)
        assert response.outcome is not Outcome.NOT_COVERED
        assert response.results[0].passage.section_id == "first-visit#what-it-costs"


def test_the_sample_cards_state_nothing_about_the_articles() -> None:
    for route in read_routes(ROOT / "content").values():
        said = route.text.lower()
        for denial in ("articles do not", "articles cannot", "not covered", "do not cover"):
            assert denial not in said
