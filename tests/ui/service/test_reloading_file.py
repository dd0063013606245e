"""A file that the clinic edits: no save, however bad, takes notices or numbers from patients."""

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ContentError
from index.store import generations
from safety.notices.fallback import product_notices
from safety.notices.red_flags import RedFlags
from safety.notices.red_flags_file import FILE_NAME
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.notice_files import block, table, write
from tests.support.pages import asgi
from ui.service import notice_service, settings
from ui.service.reloading_file import Source
from ui.service.settings import BUILT_VARIABLE, CONTENT_VARIABLE

Restart = Callable[[], None]
OWN = (
    table("numbers.GB", {"emergency": "999"}),
    block("neck", level="emergency", rules=["locked neck"], examples=["my neck is locked"]),
    block("calf", rules=["hot calf"], examples=["a hot calf"]),
)
CLINIC = 'name = "Necks"\ncountry = "GB"\ntelephone = "020 7946 0000"\n'
BAD = {
    "missing": None,
    "empty": b"",
    "only comments": b"# to be done\n",
    "cut in a notice": b"[[group",
    "cut between notices": OWN[0].encode() + b"\n" + OWN[1].encode(),
    "no notice left": OWN[0].encode(),
    "not text": b"\xff\xfe\x00\x01",
    "a number of 5,000 digits": b"version = " + b"9" * 5000,
    "nested without end": b"a = " + b"[" * 100_000,
}
BAD_CLINIC = {
    "missing": None,
    "empty": b"",
    "cut": CLINIC.encode()[:20],
    "only comments": b"# to be done\n",
    "cut after the name": b'name = "Necks"\n',
    "a number of 5,000 digits": b"name = " + b"9" * 5000,
}


@pytest.fixture
def own(content: Path) -> Path:
    """A content folder with notices and settings of its own."""
    write(content, *OWN)
    (content / "clinic.toml").write_text(CLINIC)
    return content


