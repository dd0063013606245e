"""No broken file of the content folder takes a page of staff away: it is named, and the rest stays.

Every page of staff is driven with every file broken in every way, before it is opened and after.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.clinic_settings import Clinic
from core.errors import ContentError
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.files.notice_files import block, write
from tests.support.pages.asgi import ask
from tests.support.pages.page_script import APP, html_of, served_to_staff
from tests.support.paths import ROOT
from ui.editor import runs
from ui.languages import text
from ui.server import door
from ui.service import content_files, settings

# Discarding and rolling back are drawn by what publishing is drawn by.
PARTS = ["", "candidate", "questions", "cards", "publish"]
VIEWS = [("desk", ""), *(("staff", part) for part in PARTS)]
TOML = {
    "not UTF-8": b"name = '\xff'\n",
    "no TOML": b"[open",
    "another shape": b"unknown = 3\n",
    "a folder": None,
}
CSV = {
    "not UTF-8": b"question,answers,route,note\n\xff,,cost,\n",
    "an open quote": b'question,answers,route,note\n"a,,cost,\n',
    "a folder": None,
}
BROKEN = [
    *((name, how, raw) for name in ("clinic.toml", "red_flags.toml") for how, raw in TOML.items()),
    *((name, how, raw) for name in ("routes.toml", "vocabulary.toml") for how, raw in TOML.items()),
    *(("languages/en.toml", how, raw) for how, raw in TOML.items() if how != "another shape"),
    *(("questions.csv", how, raw) for how, raw in CSV.items()),
    ("questions.csv", "semicolons", b"question;answers;route;note\na;;cost;\n"),
    *((name, how, raw) for name in ("claims.csv", "invariants.csv") for how, raw in CSV.items()),
]
IDS = [f"{name}: {how}" for name, how, _ in BROKEN]


@pytest.fixture
def place(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two articles with every file beside them, published and served to staff."""
    label(
        content,
        answers={"stiff neck": "necks#introduction"},
        routed={"what is the price": "cost"},
        asks={"cost": ["how much"]},
    )
    (content / "clinic.toml").write_bytes((ROOT / "content" / "clinic.toml").read_bytes())
    write(content, block("numb", rules=["numb"]))
    for name in ("claims.csv", "invariants.csv"):
        first = (ROOT / "content" / name).read_text(encoding="utf-8").splitlines()[0]
        (content / name).write_text(f"{first}\n", encoding="utf-8")
    (content / "languages").mkdir()
    (content / "languages" / "en.toml").write_text('DESK = "Our desk"\n', encoding="utf-8")
    built = tmp_path / "built"
    build_with(BagOfWordsEncoder(), content, built)
    with served_to_staff(monkeypatch, content, built):
        yield content


def damage(path: Path, raw: bytes | None) -> None:
    path.unlink()
    if raw is None:
        path.mkdir()
    else:
        path.write_bytes(raw)


def drawn(at: AppTest) -> str:
    assert not at.exception
    page = html_of(at)
    assert text.FAILED not in page
    assert text.translated(ContentError.visitor_message) not in page
    return page


def opened(at: AppTest, view: str, part: str = "") -> str:
    at.query_params["view"], at.query_params["section"] = view, part
    return drawn(at.run())


def all_views(at: AppTest) -> Iterator[str]:
    for view, part in VIEWS:
        yield opened(at, view, part)


@pytest.fixture
def at(place: Path) -> AppTest:
    """A session of staff that has seen both files that the page edits."""
    session = AppTest.from_file(str(APP), default_timeout=30)
    for part in ("questions", "cards"):
        opened(session, "staff", part)
    return session


def test_sound_files_are_not_complained_about(place: Path, at: AppTest) -> None:
    assert content_files.broken_files(place) == {}
    assert not [page for page in all_views(at) if "cs-refused" in page]


