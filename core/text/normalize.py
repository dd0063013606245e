"""A visitor's question, cleaned and normalised for scoring. Pure."""

from __future__ import annotations

import re
import unicodedata

from core.text.contractions import JOINED

MAX_QUERY_CHARS = 4000
# A query that begins with this is searched for as typed, without correction.
AS_TYPED = "+"
# Words in double quotes, straight or curly, without the quotes.
QUOTED = re.compile(r"[\"\u201c\u201d]([^\"\u201c\u201d]+)[\"\u201c\u201d]")

# How people open and close a message. It says nothing about their question, but changes its vector.
_OPENING = re.compile(
    r"""(?: hi+ | hello | hey+ | hiya | dear\ (?:sir|madam|team|physio|doctor)
    | good\ (?:morning|afternoon|evening|day) | excuse\ me | sorry(?:\ to\ bother\ you)?
    | thanks | thank\ you | please | pls | kindly | ok(?:ay)?
    | (?:just\ a\ )?quick\ question | i\ have\ a\ (?:quick\ )?question(?:\ about)?
    | i(?:\ a|')?m\ (?:just\ )?wondering | (?:i\ was\ )?(?:just\ )?wondering
    | i(?:'d|\ would)\ like\ to\ (?:know|ask) | i\ (?:just\ )?(?:want|wanted)\ to\ (?:know|ask)
    | (?:can|could|would)\ (?:you|someone|anyone)\ (?:please\ )?tell\ me
    | (?:please\ )?tell\ me | do\ you\ know | any\ idea | (?:can|could|may)\ i\ (?:please\ )?ask
    | (?:can|could|would)\ you\ (?:please\ )?(?:explain|help\ me\ understand)
    )(?=[\s,.!?:;\-]|$)[\s,.!?:;\-]*(?:(?:if|whether)\s+)?""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING = re.compile(
    r"(?<![\s,.!?;\-])[\s,.!?;\-]+"
    r"(?:please|pls|thanks(?: (?:a lot|so much|in advance))?|cheers|many thanks"
    r"|thank you(?: (?:very|so) much| in advance)?|kind regards|regards)[\s,.!?;\-]*$",
    re.IGNORECASE,
)
_LONGEST_CLOSING = 32  # more than any closing with the space before it
# British and American spellings; both sides of a comparison use the second.
AMERICAN = dict(
    pair.split(":")
    for pair in """anaemia:anemia anaesthetic:anesthetic behaviour:behavior caesarean:cesarean
    centre:center colour:color diarrhoea:diarrhea favourite:favorite fibre:fiber
    gynaecologist:gynecologist haematoma:hematoma haemophilia:hemophilia haemorrhage:hemorrhage
    hospitalised:hospitalized labour:labor leukaemia:leukemia litre:liter manoeuvre:maneuver
    metre:meter mobilise:mobilize mobilisation:mobilization mum:mom neighbour:neighbor
    odour:odor oedema:edema oesophagus:esophagus oestrogen:estrogen organisation:organization
    orthopaedic:orthopedic paediatric:pediatric paraesthesia:paresthesia paralyse:paralyze
    paralysed:paralyzed practise:practice programme:program realise:realize recognise:recognize
    specialise:specialize stabilise:stabilize theatre:theater travelling:traveling
    tumour:tumor tyre:tire""".split()
)
# Letters with stops between them are one word, "A.C.L.". Hyphens part words: "follow-up" and
# "follow up" are the same.
ABBREVIATION = r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"
WORD = r"[^\W_]+(?:['\u2019][^\W_]+)*"
_ABBREVIATION = re.compile(ABBREVIATION)
# A tag that was copied from a web page. Nothing else between "<" and ">": it may be what hurts.
_TAG = re.compile(
    r"""</?(?:a|abbr|article|b|blockquote|body|br|button|caption|code|div|em|figure|font|footer|form
    |h[1-6]|head|header|hr|html|i|iframe|img|input|label|li|link|main|mark|meta|nav|ol|option|p|pre
    |script|section|select|small|span|strong|style|sub|sup|svg|table|tbody|td|textarea|th|thead
    |title|tr|u|ul|video)(?:\s+[\w:-]{1,40}\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)){0,40}\s*/?>""",
    re.IGNORECASE | re.VERBOSE,
)
_WORDS = re.compile(WORD)


def clean_query(text: str) -> str:
    """Drop tags of web pages and characters that cannot be seen, collapse spaces, cut at the limit.

    Zero-width joiners stay: emoji and several scripts are spelled with them.
    """
    text = text[: 20 * MAX_QUERY_CHARS]  # bounds the work below, far above the limit
    text = _TAG.sub(" ", text)
    visible = (c if _is_visible(c) else " " if c.isspace() else "" for c in text)
    return " ".join("".join(visible).split())[:MAX_QUERY_CHARS].rstrip()


def has_words(query: str) -> bool:
    """Say whether there is anything to search for: at least one letter or digit."""
    return any(c.isalnum() for c in query)


def normalize_query(query: str) -> str:
    """Return the form for scoring: lower case, no politeness, punctuation or regional spelling.

    The questions of the bank have the same form. Never empty if the query has words.
    """
    straight = query.replace("\u2019", "'").replace("\u2018", "'")
    plain = _ABBREVIATION.sub(lambda match: match.group().replace(".", ""), straight.lower())
    text = _without_politeness(" ".join(_WORDS.findall(plain)))
    words = (JOINED.get(word, word) for word in text.split(" "))
    return " ".join(AMERICAN.get(word, word) for word in words)


def _without_politeness(text: str) -> str:
    """Remove openings and closings from words separated by single spaces, but never all words.

    Only the two ends move, without copies, so that many greetings take no longer than other words.
    """
    start, end = 0, len(text)
    while True:
        opening = _OPENING.match(text, start, end)
        begin = opening.end() if opening else start
        if begin == end:  # nothing would be left
            break
        closing = _CLOSING.search(text, max(begin, end - _LONGEST_CLOSING), end)
        stop = closing.start() if closing else end
        if (begin, stop) == (start, end):
            break
        start, end = begin, stop
    return text[start:end]


def _is_visible(c: str) -> bool:
    return c in "\u200c\u200d" or unicodedata.category(c)[0] != "C"
