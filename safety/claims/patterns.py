"""Patterns of claims of high severity: a line for each way to word them.

`safety/claims/negation.py` handles what takes a claim back ("not", "may", "if").
"""

from __future__ import annotations

from safety.claims.kinds import ClaimKind
from safety.claims.vocabulary import Pattern, pattern

# Who treats, in a clinic's article: an illness "is treated" by doctors in every neutral text.
_TREATED_BY_US = r"""needl\w+|acupunct\w+|massage|cupping|shock ?wave|laser|our|we|us|clinics?
    physio\w*|chiropract\w+|osteopath\w*|sessions?
    (?:this|the) (?:treatment|therapy|technique|method)"""
_PROCEDURE = r"""needl\w+|treatments?|procedures?|sessions?|therap\w+|insert\w*|inject\w*
    techniques?|methods?|appointments?|involved|clinics?|our|we|us"""
# What is painless without anybody treating it: a sign of an illness, a test, a numbed part.
_NOT_A_TREATMENT = r"""lumps?|swellings?|swollen|mass(?:es)?|nodules?|ulcers?|sores?|bumps?
    growths?|enlarge\w*|weakness|loss|rash|spots?|blisters?|tests?|scans?|x-?rays?|x rays?
    ultrasound(?! (?:treatment|therapy))|an(?:ae|e)sthe\w+|numb\w*|sedat\w+|given medicine
    e[ck]g|mri|ct|imaging|echocardiogra\w+|electrodes?"""

