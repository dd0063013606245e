"""The ids of articles, from the names of their files and, where these say too little, folders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from core.text.slugs import slug

# Names that programs give to the page of a folder: the folder's name says what it is about.
_OF_A_FOLDER = frozenset({"index", "readme", "default"})


def article_ids(sources: Iterable[str]) -> dict[str, str]:
    """Return the ids of articles by the paths of their files below the articles folder.

    An id is the slug of the file's name, or of its folder's where the name is that of every
    folder's page. Files of several folders that would have the same id take more of their folders
    into it. Files that nothing tells apart, as those of one folder that differ in their ending,
    have the same id.
    """
    paths = {source: PurePosixPath(source) for source in sources}
    lengths = dict.fromkeys(paths, 1)
    ids = {source: _id(path, 1) for source, path in paths.items()}
    while True:
        groups: dict[str, list[str]] = defaultdict(list)
        for source, id_ in ids.items():
            groups[id_].append(source)
        longer = {
            source: _id(paths[source], lengths[source] + 1)
            for group in groups.values()
            if len({(paths[source].parent, slug(paths[source].stem)) for source in group}) > 1
            for source in group
            if lengths[source] < len(paths[source].parts)
        }
        if not longer:
            return ids
        ids |= longer
        lengths |= {source: lengths[source] + 1 for source in longer}


def name_of(source: str) -> str:
    """Return what names an article: its file without the ending, or the folder of its page."""
    return _names(PurePosixPath(source))[-1]


def without_page_names(names: Iterable[str]) -> list[str]:
    """Return the parts of a path without a last one that names the page of every folder."""
    names = list(names)
    return names[:-1] if names and slug(names[-1]) in _OF_A_FOLDER else names


def _names(path: PurePosixPath) -> list[str]:
    names = [*path.parts[:-1], path.stem]
    return without_page_names(names) or names


def _id(path: PurePosixPath, length: int) -> str:
    """Return the id that takes in so many names, all of them when there are fewer."""
    names = _names(path)
    if length > len(names):
        names = [*path.parts[:-1], path.stem]
    return slug(" ".join(names[-length:]))
