"""Route cards: read in order, whole or not at all."""

from pathlib import Path

import pytest

from core.errors import ContentError
from index.bank.route_cards import Route, read_routes
from tests.support.paths import ROOT


def write(folder: Path, text: str | bytes) -> Path:
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / "routes.toml").write_bytes(raw)
    return folder


def test_cards_come_in_the_order_of_the_file_with_their_texts_trimmed(tmp_path: Path) -> None:
    text = """
    [staff]
    title = " Who treats you "
    text = '''
    Ask reception.
    '''
    [cost]
    title = "Prices"
    text = "Ask."
    asks = [" how much ", "is it dear"]
    """
    found = read_routes(write(tmp_path, text))
    assert list(found.values()) == [
        Route("staff", "Who treats you", "Ask reception.", ()),
        Route("cost", "Prices", "Ask.", ("how much", "is it dear")),
    ]
    assert list(found) == ["staff", "cost"]


def test_no_file_and_an_empty_one_have_no_cards(tmp_path: Path) -> None:
    assert read_routes(tmp_path) == {}
    assert read_routes(write(tmp_path, b"\xef\xbb\xbf# nothing yet\n")) == {}


CARD = "[cost]\ntitle = 'a'\ntext = 'b'\n"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[cost\n", ""),
        (CARD + CARD, ""),
        (b"\xff\xfe", ""),
        ("title = 'a'\n", ", [title]"),
        ("[cost]\ntitle = 'a'\n", ", [cost]"),
        ("[cost]\ntext = 'a'\n", ", [cost]"),
        (CARD + "link = 'c'\n", ", [cost]"),
        ("[cost]\ntitle = ' '\ntext = 'b'\n", ", [cost]"),
        ("[cost]\ntitle = 3\ntext = 'b'\n", ", [cost]"),
        (CARD + "asks = 'how much'\n", ", [cost]"),
        (CARD + "asks = ['how much', '']\n", ", [cost]"),
        (CARD + "asks = [1]\n", ", [cost]"),
        (CARD + "[staff]\ntitle = 'a'\n", ", [staff]"),
        ("cost = ['title', 'text']\n", ", [cost]"),
    ],
)
def test_a_wrong_card_is_an_error_that_names_it_and_the_mend(
    tmp_path: Path, text: str | bytes, where: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read_routes(write(tmp_path, text))
    assert caught.value.where == f"{tmp_path / 'routes.toml'}{where}"
    assert caught.value.fix == "correct the file, then run: python -m ingest"


def test_the_clinics_own_cards_all_have_words_to_be_known_by() -> None:
    cards = read_routes(ROOT / "content")
    assert "cost" in cards
    assert all(card.asks for card in cards.values())