@pytest.fixture
def page(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Restart:
    """Point the page at the folder; call the result to start a page that has read nothing yet."""
    monkeypatch.setenv(CONTENT_VARIABLE, str(own))
    monkeypatch.setenv(BUILT_VARIABLE, str(tmp_path / "built"))

    def restarted() -> None:
        for name in ("_red_flags_file", "_clinic_file", "_routes_file"):
            held = getattr(settings, name)
            fresh = type(held)(
                *(held.name, held._read, held._default),
                lost=held._lost,
                default_for=held._default_for,
            )
            monkeypatch.setattr(settings, name, fresh)

    restarted()
    return restarted


@pytest.fixture
def built(own: Path, tmp_path: Path) -> Path:
    """Publish the folder's own notices and settings; return the folder of the index."""
    build_with(BagOfWordsEncoder(), own, tmp_path / "built")
    return tmp_path / "built"


def spoil(path: Path, raw: bytes | None) -> None:
    if raw is None:
        path.unlink()
    else:
        path.write_bytes(raw)
        os.utime(path, ns=(1, len(raw)))  # another time than before, however coarse the clock


def groups() -> list[str]:
    return list(settings.red_flags().groups)


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
def test_a_running_page_goes_on_with_what_it_read_and_says_so_once(
    page: Restart, own: Path, built: Path, raw: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    before = settings.red_flags()
    spoil(own / FILE_NAME, raw)
    with caplog.at_level(logging.ERROR, logger="clinic.ui"):
        assert [settings.red_flags() for _ in range(3)] == [before] * 3
    assert settings.red_flags() is before
    assert settings.red_flags_in_use().source is Source.LAST
    assert len(caplog.records) == 1
    assert FILE_NAME in caplog.text


def test_each_trouble_is_logged_none_takes_anything_and_a_sound_file_counts_at_once_again(
    page: Restart, own: Path, built: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.red_flags()
    with caplog.at_level(logging.ERROR, logger="clinic.ui"):
        for raw in (b"[[group", b"", None):
            spoil(own / FILE_NAME, raw)
            assert groups() == ["neck", "calf"]
    assert len(caplog.records) == 3
    write(own, *OWN, block("fall", rules=["bad fall"]))
    assert groups() == ["neck", "calf", "fall"]
    assert not list(settings.problems())


LOSSES = {
    "a notice": ("\n".join(OWN[:2]), "calf"),
    "the rules of a notice": ("\n".join(OWN).replace('rules = ["hot calf"]', ""), "calf (rules)"),
    "all rules": ("\n".join(OWN).replace("rules = ", "examples = ").replace(
        'examples = ["my neck is locked"]', "").replace('examples = ["a hot calf"]', ""),
        "neck (rules), calf (rules)"),
    "the level of a notice": (
        "\n".join(OWN).replace('level = "emergency"', 'level = "caution"'), "neck (level)"),
    "a number": ("\n".join(OWN).replace('"999"', '""'), "[numbers.GB] emergency"),
    "a country": ("\n".join(OWN[1:]), "[numbers.GB]"),
}  # fmt: skip


@pytest.mark.parametrize(("now", "said"), LOSSES.values(), ids=LOSSES)
def test_what_a_save_takes_from_patients_goes_with_nothing_but_a_command_that_says_so(
    page: Restart, own: Path, built: Path, now: str, said: str
) -> None:
    before = settings.red_flags()
    write(own, now)
    assert settings.red_flags() is before
    assert f"{said}." in settings.red_flags_in_use().problem
    with pytest.raises(ContentError) as caught:
        build_with(BagOfWordsEncoder(), own, built)
    assert caught.value.found == f"without {said}"
    page()  # started again, it is no other
    assert settings.red_flags() == before
    build_with(BagOfWordsEncoder(), own, built, take_out=True)
    assert settings.red_flags_in_use().source is Source.CONTENT
    assert not list(settings.problems())


@pytest.mark.parametrize("line", ['country = "GB"\n', 'telephone = "020 7946 0000"\n'])
def test_an_ingest_takes_no_number_from_patients_unless_it_is_told_to(
    own: Path, built: Path, line: str
) -> None:
    (own / "clinic.toml").write_text(CLINIC.replace(line, ""))
    with pytest.raises(ContentError) as caught:
        build_with(BagOfWordsEncoder(), own, built)
    assert caught.value.where == str(own / "clinic.toml")
    assert "--take-out" in (caught.value.fix or "")
    assert build_with(BagOfWordsEncoder(), own, built, take_out=True).published


def test_after_a_rollback_over_what_was_taken_out_all_processes_show_the_same(
    page: Restart, own: Path, built: Path
) -> None:
    write(own, *OWN[:2])
    build_with(BagOfWordsEncoder(), own, built, take_out=True)
    assert groups() == ["neck"]
    with generations.writing(built):
        generations.roll_back(built)
    running = groups()
    page()
    assert running == groups() == ["neck", "calf"]


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"files": 3}', b"\xff"])
def test_a_manifest_of_another_shape_takes_no_page_away(
    page: Restart, own: Path, built: Path, raw: bytes
) -> None:
    generation = generations.current_generation(built) or ""
    spoil(built / generation / "manifest.json", raw)
    spoil(own / FILE_NAME, b"")
    page()
    assert settings.red_flags() == product_notices()


@pytest.mark.parametrize("restart", [True, False], ids=["restarted", "running"])
@pytest.mark.parametrize("raw", BAD_CLINIC.values(), ids=BAD_CLINIC)
def test_bad_settings_take_no_number_from_patients(
    page: Restart, own: Path, built: Path, raw: bytes | None, restart: bool
) -> None:
    settings.clinic()
    spoil(own / "clinic.toml", raw)
    if restart:
        page()
    assert settings.clinic().telephone == "020 7946 0000"
    assert settings.numbers().emergency == "999"
    assert [name for name, _ in settings.problems()] == ["clinic.toml"]


def test_a_folder_that_never_had_settings_is_no_trouble(
    page: Restart, own: Path, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    (own / "clinic.toml").unlink()
    build_with(encoder, own, tmp_path / "built")
    page()
    assert settings.clinic().name == "Our clinic"
    assert not list(settings.problems())


def test_a_copy_that_somebody_changed_does_not_serve(page: Restart, own: Path, built: Path) -> None:
    generation = generations.current_generation(built) or ""
    copy = built / generation / "settings" / FILE_NAME
    copy.chmod(0o644)
    copy.write_text(block("forged"))
    spoil(own / FILE_NAME, None)
    page()
    assert settings.red_flags() == product_notices()


def test_without_content_and_index_there_are_still_notices_and_all_numbers(
    page: Restart, own: Path
) -> None:
    shutil.rmtree(own)
    page()
    assert settings.red_flags() == product_notices()
    assert settings.clinic().name == "Our clinic"


def test_without_notices_the_products_are_in_the_language_of_the_page_when_it_changes_too(
    page: Restart, own: Path
) -> None:
    (own / FILE_NAME).unlink()
    page()
    for language, expected in (("en", "en"), ("fr-CA", "fr"), ("it", "en"), ("fr", "fr")):
        spoil(own / "clinic.toml", f'{CLINIC}language = "{language}"\n'.encode())
        assert settings.red_flags() == product_notices(expected), language
        assert settings.red_flags() is settings.red_flags()
        assert bool(settings.notices_gap()) == (language == "it")


def test_notices_in_another_language_than_the_page_are_said(page: Restart, own: Path) -> None:
    assert settings.notices_gap() == ""
    spoil(own / "clinic.toml", f'{CLINIC}language = "fr"\n'.encode())
    gap = settings.notices_gap()
    assert gap.startswith("Your page is in French but its safety notices are in English")
    assert f"to {own / FILE_NAME} and have it checked" in gap
    write(own, 'language = "fr"', *OWN)
    assert settings.notices_gap() == ""


def test_when_even_the_products_file_is_gone_the_numbers_remain_and_the_page_is_not_ready(
    page: Restart, own: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("safety.notices.fallback.PRODUCT_FILE", tmp_path / "gone" / FILE_NAME)
    spoil(own / FILE_NAME, None)
    page()
    assert settings.red_flags() == RedFlags()
    assert settings.numbers().emergency == "999"
    with asgi.application_over(monkeypatch, own, None):
        answered = asgi.ask("/readyz")
    assert (answered.status, answered.json["notices"]) == (503, "none")


@pytest.mark.parametrize("name", [FILE_NAME, "clinic.toml"])
def test_an_ingest_without_the_file_keeps_the_copy_and_says_so(
    own: Path, built: Path, name: str
) -> None:
    held = (own / name).read_bytes()
    (own / name).unlink()
    (own / "articles" / "new.txt").write_text("New\n\nA neck is a neck, and it hurts.\n")
    report = build_with(BagOfWordsEncoder(), own, built)
    assert (built / report.generation / "settings" / name).read_bytes() == held
    assert [warning for warning in report.warnings if f"{name} is missing" in warning.problem]


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
@pytest.mark.parametrize("with_index", [True, False], ids=["index", "no index"])
def test_a_page_that_starts_over_a_bad_file_shows_notices_and_numbers_and_says_where_from(
    page: Restart,
    own: Path,
    tmp_path: Path,
    encoder: BagOfWordsEncoder,
    monkeypatch: pytest.MonkeyPatch,
    raw: bytes | None,
    with_index: bool,
) -> None:
    if with_index:
        build_with(encoder, own, tmp_path / "built")
    spoil(own / FILE_NAME, raw)
    page()
    notice_service._finders.cache_clear()
    question = b"q=my+locked+neck" if with_index else b"q=crushing+chest+pain+and+a+numb+arm"
    sent = {"body": question, "content_type": "application/x-www-form-urlencoded"}
    with asgi.application_over(monkeypatch, own, tmp_path / "built" if with_index else None):
        monkeypatch.setenv(BUILT_VARIABLE, str(tmp_path / "built"))
        drawn = asgi.ask("/plain", method="POST", **sent).text
        ready = asgi.ask("/readyz").json
    is_whole = raw == BAD["cut between notices"] and not with_index  # nobody can know better
    assert ("cs-emergency" in drawn) is not is_whole
    assert 'href="tel:999"' in drawn
    assert settings.numbers().emergency == "999"
    if not is_whole:
        assert with_index or settings.red_flags() == product_notices()
        assert not with_index or groups() == ["neck", "calf"]
        assert ready["problems"] == [FILE_NAME]
        assert ready["notices"] == ("index" if with_index else "default")
