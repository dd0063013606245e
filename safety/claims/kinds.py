"""Kinds of health claims that an editor should check, with an explanation of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ClaimKind(StrEnum):
    """What a sentence claims; if two kinds match the same words, the first is reported."""

    MIRACLE = "miracle"
    GUARANTEED = "guaranteed"
    SERIOUS_CONDITION = "serious_condition"
    CURE = "cure"
    IMMEDIATE_RELIEF = "immediate_relief"
    PAINLESS = "painless"
    NO_SIDE_EFFECTS = "no_side_effects"
    INSTEAD_OF_MEDICINE = "instead_of_medicine"
    HUNDRED_PERCENT = "hundred_percent"
    BETTER_THAN_OTHERS = "better_than_others"
    FAST_HEALING = "fast_healing"
    PROVEN = "proven"
    EVERYONE = "everyone"
    DETOX_IMMUNITY = "detox_immunity"
    TESTIMONIAL = "testimonial"
    URGENCY_OFFER = "urgency_offer"


class Severity(StrEnum):
    """How much a claim of a kind can mislead a patient."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation for the editor; `wording` is an example and never replaces the text."""

    severity: Severity
    reason: str
    wording: str
    evidence: str


_COMPARED = "A trial that compared the two directly, in people with the same complaint."

EXPLANATIONS: dict[ClaimKind, Explanation] = {
    ClaimKind.PAINLESS: Explanation(
        Severity.HIGH,
        "It says that nobody feels pain, and some patients do.",
        "Some people feel the needle or a brief ache; soreness for a day or two is common.",
        "Physiotherapists reported pain during 3.0 % of treatments (Brady 2014, 7,629 treatments) "
        "and 5.9 % of sessions (Boyce 2020, 20,464 sessions). Patients reported soreness (52 %) "
        "and pain (33 %) in the first 24 hours (Tolbert 2025).",
    ),
    ClaimKind.HUNDRED_PERCENT: Explanation(
        Severity.HIGH,
        "It says that something holds for all patients or nearly all, which no treatment reaches.",
        "Many people are helped; how many depends on the complaint.",
        "A study that counted everybody who was treated, with the figure and its source.",
    ),
    ClaimKind.GUARANTEED: Explanation(
        Severity.HIGH,
        "It promises a result, and no treatment works for every patient every time.",
        "It helps some people; we look after a few sessions whether it helps you.",
        "None can support a guarantee; a trial can say how many patients were helped.",
    ),
    ClaimKind.CURE: Explanation(
        Severity.HIGH,
        "It promises that the complaint ends for good.",
        "It may ease the symptoms for a time.",
        "Trials that followed patients for a year or longer and counted who stayed well.",
    ),
    ClaimKind.IMMEDIATE_RELIEF: Explanation(
        Severity.HIGH,
        "It promises relief at once, which many patients do not feel.",
        "Some people feel relief soon after a session, others after several or not at all.",
        "A trial that measured pain straight after the treatment, against a sham treatment.",
    ),
    ClaimKind.NO_SIDE_EFFECTS: Explanation(
        Severity.HIGH,
        "It says that nothing can go wrong, and every treatment has risks.",
        "Soreness, bruising and bleeding are common; serious side effects are rare.",
        "A safety study that counted unwanted effects over many treatments; none has found zero.",
    ),
    ClaimKind.MIRACLE: Explanation(
        Severity.HIGH,
        "It raises hopes that no treatment can meet.",
        "Say plainly what the treatment does and for whom.",
        "None can support such a word.",
    ),
    ClaimKind.SERIOUS_CONDITION: Explanation(
        Severity.HIGH,
        "It offers treatment for an illness that needs a doctor, which can delay care.",
        "If you have this illness, ask your doctor first; we can help with stiff, sore muscles.",
        "A clinical guideline or systematic review that names the treatment for this illness.",
    ),
    ClaimKind.INSTEAD_OF_MEDICINE: Explanation(
        Severity.HIGH,
        "It may lead a patient to do without surgery or medicine that they need.",
        "It can be used beside other treatment; ask your doctor before you change any medicine.",
        f"{_COMPARED} It must say who did without the operation or medicine, and for how long.",
    ),
    ClaimKind.BETTER_THAN_OTHERS: Explanation(
        Severity.MEDIUM,
        "It says that this is better or faster than something else, without saying who compared.",
        "It is one of several treatments; which one suits you depends on your complaint.",
        _COMPARED,
    ),
    ClaimKind.FAST_HEALING: Explanation(
        Severity.MEDIUM,
        "It promises that healing or relief comes fast.",
        "It may help with pain and movement while you recover; how long that takes varies.",
        "A trial that measured the time to recovery with and without the treatment.",
    ),
    ClaimKind.PROVEN: Explanation(
        Severity.MEDIUM,
        "It says that science has settled the matter, without naming the study.",
        "Some studies found less pain after the treatment; others found no difference.",
        "The study itself, best a systematic review: authors, year, what was found.",
    ),
    ClaimKind.EVERYONE: Explanation(
        Severity.MEDIUM,
        "It says that it suits every person or every pain, and there are some it does not suit.",
        "It is not suitable for everyone; we ask about your health first.",
        "None can support 'everyone'; say for whom it was studied and who should not have it.",
    ),
    ClaimKind.DETOX_IMMUNITY: Explanation(
        Severity.MEDIUM,
        "It promises an effect on poisons in the body or on immunity that has not been shown.",
        "Leave it out, or say what the treatment does to the muscle.",
        "A trial in people that measured illness, not only a laboratory value.",
    ),
    ClaimKind.TESTIMONIAL: Explanation(
        Severity.LOW,
        "It lets one patient's story, or praise, stand for what others can expect.",
        "Describe what usually happens, with its source, instead of what one patient felt.",
        "A story is no evidence; in many places advertising with patients' stories is not allowed.",
    ),
    ClaimKind.URGENCY_OFFER: Explanation(
        Severity.LOW,
        "It presses the reader to decide quickly, which has no place beside health information.",
        "You can book by telephone or online.",
        "Not a question of evidence; keep offers out of articles.",
    ),
}
