"""The page's own words: one file a language, whole, and none of them anywhere else."""

from __future__ import annotations

import ast
import logging
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from core.clinic_settings import read_clinic
from core.errors import ClinicSearchError, ContentError, IndexMissingError
from core.labels import NOT_CHECKED
from tests.support.pages.pseudo import CLOSES, OPENS, TAG, not_looked_up, pseudo, pseudo_file
from tests.support.paths import ROOT
from ui import languages
from ui.languages import text
from ui.service import settings

UI = ROOT / "ui"
FILES = sorted(languages.FOLDER.glob("*.toml"))
ENGLISH: dict[str, Any] = tomllib.loads((languages.FOLDER / "en.toml").read_text(encoding="utf-8"))
MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(UI.rglob("*.py"))}


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a file of words with the keys that lead to it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{at}[{number}]")
    else:
        yield at, value


# -- the files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_has_the_same_keys_shapes_and_names_to_fill_in(path: Path) -> None:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    english, other = dict(leaves(ENGLISH)), dict(leaves(told))
    forms = re.compile(rf"\.({'|'.join(sorted(languages.PLURAL_FORMS - {'one', 'other'}))})$")
    given = {key for key in other if not forms.search(key)}
    assert (given - english.keys(), english.keys() - given) == (set(), set())
    assert list(languages.misfits(told, ENGLISH)) == []
    for key in given:
        assert languages.names_in(other[key]) == languages.names_in(english[key]), key
        assert other[key].count("`") == english[key].count("`"), key
        assert (not other[key].strip()) == (not english[key].strip()), key
    assert told["LANGUAGE"].partition("-")[0] == path.stem.partition("-")[0]


def test_what_is_typed_as_it_stands_is_the_same_in_every_language() -> None:
    for path in FILES:
        told = dict(leaves(tomllib.loads(path.read_text(encoding="utf-8"))))
        for key, words in leaves(ENGLISH):
            assert re.findall("`[^`]*`", told[key]) == re.findall("`[^`]*`", words), (path, key)


def test_french_is_set_as_french_is() -> None:
    told = tomllib.loads((languages.FOLDER / "fr.toml").read_text(encoding="utf-8"))
    for key, words in leaves(told):
        shown = re.sub("`[^`]*`", "", words)
        assert not re.search(r"(?<=[\w»)]) [:;?!»]|« |[\w)][;?!]", shown), (key, words)
        assert "'" not in shown, (key, words)
        assert "tu " not in shown.split("`")[0].lower().split(), (key, words)


def test_sentences_of_other_rooms_are_in_the_file_letter_for_letter() -> None:
    assert ENGLISH["UNCHECKED"] == NOT_CHECKED
    assert ENGLISH["NOT_WORKING"] == ClinicSearchError.visitor_message
    assert ENGLISH["NOT_READY"] == IndexMissingError.visitor_message


# -- where they are used --------------------------------------------------------------------------


def names_used() -> Iterator[tuple[Path, str]]:
    """Yield every key that a module names: `text.KEY`, or the key as a string."""
    for path, module in MODULES.items():
        for node in ast.walk(module):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id == "text" and node.attr.isupper():
                    yield path, node.attr
            elif isinstance(node, ast.Constant) and node.value in ENGLISH:
                yield path, str(node.value)
    for path in UI.rglob("*.jinja"):
        for name in re.findall(r"\btext\.([A-Z_]+)", path.read_text(encoding="utf-8")):
            yield path, name


def test_every_key_that_is_drawn_exists() -> None:
    unknown = {(path.name, name) for path, name in names_used() if name not in ENGLISH}
    assert unknown == set()


def test_no_key_is_left_over() -> None:
    used = {name for _, name in names_used()}
    assert sorted(ENGLISH.keys() - used) == []


def test_no_name_of_the_module_hides_a_key() -> None:
    assert {name for name in vars(text) if name in ENGLISH} == set()


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs when a module is read: all outside of functions, and their defaults."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for default in (*child.args.defaults, *filter(None, child.args.kw_defaults)):
                yield from ast.walk(default)
        else:
            yield child
            yield from at_import(child)


def test_no_words_are_looked_up_before_the_clinic_is_known() -> None:
    # What stands at the top of a module is read once, in the language of that moment.
    frozen = [
        f"{path.name}:{node.lineno} text.{node.attr}"
        for path, module in MODULES.items()
        for node in at_import(module)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "text"
        and node.attr.isupper()
    ]
    assert frozen == []


# Words that are not the page's: names of files and commands, what goes into a log or to a terminal.
NOT_DRAWN = {"__main__.py", "serve.py", "settings.py", "guard.py", "limits.py"}
SENTENCE = re.compile(r"\b[A-Z][a-z]+ [a-z]+|\b[a-z]{2,} [a-z]{2,} [a-z]{2,}")


