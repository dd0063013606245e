"""The words by which two sentences can contradict each other, as data; all in lower case.

Words are compared by their stems, so "increases" and "increased" need no entries of their own.
"""

from __future__ import annotations

from core.text.tokens import stem

_TO_NINETEEN = """zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBERS = {
    **{word: number for number, word in enumerate(_TO_NINETEEN)},
    **{word: 10 * tens for tens, word in enumerate(_TENS, start=2)},
}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
TIMES = {"once": 1, "twice": 2, "thrice": 3}

# "A week" after one of these is one week.
BEFORE_A_TIME = frozenset("for within after in about takes lasts than".split())

# Each unit is (measure, factor): quantities of one measure are compared after conversion.
_HOUR, _DAY = 60, 60 * 24
_UNITS = {
    ("time", 1 / 60): "second sec",
    ("time", 1): "minute min",
    ("time", _HOUR): "hour hr",
    ("time", _DAY): "day",
    ("time", 7 * _DAY): "week wk",
    ("time", 365.25 / 12 * _DAY): "month",
    ("time", 365.25 * _DAY): "year yr",
    ("mass", 1e-6): "microgram mcg µg",
    ("mass", 1e-3): "milligram mg",
    ("mass", 1): "gram gm g",
    ("mass", 1e3): "kilogram kilo kg",
    ("mass", 453.592): "pound lb",
    ("volume", 1): "millilitre milliliter ml",
    ("volume", 1e3): "litre liter l",
    ("length", 0.1): "millimetre millimeter mm",
    ("length", 1): "centimetre centimeter cm",
    ("length", 2.54): "inch",
    ("length", 100): "metre meter m",
    ("length", 1e5): "kilometre kilometer km",
    ("length", 160_934): "mile",
    ("share", 1): "% percent percentage",
    ("temperature", 1): "° degree °c celsius",
    ("fahrenheit", 1): "°f fahrenheit",
    ("money", 1): "£ $ € pound dollar euro",
    ("times", 1): "time",
    ("pressure", 1): "mmhg",
    ("units", 1): "unit iu",
}
UNITS: dict[str, tuple[str, float]] = {}
for _measure, _names in _UNITS.items():
    for _name in _names.split():
        UNITS.setdefault(_name, _measure)
        UNITS.setdefault(_name + ("es" if _name == "inch" else "s"), _measure)
MONEY = frozenset("£$€")
RATES = {"daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month", "yearly": "year"}

# A number after one of these belongs to a name: "type 2", "stage III".
NAMED_BY_NUMBER = frozenset(
    """type types stage grade step phase level class figure table page part chapter section number
    room vitamin version factor chromosome group option category hepatitis lesson exercise
    line""".split()
)
CALLED = frozenset("call dial phone ring text telephone tel fax extension ext".split())

# Articles copied from web pages often lose their apostrophes.
NEGATORS = frozenset(
    """not never no none nobody nothing neither cannot cant dont doesnt didnt isnt arent wasnt
    werent wont shouldnt couldnt wouldnt mustnt""".split()
)
# Where a negator is followed by one of these, nothing is denied.
NOT_DENIED = {
    "not": frozenset("only just merely hesitate forget delay necessarily".split()),
    "no": frozenset("matter more less fewer later sooner doubt".split()),
    "don't": frozenset("hesitate forget delay".split()),
}
# These words do not change a statement.
EMPTY = frozenset(
    """always usually often generally commonly normally typically about approximately around
    nearly almost roughly also well please however therefore simply actually really quite""".split()
)
# Sharing these words does not mean sharing a topic.
GENERAL = frozenset(stem(word) for word in "patient people person woman man".split())
# The words after one of these, up to the next comma, are a condition.
CONDITIONAL = frozenset(
    """if when whenever unless until till whether who whose which whom where while although though
    because since""".split()
)
# A sentence that begins with one of these has its subject in the sentence before.
PRONOUNS = frozenset("it its they their them this these those he she such symptoms".split())
DETERMINERS = frozenset("the this these such both its their".split())
NAMELESS = frozenset(
    """condition conditions disease diseases disorder disorders syndrome illness problem problems
    injury symptoms cause""".split()
)
# A statement about some people, or about what may be, contradicts nothing about others.
HEDGES = frozenset(
    "may might could some sometimes perhaps possibly necessarily others another many".split()
)
# Two days for some people, and six for others, are no contradiction.
PART_OF_ALL = frozenset(stem(word) for word in "some others another sometimes".split())
# In advice "avoid" denies what comes after it; elsewhere it is a purpose and means "prevent".
BEFORE_ADVICE = frozenset("should must please always".split())
ADVISED = frozenset("best try need important have want wise better sure advised careful".split())

DENYING_FORMS = {
    stem(denied): stem(word)
    for pair in """uncommon/common unsafe/safe unlikely/likely unable/able impossible/possible
        ineffective/effective unnecessary/necessary unusual/usual unhealthy/healthy
        uncomfortable/comfortable unimportant/important unhelpful/helpful harmless/harmful
        painless/painful incurable/curable unreliable/reliable irreversible/reversible
        inappropriate/appropriate unsuitable/suitable noncontagious/contagious""".split()
    for denied, word in [pair.split("/")]
}
OPPOSITES = frozenset(
    (stem(one), stem(other))
    for pair in """always/never before/after hot/cold heat/ice heat/cold warm/cool
    increase/decrease increase/reduce raise/lower raise/reduce rise/fall more/less more/fewer
    most/few most/least longer/shorter better/worse improve/worsen relieve/worsen often/rarely
    usually/rarely commonly/rarely often/never above/below over/under maximum/minimum with/without
    stop/start stop/continue stop/keep start/end safe/dangerous safe/harmful high/low strong/weak
    tighten/loosen strengthen/weaken easy/difficult all/none everyone/nobody common/rare early/late
    immediately/later allow/forbid recommended/discouraged open/closed
    contagious/harmless slow/fast slower/faster empty/full include/exclude gain/lose hard/soft
    helps/harms encourage/discourage""".split()
    for a, b in [pair.split("/")]
    for one, other in ((a, b), (b, a))
)
SAME = {
    stem(word): stem(group.split()[0])
    for group in """operation surgery|doctor physician clinician|medicine medication drug|
    session appointment visit|prevent avert|treatment therapy|tablet pill|pregnancy pregnant|
    more longer|injury injured|patient patients""".replace("\n", "").split("|")
    for word in group.split()[1:]
}
# With one of these in one sentence only (for whom, when), both sentences may be true.
RESTRICTING = frozenset(
    stem(word)
    for word in """child children adult baby infant teenager woman man women men girl boy older
    elderly younger pregnant breastfeeding athlete runner diabetic severe severely mild moderate
    acute chronic serious minor major early late left right upper lower first second third last
    primary secondary partial complete some rare emergency type untreated treated except average
    maximum minimum night morning evening new old general local open male female""".split()
)
