"""The patterns of questions of caution, about harm and about who must not be treated.

They are written as those of `index.intent.aspect_words`; what a passage has to say to answer them
is in `index.intent.caution_says`.
"""

from __future__ import annotations

NOT = r"(?:should not|shouldn't|should never|must not|mustn't|must never|ought not)"
CAN_NOT = r"(?:can't|can not|cannot|could not|couldn't|may not|not allowed to|unable to)"
HAVE = r"""
  (?:have|get|receive|undergo|use|do|try|take|go for|be given|be treated|be needled|be massaged
  |start|book|come|attend|wear|apply|attempt)
""".strip()
PEOPLE = r"""
  (?:who|whom|anyone|anybody|someone|somebody|people|persons?|patients?|those|everyone|everybody
  |which
  |what (?:sort|kind|type)s? of)
""".strip()
# What a therapist does to somebody, and with that what is taken, worn or used.
DONE = r"""
  (?:needl\w*|acupuncture|massag\w*|cupping|injections?|jabs?|epidurals?|botox|manipulat\w+
  |adjustments?|chiropract\w*|osteopath\w*|taping|shockwave|laser|ultrasound|tens|traction|flossing
  |treatments?|therap\w+|procedures?|sessions?)
""".strip()
TREATING = rf"""
  (?:{DONE}|exercis\w+|physio\w*|braces?|belts?|collars?|splints?|tape|tapes
  |insoles?|orthotics|sticks?|crutch\w*|tablets?|pills?|medicines?|medications?|drugs?|gels?|creams?
  |patch\w*|packs?|baths?|saunas?|machines?|devices?|guns?|steroids?|surgery|operations?|pilates
  |yoga
  |supplements?|training|stretch\w*|rolling)
""".strip()
_MODAL = r"(?:can|could|does|do|did|will|would|might|may|has|have|is|are)"
_CAN = r"(?:can|could|does|do|did|will|would|might|may)"
# Words after which harm is what a treatment is meant to undo ("will it help nerve damage").
_NOT_HELPING = r"""
  (?: (?!help|heal|treat|fix|repair|reduc|prevent|eas|cur|reliev|stop|avoid|undo|after|my\b|because
  |when|if)[\w']+)
""".strip()
# A complaint or a habit may also do harm, but a question about that is about the complaint.
_NOT_COMPLAINT = r"""
  (?: (?!help|heal|treat|fix|repair|reduc|prevent|eas|cur|reliev|stop|avoid|undo|because|when|if
  |sitting|standing|bending|sleeping|lying|driving|weather|cold weather|stress|anxiety|work\b
  |posture
  |desk|age|weight|sciatica|disc|discs|arthritis|injur|sprain|pain|nerve|stroke\b|tension
  |\w+itis\b|\w+opathy\b|\w+osis\b)[\w']+)
""".strip()
# How long something has been bad is no harm.
_NO_TIME = (
    r"(?! (?:years|months|weeks|days|ages|hours|a|an|some|so|over|the last|the past|long|about)\b)"
)
_BAD = r"""
  (?:problems?|troubles?|issues?|harm|damages?|injur\w+|pains?|swelling|numbness|headaches?
  |dizziness
  |strokes?|fever|rash\w*|burns?|blisters?|infections?|clots?|weakness|cancer|tumors?|miscarriage
  |nausea|fractures?|inflammation|bruis\w+|bleeding|side ?-?effects?)
""".strip()

