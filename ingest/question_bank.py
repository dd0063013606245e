"""The question bank: read and checked in `index`, because the page for staff edits it."""

from index.question_bank import (
    COLUMNS,
    FILE_NAME,
    SEPARATOR,
    BankQuestion,
    BankRead,
    labelled_sections,
    nearest,
    read_question_bank,
    words_as_asked,
)

__all__ = [
    "COLUMNS",
    "FILE_NAME",
    "SEPARATOR",
    "BankQuestion",
    "BankRead",
    "labelled_sections",
    "nearest",
    "read_question_bank",
    "words_as_asked",
]
