"""A preview says what a candidate changes, what may harm first, and is shown in three ways."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import IndexDamagedError
from core.types import Outcome, Passage, RecordedAnswer
from index.preview.types import (
    ArticleChange,
    ArticleChangeKind,
    ChangeKind,
    Effect,
    FailedInvariant,
    Figures,
    Preview,
    alike,
    from_json,
    to_json,
)
from index.preview.wording import KINDS, headline
from index.store.record import Generation, read_generation
from ingest.preview.compare import Side, compare, unasked
from ingest.preview.questions import AskedQuestion, question_changes
from ingest.preview.report import as_html, as_text
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

Write = Callable[[str, str | bytes], Path]
LABELLED = frozenset({"a#one"})
NOWHERE: frozenset[str] = frozenset()


def asked(
    outcome: Outcome,
    section: str = "a#one",
    *,
    text: str = "The words.",
    route: str | None = None,
    notices: Iterable[str] = (),
) -> AskedQuestion:
    passage = Passage(
        f"{section}/1", section[0], section, "Title", "Heading", (), text, 0, len(text)
    )
    return AskedQuestion(
        RecordedAnswer("q", outcome, route, (passage.id,), tuple(notices)), passage, section
    )


ANSWER = asked(Outcome.ANSWER)
RELATED = asked(Outcome.RELATED, route="cost")
NOTHING = asked(Outcome.NOT_COVERED, route="cost")

CHANGES = {
    "nothing": (LABELLED, ANSWER, ANSWER, (), Effect.NEITHER),
    "an answer where none may be": (
        NOWHERE, RELATED, ANSWER, (ChangeKind.FALSE_ANSWER,), Effect.WORSE,
    ),
    "an answer to a question that nobody labelled": (
        None, RELATED, ANSWER, (ChangeKind.APPEARED,), Effect.NEITHER,
    ),
    "the labelled answer appears": (
        LABELLED, NOTHING, ANSWER, (ChangeKind.APPEARED,), Effect.BETTER,
    ),
    "another answer than the labelled one appears": (
        LABELLED, NOTHING, asked(Outcome.ANSWER, "b#two"), (ChangeKind.APPEARED,), Effect.NEITHER,
    ),
    "an answer vanishes": (LABELLED, ANSWER, RELATED, (ChangeKind.VANISHED,), Effect.WORSE),
    "a false answer vanishes": (NOWHERE, ANSWER, NOTHING, (ChangeKind.VANISHED,), Effect.BETTER),
    "another section answers": (
        LABELLED, ANSWER, asked(Outcome.ANSWER, "b#two"), (ChangeKind.OTHER_ANSWER,), Effect.WORSE,
    ),
    "the same section in other words": (
        LABELLED, ANSWER, asked(Outcome.ANSWER, text="Others."), (ChangeKind.OTHER_WORDS,),
        Effect.NEITHER,
    ),
    "the outcome and the card": (
        NOWHERE, NOTHING, asked(Outcome.RELATED), (ChangeKind.OUTCOME, ChangeKind.ROUTE),
        Effect.NEITHER,
    ),
    "other related reading": (
        NOWHERE, RELATED, asked(Outcome.RELATED, "b#two", route="cost"),
        (ChangeKind.OTHER_RELATED,), Effect.NEITHER,
    ),
    "what nobody is shown": (
        NOWHERE, NOTHING, asked(Outcome.NOT_COVERED, "b#two", route="cost"), (), Effect.NEITHER,
    ),
    "a notice for another": (
        LABELLED, asked(Outcome.ANSWER, notices=["x"]), asked(Outcome.ANSWER, notices=["y"]),
        (ChangeKind.NOTICE_LOST, ChangeKind.NOTICE_RAISED), Effect.NEITHER,
    ),
    "notices in another order": (
        LABELLED, asked(Outcome.ANSWER, notices=["x", "y"]),
        asked(Outcome.ANSWER, notices=["y", "x"]), (), Effect.NEITHER,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("labelled", "before", "after", "kinds", "effect"), CHANGES.values(), ids=CHANGES.keys()
)
def test_what_becomes_of_a_reply(
    labelled: frozenset[str] | None,
    before: AskedQuestion,
    after: AskedQuestion,
    kinds: tuple[ChangeKind, ...],
    effect: Effect,
) -> None:
    found = question_changes([("q", labelled, before, after)])
    assert [(one.kinds, one.effect) for one in found] == ([(kinds, effect)] if kinds else [])


def test_what_may_harm_comes_first_then_what_is_worse_then_the_alphabet() -> None:
    other = asked(Outcome.ANSWER, "b#two")
    found = question_changes(
        [
            ("b", LABELLED, other, ANSWER),
            ("d", LABELLED, ANSWER, other),
            ("C", LABELLED, ANSWER, other),
            ("e", LABELLED, ANSWER, NOTHING),
            ("f", NOWHERE, NOTHING, ANSWER),
            ("g", NOWHERE, asked(Outcome.NOT_COVERED, notices=["x"]), NOTHING),
        ]
    )
    assert [one.question for one in found] == ["g", "f", "e", "C", "d", "b"]


def test_long_passages_are_shown_from_where_they_begin_to_differ() -> None:
    same = " ".join(f"w{number}" for number in range(40))
    before = asked(Outcome.ANSWER, text=f"{same} ten")
    after = asked(Outcome.ANSWER, text=f"{same} two hundred")
    (change,) = question_changes([("q", LABELLED, before, after)])
    assert change.before.words == "… w35 w36 w37 w38 w39 ten"
    assert change.after.words == "… w35 w36 w37 w38 w39 two hundred"


def test_passages_that_differ_early_or_not_at_all_are_shown_from_their_beginning() -> None:
    long = " ".join(f"w{number}" for number in range(40))
    before = asked(Outcome.ANSWER, text=f"one {long}")
    (change,) = question_changes([("q", LABELLED, before, asked(Outcome.RELATED, text="two"))])
    assert (change.before.words[:7], change.after.words) == ("one w0 ", "two")
    assert change.before.words.endswith("w28 …")
    (change,) = question_changes([("q", LABELLED, before, replace(before, section="b#two"))])
    assert change.before.words == change.after.words


def test_changes_that_differ_only_in_the_question_are_brought_together() -> None:
    found = question_changes(
        [(q, LABELLED, ANSWER, NOTHING) for q in ("b", "a")] + [("c", NOWHERE, NOTHING, ANSWER)]
    )
    assert [questions for _, questions in alike(found)] == [["c"], ["a", "b"]]


class Clinic:
    """A content folder that is built, changed and built again."""

    def __init__(self, content: Path, built: Path, encoder: BagOfWordsEncoder) -> None:
        self.content, self._built, self._encoder = content, built, encoder

    def build(self) -> Generation:
        report = build_with(self._encoder, self.content, self._built)
        return read_generation(self._built / report.generation)


@pytest.fixture
def clinic(content: Path, tmp_path: Path, encoder: BagOfWordsEncoder) -> Clinic:
    label(
        content,
        answers={"stiff neck": "necks#introduction", "needle blood": "blood#introduction"},
        routed={"apple price": "cost"},
        asks={"cost": ["what does it cost"]},
    )
    return Clinic(content, tmp_path / "built", encoder)


def test_the_same_content_changes_nothing(clinic: Clinic) -> None:
    stored = clinic.build()
    preview = compare(Side(stored), Side(stored))
    assert (preview.articles, preview.questions, preview.claims) == ((), (), ())
    assert preview.warnings_new == preview.warnings_gone == ()
    assert preview.figures_before == preview.figures_after
    assert headline(preview) == "No answer to a question of the bank changes."
    assert preview.outcomes["answer"]["answer"] == 2
    assert sum(sum(row.values()) for row in preview.outcomes.values()) == 3


def test_every_way_in_which_an_article_changes_is_named(
    clinic: Clinic, write_article: Write
) -> None:
    for name in ("bad", "gone", "moved"):
        write_article(f"{name}.txt", f"About {name}\n\nNothing much about {name} at all.\n")
    before = clinic.build()
    folder = clinic.content / "articles"
    (folder / "gone.txt").unlink()
    (folder / "moved.txt").rename(folder / "stays.txt")
    write_article("bad.txt", b"\x81\xfe")
    write_article("blood.txt", "Blood Flow\n\nA needle may bring more blood to a muscle.\n")
    write_article("new.txt", "Sleep\n\nSleep helps. It is 100% painless.\n")
    after = clinic.build()
    preview = compare(Side(before), Side(after))
    assert [(one.kind.value, one.source, one.former_source) for one in preview.articles] == [
        ("withdrawn", "gone.txt", ""),
        ("kept", "bad.txt", ""),
        ("changed", "blood.txt", ""),
        ("renamed", "stays.txt", "moved.txt"),
        ("new", "new.txt", ""),
    ]
    assert "bad.txt" in preview.articles[1].reason
    assert preview.problems == tuple(map(str, after.manifest.problems))
    assert [(c.kind.value, c.article, c.claim) for c in preview.claims] == [
        ("new", "new", "painless")
    ]
    back = compare(Side(after), Side(before))
    assert [(c.kind.value, c.after) for c in back.claims] == [("gone", "")]


def test_a_decision_about_a_claim_is_told(clinic: Clinic, write_article: Write) -> None:
    write_article("new.txt", "Sleep\n\nIt is 100% painless.\n")
    before = clinic.build()
    (clinic.content / "claims.csv").write_text(
        "article,sentence,kind,decision,reason,reference,by,date\n"
        "new,It is 100% painless.,painless,accepted,so,,Jo,2025-03-31\n"
    )
    preview = compare(Side(before), Side(clinic.build()))
    ((kind, then, now, is_open),) = [
        (one.kind.value, one.before, one.after, one.is_open) for one in preview.claims
    ]
    assert (kind, then, is_open) == ("decision", "", False)
    assert now.startswith("accepted by Jo")


def test_answers_of_a_renamed_article_have_not_changed(clinic: Clinic) -> None:
    before = clinic.build()
    folder = clinic.content / "articles"
    (folder / "necks.txt").rename(folder / "the-neck.txt")
    preview = compare(Side(before), Side(clinic.build()))
    assert preview.questions == ()
    assert preview.figures_before == preview.figures_after
    assert [one.kind for one in preview.articles] == [ArticleChangeKind.RENAMED]


def test_a_question_that_lost_its_article_is_judged_by_its_former_label(clinic: Clinic) -> None:
    before = clinic.build()
    (clinic.content / "articles" / "blood.txt").unlink()
    after = clinic.build()
    assert unasked(after, before) == ["needle blood"]
    assert unasked(before, after) == []
    told = RecordedAnswer("needle blood", Outcome.NOT_COVERED, None, ())
    preview = compare(Side(before), Side(after, [told]))
    (change,) = preview.questions
    assert (change.question, change.kinds, change.effect) == (
        "needle blood",
        (ChangeKind.VANISHED,),
        Effect.WORSE,
    )
    assert (change.before.section, change.after.section) == ("blood#introduction", "")
    assert preview.figures_before == Figures(2, 2, 1, 0)
    assert preview.figures_after == Figures(2, 1, 1, 0)


def test_warnings_are_new_or_gone(clinic: Clinic, write_article: Write) -> None:
    before = clinic.build()
    write_article("nothing.toml", "reviewer = 'Jo'\n")
    after = clinic.build()
    preview = compare(Side(before), Side(after))
    back = compare(Side(after), Side(before))
    assert len(preview.warnings_new) == 1
    assert "nothing.toml" in preview.warnings_new[0]
    assert (preview.warnings_gone, back.warnings_new) == ((), ())
    assert back.warnings_gone == preview.warnings_new


def test_a_question_that_one_side_was_not_asked_is_not_compared(clinic: Clinic) -> None:
    before = clinic.build()
    (clinic.content / "articles" / "blood.txt").unlink()
    preview = compare(Side(before), Side(clinic.build()))
    assert preview.questions == ()
    assert sum(sum(row.values()) for row in preview.outcomes.values()) == 2


def test_a_first_publication_has_new_articles_and_nothing_to_compare(clinic: Clinic) -> None:
    preview = compare(None, Side(clinic.build()))
    assert (preview.before, preview.figures_before, dict(preview.outcomes)) == (None, None, {})
    assert [one.kind.value for one in preview.articles] == ["new", "new"]
    assert preview.questions == ()
    assert headline(preview) == "Nothing is published yet. Articles: 2 new."


EVIL = "<script>alert(1)</script>"
SHOWN = (
    asked(Outcome.ANSWER, text=f"{EVIL} & more"),
    asked(Outcome.RELATED, route=EVIL, notices=[EVIL]),
)


def hostile() -> Preview:
    changes = question_changes(
        [
            (EVIL, LABELLED, *SHOWN),
            *((f"question {number}", LABELLED, ANSWER, NOTHING) for number in range(30)),
        ]
    )
    article = ArticleChange(ArticleChangeKind.KEPT, "a", EVIL, "a.txt", "b.txt", reason=EVIL)
    return Preview(
        before="0" * 16,
        after="1" * 16,
        figures_before=Figures(31, 31, 4, 0),
        figures_after=Figures(31, 0, 4, 1),
        articles=(article,),
        questions=changes,
        outcomes={one.value: dict.fromkeys(Outcome, 1) for one in Outcome},
        claims=(),
        warnings_new=(EVIL,),
        warnings_gone=(),
        problems=(f"{EVIL}\n  where: {'long ' * 60}",),
        failed=(FailedInvariant(EVIL, 3, "outcome answer", "w" * 40),),
    )


def test_the_headline_says_what_an_editor_must_know() -> None:
    assert headline(hostile()) == (
        "31 answers disappear, 1 notice is new. Articles: 1 refused (its last version is kept). "
        "1 problem in the content. 1 invariant fails: publishing is blocked."
    )


def test_a_preview_is_read_back_as_it_was_written(clinic: Clinic, write_article: Write) -> None:
    before = clinic.build()
    write_article("new.txt", "Sleep\n\nSleep helps. It is 100% painless.\n")
    for preview in (
        compare(Side(before), Side(clinic.build())),
        compare(None, Side(before)),
        hostile(),
    ):
        assert from_json(to_json(preview)) == preview


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", to_json(hostile()).replace('"notice_raised"', '"else"')]
)
def test_another_json_is_refused(text: str) -> None:
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        from_json(text)


def test_the_table_fits_the_terminal_and_says_how_much_is_left_out() -> None:
    article = ArticleChange(ArticleChangeKind.WITHDRAWN, "a", "t" * 60, "s" * 60, "f" * 60)
    table = as_text(replace(hostile(), articles=(article,)))
    assert max(map(len, table.splitlines())) <= 100
    assert "No longer answered (31)" in table
    assert "and 21 more, on the page and in the JSON" in table
    assert re.search(r"^3 +<script>", table, re.MULTILINE)
    assert table.index("Invariants that fail") < table.index(KINDS[ChangeKind.VANISHED])


def test_the_table_shows_in_what_two_replies_differ() -> None:
    changes = [
        ("a", LABELLED, ANSWER, asked(Outcome.ANSWER, text="Others.")),
        ("b", LABELLED, ANSWER, replace(ANSWER, section="b#two")),
        ("c", LABELLED, asked(Outcome.ANSWER, notices=["stroke"]), ANSWER),
    ]
    table = as_text(replace(hostile(), questions=question_changes(changes)))
    assert re.search(r"^a +The words. +Others.$", table, re.MULTILINE)
    assert re.search(r"^b +worse +(Answer: Heading \(Title\) *){2}$", table, re.MULTILINE)
    assert re.search(r"^c +Notices: stroke$", table, re.MULTILINE)


def test_nothing_of_a_passage_is_drawn_where_a_patient_is_not_shown_it() -> None:
    change = question_changes([("q", LABELLED, ANSWER, asked(Outcome.NOT_COVERED, text="unshown"))])
    preview = replace(hostile(), questions=change)
    assert "unshown" not in as_html(preview) + as_text(preview)
    assert "unshown" in to_json(preview)


def test_the_page_is_escaped_holds_every_question_and_needs_nothing_from_elsewhere() -> None:
    page = as_html(hostile())
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 7
    for number in range(30):
        assert f"<li>question {number}</li>" in page
    for outside in ("http:", "https:", "src=", "url(", "@import", "<link"):
        assert outside not in page


def test_the_policy_of_the_page_allows_its_own_stylesheet_and_nothing_else() -> None:
    page = as_html(hostile())
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"\"default-src 'none'; style-src 'sha256-{digest}'\"" in page
    assert (page.count("<style"), page.count(" style=")) == (1, 0)


def test_the_page_names_both_generations_and_what_publishes() -> None:
    blocked = as_html(hostile())
    assert f"<code>{'0' * 16}</code>" in blocked
    assert f"<code>{'1' * 16}</code>" in blocked
    assert "python -m ingest --publish --force" in blocked
    sound = as_html(replace(hostile(), failed=()))
    assert "<code>python -m ingest --publish</code>" in sound
