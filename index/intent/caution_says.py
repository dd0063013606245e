"""The patterns of sentences that answer questions of caution, and of the praise that does not.

They are written as those of `index.intent.aspect_words`. What is negated or avoided must be the
treatment or its use, and what is harmed must be harmed by it: "people who should not lift heavy
build strength" and "it helps with bruises" are praise.
"""

from __future__ import annotations

from index.intent.caution_words import CAN_NOT, HAVE, NOT, TREATING

# What must not be had for a treatment to be praised ("for people who must not have surgery").
_OTHER = r"""
  (?:surgery|an operation|operations|tablets?|pills?|painkillers?|medicines?|medication|drugs?
  |anti|opioids?|nsaids?|ibuprofen|paracetamol)\b
""".strip()
_USED = r"""
  (?:used|given|placed|applied|worn|done|performed|offered|needled|massaged|treated|attempted|put
  |warmed
  |dipped|aimed|tried|started|repeated|combined|taken|handled|manipulated|accepted|admitted
  |allowed|permitted|doubled|stopped abruptly
  |left on)
""".strip()
_OBJECT = rf"(?: (?:it|them|this|these|the|a|an|any|your|such|dry|heat|ice|cold|{TREATING}))"
_DOCTOR = r"""
  (?:doctors?|gp|midwi\w+|ambulance|emergency|999|112|911|surgeons?|cardiologists?|oncologists?
  |pediatricians?|specialists?(?! physio)|consultants?|pharmacists?|physician|hospital
  |urgent (?:review|help|attention|assessment|advice)|a e)
""".strip()

