"""Patterns of claims, and the words that they share.

Each line of a pattern is an alternative; a line that ends with a backslash continues in the next. A
space means any white space, and <NAME> an entry of `_WORDS`. Case is ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from safety.claims.kinds import ClaimKind

_WORDS = {
    "W": r"[\w'%-]+",
    "TOTALLY": r"(?:completely|totally|entirely|absolutely|perfectly|fully|utterly|wholly|truly"
    r"|virtually|practically|100 ?%|100 per ?cent|one hundred per ?cent)",
    "NOT": r"(?:(?:do|does|did|will|would|wo|ca|could|should)(?:n't| not)|cannot|can not|never)",
    "JUST_ONE": r"(?:just |only )?(?:one|a single|1|the first|your first|the very first)",
    "SESSION": r"(?:session|treatment|visit|appointment|needle|needling)s?",
    "PAIN": r"(?:pains?|aches?|stiffness|tension|symptoms?|headaches?|migraines?|sciatica"
    r"|arthritis|complaints?|discomfort|suffering|spasms?|tendonitis|fasciitis|backache)",
    "THERAPY": r"(?:procedures?|treatments?|therap(?:y|ies)|methods?|techniques?|approach(?:es)?"
    r"|clinics?|medicines?|medications?|drugs?|painkillers?|pills|tablets|surgery|operations?"
    r"|massages?|physio\w*|exercises?|acupuncture|injections?|stretching|ultrasound|options?)",
    "MEDICINE": r"(?:surgery|operations?|surgeons?|medicines?|medications?|drugs?|pain ?killers?"
    r"|pills?|tablets?|injections?|opioids?|steroids?|cortisone|scalpel|knife|insulin"
    r"|chemotherapy|(?:hip|knee|joint|shoulder) replacements?)",
    "OPERATION": r"(?:surgery|operations?|(?:hip|knee|joint|shoulder) replacements?|pain ?killers?"
    r"|pills|tablets|injections?|opioids?|the knife|the scalpel)",
    "SERIOUS": r"(?:cancers?|tumou?rs?|diabetes|blood pressure|hypertension|strokes?|depression"
    r"|heart (?:disease|failure|attacks?|problems)|asthma|copd|epilepsy|seizures|parkinson\S*"
    r"|alzheimer\S*|dementia|multiple sclerosis|motor neurone disease|infertility|autism|adhd|hiv"
    r"|hepatitis|covid\S*|(?:kidney|liver) (?:disease|failure)|lupus|crohn\S*|colitis|paralysis"
    r"|schizophrenia|bipolar disorder|ptsd|addictions?|endometriosis|pneumonia|cerebral palsy"
    r"|osteoporosis|rheumatoid arthritis|thyroid disease|glaucoma|anorexia)"
    r"(?! (?:risk|readings?|patients|gene)\b)",
    "TREATS": r"(?:treat(?:s|ed|ing)?|heal(?:s|ing)?|fights?|beats?|prevents?|manag(?:e|es|ing)"
    r"|controls?|lowers?|reduces?|improves?|relieves?|reverses?|cures?|combats?|tackles?"
    r"|overcomes?|stops?|eases?)",
    # Words between a verb and an illness; "in people with", "the risk of" change what is said.
    "NEAR": r"(?:(?!(?:people|patients|who|with|after|risk|because|in|if)\b)[\w'-]+,? ){0,4}?",
    "AT_ONCE": r"(?:immediate(?:ly)?|instant(?:ly|aneous(?:ly)?)?|straight ?away|right away|at once"
    r"|on[- ]the[- ]spot|there and then|then and there|overnight|in (?:an instant|a flash)"
    r"|(?:in|within) (?:just )?(?:a few |a matter of |\d+ )?(?:seconds|minutes|moments)"
    r"|(?:after|within|in|from) <JUST_ONE> <SESSION>)",
    "BETTER": r"(?:relief|relieves?|results?|better|improvements?|gone|vanish(?:es|ed)?|disappears?"
    r"|disappeared|melts?(?: away)?|pain[- ]free|a difference|cured?|fades?"
    r"|dissolves?|releases?|relax(?:es)?|loosens?)",
    # What may stand between "immediate" and "relief".
    "GAP": r"(?:(?!(?:if|when|unless|not|but|because|test|to)\b)[\w'-]+ ){0,4}?",
    "FOREVER": r"(?:for good\b(?! (?:reason|measure))|forever|for ever|once and for all"
    r"|permanently)",
    "NOT_MOVING": "".join(
        rf"(?<!{verb}\s)" for verb in "move walk work bend lift live run sleep".split()
    ),
    "KINDS": r"(?:kinds?|types?|sorts?|forms?)",
    "HELPS": r"(?:treats?|relieves?|cures?|heals?|eases?|fix(?:es)?|solves?|ends?"
    r"|(?:help|work|effective|good|remedy|solution|relief)s? (?:for|with|on|against))",
    "EVERYBODY": r"(?:everyone|everybody|anyone|anybody|all (?:ages|age groups|patients|people"
    r"|bodies|body types|fitness levels)|every (?:body|patient|person|age|single \w+)"
    r"|people of all ages|the whole family|young and old)",
    "FAST": r"(?:fast(?:er)?|quick(?:er)?|rapid|speed(?:y|ier)|swift(?:er)?|super-?fast)",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words of a claim, in sentences that contain `needs` and do not contain `unless`."""

    kind: ClaimKind
    words: re.Pattern[str]
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def applies_to(self, text: str) -> bool:
        """Say whether these words can be a claim in this sentence."""
        if self.needs and not self.needs.search(text):
            return False
        return not (self.unless and self.unless.search(text))


def pattern(
    kind: ClaimKind, words: str, *, needs: str | None = None, unless: str | None = None
) -> Pattern:
    """Compile the patterns of a claim."""
    return Pattern(
        kind,
        _compile(words),
        needs=_compile(needs) if needs else None,
        unless=_compile(unless) if unless else None,
    )


def _compile(lines: str) -> re.Pattern[str]:
    source = re.sub(r"\\\n\s*", "", lines)
    source = "|".join(line.strip() for line in source.splitlines())
    while names := re.findall(r"<([A-Z_]+)>", source):
        for name in names:
            source = source.replace(f"<{name}>", _WORDS[name])
    source = source.replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(rf"(?<!\w)(?:{source})(?!\w)", re.IGNORECASE)