ASKS_WHO_NOT = rf"""
  \b(?:{PEOPLE}|when|why|reason)\b(?: [\w']+){{0,4}} {NOT}\b(?! worry)
| \b(?:should|can|could|may) (?:everyone|everybody|anyone|anybody|all people) {HAVE}\b
| \b(?:for (?:everyone|everybody|anyone|anybody)|not everyone)\b
| \b(?:is|are|gets?) excluded\b
| \b(?:{PEOPLE}|when|why)\b(?: [\w']+){{0,4}} {CAN_NOT}(?: [\w']+){{0,2}} {HAVE}\b
| \b(?:when|why|where|who) (?:should|must|can|could|would|shouldn't|can't|do|does)(?: [\w']+){{0,4}}
   (?:not|never)\b(?! (?:only|just|go away|going away|better|improv|worry))
| \bwhen (?:shouldn't|mustn't|can't|not to|it (?:is|should)(?: [\w']+){{0,2}} not)\b
| \b(?:when|who|why) not (?:to )?(?:{HAVE}|needle)\b
| ^not to {HAVE}\b
| \bnot to be (?:used|given|done|worn|applied|tried)\b
| \b(?:what|things?) to avoid\b
| \b(?:conditions?|illness\w*|diseases?) (?:that )?rules? out\b
| \b(?:doctors?|physios?|experts?|clinics?) says? no\b
| \b(?:who|when|anyone|anybody|people|kids|children|women|men|patients|those)\b(?: [\w']+){{0,3}}
   (?:not|never|isn't|aren't|wasn't)(?: [\w']+){{0,2}} (?:allowed|permitted|supposed|able to {HAVE}
  |fit (?:for|to))\b
| \b(?:not|never|isn't|aren't)(?: [\w']+){{0,3}} (?:suitable|suited|rec+om+end\w*|advised|advisable
  |appropriate|permitted|eligible|candidates?|meant for|indicated|a good (?:idea|thing)|right for
  |for everyone|for everybody|for all|wise|safe|a bad idea)\b
| \b(?:unsuitable|inadvisable|inappropriate|ineligible|contra ?-?indicat\w*|exclusions?|excludes?
  |disqualif\w+|counter ?-?indicat\w*|inadvisable|unwise)\b
| \bre?asons?(?: why)?(?: [\w']+){{0,3}} (?:not to|to avoid|against|can't|cannot|couldn't
  |shouldn't|to stop)\b
| \b(?:who|when|should|must|need to|better|best|why)\b(?: [\w']+){{0,6}} (?:avoid|avoided|avoids
  |steer clear|stay away|stay clear|stay off|keep away|refuse|refused|skip|think twice|be careful
  |careful with|hold off)\b
| \bwhen(?: [\w']+){{0,6}} (?:a (?:bad|terrible|poor|stupid) idea|unwise|wrong to)\b
| \bwhen (?:should|must|to)(?: [\w']+){{0,3}} stop (?:doing|using|having|taking|wearing)\b
| \b(?:who|whom|would|will|could|might|get|be)\b(?: [\w']+){{0,3}} (?:turned (?:down|away)
  |declined|refused
  |barred|banned|ruled out|sent away)\b
| \b(?:rules?|ruled) (?:me|you|him|her|them|someone|people) out\b
| \b(?:stop|prevent|bar)s? (?:me|you|him|her|someone|people) (?:from )?(?:having|getting|using)\b
| \b(?:is|are|would)\b(?: [\w']+){{0,4}} (?:off limits|forbidden|prohibited|out of the question)\b
| \b(?:forbidden|prohibited|off limits)$
| \b(?:who|whom)\b(?: [\w']+){{0,4}} (?:bad|wrong|unsafe|dangerous|risky)\b
| \bam i (?:too (?:old|young|frail|weak|ill|sick|heavy)|allowed|eligible|safe)\b
| \btoo (?:old|young|frail|weak|ill|sick) (?:for|to (?:have|get))\b
| \b(?:avoid|avoided|avoiding)(?: (?:it|this|having|getting|dry|the))? (?:needl\w+|treatment|therapy
  |massage|cupping|acupuncture|having)\b
"""
ASKS_HARM = rf"""
  \b(?:danger|dangers|dangerous|dangerously|unsafe|hazards?|hazardous|harm|harms|harmful|harmed
  |harmless|risks?|risky|riskier|adverse|complications?|downsides?|down sides?|drawbacks?
  |disadvantages?|precautions?|warnings?|cautions?|cautious|cons|toxic|perils?|pitfalls?|fatal
  |deadly|lethal|life threatening|addict\w*|overdos\w*|regrets?|safeguards?)\b
| \bside ?-?(?:effects?|affects?)\b
| \bsideeffects?\b
| \b(?:bad|ill|negative|nasty|unwanted|unpleasant|after|long term|serious|severe|alle?rgic|wrong)
   ?(?:effects?|affects?|reactions?|consequences|outcomes?|experiences?|sides|points|results?
  |stories)\b
| \breact\w*(?: [\w']+){{0,2}} (?:bad|badly|against|with (?:my|other|his|her|any))\b
| \binteract\w*\b
| (?<!something )\b(?:go|goes|going|gone|went) (?:so |very |really |badly )?(?:wrong|badly)\b
| \bbackfires?\b
| \bworst that (?:can|could)\b
| \b(?:any|a|the|what) (?:catch|dangers?|concerns|problems? with (?:it|dry|needl\w+|having))\b
| \b(?:is|are) there (?:any|a) (?:problem|issue|trouble)s?\b(?! in my)
| \b(?:any|what|which) (?:problem|issue|trouble|complaint)s?(?: [\w']+){{0,2}} (?:come|comes|happen
  |happens|arise|occur|after|from|because of|of|during|while|if|by) (?:\w+ ){{0,2}}{TREATING}\b
| \b(?:problem|issue|trouble)s?(?: [\w']+){{0,2}} (?:come|comes|happen|arise|occur|appear|follow)
   (?:after|afterwards|later|from|with|because)
| \b{_MODAL}{_NOT_HELPING}{{1,5}} (?:damages?|damaged|injures?|injured|injure|kill|killed|die|died
  |puncture\w*|paraly[sz]\w*|scar|scars|infect|infection|bleed|bleeding|bruise|bruises|bruising
  |pneumothorax|cripple|poison|faint
  |hurt (?:me|you|someone|people|anyone|(?:the|my|your) (?:baby|kidney\w*|liver|heart)
  |the (?:joints?|tendons?|skin|nerves?|bones?)))\b
| \b{_CAN}{_NOT_COMPLAINT}{{1,6}} (?:rupture|burn (?:me|you|my|your|the|skin))\b
| \b{_CAN}{_NOT_COMPLAINT}{{1,4}} (?:cause|causes) (?:harm|damage|cancer|clots|blood clots
  |miscarriage
  |infections?|bleeding|dependence)\b
| \b{_CAN}{_NOT_COMPLAINT}{{1,4}} affect (?:my|the|our) (?:baby|unborn|pregnancy|fertility
  |pacemaker)\b
| \bafter(?: [\w']+){{0,3}} {DONE}(?: [\w']+){{0,6}} normal\b
| (?<!to )\bnormal(?: [\w']+){{0,6}} after(?: [\w']+){{0,3}} {DONE}\b
| \b(?:problem|issue|trouble)s? (?:will|can|may|might|would) (?:come|happen|occur|be there)\b
| \b(?:any|have|get) trouble(?: [\w']+){{0,2}} from\b
| \bworr(?:y|ied) about(?: [\w']+){{0,3}} {TREATING}\b
| \boverdo\w*
| \bis it (?:bad|wrong|a mistake|foolish|stupid) (?:to|if|for)\b
| \b(?:is|are) too many\b
| \bwhat happens (?:if|when)(?: [\w']+){{0,6}} too (?:much|many|often|long|hard|tight)\b
| \b(?:people|anyone|someone|patients) (?:get|gets|got|been|be) (?:hurt|injured|harmed)\b
| (?<!why )(?<!when )(?<!what )(?<!how )\b{_CAN}{_NOT_COMPLAINT}{{1,8}} (?:worsens?|worsening
  |aggravat\w*|exacerbat\w*|weakens?|weakening|irritat\w*|overload\w*)\b
| (?<!why )(?<!when )(?<!what )(?<!how )\b{_CAN}{_NOT_COMPLAINT}{{0,5}} {TREATING}
  {_NOT_COMPLAINT}{{0,3}} (?:cause|causes|create|creates|give|gives|lead to|bring on
  |result in)(?: [\w']+){{0,3}} {_BAD}\b
| \b{TREATING}(?: [\w']+){{0,2}} (?:cause|causes|causing|caused)(?: [\w']+){{0,2}} {_BAD}\b
| \b{_CAN}{_NOT_COMPLAINT}{{1,6}} wrong(?:ly)?{_NOT_COMPLAINT}{{0,2}} (?:cause|causes|give|create)\b
| (?<!why )(?<!when )(?<!what )\b{_CAN}{_NOT_COMPLAINT}{{1,5}} (?:make
  |making)(?: [\w']+){{1,5}} worse\b
| \b(?:can|could|does|will|would|might|may) (?:it|this|they|dry|the|needl\w+)(?: [\w']+){{0,2}} make
   (?:[\w']+ ){{1,4}}worse\b
| \b{DONE}(?: [\w']+){{0,3}} (?:made|makes|making|left) (?:my|me|things|the)(?: [\w']+){{0,4}}
   (?:worse|sick|ill|dizzy|bruised|numb|sore|weak)\b
| \bmade (?:my|me|things|the)(?: [\w']+){{0,4}} (?:worse|sick|ill|dizzy|bruised
  |numb)(?: [\w']+){{0,3}}
   should i (?:stop|continue|carry on|keep|worry)\b
| \b(?:worse|sick|ill|unwell|bruis\w*|dizzy|numb|swollen|fever\w*|headaches?|faint\w*)
  (?: [\w']+){{0,3}} (?:after|since|from|following)(?: [\w']+){{0,3}} {DONE}\b
| \b(?:collapsed?|punctured?) lung\b
| \bmalpractice\b
| \bhorror stor\w+
| \b(?:is|are|can|could|would|will)(?: [\w']+){{1,6}} bad for\b{_NO_TIME}
| \b(?!feeling|being|getting|going|having|looking|something|anything|everything)\w{{3,}}ing
   (?:too |so |very )?bad for\b{_NO_TIME}
| \bis bad for (?:you|us|people|health|the (?:baby|liver|heart|bones|kidneys?)|baby|babies|bones?
  |kidneys?|liver|heart|joints?)\b{_NO_TIME}
| \bnot (?:so |very |really |too )?good for\b{_NO_TIME}
| \bgood or (?:is it )?bad\b
| \bbad idea\b
| (?<!i have to )(?<!i need to )(?<!i must )(?<!i try to )\b(?:be|being|how|very|extra
  |more) careful\b
| \bcareful (?:of|about|if|with|when|while|in)\b
| \b(?:take|taking|taken) care (?:of )?(?:if|when|while|during|with|before)\b
| \b(?:anything|something|what|things?|need to)(?: [\w']+){{0,3}} (?:watch out|look out|beware
  |be aware
  |be mindful|mindful|worried about)\b
| \bbeware\b
| \b(?:what|anything|something|problems?)\b(?: [\w']+){{0,5}} (?:if|when) (?:i|you|we) (?:\w+ )?stop
   (?:suddenly|abruptly|taking|it (?:suddenly|abruptly)|using)\b
| \b(?:if|when)(?: [\w']+){{0,4}} (?:done|put|placed|used|worn|given|applied) (?:wrong|wrongly
  |incorrectly|badly|too (?:much|often|long|tight|hard))\b
"""
ASKS_SAFE = r"\b(?:safe|safely|safety|safest|safer|unsafe)\b"

