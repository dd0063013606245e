"""A preview as one page that needs nothing else: no script, nothing from elsewhere, escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from index.preview import Preview, QuestionChange, Shown, by_kind
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

PUBLISH = "python -m ingest --publish"
FORCE = f"{PUBLISH} --force"
_STYLE = """
:root { color-scheme: light dark; --page: light-dark(#f6f9f9, #0e1617);
  --card: light-dark(#fff, #152022); --ink: light-dark(#0f1a1c, #e8f0f0);
  --muted: light-dark(#43565a, #a9bec1); --line: light-dark(#d3dfe0, #2f4346);
  --accent: light-dark(#0a545f, #7fd3de); --alert: light-dark(#9f1c14, #ffb4ab);
  --alert-tint: light-dark(#fdeeec, #3a1614); --good: light-dark(#1c6431, #8fd9a3); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .75rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p, ul { margin: .4rem 0; }
ul { padding-left: 1.2rem; }
code { font: .92em ui-monospace, monospace; }
pre { font: inherit; white-space: pre-wrap; margin: .4rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0; }
dt { color: var(--muted); } dd { margin: 0; }
.lead { font-size: 1.1rem; }
.muted { color: var(--muted); }
.worse { color: var(--alert); } .better { color: var(--good); }
.blocked { background: var(--alert-tint); border-left: 4px solid var(--alert); padding: .1rem 1rem;
  margin: 1rem 0; }
.case { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  padding: .75rem 1rem; margin: .75rem 0; break-inside: avoid; }
.asked { font-weight: 600; list-style: none; padding: 0; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
.side { min-width: 0; } .side + .side { border-left: 1px solid var(--line); padding-left: 1.5rem; }
.when { color: var(--muted); font-size: .9rem; margin: 0; }
blockquote { margin: .3rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; }
caption { text-align: left; color: var(--muted); }
th, td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid var(--line);
  font-weight: normal; overflow-wrap: normal; }
td { text-align: right; padding-right: .75rem; } thead th { color: var(--muted);
  text-align: right; padding-right: .75rem; }
@media (max-width: 40rem) { .sides { grid-template-columns: 1fr; gap: .5rem; }
  .side + .side { border-left: 0; border-top: 1px solid var(--line); padding: .5rem 0 0; }
  th { padding-right: .75rem; } }
@media print { :root { color-scheme: light; } body { background: none; font-size: 11pt; } }
"""


def as_html(preview: Preview) -> str:
    """Return a preview as an HTML document, what is most serious first."""
    title = escape(headline(preview))
    body = "\n".join(
        [
            f'<h1>What publishing would change</h1><p class="lead">{title}</p>',
            _how(preview),
            _failed(preview),
            _listed("Could not be taken", preview.problems),
            _articles(preview),
            _questions(preview),
            _figures(preview),
            _claims(preview),
            _listed("New warnings", preview.warnings_new),
            _listed("Warnings that are gone", preview.warnings_gone),
        ]
    )
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def _how(preview: Preview) -> str:
    served = f"<code>{escape(preview.before)}</code>" if preview.before else "nothing"
    return (
        f"<dl><dt>Served now</dt><dd>{served}</dd>"
        f"<dt>Candidate</dt><dd><code>{escape(preview.after)}</code></dd>"
        f"<dt>To publish it</dt><dd><code>{FORCE if preview.is_blocked else PUBLISH}</code>"
        f"{' (against its invariants)' if preview.is_blocked else ''}</dd>"
        "<dt>To drop it</dt><dd>Leave it: it is never served by itself, and the next preview "
        "takes its place.</dd></dl>"
    )


def _failed(preview: Preview) -> str:
    if not preview.failed:
        return ""
    cases = "".join(
        f"<h3>{escape(one.question)}</h3><dl><dt>Expected</dt><dd>{escape(one.expected)}</dd>"
        f"<dt>Found</dt><dd>{escape(one.found)}</dd>"
        f"<dt>Line</dt><dd>{one.line} of invariants.csv</dd></dl>"
        for one in preview.failed
    )
    return f'<h2>Invariants that fail</h2><div class="blocked">{cases}</div>'


def _articles(preview: Preview) -> str:
    items = []
    for one in preview.articles:
        moved = f", was <code>{escape(one.former_source)}</code>" if one.former_source else ""
        items.append(
            f"<li>{escape(ARTICLES[one.kind].capitalize())}: <code>{escape(one.source)}</code>"
            f"{moved} ({escape(one.title)})</li>"
        )
    return f"<h2>Articles</h2><ul>{''.join(items)}</ul>" if items else ""


def _questions(preview: Preview) -> str:
    parts = []
    for kind, count, groups in by_kind(preview):
        parts.append(f"<h2>{escape(KINDS[kind])} ({count})</h2>")
        parts += [_case(change, questions) for change, questions in groups]
    return "".join(parts)


def _case(change: QuestionChange, questions: Sequence[str]) -> str:
    asked = "".join(f"<li>{escape(question)}</li>" for question in questions)
    effect = EFFECTS[change.effect]
    notes = [f'<p class="{change.effect}">{escape(effect.capitalize())}.</p>'] if effect else []
    also = "; ".join(KINDS[kind] for kind in change.kinds[1:])
    notes += [f'<p class="muted">Also: {escape(also)}.</p>'] if also else []
    return (
        f'<section class="case"><ul class="asked">{asked}</ul>{"".join(notes)}'
        f'<div class="sides">{_side("Before", change.before)}{_side("After", change.after)}</div>'
        "</section>"
    )


def _side(when: str, shown: Shown) -> str:
    quoted, raised = words(shown), notices(shown)
    return (
        f'<div class="side"><p class="when">{when}</p><p>{escape(reply(shown))}</p>'
        + (f"<blockquote>{escape(quoted)}</blockquote>" if quoted else "")
        + (f"<p>{escape(raised)}</p>" if raised else "")
        + "</div>"
    )


def _figures(preview: Preview) -> str:
    sides = [one for one in (preview.figures_before, preview.figures_after) if one]
    rows = [
        ("Answered first by a labelled section", [(s.answered_first, s.answerable) for s in sides]),
        (
            "Answered though no section answers",
            [(s.falsely_answered, s.unanswerable) for s in sides],
        ),
    ]
    body = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(f"<td>{count} of {total}</td>" for count, total in counts)
        + "</tr>"
        for name, counts in rows
    )
    names = ("Before", "After")[-len(sides) :]
    return (
        "<h2>The question bank</h2><p>The search has learned from these questions: the figures "
        "show what changes, not how good the search is.</p>"
        f"{_table('', names, body)}{_outcomes(preview)}"
    )


def _outcomes(preview: Preview) -> str:
    body = "".join(
        f'<tr><th scope="row">{OUTCOMES[Outcome(before)]}</th>'
        + "".join(f"<td>{row[after]}</td>" for after in Outcome)
        + "</tr>"
        for before, row in preview.outcomes.items()
    )
    caption = "Questions by their outcome before (down) and after (across)"
    return _table(caption, OUTCOMES.values(), body) if body else ""


def _table(caption: str, columns: Iterable[str], body: str) -> str:
    named = f"<caption>{caption}</caption>" if caption else ""
    heads = "".join(f'<th scope="col">{name}</th>' for name in columns)
    return (
        f'<div class="scroll"><table>{named}<thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _claims(preview: Preview) -> str:
    parts = []
    for kind, title in CLAIMS.items():
        claims = [one for one in preview.claims if one.kind is kind]
        if claims:
            parts.append(f"<h2>{title} ({len(claims)})</h2>")
        for one in claims:
            state = "open" if one.is_open else "settled"
            decided = "".join(
                f"<dt>{when}</dt><dd>{escape(said)}</dd>"
                for when, said in (("Before", one.before), ("After", one.after))
                if said
            )
            parts.append(
                f'<section class="case"><p class="when">{escape(one.severity)}, '
                f"{escape(one.claim)}, {state}: {escape(one.place)}</p>"
                f"<blockquote>{escape(one.sentence)}</blockquote>"
                f"{f'<dl>{decided}</dl>' if decided else ''}</section>"
            )
    return "".join(parts)


def _listed(title: str, texts: Sequence[str]) -> str:
    items = "".join(f"<li><pre>{escape(text)}</pre></li>" for text in texts)
    return f"<h2>{title} ({len(texts)})</h2><ul>{items}</ul>" if items else ""
