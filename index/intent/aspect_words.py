"""The patterns of questions and sentences for each aspect (index.intent.aspects).

They match text as `core.text.normalize.normalize_query` returns it. Gaps between words are bounded,
so that no text takes longer than a few passes over it. A line that begins with "| " is a further
pattern; any other line continues the line before it.
"""

from __future__ import annotations

# Named treatments: a passage about another treatment is no answer.
TREATMENTS = r"""
  \b(needl|acupunct|massag|cupping|shockwav|laser|ultrasound|manipulat|tens\b|electro|inject|taping
  |hydrotherap|pilates|yoga|traction|reflexolog|reiki|osteopath|chiropract|jab|botox|epidural)
"""
# Other words for a treatment, or for what belongs to it.
SAME_TREATMENT = {
    "chiropract": "manipulat",
    "jab": "inject",
    "botox": "inject",
    "epidural": "inject",
}

# What a question about a treatment may say between "does" and "hurt" and still be about it.
_OF_TREATMENT = r"""
  (?: (?!my\b)(?:it|this|that|they|the|a|an|dry|needl\w+|acupuncture|ims|intramuscular|stimulation
  |treatments?|therap\w+|procedures?|sessions?|massages?|cupping|shockwave|laser|ultrasound|taping
  |manipulat\w+|injections?|physio\w*|pins?|tens|get|getting|having|have|done|be|been|going|to|really
  |actually|very|much|too|so|a|lot|bit|when|goes|go|put|in|you|them|badly|supposed))
""".strip()

# -- does the treatment hurt --------------------------------------------------------------------
ASKS_HURT = rf"""
  \b(?:does|do|did|will|would|is|are|can|could|how(?: \w+)? (?:does|do|will|would|is|are))
  {_OF_TREATMENT}{{1,7}} (?:hurt|hurts|hurting|sting|stings|painful+|painless|pain ?-?free
  |sore|uncomfortable|agony|unpleasant|tender)\b(?! (?:(?:when|if|after|while)
  (?! (?:the|a|you|they|it) (?:needles?|pins?|put|goes?|insert\w*|inject\w*))|to|for|in my|at night
  |relief|relievers?|away|down)\b)
| \bhow (?:painful+|sore|uncomfortable)\b(?! (?:is|are) my)
| \bhow much (?:pain|does it hurt)\b
| \bwill (?:i|it|we) feel (?:any ?thing|any|much|pain|it|a lot|the needles?|needles?|the pins?)\b
| \b(?:do|can|would|could|does) (?:i|you|one) feel (?:the needles?|the pins?|it go|anything|pain)\b
| \bis there (?:any|much|a lot of) pain\b(?! in)
| \bouch\b
| \b(?:will|does|can) (?:the )?needles? (?:hurt|sting)\b
| \b(?:needling|needles?|acupuncture|treatment|procedure|massage|cupping|shockwave) (?:hurts?
  |painful|painless|pain ?-?free)(?:$| (?:or|please|much|at all))
| \b(?:scared|afraid|worried|nervous|frightened)\b(?: [\w']+){{0,6}} (?:hurt|hurts|painful
  |the pain)$
"""
SAYS_HURT = r"""
  \b(?:painless|painlessly|pain ?-?free|painful|hurts?|hurting|stings?|stinging|uncomfortable
  |discomfort|sore|soreness|prick|pricks|tender|tenderness)\b
| \b(?:no|little|slight|mild|minimal|sharp|some|brief|any|without|not feel) pain\b
| \b(?:not|hardly|barely) (?:\w+ )?(?:feel|notice)\b
| \b(?:may|might|will|can|usually|often) (?:\w+ )?feel (?:a|an|some|little|nothing|mild|slight)\b
"""
NOT_OF_TREATMENT = r"""
  \b(?:reliev\w*|reduc\w*|eas\w*|treat\w*|help\w*|manag\w*|suffer\w*|experienc\w*|severe|chronic
  |if you)
  (?: [\w']+){0,3} (?:painful|sore|soreness|hurts?|discomfort|pain|tender\w*)\b
| \b(?:painful|sore|tender) (?:muscles?|joints?|conditions?|areas?|trigger|points?|knots?|neck
  |back|spots?)\b
"""

# -- questions that are answered inside one section, by one of its sentences -----------------------
ASKS_NAME = r"""
  \b(?:another|other|different|proper|full|medical) names?\b
| \b(?:also|else|otherwise) (?:known|called)\b
| \bstands? for\b
| \babbreviat\w+
| \bacronym\b
| \bcalled something else\b
"""
SAYS_NAME = r"\b(?:referred to as|also (?:called|known)|known as|stands? for|short for|or ims)\b"
ASKS_WHO_FOR = r"""
  \bwho (?:is|are|can|could|should|would|will|may|benefits?|needs?|gets?|has)\b
  (?! (?:the|your|you|this clinic))(?: [\w']+){0,6}
   ?(?:suitable|suited|for|benefit|benefits|have|get|try|help|helps|use|needling|treatment)\b
| \b(?:type|sort|kind)s? of (?:people|person|patients?)\b
| \bwho benefits\b
"""
SAYS_WHO_FOR = (
    r"\b(?:people|patients|individuals|anyone|adults|those|everyone)\b(?: [\w']+){0,20} benefits?\b"
)
ASKS_STEPS = r"""
  \bstep by step\b
| \bwhat (?:\w+ )?happens (?:when|during|in a|at a)\b
| \bhow (?:is|do you|do they)
  (?: \w+){0,3} (?:done|performed|carried out|do it)\b
| \bwhat (?:will|do) (?:you|they) (?:do|actually do)\b
"""
SAYS_STEPS = r"\binsert\w*\b"
_SUBSTANCE = (
    r"(?:medicines?|medications?|anything|something|drugs?|cortisone|steroids?|liquid|fluid)"
)
ASKS_INSIDE = rf"""
  \binject(?: (?:any|some|a|an|the|other))? {_SUBSTANCE}\b
| \b{_SUBSTANCE}(?: [\w']+){{0,3}} (?:in|inside|through|on) (?:the needles?|it|them)\b
| \bwhat (?:is|do you put) (?:in|inside) the needles?\b
| \bwhat (?:do|will) (?:you|they) inject\b
"""
SAYS_INSIDE = rf"\b(?:inject\w*|{_SUBSTANCE})\b"
