"""Decisions about claims are taken whole or not at all, and every row that is wrong is named."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import ContentError, SeveralContentErrors
from safety.claims.decisions import COLUMNS, ClaimDecision, Decision, read_claim_decisions
from safety.claims.finder import ClaimKind
from tests.support.paths import ROOT

HEADER = ",".join(COLUMNS) + "\n"
SOUND = "a,It is painless.,painless,accepted,a reason,,Jo Smith,2025-03-31\n"


def read(folder: Path, text: str | bytes) -> list[ClaimDecision]:
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / "claims.csv").write_bytes(raw)
    return read_claim_decisions(folder)


def test_every_row_becomes_a_decision(tmp_path: Path) -> None:
    referenced = 'b,"Cures, at once.",cure,referenced,,Brady 2014,Jo,2024-02-29\n'
    assert read(tmp_path, HEADER + SOUND + "\n" + referenced) == [
        ClaimDecision(
            "a", "It is painless.", ClaimKind.PAINLESS, Decision.ACCEPTED,
            "a reason", "", "Jo Smith", date(2025, 3, 31), 2,
        ),
        ClaimDecision(
            "b", "Cures, at once.", ClaimKind.CURE, Decision.REFERENCED,
            "", "Brady 2014", "Jo", date(2024, 2, 29), 4,
        ),
    ]  # fmt: skip


def test_a_reference_and_an_acceptance_settle_a_claim_and_a_rewrite_to_come_does_not(
    tmp_path: Path,
) -> None:
    rows = [
        f"a,{decision}.,cure,{decision},why,where,Jo,2025-03-31\n"
        for decision in ("referenced", "accepted", "rewrite")
    ]
    assert [d.settles for d in read(tmp_path, HEADER + "".join(rows))] == [True, True, False]


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert read_claim_decisions(tmp_path) == []


def test_nobody_at_the_clinic_has_decided_anything_yet() -> None:
    assert (ROOT / "content" / "claims.csv").read_text() == HEADER
    assert read_claim_decisions(ROOT / "content") == []


def test_a_row_in_which_nothing_is_decided_yet_is_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER + "a,It is painless.,painless,,,,,\n") == []


def test_a_spreadsheets_byte_order_mark_line_ends_and_column_order_are_taken(
    tmp_path: Path,
) -> None:
    header = "\ufeffkind,article,sentence,decision,by,date,reason,reference,evidence\r\n"
    row = 'painless,a,"It is\r\n painless.",accepted,Jo,2025-03-31,so,,what the list said\r\n'
    (decision,) = read(tmp_path, header + row)
    assert (decision.sentence, decision.by, decision.reason) == ("It is painless.", "Jo", "so")


WRONG = {
    "unknown column": (HEADER.replace("by", "who") + SOUND, 1, "the columns article, sentence"),
    "missing column": (HEADER.replace(",date", "") + SOUND, 1, "the columns article, sentence"),
    "column twice": (HEADER.replace("date", "date,date") + SOUND, 1, "the columns article"),
    "semicolons": (HEADER.replace(",", ";") + SOUND.replace(",", ";"), 1, "the columns article"),
    "unknown kind": (HEADER + SOUND.replace("painless,acc", "painles,acc"), 2, "perhaps painless"),
    "unknown decision": (HEADER + SOUND.replace("accepted", "acepted"), 2, "perhaps accepted"),
    "no decision": (HEADER + SOUND.replace("accepted", ""), 2, "decision: one of"),
    "no article": (HEADER + SOUND.replace("a,It", ",It"), 2, "the id of an article"),
    "no sentence": (HEADER + SOUND.replace("It is painless.", ""), 2, "the whole sentence"),
    "no by": (HEADER + SOUND.replace("Jo Smith", " "), 2, "by: the name"),
    "no date": (HEADER + SOUND.replace("2025-03-31", ""), 2, "date: a day"),
    "date of a spreadsheet": (HEADER + SOUND.replace("2025-03-31", "31/03/2025"), 2, "2025-03-31"),
    "no such day": (HEADER + SOUND.replace("2025-03-31", "2025-02-30"), 2, "date: a day"),
    "another calendar": (HEADER + SOUND.replace("2025-03-31", "2025-W13-1"), 2, "date: a day"),
    "accepted without reason": (HEADER + SOUND.replace("a reason", ""), 2, "reason: why"),
    "referenced without reference": (
        HEADER + SOUND.replace("accepted", "referenced"), 2, "reference: where",
    ),
    "a comma too many": (HEADER + SOUND.replace("a reason", "a, reason"), 2, "8 columns"),
    "a quote left open": (HEADER + SOUND + '"a', 3, "a row of CSV"),
    "a blank line before": (HEADER + SOUND + "\n" + SOUND.replace("Jo Smith", ""), 4, "by:"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "expected"), WRONG.values(), ids=WRONG.keys())
def test_a_row_that_cannot_be_taken_is_named_by_line_with_the_mend(
    tmp_path: Path, text: str, line: int, expected: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    assert caught.value.where == f"{tmp_path / 'claims.csv'}, line {line}"
    assert expected in (caught.value.expected or "")
    assert caught.value.fix == "correct the row, then run: python -m ingest"


def test_a_claim_that_is_decided_twice_is_an_error(tmp_path: Path) -> None:
    again = SOUND.replace("It is painless", "It  is painless").replace("accepted", "rewrite")
    with pytest.raises(ContentError) as caught:
        read(tmp_path, HEADER + SOUND + again)
    assert caught.value.where == f"{tmp_path / 'claims.csv'}, lines 2 and 3"


def test_every_wrong_row_is_named_at_once(tmp_path: Path) -> None:
    wrong = SOUND.replace("Jo Smith", "") + SOUND.replace("a reason", "")
    with pytest.raises(SeveralContentErrors) as caught:
        read(tmp_path, HEADER + wrong + SOUND)
    for line in (2, 3):
        assert f"claims.csv, line {line}\n" in str(caught.value)
