"""A clinic starts with a folder of its own, or with its articles in place of the sample's."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from core.clinic_settings import read_clinic
from index import __main__ as index_command
from ingest import __main__ as ingest_command
from ingest.new import command
from safety import __main__ as safety_command
from safety.notices.fallback import product_file
from tests.support.files.content import with_one_notice
from tests.support.paths import ROOT

SAMPLE = ROOT / "content"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], hand_made: None) -> Run:
    """Run a command; return its exit code, and what it printed on both ways."""

    def ran(*arguments: object, of: object = ingest_command) -> tuple[int, str, str]:
        code = of.main([str(argument) for argument in arguments])  # type: ignore[attr-defined]
        return code, *capsys.readouterr()

    return ran


def test_a_clinic_starts_from_scratch_and_is_searched(run: Run, tmp_path: Path) -> None:
    clinic, built = tmp_path / "my clinic", tmp_path / "built"
    code, out, errors = run("new", clinic, "--name", "Old Mill Clinic", "--country", "IE")
    assert code == 0
    assert "telephone and booking_url are empty" in errors
    assert f"put your articles into {clinic / 'articles'}" in out
    assert run("validate", "--content", clinic, of=safety_command)[0] == 0
    with_one_notice(clinic)  # the product's own take long to learn
    at = ("--content", clinic, "--built", built)
    code, _, errors = run(*at)
    assert code == 1
    assert "put an article there" in errors
    (clinic / "articles" / "neck.md").write_text("# Stiff necks\n\nSleep helps a stiff neck.\n")
    (clinic / "articles" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    code, out, errors = run(*at)
    assert code == 0, errors
    assert "Files beside articles that need no reading: 1 .jpg." in out
    code, out, _ = run("search", "my neck is stiff", "--built", built, of=index_command)
    assert code == 0
    assert "Sleep helps a stiff neck." in out


def test_the_folder_holds_what_was_given_and_nothing_of_the_sample_article(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "deep" / "new"
    given = {"name": 'Dr "A" \\ Söhne', "telephone": "030 1", "accent": "#005eb8"}
    options = [text for key, value in given.items() for text in (f"--{key}", value)]
    code, _, errors = run("new", folder, *options, "--language", "fr", "--country", "DE")
    assert code == 0
    assert "no telephone numbers for DE, only for BE, CA" in errors
    assert "safety notices are in" not in errors
    clinic = read_clinic(folder)
    assert (clinic.name, clinic.telephone, clinic.accent) == tuple(given.values())
    assert (clinic.language, clinic.content_language, clinic.country) == ("fr", "fr", "DE")
    sample = tomllib.loads((SAMPLE / "clinic.toml").read_text(encoding="utf-8"))
    assert (
        tomllib.loads((folder / "clinic.toml").read_text(encoding="utf-8")).keys() == sample.keys()
    )
    assert (folder / "red_flags.toml").read_bytes() == product_file("fr").read_bytes()
    for name in ("routes.toml", "vocabulary.toml"):
        assert (folder / name).read_bytes() == (SAMPLE / name).read_bytes()
    for name in ("questions.csv", "invariants.csv", "claims.csv"):
        text = (SAMPLE / name).read_text(encoding="utf-8")
        assert (folder / name).read_text(encoding="utf-8") == text.partition("\n")[0] + "\n"
    assert list((folder / "articles").iterdir()) == []
    files = {path.name for path in SAMPLE.iterdir() if not path.name.startswith(".")}
    assert {path.name for path in folder.iterdir()} == {*files, "README.md"}
    assert f"make run CONTENT={folder}" in (folder / "README.md").read_text(encoding="utf-8")


def test_a_language_without_notices_gets_the_english_ones_and_is_warned(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    code, _, errors = run("new", folder, "--language", "it", "--country", "GB")
    assert code == 0
    assert (folder / "red_flags.toml").read_bytes() == product_file("en").read_bytes()
    assert f"The product has no notices in Italian: write {folder / 'red_flags.toml'}." in errors


def test_on_a_terminal_it_asks_for_what_was_not_given(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(question: str, default: str, **_: object) -> str:
        asked.append(question)
        return "US" if question.startswith("Country") else default

    monkeypatch.setattr(command.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "prompt", answer)
    assert run("new", tmp_path / "new", "--name", "N", "--telephone", "")[0] == 0
    first_words = [question.partition(" ")[0] for question in asked]
    assert first_words == ["Address", "Opening", "Address", "Address", "Country,", "Language"]
    assert (read_clinic(tmp_path / "new").name, read_clinic(tmp_path / "new").country) == (
        "N",
        "US",
    )


@pytest.mark.parametrize("what", ["a file", "a folder with something in it"])
def test_what_is_there_is_never_touched(run: Run, tmp_path: Path, what: str) -> None:
    place = tmp_path / "place"
    if what == "a file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / ".hidden").write_text("mine")
    code, _, errors = run("new", place)
    assert code == 1
    assert f"found: {what}" in errors
    assert [path.read_text() for path in (place.iterdir() if place.is_dir() else [place])] == [
        "mine"
    ]


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--booking-url", "clinic.example", "an address that starts with https://"),
        ("--accent", "red", 'a colour such as "#0a545f"'),
        ("--language", "Klingon!", 'a language such as "en" or "fr"'),
    ],
)
def test_a_value_that_cannot_be_used_makes_no_folder(
    run: Run, tmp_path: Path, option: str, value: str, expected: str
) -> None:
    code, _, errors = run("new", tmp_path / "new", option, value)
    assert code == 1
    assert f"expected: {expected}" in errors
    assert not (tmp_path / "new").exists()


def test_articles_in_place_of_the_samples_are_published_with_one_warning_a_file(
    run: Run, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content, ignore=shutil.ignore_patterns(".*"))
    with_one_notice(content)
    rows = (content / "invariants.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.endswith("must raise its notice")]
    (content / "invariants.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    with (content / "claims.csv").open("a", encoding="utf-8") as stream:
        stream.write("dry-needling-benefits,Safe.,no_side_effects,accepted,ok,,A,2026-01-01\n")
    shutil.rmtree(content / "articles")
    (content / "articles").mkdir()
    text = "# Stiff necks\n\nSleep helps a stiff neck. Needles may hurt.\n"
    (content / "articles" / "neck.md").write_text(text)
    code, out, errors = run("--content", content, "--built", tmp_path / "built")
    assert code == 0, errors
    assert "Published generation" in out
    told = [line for line in errors.splitlines() if "does not exist" in line]
    assert [line.removeprefix("warning: ").partition(":")[0] for line in told] == [
        "questions.csv", "claims.csv", "invariants.csv"
    ]  # fmt: skip
