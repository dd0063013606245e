"""A search as JSON for a web agency: reads the question, writes the answer. Pure.

The answer holds what a visitor must see (notices with their texts, the purpose of the search,
labels and review of passages) and nothing that a visitor must not see.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.text.normalize import clean_query
from index.output import response_record
from safety.notices.finder import Articles, Display, display
from safety.notices.red_flags import filled
from ui.languages import text
from ui.rendering.contact import contact_details
from ui.rendering.passage import passage_address
from ui.rendering.provenance import review_status
from ui.rendering.results import has_results, practical_shown, route_shown, summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.clinic_settings import Clinic
    from core.types import Article, SearchResponse
    from index.bank.route_cards import Route
    from safety.notices.finder import Notice
    from safety.notices.red_flags import Numbers, RedFlags

SEARCH = "/api/search"
NOTHING_HERE = "There is no page at this address."
MOST_RESULTS = 5
"""As many as a search finds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request of a program: a cleaned question and the most passages to return."""

    question: str
    k: int = MOST_RESULTS


class UnreadableError(ValueError):
    """A body that cannot be read; the sentence says what is wrong and repeats nothing."""


def read_asked(body: bytes) -> Asked:
    """Read `{"query": "...", "k": 5}`; raises UnreadableError for anything else."""
    try:
        sent = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise UnreadableError("The body is not JSON in UTF-8.") from None
    if not isinstance(sent, dict) or not set(sent) <= {"query", "k"}:
        raise UnreadableError('The body has to be an object with "query" and, if you like, "k".')
    query, k = sent.get("query"), sent.get("k", MOST_RESULTS)
    if not isinstance(query, str) or not (question := clean_query(query)):
        raise UnreadableError('"query" has to be a text with words in it.')
    if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= MOST_RESULTS:
        raise UnreadableError(f'"k" has to be a number from 1 to {MOST_RESULTS}.')
    return Asked(question, k)


def answer_record(
    response: SearchResponse,
    notices: Sequence[Notice],
    articles: Mapping[str, Article],
    clinic: Clinic,
    *,
    k: int,
    flags: RedFlags,
    numbers: Numbers,
    routes: Mapping[str, Route],
    today: date,
) -> dict[str, Any]:
    """Return the record of `python -m index search --json` and what must be shown with it."""
    shown = display(notices, flags)
    record = response_record(response, ())
    route = route_shown(response, shown, routes)
    may_be_shown = shown.articles is not Articles.HIDDEN and has_results(response, shown)
    results = record["results"][:k] if may_be_shown else []
    found = {result.passage.id: result.passage for result in response.results}
    for result in results:
        article = articles[result["article_id"]]
        result["title"] = article.title
        result["address"] = passage_address(found[result["passage_id"]])
        result["review"] = review_status(article.provenance, today=today)
    return {
        **frame(clinic, numbers),
        **record,
        "notices": notice_texts(notices, flags, numbers),
        "articles": shown.articles.value,
        "summary": summary(response, shown),
        "is_understood": response.is_understood,
        "help_now": help_now(response, shown),
        "route": route.id if route else None,
        "contact_card": _contact_card(response, shown, clinic),
        "route_card": {"title": route.title, "text": route.text} if route else None,
        "results": results,
    }


def _contact_card(
    response: SearchResponse, shown: Display, clinic: Clinic
) -> dict[str, Any] | None:
    """Return what answers a question about the clinic itself first; None for any other."""
    practical = practical_shown(response, shown)
    if practical is None:
        return None
    details = contact_details(practical, clinic)
    return {
        "about": practical.value,
        "title": str(text.CONTACT_TITLES[practical]),
        "details": details,
    }


def frame(clinic: Clinic, numbers: Numbers) -> dict[str, Any]:
    """Return what every answer holds, also without a search."""
    numbers_by_name = {
        "emergency": numbers.emergency,
        "urgent": numbers.urgent,
        "crisis": numbers.crisis,
        "clinic": clinic.telephone,
    }
    return {
        "purpose": str(text.PURPOSE),
        "short_purpose": str(text.SHORT_PURPOSE),
        "clinic": clinic.name,
        "help": {name: number for name, number in numbers_by_name.items() if number},
    }


def help_now(response: SearchResponse, shown: Display) -> dict[str, str] | None:
    """Return the words above the numbers of `frame`, below the notices; None without need of them.

    They are for a cry for help that raises no notice, and for a question that was not understood.
    """
    if response.is_cry and not shown.full:
        return {"title": str(text.HELP_NOW), "text": str(text.HELP_NOW_MORE)}
    return None if response.is_understood else {"title": str(text.HELP), "text": ""}


def notice_texts(
    notices: Sequence[Notice], flags: RedFlags, numbers: Numbers
) -> list[dict[str, Any]]:
    """Return notices with their texts, most urgent first.

    Those with `in_full` must be shown in full; the others may be named in one line.
    """
    shown = display(notices, flags)
    full = {group.id for group in shown.full}
    return [
        {
            "group": group.id,
            "level": group.level.value,
            "level_name": text.LEVELS[group.level],
            "title": group.title,
            "heading": filled(group.heading, numbers),
            "bullets": [line for bullet in group.bullets if (line := filled(bullet, numbers))],
            "in_full": group.id in full,
            "is_information": notice.is_information,
        }
        for notice in notices
        if (group := flags.groups.get(notice.group))
    ]
