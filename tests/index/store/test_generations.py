import dataclasses
import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
)
from index.bank.vocabulary import Term
from index.search.answer_model import FEATURES, AnswerModel, write_calibration
from index.search.pipeline import search
from index.store import generations as store
from index.store import manifest as manifests
from index.store import pointers
from index.store.record import Generation, read_generation
from tests.support.building import build_with, loosen
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

Write = Callable[[str, str | bytes], Path]
NEW = "New\n\nA needle for the back."
FILES = """articles.arrow bank.arrow calibration.json claims.arrow language.json lexical
manifest.json notices.npz passages.arrow replies.arrow settings tokens-codes.npy
tokens-first.npy tokens-scales.npy tokens-starts.npy vectors.faiss views.arrow votes.npz""".split()


@pytest.fixture
def content(content: Path) -> Path:
    """The two articles with a small bank, route cards and a vocabulary."""
    return label(
        content,
        answers={"my neck is stiff": "necks#introduction", "blood?": "blood#introduction"},
        routed={"what does it cost": "cost"},
        asks={"cost": ["how much is it"]},
        terms=[(["stiff neck"], ["crick"])],
    )


def generation_folder(built: Path) -> Path:
    return built / (store.current_generation(built) or "")


def publish_more(content: Path, built: Path) -> str:
    (content / "articles" / "new.txt").write_text(NEW)
    return build_with(BagOfWordsEncoder(), content, built).generation


def opened(built: Path) -> store.OpenIndex:
    return store.open_index(built, encoder=BagOfWordsEncoder())


def change(built: Path, do: Callable[..., Any], *more: Any) -> Any:
    """Do what may only be done while nobody else writes generations."""
    with store.writing(built):
        return do(built, *more)


