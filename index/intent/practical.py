"""Recognise a question about the clinic itself, such as its hours, prices and place: pure.

Articles are about health. "When are you open" is answered by a card made from `clinic.toml`, and
no passage is nearer. "How long are appointments" and "can I cancel out the pain" share its words
and ask about something else: so a question has to say what is wanted, and all its other words have
to be among those that add nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache

from core.text.normalize import normalize_query
from core.text.tokens import normalize_token

# A longer question also says what it is about.
_MAX_WORDS = 16
# No pattern needs more words that say something: most questions are known not to be one by that.
_MOST_TELLING = 3


class Practical(StrEnum):
    """What a question about the clinic itself wants to know or to do."""

    HOURS = "hours"
    PRICE = "price"
    PLACE = "place"
    TRAVEL = "travel"
    CONTACT = "contact"
    CHANGE = "change"
    BOOKING = "booking"


# English and French, in the form of `normalize_query`, without accents and without l', d', j'.
_VISIT = r"""appointments?|ap?pointe?ments?|appts?|visits?|sessions?|consultations?|assessments?
|slots?|bookings?|check ?ups?|follow ups?|rendez vous|rdv|seances?"""
_PLACE = r"clinic|practice|surgery|office|reception|cabinet|clinique"
# Not "somebody": who needs somebody to talk to may be in distress, and is met by all numbers.
_PEOPLE = r"""person|people|human|human being|you|u|us
|staff|reception|receptionist|team|clinic|practice|therapist|physio|physiotherapist|operator|quelqu'un|personne|humain"""

