"""A report shows whatever it is given as text, and nothing where a value is missing."""

from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError

from index.templating import TEMPLATES, environment
from tests.support.paths import ROOT


@pytest.fixture
def templates() -> Environment:
    return environment(TEMPLATES)


def test_every_value_is_escaped_in_text_and_in_attributes(templates: Environment) -> None:
    template = templates.from_string('<a title="{{ value }}">{{ value }}</a>')
    escaped = "&lt;b&gt; &#34;x&#34; &#39;y&#39; &amp;"
    assert template.render(value="<b> \"x\" 'y' &") == f'<a title="{escaped}">{escaped}</a>'


def test_a_value_that_is_missing_is_an_error_and_no_gap(templates: Environment) -> None:
    with pytest.raises(UndefinedError):
        templates.from_string("{{ value.name }}").render(value=object())


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/templates/*")), ids=lambda path: path.name)
def test_no_template_takes_a_value_for_html(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for word in ("safe", "autoescape", "<script"):
        assert word not in source
