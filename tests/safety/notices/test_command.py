"""`python -m safety` as a person runs it: which notices questions raise, and what to fix."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.encoders import reference as encoders
from safety.__main__ import main
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.notice_files import block, table, write
from tests.support.paths import ROOT

EIGHT = [f"neck {word}" for word in "one two three four five six seven eight".split()]
GOOD = {
    "heading": "Ask a {doctor}",
    "source": "NHS",
    "rules": ["@calf"],
    "examples": EIGHT,
}
MANNER = table("manner", {"negators": ["no"], "asking": ["what is"], "personal": ["my"]})


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with a good file of two notices and no clinic.toml."""
    return write(
        tmp_path,
        MANNER,
        table("terms", {"calf": ["calf"], "chest": ["chest"]}),
        block("calf", **GOOD),
        block("chest", level="emergency", **(GOOD | {"rules": ["@chest"]})),
    )


def run(content: Path, *arguments: str) -> int:
    return main([*arguments, "--content", str(content)])


# -- check ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "raised"),
    [
        ("my calf", "urgent calf"),
        ("my calf and chest", "emergency chest, urgent calf"),
        ("what is a chest", "emergency chest (as one line that opens)"),
        ("no calf", "no notice"),
        ("", "no notice"),
    ],
)
def test_a_question_is_printed_with_the_notices_it_raises(
    content: Path, capsys: pytest.CaptureFixture[str], question: str, raised: str
) -> None:
    assert run(content, "check", question) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{question}\n   {raised}\n", "")


def test_a_file_of_questions_is_answered_line_by_line_in_its_order(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_bytes("\ufeffmy calf\r\n\r\nwie heißt das?\r\nchest\r\n".encode())
    assert run(content, "check", "--file", str(questions), "--json") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [
        {"query": "my calf", "notices": [{"group": "calf", "level": "urgent"}]},
        {"query": "", "notices": []},
        {"query": "wie heißt das?", "notices": []},
        {"query": "chest", "notices": [{"group": "chest", "level": "emergency"}]},
    ]
    assert "heißt" in lines[2]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("", []), ("\n", [""]), ("chest", ["chest"]), ("\nchest\n\n", ["", "chest", ""])],
)
def test_standard_input_is_read_with_its_empty_lines(
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    asked: list[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert run(content, "check", "--file", "-", "--json") == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["query"] for record in records] == asked


@pytest.mark.parametrize(
    ("raw", "found"),
    [(None, "No such file or directory"), ("chest\nheißt".encode("latin-1"), "another encoding")],
)
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_answered(
    content: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    raw: bytes | None,
    found: str,
) -> None:
    file = tmp_path / "questions.txt"
    if raw is not None:
        file.write_bytes(raw)
    assert run(content, "check", "--file", str(file)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "The file of questions cannot be read.\n"
        f"  where: {file}\n"
        "  expected: text in UTF-8, one question a line\n"
        f"  found: {found}\n"
        "  to fix it: correct the name or save the file as UTF-8\n"
    )


@pytest.mark.parametrize("arguments", [[], ["my calf", "--file", "questions.txt"]])
def test_either_a_question_or_a_file_is_asked_for(
    content: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(content, "check", *arguments) == 1
    assert "Give either a question or a file of questions (--file)." in capsys.readouterr().err


@pytest.mark.parametrize("command", [["check", "my calf"], ["validate"]])
@pytest.mark.parametrize("broken", [True, False], ids=["broken", "missing"])
def test_a_file_of_notices_that_cannot_be_used_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], broken: bool
) -> None:
    if broken:
        write(tmp_path, block("calf", level="soon"))
    assert run(tmp_path, *command) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "The urgent-symptom notices cannot be used." in printed.err
    place = ", group calf, level" if broken else ""
    assert f"where: {tmp_path / 'red_flags.toml'}{place}\n" in printed.err


def test_with_the_model_the_nearest_examples_are_asked_too(
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    encoder: BagOfWordsEncoder,
) -> None:
    monkeypatch.setattr(encoders, "load_encoder", lambda model="": encoder)
    stiff = block("stiff", rules=["locked"], examples=["stiff neck"])
    write(content, MANNER, stiff, table("benign", {"examples": ["sleep", "blood", "back"]}))
    assert run(content, "check", "a stiff neck", "--json") == 0
    assert run(content, "check", "a stiff neck", "--json", "--with-model") == 0
    assert run(content, "check", "no stiff neck", "--json", "--with-model") == 0
    raised = [json.loads(line)["notices"] for line in capsys.readouterr().out.splitlines()]
    assert raised == [[], [{"group": "stiff", "level": "urgent"}], []]


