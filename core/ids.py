"""Parts of the ids of sections, `article#section`, and of passages, `article#section/n`. Pure.

Ids are stored as texts: in Arrow, JSON, CSV files and addresses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def article_of(id: str) -> str:  # noqa: A002
    """Return the article's id in the id of an article, a section or a passage."""
    return id.partition("#")[0]


def slug_of(section_id: str) -> str:
    """Return the part of a section's id that names it within its article, empty for an article."""
    return section_id.partition("#")[2]


def heading_of(section_id: str, path: Sequence[str]) -> str:
    """Return the last of a section's headings, or a name for one without ("Introduction")."""
    return path[-1] if path else slug_of(section_id).replace("-", " ").capitalize()


def section_of(passage_id: str) -> str:
    """Return the section's id in the id of a passage."""
    return passage_id.rpartition("/")[0]


def number_of(passage_id: str) -> str:
    """Return the number of a passage within its section, counted from 1."""
    return passage_id.rpartition("/")[2]


def present_id(id: str, renamed: Mapping[str, str]) -> str:  # noqa: A002
    """Return the id that an article, section or passage has since its article was renamed.

    `renamed` maps earlier ids of articles to the present ones; other ids stay as they are.
    """
    article, mark, rest = id.partition("#")
    return f"{renamed.get(article, article)}{mark}{rest}"
