"""The patterns of questions and sentences for each aspect (index.intent.aspects).

They match text as `core.text.normalize.normalize_query` returns it. Gaps between words are bounded,
so that no text takes longer than a few passes over it. A line that begins with "| " is a further
pattern; any other line continues the line before it.
"""

from __future__ import annotations

# Named treatments: a passage about another treatment is no answer.
TREATMENTS = r"""
  \b(needl|acupunct|massag|cupping|shockwav|laser|ultrasound|manipulat|tens\b|electro|inject|taping
  |hydrotherap|pilates|yoga|traction|reflexolog|reiki|osteopath|chiropract)
"""

# What a question about a treatment may say between "does" and "hurt" and still be about it.
_OF_TREATMENT = r"""
  (?: (?!my\b)(?:it|this|that|they|the|a|an|dry|needl\w+|acupuncture|ims|intramuscular|stimulation
  |treatments?|therap\w+|procedures?|sessions?|massages?|cupping|shockwave|laser|ultrasound|taping
  |manipulat\w+|injections?|physio\w*|pins?|tens|get|getting|having|have|done|be|been|going|to|really
  |actually|very|much|too|so|a|lot|bit|when|goes|go|put|in|you|them|badly|supposed))
""".strip()
_NOT = r"(?:should not|shouldn't|should never|must not|mustn't|must never|ought not)"
_CAN_NOT = r"(?:can't|can not|cannot|could not|couldn't|may not|not allowed to|unable to)"
_HAVE = r"""
  (?:have|get|receive|undergo|use|do|try|take|go for|be given|be treated|be needled|be massaged
  |start|book|come|attend)
""".strip()
_PEOPLE = r"""
  (?:who|whom|anyone|anybody|someone|somebody|people|persons?|patients?|those|everyone|everybody|which
  |what (?:sort|kind|type)s? of)
""".strip()
_MODAL = r"(?:can|could|does|do|did|will|would|might|may|has|have|is|are)"
# Words after which harm is what a treatment is meant to undo ("will it help nerve damage").
_NOT_HELPING = r"""
  (?: (?!help|heal|treat|fix|repair|reduc|prevent|eas|cur|reliev|stop|avoid|undo|after|my\b|because
  |when|if)[\w']+)
""".strip()

# -- questions of contraindication, safety and harm ---------------------------------------------
ASKS_WHO_NOT = rf"""
  \b(?:{_PEOPLE}|when|why|reason)\b(?: [\w']+){{0,4}} {_NOT}\b(?! worry)
| \b(?:should|can|could|may) (?:everyone|everybody|anyone|anybody|all people) {_HAVE}\b
| \b(?:for (?:everyone|everybody|anyone|anybody)|not everyone)\b
| \b(?:is|are|gets?) excluded\b
| \b(?:{_PEOPLE}|when|why)\b(?: [\w']+){{0,4}} {_CAN_NOT}(?: [\w']+){{0,2}} {_HAVE}\b
| \b(?:when|why|where|who) (?:should|must|can|could|would|shouldn't|can't|do|does)(?: [\w']+){{0,4}}
   (?:not|never)\b(?! (?:only|just|go away|going away|better|improv|worry))
| \bwhen (?:shouldn't|mustn't|can't|not to|it (?:is|should)(?: [\w']+){{0,2}} not)\b
| \b(?:when|who|why) not (?:to )?(?:{_HAVE}|needle)\b
| \b(?:not|never|isn't|aren't)(?: [\w']+){{0,3}} (?:suitable|suited|recommended|advised|advisable
  |appropriate|permitted|eligible|candidates?|meant for|indicated|a good idea|right for|for everyone
  |for everybody|for all|wise|safe)\b
| \b(?:unsuitable|inadvisable|inappropriate|ineligible|contra ?-?indicat\w*|exclusions?|excludes?
  |disqualif\w+|counter ?-?indicat\w*)\b
| \bre?asons?(?: why)?(?: [\w']+){{0,3}} (?:not to|to avoid|against|can't|cannot|couldn't
  |shouldn't)\b
| \b(?:who|when|should|must|need to|better|best|why)\b(?: [\w']+){{0,6}} (?:avoid|avoided|avoids
  |steer clear|stay away|keep away|refuse|refused|skip|think twice|be careful|careful with)\b
| \b(?:rules?|ruled) (?:me|you|him|her|them|someone|people) out\b
| \b(?:stop|prevent|bar)s? (?:me|you|him|her|someone|people) (?:from )?(?:having|getting|using)\b
| \b(?:is|are|would)\b(?: [\w']+){{0,4}} (?:off limits|forbidden|prohibited|out of the question)\b
| \b(?:who|whom)\b(?: [\w']+){{0,4}} (?:bad|wrong|unsafe|dangerous|risky)\b
| \bam i (?:too (?:old|young|frail|weak|ill|sick|heavy)|allowed|eligible|safe)\b
| \btoo (?:old|young|frail|weak|ill|sick) (?:for|to (?:have|get))\b
| \b(?:avoid|avoided|avoiding)(?: (?:it|this|having|getting|dry|the))? (?:needl\w+|treatment|therapy
  |massage|cupping|acupuncture|having)\b
"""
ASKS_HARM = rf"""
  \b(?:danger|dangers|dangerous|dangerously|unsafe|hazards?|hazardous|harm|harms|harmful|harmed
  |harmless|risks?|risky|riskier|adverse|complications?|downsides?|down sides?|drawbacks?
  |disadvantages?|precautions?|warnings?|cautions?|cons|toxic|perils?|pitfalls?)\b
| \bside ?-?(?:effects?|affects?)\b
| \bsideeffects?\b
| \b(?:bad|ill|negative|nasty|unwanted|unpleasant|after|long term|serious|allergic) ?(?:effects?
  |reactions?|consequences|outcomes?|experiences?)\b
| \b(?:go|goes|going|gone|went) (?:badly )?wrong\b
| \bbackfires?\b
| \bworst that (?:can|could)\b
| \b(?:any|a|the|what) (?:catch|dangers?|problems? with (?:it|dry|needl\w+|having))\b
| \b{_MODAL}{_NOT_HELPING}{{1,5}} (?:damages?|damaged|injures?|injured|kill|killed|die|died
  |puncture\w*|paraly[sz]\w*|scar|scars|infect|infection|bleed|bleeding|bruise|bruises|bruising
  |pneumothorax|cripple|poison|worse|faint|hurt (?:me|you|someone|people|anyone))\b
| \b(?:can|could|does|will|would|might|may) (?:it|this|they|dry|the|needl\w+)(?: [\w']+){{0,2}} make
   (?:[\w']+ ){{1,4}}worse\b
| \b(?:collapsed?|punctured?) lung\b
| \bmalpractice\b
| \bhorror stor\w+
| \b(?:is|are|can|could|would|will)(?: [\w']+){{1,4}} bad for (?:me|you|us|people|your|my)\b
"""
ASKS_SAFE = r"\b(?:safe|safely|safety|safest|safer|unsafe)\b"

