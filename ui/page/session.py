"""A visitor's session, and the view that an address means. Nothing is drawn here.

The question never goes into the address. Each search gets a random name, `?search=3f9c...`, and
the session keeps which question that was; so Back and Forward work, and an address that is shared,
kept in the browser's history or written into a proxy's log says nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from core.types import SearchResponse
    from ui.service.engine import Answer

MAX_REMEMBERED = 50
MAX_ANSWERS = 5
"""So many searches are drawn again without a new search: going back costs nothing."""
BOX = "question"
"""Name of the search box's value in the session."""
FILTER = "articles_filter"
"""The same of the filter of the list of articles."""

_SEARCHES = "_searches"
_SEEN = "_seen"
_RUNS = "_runs"
_FOUND = "_found"
_COUNTED = "_counted"
_READ = "_read"
_ANSWERS = "_answers"


Kind = Literal["ask", "article", "like", "articles", "about", "notices", "staff", "desk"]
_FOR_STAFF: frozenset[Kind] = frozenset({"staff", "desk"})
_KINDS: Mapping[str, Kind] = {
    **{kind: kind for kind in ("articles", "about", "notices", "staff", "desk")},
    "health": "staff",  # bookmarks from when the dashboard was two pages
}
# What else an address may name, beside its view.
_NAMES: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(_FOR_STAFF, ("section", "item", "about")),
    "articles": ("page", "letter"),
    "notices": ("notice",),
}


@dataclass(frozen=True, slots=True)
class View:
    """What an address asks for. `search` is the random name of a search, never its words.

    With an article it is the search whose results led there before the application was there.
    `like` is the id of the passage for which others like it are wanted; `page` and `letter` are a
    place in the list of articles. `item` and `about` name what a section for staff opens: a row of
    a file by its number, an article or a card by its id.
    """

    kind: Kind = "ask"
    article: str = ""
    section: str = ""
    passage: str = ""
    search: str = ""
    notice: str = ""
    like: str = ""
    page: str = ""
    letter: str = ""
    item: str = ""
    about: str = ""

    @property
    def is_for_staff(self) -> bool:
        """Say whether patients never see this view."""
        return self.kind in _FOR_STAFF

    @property
    def name(self) -> str:
        """Name the view for the helper script, which scrolls to the top when it changes."""
        place = (self.article, self.section, self.passage)
        chosen = (
            self.search,
            self.notice,
            self.like,
            self.page,
            self.letter,
            self.item,
            self.about,
        )
        return "|".join((self.kind, *place, *chosen))


def view_of(address: Mapping[str, str], *, for_staff: bool = False) -> View:
    """Read an address's parameters; ignore unknown ones, and pages for staff unless `for_staff`."""
    search = address.get("search", "")
    if article := address.get("article", ""):
        section, passage = address.get("section", ""), address.get("passage", "")
        return View("article", article=article, section=section, passage=passage, search=search)
    if like := address.get("like", ""):
        return View("like", like=like, search=search)
    kind = _KINDS.get(address.get("view", ""))
    if kind and (for_staff or kind not in _FOR_STAFF):
        return View(kind, **{name: address.get(name, "") for name in _NAMES.get(kind, ())})
    return View(search=search)


class Session:
    """A visitor's session: the questions by the random names of their searches."""

    def __init__(self, session: MutableMapping[Any, Any]) -> None:
        self._session = session
        session.setdefault(_SEARCHES, {})
        session[_RUNS] = session.get(_RUNS, 0) + 1

    @property
    def run(self) -> int:
        """Count the drawings of this session, from 1."""
        return int(self._session[_RUNS])

    def remember(self, question: str) -> str:
        """Keep a question under a new random name; the oldest is forgotten at the limit."""
        searches: dict[str, str] = self._session[_SEARCHES]
        name = secrets.token_hex(4)
        searches[name] = question
        while len(searches) > MAX_REMEMBERED:
            del searches[next(iter(searches))]
        return name

    def question(self, search: str) -> str:
        """Return the question of a search, empty when it is not (or no longer) known."""
        searches: dict[str, str] = self._session[_SEARCHES]
        return searches.get(search, "")

    def adopt(self, search: str, question: str) -> None:
        """Keep a question under a name that the browser brought along after a lost connection."""
        self._session[_SEARCHES][search] = question

    def is_new_view(self, view: View) -> bool:
        """Say whether this view differs from the one drawn before, and note it."""
        before, self._session[_SEEN] = self._session.get(_SEEN), view.name
        return before != view.name

    def keep_answer(self, search: str, answer: Answer, *, of: object) -> None:
        """Keep what a search found; `of` is equal as long as a new search would find the same."""
        answers: dict[str, tuple[object, Answer]] = self._session.setdefault(_ANSWERS, {})
        answers.pop(search, None)
        answers[search] = (of, answer)
        while len(answers) > MAX_ANSWERS:
            del answers[next(iter(answers))]

    def answer(self, search: str, *, of: object) -> Answer | None:
        """Return what a search found, None where a new search is needed."""
        found_by, answer = self._session.get(_ANSWERS, {}).get(search, (None, None))
        return answer if found_by == of else None

    def note_found(self, search: str, response: SearchResponse, *, is_counted: bool) -> None:
        """Keep what the last search found, to mark its passages when an article is opened.

        `is_counted` says whether what belongs to this search may be counted.
        """
        self._session[_FOUND] = (search, response)
        self._session[_COUNTED] = is_counted

    def note_origin(self, search: str) -> None:
        """Keep from which search's results an article was opened, before this session began.

        What was asked is not known here, so nothing that belongs to it is counted.
        """
        if search and search != self.found[0]:
            self._session[_FOUND] = (search, None)
            self._session[_COUNTED] = False

    def is_new_article(self, article: str) -> bool:
        """Say whether an article differs from the one read before, and note it."""
        before, self._session[_READ] = self._session.get(_READ), article
        return before != article

    @property
    def is_counted(self) -> bool:
        """Whether an article opened now may be counted: not after a search about private things."""
        return bool(self._session.get(_COUNTED, True))

    @property
    def found(self) -> tuple[str, SearchResponse | None]:
        """The last search's name and what it found; an empty name before the first search."""
        found: tuple[str, SearchResponse | None] = self._session.get(_FOUND, ("", None))
        return found
