"""What only paper shows."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from dataclasses import replace
from datetime import date
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from core.clinic_settings import Clinic
from core.types import Article, Provenance
from ui.rendering.printed import online, print_foot, qr_code

TODAY = date(2026, 3, 1)
CLINIC = Clinic(name="Test <clinic>", telephone="020 7946 0000")
PUBLIC = replace(CLINIC, public_url="https://clinic.example/search/")
ARTICLE = Article("a b", "Needles", "It is safe.", (), "a.txt", "0" * 64, Provenance())


def test_the_foot_says_who_when_and_whom_to_call() -> None:
    foot = print_foot(CLINIC, today=TODAY)
    assert "General information from Test &lt;clinic&gt;, read 1 March 2026." in foot
    assert '<a href="tel:02079460000">020 7946 0000</a>' in foot
    assert "http" not in foot
    assert "https://clinic.example/search/" in print_foot(PUBLIC, today=TODAY)
    assert "Call" not in print_foot(Clinic(), today=TODAY)


def test_an_article_is_online_under_its_public_address_and_nowhere_without_one() -> None:
    assert online(ARTICLE, CLINIC) == ""
    drawn = online(ARTICLE, PUBLIC)
    assert "https://clinic.example/search/?article=a+b<" in drawn
    assert f'src="{qr_code("https://clinic.example/search/?article=a+b")}"' in drawn


def test_an_address_that_no_paper_can_show_as_a_code_stands_there_in_letters() -> None:
    long = replace(ARTICLE, id="x" * 3000)
    assert "x" * 3000 in online(long, PUBLIC)
    assert "cs-qr" not in online(long, PUBLIC)


@pytest.mark.parametrize(
    "address", ["https://a.example/?article=x", f"https://a.example/{'b' * 900}"]
)
def test_a_qr_code_is_a_picture_that_brings_no_script_and_asks_nobody(address: str) -> None:
    head, _, picture = qr_code(address).partition(",")
    assert re.fullmatch(r"data:image/svg\+xml(;[a-z0-9=-]+)*", head)
    raw = b64decode(picture) if "base64" in head else unquote(picture).encode()
    tags = {node.tag.rpartition("}")[2] for node in ElementTree.parse(io.BytesIO(raw)).iter()}
    assert tags <= {"svg", "path", "g", "rect"}
    assert '"' not in qr_code(address)
