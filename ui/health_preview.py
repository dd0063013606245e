"""What a candidate generation would change, as HTML for staff: pure, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from index.preview import by_kind
from index.preview_words import (
    ARTICLES,
    CLAIMS,
    EFFECTS,
    KINDS,
    OUTCOMES,
    headline,
    notices,
    reply,
    words,
)
from index.types import Outcome
from ui import text
from ui.staff_parts import coded, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.preview import Preview, QuestionChange, Shown

# The whole of a large change would be megabytes; preview.html beside the index has everything.
MOST = 60


def preview_html(preview: Preview) -> str:
    """Draw a preview, what is most serious first."""
    return "".join(
        [
            f'<p class="cs-headline">{escape(headline(preview))}</p>',
            _failed(preview),
            _listed(text.HEALTH_NOT_TAKEN, preview.problems),
            _articles(preview),
            _questions(preview),
            _figures(preview),
            _claims(preview),
            _listed(text.HEALTH_WARNINGS_NEW, preview.warnings_new),
            _listed(text.HEALTH_WARNINGS_GONE, preview.warnings_gone),
        ]
    )


def _failed(preview: Preview) -> str:
    if not preview.failed:
        return ""
    expected, found, line = text.HEALTH_FAILED_FACTS
    cases = "".join(
        f"<h3>{escape(one.question)}</h3><dl><dt>{expected}</dt><dd>{escape(one.expected)}</dd>"
        f"<dt>{found}</dt><dd>{escape(one.found)}</dd><dt>{line}</dt><dd>{one.line}</dd></dl>"
        for one in preview.failed
    )
    return (
        f'<section><h2>{text.HEALTH_FAILED}</h2><div class="cs-note cs-refused">'
        f"<p>{coded(text.HEALTH_FAILED_HOW)}</p>{cases}</div></section>"
    )


def _articles(preview: Preview) -> str:
    items = []
    for one in preview.articles:
        moved = f" ← <code>{escape(one.former_source)}</code>" if one.former_source else ""
        items.append(
            f"<li>{escape(ARTICLES[one.kind].capitalize())}: {escape(one.title)}"
            f" (<code>{escape(one.source)}</code>{moved})</li>"
        )
    return _section(text.ARTICLES, f"<ul>{''.join(items)}</ul>") if items else ""


def _questions(preview: Preview) -> str:
    parts = []
    for kind, count, groups in by_kind(preview):
        cases = "".join(_case(change, questions) for change, questions in groups[:MOST])
        if len(groups) > MOST:
            cases += f"<p>{coded(text.HEALTH_MORE_CHANGES)}</p>"
        parts.append(f"<section><h2>{escape(KINDS[kind])} ({count})</h2>{cases}</section>")
    return "".join(parts)


def _case(change: QuestionChange, questions: Sequence[str]) -> str:
    asked = "".join(f"<li>{escape(question)}</li>" for question in questions)
    effect = EFFECTS[change.effect]
    said = f'<p class="cs-{change.effect}">{escape(effect.capitalize())}.</p>' if effect else ""
    also = "; ".join(KINDS[kind] for kind in change.kinds[1:])
    said += f"<p>{escape(also)}.</p>" if also else ""
    before, after = text.HEALTH_SIDES
    return (
        f'<div class="cs-case"><ul class="cs-asked">{asked}</ul>{said}<div class="cs-sides">'
        f"{_side(before, change.before)}{_side(after, change.after)}</div></div>"
    )


def _side(when: str, shown: Shown) -> str:
    quoted, raised = words(shown), notices(shown)
    return (
        f'<div><p class="cs-when">{when}</p><p>{escape(reply(shown))}</p>'
        + (f"<blockquote>{escape(quoted)}</blockquote>" if quoted else "")
        + (f"<p>{escape(raised)}</p>" if raised else "")
        + "</div>"
    )


def _figures(preview: Preview) -> str:
    sides = [one for one in (preview.figures_before, preview.figures_after) if one]
    right, wrong = text.HEALTH_BANK_ROWS
    of = text.HEALTH_OF
    rows = [
        [right, *(of.format(part=s.answered_first, whole=s.answerable) for s in sides)],
        [wrong, *(of.format(part=s.falsely_answered, whole=s.unanswerable) for s in sides)],
    ]
    columns = [text.HEALTH_BANK_WHAT, *text.HEALTH_SIDES[-len(sides) :]]
    drawn = table("preview-bank", text.HEALTH_BANK_CAPTION, columns, rows)
    body = f"<p>{text.HEALTH_BANK_SAID}</p>{drawn}{_moves(preview)}"
    return _section(text.HEALTH_QUESTIONS, body)


def _moves(preview: Preview) -> str:
    if not preview.outcomes:
        return ""
    columns = [text.HEALTH_SIDES[0], *OUTCOMES.values()]
    rows = [
        [OUTCOMES[Outcome(before)], *(str(found.get(after.value, 0)) for after in Outcome)]
        for before, found in preview.outcomes.items()
    ]
    return table("preview-moves", text.HEALTH_MOVES_CAPTION, columns, rows)


def _claims(preview: Preview) -> str:
    parts = []
    for kind, title in CLAIMS.items():
        claims = [one for one in preview.claims if one.kind is kind]
        items = "".join(
            f"<li>{escape(one.sentence)} <em>({escape(one.severity)}, "
            f"{text.OPEN.lower() if one.is_open else escape(one.after or one.before)})</em></li>"
            for one in claims[:MOST]
        )
        if claims:
            parts.append(_section(f"{title} ({len(claims)})", f"<ul>{items}</ul>"))
    return "".join(parts)


def _listed(title: str, texts: Sequence[str]) -> str:
    if not texts:
        return ""
    items = "".join(f"<li><pre>{escape(one)}</pre></li>" for one in texts[:MOST])
    return _section(f"{title} ({len(texts)})", f"<ul>{items}</ul>")


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>"