# An illness, a medicine or a state of which a therapist has to know before a treatment.
VULNERABILITY = r"""
  \b(?:pregnan\w*|expecting|trimester|breast ?-?feed\w*|nursing mother|ivf|blood ?-?thinn\w*
  |thinners|warfarin|apixaban|eliquis|rivaroxaban|xarelto|edoxaban|dabigatran|heparin|clopidogrel
  |plavix|aspirin|anti ?-?coagula\w*|anti ?-?platelet\w*|steroids?|prednisolone|methotrexate
  |immun\w+|chemo\w*|radiotherapy|cancer|tumors?|leukemia|lymphoma|lymph\w*|pace ?-?maker\w*
  |defibrillator|icd|stents?|implants?
  |metal(?:work)?|heart|cardiac|angina|arrhythmia|afib|blood pressure|hypertension|strokes?
  |epilep\w*|seizures?|fits|diabet\w*|insulin|hemophili\w*|bleeding disorder|clotting|clots?|dvt
  |anemi\w*|hiv|hepatitis|infections?|fever|allerg\w*|nickel|osteoporosis|fragile|frail|elderly
  |transplant|dialysis|kidney|liver|thyroid|eczema|psoriasis|open wound|surgery|operation
  |hip replacement|knee replacement|replacement|phobi\w+|faint\w*|varicose|shingles|asthma|copd
  |dementia|migraines?|platelets?|sepsis)\b
"""
# Of these even a few bare words ("dry needling pregnancy") ask whether it may be done.
ALWAYS_VULNERABLE = r"""
  \b(?:pregnan\w*|breast ?-?feed\w*|blood ?-?thinn\w*|warfarin|apixaban|rivaroxaban
  |anti ?-?coagula\w*|pace ?-?maker\w*|defibrillator|hemophili\w*|bleeding disorder|epilep\w*)\b
"""
ASKS_LEAVE = r"""
  \b(?:can|could|may|should|shall|am|are|must|is) (?:i|we|she|he|they|it|this|that|my \w+|someone
  |somebody|people|persons?|patients?|anyone|anybody|women|men|mothers|diabetics?|an? \w+|those|the
  |pregnant \w+|dry|needl\w+|massage|cupping|acupuncture|treatment)\b
| \b(?:ok|okay|alright|all right|allowed|problem|possible|suitable|advisable|eligible|permitted
  |issue|matter|wise|sensible|what if|still have|have it|have this|get it|be needled|be treated
  |do it|need to tell|tell you|let you know|affect|with a|even if|good idea)\b
"""
# Who asks what a treatment does for an illness asks no leave ("can it help migraines"), ...
ASKS_EFFECT = r"""
  \b(?:helps?|helping|treats?|cures?|eases?|relieves?|fix|fixes|works? (?:for|on)|good for
  |improves?|stops?|prevents?|manages?|instead of|better than|get rid of|avoid)\b
"""
# ... nor does who has a complaint ("pregnancy back pain").
COMPLAINT = (
    r"\b(?:pains?|painful|aches?|aching|sore|stiff\w*|hurts?|hurting|spasms?|cramps?|sciatica)\b"
)