def files_of(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", ["current", "manifest.json", "views.arrow", "vectors.faiss"])
@pytest.mark.parametrize(
    ("number", "is_damaged"),
    [(errno.EMFILE, False), (errno.EACCES, False), (errno.EIO, False), (errno.EISDIR, True)],
)
def test_an_index_that_the_machine_does_not_let_be_read_is_not_called_damaged(
    built: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int, is_damaged: bool
) -> None:
    real_open, read = Path.open, Path.read_bytes

    def refuse(path: Path) -> None:
        if path.name == name:
            raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(
        Path, "open", lambda path, *how, **k: refuse(path) or real_open(path, *how, **k)
    )
    monkeypatch.setattr(Path, "read_bytes", lambda path: refuse(path) or read(path))
    with pytest.raises(IndexUnavailableError) as refused:
        opened(built)
    assert isinstance(refused.value, IndexDamagedError) is is_damaged
    assert os.strerror(number) in str(refused.value)
    assert ("python -m ingest" in str(refused.value)) is is_damaged


def test_a_generation_holds_what_the_design_names_and_the_manifest_records_it(built: Path) -> None:
    folder = generation_folder(built)
    assert sorted(p.name for p in folder.iterdir()) == FILES
    assert {p.name for p in (folder / "lexical").iterdir()} == {
        "starts.npy", "rows.npy", "scores.npy", "words.json",
    }  # fmt: skip
    recorded = manifests.read_manifest(folder / "manifest.json").files
    assert {*recorded, "manifest.json"} == set(files_of(folder))


def test_what_is_opened_is_what_was_built(built: Path) -> None:
    index = opened(built)
    assert list(index.articles) == ["blood", "necks"]
    for passage in index.passages:
        article = index.articles[passage.article_id]
        assert article.text[passage.start : passage.end] == passage.text
    for number, view in enumerate(index.views):
        assert view.passage == index.view_passages[number]
        if view.span:
            passage = index.passages[view.passage]
            assert passage.text[view.span.start : view.span.end] == view.text
    assert index.vectors.rows == len(index.views) == index.first_view[-1]
    assert len(index.bank.vectors) == len(index.bank.rows)
    assert [row.text for row in index.bank.rows] == [
        "my neck is stiff", "blood?", "what does it cost", "crick", "how much is it",
    ]  # fmt: skip
    assert index.lexicon.terms == (Term(("stiff neck",), ("crick",)),)
    assert index.lexical.passages == len(index.passages)
    assert index.calibration is None
    assert index.manifest.counts["questions"] == 5


def test_the_same_content_gives_the_same_id_and_bytes(
    content: Path, built: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    build_with(encoder, content, tmp_path / "again")
    one, two = generation_folder(built), generation_folder(tmp_path / "again")
    assert one.name == two.name
    assert files_of(one) == files_of(two)


def test_unchanged_content_publishes_nothing_and_encodes_nothing(
    content: Path, built: Path
) -> None:
    before = {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.name != ".lock"}
    encoder = BagOfWordsEncoder()
    report = build_with(BagOfWordsEncoder(), content, built)
    assert not report.published
    assert encoder.encoded == []
    assert {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.name != ".lock"} == before


def test_another_model_is_another_generation(content: Path, built: Path) -> None:
    assert build_with(BagOfWordsEncoder(sha256="1" * 64), content, built).published


def test_an_index_of_another_model_is_refused_with_the_mend(built: Path) -> None:
    with pytest.raises(IndexMismatchError) as caught:
        store.open_index(built, encoder=BagOfWordsEncoder("other", "1" * 64))
    assert caught.value.fix == "python -m ingest"
    assert "other" in (caught.value.found or "")


def test_an_index_of_another_version_is_refused_with_the_mend(built: Path) -> None:
    path = generation_folder(built) / "manifest.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "schema_version": 99}))
    with pytest.raises(IndexMismatchError, match=r"another version(.|\n)*python -m ingest"):
        opened(built)


def test_no_index_says_what_to_run(tmp_path: Path, encoder: BagOfWordsEncoder) -> None:
    with pytest.raises(IndexMissingError, match="no index"):
        store.open_index(tmp_path / "none", encoder=encoder)


@pytest.mark.parametrize("name", ["questions.csv", "routes.toml", "vocabulary.toml"])
def test_a_changed_label_is_another_generation(content: Path, built: Path, name: str) -> None:
    before = store.current_generation(built)
    path = content / name
    path.write_bytes(path.read_bytes() + b"\n")
    report = build_with(BagOfWordsEncoder(), content, built)
    assert report.published
    assert report.generation != before
    path.unlink() if name != "routes.toml" else path.write_text("[cost]\ntitle='a'\ntext='b'\n")
    assert build_with(BagOfWordsEncoder(), content, built).published


def test_settings_beside_an_article_are_another_generation_each_time_they_change(
    content: Path, built: Path, write_article: Write
) -> None:
    generations = [store.current_generation(built)]
    hashes = {a.id: a.sha256 for a in opened(built).articles.values()}
    for said in ("author = 'A'", "author = 'B'", "author = 'B' # again"):
        write_article("necks.toml", said)
        assert build_with(BagOfWordsEncoder(), content, built).published
        assert not build_with(BagOfWordsEncoder(), content, built).published
        generations.append(store.current_generation(built))
    articles = opened(built).articles
    assert articles["necks"].provenance.author == "B"
    assert {a.id: a.sha256 for a in articles.values()} == hashes
    (content / "articles" / "necks.toml").unlink()
    assert build_with(BagOfWordsEncoder(), content, built).generation == generations[0]
    assert len(set(generations)) == len(generations)


def test_settings_left_behind_do_not_keep_an_article_from_being_withdrawn(
    content: Path, built: Path, write_article: Write
) -> None:
    write_article("necks.toml", "author = 'A'")
    build_with(BagOfWordsEncoder(), content, built)
    (content / "questions.csv").unlink()
    (content / "articles" / "necks.txt").unlink()
    report = build_with(BagOfWordsEncoder(), content, built)
    assert "necks" not in opened(built).articles
    assert [w for w in report.warnings if str(w).startswith("necks.toml: no article")]
    (content / "articles" / "necks.toml").unlink()
    assert build_with(BagOfWordsEncoder(), content, built).published


def test_wrong_settings_beside_an_article_are_told_and_change_nothing_of_it(
    content: Path, built: Path, write_article: Write
) -> None:
    before = opened(built).articles
    write_article("necks.toml", "reviewed = 'soon'")
    report = build_with(BagOfWordsEncoder(), content, built)
    assert ["beside this article" in str(problem) for problem in report.problems] == [True]
    assert opened(built).articles == before


@pytest.mark.parametrize("damage", ["removed", "emptied", "cut", "flipped", "grown"])
def test_every_damaged_file_is_refused_and_an_ingest_mends_it(
    content: Path, built: Path, damage: str
) -> None:
    sound = files_of(generation_folder(built))
    assert len(sound) == len(FILES) + 4  # four in `lexical`, two in `settings`
    for name, raw in sound.items():
        path = generation_folder(built) / name
        middle = len(raw) // 2
        if damage == "removed":
            path.unlink()
        else:
            path.write_bytes(
                {
                    "emptied": b"",
                    "cut": raw[:middle],
                    "flipped": raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
                    "grown": raw + b"\n ",
                }[damage]
            )
        with pytest.raises(IndexUnavailableError) as caught:
            opened(built)
        assert caught.value.fix == "python -m ingest", name
        assert build_with(BagOfWordsEncoder(), content, built).published, name
        assert files_of(generation_folder(built)) == sound, name
    assert search(opened(built), "stiff neck").results


def assert_refused(error: IndexUnavailableError, where: Path) -> None:
    assert error.where == str(where)
    assert error.expected
    assert error.found
    assert error.fix == "python -m ingest"


def changed_in_place(path: Path) -> Iterator[int]:
    """Flip each byte of a file, then cut it shorter and shorter, in place: that is quicker."""
    raw = path.read_bytes()
    with path.open("r+b", buffering=0) as stream:
        for place in range(len(raw)):
            stream.seek(place)
            stream.write(bytes([raw[place] ^ (1 << place % 8)]))
            yield place
            stream.seek(place)
            stream.write(raw[place : place + 1])
        assert path.read_bytes() == raw
        for length in reversed(range(len(raw))):
            stream.truncate(length)
            yield length
    path.write_bytes(raw)


def test_every_flipped_byte_and_every_cut_of_the_manifest_is_refused(built: Path) -> None:
    path = generation_folder(built) / "manifest.json"
    for _ in changed_in_place(path):
        with pytest.raises(IndexUnavailableError) as caught:
            manifests.read_manifest(path)
        assert_refused(caught.value, path)
    raw = path.read_bytes()
    for text in (
        raw + b" ",
        raw * 2,
        b" " + raw,
        raw.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + raw,
    ):
        path.write_bytes(text)
        with pytest.raises(IndexDamagedError) as caught:
            manifests.read_manifest(path)
        assert_refused(caught.value, path)


def test_every_other_value_of_any_byte_and_every_cut_of_the_pointer_is_refused(built: Path) -> None:
    path = built / "current"
    raw = path.read_bytes()
    changed = [raw[:length] for length in range(len(raw))]
    changed += [raw + b"\n", raw + b" ", b" " + raw, raw.replace(b"\n", b"\r\n")]
    changed += [b"../../etc\n", b"nonsense", b"\xff"]
    for place in range(len(raw)):
        others = {*range(256)} - {raw[place]}
        changed += [raw[:place] + bytes([other]) + raw[place + 1 :] for other in others]
    for text in changed:
        path.write_bytes(text)
        with pytest.raises(IndexUnavailableError) as caught:
            opened(built)
        is_id = re.fullmatch(rb"[0-9a-f]{16}\n", text)
        named = built / text.decode("latin-1").strip() / "manifest.json"
        assert_refused(caught.value, named if is_id else path)


def test_every_flipped_byte_and_every_cut_of_any_other_file_differs_from_its_record(
    built: Path,
) -> None:
    folder = generation_folder(built)
    for name, record in manifests.read_manifest(folder / "manifest.json").files.items():
        path, size = folder / name, record.size_bytes
        for place in changed_in_place(path):
            assert manifests.record_file(path) != record
            if place in (0, size // 3, size - 1):  # opening the whole index each time is slow
                with pytest.raises(IndexDamagedError) as caught:
                    opened(built)
                assert_refused(caught.value, path)
    assert opened(built).passages


@pytest.mark.parametrize("name", ["nearest.faiss", "milvus.json", "lexical/more.npy"])
def test_a_file_that_the_manifest_does_not_name_is_refused_and_an_ingest_mends_it(
    content: Path, built: Path, name: str
) -> None:
    path = generation_folder(built) / name
    path.write_bytes(b"nobody checked this")
    with pytest.raises(IndexDamagedError, match="did not write") as caught:
        opened(built)
    assert caught.value.where == str(path)
    assert "remove the file" in str(caught.value.fix)
    assert build_with(BagOfWordsEncoder(), content, built).published
    assert not path.exists()
    assert opened(built).passages


def test_hidden_files_that_nobody_reads_disturb_nobody(built: Path) -> None:
    for name in (".DS_Store", ".vectors.faiss.x3Fk2a"):
        (generation_folder(built) / name).touch()
    assert opened(built).passages


def test_vectors_that_are_searched_otherwise_than_the_manifest_says_are_refused(
    built: Path,
) -> None:
    path = generation_folder(built) / "manifest.json"
    manifest = manifests.read_manifest(path)
    assert manifest.vectors == {"kind": "exact"}
    manifests.write_manifest(dataclasses.replace(manifest, vectors={"kind": "pq4"}), path)
    with pytest.raises(IndexDamagedError, match="differs from what ingest wrote") as caught:
        opened(built)
    assert "pq4" in str(caught.value.expected)


def rewritten(folder: Path, name: str, raw: bytes) -> None:
    """Replace a file and have the manifest vouch for it, as a faulty program might."""
    (folder / name).write_bytes(raw)
    manifest = manifests.read_manifest(folder / "manifest.json")
    files = {**manifest.files, name: manifests.record_file(folder / name)}
    manifests.write_manifest(dataclasses.replace(manifest, files=files), folder / "manifest.json")


UNREADABLE = {
    "calibration.json": (b"{}", b"[1]", b"{"),
    "language.json": (b"{}", b"{"),
    "votes.npz": (b"", b"PK\x03\x04 nonsense"),
    "bank.arrow": (b"nonsense",),
    "lexical/words.json": (b"{",),
    "lexical/scores.npy": (b"nonsense",),
}


@pytest.mark.parametrize(
    ("name", "raw"), [(name, raw) for name, raws in UNREADABLE.items() for raw in raws]
)
def test_a_file_that_the_manifest_vouches_for_and_nobody_can_read_is_refused(
    content: Path, built: Path, name: str, raw: bytes
) -> None:
    rewritten(generation_folder(built), name, raw)
    with pytest.raises(IndexUnavailableError) as caught:
        opened(built)
    assert caught.value.fix == "python -m ingest"
    assert build_with(BagOfWordsEncoder(), content, built).published


def test_a_calibration_for_other_content_is_refused(built: Path) -> None:
    folder = generation_folder(built)
    tied_to = manifests.read_manifest(folder / "manifest.json").tied_to
    calibration = AnswerModel(
        FEATURES, *[(1.0,) * len(FEATURES)] * 3, 0.0, 0.6, 0.4, {**tied_to, "questions": "0"}, {}
    )
    path = folder.parent / "other.json"
    write_calibration(calibration, path)
    rewritten(folder, "calibration.json", path.read_bytes())
    with pytest.raises(IndexDamagedError) as caught:
        opened(built)
    assert "calibrated for" in (caught.value.found or "")


def test_a_file_of_another_generation_or_all_of_its_files_are_refused(
    content: Path, built: Path
) -> None:
    old = generation_folder(built)
    publish_more(content, built)
    new = generation_folder(built)
    names = [n for n, raw in files_of(new).items() if files_of(old)[n] != raw]
    assert {"bank.arrow", "calibration.json"} & set(names) == set()  # they are the same in both
    assert len(names) > 6
    for name in names:
        kept = (new / name).read_bytes()
        (new / name).write_bytes((old / name).read_bytes())
        with pytest.raises(IndexDamagedError):
            opened(built)
        (new / name).write_bytes(kept)
    shutil.copytree(old, new, dirs_exist_ok=True)
    with pytest.raises(IndexDamagedError):
        opened(built)


def test_a_withdrawn_article_is_never_found(content: Path, built: Path) -> None:
    (content / "articles" / "necks.txt").unlink()
    label(content, answers={"blood?": "blood#introduction"})
    build_with(BagOfWordsEncoder(), content, built)
    index = opened(built)
    assert "necks" not in index.articles
    assert {r.passage.article_id for r in search(index, "stiff neck", k=99).results} == {"blood"}
    raw = b"".join(files_of(generation_folder(built)).values())
    assert b"carries" not in raw
    assert b"my neck is stiff" not in raw


def test_rolling_back_serves_the_previous_generation_and_twice_the_newer_one(
    content: Path, built: Path
) -> None:
    first = store.current_generation(built)
    second = publish_more(content, built)
    assert store.roll_back(built) == first == store.current_generation(built)
    assert opened(built).generation == first
    assert store.roll_back(built) == second


def test_ingest_after_a_rollback_publishes_without_embedding_again(
    content: Path, built: Path
) -> None:
    second = publish_more(content, built)
    store.roll_back(built)
    fresh = BagOfWordsEncoder()
    report = build_with(fresh, content, built)
    assert (report.published, report.generation, fresh.encoded) == (True, second, [])


def test_there_is_nothing_to_roll_back_to_after_the_first_generation(built: Path) -> None:
    with pytest.raises(IndexMissingError, match="no earlier generation"):
        store.roll_back(built)


def test_a_damaged_previous_generation_is_not_rolled_back_to(content: Path, built: Path) -> None:
    (generation_folder(built) / "views.arrow").write_bytes(b"")
    now = build_with(BagOfWordsEncoder(), content, built).generation
    (content / "articles" / "new.txt").write_text(NEW)
    (built / now / "views.arrow").write_bytes(b"")
    later = build_with(BagOfWordsEncoder(), content, built).generation
    with pytest.raises(IndexDamagedError):
        store.roll_back(built)
    assert store.current_generation(built) == later


def test_two_generations_are_kept_and_no_more(
    content: Path, built: Path, write_article: Write
) -> None:
    for number in range(3):
        write_article("new.txt", f"New\n\nA needle for the back, {number} times.")
        build_with(BagOfWordsEncoder(), content, built)
    assert len([p for p in built.iterdir() if p.is_dir()]) == 2


@pytest.fixture
def proposed(content: Path, built: Path, tmp_path: Path) -> str:
    """A candidate with one article more than what serves."""
    (content / "articles" / "new.txt").write_text(NEW)
    candidate = change(built, store.stage, built_elsewhere(content, tmp_path / "elsewhere"))
    loosen(built)
    return candidate


def built_elsewhere(content: Path, built: Path) -> Generation:
    return read_generation(built / build_with(BagOfWordsEncoder(), content, built).generation)


def another(content: Path, tmp_path: Path) -> Generation:
    """Return a generation of other content, which lies elsewhere."""
    (content / "articles" / "new.txt").write_text("New\n\nAnother needle.")
    return built_elsewhere(content, tmp_path / "elsewhere")


def generations(built: Path) -> set[str]:
    return {path.name for path in built.iterdir() if path.is_dir()}


def test_a_candidate_serves_once_it_is_accepted_and_not_before(built: Path, proposed: str) -> None:
    first = store.current_generation(built)
    assert store.previous_generation(built) is None  # a candidate is nothing to roll back to
    with pytest.raises(IndexMissingError, match="no earlier generation"):
        store.roll_back(built)
    assert store.candidate_generation(built) == proposed != first
    assert opened(built).generation == first
    assert change(built, store.promote) == proposed
    assert opened(built).generation == proposed
    assert store.candidate_generation(built) is None
    assert store.previous_generation(built) == first


def test_a_later_candidate_takes_the_place_of_the_one_before(
    content: Path, built: Path, tmp_path: Path, proposed: str
) -> None:
    later = change(built, store.stage, another(content, tmp_path))
    assert store.candidate_generation(built) == later != proposed
    assert generations(built) == {store.current_generation(built), later}


def test_a_publish_makes_a_candidate_obsolete(
    content: Path, built: Path, tmp_path: Path, proposed: str
) -> None:
    first = store.current_generation(built)
    now = change(built, store.publish, another(content, tmp_path))
    assert store.candidate_generation(built) is None
    assert generations(built) == {first, now}
    with pytest.raises(IndexMissingError, match="no candidate") as caught:
        store.promote(built)
    assert caught.value.fix == "python -m ingest --preview"


def test_a_discarded_candidate_is_gone(built: Path, proposed: str) -> None:
    first = store.current_generation(built)
    for _ in range(2):
        with store.writing(built):
            store.discard(built)
        assert store.candidate_generation(built) is None
        assert generations(built) == {first}


def test_discarding_a_candidate_that_served_before_keeps_it_to_roll_back_to(
    content: Path, built: Path, tmp_path: Path, proposed: str
) -> None:
    first = store.current_generation(built)
    change(built, store.promote)
    (content / "articles" / "new.txt").unlink()
    stored = built_elsewhere(content, tmp_path / "elsewhere")
    assert change(built, store.stage, stored) == first
    assert store.previous_generation(built) == store.candidate_generation(built) == first
    change(built, store.discard)
    assert store.roll_back(built) == first


def test_proposing_what_serves_leaves_nothing_to_accept(built: Path) -> None:
    now = store.current_generation(built) or ""
    before = files_of(built / now)
    assert change(built, store.stage, read_generation(built / now)) == now
    assert store.candidate_generation(built) is None
    assert files_of(built / now) == before
    assert not (built / "candidate").exists()


def test_a_damaged_candidate_and_one_of_another_name_are_not_accepted(
    built: Path, proposed: str
) -> None:
    first = store.current_generation(built) or ""
    (built / proposed / "views.arrow").write_bytes(b"")
    with store.writing(built), pytest.raises(IndexDamagedError):
        store.promote(built)
    shutil.rmtree(built / proposed)
    shutil.copytree(built / first, built / proposed)
    with store.writing(built), pytest.raises(IndexDamagedError) as caught:
        store.promote(built)
    assert (caught.value.expected, caught.value.found) == (f"generation {proposed}", first)
    assert store.current_generation(built) == first


def test_a_rollback_keeps_the_candidate_and_what_served_before_it(
    content: Path, built: Path, tmp_path: Path, proposed: str
) -> None:
    first = store.current_generation(built)
    change(built, store.promote)
    later = change(built, store.stage, another(content, tmp_path))
    change(built, store.roll_back)
    assert generations(built) == {first, proposed, later}
    assert store.candidate_generation(built) == later
    assert store.roll_back(built) == proposed


def test_what_is_named_is_as_seen_from_one_generation(
    built: Path, proposed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.current_generation(built)
    assert store.read_pointers(built) == store.Pointers(first, proposed, None)
    real = pointers.current_generation

    def read_then_published(folder: Path) -> str | None:
        """Name the current generation; by the time it is known another one serves."""
        found = real(folder)
        monkeypatch.setattr(pointers, "current_generation", real)
        with store.writing(folder):
            store.promote(folder)
        return found

    monkeypatch.setattr(pointers, "current_generation", read_then_published)
    seen = store.read_pointers(built)
    assert seen.current == first
    assert seen.previous != first
    assert store.read_pointers(built) == store.Pointers(proposed, None, first)


def test_an_index_from_before_there_was_a_history_can_be_rolled_back(
    content: Path, built: Path, proposed: str, tmp_path: Path
) -> None:
    first = store.current_generation(built)
    change(built, store.promote)
    change(built, store.stage, another(content, tmp_path))
    (built / "history").unlink()
    assert store.previous_generation(built) == first
    assert store.roll_back(built) == first
    assert store.roll_back(built) == proposed


@pytest.mark.parametrize("name", ["current", "candidate"])
def test_nothing_is_removed_while_a_pointer_cannot_be_read(
    content: Path, built: Path, proposed: str, name: str
) -> None:
    before = generations(built)
    (built / name).write_bytes(b"?")
    with store.writing(built):
        pass
    assert generations(built) == before
    build_with(BagOfWordsEncoder(), content, built)
    assert store.current_generation(built) == proposed