def drawn_literals(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the visible part of every literal in a function that makes HTML or draws."""
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        literals = list(_literals(function))
        calls = {
            ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)
        }
        if any("<" in words for _, words in literals) or any(c.startswith("st.") for c in calls):
            yield from ((line, _visible(words)) for line, words in literals)


def _literals(function: ast.AST) -> Iterator[tuple[int, str]]:
    body = getattr(function, "body", [])
    skipped = {id(body[0])} if body and ast.get_docstring(function) else set()  # type: ignore[arg-type]
    waiting: list[ast.AST] = [node for node in body if id(node) not in skipped]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise):
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
            continue
        if isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "\0" for p in node.values)
            yield node.lineno, "".join(map(str, parts))
            waiting += [part for part in node.values if not isinstance(part, ast.Constant)]
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node.lineno, node.value
        else:
            waiting += ast.iter_child_nodes(node)


def _visible(html: str) -> str:
    html = re.sub(r"<style>.*?</style>|<[^>]*>", "|", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*$|^[^<>]*>", "|", html))


def test_no_sentence_of_the_page_stands_in_its_code() -> None:
    found = [
        f"{path.name}:{line} {words!r}"
        for path, module in MODULES.items()
        if path.name not in NOT_DRAWN
        for line, words in drawn_literals(module)
        if SENTENCE.search(words)
    ]
    assert found == []


def test_a_sentence_in_the_code_would_be_seen() -> None:
    code = """
def drawn(n):
    "Docstrings are not drawn."
    _log.error("Nobody is shown what goes into a log")
    return f'<p class="a few class names" title="{n}">{n} Passages were found</p>'
def not_drawn():
    return "This function draws nothing at all"
"""
    seen = [words for _, words in drawn_literals(ast.parse(code)) if SENTENCE.search(words)]
    assert [words.strip("|\0 ") for words in seen] == ["Passages were found"]


def test_the_style_sheet_knows_no_left_and_no_right() -> None:
    css = (UI / "assets" / "app.css").read_text(encoding="utf-8")
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    sides = r"(?:margin|padding|border)-(?:left|right)\b|(?<![\w-])(?:left|right|float)\s*:"
    assert re.findall(rf"(?:{sides}|text-align:\s*(?:left|right))[^;]*", plain) == []


# -- looking up -----------------------------------------------------------------------------------


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder of a clinic that has written nothing yet."""
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(tmp_path))
    monkeypatch.setenv(settings.BUILT_VARIABLE, str(tmp_path / "built"))
    monkeypatch.setattr(languages, "_LOOK_EVERY_S", 0.0)
    return tmp_path


def speak(clinic: Path, language: str, words: str = "") -> None:
    (clinic / "clinic.toml").write_text(f'language = "{language}"\n', encoding="utf-8")
    if words:
        (clinic / "languages").mkdir(exist_ok=True)
        (clinic / "languages" / f"{language}.toml").write_text(words, encoding="utf-8")


def test_a_page_follows_its_clinics_settings(clinic: Path) -> None:
    assert text.ASK == "Ask"
    speak(clinic, "fr")
    assert text.ASK == "Poser une question"
    assert text.day(date(2025, 1, 3)) == "3 janvier 2025"
    assert text.found(0, 1) == "0 passage dans 1 article"
    assert text.found(2, 2) == "2 passages dans 2 articles"


def test_a_clinic_changes_single_words_and_the_others_stay(clinic: Path) -> None:
    speak(clinic, "fr", 'ASK = "Demander"\n[PASSAGES_COUNTED]\none = "un extrait"\n')
    assert text.ASK == "Demander"
    assert text.found(1, 2) == "un extrait dans 2 articles"
    assert text.found(2, 2) == "2 passages dans 2 articles"
    assert text.LANGUAGE == "fr"


def test_a_region_speaks_its_language(clinic: Path) -> None:
    speak(clinic, "fr-CA", 'ASK = "Demander"')
    assert text.ASK == "Demander"
    assert text.ABOUT == "À propos"


def test_a_language_that_nobody_has_written_is_english(clinic: Path) -> None:
    speak(clinic, "xx")
    assert (text.ASK, text.LANGUAGE, text.direction()) == ("Ask", "en-GB", "ltr")


