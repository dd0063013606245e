"""What an editor should do next, in order: pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from core.text.readability import ADVISED_AGES
from index.bank.route_cards import OFF_TOPIC

if TYPE_CHECKING:
    from core.findings import Finding
    from index.coverage.types import ArticleCoverage, Coverage

# From this reading age on a text is worth rewriting, or most patients read it with effort.
OLDEST_AGE = 14
RULE = (
    "Next steps: first what patients may be harmed by, then what they ask and do not find, then"
    " what makes an article better. That is: files that were skipped, grave claims, answers where"
    " there should be none, questions that their section does not answer, reviews that are overdue"
    " or were never made, sections that no question names, passages that no question shows,"
    f" questions that no article answers, texts for readers over {OLDEST_AGE}, other claims,"
    " warnings. Within a kind the one that concerns most comes first, then by name."
)
_ARTICLES = "content/articles"
_QUESTIONS = "content/questions.csv"
_INGEST = "python -m ingest"
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
_WARNED = "ingest warned of it"
# Why each kind matters, and the file or command to go to.
_REASONS = {
    StepKind.GRAVE_CLAIMS: ("patients see the claim and nobody has reviewed it yet", _CLAIMS),
    StepKind.UNEXPECTED: (
        "the bank says that no article answers it; if one does, name its section there",
        _QUESTIONS,
    ),
    StepKind.MISSED: (
        "patients ask this and are shown something else, or nothing",
        f"{{file}} or {_QUESTIONS}",
    ),
    StepKind.OVERDUE: ("what it says may no longer hold", "{file}"),
    StepKind.NOT_REVIEWED: ("every passage tells patients so", "{file}"),
    StepKind.NO_QUESTION: (
        "the search does not learn from what patients ask there, and nothing checks it",
        _QUESTIONS,
    ),
    StepKind.UNREACHED: (
        "perhaps nobody asks this, or the bank lacks the question",
        f"{_QUESTIONS} or {{file}}",
    ),
    StepKind.NO_ARTICLE: (
        "patients ask this; an article of yours may answer better than the card",
        _ARTICLES,
    ),
    StepKind.HARD_TO_READ: (
        "NHS advice is {} to {}: shorter sentences and words".format(*ADVISED_AGES),
        "{file}",
    ),
    StepKind.OTHER_CLAIMS: ("nobody has decided about them", _CLAIMS),
    StepKind.WARNINGS: (_WARNED, "{file}"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what is the matter, where, why that matters, and the file or command.

    `article` is the id of the article that it is about, if it is about one. `weight` is how much it
    concerns: questions, passages, days, years; `whole` of how many. `names` are the sections,
    passages, questions or problems that it concerns and `card` is the id of the route card, for a
    page that says the rest in its own language.
    """

    kind: StepKind
    where: str
    what: str
    why: str
    go: str
    weight: int = 0
    article: str | None = None
    whole: int = 0
    names: tuple[str, ...] = ()
    card: str = ""


def next_steps(coverage: Coverage) -> list[Step]:
    """Return everything there is to do, as RULE says: by kind, then by weight, then by name."""
    steps = [*_of_problems(coverage), *_of_routes(coverage), *_of_warnings(coverage)]
    for article in coverage.articles:
        steps += _of_article(article)
    return sorted(steps, key=lambda s: (_ORDER.index(s.kind), -s.weight, s.where, s.what))


def grouped(steps: Iterable[Step]) -> list[tuple[StepKind, list[Step]]]:
    """Return ordered steps by their kinds: one line for 47 articles that nobody has reviewed."""
    return [(kind, list(same)) for kind, same in groupby(steps, key=lambda step: step.kind)]


def _of_problems(coverage: Coverage) -> Iterator[Step]:
    for problem in coverage.problems:
        yield _skipped(problem, problem.where or _ARTICLES, problem.problem)


def _skipped(problem: Finding, where: str, what: str, article: str | None = None) -> Step:
    details = {"found": problem.found, "expected": problem.expected}
    why = "; ".join(f"{name} {text}" for name, text in details.items() if text)
    fix, names = problem.fix or _INGEST, (what,)
    return Step(StepKind.NOT_TAKEN, where, what, why, fix, article=article, names=names)