@pytest.mark.model
def test_with_the_real_model_words_that_no_rule_knows_raise_a_notice(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stiff = block("stiff", rules=["locked"], examples=["my neck is so stiff I cannot turn my head"])
    write(content, stiff, table("benign", {"examples": ["where do i park", "what does it cost"]}))
    asked = "I can hardly turn my head, my neck has gone stiff"
    assert run(content, "check", asked) == 0
    assert run(content, "check", asked, "--with-model") == 0
    assert run(content, "check", "where can I park", "--with-model") == 0
    assert capsys.readouterr().out.splitlines()[1::2] == [
        "   no notice",
        "   urgent stiff",
        "   no notice",
    ]


# -- validate -------------------------------------------------------------------------------------


def test_notices_in_another_language_than_the_page_are_a_warning(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (content / "clinic.toml").write_text('language = "fr"\n')
    assert run(content, "validate") == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{content / 'red_flags.toml'}:1: warning: Your page is in French but")
    assert "0 errors" in out


def test_a_sound_file_is_counted_and_its_warnings_are_no_failure(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(content, "validate") == 0
    lines = capsys.readouterr().out.splitlines()
    path = content / "red_flags.toml"
    problem = "`reviewed_by` names nobody who has checked the numbers and word classes"
    assert lines[0] == f"{path}:1: warning: {problem}"
    signatures = "signatures: 0 signed, 0 overdue, 0 changed, 0 refused, 2 unsigned"
    assert lines[-2:] == [signatures, "2 notices, 0 errors, 5 warnings"]
    assert all(": warning: " in line for line in lines[:-2])


def test_an_error_is_printed_with_file_and_line_and_fails(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(content, block("calf", **(GOOD | {"source": ""}))) / "red_flags.toml"
    path.write_text(path.read_text().replace("@calf", "calf"))
    assert run(content, "validate") == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{path}:6: error: calf: no source" in lines
    assert lines[-1] == "1 notice, 1 error, 3 warnings"


def test_the_country_of_the_clinic_and_the_day_are_those_that_were_given(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (content / "clinic.toml").write_text('country = "FR"\n')
    assert run(content, "validate") == 1
    assert ":1: error: no [numbers.FR] for the country" in capsys.readouterr().out
    (content / "clinic.toml").unlink()
    write(content, "next_review = 2027-01-01", block("calf", **(GOOD | {"rules": ["calf"]})))
    for day, is_overdue in (("2027-01-01", False), ("2027-01-02", True)):
        assert run(content, "validate", "--today", day) == 0
        warning = "red_flags.toml:1: warning: overdue: the next review was due on 2027-01-01"
        assert (warning in capsys.readouterr().out) is is_overdue


# -- in a process of its own ----------------------------------------------------------------------

HEAVY = """torch transformers sentence_transformers numpy faiss pandas pyarrow streamlit scipy
sklearn""".split()
SCRIPT = f"""
import sys
from safety.__main__ import main
code = main(sys.argv[1:])
print("loaded:", *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
raise SystemExit(code)
"""


@pytest.mark.parametrize(
    ("arguments", "code", "printed"),
    [
        # Misspelt, so that the dictionary is loaded too.
        (["check", "crushing chset pain"], 0, "emergency heart_chest"),
        (["check", "--file", "-", "--json"], 0, '"group": "heart_chest"'),
        (["validate"], 0, " notices, 0 errors, "),
        (["check"], 1, ""),
    ],
)
def test_no_command_loads_numpy_or_the_model(arguments: list[str], code: int, printed: str) -> None:
    done = process("-c", SCRIPT, *arguments)
    assert done.stderr.splitlines()[-1] == "loaded:"
    assert done.returncode == code
    assert printed in done.stdout


def test_the_module_is_a_command_over_the_clinics_own_file() -> None:
    asked = "crushing chest pain spreading down my left arm"
    done = process("-m", "safety", "check", asked, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["query"] == asked
    assert record["notices"][0] == {"group": "heart_chest", "level": "emergency"}


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    asked = "crushing chest pain\n"
    return subprocess.run(
        command, cwd=ROOT, input=asked, capture_output=True, text=True, check=False
    )