HIGH_CLAIMS: tuple[Pattern, ...] = (
    pattern(
        ClaimKind.MIRACLE,
        r"""miracles?|miraculous(?:ly)?
        magic(?:al|ally)?
        work(?:s|ed|ing)? wonders
        wonder[- ](?:cure|treatment|therapy|drug|needles?)
        (?:revolutionary|breakthrough|ground-?breaking) (?:<W> )?<THERAPY>""",
    ),
    pattern(
        ClaimKind.GUARANTEED,
        r"""(?:<TOTALLY> )?guarantee(?:s|d|ing)?
        always (?:works|helps|relieves|succeeds|heals|delivers|effective|successful)
        always work(?! (?:with|in|as|to|closely|on|from|for|together|at|under|within|hard)\b)
        works? (?:every (?:single )?time|each time|without (?:fail|exception))
        (?:never|cannot|can't|can not|won't|will not) fails?|(?:has|have) never (?:yet )?failed
        (?:if|when) you (?:<W> ){1,6}money back|money[- ]back|your money back
        (?:relief|results?|success|recovery|improvement) (?:is|are) (?:certain|assured|sure)
        (?:you|it|this|that|they|pain|needling|treatment)(?:'ll| will) \
            (?:definitely|certainly|surely|undoubtedly)
        (?:we|our) promise
        sure-?fire|fool-?proof|fail-?safe|infallible|can't go wrong
        (?:sure|certain|bound) to (?:help|work|relieve|heal|improve|feel)""",
    ),
    pattern(
        ClaimKind.SERIOUS_CONDITION,
        r"""<TREATS> <NEAR><SERIOUS>
        (?:helped|treated|cured|healed) (?:<W> ){0,4}?with <SERIOUS>
        (?:helps?|works?|effective|good|helpful|successful|remedy|relief|needling|cure) \
            (?:for|against|with|in|of) <NEAR><SERIOUS>""",
        needs=_TREATED_BY_US,
    ),
    pattern(
        ClaimKind.SERIOUS_CONDITION,
        r"""^\W*(?:it|this) (?:also |even |actively )?(?:(?:helps?|works?) (?:to )?)?\
            <TREATS> <NEAR><SERIOUS>""",
    ),
    pattern(
        ClaimKind.CURE,
        r"""(?:a )?(?:permanent |lasting |complete )?(?:cure[sd]?|curing)
        revers(?:e|es|ed|ing) (?:<W> ){0,3}(?:arthritis|arthrosis|degeneration|ageing|aging\
            |damage|wear|disease|scoliosis|diabetes)
        undo(?:es)? (?:<W> ){0,4}(?:wear|damage|arthritis|degeneration)
        (?:regrow|regenerat|rebuild|restor)\w* (?:<W> ){0,2}(?:cartilage|discs?)
        (?:get|gets|getting|got) rid of (?:<W> ){0,3}<PAIN>(?: <FOREVER>)?
        (?:say|wave|kiss) good-?bye to(?: <W>){0,3}
        (?<!or\s)(?:eliminat|eradicat|banish|abolish|eras)\w* (?:<W> ){0,3}<PAIN>
        (?:ends?|ending|an end to|stops?) (?:your|all|the|chronic|back|neck) (?:<W> ){0,2}<PAIN>
        a thing of the past|(?:is|are|be|becomes?) history
        permanent(?:ly)? (?:(?!can\b|may\b)<W> ){0,2}(?:relief|fix|solution|results?|end\
            |improvement|healing|freedom|remedy|(?:heal|remov|resolv|reliev|solv)\w*)
        (?:relief|results?|recovery|solution|free(?:dom)?|gone|away|solved?) (?:<W> ){0,3}\
            (?:<FOREVER>|for life)
        <PAIN> (?:<W> ){0,4}<FOREVER>
        (?:never (?:<W> )?|will not (?:ever )?|won't (?:ever )?)(?:comes? back|returns?|recurs?)
        never (?:suffer|hurt|ache|be in pain|feel pain|have (?:<W> )?pain)(?: <W>)? again
        (?:live|living|lead|become|becoming|stay|wake up|get|you(?:'ll| will| can)? (?:<W> )?be) \
            (?:<W> ){0,2}(?:pain|symptom)[- ]free(?: (?:life|again|for life|living))?
        pain[- ]free (?:life|living|lifestyle|future|again|forever|for life|for good\
            |(?:after|within|in) (?:just |only )?<W> (?:sessions?|days?|weeks?|visits?))
        (?:freedom from|free (?:of|from)) (?:<W> )?pain (?:for|again)""",
    ),
    pattern(
        ClaimKind.IMMEDIATE_RELIEF,
        r"""<AT_ONCE> <GAP><BETTER>
        (?:<PAIN> (?:<W> )?)?<BETTER> <GAP><AT_ONCE>
        <PAIN> <GAP>(?:goes|stops?|eases?|ends?|leaves) (?:<W> ){0,2}<AT_ONCE>
        <JUST_ONE> <SESSION> (?:is|was) (?:all|enough)
        the (?:moment|second|minute) (?:<W>,? ){1,8}?\
            (?:gone|goes|disappears?|vanish\w*|relief|melts?)
        walk(?:s|ed)? out (?:<W> ){0,2}?(?:straight|pain[- ]free|upright|after|without)""",
    ),
    pattern(
        ClaimKind.PAINLESS,
        r"""(?:<TOTALLY> )?painless(?:ly)?
        (?:<TOTALLY> )?pain[- ]free(?! (?:range|movements?|motion|rom|position|window|periods?\
            |days?|arc|walking|grip|activit\w+|exercises?|intervals?|between|side|limb|leg|arm)\b)
        (?:<NOT>|hardly|barely) (?:even |really )?(?:sting|hurts?(?! (?:to|your|the|you)\b)\
            |(?:feel|notice) (?:a thing|anything|(?:any )?pain|the needles?))
        (?:no|without|zero) pain (?:at all|whatsoever|during|involved)
        ^\W*(?:no|zero) pain(?! ?,? no gain)
        ^\W*without (?:any )?(?:pain|discomfort)(?=\W*$)
        nothing hurts""",
        unless=_NOT_A_TREATMENT,
    ),
    pattern(
        ClaimKind.PAINLESS,
        r"""<NOT_MOVING>without (?:any |the slightest |a bit of )?(?:pain|discomfort)(?! ?, you)
        (?:absolutely |virtually |almost )?(?:no|zero) (?:pain|discomfort)
        free (?:of|from) (?:any )?(?:pain|discomfort)
        feels? nothing(?: at all)?""",
        needs=_PROCEDURE,
        unless=_NOT_A_TREATMENT,
    ),
    pattern(
        ClaimKind.NO_SIDE_EFFECTS,
        r"""(?:no|zero|without(?: any| the)?|free (?:of|from)(?: any| all)?|not a single) \
            (?:known |harmful |adverse |nasty |unwanted |negative |unpleasant |lasting |bad )?\
            (?:side[- ]effects?|risks?(?! factors?)|complications?|dangers?\
            |adverse (?:effects?|events?|reactions?))
        (?:<TOTALLY> )?(?:side[- ]effects?|risk|danger)[- ]free
        (?:<TOTALLY>|always) (?:safe|harmless)
        (?:nothing|what) can (?:ever )?go wrong
        <NOT> (?:do (?:you )?(?:any )?harm|harm you)""",
    ),
    pattern(
        ClaimKind.INSTEAD_OF_MEDICINE,
        r"""(?:avoids?|avoiding|escape|skip) (?:<W> ){0,2}<OPERATION>
        (?:forget(?: about)?|ditch|bin|throw (?:away|out)|stop taking(?! (?:these|this)\b)\
            |come off|get off|give up|replaces?|replacing|spare (?:you|yourself)|saves? you) \
            (?:<W> ){0,2}<MEDICINE>
        (?:alternative|substitute|replacement) (?:to|for) (?:<W> ){0,2}<MEDICINE>
        (?:instead of|rather than\
            |(?<=\w\s)without(?: the need for| resorting to| needing| having)?) \
            (?:an? |the |any |your |more |expensive |strong |<OPERATION> )?<MEDICINE>
        (?:(?:eliminat|remov)\w+|does away with) the need for (?:<W> ){0,2}<MEDICINE>
        why (?:risk|have|undergo|put up with|suffer) (?:<W> ){0,2}<MEDICINE>
        (?:without|instead of|avoid|before) going under the knife
        no (?:more|need for|need of) (?:<W> ){0,2}<MEDICINE>
        (?:no longer|never|will not|won't) need (?:<W> ){0,2}\
            (?:<OPERATION>|drugs|medicines?|medications?)
        cancel (?:your|the|that) (?:surgery|operation)
        (?:no|zero) <MEDICINE>(?: (?:needed|required|necessary)|(?=[.!]|$\
            |,? (?:and |or )?(?:no|zero) |,? (?:and|or) <MEDICINE>))
        (?:makes?|making) (?:<W> ){0,2}<MEDICINE> (?:unnecessary|superfluous|redundant)""",
    ),
    pattern(
        ClaimKind.HUNDRED_PERCENT,
        r"""(?<![-–.,])(?:100|one hundred|a hundred|hundred) ?(?:%|per ?cent\b)\
            (?! (?:oxygen|cotton|of (?:<W> )?(?:body ?)?weight))(?: <W>)?
        (?:over |more than )?9\d(?:\.\d)? ?(?:%|per ?cent) \
            (?:success|effective|cure|satisf|recover|improve)\w*(?: rate)?
        success rate of (?:over |more than )?9\d""",
    ),
)