# All patterns of a line have to occur; the first line that fits decides.
_WANTED = (
    (
        Practical.CHANGE,
        r"cancel|change|move|reschedul\w*|rebook|postpone|rearrange|swap|(?:can't|cannot|can not"
        r"|couldn't|won't be able to|unable to|not able to) (?:make|attend|come to|keep|get to)"
        r"|missed|miss|late for|annuler|deplacer|changer|reporter|modifier|decommander",
        _VISIT,
    ),
    (
        Practical.CHANGE,
        r"cancel|cancellations?|reschedule|rebook|running late|going to be late|annuler",
    ),
    (
        Practical.HOURS,
        r"(?:opening|open|closing|business|office|reception|clinic) (?:hours?|times?|days?)|hours"
        r"|open|opens|opening|closed|closes|close(?! to)|shut|horaires?|heures? d ouverture"
        r"|ouverte?s?|fermee?s?",
    ),
    (
        Practical.PRICE,
        r"how much (?:is|are|for|per)|\Ahow much\Z|how expensive|costs?|prices?|pricing|fees?"
        r"|charges?|expensive|tariffs?|rates?|pay|prix|tarifs?|honoraires|combien|coute\w*",
    ),
    (
        Practical.CONTACT,
        r"(?:tele)?phone|numbers?(?! of)|e ?mail|contacts?|(?:call|ring|phone|reach|message|text"
        rf"|get in touch with|get hold of) (?:a |the |your )?(?:{_PEOPLE})|(?:call|ring|phone) me"
        r"|call ?back|(?:should|do|can) i call|real person|human|receptionist|operator|numero"
        r"|courriel|joindre|contacter|rappeler",
    ),
    (Practical.CONTACT, r"(?:talk|speak|chat|talking|speaking) (?:to|with)|parler", _PEOPLE),
    (
        Practical.PLACE,
        rf"where (?:exactly )?(?:(?:are|r) (?:you|u)|is (?:the|your|this) (?:{_PLACE}))"
        rf"|find (?:you|u|(?:the|your) (?:{_PLACE}))|ou (?:etes vous|est (?:le|la|votre)"
        rf" (?:{_PLACE}))|addres+|post ?code|zip ?code|location|directions|adresse|se trouve",
    ),
    (
        Practical.TRAVEL,
        r"parking|car ?park|park|park my car|wheelchair access\w*|step free|disabled access|garer"
        rf"|stationnement|(?:get|come|travel) (?:there|to (?:you|u|(?:the|your) (?:{_PLACE})))"
        r"|comment venir|(?:which|what|nearest|by) (?:bus|train|tram|tube|station|metro)|bus stop"
        r"|train station",
    ),
    (
        Practical.BOOKING,
        r"book(?:ing|ings)?|appointments?|apointments?|appts?|availability|rendez vous|rdv"
        r"|(?:see|seen by) (?:a|the|your|one of your) (?:physio\w*|therapist)",
    ),
    (Practical.BOOKING, r"make|arrange|schedule|prendre|reserver|available", _VISIT),
)
# The same words ask about care here: when to come, what to bring, how many sessions.
_CARE = re.compile(
    r"\b(?:what (?:do|should|will|can|must|would) (?:i|you|we) (?:need|do|have|want|get|give|see"
    r"|check|show|know|tell|like)|(?:do|should|must) i (?:need to |have to |really )*"
    r"(?:see|have)|when (?:do|should|to) (?:i )?(?:need to )?(?:see|get|have|find))\b"
)
# Words that add nothing: greetings, the person, the day, the clinic, what is booked or paid for.
_NOTHING = frozenset(
    """
please i i'm im i'd me my we us our you u your they it it's its this that there here a an the
one some any is are am be been was r do does did will would can could may might should must have
has got get want need needs like love wish to of for on in at with by from per and or so just
also really exactly what what's whats which when where who how time times day days o clock much
late early till until up hi hello hey sorry thanks know tell give show find check ask see look
looking trying try let clinic clinic's practice surgery office reception receptionist desk team
staff place shop center physio physios physiotherapy physiotherapist therapist doctor someone
somebody anyone anybody person people human being real actual living member guys operator
appointment appointments appt appts apointment session sessions visit visits consultation
consultations assessment assessments treatment treatments slot slots booking bookings checkup
follow ups first initial next new another single each private earliest soonest free available
left already dry needling acupuncture massage sports shockwave pilates hydrotherapy osteopathy
podiatry rehab today tomorrow tonight now asap urgently soon later again back weekend weekends
week weekday weekdays monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays
friday fridays saturday saturdays sunday sundays evening evenings morning mornings lunch
lunchtime bank public holiday holidays christmas easter based located situated address ouverture
etes ca se online phone telephone email internet website page list details number numbers info
information pay charge charged cost costs price prices money directions map hours opening car
bus train tram tube station stop take nearby near nearest disabled wheelchair spaces space date
make making
le la les l un une mon ma mes vos votre notre de du des d j je vous est ce que qu c y t il sont
suis veux voudrais souhaite puis dois peux pouvez comment quand quel quelle quels quelles ou
combien heure pour avec au aux en ligne svp s si plait bonjour merci cabinet clinique kine
kinesitherapeute lundi mardi mercredi jeudi vendredi samedi dimanche soir matin aujourd hui
demain premiere seance rendez rdv
""".split()
)
# "l'adresse" is two words.
_ELISION = re.compile(r"\b([ldjcnst]|qu)'")


def practical_of(question: str) -> Practical | None:
    """Say what a question about the clinic itself wants; None for any other question."""
    text = _ELISION.sub(r"\1 ", normalize_token(normalize_query(question)))
    words = text.split()
    telling = sum(word not in _NOTHING for word in words)
    if len(words) > _MAX_WORDS or telling > _MOST_TELLING or _CARE.search(text):
        return None
    return next((wanted for wanted, *parts in _compiled() if _says_only(text, parts)), None)


def _says_only(text: str, parts: Sequence[re.Pattern[str]]) -> bool:
    rest = text
    for part in parts:
        if not part.search(text):
            return False
        rest = part.sub(" ", rest)
    return _NOTHING.issuperset(rest.split())


@cache
def _compiled() -> tuple[tuple[Practical, *tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (wanted, *(re.compile(rf"(?<![\w'])(?:{part})(?![\w'])") for part in _joined(parts)))
        for wanted, *parts in _WANTED
    )


def _joined(parts: Iterable[str]) -> Iterator[str]:
    return ("".join(part.splitlines()) for part in parts)
