"""Recognise by words a cry for help that asks about nothing: pure.

"Help", "urgent" and "nothing helps anymore" name nothing that an article could answer, so any
passage would be a mockery. "What helps a stiff neck" names something, and is searched for. The
words work without a model; safety/notices/wording_model.py knows more.
"""

from __future__ import annotations

import re

from core.text.normalize import clean_query, normalize_query
from core.text.tokens import normalize_token

# A longer cry for help also says what it is about.
_MAX_WORDS = 14

# The words of a cry, also in other languages, because people in need use their own.
_CALLS = """
help|help me|helpp|hlep|halp|hepl|sos|s o s|mayday|urgent|urgently|urgant|emergency|emergancy
|emergencies|ambulance|rescue me|save me|crisis|in danger|desperate
|hilfe|hilf mir|helfen sie mir|notfall|dringend
|aide|a l'aide|aidez moi|aide moi|au secours|secours|urgence|urgences|j'ai besoin d'aide
|besoin d'aide
|ayuda|ayudame|ayudenme|auxilio|socorro|emergencia|urgente|aiuto|aiutatemi|emergenza
|pomocy|pomoc|ratunku|pomogite|ajuda|help mij|hulp|hjalp|hjelp|imdat|yardim|madad|bachao
|помогите|допоможіть|救命|助けて|مساعدة|النجدة|मदद
"""
# Words that may surround it and name no topic.
_AROUND = """
please pls plz i i'm im am me my we us he she him her they them this is it it's its there a an the
need needs needed want wants some someone somebody anyone anybody anything who can could will would
you to for and oh god now right really so very just get give immediately quick quickly asap
today here
fast soon have having in with real number numbers line helpline service services doctor nurse call
phone speak talk husband wife mum mom mother dad father son daughter child baby friend partner
literally actually hello hi hey ok sorry moi s'il vous plait bitte por favor per favore
"""
# Phrases of despair; words of the list after them may surround them.
_DESPAIR = """
nothing (?:ever )?(?:helps?|works?|worked|helped)|nothing (?:is|has been) (?:helping|working)
|nothing (?:has|had) (?:ever )?(?:helped|worked)|nothing i (?:do|try) (?:helps?|works?)
|(?:i )?(?:give|giving|gave|want to give|feel like giving|ready to give|about to give) up
|(?:i )?(?:can't|cannot|can not|couldn't|could not) (?:go on|carry on|keep going|cope|take it
|take this|take any more|take much more|take anymore|bear it|bear this|stand it|stand this|do this
|do it|live like this|face it|face another)
|had enough|at (?:my|the) (?:wits|wit's|wit) end|at the end of my (?:tether|rope)|end of my tether
|breaking point|(?:losing|lost|no|without) hope|hopeless|no way out
|(?:do not|don't) know what(?: else)? to do
|(?:do not|don't) know where to turn
|(?:no one|nobody) (?:can|will|wants to)? ?(?:helps?|listens?|believes?)
|fed up|falling apart|what(?:'s| is) the point|no point
"""
_WITH_DESPAIR = """
anymore any more at all like this that pain of all every day every single day longer again with from
life living going on i've ive been feel feeling feels honestly about else do don't know what any
much tired so many months years weeks tried trying everything has have done me's myself
"""


def _joined(lines: str) -> str:
    return "".join(lines.splitlines())


_CALL = re.compile(rf"(?<![\w'])(?:{_joined(_CALLS)})(?![\w'])")
_DESPAIRS = re.compile(rf"(?<![\w'])(?:{_joined(_DESPAIR)})(?![\w'])")
_FILLERS = frozenset(_AROUND.split())
_MORE_FILLERS = _FILLERS | frozenset(_WITH_DESPAIR.split())
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")


def is_cry(question: str) -> bool:
    """Say whether a question consists of a cry for help or of giving up, and of nothing else."""
    text = normalize_query(clean_query(question))
    if not text or len(text.split()) > _MAX_WORDS:
        return False
    text = normalize_token(_DRAWN_OUT.sub(r"\1", text))
    return _is_only(text, _CALL, _FILLERS) or _is_only(text, _DESPAIRS, _MORE_FILLERS)


def _is_only(text: str, cry: re.Pattern[str], fillers: frozenset[str]) -> bool:
    rest, cries = cry.subn(" ", text)
    return cries > 0 and fillers.issuperset(rest.split())