def test_a_language_that_babel_does_not_know_counts_and_dates_in_english(clinic: Path) -> None:
    speak(clinic, "qx", 'LANGUAGE = "qx"\nDIRECTION = "rtl"')
    assert text.day(date(2025, 1, 3)).startswith("January 3")
    assert text.direction() == "rtl"
    speak(clinic, TAG, f'LANGUAGE = "{TAG}"')
    assert text.locale().language == "ar"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ('ASKED = "x"', "no such key"),
        ("ASK = 1", "has to be a str"),
        ('ASK = "a {name}"', "nothing is filled into {name}"),
        ('PAGE = "page {n"', "expected '}'"),
        ('LANGUAGE = "fr\\" onload=x"', "may not hold"),
        ('LANGUAGE = "fr onload=x"', "has to be"),
        ('ASK = "<b>Ask</b>"', "may not hold < >"),
        ("ASK = 'a \"b\"'", 'may not hold "'),
        ('ABOUT_HOW_MORE = ["x", "<img src=x>"]', "may not hold < >"),
        ('[PASSAGES_COUNTED]\nfew = "<b>{n}</b>"', "may not hold < >"),
        ('DIRECTION = "sideways"', "has to be ltr|rtl"),
        ('ABOUT_HOW_MORE = ["x"]', "has to hold 2 texts"),
        ('[REVIEW_STATES]\nlost = "x"', "no such key"),
        ('[FOUND]\none = "x"', "has to be a str"),
        ('[PASSAGES_COUNTED]\nfew = "{m}"', "nothing is filled into {m}"),
    ],
)
def test_words_that_do_not_fit_are_told_and_the_english_ones_stay(
    clinic: Path, caplog: pytest.LogCaptureFixture, words: str, why: str
) -> None:
    speak(clinic, "de", f"{'' if words.startswith('[') else words}\nSEARCH = 'Suchen'\n")
    if words.startswith("["):
        speak(clinic, "de", f"SEARCH = 'Suchen'\n{words}\n")
    with caplog.at_level(logging.ERROR, "clinic.ui"):
        assert text.SEARCH == "Suchen"
        assert {key: languages.word(key) for key in ENGLISH} == {**ENGLISH, "SEARCH": "Suchen"}
    assert len(caplog.messages) == 1
    assert why in caplog.text
    assert "de.toml" in caplog.text


def test_a_broken_file_costs_its_words_and_not_the_page(
    clinic: Path, caplog: pytest.LogCaptureFixture
) -> None:
    speak(clinic, "fr", "ASK = ")
    assert text.ASK == "Poser une question"
    assert "cannot be read" in caplog.text


def test_more_forms_of_a_number_than_english_has_are_used(clinic: Path) -> None:
    speak(clinic, "pl", 'LANGUAGE = "pl"\n[PASSAGES_COUNTED]\nfew = "{n} few"\nmany = "{n} many"\n')
    assert [text.counted(text.PASSAGES_COUNTED, n) for n in (1, 3, 5)] == [
        "1 passage",
        "3 few",
        "5 many",
    ]


def test_what_other_rooms_say_is_said_in_the_language_of_the_page(clinic: Path) -> None:
    speak(clinic, "fr")
    assert text.translated(NOT_CHECKED) == text.UNCHECKED != NOT_CHECKED
    assert text.translated(IndexMissingError.visitor_message) == text.NOT_READY
    assert text.translated("a label of the clinic") == "a label of the clinic"


def test_the_language_of_the_articles_is_named_in_that_of_the_page(clinic: Path) -> None:
    assert text.content_language() == "English"
    speak(clinic, "fr")
    assert text.content_language() == "anglais"
    with (clinic / "clinic.toml").open("a", encoding="utf-8") as stream:
        stream.write('content_language = "fr-CA"\n')
    assert text.content_language() == "français"


def test_content_is_marked_where_it_is_in_another_language(clinic: Path) -> None:
    assert text.content_lang() == ""
    speak(clinic, "fr")
    assert text.content_lang() == ' lang="en" dir="auto"'
    with (clinic / "clinic.toml").open("a", encoding="utf-8") as stream:
        stream.write('content_language = "fr-CA"\n')
    assert text.content_lang() == ""
    (clinic / "clinic.toml").write_text('content_language = "<b>"', encoding="utf-8")
    with pytest.raises(ContentError, match="content_language"):
        read_clinic(clinic)


def test_words_in_the_style_sheet_cannot_end_it(clinic: Path) -> None:
    speak(clinic, "de", """MARK_BEGINS = 'a\\y & x'\nMARK_ENDS = "Ende\\n"\n""")
    assert text.style() == (
        '<style>:root{--cs-mark-begins:" ay  x ";--cs-mark-ends:" Ende "}</style>'
    )


def test_the_pseudo_language_is_longer_and_keeps_what_is_filled_in(tmp_path: Path) -> None:
    assert pseudo("Search {n} of `x y`") == f"{OPENS}Séàrçh {{n}} öf `x y` lö lö{CLOSES}"
    assert (
        not_looked_up(f"{OPENS}a {OPENS}b{CLOSES} c{CLOSES} English {OPENS}d{CLOSES}") == "English"
    )
    pseudo_file(tmp_path / "languages" / f"{TAG}.toml")
    told = languages.words(TAG, tmp_path)
    assert {key for key, words in leaves(told) if words and OPENS not in words} == {
        "LANGUAGE",
        "DIRECTION",
    }
    shutil.rmtree(tmp_path / "languages")
    assert languages.words(TAG, tmp_path) == ENGLISH
