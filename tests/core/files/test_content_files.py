"""Every file that a clinic edits is read in time and answered in words, whatever lies there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.clinic_settings import read_clinic
from core.errors import ClinicSearchError, ContentError, IndexDamagedError
from core.files import edits
from core.files.toml_file import TomlFile
from evaluation.beir import read_collection
from evaluation.notices.questions import read_notice_questions
from evaluation.search.questions import read_questions
from index.bank.question_bank import read_question_bank
from index.bank.route_card_edits import without_card
from index.bank.route_cards import read_routes
from index.bank.vocabulary import read_vocabulary
from index.preview.types import from_json
from index.store.manifest import read_manifest
from index.store.record import read_generation
from ingest.fetch.folder import Folder, Record
from ingest.preview.invariants import read_invariants
from ingest.readers.article_settings import read_sidecar
from ingest.readers.markdown.front_matter import read_front_matter
from safety.claims.decisions import read_claim_decisions
from safety.notices.red_flags_file import read_red_flags
from ui import languages

Read = Callable[[Path], object]

TOML: dict[str, Read] = {
    "clinic.toml": lambda path: read_clinic(path.parent),
    "red_flags.toml": lambda path: read_red_flags(path.parent),
    "routes.toml": lambda path: read_routes(path.parent),
    "vocabulary.toml": lambda path: read_vocabulary(path.parent),
    "neck-pain.toml": read_sidecar,
}
CSV: dict[str, Read] = {
    "questions.csv": lambda path: read_question_bank(path.parent, sections=(), routes=()),
    "claims.csv": lambda path: read_claim_decisions(path.parent),
    "invariants.csv": lambda path: read_invariants(path.parent),
    "outside.csv": lambda path: read_questions(path, sections=(), routes=()),
    "notices.csv": lambda path: read_notice_questions(path, groups=()),
}
OTHERS: dict[str, Read] = {"edited.csv": edits.read}
ALL = TOML | CSV | OTHERS


def in_time(read: Read, path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ContentError) as caught:
        read(path)
    assert time.monotonic() - began < 5
    assert path.name in str(caught.value)
    assert len(str(caught.value)) < 3000


# -- what is no file -------------------------------------------------------------------------------


def with_a_hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(500_000_000)  # nothing is written


NO_FILES: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "folder": Path.mkdir,
    "file without end": with_a_hole,
}


@pytest.mark.parametrize("make", NO_FILES.values(), ids=NO_FILES)
@pytest.mark.parametrize("name", ALL)
def test_what_is_no_file_that_anybody_wrote_is_refused_at_once(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / name)
    in_time(ALL[name], tmp_path / name)


@pytest.mark.parametrize("name", ALL)
def test_a_link_to_a_file_is_read_as_the_file_and_another_encoding_is_named_with_the_fix(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "there").write_bytes("café".encode("latin-1"))
    (tmp_path / name).symlink_to("there")
    if name in OTHERS:
        assert ALL[name](tmp_path / name) == b"caf\xe9"
    else:
        with pytest.raises(ContentError, match=r"cannot be (read|used)") as caught:
            ALL[name](tmp_path / name)
        assert caught.value.where == str(tmp_path / name)
        assert "0xe9" in (caught.value.found or "")
        assert "UTF-8" in str(caught.value)
        assert caught.value.fix


def test_a_pipe_is_no_fetched_page_and_no_words_of_the_page(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    record = Record("a.html", "0" * 64, "https://clinic.example/a")
    assert Folder(tmp_path, {}).body(record) is None
    (tmp_path / "languages").mkdir()
    os.mkfifo(tmp_path / "languages" / "en.toml")
    assert languages.words("en", tmp_path) == languages.words("en")


# -- numbers and nesting ---------------------------------------------------------------------------

STRANGE = {
    "a long number": "title = " + "9" * 5_000,
    "a long negative number": "title = -" + "9" * 5_000,
    "a long number in hexadecimal": "title = 0x" + "f" * 5_000,
    "a long number in a list": "sources = [1, [0b" + "1" * 20_000 + "]]",
    "a long year": "reviewed = " + "1" * 5_000 + "-01-01",
    "brackets": "title = " + "[" * 30_000,
    "closed brackets": "title = " + "[" * 200 + "]" * 200,
    "tables within tables": "title = " + "{a=" * 10_000,
    "a name of many parts": ".".join("a" * 30_000) + " = 1",
    "a table of many parts": "[" + " . ".join("a" * 20_000) + "]",
    "a quoted name of many parts": ".".join(['"a b"'] * 12_000) + " = 1",
    "a name of many empty parts": ".".join(["''"] * 20_000) + " = 1",
    "a date of no calendar": "reviewed = 2026-02-30",
    "a null byte": "title = 'a\x00b'",
}


@pytest.mark.parametrize("name", TOML)
@pytest.mark.parametrize("strange", STRANGE)
def test_strange_values_in_toml_are_an_error_in_words(
    tmp_path: Path, name: str, strange: str
) -> None:
    (tmp_path / name).write_text(STRANGE[strange])
    in_time(TOML[name], tmp_path / name)


@pytest.mark.parametrize("strange", STRANGE)
def test_strange_values_in_cards_and_in_the_pages_words_stop_nothing(
    tmp_path: Path, strange: str
) -> None:
    in_time(lambda _: without_card(STRANGE[strange], "cost"), Path("routes.toml"))
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "en.toml").write_text(STRANGE[strange])
    assert languages.words("en", tmp_path) == languages.words("en")


def test_toml_as_people_write_it_is_read() -> None:
    text = "a.b.c = 1\n[d.'e f'.\"g\"]\nh = [[1, 2], [{i = 3}]]\nj = 9223372036854775807\n"
    text += "k = '''\n" + "1.2.3.4.5.6.7.8.9.\n" * 20 + "'''\n"
    found = TomlFile(Path("x.toml"), problem="", fix="").parse(text.encode())
    assert found["a"] == {"b": {"c": 1}}
    assert found["d"]["e f"]["g"]["j"] == 2**63 - 1


@pytest.mark.parametrize(
    "values",
    [
        "title: " + "9" * 5_000,
        "title: 0x" + "f" * 5_000,
        "0x" + "f" * 5_000 + ": of another program",
        "sources: [0" + "7" * 9_000 + "]",
        "reviewed: " + "1:" * 5_000 + "1",
        "title: " + "[" * 3_000,
        "title: " + "[" * 200 + "]" * 200,
        "title: 2026-02-30",
        "title: !!python/object:os.system x",
    ],
)
def test_strange_values_at_the_head_of_an_article_are_an_error_in_words(values: str) -> None:
    in_time(lambda path: read_front_matter(f"---\n{values}\n---\nText.", str(path)), Path("a.md"))


STRANGE_JSON = ["9" * 5_000, "[" * 100_000, '{"a":' * 100_000, '{"before": ' + "9" * 5_000 + "}"]


@pytest.mark.parametrize("text", STRANGE_JSON)
def test_strange_json_is_an_error_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    (tmp_path / "corpus.jsonl").write_text(text)
    for read, error in (
        (lambda: from_json(text), IndexDamagedError),
        (lambda: read_manifest(tmp_path / "manifest.json"), IndexDamagedError),
        (lambda: read_generation(tmp_path), IndexDamagedError),
        (lambda: read_collection(tmp_path), ClinicSearchError),
    ):
        with pytest.raises(error):
            read()


def test_a_value_of_a_wrong_kind_is_not_printed_whole(tmp_path: Path) -> None:
    wrong: dict[str, Any] = {"clinic.toml": "name = [{}]", "routes.toml": "cost = [{}]"}
    for name, text in wrong.items():
        (tmp_path / name).write_text(text.format("'word', " * 10_000))
        in_time(TOML[name], tmp_path / name)
