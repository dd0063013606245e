"""The clinic's own colours: taken when everybody can read them, refused with the figure if not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from core import contrast
from core.clinic_settings import Clinic, read_clinic
from core.errors import ContentError
from tests.support.paths import ROOT
from ui.page import streamlit_theme
from ui.page.theme import style, theme, use

colour = some.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # The first and second are WCAG's own ends of the scale, the others WebAIM's published figures.
    [
        ("#000000", "#ffffff", 21.0),
        ("#123456", "#123456", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast.contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    css = (ROOT / "ui" / "assets" / "app.css").read_text()
    for name, place in (("page", 0), ("card", 1)):
        found = re.search(rf"--cs-{name}: light-dark\((#\w+), (#\w+)\)", css)
        assert found is not None
        assert found.groups() == (contrast.LIGHT_GROUNDS[place], contrast.DARK_GROUNDS[place])


@given(colour)
def test_what_is_made_for_the_dark_page_can_be_read_there(accent: str) -> None:
    assert contrast.least_contrast(contrast.for_dark(accent), dark=True)[0] >= contrast.READABLE


@given(colour)
def test_white_text_can_be_read_on_what_is_lightened_under_it(accent: str) -> None:
    before = contrast.contrast(accent, contrast.WHITE)
    after = contrast.contrast(contrast.under_white(accent), contrast.WHITE)
    assert after >= min(before, contrast.READABLE)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('accent = "teal"', "'teal'"),
        ('accent = "#0a545"', "'#0a545'"),
        ('accent = "#0a545f; } body { display: none"', "display"),
    ],
)
def test_what_is_no_colour_is_refused(tmp_path: Path, line: str, found: str) -> None:
    (tmp_path / "clinic.toml").write_text(line)
    with pytest.raises(ContentError) as caught:
        read_clinic(tmp_path)
    assert found in (caught.value.found or "")
    assert (caught.value.where or "").endswith(line.split(maxsplit=1)[0])


def test_a_readable_colour_is_taken(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text('accent = "#7b1e3a"\naccent_dark = "#ffb3c6"\n')
    clinic = read_clinic(tmp_path)
    assert (clinic.accent, clinic.accent_dark) == ("#7b1e3a", "#ffb3c6")


@pytest.mark.parametrize(
    ("key", "colour", "said"),
    [
        ("accent", "#ffcc00", "1.43:1 on #f6f9f9"),
        ("accent_dark", "#0a545f", ":1 on #"),
        ("accent", "#ffffff", "1."),
        ("accent_dark", "#000000", "1."),
    ],
)
def test_of_a_colour_that_cannot_be_read_the_page_uses_the_nearest_shade_and_says_so(
    tmp_path: Path, key: str, colour: str, said: str
) -> None:
    (tmp_path / "clinic.toml").write_text(f'name = "Ours"\n{key} = "{colour}"\n')
    clinic = read_clinic(tmp_path)
    (warning,) = clinic.warnings
    shade = getattr(clinic, key)
    assert contrast.least_contrast(shade, dark=key == "accent_dark")[0] >= contrast.READABLE
    assert contrast.HEX.fullmatch(shade)
    assert said in warning
    assert f'{key} = "{shade}"' in warning


@given(colour, some.booleans())
def test_the_nearest_shade_can_be_read_and_a_readable_colour_stays(accent: str, dark: bool) -> None:
    shade = contrast.readable(accent, dark=dark)
    assert contrast.least_contrast(shade, dark=dark)[0] >= contrast.READABLE
    if contrast.least_contrast(accent, dark=dark)[0] >= contrast.READABLE:
        assert shade == accent


def test_without_a_colour_the_page_keeps_its_own() -> None:
    assert style(Clinic()) == ""
    assert theme(Clinic()) == {}
    night_only = style(Clinic(accent_dark="#ffb3c6"))
    assert "#ffb3c6" in night_only
    assert "--cs-button" not in night_only


def test_the_colour_of_the_night_is_made_from_that_of_the_day() -> None:
    made = style(Clinic(accent="#7b1e3a"))
    assert f"--cs-accent:light-dark(#7b1e3a,{contrast.for_dark('#7b1e3a')})" in made
    assert theme(Clinic(accent="#7b1e3a"))["theme.light.primaryColor"] == "#7b1e3a"


def told() -> Any:
    """Return what Streamlit tells a browser of its theme, section by section as it does."""
    message = CustomThemeConfig()
    for place, section in (
        (message, "theme"),
        (message.light, "theme.light"),
        (message.dark, "theme.dark"),
        (message.sidebar, "theme.sidebar"),
    ):
        app_session._populate_theme_msg(place, section)
    return message


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What Streamlit alone tells; afterwards everything is as before."""
    monkeypatch.setattr(streamlit_theme, "_cache", None)
    alone = app_session._populate_theme_msg
    monkeypatch.setattr(app_session, "_populate_theme_msg", alone)
    use(Clinic())
    yield told()
    use(Clinic())


def test_a_theme_that_is_kept_is_told_as_streamlit_would(plainly: Any) -> None:
    streamlit_theme.keep()
    assert told() == plainly  # made
    assert told() == plainly  # and kept
    assert plainly.HasField("light")
    assert told().HasField("sidebar") == plainly.HasField("sidebar")


@pytest.mark.parametrize("theirs", [None, lambda message: None, lambda config, message: None, 1])
def test_with_another_streamlit_the_page_goes_on_without_the_shortcut(
    plainly: Any, monkeypatch: pytest.MonkeyPatch, theirs: Any
) -> None:
    if theirs is None:
        monkeypatch.delattr(app_session, "_populate_theme_msg")
    else:
        monkeypatch.setattr(app_session, "_populate_theme_msg", theirs)
    streamlit_theme.keep()
    streamlit_theme.forget()
    assert getattr(app_session, "_populate_theme_msg", None) is theirs


def test_a_theme_is_told_anew_when_the_clinic_changes_its_colour(plainly: Any) -> None:
    streamlit_theme.keep()
    before = told()
    use(Clinic(accent="#7b1e3a"))
    assert told().light.primary_color == "#7b1e3a"
    use(Clinic())
    assert told() == before == plainly
