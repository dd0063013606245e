"""The patterns of questions that want a certain kind of answer: a time, a price, exercises.

They are written as those of `index.intent.aspect_words`. A pattern ASKS_ matches the question, its
SAYS_ a sentence that gives such an answer; an amount of money has become MONEY before.
"""

from __future__ import annotations

_NUMBER = r"""
  (?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty
  |forty|sixty|ninety|half|first|second|third|few|several|some|many|couple of|every|next)
""".strip()
_UNIT = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|decades?)"
)
_DAY = r"""
  (?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekends?|bank holidays?
  |mon|tues?|weds?|thurs?|fri|sat)
""".strip()

# -- how long, how soon, when again ------------------------------------------------------------
ASKS_DURATION = r"""
  \bhow (?:long|soon|quickly)\b(?! (?:is|are) (?:the|your) (?:needles?|pins?)\b)
| \bhow many (?:days|weeks|months|years|minutes|hours)\b
| \bhow much (?:time|longer)\b
| \bwhen (?:can|could|may|should|will|would) (?:i|we|you|it|he|she|they|my)\b
"""
SAYS_DURATION = rf"""
  \b{_NUMBER}(?: (?:{_NUMBER}|to|or|and|more|full|whole|working)){{0,4}} {_UNIT}\b
| \b(?:immediate(?:ly)?|instant(?:ly)?|straight ?away|at once|overnight|same day|next day|fast
  |faster|quick(?:ly|er)?|slow(?:ly)?|soon|for good|for ever|forever|permanent(?:ly)?|lifelong)\b
| \b(?:until|once you|once your|as soon as|as long as|when you can|when you are|when your
  |days|weeks|months|years)\b
"""
# -- how much it costs --------------------------------------------------------------------------
ASKS_PRICE = r"""
  \bhow much (?:does|do|would|will|is|are|was|for|to)\b
  (?! (?:it|they|this|that)? ?(?:hurt|weigh|sleep|exercise|rest|walk|water|help|bend|move)\b)
  (?! (?:too much|normal|safe|enough)\b)
| \bhow much (?:it )?costs?\b
| \bhow much (?:do|would) you charge\b
| \b(?:prices?|pricing|costs?|fees?|tariffs?)\b
  (?:$| (?:of|for|per|list|is|are|a|each)\b)
| ^(?:prices?|pricing|costs?|fees?|charges?)\b
| \bis (?:it|this|that|\w+) (?:expensive|free)\b(?! (?:of|from)\b)
"""
MONEY = "moneys"
SAYS_PRICE = rf"""
  \b{MONEY} \d+(?: \d+)*\b(?! (?:million|billion|trillion))
| \b\d+ (?:pounds?|euros?|dollars?|gbp|eur|usd|chf|francs?|rupees?|pence|cents)\b
| \b(?:free of charge|no charge|no extra cost|for free|is free|are free|free visit)\b
"""
# -- opening hours -----------------------------------------------------------------------------
ASKS_HOURS = rf"""
  \b(?:opening|clinic|business|office|closing) (?:hours?|times?)\b
| \b(?:when|what time|what times|what days|which days) (?:do|are|is|does) (?:you|the clinic|it)
  (?: \w+){{0,2}} (?:open|opened|close|closed|shut|shuts|start|finish)\b
| \b(?:are|do|is) (?:you|the clinic)(?: \w+){{0,2}} (?:open|closed|shut)\b
| ^open (?:on )?{_DAY}
| \b(?:evening|weekend|saturday|sunday|late|early) (?:appointments?|visits?|hours?|opening)\b
"""
SAYS_HOURS = rf"""
  \b{_DAY}\b
| \b\d{{1,2}}(?: \d\d)? ?(?:am|pm|a m|p m|noon|o'clock)\b
| \b\d{{1,2}} [0-5]\d (?:to |until )?\d{{1,2}} [0-5]\d\b
| \b24 hours\b
"""
# -- booking, changing and cancelling ------------------------------------------------------------
_VISIT = r"(?:appointments?|bookings?|visits?|sessions?|consultations?|slots?)"
ASKS_BOOKING = rf"""
  \b(?:book|booking|make|arrange|schedule)(?: \w+){{0,3}} {_VISIT}\b
| \bhow (?:do|can|to|does|would|could)(?: (?:i|you|we|one))? (?:book|schedule|register|sign up)\b
| \b(?:can|could|may) (?:i|we|you) (?:book|schedule)\b
| ^(?:book|booking|bookings|appointments?)(?: (?:online|now|please|today|tomorrow))?$
"""
SAYS_BOOKING = r"""
  \b(?:book|booked|booking|schedule|ring|call|phone|telephone|email|reception|receptionist|online
  |walk in|drop in)\b
"""
ASKS_CANCEL = rf"""
  \b(?:cancel|cancell?ing|cancell?ation|reschedul\w+|rearrang\w+|postpon\w+)\b
| \b(?:change|move|miss|missed)(?: \w+){{0,2}} {_VISIT}\b
"""
SAYS_CANCEL = r"""
  \b(?:cancel\w*|reschedul\w+|rearrang\w+|postpon\w+|missed|change your|late)\b
"""
# -- exercises ---------------------------------------------------------------------------------
ASKS_EXERCISES = r"""
  \b(?:exercises|stretches)(?: (?:to|for|with|at|i|you|we|can|help|please|against|of)\b|$)
| \b(?:what|which|any|some|best|good|home) (?:\w+ ){0,2}(?:exercises|stretches)\b
| \bhow (?:do|can|should|to|would)(?: i| you| we)? (?:stretch|strengthen|exercise)\b
| \b(?:what|how) (?:can|should|could|do) i (?:stretch|strengthen|exercise)\b
"""
SAYS_EXERCISES = r"""
  \b(?:exercis\w+|stretch(?:es|ing)?|strengthen\w*|repetitions?|repeat|reps|sets of|both sets)\b
| \bhold (?:\w+ ){0,8}seconds?\b
| \b(?:\d+|five|ten|twelve|fifteen|twenty|thirty) times\b
| \b(?:once|twice|times) (?:a|each|every|per) day\b
"""
# -- may I do that -------------------------------------------------------------------------------
# What patients ask leave for; a passage that does not name it is no answer.
ACTIVITIES = (
    r"driv(?:e|es|ing|en|er|ers)|behind the wheel",
    r"fly|flying|flights?|(?:aero|air)?planes?|air travel|travell?ing|travel",
    r"swim|swims|swimming|pools?",
    r"runs?|running|runners?|jog|jogs|jogging",
    r"sports?|gym|football|rugby|tennis|golf|netball|danc(?:e|ing)|exercis\w+"
    r"|train(?:ing)?|workouts?|yoga|pilates|play(?:ing)?|cycl\w+|bik(?:e|es|ing)|weights?"
    r"|lift(?:ing)?|active|activit(?:y|ies)|ski|skiing|climb\w*|hik\w+",
    r"work|works|working|job|desk|office|duties",
    r"showers?|showering|baths?|bathing|wash|washing|wet|hot tubs?|saunas?",
    r"alcohol\w*|beers?|wine|pub|drink|drinks|drinking",
    r"sex|sexual|sexually|intercourse|intimacy|intimate|mak(?:e|ing) love",
    r"sleep|sleeps|sleeping|lie|lying",
    r"walk|walks|walking|steps?|stairs",
    r"kneel|kneeling|crouch\w*|squat\w*",
)
# Whatever allows, forbids or sets a time.
SAYS_LEAVE = r"""
  \b(?:can|may|could|should|must|avoid|wait|fine|safe|safely|okay|ok|allowed|ready|not|don't|never
  |until|once|as long as|as soon as|after|before|start|return|again|stop|legal|law|rest|weeks?|days?
  |months?)\b
"""


