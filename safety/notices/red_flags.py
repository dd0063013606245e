"""What `content/red_flags.toml` holds: the urgent-symptom notices that clinicians keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.language_tags import ENGLISH


class Level(StrEnum):
    """How soon a notice asks people to act; the first is the most urgent."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    CAUTION = "caution"

    @property
    def order(self) -> int:
        """Return 0 for the most urgent level."""
        return list(Level).index(self)

    @property
    def asks_to_act(self) -> bool:
        """Say whether the notice asks to get help now or today."""
        return self is not Level.CAUTION


@dataclass(frozen=True, slots=True)
class Numbers:
    """Telephone numbers of a country, and how its notices speak of them; empty means none.

    The names are the placeholders of headings and bullets: "Call {emergency} now if ...".
    """

    emergency: str = ""
    urgent: str = ""
    crisis: str = ""
    crisis_name: str = ""
    hospital: str = "the nearest hospital"
    doctor: str = "doctor"
    urgent_line: str = "a doctor on call"
    urgent_centre: str = "a doctor"
    mental_health_help: str = ""
    crisis_help: str = ""
    young_child: str = ""
    local_emergency: str = "your local emergency number"

    @property
    def telephones(self) -> tuple[str, ...]:
        """The numbers that a telephone can dial, longest first."""
        given = {self.emergency, self.urgent, self.crisis} - {""}
        return tuple(sorted(given, key=lambda number: (-len(number), number)))


@dataclass(frozen=True, slots=True)
class Rule:
    """What raises a notice: all of `needed` is said and none of `unless`.

    A part is a phrase or the name of a word class ("@numb").
    """

    needed: tuple[str, ...]
    unless: tuple[str, ...] = ()

    @classmethod
    def parse(cls, written: str) -> Rule:
        """Read a rule as the file has it: "@leaking + @back", or "@leaking - @pelvic_floor"."""
        needed, *unless = written.split(" - ")
        return cls(
            tuple(part.strip() for part in needed.split(" + ")),
            tuple(part.strip() for part in unless),
        )

    @property
    def parts(self) -> tuple[str, ...]:
        """All parts, those that must not be said last."""
        return (*self.needed, *self.unless)


@dataclass(frozen=True, slots=True)
class Group:
    """One notice, and how people say that it concerns them.

    One of its `rules` is enough. `examples` are questions that must raise it; `not_examples` are
    near to it and must not. `articles` says whether articles may be shown under the notice.
    `counted` says whether a search that raises it may be counted; False leaves it out of all
    counting. `history` says whether a past illness of one's own raises it as a present one does; a
    relative's never does. `signed_by` to `refused` are what a clinician decided: see
    `safety/notices/signatures.py`.
    """

    id: str
    level: Level
    title: str
    heading: str
    bullets: tuple[str, ...]
    source: str
    checked: date | None
    rules: tuple[Rule, ...]
    examples: tuple[str, ...]
    not_examples: tuple[str, ...] = ()
    articles: bool = True
    counted: bool = True
    history: bool = False
    signed_by: str = ""
    registration: str = ""
    signed_on: date | None = None
    signed_text: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class SpeechPatterns:
    """Phrases of everyday speech, from the file's `[manner]`: denials, idioms, time, people.

    `exact` are words that are not stemmed; `same` maps a word to phrases with the same meaning;
    the comments in `red_flags.toml` explain the others.
    """

    fillers: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    negators: tuple[str, ...] = ()
    not_negations: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    clause_ends: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    asking: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RedFlags:
    """The whole file; the defaults serve a clinic that has none.

    `language` is the code of two letters of the language that the notices are written in.
    """

    version: str = ""
    language: str = ENGLISH
    reviewed_by: str = ""
    next_review: date | None = None
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    manner: SpeechPatterns = field(default_factory=SpeechPatterns)
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    benign: tuple[str, ...] = ()


def filled(text: str, numbers: Numbers) -> str:
    """Put a country's numbers into a heading or a bullet; empty when it does not apply there."""
    values = {name: getattr(numbers, name) for name in Numbers.__slots__}
    values["emergency"] = numbers.emergency or numbers.local_emergency
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text.strip()
