"""Findings: what an ingest found wrong, kept as records and printed as messages."""

import pytest

from core.errors import ContentError
from core.findings import Finding, finding_of

DETAILS = {"where": "a.txt, line 3", "expected": "text", "found": "x" * 2000, "fix": "write it"}


@pytest.mark.parametrize("details", [{}, {"where": "a.txt"}, DETAILS])
def test_the_record_of_an_error_prints_the_message_of_the_error(details: dict[str, str]) -> None:
    error = ContentError("An article is empty.", **details)
    assert str(finding_of(error, "articles/a.txt")) == str(error)


def test_a_warning_begins_with_its_place_and_has_a_line_for_each_detail() -> None:
    assert str(Finding("warning", "read", "no title")) == "no title"
    finding = Finding("warning", "read", "no title", where="a.txt", found="a list", fix="add it")
    assert str(finding) == "a.txt: no title\n  found: a list\n  to fix it: add it"
