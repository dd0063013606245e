"""Decisions about suggested questions are written once, beside what the clinic's files hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import ContentError, IndexDamagedError
from core.files import edits
from index.suggestions.decisions import Decision, decide, read_asked, still_open
from index.suggestions.types import (
    RECORD,
    Source,
    Suggestion,
    Suggestions,
    from_json,
    read_record,
    to_json,
)

SECTIONS = ["necks#introduction", "necks#why"]
NECK = Suggestion("Stiff neck?", "necks#why", "necks#why/1", "A neck", Source.HEADING, 0.5)
ACCEPTED = Decision("Stiff neck?", "necks#why", True, "Stiff neck?", ("necks#why",), "here")
REFUSED = Decision("Stiff neck?", "necks#why", False)


def write(content: Path, *decisions: Decision, former: dict[str, str] | None = None) -> int:
    return decide(content, decisions, sections=SECTIONS, former=former or {})


def test_an_accepted_question_is_added_below_rows_that_keep_every_byte(tmp_path: Path) -> None:
    bank = tmp_path / "questions.csv"
    before = b'\xef\xbb\xbfquestion,answers,note\r\n"a b", necks#why,mine'
    bank.write_bytes(before)
    assert write(tmp_path, ACCEPTED) == 1
    assert bank.read_bytes() == before + b"\r\nStiff neck?,necks#why,\r\n"
    assert not (tmp_path / "suggestions.csv").exists()
    assert write(tmp_path, ACCEPTED) == 0
    assert still_open([NECK], read_asked(tmp_path)) == []
    edit = edits.last_edit(bank)
    assert edit is not None
    edits.undo(bank, edit)
    assert bank.read_bytes() == before
    assert still_open([NECK], read_asked(tmp_path)) == [NECK]


def test_a_clinic_without_a_bank_gets_one(tmp_path: Path) -> None:
    assert write(tmp_path, ACCEPTED) == 1
    assert (tmp_path / "questions.csv").read_text(encoding="utf-8") == (
        "question,answers,route,note\nStiff neck?,necks#why,,\n"
    )


def test_a_refused_question_is_remembered_once_for_its_section_only(tmp_path: Path) -> None:
    assert write(tmp_path, REFUSED, REFUSED) == 0
    write(tmp_path, REFUSED, replace(REFUSED, proposed="=cmd"))
    assert (tmp_path / "suggestions.csv").read_text(encoding="utf-8") == (
        "question,answers\nStiff neck?,necks#why\n'=cmd,necks#why\n"
    )
    assert read_asked(tmp_path).refused == (("Stiff neck?", "necks#why"), ("=cmd", "necks#why"))
    assert not (tmp_path / "questions.csv").exists()
    elsewhere = replace(NECK, section="necks#introduction")
    assert still_open([NECK, elsewhere], read_asked(tmp_path)) == [elsewhere]


def test_a_question_accepted_in_other_words_is_not_suggested_in_its_own(tmp_path: Path) -> None:
    write(tmp_path, replace(ACCEPTED, question="my neck is stiff"))
    assert read_asked(tmp_path).questions == ("my neck is stiff",)
    assert still_open([NECK], read_asked(tmp_path)) == []


def test_the_same_label_under_an_earlier_id_of_the_article_is_no_other_answer(
    tmp_path: Path,
) -> None:
    bank = tmp_path / "questions.csv"
    bank.write_text("question,answers\nstiff neck,old#why\n", encoding="utf-8")
    assert write(tmp_path, ACCEPTED, former={"old": "necks"}) == 0
    with pytest.raises(ContentError, match="another answer"):
        write(tmp_path, ACCEPTED)


def test_all_wrong_rows_are_named_and_none_is_written(tmp_path: Path) -> None:
    other = replace(ACCEPTED, question="fine", where="line 2")
    wrong = replace(ACCEPTED, sections=("necks#wy",), where="line 3")
    empty = replace(ACCEPTED, question=" ? ", where="line 4")
    twice = replace(other, sections=("necks#introduction",), where="line 5")
    with pytest.raises(ContentError) as caught:
        write(tmp_path, other, wrong, empty, twice)
    said = str(caught.value)
    assert [line in said for line in ("line 2", "line 3", "line 4", "line 5")] == [0, 1, 1, 1]
    assert "perhaps necks#why" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["questions.csv", "suggestions.csv"])
def test_a_file_that_is_no_such_table_is_named_and_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff")
    with pytest.raises(ContentError, match=name):
        read_asked(tmp_path)
    with pytest.raises(ContentError, match=name):
        write(tmp_path, REFUSED if name == "suggestions.csv" else ACCEPTED)
    assert (tmp_path / name).read_bytes() == b"\xff"


def test_a_line_written_by_hand_needs_a_question_and_a_section(tmp_path: Path) -> None:
    (tmp_path / "suggestions.csv").write_text("question,answers\nx,\n", encoding="utf-8")
    with pytest.raises(ContentError, match="line 2"):
        read_asked(tmp_path)


def test_the_record_beside_the_index_is_read_as_it_was_written(tmp_path: Path) -> None:
    suggestions = Suggestions("0" * 16, (NECK,))
    assert read_record(tmp_path) is None
    (tmp_path / RECORD).write_text(to_json(suggestions), encoding="utf-8")
    assert read_record(tmp_path) == suggestions


@pytest.mark.parametrize("broken", ["{", "[]", '{"generation": "x", "rows": [{}]}', "3"])
def test_a_broken_record_is_none(tmp_path: Path, broken: str) -> None:
    (tmp_path / RECORD).write_text(broken, encoding="utf-8")
    assert read_record(tmp_path) is None
    with pytest.raises(IndexDamagedError, match="python -m ingest suggest"):
        from_json(broken)
