"""Figures of the notices: their own bullets and examples, labelled questions, and false alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from core.text.sentences import sentence_spans
from evaluation.metrics import Table, estimate, share, shares
from evaluation.notices.detectors import Detectors, missed_by
from evaluation.notices.questions import Kind, NoticeQuestion, is_serious
from index.bank.question_bank import FILE_NAME
from safety.notices.finder import Notice
from safety.notices.red_flags import Level, Numbers, RedFlags, filled

if TYPE_CHECKING:
    from evaluation.notices.detectors import Trained
    from ingest.build.articles import Progress
    from ingest.build.content import Content

AS_IS, NOT_OWN, AFTER_HEADING = (
    "as they are",
    "own words left out",
    "own words left out, after the heading",
)
# Up to so many words.
_LENGTHS = ((5, "up to 5 words"), (12, "6 to 12 words"), (25, "13 to 25 words"))
_LONGEST = "over 25 words"
SENTENCES, BANK, TOGETHER = "article sentences", "bank questions", "together"

Found = Mapping[str, Sequence[Notice]]
"""The notices that a text raised, by detector."""


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet in the words for the clinic's country.

    A bullet that continues its heading ("if you have back pain and:") begins in lower case and
    names a symptom; any other bullet says what to do.
    """

    group: str
    heading: str
    text: str
    names_symptom: bool


@dataclass(frozen=True, slots=True)
class Harmless:
    """A text that asks for no help: its kind, and where it comes from."""

    what: str
    where: str
    text: str


def bullets_of(flags: RedFlags, numbers: Numbers) -> list[Bullet]:
    """Return every bullet that applies in a country, in the order of the file."""
    return [
        Bullet(group.id, filled(group.heading, numbers), text, bullet[0].islower())
        for group in flags.groups.values()
        for bullet in group.bullets
        if (text := filled(bullet, numbers))
    ]


def measure_bullets(
    flags: RedFlags, numbers: Numbers, detectors: Detectors, trained: Trained | None
) -> dict[str, Any]:
    """Measure how many bullets raise their notice.

    A notice's own words are rules by construction, so that "as they are" only shows that nothing
    broke. Bullets that name a symptom are asked again without those rules.
    """
    bullets = bullets_of(flags, numbers)
    naming = [bullet for bullet in bullets if bullet.names_symptom]
    blind = Detectors(flags, trained, own_words=False)
    asked = {
        AS_IS: [(b, detectors.raises(b.text, [b.group])) for b in bullets],
        NOT_OWN: [(b, blind.raises(b.text, [b.group])) for b in naming],
        AFTER_HEADING: [(b, blind.raises(f"{b.heading} {b.text}", [b.group])) for b in naming],
    }
    return {
        "shares": {name: share(row for _, row in rows) for name, rows in asked.items() if rows},
        "misses": {
            name: _wrong([(b.group, b.text, row) for b, row in rows])
            for name, rows in asked.items()
        },
    }


def measure_examples(flags: RedFlags, detectors: Detectors, progress: Progress) -> dict[str, Any]:
    """Measure how many examples raise their notice, and how many near misses do not."""
    groups = flags.groups.values()
    examples = [(group, text) for group in groups for text in group.examples]
    asked = [
        (group, text, detectors.raises(text, [group.id]))
        for group, text in progress(examples, len(examples), "Examples")
    ]
    near = [
        (group.id, text, {name: 1.0 - raised for name, raised in row.items()})
        for group in groups
        for text in group.not_examples
        for row in [detectors.raises(text, [group.id])]
    ]
    named = [("examples", row) for _, _, row in asked]
    return {
        "shares": shares([*named, *(("near misses left alone", row) for _, _, row in near)]),
        "per_level": shares(((group.level.value, row) for group, _, row in asked), list(Level)),
        "per_group": shares((group.id, row) for group, _, row in asked),
        "misses": _wrong((group.id, text, row) for group, text, row in asked),
        "near_misses_raised": _wrong(near, by="raised_by"),
    }


