"""`python -m safety sign`: notices are shown, asked about and signed in the file."""

import io
from datetime import date
from pathlib import Path

import pytest

from core.files import edits
from safety.__main__ import main
from safety.notices.red_flags import Group
from safety.notices.red_flags_file import FILE_NAME, read_red_flags
from safety.notices.signatures import counted_states
from tests.support.files.notice_files import block, table, write

DOCTOR = ["--name", "Dr A", "--registration", "GMC 1"]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write(
        tmp_path,
        table("numbers.GB", {"emergency": "999"}),
        table("terms", {"swollen_calf": ["fat calf", "swollen calf"], "hot": ["hot"]}),
        block(
            "calf",
            heading="Call {emergency} if",
            bullets=["it is hot"],
            source="NHS",
            rules=["@swollen_calf + @hot", "@swollen_calf", "my leg"],
            examples=["my calf is fat"],
            not_examples=["a calf on a farm"],
        ),
        block("chest", rules=["chest"], checked=date(2026, 2, 28)),
    )


def signed(
    content: Path, *arguments: str, typed: str = "", patch: pytest.MonkeyPatch | None = None
) -> int:
    if patch:
        patch.setattr("sys.stdin", io.StringIO(typed))
    return main(["sign", *arguments, "--content", str(content)])


def group(content: Path, name: str) -> Group:
    return read_red_flags(content).groups[name]


def states(content: Path) -> dict[str, int]:
    counted = counted_states(read_red_flags(content), today=date.today()).items()
    return {str(state): number for state, number in counted if number}


def test_one_notice_is_shown_and_signed_by_name_number_and_today(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (content / "clinic.toml").write_text('country = "GB"\n')
    assert signed(content, *DOCTOR, "--notice", "calf", "--checked") == 0
    assert capsys.readouterr().out == (
        "calf: Calf\n"
        "level: urgent; unsigned\n"
        "\n"
        "Call 999 if\n"
        "- it is hot\n"
        "\n"
        "A phrase of each, in any order:\n"
        "  swollen calf + hot\n"
        "Enough by itself: swollen calf, “my leg”\n"
        "  swollen calf: fat calf, swollen calf\n"
        "  hot: hot\n"
        "Examples:\n"
        "  my calf is fat\n"
        "Not for:\n"
        "  a calf on a farm\n"
        "Source: NHS (checked on a day that is not stated)\n"
        "\n"
        "calf: signed by Dr A\n"
    )
    calf = group(content, "calf")
    given = (calf.signed_by, calf.registration, calf.signed_on, calf.checked)
    assert given == ("Dr A", "GMC 1", date.today(), date.today())
    assert states(content) == {"signed": 1, "unsigned": 1}


def test_a_refusal_keeps_the_reason_and_the_edit_can_be_undone(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (content / FILE_NAME).read_bytes()
    assert signed(content, *DOCTOR, "--notice", "chest", "--refuse", "wrong number") == 0
    assert group(content, "chest").refused == "wrong number"
    assert capsys.readouterr().out.endswith("chest: refused by Dr A\n")
    signed(content, *DOCTOR, "--notice", "chest")
    assert f"refused (Dr A, GMC 1, {date.today()}: wrong number)" in capsys.readouterr().out
    assert group(content, "chest").refused == ""
    for _ in range(2):
        edit = edits.last_edit(content / FILE_NAME)
        assert edit
        edits.undo(content / FILE_NAME, edit)
    assert (content / FILE_NAME).read_bytes() == before


def test_name_and_number_are_asked_for(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert signed(content, "--notice", "chest", typed="Dr B\nGMC 2\n", patch=monkeypatch) == 0
    chest = group(content, "chest")
    assert (chest.signed_by, chest.registration) == ("Dr B", "GMC 2")


def test_one_by_one_each_answer_is_saved_at_once(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert signed(content, *DOCTOR, typed="a\ny\nr\nnot yet\n", patch=monkeypatch) == 0
    assert states(content) == {"signed": 1, "refused": 1}
    assert group(content, "chest").refused == "not yet"
    capsys.readouterr()
    assert signed(content, *DOCTOR, typed="s\n", patch=monkeypatch) == 0
    asked = capsys.readouterr().out
    assert "--- 1 of 1 ---\nchest: Chest\n" in asked
    assert "calf" not in asked
    signed(content, *DOCTOR, "--notice", "chest")
    capsys.readouterr()
    assert signed(content, *DOCTOR) == 0
    assert capsys.readouterr().out == "Every notice is signed.\n"


@pytest.mark.parametrize(
    ("typed", "code", "after"),
    [
        ("q\n", 0, {"unsigned": 2}),
        ("", 1, {"unsigned": 2}),  # Ctrl-D
        ("a\ny\n", 1, {"signed": 1, "unsigned": 1}),
        ("s\nr\n \n", 0, {"unsigned": 2}),  # a refusal without a reason
        ("x\ns\ns\n", 0, {"unsigned": 2}),
        ("a\nn\na\nn\n", 0, {"signed": 1, "unsigned": 1}),  # nobody compared the first
    ],
)
def test_what_is_not_approved_stays_unsigned(
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    code: int,
    after: dict[str, int],
) -> None:
    assert signed(content, *DOCTOR, typed=typed, patch=monkeypatch) == code
    assert states(content) == after
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "after"), [("y", {"signed": 2}), ("n", {"unsigned": 2})])
def test_all_are_shown_before_one_question_about_all(
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    after: dict[str, int],
) -> None:
    given = [*DOCTOR, "--all-shown", "--checked"]
    assert signed(content, *given, typed=f"{typed}\n", patch=monkeypatch) == 0
    shown = capsys.readouterr().out
    question = shown.index("Sign these 2 notices as they are shown above?")
    assert shown.index("calf: Calf") < shown.index("chest: Chest") < question
    assert states(content) == after


def test_a_file_that_changes_while_it_is_read_is_not_signed(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def confirm(*_: object) -> bool:
        path = content / FILE_NAME
        path.write_bytes(path.read_bytes().replace(b"it is hot", b"it is cold"))
        return True

    monkeypatch.setattr("safety.signing.terminal.click.confirm", confirm)
    assert signed(content, *DOCTOR, "--all-shown", "--checked") == 1
    assert "The file was changed elsewhere meanwhile" in capsys.readouterr().err
    assert states(content) == {"unsigned": 2}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--notice", "calf", "--all-shown"], "Give --notice with or without --refuse"),
        (["--refuse", "no"], "Give --notice with or without --refuse"),
        (["--all-shown", "--refuse", "no"], "Give --notice with or without --refuse"),
        (["--notice", "chest", "--refuse", ""], "This notice cannot be saved."),
        (["--notice", "shin"], "There is no such notice."),
        (["--notice", "calf"], "This notice cannot be saved."),
        (["--notice", "chest", "--name", " "], "This notice cannot be saved."),
    ],
)
def test_what_cannot_be_signed_is_an_error_that_changes_nothing(
    content: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    assert signed(content, *DOCTOR, *arguments) == 1
    assert problem in capsys.readouterr().err
    assert states(content) == {"unsigned": 2}


def test_a_missing_file_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert signed(tmp_path, *DOCTOR, "--notice", "calf") == 1
    assert "found: no file" in capsys.readouterr().err
