"""What the file of notices says about itself: its bullets and its examples, asked as questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluation.notices_detectors import LEFT_OUT, Detectors, missed_by, share, shares
from safety.red_flags import Level, Numbers, RedFlags, filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evaluation.notices_detectors import Learned
    from ingest.articles import Progress

AS_IS, NOT_OWN, AFTER_HEADING = (
    "as they are",
    "own words left out",
    "own words left out, after the heading",
)


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet as the clinic's country reads it.

    One that goes on from its heading ("if you have back pain and:") begins in lower case and names
    what to look out for; any other says what to do.
    """

    group: str
    heading: str
    text: str
    goes_on: bool


def bullets_of(flags: RedFlags, numbers: Numbers) -> list[Bullet]:
    """Return every bullet that applies in a country, in the order of the file."""
    return [
        Bullet(group.id, filled(group.heading, numbers), text, bullet[0].islower())
        for group in flags.groups.values()
        for bullet in group.bullets
        if (text := filled(bullet, numbers))
    ]


def measure_bullets(
    flags: RedFlags, numbers: Numbers, detectors: Detectors, learnt: Learned | None
) -> dict[str, Any]:
    """Ask every bullet, and those that name a symptom without the rules of the notice's own words.

    A notice's own words are rules by construction: that every bullet is raised "as they are" says
    that nothing broke, and not that the rules know what it means.
    """
    bullets = bullets_of(flags, numbers)
    naming = [bullet for bullet in bullets if bullet.goes_on]
    blind = Detectors(flags, learnt, own_words=False)
    asked = {
        AS_IS: [(one, detectors.raises(one.text, [one.group])) for one in bullets],
        NOT_OWN: [(one, blind.raises(one.text, [one.group])) for one in naming],
        AFTER_HEADING: [
            (one, blind.raises(f"{one.heading} {one.text}", [one.group])) for one in naming
        ],
    }
    return {
        "shares": {name: share(row for _, row in rows) for name, rows in asked.items() if rows},
        "misses": {
            name: [
                {"group": one.group, "text": one.text, "missed_by": missed_by(row)}
                for one, row in rows
                if missed_by(row)
            ]
            for name, rows in asked.items()
        },
    }


def measure_examples(flags: RedFlags, detectors: Detectors, progress: Progress) -> dict[str, Any]:
    """Ask every example of the file, and every near miss that must not raise its notice."""
    examples = [(group, text) for group in flags.groups.values() for text in group.examples]
    left_out = detectors.left_out()
    rows = []
    for at, (group, text) in enumerate(progress(examples, len(examples), "Examples")):
        row = detectors.raises(text, [group.id])
        rows.append(row if left_out is None else {**row, LEFT_OUT: float(left_out[at])})
    pairs = list(zip(examples, rows, strict=True))
    near = [
        (group.id, text, _not(detectors.raises(text, [group.id])))
        for group in flags.groups.values()
        for text in group.not_examples
    ]
    return {
        "shares": shares(
            [
                *(("examples", row) for row in rows),
                *(("near misses left alone", row) for _, _, row in near),
            ]
        ),
        "per_level": shares(((group.level.value, row) for (group, _), row in pairs), list(Level)),
        "per_group": shares((group.id, row) for (group, _), row in pairs),
        "misses": [
            {"group": group.id, "text": text, "missed_by": missed_by(row)}
            for (group, text), row in pairs
            if missed_by(row)
        ],
        "near_misses_raised": [
            {"group": name, "text": text, "raised_by": missed_by(row)}
            for name, text, row in near
            if missed_by(row)
        ],
    }


def _not(row: Mapping[str, float]) -> dict[str, float]:
    return {name: 1.0 - value for name, value in row.items()}
