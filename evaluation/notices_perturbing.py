"""What it costs to be upset, in a hurry, or asking for somebody else: notices by recall lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluation.metrics import estimate, paired_difference
from evaluation.notices_detectors import Asking, Detectors
from evaluation.perturbing import CHANGES, with_typo

if TYPE_CHECKING:
    from ingest.articles import Progress

_SEEDS = range(3)
_WORDS = 40

# Who speaks of somebody else already is left as they are.
_SOMEBODY_ELSE = re.compile(
    r"\b(?:he|she|they|hes|shes|his|hers?|him|them|their|someone|somebody|people|patient|mum|mam|mom"
    r"|mother|dad|father|wife|husband|partner|son|daughter|nan|gran\w*|grandad|brother|sister|aunt"
    r"|uncle|cousin|friend|mate|neighbour|child\w*|kids?|boy|girl|lad|baby|toddler|bairn|wean)\b",
    re.IGNORECASE,
)
# What is said of oneself: how it is said of one's mother at first, and after that.
_SAID_OF_HER = {
    said: (first, later)
    for first, later, ways in (
        ("my mum is", "shes", "i am|i'm|im"),
        ("my mum has", "shes", "i've|ive"),
        ("my mum has", "she has", "i have"),
        ("my mum doesnt", "she doesnt", "i don't|i dont|i do not"),
        ("my mum hasnt", "she hasnt", "i haven't|i havent|i have not"),
        ("my mum does", "she does", "i do"),
        ("my mum feels", "she feels", "i feel"),
        ("my mum gets", "she gets", "i get"),
        ("my mum keeps", "she keeps", "i keep"),
        ("my mum needs", "she needs", "i need"),
        ("my mum takes", "she takes", "i take"),
        ("is my mum", "is she", "am i"),
        ("does my mum", "does she", "do i"),
        ("has my mum", "has she", "have i"),
        ("my mum", "she", "i"),
        ("my mum's", "her", "my"),
        ("my mum", "her", "me"),
        ("hers", "hers", "mine"),
        ("herself", "herself", "myself"),
    )
    for said in ways.split("|")
}
_OF_ONESELF = re.compile(
    r"\b(?<!['’])(?:" + "|".join(sorted(_SAID_OF_HER, key=len, reverse=True)) + r")\b(?!['’])",
    re.IGNORECASE,
)
# Talk without a symptom or a denial in it, in the order in which it is said; not taken from any
# file of a clinic, and not to be changed because of what a detector makes of it.
_BEFORE = (
    "good afternoon to everyone at the clinic",
    "I found your page through a neighbour who swears by you",
    "I usually ring people up instead of writing to them",
    "so please bear with me while I explain",
)
_AFTER = (
    "I work at a bakery and start early most days",
    "a Tuesday or a Thursday suits me best",
    "parking near your street looked easy enough on the map",
    "anyway thank you for taking the time to read this",
)


def third_person(text: str) -> str:
    """Return a text about oneself as if it were about one's mother, else as it is."""
    if _SOMEBODY_ELSE.search(text):
        return text
    seen = 0

    def other(said: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return _SAID_OF_HER[said.group().lower().replace("’", "'")][seen > 1]

    told = _OF_ONESELF.sub(other, text.replace("’", "'"))
    return told if seen else text


def padded(text: str, *, stops: bool) -> str:
    """Return a text with harmless talk before and after it: 40 words, and to the end of a phrase.

    With `stops` every part is a sentence; without, all runs on.
    """
    before: list[str] = []
    after: list[str] = []
    count = len(text.split())
    talk = chain.from_iterable(zip_longest(_BEFORE, _AFTER, fillvalue=""))
    for side, phrase in zip((before, after) * len(_BEFORE), talk, strict=True):
        if count < _WORDS:
            side.append(phrase)
            count += len(phrase.split())
    if not before:
        return text
    said = [*before, text.rstrip(" .") if stops else text, *after]
    return (". " if stops else " ").join(said)


# By name, the ways in which a text may be said otherwise; one that is as before is not counted.
PERTURBATIONS: Mapping[str, Callable[[str], Sequence[str]]] = {
    "one typo": lambda text: [with_typo(text, seed=seed) for seed in _SEEDS],
    "no punctuation": lambda text: [CHANGES["no punctuation"](text)],
    "upper case": lambda text: [text.upper()],
    "third person": lambda text: [third_person(text)],
    "padded, in sentences": lambda text: [padded(text, stops=True)],
    "padded, running on": lambda text: [padded(text, stops=False)],
}


def measure_perturbations(
    asked: Sequence[Asking],
    detectors: Detectors,
    progress: Progress,
    *,
    what: str,
) -> dict[str, Any]:
    """Return recall before and after each perturbation, and the loss, paired by question.

    `asked` are texts, each with the notices any of which it has to raise. Of several versions of a
    text the mean is taken. Texts that a perturbation does not change are left out of its figures.
    """
    versions = {
        name: [[version for version in versions_of(text) if version != text] for text, _ in asked]
        for name, versions_of in PERTURBATIONS.items()
    }
    every = [
        (version, wanted)
        for lists in versions.values()
        for (_, wanted), changed in zip(asked, lists, strict=True)
        for version in changed
    ]
    detectors.prepare([*asked, *every], progress)
    before = [detectors.raises(text, wanted) for text, wanted in asked]
    table: dict[str, Any] = {}
    for name, lists in versions.items():
        rows = [row for row in zip(asked, before, lists, strict=True) if row[2]]
        pairs = []
        for (_, wanted), was, changed in progress(rows, len(rows), f"{what}, {name}"):
            became = [detectors.raises(version, wanted) for version in changed]
            pairs.append((was, {d: float(np.mean([one[d] for one in became])) for d in was}))
        if pairs:
            table[name] = {detector: _compared(pairs, detector) for detector in pairs[0][0]}
    return table


def _compared(
    pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]], detector: str
) -> dict[str, Any]:
    was, became = [row[detector] for row, _ in pairs], [row[detector] for _, row in pairs]
    return {
        "before": asdict(estimate(was)),
        "after": asdict(estimate(became)),
        "loss": asdict(paired_difference(was, became)),
    }
