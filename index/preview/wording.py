"""The wording of a preview for editors, shared by terminal, report and page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core.types import Outcome
from index.preview.types import (
    ArticleChangeKind,
    ChangeKind,
    ClaimChangeKind,
    Effect,
    Preview,
    QuestionChange,
    Shown,
)

KINDS = {
    ChangeKind.NOTICE_LOST: "A notice is no longer raised",
    ChangeKind.FALSE_ANSWER: "Answered, though the question bank says that no section answers it",
    ChangeKind.VANISHED: "No longer answered",
    ChangeKind.OTHER_ANSWER: "Answered by another section",
    ChangeKind.OTHER_WORDS: "Answered by the same section in other words",
    ChangeKind.APPEARED: "Answered for the first time",
    ChangeKind.OUTCOME: "Not answered: related reading comes or goes",
    ChangeKind.OTHER_RELATED: "Not answered: other related reading",
    ChangeKind.ROUTE: "Not answered: another card",
    ChangeKind.NOTICE_RAISED: "A notice is newly raised",
}
EFFECTS = {
    Effect.WORSE: "worse than before, by the question bank",
    Effect.NEITHER: "",
    Effect.BETTER: "better than before, by the question bank",
}
OUTCOMES = {
    Outcome.ANSWER: "Answer",
    Outcome.RELATED: "Related reading",
    Outcome.NOT_COVERED: "Not covered",
}
ARTICLES = {
    ArticleChangeKind.WITHDRAWN: "withdrawn",
    ArticleChangeKind.KEPT: "refused (its last version is kept)",
    ArticleChangeKind.CHANGED: "changed",
    ArticleChangeKind.RENAMED: "renamed",
    ArticleChangeKind.NEW: "new",
}
CLAIMS = {
    ClaimChangeKind.NEW: "New claims",
    ClaimChangeKind.DECISION: "Claims decided otherwise",
    ClaimChangeKind.GONE: "Claims that are gone",
}
_COUNTED = {
    ChangeKind.NOTICE_LOST: ("notice is lost", "notices are lost"),
    ChangeKind.FALSE_ANSWER: (
        "question is answered that should not be",
        "questions are answered that should not be",
    ),
    ChangeKind.VANISHED: ("answer disappears", "answers disappear"),
    ChangeKind.OTHER_ANSWER: ("answer changes", "answers change"),
    ChangeKind.OTHER_WORDS: ("answer changes its words", "answers change their words"),
    ChangeKind.APPEARED: ("answer appears", "answers appear"),
    ChangeKind.NOTICE_RAISED: ("notice is new", "notices are new"),
}


def headline(preview: Preview) -> str:
    """Summarise what a candidate changes and whether it may be published."""
    sentences = [] if preview.before else ["Nothing is published yet."]
    sentences += [f"{part}." for part in (_answers(preview), _articles(preview)) if part]
    if preview.before and not preview.questions:
        is_asked = preview.figures_after.asked
        same = "No answer to a question of the bank changes."
        sentences.append(same if is_asked else "The question bank is empty: nothing was asked.")
    new = sum(c.kind is ClaimChangeKind.NEW and c.is_open for c in preview.claims)
    if new:
        sentences.append(f"{_many(new, 'new claim waits', 'new claims wait')} for a decision.")
    if preview.problems:
        sentences.append(f"{_many(len(preview.problems), 'problem', 'problems')} in the content.")
    if preview.is_blocked:
        fails = _many(len(preview.failed), "invariant fails", "invariants fail")
        sentences.append(f"{fails}: publishing is blocked.")
    return " ".join(sentences)


def reply(shown: Shown) -> str:
    """Return the reply that a patient gets in a line: the outcome, the section, the card."""
    line = OUTCOMES[shown.outcome]
    if shown.outcome is not Outcome.NOT_COVERED and shown.section:
        line += f": {shown.heading} ({shown.title})"
    return f"{line}, card “{shown.route}”" if shown.route else line


def words(shown: Shown) -> str:
    """Return the words of the passage, "" when a patient does not see it."""
    return "" if shown.outcome is Outcome.NOT_COVERED else shown.words


def notices(shown: Shown) -> str:
    """Return the names of the notices that the question raises, "" for none."""
    return f"Notices: {', '.join(shown.notices)}" if shown.notices else ""


def also(change: QuestionChange) -> str:
    """Return the kinds of change after the gravest."""
    return "; ".join(KINDS[kind] for kind in change.kinds[1:])


def bank_tables(preview: Preview) -> Iterator[tuple[str, list[str], list[list[object]]]]:
    """Yield the tables about the question bank, none where it is empty: caption, columns, rows."""
    sides = [side for side in (preview.figures_before, preview.figures_after) if side]
    if not any(side.asked for side in sides):
        return
    right = [f"{side.answered_first} of {side.answerable}" for side in sides]
    wrong = [f"{side.falsely_answered} of {side.unanswerable}" for side in sides]
    yield (
        "",
        ["", *("Before", "After")[-len(sides) :]],
        [
            ["Answered first by a labelled section", *right],
            ["Answered though no section answers", *wrong],
        ],
    )
    if preview.outcomes:
        yield (
            "Questions by their outcome before (down) and after (across)",
            ["", *OUTCOMES.values()],
            [
                [OUTCOMES[Outcome(before)], *(found[after] for after in Outcome)]
                for before, found in preview.outcomes.items()
            ],
        )


def _answers(preview: Preview) -> str:
    counts = preview.counts
    parts = [_many(counts[kind], *words) for kind, words in _COUNTED.items() if counts[kind]]
    others = sum(not set(change.kinds) & set(_COUNTED) for change in preview.questions)
    if others:
        parts.append(_many(others, "other reply changes", "other replies change"))
    return ", ".join(parts)


def _articles(preview: Preview) -> str:
    counts = Counter(article.kind for article in preview.articles)
    parts = [f"{counts[kind]} {name}" for kind, name in ARTICLES.items() if counts[kind]]
    return f"Articles: {', '.join(parts)}" if parts else ""


def _many(count: int, singular: str, plural: str) -> str:
    return f"{count} {singular if count == 1 else plural}"