# An illness, a medicine or a state of which a therapist has to know before a treatment.
VULNERABILITY = r"""
  \b(?:pregnan\w*|expecting|trimester|breast ?-?feed\w*|nursing mother|ivf|blood ?-?thinn\w*
  |thinners|warfarin|apixaban|eliquis|rivaroxaban|xarelto|edoxaban|dabigatran|heparin|clopidogrel
  |plavix|aspirin|anti ?-?coagula\w*|anti ?-?platelet\w*|steroids?|prednisolone|methotrexate
  |immun\w+|chemo\w*|radiotherapy|cancer|tumors?|leukemia|lymphoma|lymph\w*|pace ?-?maker\w*
  |defibrillator|icd|stents?|implants?
  |metal(?:work)?|heart|cardiac|angina|arrhythmia|afib|blood pressure|hypertension|(?:high|low)
   bp|bp patients?|strokes?
  |epilep\w*|seizures?|fits|diabet\w*|insulin|sugar patients?|hemophili\w*|bleeding disorder
  |clotting
  |clots?|dvt
  |anemi\w*|hiv|hepatitis|infections?|fever|allerg\w*|nickel|osteoporo\w*|osteopenia|fragile|frail
  |elderly
  |transplant|dialysis|kidney|liver|thyroid|eczema|psoriasis|open wound|surgery|operation
  |hip replacement|knee replacement|replacement|phobi\w+|faint\w*|varicose|shingles|asthma\w*|copd
  |dementia|migraines?|platelets?|sepsis|glaucoma)\b
"""
# Of these even a few bare words ("dry needling pregnancy") ask whether it may be done.
ALWAYS_VULNERABLE = r"""
  \b(?:pregnan\w*|breast ?-?feed\w*|blood ?-?thinn\w*|warfarin|apixaban|rivaroxaban
  |anti ?-?coagula\w*|pace ?-?maker\w*|defibrillator|hemophili\w*|bleeding disorder|epilep\w*)\b
"""
ASKS_LEAVE = r"""
  \b(?<!what )(?<!where )(?<!how )(?:can|could|may|should|shall|am|are|must|is) (?:i|we|she|he
  |they|it|this|that|my \w+|someone
  |somebody|people|persons?|patients?|anyone|anybody|women|men|mothers|diabetics?|an? \w+|those|the
  |pregnant \w+|dry|needl\w+|massage|cupping|acupuncture|treatment)\b
| \bwhat (?:can|could|may|should) (?:i|we|she|he|they) (?:safely )?(?:take|have)\b
| \b(?:ok|okay|alright|all right|allowed|(?:a|any|no) problem|problem$|problem (?:if|for|in|is|or
  |with (?!my|\w+ing))|possible|suitable|advisable|eligible|permitted
  |issue|matter|wise|sensible|what if|still have|have it|have this|get it|be needled|be treated
  |do it|yes or no|or not|interfer\w*|mess up|mess with|disturb\w*|(?:patients?|wom[ae]n|persons?
  |people)
   (?:can|should|may)|need to tell|tell you|let you know|affect|with a|even if|good idea)\b
"""
# Whether it may be done, without a word above: by the young and the old, of whom much else is
# asked, or with a complaint.
ASKS_LEAVE_OUTRIGHT = rf"""
  \b(?:is|are|would)\b(?: [\w']+){{1,6}} (?:advisable|inadvisable|wise)\b
| \ballowed (?:with|after|during|while|when|if)\b
| \b(?:with|after|during|while)(?: [\w']+){{1,4}} allowed\b
| \b(?:ok|okay|alright|all right|allowed|permitted|suitable|advisable|sensible|wise|good idea)
   (?:for|in|at|with)(?: [\w']+){{0,3}} (?:bab(?:y|ies)|infants?|newborns?|toddlers?|child|children
  |kids?|teen\w*|years? old|seniors?|elderly|old people|older|aged|age)\b
| \b(?:should|can|could|may|are)(?: [\w']+){{0,2}} (?:bab(?:y|ies)|infants?|newborns?|toddlers?
  |child
  |children|kids?|teen\w*|seniors?|elderly|old people|older (?:people|adults|women|men)|years? old)
   (?:\w+ ){{0,2}}(?:{HAVE}|be taken|be brought|go|see|allowed to)(?: [\w']+){{0,3}} {DONE}\b
"""
# Who asks what a treatment does for an illness asks no leave ("can it help migraines"), nor does
# who asks what to do about it.
ASKS_EFFECT = r"""
  \b(?:helps?|helping|treats?|cures?|eases?|relieves?|fix|fixes|works? (?:for|on)|(?<!not )good for
  |improves?|stops?|prevents?|manages?|instead of|better than|get rid of|avoid
  |(?:what|how|where) (?:can|could|should|do) (?:i|we) (?!take|have)|get better|recover)\b
"""
# ... nor does who has a complaint ("pregnancy back pain").
COMPLAINT = (
    r"\b(?:pains?|painful|aches?|aching|sore|stiff\w*|hurts?|hurting|spasms?|cramps?|sciatica)\b"
)
# Words of harm in questions that ask about none.
NO_QUESTION_OF_HARM = r"""
  \b(?:reduc\w*|lower\w*|prevent\w*|decreas\w*|cut|cuts|minimi[sz]\w*|help\w*)(?: [\w']+){0,4}
   (?:risks?|harm|complications?|dangers?|side ?-?effects?)\b
| \brisk factors?\b
| \bsafe(?:ty)? (?:place|pair|net|boots|shoes)\b
| \b(?:at|high) risk of\b
| \b(?:symptoms?|signs?)(?: [\w']+){0,4} (?:watch|look) out\b
"""
