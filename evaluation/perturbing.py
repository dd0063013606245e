"""Reword questions as other people would have typed them: pure, and the same every time."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, zip_longest

_LETTERS = re.compile(r"[A-Za-z]{4,}")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# British on the left. This list is not shared with the search, because the search is under test.
_SPELLINGS = dict(
    pair.split(":")
    for pair in """anaemia:anemia anaesthetic:anesthetic apologise:apologize behaviour:behavior
    centre:center colour:color diarrhoea:diarrhea favourite:favorite fibre:fiber
    haemophilia:hemophilia haemorrhage:hemorrhage labour:labor litre:liter metre:meter
    metres:meters mobilise:mobilize mobilisation:mobilization mum:mom neighbour:neighbor
    oedema:edema oestrogen:estrogen organise:organize orthopaedic:orthopedic paediatric:pediatric
    practise:practice programme:program realise:realize recognise:recognize recognised:recognized
    specialise:specialize stabilise:stabilize tumour:tumor tyre:tire tyres:tires
    travelling:traveling""".split()
)
_ACROSS = {**_SPELLINGS, **{american: british for british, american in _SPELLINGS.items()}}


def with_typo(text: str, *, seed: int) -> str:
    """Return the text with one typo in one of its words of four or more letters.

    Two letters swapped, one left out, one typed twice, or the key beside it hit (Damerau 1964).
    A text without such a word is returned unchanged.
    """
    words = list(_LETTERS.finditer(text))
    if not words:
        return text
    chance = random.Random(f"{seed}:{text}")  # noqa: S311 - not a secret
    word = chance.choice(words)
    while True:
        mistyped = _mistyped(word.group(), chance)
        if mistyped != word.group():
            return text[: word.start()] + mistyped + text[word.end() :]


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    kind = chance.choice(("swap", "omit", "double", "beside"))
    if kind == "swap":
        at = min(at, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "omit":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[: at + 1] + word[at:]
    row = next(row for row in _KEYS if word[at].lower() in row)
    key = row.index(word[at].lower())
    near = chance.choice([row[i] for i in (key - 1, key + 1) if 0 <= i < len(row)])
    return word[:at] + near + word[at + 1 :]


def _without_punctuation(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s'’\-]", " ", text).split())


def _across_the_atlantic(text: str) -> str:
    def other(match: re.Match[str]) -> str:
        word = match.group()
        found = _ACROSS.get(word.lower(), word)
        return found.capitalize() if word[0].isupper() and found != word else found

    return re.sub(r"[A-Za-z]+", other, text)


# Changes without meaning, by name: they must not change the outcome of a search.
CHANGES: Mapping[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "no punctuation": _without_punctuation,
    "polite opening": lambda text: f"Hi, please can you tell me {text}",
    "thanks": lambda text: f"{text} thanks",
    "other side's spelling": _across_the_atlantic,
}

# Polite phrases that the search has no list of, unlike "hi" and "please". They show whether it
# understands a question or only strips known words, so never add them to that list.
UNLISTED: Mapping[str, Callable[[str], str]] = {
    "unlisted opening": lambda text: f"Evening all, forgive me for asking but {text}",
    "unlisted request": lambda text: f"Greetings, would you be so kind as to let me know {text}",
    "unlisted closing": lambda text: f"{text}, much appreciated, Sarah",
}

# A text about somebody else stays as it is.
_SOMEBODY_ELSE = re.compile(
    r"\b(?:he|she|they|hes|shes|his|hers?|him|them|their|someone|somebody|people|patient|mum|mam|mom"
    r"|mother|dad|father|wife|husband|partner|son|daughter|nan|gran\w*|grandad|brother|sister|aunt"
    r"|uncle|cousin|friend|mate|neighbour|child\w*|kids?|boy|girl|lad|baby|toddler|bairn|wean)\b",
    re.IGNORECASE,
)
# Words about oneself, and the words about a mother: where they come first, and later.
_ABOUT_HER = {
    words: (first, later)
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
    for words in ways.split("|")
}
_ABOUT_ONESELF = re.compile(
    r"\b(?<!['’])(?:" + "|".join(sorted(_ABOUT_HER, key=len, reverse=True)) + r")\b(?!['’])",
    re.IGNORECASE,
)
# Small talk without a symptom or a denial, in the order of speaking. It comes from no clinic's
# file; never change it to suit a detector.
_WORDS = 40
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
    """Return a text about oneself as a text about a mother; any other text unchanged."""
    if _SOMEBODY_ELSE.search(text):
        return text
    seen = 0

    def other(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return _ABOUT_HER[match.group().lower()][seen > 1]

    changed = _ABOUT_ONESELF.sub(other, text.replace("’", "'"))
    return changed if seen else text


def padded(text: str, *, stops: bool) -> str:
    """Return a text with small talk before and after it, at least 40 words in whole phrases.

    With `stops` every part is a sentence; without, there is no full stop.
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
    parts = [*before, text.rstrip(" .") if stops else text, *after]
    return (". " if stops else " ").join(parts)


# Changes that a notice has to survive, by name; each gives one version of a text or several.
OF_SYMPTOMS: Mapping[str, Callable[[str], Sequence[str]]] = {
    "one typo": lambda text: [with_typo(text, seed=seed) for seed in range(3)],
    "no punctuation": lambda text: [_without_punctuation(text)],
    "upper case": lambda text: [text.upper()],
    "third person": lambda text: [third_person(text)],
    "padded, in sentences": lambda text: [padded(text, stops=True)],
    "padded, running on": lambda text: [padded(text, stops=False)],
}
