"""Patterns of comparisons, praise, stories and offers: a line for each way to word them.

`safety/claims/negation.py` handles what takes a claim back ("not", "may", "if").
"""

from __future__ import annotations

from safety.claims.kinds import ClaimKind
from safety.claims.vocabulary import Pattern, pattern

OTHER_CLAIMS: tuple[Pattern, ...] = (
    pattern(
        ClaimKind.BETTER_THAN_OTHERS,
        r"""(?:more effective|better|faster|quicker|safer|gentler|stronger|longer[- ]lasting\
            |more (?:powerful|reliable|precise|efficient)) (?:<W> )?than (?:(?!no\b)<W> ){0,3}?\
            (?:<THERAPY>|anything|others?|competit\w+|the rest|we|us)
        superior to (?:<W> ){0,3}?(?:<THERAPY>|those of|anything|others?)
        (?:(?:healing|recovery)(?: time)? (?:is |times are )?)?\
            (?:fast|quick|short|rapid|good|high|low|effective|safe|gentle)\w* (?:<W> ){0,3}?\
            (?:when |as )?compared (?:to|with) (?:<W> ){0,2}?<THERAPY>
        (?:better|less|more|fewer|lower|higher) (?:<W> ){0,4}?\
            (?:when |as )?compared (?:to|with) (?:<W> ){0,2}?<THERAPY>
        compared (?:to|with) <THERAPY>,? (?:<W>,? ){0,5}?\
            (?:better|faster|quicker|safer|more effective)
        (?:beats|outperforms?|outclass\w*) (?:<W> ){0,2}?<THERAPY>
        (?:nobody|no one|no other <W>) (?:<W> ){0,6}?(?:better|faster) than
        (?:nothing|no other <THERAPY>) (?:else )?(?:beats|compares|comes close\
            |(?:works|helps|relieves?|is) (?:<W> ){0,3}?(?:better|faster|as|like))
        no other <THERAPY> (?:gives?|offers?|brings?|achieves?|can (?:match|compare))
        unlike (?:most |many |all )?(?:other|conventional|traditional|ordinary|regular|standard) \
            (?:<W> )?<THERAPY>
        unlike (?:painkillers|pills|drugs|medications?|medicines?|surgery|an operation)
        (?:number (?:one|1)|no\. ?1|# ?1)(?! (?:cause|reason|risk|priority|killer|rule|tip\
            |question|complaint)\b)
        (?:(?:heals?|recovers?|works?|healing) )?\
            (?:twice|(?:two|three|four|five|ten|\d+) ?(?:times|x)) \
            (?:as (?:fast|quick\w*|effective\w*|well|good|strong)\
            |faster|quicker|better|more effective)
        (?<!one\sof\s)the (?:very |single |world's )?\
            (?:best|most effective|most advanced|safest|fastest) \
            (?:(?!way\b|of\b|possible\b|course\b)<W> ){0,2}?\
            (?:<THERAPY>|therapists?|clinic|solution|care)(?= ?[.!,)]?$\
            | (?:there is|available|in|on|around|for|money|ever|you)\b| ?,)
        unrivalled|unmatched|unbeatable|unparalleled|second to none|award[- ]winning
        best in (?:town|the (?:city|country|region|area|world))
        leading (?:<W> )?(?:clinic|physio\w*)""",
    ),
    pattern(
        ClaimKind.FAST_HEALING,
        r"""(?:speed(?:s|ing)? up|accelerat\w+|hasten\w*|boosts?|shorten(?:s|ing)?|halv\w+\
            |quickens?|fast-?tracks?|cuts?) (?:<W> ){0,3}?\
            (?:recovery|healing|rehab\w*|repair|regeneration|heal)
        reduc(?:es?|ing) (?:<W> ){0,2}?(?:recovery|healing) time
        <FAST> (?:(?!and\b)<W> ){0,2}?(?:recovery|healing|relief|results|rehabilitation|repair)
        (?:heals?|recovers?|recovery|healing|relief|results?|works|feel better|get better) \
            (?:time )?(?:(?:is|are|comes?|more|so|very|really|much|far|even|remarkably\
            |significantly) ){0,2}(?:fast(?:er)?|quick(?:er|ly)|rapid(?:ly)?\
            |in (?:half the|no|record) time)
        back (?:to|on|at|in) (?:<W> ){0,3}in no time
        in (?:half the|record) time
        (?:recovers?|heals?) sooner|(?:get|be|are) back (?:<W> ){0,4}?sooner""",
    ),
    pattern(
        ClaimKind.PROVEN,
        r"""(?:clinically|scientifically|medically|research|science|well)[- ]\
            (?:proven|tested|validated|backed)
        proven (?:to|that|<THERAPY>|results?|relief|effective\w*|success|track record|benefits?\
            |solution|way|formula)
        (?:has|have|is|are|was) (?:long )?(?:been )?proven(?! useful)
        (?:science|research|stud(?:y|ies)|trials?|evidence|experts?|scientists) \
            (?:(?!not\b|never\b|\w+n't)<W> ){0,3}?(?:proves?|proved|proven)
        (?:experts|doctors|scientists) (?:all )?(?:agree|confirm (?:it|that|this))
        (?:medical|scientific|established) fact
        backed by (?:<W> )?(?:science|research|studies)""",
    ),
    pattern(
        ClaimKind.EVERYONE,
        r"""(?:suitable|suited|safe|right|good|ideal|perfect|works?|effective|helps?|helpful) \
            (?:for )?(?:almost |virtually )?<EVERYBODY>
        (?:<EVERYBODY>|all of our patients) (?:<W> ){0,2}?(?:benefits?|improves?|profits?\
            |is helped|gets? better|feels? better|responds?)
        <EVERYBODY> can (?:have|get|use|try|enjoy|receive|find) (?:<W> ){0,2}?\
            (?:needling|treatment|therapy|acupuncture|massage|relief|help)
        (?:nobody|no one) (?:who )?(?:cannot|can't|can not|would not|does not|doesn't) \
            (?:<W> )?(?:benefit|profit|be helped|improve)
        <HELPS> (?:any|all|every)(?: <KINDS> of)? (?:<W> )?(?:pain|aches?|injur(?:y|ies))
        <HELPS> (?:every|(?:any|all) <KINDS> of) (?:<W> )?\
            (?:conditions?|complaints?|problems?|ailments?)
        (?:no matter (?:what|which)|whatever|regardless of) your (?:<W> ){0,2}?\
            (?:pain|problem|condition|age|injury|complaint|symptoms?)
        no matter (?:how|where|what) (?:<W> ){0,4}?(?:pain|hurts|ails|old)""",
    ),
    pattern(
        ClaimKind.DETOX_IMMUNITY,
        r"""detox\w*(?! (?:under|from|program\w*)\b)
        (?:flush|clear|rid|remov|releas|expel|drain|eliminat|purg|wash|sweep|draw)\w* \
            (?:<W> ){0,4}?(?:toxins?|poisons|impurities)
        get rid of (?:<W> ){0,3}?(?:toxins?|poisons|impurities)
        (?:boost|strengthen|supercharg|enhanc|improv|stimulat|activat|fir)\w* (?:up )?\
            (?:<W> ){0,2}?(?:immun(?:e|ity)|defen[cs]es|resistance to)
        immun\w+ (?:system )?(?:<W> ){0,4}?(?:boost\w*|stronger|a lift)
        (?:cleans(?:e|es|ing)|purif\w+) (?:<W> ){0,3}?(?:body|blood|system|liver|tissues?)""",
    ),
    pattern(
        ClaimKind.TESTIMONIAL,
        r"""(?:says?|said|writes|wrote|reports?|tells us|recalls?|remembers?)[,:]? \
            (?:our patient |patient |mrs?\.? |ms\.? |miss )?\
            (?-i:(?!Dr\b|Prof|Doctor|NHS|The\b)[A-Z][a-z]+)
        (?-i:\b(?!Dr\b|Prof|Doctor|The\b)[A-Z][a-z]+)(?: (?-i:[A-Z])\.?| (?-i:[A-Z][a-z]+))?,?\
            (?: \d\d,)? (?:says|said|writes|wrote)""",
        needs=r"(?-i:I)|my|me",
    ),
    pattern(
        ClaimKind.TESTIMONIAL,
        r"""(?<=["”’'])(?: ?[-–—] ?)(?-i:[A-Z])\w+
        (?-i:\bI)(?:'ve| have| had| was| am|'m| could| can| felt| feel| came| went| woke)\b\
            [^.!?]{0,60}?(?:again\b|pain[- ]free|relief|never felt|changed|cured\
            |after (?:just |only |my )?(?:one|two|three|a few|first|\d+) \w+)
        (?:changed|saved|transformed) (?:my|her|his) (?:life|lives)
        (?:has|have) never felt (?:so|better|this)
        (?:happy|satisfied|delighted|grateful) (?:patients|clients|customers)
        (?:five|5)[- ]stars?|testimonials?|success stor(?:y|ies)
        recommend\w* (?:<W> ){0,4}?to (?:<W> ){0,2}?(?:friends|family|everyone|anyone)
        (?:read|see) (?:<W> ){0,2}reviews
        (?:our )?(?:patients|clients) (?:love|rave|swear|adore)""",
    ),
    pattern(
        ClaimKind.URGENCY_OFFER,
        r"""(?:book|sign up|reserve|order|claim|grab|secure) (?:<W> ){0,3}?(?:now|today)|act now
        (?:only|just) (?:for )?this (?:week|month|weekend)|this (?:week|month|weekend) only
        today only|offer ends|ends (?:soon|today|tomorrow)|last chance
        limited[- ](?:time |period )?(?:offer|places|spaces|slots|only)
        while (?:stocks|places|slots|spaces|appointments) last
        hurry(?= up|,|!)|don't (?:miss|delay,)
        (?:only|just) (?:<W> ){1,2}(?:slots|places|appointments|spaces|spots) left
        (?:spaces|places|slots|appointments) are limited
        save (?:up to )?\d+ ?%|\d+ ?% (?:off|discount|reduction)|half[- ]price|two for one
        (?:special|introductory|limited|spring|summer|autumn|winter|christmas) \
            (?:offer|price|deal|special)
        free (?:first |initial |trial )?(?:session|consultation|trial|assessment)
        first (?:session|consultation|visit|appointment) (?:is |for )?free""",
    ),
)