SAYS_WHO_NOT = rf"""
  (?<!who )(?<!that )(?<!which )\b{NOT}\b
  (?! (?:have to|need|worry|feel|hurt|be (?:painful|afraid|scared|a |an |ignored|missed|overlooked
  |underestimated|put off|necessary|too)|suffer|put (?:up|you)|wait|cost|give up|let|miss|stop
  |last|delay
  |keep|hold|expect|lift|bend|twist|run|sit))
| ^who (?:{NOT}|{CAN_NOT})\b
| \b(?:who|that|which) {NOT} (?:{HAVE}|be (?:given|treated|needled))\b(?! (?:{_OTHER}|to\b))
| \b{CAN_NOT} {HAVE}(?! (?:an? )?{_OTHER}){_OBJECT}(?: (?:treatment|machine|device|procedure|if
  |when|unless)\b|$)
| \b(?:they|you|women|those|patients|people|anyone) cannot (?:be (?:{_USED})|{HAVE} it)\b
| (?<!if )\byou {CAN_NOT} (?:take part|join in|have (?:it|this)|use (?:it|this|the))\b
| \b(?:we|it|they|therapists|clinics|physios) (?:(?:do|does|will|would) (?:not|never)|don't
  |doesn't|won't) (?:use|do|give
  |offer|treat
  |start|apply|needle|massage|manipulate|perform|recommend|bandage|inject
  |take)(?: [\w']+){{0,5}} (?:if|in|on
  |over|with|anyone|people|when|while|during|where|near|through|under|until|children|babies)\b
| ^(?:do not|don't|never) (?!wait|worry|miss|put up|let|hesitate|forget|just|be\b|suffer|lose|give
  |delay
  |need|feel|hurt|think|expect|have to|despair|again|before|only|too|in|more|book|pay)\w+
| ^(?:things? )?(?:do not|don't|do nots|don'ts|never|not to do|what not to do|to avoid)$
| ^(?:also )?not (?:over|on|with|during|while|in|if|until|when|near|after|before|under|to be)\b
| ^(?:also )?not for (?:children|babies|anyone|people|those|under|about|at least|use)\b
| ^(?:nobody|no one) (?:with|on|over|who|under)\b
| ^no (?:driving|swimming|baths?|bathing|heels|pool|sex|lifting|running|sports?|exercise|massage)\b
| \b(?:is|are) out (?:if|with|when|for|until|in)\b
| \b(?:is|are) (?:\w+ )?avoided\b
| \b(?:is|are) (?:no good|wrong|not meant|the wrong \w+) (?:for|during|with|in|when|if)\b
| \bbetter off with something else\b
| \b(?:checked|looked into|examined|healed?|treated|excluded|comes?|settled) first\b
| \bonly with (?:daily|regular|close|medical)\b
| (?:^|\b(?:please|so|and|or|but|then) )(?:do not|don't|never) (?:{HAVE}|(?:put|place)(?! up)
  |let (?:anyone|a|the|heat|water)|rub|lie|roll
  |exercise|massage|needle|inject|start|push|go|drink|sleep|begin)\b
| \b(?:not|never|isn't|aren't)(?: (?!and\b|but\b|just\b|only\b)[\w']+){{0,3}} (?:suitable|suited
  |recommended|advised|advisable
  |appropriate|safe|right for|for everyone|be {_USED}|for (?:people|those|anyone)
  |for patients (?:with|who|on))\b
| \b(?:not|never) (?:\w+ )?(?:{_USED})\b(?! (?:up|to be)\b)
| \bnot everyone (?:can|should|may|is)\b
| \b(?:best left|refrain\w*|say no|says no)\b
| \badvised (?:not to|to (?:stay|wait|avoid|leave|skip|refrain))\b
| ^(?:go easy|skip|omit|wait|leave at least)\b
| \b(?:unsuitable|unsafe|inadvisable|unwise|discouraged|contra ?-?indicat\w*|precautions?
  |with caution|cautions|extra care|exclu(?:des?|ded|sions?)|off limits|out of bounds|forbidden
  |prohibited|banned|withheld|postponed|not for use)\b
| (?<!who )(?<!that )\b(?:should|must|best|better|to be|be|please|always) (?:be )?avoid\w*\b
| \b(?:who|that) (?:should|must) avoid (?:{TREATING})\b
| ^avoid\b
| \b(?:better off|better|go|do|are|should be) without\b
| \bthink twice\b
| \b(?:stay|stays|steer|keep|kept|keeps)(?: [\w']+){{0,3}} (?:well )?(?:away from|clear of|out if
  |off
   (?:if|the|any|your|areas?|skin|broken))\b
| \b(?:stay|stays|steer) (?:well )?(?:clear|out)\b
| \b(?:leave|left|leaving|be left)(?: [\w']+){{0,4}} (?:alone|out|off|in the (?:box|cupboard|shop
  |drawer))\b
| \bgive it a miss\b
| \bhands off\b
| \b(?:put|putting) (?:it|them|treatment|this) off (?:if|when|while|until)\b
| \b(?:should|must|has to|have to|needs? to|means?) (?:wait|delay|heal first|stop|be (?:stopped
  |postponed|delayed|declined|refused))\b
| \b(?:turned (?:down|away)|declined?|refused?|barred)\b
| \b(?:rule[sd]?|ruling)(?: [\w']+){{0,4}} out\b
| \b(?:reasons?|grounds?) (?:against|not to|to (?:avoid|refuse|stop|ask|give|leave|wait|delay
  |decline)
  |for (?:refusal|caution|delay)|too|never|they)\b
| \b(?:further|additional|other|another|more|equally|listed) (?:reasons?|contra\w+|bar)\b
| \b(?:speaks?|spoken|advis\w+|recommends?|warns?|decide\w*)(?: [\w']+){{0,5}} against\b
| \b(?:nobody|no one) should\b(?! (?:have to|live|suffer|be in|miss))
| \b(?:must|should) (?:stay|be kept|remain)(?: [\w']+){{0,5}} from\b
| ^leave (?:it|them|the|heat|ice|out|this)\b
| ^(?:stop|come down|come off|remove)\b
| \b(?:stop|stopped|come (?:off|down|out)|remove (?:it|them)) (?:at once|immediately|straight|if)\b
"""
# Who has to be asked first, which says nothing in general about who must not have it.
SAYS_ASK_FIRST = rf"""
  \b(?:tell|inform) (?:us|me)\b(?: [\w']+){{0,5}} (?:if|before|first|when|about)\b
| \b(?:tell|ask|check with|speak to|talk to|inform|consult|see) (?:your|their|the|a
  |an) (?:{_DOCTOR}|physio\w*
  |therapist|practitioner|instructor|trainer|pharmacist)\b(?: [\w']+){{0,5}}
   (?:before|first|which|if (?:you (?:have|are|take|had|use|feel|get)|unsure|in doubt|it is safe
  |any|a))\b
| \bask (?:us )?first\b
| \b(?:is|are|an) emergency\b
| \bgo to (?:the )?(?:hospital|emergency|er)\b
| \b(?:999|000|112|911)\b
| \b(?:unless|only if|only after|only with) (?:your|the|a|an) {_DOCTOR}\b
| \b(?:be careful|take care)\b
| \blet (?:us|your \w+|the \w+) know\b(?: [\w']+){{0,5}} (?:if|before|about|which)\b
| \b(?:medical|doctor's|gp's|surgeon's) (?:advice|clearance|approval|agreement|go ahead|opinion)\b
| \b(?:medical|urgent|immediate|emergency) (?:help|attention|care(?! line))\b
| \b(?:seen|checked|looked at|reported) (?:at once|the same day|urgently|straight away)\b
| \b(?:until|only (?:after|once)) (?:the|any|a|your) (?:wound|fracture|clot|infection|fever|bone
  |scar|skin
  |swelling|{_DOCTOR})\b
| \b(?:say so|mention\w*|tell|agreed|agreement|permission|approval)(?: [\w']+){{0,6}} (?:before
  |first
  |needed|unless)\b
| \b(?:needs?|need|calls? for|see|seek|ring|call) (?:\w+ ){{0,4}}{_DOCTOR}\b
| \bunless(?: [\w']+){{0,3}} {_DOCTOR}\b
"""

