"""What an editor should do next, in order: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.bank import OFF_TOPIC
from index.reading_age import ADVISED_AGES

if TYPE_CHECKING:
    from index.coverage_types import ArticleCoverage, Coverage, Figures

# From this reading age on a text is worth rewriting, or most patients read it with effort.
OLDEST_AGE = 14
RULE = (
    "Next steps: first what patients may be harmed by, then what they ask and do not find, then"
    " what makes an article better. That is: files that are not taken, grave claims, answers where"
    " there should be none, questions that their section does not answer, reviews that are overdue"
    " or were never made, sections that no question names, passages that no question shows,"
    f" questions that no article answers, texts for readers over {OLDEST_AGE}, other claims,"
    " warnings. Within a kind the one that concerns most comes first, then by name."
)
_ARTICLES = "content/articles"
_QUESTIONS = "content/questions.csv"
_CLAIMS = "python -m ingest claims --open"


class StepKind(StrEnum):
    """Why something is to be done; the order of the members is the order of the steps."""

    NOT_TAKEN = "not_taken"
    GRAVE_CLAIMS = "grave_claims"
    UNEXPECTED = "unexpected"
    MISSED = "missed"
    OVERDUE = "overdue"
    NOT_REVIEWED = "not_reviewed"
    NO_QUESTION = "no_question"
    UNREACHED = "unreached"
    NO_ARTICLE = "no_article"
    HARD_TO_READ = "hard_to_read"
    OTHER_CLAIMS = "other_claims"
    WARNINGS = "warnings"


_ORDER = list(StepKind)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what is the matter, where, why that matters, and the file or command.

    `article` is the id of the article that it is about, if it is about one. `weight` is how much it
    concerns: questions, passages, days, years.
    """

    kind: StepKind
    where: str
    what: str
    why: str
    go: str
    weight: int = 0
    article: str | None = None


def next_steps(coverage: Coverage) -> list[Step]:
    """Return everything there is to do, as RULE says: by kind, then by weight, then by name."""
    steps = [*_of_problems(coverage), *_of_routes(coverage), *_of_warnings(coverage)]
    for article in coverage.articles:
        steps += _of_article(article)
    return sorted(steps, key=lambda s: (_ORDER.index(s.kind), -s.weight, s.where, s.what))


def _of_problems(coverage: Coverage) -> Iterator[Step]:
    for problem in coverage.problems:
        what, where, why, go = _told(problem)
        yield Step(StepKind.NOT_TAKEN, where, what, why, go)


def _told(error: str) -> tuple[str, str, str, str]:
    """Take an error of ingest apart: what, where, why (what was found), and what mends it."""
    what, *lines = error.splitlines() or [""]
    parts = dict(line.strip().partition(": ")[::2] for line in lines)
    why = "; ".join(f"{name} {parts[name]}" for name in ("found", "expected") if name in parts)
    return what, parts.get("where", _ARTICLES), why, parts.get("to mend it", "python -m ingest")


def _of_article(article: ArticleCoverage) -> Iterator[Step]:
    def step(kind: StepKind, what: str, why: str, go: str, *, weight: int = 0) -> Step:
        return Step(kind, article.id, what, why, go, weight, article.id)

    figures, file = article.figures, f"{_ARTICLES}/{article.source}"
    if article.refused:
        what, _, why, go = _told(article.refused)
        yield step(
            StepKind.NOT_TAKEN,
            f"{what} The last good version is shown instead of the file {file}.",
            why,
            go,
        )
    if n := figures.grave_claims:
        yield step(
            StepKind.GRAVE_CLAIMS,
            f"{_count(n, 'grave claim')} {_is(n)} open",
            "patients read a promise that nobody has decided about",
            _CLAIMS,
            weight=n,
        )
    if n := figures.asked - figures.answered:
        yield step(
            StepKind.MISSED,
            f"{n} of {_count(figures.asked, 'question')} {_is(n)} not answered first by the section"
            " that should",
            "patients ask this and are shown something else, or nothing",
            f"{file} or {_QUESTIONS}",
            weight=n,
        )
    if n := article.days_overdue:
        yield step(
            StepKind.OVERDUE,
            f"The review is {_count(n, 'day')} overdue",
            "what it says may no longer hold",
            file,
            weight=n,
        )
    elif article.review == "not_reviewed":
        yield step(
            StepKind.NOT_REVIEWED,
            "No clinician is said to have reviewed it",
            "every passage tells patients so",
            file,
        )
    yield from _of_questions(article, step_file=file)
    if (age := figures.reading_age) and age > OLDEST_AGE:
        youngest, oldest = ADVISED_AGES
        yield step(
            StepKind.HARD_TO_READ,
            f"It reads like a text for age {age}",
            f"NHS advice is {youngest} to {oldest}: shorter sentences and words",
            file,
            weight=age,
        )
    if n := figures.other_claims:
        yield step(
            StepKind.OTHER_CLAIMS,
            f"{_count(n, 'claim')} that {_is(n)} less grave {_is(n)} open",
            "nobody has decided about them",
            _CLAIMS,
            weight=n,
        )
    if n := len(article.warnings):
        yield step(
            StepKind.WARNINGS,
            f"{_count(n, 'warning')}: {article.warnings[0]}",
            "ingest warned of it",
            file,
            weight=n,
        )


def _of_questions(article: ArticleCoverage, *, step_file: str) -> Iterator[Step]:
    figures = article.figures
    unasked = [section for section in article.sections if _is_unasked(section.figures)]
    if unasked:
        n, of = len(unasked), len(article.sections)
        names = ", ".join(section.heading for section in unasked[:3])
        yield Step(
            StepKind.NO_QUESTION,
            article.id,
            f"No question names {n} of {_count(of, 'section')}: {names}{' ...' * (n > 3)}",
            "the search does not learn from what patients ask there, and nothing checks it",
            _QUESTIONS,
            n,
            article.id,
        )
    # Where nothing is asked of an article at all, that is what is to be mended.
    if figures.asked and figures.unreached:
        n = len(figures.unreached)
        names = ", ".join(figures.unreached[:3])
        yield Step(
            StepKind.UNREACHED,
            article.id,
            f"No question shows {n} of {_count(figures.passages, 'passage')}:"
            f" {names}{' ...' * (n > 3)}",
            "perhaps nobody asks this, or the bank lacks the question",
            f"{_QUESTIONS} or {step_file}",
            n,
            article.id,
        )


def _is_unasked(figures: Figures) -> bool:
    return bool(figures.passages) and not figures.asked


def _of_routes(coverage: Coverage) -> Iterator[Step]:
    for found in coverage.unexpected:
        yield Step(
            StepKind.UNEXPECTED,
            f"card “{found.expected[0]}”",
            f"“{found.question}” is answered with {found.shown}",
            "the bank says that no article answers it; if one does, name its section there",
            _QUESTIONS,
        )
    for route in coverage.routes:
        if route.route == OFF_TOPIC:
            continue
        n = len(route.questions)
        yield Step(
            StepKind.NO_ARTICLE,
            f"card “{route.route}”",
            f"No article answers {_count(n, 'question')}: “{route.questions[0]}”{' ...' * (n > 1)}",
            "patients ask this; an article of yours may answer better than the card",
            _ARTICLES,
            n,
        )


def _of_warnings(coverage: Coverage) -> Iterator[Step]:
    for warning in coverage.warnings:
        where, _, what = warning.partition(": ")
        yield Step(
            StepKind.WARNINGS,
            where if what else "the last ingest",
            what or where,
            "ingest warned of it",
            f"content/{where}" if where.endswith((".csv", ".toml")) else "python -m ingest",
        )


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"
