"""Questions as other people would have typed them: pure, and the same every time."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

_LETTERS = re.compile(r"[A-Za-z]{4,}")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# British on the left; written down here and not taken from the search, which is what is tested.
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
    """Return the text with one slip in one of its words of four or more letters.

    Two letters swapped, one left out, one typed twice, or the key beside it hit (Damerau 1964).
    A text without such a word is returned as it is.
    """
    words = list(_LETTERS.finditer(text))
    if not words:
        return text
    chance = random.Random(f"{seed}:{text}")  # noqa: S311 - not a secret
    word = chance.choice(words)
    while True:
        slipped = _slip(word.group(), chance)
        if slipped != word.group():
            return text[: word.start()] + slipped + text[word.end() :]


def _slip(word: str, chance: random.Random) -> str:
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
    place = row.index(word[at].lower())
    near = chance.choice([row[i] for i in (place - 1, place + 1) if 0 <= i < len(row)])
    return word[:at] + near + word[at + 1 :]


def _without_punctuation(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s'’\-]", " ", text).split())


def _across_the_atlantic(text: str) -> str:
    def other(word: re.Match[str]) -> str:
        said = word.group()
        found = _ACROSS.get(said.lower(), said)
        return found.capitalize() if said[0].isupper() and found != said else found

    return re.sub(r"[A-Za-z]+", other, text)


# Changes that mean nothing and must change no outcome, by name.
CHANGES: Mapping[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "no punctuation": _without_punctuation,
    "polite opening": lambda text: f"Hi, please can you tell me {text}",
    "thanks": lambda text: f"{text} thanks",
    "other side's spelling": _across_the_atlantic,
}

# Manners that the search has no list of, unlike "hi" and "please": whether it understands them or
# only strips what it knows. To be left as they are, and never to be added to that list.
UNLISTED: Mapping[str, Callable[[str], str]] = {
    "unlisted opening": lambda text: f"Evening all, forgive me for asking but {text}",
    "unlisted request": lambda text: f"Greetings, would you be so kind as to let me know {text}",
    "unlisted closing": lambda text: f"{text}, much appreciated, Sarah",
}
