"""Author, review and sources of an article as HTML; a missing fact is named as missing."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from index.reviews import ReviewState, review_state
from ui.languages import text

if TYPE_CHECKING:
    from datetime import date

    from core.types import Article, Provenance


def review_status(provenance: Provenance, *, today: date) -> str:
    """Say whether, when and by whom an article was reviewed."""
    reviewed, reviewer = provenance.reviewed, provenance.reviewer
    state = review_state(provenance, today=today)
    if reviewed is None and reviewer:
        return f"{text.NOT_REVIEWED} ({reviewer} {text.NAMED_WITHOUT_DAY})"
    if reviewed is None or state is ReviewState.NOT_REVIEWED:
        return str(text.NOT_REVIEWED)
    who = f" {text.BY} {reviewer}" if reviewer else f", {text.NO_REVIEWER}"
    if state is ReviewState.OVERDUE:
        return f"{text.OVERDUE}, {text.LAST_REVIEWED} {text.day(reviewed)}{who}"
    return f"{text.REVIEWED} {text.day(reviewed)}{who}"


def review_line(provenance: Provenance, *, today: date) -> str:
    """Draw the line of trust under a passage."""
    checked = review_state(provenance, today=today) is ReviewState.REVIEWED
    state = f'<span class="cs-state{" cs-ok" if checked else ""}">'
    parts = [f"{state}{escape(review_status(provenance, today=today))}</span>"]
    author = f"{text.AUTHOR} {provenance.author}" if provenance.author else text.NO_AUTHOR
    count = len(provenance.sources)
    sources = f"{text.SOURCES}: {count}" if count else text.NO_SOURCES
    parts += [f"<span>{escape(part)}</span>" for part in (author, sources, text.PUBLISHER)]
    return f'<p class="cs-meta">{" ".join(parts)}</p>'


def trust_block(article: Article, *, today: date) -> str:
    """Draw everything known about an article's origin, for the end of the article."""
    provenance = article.provenance
    author = f"{text.AUTHOR} {provenance.author}" if provenance.author else text.NO_AUTHOR
    facts = [review_status(provenance, today=today), author, text.PUBLISHER]
    if provenance.next_review:
        facts.insert(1, f"{text.NEXT_REVIEW} {text.day(provenance.next_review)}")
    lines = "".join(f"<li>{escape(fact)}</li>" for fact in facts)
    lines += f'<li class="cs-version">{text.VERSION} {article.version}</li>'
    if provenance.sources:
        sources = "".join(f"<li>{escape(source)}</li>" for source in provenance.sources)
        lines += f"<li>{text.SOURCES}:<ul>{sources}</ul></li>"
    else:
        lines += f"<li>{text.NO_SOURCES}</li>"
    return f'<section class="cs-panel cs-trust"><h2>{text.TRUST}</h2><ul>{lines}</ul></section>'
