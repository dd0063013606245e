"""Files of the page as the server sends them: compressed once, in parts only as they are."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from tests.support.pages.asgi import Answer, application_over, ask
from ui.server import document, files, streamlit_files

SCRIPT = next(path for path in streamlit_files.files() if "/protobuf." in path)
FONT = next(path for path in streamlit_files.files() if path.endswith(".woff2"))
BROWSER = "gzip, deflate, br, zstd"


@pytest.fixture(autouse=True)
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with application_over(monkeypatch, tmp_path, None):
        yield


def plain(answer: Answer) -> bytes:
    """Return the body as it was before it was encoded."""
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
    return bytes(unpack[answer.headers.get("content-encoding")](answer.body))


@pytest.mark.parametrize("path", [SCRIPT, "/assets/app.css", "/assets/helper.js"])
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (BROWSER, "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=0.5, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_file_comes_in_the_best_encoding_that_is_accepted(
    path: str, accepted: str, encoding: str | None
) -> None:
    whole = ask(path)
    answer = ask(path, accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-length"] == str(len(answer.body))
    assert "accept-encoding" in answer.headers["vary"]
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith(whole.headers["content-type"].split(";")[0])
    assert plain(answer) == whole.body
    if encoding:
        assert len(answer.body) < len(whole.body) / 2


def test_each_encoding_has_a_tag_of_its_own_and_is_not_sent_twice() -> None:
    tags = {ask(SCRIPT, accept_encoding=one).headers["etag"] for one in ("br", "gzip", "")}
    assert len(tags) == 3
    tag = ask(SCRIPT, accept_encoding="br").headers["etag"]
    again = ask(SCRIPT, accept_encoding="br", if_none_match=f'"x", {tag}')
    assert (again.status, again.body) == (304, b"")
    assert ask(SCRIPT, accept_encoding="gzip", if_none_match=tag).status == 200


def test_a_part_of_a_file_is_a_part_of_the_file_itself() -> None:
    part = ask(SCRIPT, accept_encoding="br", range="bytes=10-19")
    assert part.status == 206
    assert "content-encoding" not in part.headers
    assert part.body == ask(SCRIPT).body[10:20]


def test_fonts_and_pictures_are_not_compressed_again() -> None:
    for path in (FONT, "/assets/atkinson-latin.woff2", "/assets/favicon.png"):
        assert "content-encoding" not in ask(path, accept_encoding="br").headers


def test_an_answer_holds_nothing_of_a_visitor_but_what_it_was_asked() -> None:
    """It is compressed: beside a secret, its size would tell about that secret (BREACH)."""
    form = {"content_type": "application/x-www-form-urlencoded", "accept_encoding": BROWSER}
    for body in (b"q=stiff+neck", b"q=stiff+neck&part=1"):
        answers = [
            ask(
                "/plain",
                method="POST",
                body=body,
                client=client,
                cookie=f"visitor={client}",
                **form,
            )
            for client in ("192.0.2.1", "198.51.100.7")
        ]
        assert all("set-cookie" not in answer.headers for answer in answers)
        one, other = (re.sub(rb'"kept":"[^"]*"', b"", plain(answer)) for answer in answers)
        assert one == other
        assert b"stiff neck" in one


def test_the_document_is_compressed_and_small() -> None:
    whole, answer = ask("/"), ask("/", accept_encoding=BROWSER)
    assert answer.headers["content-encoding"] == "gzip"
    assert plain(answer) == whole.body
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert "sec-fetch-dest" in answer.headers["vary"]
    assert len(answer.body) < 25_000


def test_what_is_not_there_is_not_found() -> None:
    for path in ("/assets/nowhere.css", "/static/js/nowhere.js", "/assets/../guard.py"):
        assert ask(path, accept_encoding="br").status == 404


def test_streamlit_is_told_not_to_lay_its_dialogs_over_the_page() -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient
    from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

    said = json.loads(ask(files.HOST_SETTINGS).body)
    theirs = TestClient(Starlette(routes=create_host_config_routes(None))).get(files.HOST_SETTINGS)
    assert said == {**theirs.json(), "allowedOrigins": [], "blockErrorDialogs": True}


# -- what of Streamlit is sent, and when -----------------------------------------------------------


def test_no_font_that_patients_never_see_is_sent_to_them() -> None:
    page = document.template(streamlit_files.index_page())
    assert "SourceSans" not in "".join(page)
    sheet = document.assets()[streamlit_files.STYLE].decode()
    assert "@font-face" not in sheet
    assert "url(" not in sheet  # nothing that was beside the sheet is missed
    assert len(sheet) > 10_000


def test_staff_get_streamlits_own_style_sheet_with_the_font_of_its_icons() -> None:
    *_, after = document.template(streamlit_files.index_page(), for_staff=True)
    assert "./static/css/index" in after
    assert streamlit_files.STYLE not in after


def test_the_scripts_of_the_box_are_asked_for_with_the_first() -> None:
    chunks = streamlit_files.late_chunks()
    named = " ".join(chunks)
    for name in ("/TextInput.", "/Html.", "/purify.es.", "/InputInstructions."):
        assert name in named
    assert {chunk.removeprefix(".") for chunk in chunks} <= set(streamlit_files.files())
    *_, after = document.template(streamlit_files.index_page())
    assert all(after.count(f'href="{chunk}"') == 1 for chunk in chunks)


def test_another_streamlits_list_of_files_makes_the_page_slower_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(streamlit_files, "folder", lambda: tmp_path)
    for listed in ("{}", "no list", '{"index.html": {}}'):
        (tmp_path / "manifest.json").write_text(listed)
        streamlit_files.late_chunks.cache_clear()
        assert streamlit_files.late_chunks() == ()
        assert "Install the pinned Streamlit" in caplog.text
        caplog.clear()
    monkeypatch.undo()
    streamlit_files.late_chunks.cache_clear()


@pytest.mark.parametrize("missing", ["modulepreload", "stylesheet", 'type="module"'])
def test_an_index_page_without_what_is_expected_is_refused_or_served_whole(missing: str) -> None:
    page = streamlit_files.index_page().replace(missing, "x")
    if missing == "modulepreload":  # nothing is loaded ahead, and everything works
        assert "./static/js/index" in document.template(page)[-1]
    else:
        with pytest.raises(streamlit_files.StreamlitVersionError, match="install the pinned one"):
            document.template(page)
