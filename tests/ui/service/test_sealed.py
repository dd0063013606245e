"""Questions sealed for the tab that asked them: only this process opens them, for some hours."""

from __future__ import annotations

import base64
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.paths import ROOT
from ui.service import sealed


@given(st.text(max_size=300).filter(lambda text: text.isprintable()))
def test_what_is_sealed_is_opened_again(question: str) -> None:
    assert sealed.opened(sealed.seal(question)) == question


def test_the_sealed_text_holds_no_word_and_is_never_the_same() -> None:
    one, two = sealed.seal("stiff neck"), sealed.seal("stiff neck")
    assert one != two
    assert b"neck" not in base64.urlsafe_b64decode(one)


@pytest.mark.parametrize("token", ["", "stiff neck", "gAAAA", "é", "a" * 5000, "\x00"])
def test_anything_else_is_no_question(token: str) -> None:
    assert sealed.opened(token) == ""


def test_a_changed_or_old_seal_is_not_opened() -> None:
    token = sealed.seal("stiff neck")
    assert sealed.opened(token[:-4] + "AAA=") == ""
    assert sealed.opened(token, after_s=-1) == ""


def test_another_process_cannot_open_it() -> None:
    code = "import sys; from ui.service import sealed; print(repr(sealed.opened(sys.argv[1])))"
    command = [sys.executable, "-c", code, sealed.seal("stiff neck")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "''"