# A complaint that a treatment may bring.
_WEAK = r"""
  (?:sore|soreness|tender|tenderness|painful|more (?:\w+ )?pain|bruis\w*|bleed\w*|faint|fainting
  |dizz\w*|light ?-?headed\w*|infect\w+|drows\w*|sleepiness|nausea|vomit\w*|sickness|headaches?
  |numb\w*|rash\w*|itch\w*|blister\w*|burn|burns|burned|burnt|burning|scalds?|scald\w+
  |swell|swells|swelling|swollen|redness|redden|hives|flares?|flare up|tired\w*|fatigue|stiff\w*
  |clots?|cramps?|palpitations|confusion|constipation|falls?|fractures?|strokes?|tear|tears|tearing
  |inflam\w+|irritat\w+|injur\w+|damag\w+|scarring|weakness|weaker|spasms?|collapse|breathless\w*
  |fever|jaundice|hepatitis|wheez\w*|dislocat\w*|frostbite|frostnip|weaken\w*|strain\w*|overload\w*
  |aches?|aching|abscess|punctur\w+|diarrhea|sweating|crush\w*|crack|break|breaks|broken(?! in)
  |wast(?:e|ing)
  |ulcers?|sores|corns|pressure drops?|high sugar|miscarriage|contractions|hypos?|pierc\w*
  |overheat\w*|dependence|withdrawal|open again|hit a nerve|loss of feeling
  |lose feeling|pneumonia|gangrene|paralysis|psychosis|reopen\w*|worse|worsen\w*
  |aggravat\w*)
""".strip()
# A word that is not yet praise nor a new thought.
_ON = r"""
  (?: (?!but\b|however|there\b|caus(?:e|es|ing)\b|leads?\b|may\b|might\b|can\b|could\b|although
  |though|if\b|when\b|tell\b)[\w']+)
""".strip()
_OF_HARM = r"""
  (?: (?!help|eas(?:e|es|ed|ier|ing)\b|reduc|reliev|improv|sooth|calm|treat(?:s|ed)?\b|heal|support
  |loosen|lift|less\b|fewer|lessen|without|better\b|freely|prevent|fad(?:e|es|ing)\b|no\b|benefit
  |protect|recover|settle|enjoy|pleasant|only\b|just\b|nothing)[\w']+)
""".strip()
_OFTEN = r"""
  (?:far |much )?(?:very |quite |rather |fairly |more |most |also |extremely |un)?(?:rare|rarer
  |common|commonest
  |usual|possible|expected|normal|frequent|seen|known|described|reported|recorded|documented|listed
  |typical|likely|unlikely|(?:on|in) record)
""".strip()
SAYS_HARM = rf"""
  \b(?:risks?|risky|riskier|side ?-?effects?|adverse|complications?|harm|harms|harmful|harmed
  |danger\w*|unsafe|hazard\w*|pneumothorax|(?:punctured?|collapsed?) lungs?
  |nerve (?:damage|injury|irritation)|allergic|allergy|allergies|skin reactions?|unwanted|unpleasant
  |precautions?|with caution|drawbacks?|downsides?|disadvantages?|rhabdomyolysis|muscle breakdown
  |breakdown|deaths?|fatal\w*|killed|kills|reinjur\w*|mishaps?|warning signs|overdone|misus\w+
  |backfires?|infection rates?|complication rates?|aggravat\w*|re injure|reopen)\b
| \b(?:may|might|can|could|will|would|does|do){_OF_HARM}{{0,7}} {_WEAK}\b
| \b(?:caus(?:e|es|ed|ing)|leads? to|leading to|led to|brings? (?:it )?on|provok\w+|sets? off
  |leaves?
  |leaving|leave|results? in|ends? in|contributes? to|bring on|triggers?|makes?|making|made|push\w*
  |put){_OF_HARM}{{0,7}} {_WEAK}\b
| \b(?:some|few|rarely|occasionally|seldom|sometimes|often|usually
  |commonly){_OF_HARM}{{0,6}} {_WEAK}\b
| \b{_WEAK}(?: [\w']+){{0,8}} (?:may|might|can|could|has|have)(?: [\w']+){{0,2}} (?:occur\w*
  |follow\w*
  |appear\w*|develop\w*|happen\w*|result\w*|last|been (?:reported|described
  |seen|found|recorded))\b
| \b{_WEAK}(?: [\w']+){{0,8}} (?:is|are) {_OFTEN}\b
| \b{_WEAK}(?: [\w']+){{0,6}} (?:occurs?|follows?|develops?|appears?|happens?|sets? in)\b
| \b{_WEAK}(?: [\w']+){{0,5}} (?:afterwards|after (?:the |a |an )?{TREATING}|next day)\b
| \b(?:feel|feels|felt|be|is|are|get|gets) (?:\w+ ){{0,2}}(?:sore|tender|bruised|unwell|sick|faint
  |dizzy)
   (?:for|after|afterwards|at first|the next)\b
| \b(?:sore|soreness|tender|bruis\w+|stiff|tired) for (?:an?|one|two|three|some|several|up|hours
  |days)\b
| (?<!who )(?<!you )\b(?:has|have)(?: [\w']+)? (?:broken|torn|injured|damaged|sprained|killed
  |died)\b(?! down)
| \b(?<!that )(?<!which )(?:can|may|might|could) (?:also |even |sometimes )?(?:cause|provoke|trigger
  |lead to|damage|injure|worsen|provoke|bring on|strike|spoil|slip|loosen the|be fatal)\b
| \bso(?: [\w']+){{1,5}} (?:swells?|wastes?|weakens?|worsens?|get worse|gets worse|faint\w*|falls
  |bleeds?|bruises?)\b
| \b(?:shoots?|soars?|spikes?|climbs?) (?:up|above|for|after)\b
| \b(?:squeez\w+|compress\w+|pinch\w+|jars?|presses on)(?: [\w']+){{0,3}} (?:nerves?|artery|vessels?
  |cord)\b
| \b(?:make|makes|made|making)(?: [\w']+){{0,4}} worse\b
| \b(?:feel|feels|get|gets|becomes?|grows?) worse (?:after|for|at first|during|afterwards)\b
| \b(?:1|one) in \w+{_OF_HARM}{{0,6}} {_WEAK}\b
| \b{_WEAK}(?: [\w']+){{0,8}} (?:1|one) in \w+\b
| \b(?:rais\w+|rises?|drops?)(?: [\w']+){{0,3}} (?:pressure|sugar|glucose)\b
| \b(?:sugar|glucose)(?: levels?)? (?:may|can|will|might) (?:rise|climb|fall|drop|go)\b
| \bcuts? off (?:the |what )?(?:\w+ )?(?:blood|circulation|flow)\b
| \b(?:thins|thin) the (?:skin|bones?)\b
| \b(?:itching|redness|rash|blisters|bruising|burning)(?: and| or)? (?:itching|redness|rash|blisters
  |bruising|burning|swelling)\b
| \breact (?:to|badly)\b
| \b(?:at|higher|greater|more|most) (?:\w+ )?risk\b
"""
SAYS_SAFE = r"""
  \bsafe(?:ly)? (?:for|in|if|when|during|to|with|as long|provided|unless|after|while|once|at)\b
| \b(?:usually|generally|mostly|normally|not|never|isn't|aren't)(?: \w+){0,2} safe\b
| ^yes\b
| \byes (?:from|if|but|after|provided|as long)\b
"""