def asks_leave_for(named: str) -> str:
    """Return the pattern of a question whether, or when, an activity is allowed."""
    return rf"""
  ^(?!(?:how (?!long|soon)|what|which|why|who)\b)(?:[\w']+ ){{0,12}}?
  (?:can|may|could|should|shall) (?:i|we|he|she|you|my \w+)(?: \w+){{0,4}}? (?:{named})\b
| \b(?:ok|okay|safe|alright|all right|fine|allowed|able|ready|sensible|legal|good idea|bad idea)
   to(?: \w+){{0,3}}? (?:{named})\b
| \b(?:back to|return to|before|until)(?: \w+){{0,2}}? (?:{named})$
| ^(?:{named}) (?:with|after|on|following)\b
"""


# -- why ------------------------------------------------------------------------------------------
ASKS_CAUSE = r"""
  ^why\b(?! (?:not|should|is it called|dry|choose|us|you|see))
| \bwhat (?:can |could |might |may |usually |would )?(?:causes?|causing|brings? on|triggers)\b
| \b(?:causes?|reasons?) (?:of|for)\b
| \bwhat (?:is|are|was) (?:the )?(?:causes?|reasons?|causing)\b
| \bhow (?:did|do|does) (?:i|you|people|one|it|this) (?:get|start|happen|come)\b
| ^causes$
"""
SAYS_CAUSE = r"""
  \b(?:because|caus(?:e|es|ed|ing)|due to|as a result|results? (?:of|from)|reasons?
  |brings? (?:it )?on|brought on|triggered|comes? from|happens? (?:when|if|after)|leads? to
  |make it more likely|risk factors?|overuse|come on (?:after|when))\b
"""
# -- what something is ---------------------------------------------------------------------------
_NO_THING = r"""
  (?:best|normal|usual|cost|price|difference|risks?|dangers?|side|causes?|symptoms?|signs?|cure
  |treatments?|point|benefits?|chances?|odds|rules?|my|your|his|her|this|that|it|good|bad|wrong
  |exercises?|stretches|happening|going|there)
""".strip()
ASKS_MEANING = rf"""
  ^(?:what(?:'s| is| are)|whats|about|define|explain|describe)(?: exactly)?(?: an?| the)?
   (?!(?:[\w']+ ){{0,2}}{_NO_THING}\b)(?:[\w']+ ){{0,2}}[\w']+$
| ^what (?:do|does)(?: [\w']+){{1,5}} mean$
| ^(?:[\w']+ ){{1,3}}(?:meaning|definition)$
| ^(?:meaning|definition) of\b
"""
SAYS_MEANING = r"""
  ^(?!(?:it|this|that|these|those|they|there|he|she|you|we|what|who|if|when|one|some|many|most|all
  |as|in|for|to|its|the (?:main|best|most|next|aim|good|bad))\b)(?:[\w']+ ){1,5}(?:is|are|means
  |refers to|describes)(?: \w+ly)? (?:an?|the|when|any|one|what|where|pressure|damage|swelling
  |inflammation|caused|stiffness|weakness|pain|sometimes called|a kind|another)\b
"""
