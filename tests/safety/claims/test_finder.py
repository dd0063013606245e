"""Claims as clinics word them are found, and what neutral articles say is left in peace."""

import csv
import time
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.sentences import sentence_spans
from safety.claims.finder import Claim, ClaimKind, Severity, find_claims
from safety.claims.kinds import EXPLANATIONS
from tests.support.paths import ARTICLE, ROOT

HIGH = set(
    """painless hundred_percent guaranteed cure immediate_relief no_side_effects miracle
    serious_condition instead_of_medicine""".split()
)
MEDIUM = set("better_than_others fast_healing proven everyone detox_immunity".split())
LOW = {"testimonial", "urgency_offer"}


def sentences() -> list[dict[str, str]]:
    """Return the made-up sentences.

    `kind` is empty for a neutral one. `written` says when: "before" the patterns, "after" them as a
    fresh check, "last" as another check after the first had led to corrections.
    """
    with (ROOT / "tests" / "claims.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


SENTENCES = sentences()
CLAIMS = [row for row in SENTENCES if row["kind"]]
NEUTRAL = [row["text"] for row in SENTENCES if not row["kind"]]


def kinds_of(text: str) -> set[str]:
    return {claim.kind.value for claim in find_claims(text)}


def the_claim(text: str) -> Claim:
    (claim,) = find_claims(text)
    return claim


@pytest.mark.parametrize(
    ("sentence", "kind", "words"),
    [
        ("It is a 100% painless procedure.", ClaimKind.PAINLESS, "100% painless"),
        (
            "As a result, you can experience immediate pain relief and enhanced range of motion.",
            ClaimKind.IMMEDIATE_RELIEF,
            "immediate pain relief",
        ),
        (
            "The healing time is fast when compared to other procedures.",
            ClaimKind.BETTER_THAN_OTHERS,
            "healing time is fast when compared to other procedures",
        ),
    ],
)
def test_the_three_claims_of_the_clinics_article_are_found(
    sentence: str, kind: ClaimKind, words: str
) -> None:
    assert sentence in ARTICLE.read_text(encoding="utf-8")
    claim = the_claim(sentence)
    assert claim.kind is kind
    assert sentence[claim.span.start : claim.span.end] == words


def test_nothing_else_is_found_in_the_clinics_article_than_promises_of_speed() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    found = {
        text[span.start : span.end]: kinds_of(text[span.start : span.end])
        for span in sentence_spans(text)
        if find_claims(text[span.start : span.end])
    }
    assert len(found) == 5
    assert found["Speeds Up Recovery"] == {"fast_healing"}
    assert [kinds for text, kinds in found.items() if "fast pain relief" in text] == [
        {"fast_healing"}
    ]


@pytest.mark.parametrize("row", CLAIMS, ids=lambda row: str(row["text"]))
def test_a_claim_is_found_with_its_kind_and_no_other(row: dict[str, str]) -> None:
    assert kinds_of(row["text"]) == set(row["kind"].split(" | "))


@pytest.mark.parametrize("text", NEUTRAL)
def test_a_neutral_sentence_is_left_in_peace(text: str) -> None:
    assert find_claims(text) == ()


def test_every_kind_is_tried_in_several_ways() -> None:
    tried = Counter(kind for row in CLAIMS for kind in row["kind"].split(" | "))
    assert set(tried) == set(ClaimKind) == HIGH | MEDIUM | LOW
    assert min(tried.values()) >= 5
    assert len(NEUTRAL) >= 150
    assert len({row["text"] for row in SENTENCES}) == len(SENTENCES)


def test_the_severity_of_every_kind_is_that_of_the_design() -> None:
    for severity, kinds in (("high", HIGH), ("medium", MEDIUM), ("low", LOW)):
        assert {k for k in ClaimKind if EXPLANATIONS[k].severity == Severity(severity)} == kinds


@pytest.mark.parametrize("kind", list(ClaimKind))
def test_every_kind_is_explained_to_the_editor_and_its_neutral_wording_claims_nothing(
    kind: ClaimKind,
) -> None:
    explanation = EXPLANATIONS[kind]
    assert explanation.reason.endswith(".")
    assert ". " not in explanation.reason
    assert explanation.evidence
    assert find_claims(explanation.wording) == ()


def test_painless_is_answered_with_the_published_figures() -> None:
    evidence = the_claim("The treatment is painless.").explanation.evidence
    for figure in ("3.0 %", "Brady 2014", "5.9 %", "Boyce 2020", "52 %", "33 %", "Tolbert 2025"):
        assert figure in evidence


def test_words_that_claim_two_things_and_two_claims_of_a_kind_are_reported_once() -> None:
    assert kinds_of("100% guaranteed to work.") == {"guaranteed"}
    assert kinds_of("It is 100% safe.") == {"no_side_effects"}
    assert the_claim("Needling is painless, truly painless.").span.start == 12


@pytest.mark.parametrize(
    ("claimed", "taken_back"),
    [
        ("Needling is painless.", "Needling is not painless."),
        ("Needling cures migraine.", "Nobody knows whether needling cures migraine."),
        ("We use no drugs and needling is painless.", "We do not say that needling is painless."),
        ("Needling is painless, but it takes time.", "A quick recovery cannot be promised."),
        ("If you have pain, our painless needles help.", "If needling is painless, we go on."),
        ("No drugs, no risks.", "There is no treatment without risks."),
        ("Want instant relief?", "Is there instant relief?"),
        ("Massage may cure cancer: it treats cancer.", "Massage does not treat cancer."),
    ],
)
def test_what_is_denied_doubted_or_asked_in_its_own_clause_is_not_claimed(
    claimed: str, taken_back: str
) -> None:
    assert find_claims(claimed)
    assert find_claims(taken_back) == ()


def test_a_serious_illness_is_no_less_serious_for_a_may() -> None:
    assert kinds_of("Our needling may treat cancer.") == {"serious_condition"}
    assert kinds_of("Our needling may relieve back pain at once.") == set()


def test_typography_and_capitals_change_nothing() -> None:
    for text in ("PAIN-FREE NEEDLING", "pain\u2011free needling", "Pain\u00a0free\nneedling"):
        assert the_claim(text).kind is ClaimKind.PAINLESS
    assert the_claim("It doesn\u2019t hurt at all.").kind is ClaimKind.PAINLESS


WORDS = sorted({word for row in SENTENCES for word in row["text"].split()})


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)))
def test_no_text_raises_and_every_claim_lies_inside_its_sentence(text: str) -> None:
    claims = find_claims(text)
    assert len({claim.kind for claim in claims}) == len(claims)
    spans = [claim.span for claim in claims]
    assert spans == sorted(spans)
    for claim in claims:
        assert 0 <= claim.span.start < claim.span.end <= len(text)
    assert all(earlier.end <= later.start for earlier, later in pairwise(spans))


@pytest.mark.parametrize("words", ["painless is not ", "no risk, ", "the ", "is?", "permanent "])
def test_a_long_text_without_end_is_judged_in_time(words: str) -> None:
    started = time.process_time()
    find_claims(words * 5_000)
    assert time.process_time() - started < 5
