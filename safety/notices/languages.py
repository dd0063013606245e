"""What the term rules have to know of a language: how its words are parted, stemmed and denied.

A language is known by its code of two letters ("fr" of "fr-CA"). The phrases that people use are in
the file of notices; here is only what its format cannot hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.text.contractions import WITH_NOT, joined
from core.text.tokens import snowball_stem, stem


@dataclass(frozen=True, slots=True)
class Language:
    """A language; the defaults serve one of which nothing but its name is known.

    `stem` brings a word without accents to its stem. `endings` are left out at the end of a word
    with an apostrophe; with `has_elisions` an apostrophe parts two words (l'eau), else it is left
    out (cant). `parts` are words that stand for several. `with_not` are verbs and their form with
    "not". `inability` are words that deny by themselves. `either` are the words for "or".
    `list_comma` is a comma that does not end what a "no" belongs to. `actions` begin a heading.
    `words` are texts of `[numbers]` for a country that the file does not know. With `has_typos`
    there is a dictionary, and words that are not in it are corrected.
    """

    name: str
    stem: Callable[[str], str] = str
    endings: tuple[str, ...] = ()
    has_elisions: bool = False
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    with_not: Mapping[str, str] = field(default_factory=dict)
    inability: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()
    list_comma: re.Pattern[str] | None = None
    actions: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    has_typos: bool = False


def language_of(code: str) -> Language:
    """Return what is known of a language."""
    return _LANGUAGES.get(code) or Language(f"the language “{code}”")


def _snowball(algorithm: str) -> Callable[[str], str]:
    return lambda word: snowball_stem(word, algorithm)


def _french_stem(word: str) -> str:
    """Stem a French word that is written without accents: gonflé and gonflée are one, as bleus."""
    stemmed = snowball_stem(word, "french")
    return _FRENCH_PLURAL.sub("", stemmed).rstrip("e") or word


def _elided(before: str, verbs: str) -> dict[str, tuple[str, ...]]:
    """Return words as people write them without the apostrophe: "jai", "dun"."""
    return {f"{before}{word}": (before, word) for word in verbs.split()}


def _typed(short: str) -> dict[str, tuple[str, ...]]:
    """Return what short words of messages stand for."""
    pairs = (pair.split("=") for pair in short.split(", "))
    return {word: tuple(meant.split()) for word, meant in pairs}


_FRENCH_PLURAL = re.compile(r"(?<=[aeiou]{2})[sx]$")

_LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        "English",
        stem=stem,
        endings=("'s", "'d", "'ll"),
        # "isn't able" becomes "is not able", so that the "not" denies the words after it.
        parts={
            "cannot": ("can", "not"),
            **{
                joined(WITH_NOT[word]): (word, "not")
                for word in "is are was were has have had".split()
            },
            "aint": ("is", "not"),
        },
        # "is not" and "isnt" are the same; the form that people type without an apostrophe is kept.
        with_not={
            word: joined(WITH_NOT[word])
            for word in "can could do does did will would should".split()
        },
        inability=frozenset(
            "cant couldnt wont wouldnt unable cudnt cnt wnt cannae canny willnae wullnae".split()
        ),
        either=frozenset({"or", "nor"}),
        # "no fever, chills or night sweats"
        list_comma=re.compile(
            r",(?=\s*(?:(?!(?:i|im|ive|my|its?|is|are|was|he|she|they|now|still|but)\b)"
            r"[\w']+[\s,]+){1,4}n?or\b)"
        ),
        actions=("Call", "Go", "Ask", "Get", "Contact", "Tell", "See", "Talk", "Phone"),
        has_typos=True,
    ),
    "fr": Language(
        "French",
        stem=_french_stem,
        has_elisions=True,
        parts={
            **_elided("j", "ai as avais aurai aurais arrive arrivais arriv arrete essaie entends"),
            **_elided("j", "etais etouffe en y urine hesite habite attends avale aimerais ose"),
            **_elided("n", "ai a as ont est arrive arrivais arrivait arrivent arriv avait avais"),
            **_elided("n", "etait en y avale entend entends urine avance"),
            **_elided("c", "est etait ete"),
            **_elided(
                "d", "un une en avoir etre epaule aiguille urine uriner accident etourdissement"
            ),
            **_elided(
                "l", "epaule aiguille aine oeil oreille autre estomac abdomen eau hopital anus"
            ),
            **_elided("l", "aisselle impression os avant"),
            **_elided("m", "a ai est evanouis essuie essuyant endors etouffe empeche"),
            **_elided("s", "est etait essuie evanouit etouffe infecte arrete etend aggrave"),
            **_elided("t", "es as"),
            **_elided("qu", "il elle on un une ils elles"),
            **_typed(
                "jpeux=j peux, jsuis=j suis, jsens=j sens, jme=j me, jvois=j vois, jen=j en, "
                "jveux=j veux, jveu=j veux, veu=veux, jpeu=j peux, jvais=j vais, "
                "jperds=j perds, jcrache=j crache, g=j ai, ya=y a, "
                "chui=je suis, chuis=je suis, jsp=je sais pas, pa=pas, plu=plus, o=au, ki=qui, "
                "pr=pour, ds=dans, dps=depuis, dpuis=depuis, tjs=toujours, tjrs=toujours, "
                "bcp=beaucoup, auj=aujourd hui, aujourdhui=aujourd hui, apre=apres, mm=meme"
            ),
        },
        inability=frozenset({"cant"}),
        either=frozenset({"ou", "ni"}),
        # "pas de fièvre, de frissons ou de sueurs"
        list_comma=re.compile(
            r",(?=\s*(?:(?!(?:je|j|jai|mon|ma|mes|il|elle|on|c|ca|est|suis|mais|maintenant)\b)"
            r"[\w']+[\s,]+){1,4}(?:ou|ni)\b)"
        ),
        actions=(
            *("Appelez", "Allez", "Demandez", "Contactez", "Consultez", "Dites", "Parlez"),
            *("Prévenez", "Signalez"),
        ),
        words={
            "local_emergency": "numéro d'urgence de votre pays",
            "hospital": "à l'hôpital le plus proche",
            "doctor": "médecin",
            "urgent_line": "un médecin de garde",
            "urgent_centre": "chez un médecin",
        },
    ),
    **{
        code: Language(name, stem=_snowball(name.lower()))
        for code, name in {
            "ar": "Arabic",
            "ca": "Catalan",
            "da": "Danish",
            "de": "German",
            "es": "Spanish",
            "fi": "Finnish",
            "hu": "Hungarian",
            "it": "Italian",
            "nl": "Dutch",
            "no": "Norwegian",
            "pt": "Portuguese",
            "ro": "Romanian",
            "ru": "Russian",
            "sv": "Swedish",
            "tr": "Turkish",
        }.items()
    },
    **{code: Language(name) for code, name in {"cy": "Welsh", "pl": "Polish"}.items()},
}