# -- what a sentence has to say to answer them --------------------------------------------------
SAYS_WHO_NOT = rf"""
  \b{_NOT}\b
| \b(?:can not|cannot|can't|may not) {_HAVE}\b
| \bdo not (?:have|use|book|get|try|start)\b
| \b(?:not|never|isn't|aren't)(?: [\w']+){{0,3}} (?:suitable|suited|recommended|advised|advisable
  |appropriate|safe|right for|for everyone|be (?:used|given|done|treated|needled))\b
| \b(?:unsuitable|unsafe|inadvisable|contra ?-?indicat\w*|precautions?|with caution|extra care)\b
| \b(?:should|must|best|better|to be|be|please|always) (?:be )?avoid\w*\b
| ^avoid\b
| \b(?:tell|ask|check with|speak to|talk to|inform|consult|see) (?:us|me|your|the
  |a)\b(?: [\w']+){{0,5}}
   (?:if|before|first|when|about)\b
| \b(?:unless your|only (?:if|after|with) (?:your|the) (?:doctor|gp|midwife|consultant)
  |be careful)\b
"""
SAYS_HARM = r"""
  \b(?:risks?|risky|side ?-?effects?|adverse|complications?|harm|harms|harmful|danger\w*|unsafe
  |hazard\w*|sore|soreness|bruis\w*|bleed\w*|faint|fainting|dizz\w*|light ?-?headed|infection
  |pneumothorax
  |(?:punctured?|collapsed?) lung|nerve (?:damage|injury)|allergic|skin reactions?|drows\w*|worse
  |worsen\w*|flare\w*|unwanted|unpleasant|precautions?|with caution)\b
"""
SAYS_SAFE = r"""
  \bsafe(?:ly)? (?:for|in|if|when|during|to|with|as long|provided|unless|after|while|once|at)\b
| \b(?:usually|generally|mostly|normally|not|never|isn't|aren't)(?: \w+){0,2} safe\b
"""
# Praise that has words of caution in it is taken out first, of sentences ...
# It goes on only within what is praised ("helps many, but there is a risk").
_ON = r"(?: (?!but|however|there|may|might|can|could|although|though|if|when|tell)[\w']+)"
PRAISE = rf"""
  \b(?:reduc\w*|lower\w*|prevent\w*|decreas\w*|cut\w*|minimi[sz]\w*|less\w*|fewer|without|no
  |free of|zero|avoid\w*|eas\w*|reliev\w*|treat\w*|help\w*|manag\w*|eliminat\w*|heal\w*|hardly
  |neither|nor)
  {_ON}{{0,6}} (?:risks?|harm|complications?|side ?-?effects?|danger\w*|surgery|operations?
  |injur\w+|damage|infections?|sore|soreness|bruis\w*|bleeding|dizziness|flare\w*|discomfort
  |painful)\b
| \brisk ?-?(?:free|factors?)\b
| \bsafe(?: (?:and|yet|but|or))? (?:\w+ly )?(?:effective|gentle|natural|easy|simple|reliable
  |proven)\b
| \b(?:completely|totally|perfectly|entirely|absolutely|100) safe\b
"""
# ... and of questions.
NO_QUESTION_OF_HARM = r"""
  \b(?:reduc\w*|lower\w*|prevent\w*|decreas\w*|cut|cuts|minimi[sz]\w*|help\w*)(?: [\w']+){0,4}
   (?:risks?|harm|complications?|dangers?|side ?-?effects?)\b
| \brisk factors?\b
| \bsafe(?:ty)? (?:place|pair|net|boots|shoes)\b
| \b(?:at|high) risk of\b
"""

# -- does the treatment hurt --------------------------------------------------------------------
ASKS_HURT = rf"""
  \b(?:does|do|did|will|would|is|are|can|could|how(?: \w+)? (?:does|do|will|would|is|are))
  {_OF_TREATMENT}{{1,7}} (?:hurt|hurts|hurting|sting|stings|painful+|painless|pain ?-?free
  |sore|uncomfortable|agony|unpleasant|tender)\b(?! (?:when|if|after|while|to|for|in my|at night
  |relief|relievers?|away|down))
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
ASKS_INSIDE = r"""
  \b(?:inject\w*|syringe|hollow|liquid|fluid|cortisone|steroids?|drugs?)\b
| \b(?:medicines?|medications?|anything) (?:in|inside|through|on) the needles?\b
"""
SAYS_INSIDE = r"\b(?:inject\w*|solid|hollow)\b"