@pytest.mark.parametrize(("name", "how", "raw"), BROKEN, ids=IDS)
def test_every_page_of_staff_names_a_file_that_is_broken_and_every_table_is_answered(
    place: Path, at: AppTest, name: str, how: str, raw: bytes | None
) -> None:
    damage(place / name, raw)
    for page in all_views(at):
        assert page.count(f"<p>{text.FILE_BROKEN.format(file=name)}</p>") == 1
        assert page.count('id="cs-title"') == 1
    known = door.current()
    assert known
    for table in ("claims", "reviews", "coverage"):
        answer = ask(f"/staff/{table}.csv", cookie="=".join(known.cookie))
        assert answer.status == 200


def test_a_file_is_named_until_it_is_corrected_and_what_is_wrong_is_escaped(place: Path) -> None:
    before = (place / "routes.toml").read_bytes()
    damage(place / "routes.toml", b'["<script>"]\ntitle = 3\ntext = "x"\n')
    assert "routes.toml" in content_files.broken_html()
    assert "<script>" not in content_files.broken_html()
    (place / "routes.toml").write_bytes(before)
    assert content_files.broken_html() == ""


def test_a_card_typed_before_its_file_was_broken_stays_and_is_not_saved(
    place: Path, at: AppTest
) -> None:
    at.text_input[0].set_value("Typed")
    damage(place / "routes.toml", b"\xff")
    assert text.FILE_BROKEN.format(file="routes.toml") in drawn(at.run())
    assert at.text_input[0].value == "Typed"
    page = drawn(at.button(key="editor-save-routes").click().run())
    assert text.EDITOR_CHANGED_MEANWHILE in page
    assert (place / "routes.toml").read_bytes() == b"\xff"
    page = drawn(at.button(key="editor-again-routes.toml").click().run())
    assert text.EDITOR_BY_HAND in page


@pytest.mark.parametrize("raw", [b"\xff", b"question;answers\n", None])
def test_a_question_typed_before_its_file_was_broken_is_not_saved(
    place: Path, at: AppTest, raw: bytes | None
) -> None:
    at.query_params["item"] = "new"
    opened(at, "staff", "questions")
    at.text_input[0].set_value("new").run()
    damage(place / "questions.csv", raw)
    page = drawn(at.run())
    assert text.EDITOR_PROBLEMS in page or text.EDITOR_CHANGED_MEANWHILE in page
    assert at.text_input[0].value == "new"
    assert at.button(key="editor-save-questions").disabled


def test_a_change_is_not_undone_and_no_page_is_lost_when_the_file_is_a_folder_by_now(
    place: Path, at: AppTest
) -> None:
    at.text_input[0].set_value("Typed")
    assert text.EDITOR_CARD_SAVED in drawn(at.button(key="editor-save-routes").click().run())
    damage(place / "routes.toml", None)
    page = drawn(at.button(key="editor-undo-routes.toml").click().run())
    assert text.EDITOR_NOT_UNDONE in page
    assert text.FILE_BROKEN.format(file="routes.toml") in page


def test_a_preview_that_cannot_be_started_is_said(
    at: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_command: object) -> bool:
        raise OSError(28, "No space left on device")

    opened(at, "staff", "candidate")
    monkeypatch.setattr(runs.RUNS, "start", refuse)
    page = drawn(at.button(key="editor-start").click().run())
    assert text.EDITOR_REFUSED in page
    assert "No space left on device" in page


@pytest.mark.parametrize("view", ["staff", "desk"])
def test_what_no_view_has_caught_is_said_to_staff_with_its_file(
    at: AppTest, monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    def fail(*_given: object, **_named: object) -> str:
        raise ContentError("It cannot be used.", where="content/any.toml, line <3>")

    for name in ("draw_desk", "draw_editor"):
        monkeypatch.setattr(f"ui.page.router.{name}", fail)
    at.query_params["view"] = view
    assert "content/any.toml, line &lt;3&gt;" in html_of(at.run())
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    assert "any.toml" not in html_of(at.run())


def test_a_missing_public_address_is_said_to_staff_until_somebody_says_it() -> None:
    assert text.PUBLIC_URL_MISSING in content_files.public_url_html(Clinic())
    assert content_files.public_url_html(Clinic(public_url="https://clinic.example/")) == ""