_RISK = r"(?:risks?|risky|side ?-?effects?|danger\w*|complications?|harm\w*)"
# Praise that has words of caution in it is taken out first.
# It goes on only within what is praised ("helps many, but there is a risk").
_LESS = r"""
  (?:reduc\w*|lower(?:s|ed|ing)?|prevent\w*|decreas\w*|cut(?:s|ting)? (?:the|your|their|down)
  |minimi[sz]\w*|less(?:en|ens|ened|ening)?(?! (?:common|often|frequent|likely|seriou|usual|well))
  |fewer|without|no|free of|free from|zero|eas(?:e|es|ed|ing)|reliev\w*|treats?|treating|help\w*
  |manag(?:e|es|ed|ing)|eliminat\w*|heals?|healing|hardly|neither|nor|sooth\w*|calms?|calming
  |protect\w*|guards?|spares?|settl\w+|improv\w*|recover\w*|support\w*|relaxes|loosens?|nothing
  |gets? rid of|flush\w*|not worry)
""".strip()
PRAISE = rf"""
  \b{_LESS}{_ON}{{0,6}} (?:{_RISK}|surgery
  |operations?|problems?|drawbacks?|downsides?|hazards?|allerg\w+|{_WEAK})\b
  (?:(?: [\w']+)? (?:risks?|danger\w*|complications?|side ?-?effects?|{_WEAK})\b){{0,4}}
| \bavoid\w*{_ON}{{0,6}} (?:surgery|operations?|knife|complications?|side ?-?effects?|tablets
  |waits?|queues?
  |blues|painkillers|injur\w+|harm|damage|stiff\w*)\b
| \b(?:avoids|avoiding) the (?:risks?|dangers?)\b
| \b(?:(?:do|does|did|will|would|is|are) not|doesn't|won't|isn't|aren't) (?:\w+ )?(?:{_RISK}
  |{_WEAK})\b
| \b{_OTHER}(?: [\w']+){{0,2}} (?:is|are) (?:\w+ )?avoided\b
| \bno reason (?:not )?to \w+
| \bnot (?:just|only|merely) for\b
| \b(?:because|since|where|unlike|than|instead of){_ON}{{0,4}} {_OTHER}(?: [\w']+){{0,3}} {_RISK}
| \b{_OTHER}(?: [\w']+){{0,4}} {_RISK} (?:so|this|but this|drove|many|that)\b
| \b{_RISK} (?:is|are) (?:unheard|unknown|nil|no )
| \b{_RISK}(?: [\w']+){{0,3}} (?:thing|things) of the past\b
| \brisk ?-?(?:free|factors?)\b
| \b(?:risks?|chance|danger)(?: of)?(?: [\w']+){{0,4}} (?:is|are|was) (?:gone|lower\w*|reduced
  |halved
  |smaller|less|cut)\b
| \b(?:risks?|chance|danger) of(?: [\w']+){{1,3}} (?:falls|drops|goes down|disappears|shrinks)\b
| \bat (?:\w+ )?risk (?:of|from) (?:falls|falling|a fall|osteoporosis|diabetes|heart disease
  |strokes?
  |injury|another)\b
| \b(?:dangers?|risks?|hazards?|harm|side ?-?effects?) (?:or \w+ )?(?:of|from|that come with)
   (?:\w+ ){{0,2}}(?:surgery|tablets|pills|painkillers|drugs|medicines?|medication|sitting|opioids
  |stronger|inactivity|long|operations?|methods)\b
| \b(?:people|patients|those|anyone|runners|athletes|adults|women|men|clients|if you)(?: \w+)?
   (?:with|have|had|who (?:have|had|feel|felt|suffer)|suffering|recovering|after)
  {_OF_HARM}{{0,3}} (?:sore|soreness|painful|bruis\w*|worse|injur\w*|stiff\w*|aching|aches?|swollen
  |swelling|numb\w*|dizz\w*|tired|weakness|headaches?|spasms?|strokes?)\b
| \b(?:old|previous|past|sports?|sporting|common|many|such|these|back|neck|knee|shoulder) (?:\w+ )?
  (?:injur\w+|strains?|sprains?)\b
| \b(?:sore|stiff|tired|aching|painful|inflamed|swollen|irritated|damaged|injured|tender)(?: and
   (?:sore|stiff|tired|aching|painful))? (?:\w+ )?(?:muscles?|joints?|tendons?|ligaments?|tissues?
  |knees?|backs?|necks?|shoulders?|hips?|heels?|feet|legs?|hands?|calves|areas?|conditions?|discs?
  |nerves?|limbs?|flare|points?|start|fingers?|thumbs?|elbows?|ankles?|spots?|knots?
  |hamstrings?)\b(?! (?:is|are) (?:{_OFTEN})\b)
| \b(?:arthritis|sciatica|stress|sitting|posture|office work|desk work|work|a fall|overuse|ageing
  |aging|sport|inactivity|slipped discs?|(?:trapped|pinched) nerves?|tight (?:muscles?|\w+ muscles?)
  |(?:knots?|points?|muscles?|tension|posture|movements?|spasms?|imbalances?) (?:that|which))
   (?:\w+ |keeps? )?(?:may|might|can|could|often|caus(?:e|es|ing)|leads? to|brings?|leaves?|makes?)
  {_ON}{{0,5}} {_WEAK}\b
| \bsafe(?: (?:and|yet|but|or))? (?:\w+ly )?(?:effective|gentle|natural|easy|simple|reliable
  |proven|painless|non invasive|drug free|comfortable|pleasant|way|hands|option|choice|method)\b
| \b(?:effective|gentle|natural|easy|simple|painless|comfortable|pleasant) and safe\b
| \b(?:completely|totally|perfectly|entirely|absolutely|100|very|extremely|so|remarkably) safe\b
| \bsafe for (?:everyone|everybody|all|any|every|anyone|beginners)\b
| \bsafe (?:in|when|with|if) (?:\w+ ){{0,3}}(?:hands|by|trained|qualified|experienced|skilled)\b
| \b(?:not|no|never|without) (?:need|needing|have|seeing)(?: [\w']+){{0,6}} {_DOCTOR}\b
| \b(?:nothing to (?:fear|worry)|never too late|not dangerous|not harmful|not risky)\b
| \b{_WEAK} (?:\w+ )?(?:less\b|fad(?:e|es|ing)|goes?\b|eases?|settles?|melts?|disappears?|vanish\w*
  |lifts?\b|improves?)
| \b{_WEAK}(?: [\w']+){{0,2}} (?:can|may|will|could|is|are) (?:often |usually |also )?
  (?:be )?(?:eased|reduced|relieved|treated|helped|managed|soothed|improved|lower|gone)\b
"""
