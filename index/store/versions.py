"""Generations as people tell them apart: when each was made, and in what two of them differ.

A manifest has no time, because the same content gives the same generation; its file has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.ids import present_id
from index.store import pointers
from index.store.manifest import FILE_NAME, Manifest, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

# The inputs of a generation that somebody edits, beside the articles.
_EDITED = ("questions", "vocabulary", "routes", "claim_decisions", "encoder")


@dataclass(frozen=True, slots=True)
class Difference:
    """How many articles of a generation are new, changed or gone, and which other inputs differ."""

    new: int
    changed: int
    withdrawn: int
    inputs: tuple[str, ...]


def made_at(built: Path, generation: str) -> datetime | None:
    """Return when a generation was made, in the time of this machine; None when it is gone."""
    return _time_of(built / generation / FILE_NAME)


def online_since(built: Path) -> datetime | None:
    """Return when the generation that serves was published or rolled back to."""
    return _time_of(built / pointers.CURRENT)


def difference(built: Path, before: str, after: str) -> Difference:
    """Compare two generations by their manifests; raises the errors of `read_manifest`."""
    then, now = (read_manifest(built / name / FILE_NAME) for name in (before, after))
    return difference_of(then, now)


def difference_of(then: Manifest, now: Manifest) -> Difference:
    """Return in what a generation differs from an earlier one.

    An article whose file was only renamed is the same article.
    """
    earlier = {
        present_id(article, now.renamed_from): (record.sha256, record.sidecar_sha256)
        for article, record in then.articles.items()
    }
    later = {name: (record.sha256, record.sidecar_sha256) for name, record in now.articles.items()}
    both = earlier.keys() & later.keys()
    return Difference(
        new=len(later.keys() - both),
        changed=sum(earlier[name] != later[name] for name in both),
        withdrawn=len(earlier.keys() - both),
        inputs=tuple(n for n in _EDITED if then.inputs.get(n) != now.inputs.get(n)),
    )


def _time_of(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except OSError:
        return None
