"""What to do next as the page says it: a line for each kind of step, and the way to its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index.coverage.next_steps import StepKind, grouped
from ui.editor.frame import CANDIDATE, DECIDE, QUESTIONS, SUGGESTIONS, address
from ui.languages import text
from ui.rendering.passage import article_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.coverage.next_steps import Step

CARD = "card:"
"""Before the id of a card, where an address may name an article or a card."""
UNLIKE = "unlike"
"""In an address: the questions that do not get what the bank says."""
NEW = "new"
# Where all steps of a kind are done: a section of the editor, or a part of the dashboard.
_PLACES = {
    StepKind.NOT_TAKEN: address(CANDIDATE),
    StepKind.GRAVE_CLAIMS: address(DECIDE),
    StepKind.UNEXPECTED: address(QUESTIONS, about=UNLIKE),
    StepKind.MISSED: address(QUESTIONS, about=UNLIKE),
    StepKind.OVERDUE: address("reviews"),
    StepKind.NOT_REVIEWED: address("reviews"),
    StepKind.NO_QUESTION: address(SUGGESTIONS),
    StepKind.UNREACHED: address(SUGGESTIONS),
    StepKind.NO_ARTICLE: address("coverage"),
    StepKind.HARD_TO_READ: address("coverage"),
    StepKind.OTHER_CLAIMS: address(DECIDE),
    StepKind.WARNINGS: address("index"),
}
_MOST_NAMES = 3
# A clinic may have thousands of articles, and all go through the page's connection.
_MOST_ITEMS = 200


class Item(NamedTuple):
    """A step: its article or place with a link to it, what is the matter, and its form."""

    name: str
    link: str
    what: str
    form: str


class Group(NamedTuple):
    """All steps of a kind in a line, why they matter, where they are done, and each of them."""

    what: str
    why: str
    go: str
    link: str
    open: str
    steps: list[Item]
    rest: int


def step_groups(steps: Iterable[Step], titles: Mapping[str, str]) -> list[Group]:
    """Return ordered steps by their kinds; `titles` are those of the articles, by their ids."""
    groups = []
    for kind, same in grouped(steps):
        words = text.EDITOR_STEPS[kind]
        shown = [_item(step, titles, words["item"]) for step in same[:_MOST_ITEMS]]
        rest = max(0, len(same) - _MOST_ITEMS)
        what = text.counted(words, len(same))
        link = _PLACES[kind]
        groups.append(Group(what, words["why"], words["go"], link, words["open"], shown, rest))
    return groups


def _item(step: Step, titles: Mapping[str, str], what: str) -> Item:
    shown = step.names[:_MOST_NAMES]
    names = ", ".join(shown) + " …" * (len(step.names) > _MOST_NAMES)
    return Item(
        name=titles.get(step.article or "", step.where),
        link=article_address(step.article) if step.article and step.article in titles else "",
        what=what.format(n=step.weight, whole=step.whole, names=names),
        form=_form(step),
    )


def _form(step: Step) -> str:
    """Return the address of the form in which a step is done, empty where there is none."""
    article = step.article or ""
    if step.kind in (StepKind.GRAVE_CLAIMS, StepKind.OTHER_CLAIMS):
        return address(DECIDE, about=article)
    if step.kind in (StepKind.NO_QUESTION, StepKind.UNREACHED):
        return address(QUESTIONS, item=NEW, about=article)
    if step.kind is StepKind.MISSED:
        return address(QUESTIONS, about=article)
    return address(QUESTIONS, about=CARD + step.card) if step.card else ""
