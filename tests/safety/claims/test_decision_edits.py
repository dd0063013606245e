"""A decision is written into the text of claims.csv, and no other row changes by a byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ContentError
from safety.claims.decision_edits import decided, with_claim_decision
from safety.claims.decisions import claims_table

TABLE = claims_table(Path("content"))
KEY = ("backs", "- It cures backs, all of them.", "cure")
ACCEPTED = {
    "decision": "accepted",
    "reason": "so",
    "reference": "",
    "by": "Jo",
    "date": "2025-03-31",
}
HEAD = "article,sentence,kind,decision,reason,reference,by,date\n"


def test_an_empty_text_gets_the_header_and_the_row_which_no_spreadsheet_runs() -> None:
    made = with_claim_decision("", TABLE, KEY, ACCEPTED)
    row = 'backs,"\'- It cures backs, all of them.",cure,accepted,so,,Jo,2025-03-31\n'
    assert made == HEAD + row
    assert decided(made, TABLE, KEY) == ACCEPTED
    assert decided(made, TABLE, ("backs", "Other.", "cure"))["decision"] == ""


def test_other_rows_and_the_editors_own_columns_stay_as_they_are() -> None:
    other = '"necks", It is painless. ,painless,rewrite,"",,"Al",2025-01-02,open\r\n'
    mine = 'backs,"\'- It cures  backs, all of them.",cure,,,,,,open\r\n'
    text = HEAD.replace("\n", ",state\r\n") + other + mine
    made = with_claim_decision(text, TABLE, KEY, ACCEPTED)
    assert made.startswith(HEAD.replace("\n", ",state\r\n") + other)
    assert made.endswith(",cure,accepted,so,,Jo,2025-03-31,open\r\n")
    assert len(made.splitlines()) == 3


def test_a_last_line_without_an_end_gets_one() -> None:
    text = HEAD + "necks,It is painless.,painless,rewrite,,,Al,2025-01-02"
    made = with_claim_decision(text, TABLE, KEY, ACCEPTED)
    assert made.splitlines()[1] == text.splitlines()[1]
    assert len(made.splitlines()) == 3


@pytest.mark.parametrize("without", ["decision", "reason", "by", "date"])
def test_what_ingest_would_refuse_is_refused(without: str) -> None:
    with pytest.raises(ContentError):
        with_claim_decision("", TABLE, KEY, {**ACCEPTED, without: ""})