def _wrong(
    rows: Iterable[tuple[str, str, Mapping[str, float]]], *, by: str = "missed_by"
) -> list[dict[str, Any]]:
    return [
        {"group": group, "text": text, by: missed_by(row)}
        for group, text, row in rows
        if missed_by(row)
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the notices that it raised, by detector."""

    question: NoticeQuestion
    found: Found

    @property
    def right(self) -> dict[str, float]:
        """Return 1.0 for each detector that was right about the question, else 0.0."""
        return _judged(self.found, self.question.is_right)


def _judged(found: Found, judge: Callable[[Sequence[Notice]], bool]) -> dict[str, float]:
    return {name: float(judge(notices)) for name, notices in found.items()}


def measure_questions(
    questions: Sequence[NoticeQuestion], flags: RedFlags, detectors: Detectors, progress: Progress
) -> dict[str, Any]:
    """Return the shares of questions judged right, and the misses with the notices they raised.

    Levels and notices count symptoms alone, so that their shares are recall; a question that
    accepts several notices counts for the first.
    """
    asked = [
        Asked(q, detectors.find(q.text)) for q in progress(questions, len(questions), "Questions")
    ]
    symptoms = [a for a in asked if a.question.kind is Kind.SYMPTOM]
    first = [(flags.groups[a.question.groups[0]], a.right) for a in symptoms]
    return {
        "per_kind": shares(((a.question.kind.value, a.right) for a in asked), list(Kind)),
        "per_level": shares(((group.level.value, right) for group, right in first), list(Level)),
        "per_group": shares(((group.id, right) for group, right in first), list(flags.groups)),
        # Any notice that asks to act, where the wanted notice asks to act.
        "any_serious": shares(
            (a.question.kind.value, _judged(a.found, is_serious))
            for a in asked
            if a.question.kind.wants_notice
            and any(flags.groups[name].level.asks_to_act for name in a.question.groups)
        ),
        "by_who": shares(_by_who(asked, flags)),
        "harmless_by_set": shares(
            (f"{_set(a.question)}: {a.question.kind}", _judged(a.found, is_serious))
            for a in asked
            if not a.question.kind.wants_notice and a.question.kind is not Kind.HISTORY
        ),
        "as_information": _as_information(asked),
        "minimal_pairs": _minimal_pairs(asked),
        "misses": [_miss(a) for a in asked if missed_by(a.right)],
    }


def _by_who(asked: Iterable[Asked], flags: RedFlags) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield how symptoms to act on are heard, by level and by who tells them, and at what length.

    Right is the notice in the label, or one that is as urgent.
    """
    for a in asked:
        question = a.question
        if question.kind is not Kind.SYMPTOM:
            continue
        levels = (flags.groups[name].level for name in question.groups)
        level = min(levels, key=lambda level: level.order)
        if not level.asks_to_act:
            continue
        right = _judged(a.found, partial(_as_urgent, question.groups, level))
        words = len(question.text.split())
        length = next((name for most, name in _LENGTHS if words <= most), _LONGEST)
        yield f"{_set(question)}: all", right
        yield f"{_set(question)}: {level}", right
        if question.is_second:
            yield f"length: {length}", right
            yield f"age: {question.age}", right
            english = question.english if question.english == "british" else "other"
            yield f"English: {english}", right


def _as_urgent(groups: Sequence[str], level: Level, notices: Sequence[Notice]) -> bool:
    return any(n.group in groups or n.level.order <= level.order for n in notices)


def _set(question: NoticeQuestion) -> str:
    return "second set" if question.is_second else "first set"


def _as_information(asked: Iterable[Asked]) -> Table:
    """Return how often the right notice, where it was raised, was shown as one line that opens.

    That is right for hypothetical questions and wrong for symptoms. Each detector has its own
    number of questions here.
    """
    values: dict[Kind, dict[str, list[float]]] = {Kind.HYPOTHETICAL: {}, Kind.SYMPTOM: {}}
    for a in asked:
        for name, notices in a.found.items():
            if a.question.kind in values and a.question.is_right(notices):
                is_line = any(notice.is_information for notice in notices)
                values[a.question.kind].setdefault(name, []).append(float(is_line))
    return {
        kind.value: {name: asdict(estimate(shown)) for name, shown in by_detector.items()}
        for kind, by_detector in values.items()
        if by_detector
    }


def _minimal_pairs(asked: Sequence[Asked]) -> Table:
    """Return how often a symptom and its twin, denied or harmless, were both right, by set."""
    symptoms: dict[str, list[Asked]] = {}
    for a in asked:
        if a.question.kind is Kind.SYMPTOM and a.question.pair:
            symptoms.setdefault(a.question.pair, []).append(a)
    twins = (Kind.NEGATED, Kind.TWIN)
    denied = [a for a in asked if a.question.kind in twins and a.question.pair in symptoms]
    return shares(
        (
            _set(a.question),
            {
                name: min(right, *(twin.right[name] for twin in symptoms[a.question.pair]))
                for name, right in a.right.items()
            },
        )
        for a in denied
    )


def _miss(asked: Asked) -> dict[str, Any]:
    question = asked.question
    return {
        "line": question.line,
        "kind": question.kind.value,
        "question": question.text,
        "wanted": list(question.groups),
        "missed_by": missed_by(asked.right),
        "raised": {name: [n.group for n in notices] for name, notices in asked.found.items()},
    }


def harmless_texts(content: Content) -> list[Harmless]:
    """Return every sentence of every article, without headings, and every question of the bank."""
    sections = [(read.article, s) for read in content.read.articles for s in read.article.sections]
    sentences = [
        Harmless(SENTENCES, section.id, " ".join(body[span.start : span.end].split()))
        for article, section in sections
        for body in [article.text[section.body.start : section.body.end]]
        for span in sentence_spans(body)
    ]
    bank = content.bank.questions
    return [*sentences, *(Harmless(BANK, f"{FILE_NAME}, line {r.line}", r.question) for r in bank)]


def measure_alarms(
    texts: Sequence[Harmless], detectors: Detectors, progress: Progress
) -> dict[str, Any]:
    """Return the share of harmless texts that raise a notice to act, and a list of them."""
    rows, alarms = [], []
    for text in progress(texts, len(texts), "Harmless texts"):
        found = detectors.find(text.text)
        row = _judged(found, is_serious)
        rows += [(text.what, row), (TOGETHER, row)]
        if any(row.values()):
            raised = {
                name: [notice.group for notice in notices if notice.level.asks_to_act]
                for name, notices in found.items()
            }
            alarms.append({**asdict(text), "raised": raised})
    return {"shares": shares(rows, (SENTENCES, BANK)), "alarms": alarms}