def _of_article(article: ArticleCoverage) -> Iterator[Step]:
    file = f"{_ARTICLES}/{article.source}"
    if article.refused:
        what = f"{article.refused.problem} The previous version of {file} stays online."
        yield _skipped(article.refused, article.id, what, article.id)
    for kind, n, whole, names, what in _weighed(article):
        why, go = _REASONS[kind]
        go = go.format(file=file)
        yield Step(kind, article.id, what, why, go, n, article.id, whole, tuple(names))


def _weighed(
    article: ArticleCoverage,
) -> Iterator[tuple[StepKind, int, int, Sequence[str], str]]:
    """Yield kind, weight, of how many, which, and what is the matter."""
    figures = article.figures
    if n := figures.grave_claims:
        yield StepKind.GRAVE_CLAIMS, n, 0, (), f"{_count(n, 'grave claim')} {_is(n)} open"
    if n := figures.asked - figures.answered:
        asked = _count(figures.asked, "question")
        what = f"{n} of {asked} {_is(n)} not answered first by the section that should"
        yield StepKind.MISSED, n, figures.asked, (), what
    if n := article.days_overdue:
        yield StepKind.OVERDUE, n, 0, (), f"The review is {_count(n, 'day')} overdue"
    elif article.review == "not_reviewed":
        yield StepKind.NOT_REVIEWED, 0, 0, (), "No clinician is said to have reviewed it"
    unasked = [s.heading for s in article.sections if s.figures.passages and not s.figures.asked]
    if n := len(unasked):
        whole = len(article.sections)
        what = f"No question names {n} of {_count(whole, 'section')}: {_first(unasked)}"
        yield StepKind.NO_QUESTION, n, whole, unasked, what
    # An article about which nothing is asked has the step above, for every section.
    if figures.asked and (n := len(figures.unreached)):
        passages = _count(figures.passages, "passage")
        what = f"No question shows {n} of {passages}: {_first(figures.unreached)}"
        yield StepKind.UNREACHED, n, figures.passages, figures.unreached, what
    if (age := figures.reading_age) and age > OLDEST_AGE:
        yield StepKind.HARD_TO_READ, age, 0, (), f"It reads like a text for age {age}"
    if n := figures.other_claims:
        what = f"{_count(n, 'claim')} that {_is(n)} less grave {_is(n)} open"
        yield StepKind.OTHER_CLAIMS, n, 0, (), what
    if n := len(article.warnings):
        names = [str(warning) for warning in article.warnings]
        yield StepKind.WARNINGS, n, 0, names, f"{_count(n, 'warning')}: {names[0]}"


def _of_routes(coverage: Coverage) -> Iterator[Step]:
    for found in coverage.unexpected:
        what = f"“{found.question}” is answered with {found.shown}"
        card = f"card “{found.expected[0]}”"
        why, go = _REASONS[StepKind.UNEXPECTED]
        names, expected = (found.question,), found.expected[0]
        yield Step(StepKind.UNEXPECTED, card, what, why, go, names=names, card=expected)
    for route in coverage.routes:
        if route.route != OFF_TOPIC:
            n, card = len(route.questions), f"card “{route.route}”"
            asked = f"{_count(n, 'question')}: “{route.questions[0]}”{' ...' * (n > 1)}"
            what = f"No article answers {asked}"
            why, go = _REASONS[StepKind.NO_ARTICLE]
            about, asks = route.route, route.questions
            yield Step(StepKind.NO_ARTICLE, card, what, why, go, n, names=asks, card=about)


def _of_warnings(coverage: Coverage) -> Iterator[Step]:
    for warning in coverage.warnings:
        go = f"content/{warning.source}" if warning.source else _INGEST
        place = warning.where or "the last ingest"
        names = (warning.problem,)
        yield Step(StepKind.WARNINGS, place, warning.problem, _WARNED, go, names=names)


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _first(names: Sequence[str]) -> str:
    return f"{', '.join(names[:3])}{' ...' * (len(names) > 3)}"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"
