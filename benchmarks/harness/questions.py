"""The questions that measures ask: those of the bank, which is what patients type."""

from __future__ import annotations

from pathlib import Path

from core.errors import UsageError
from core.types import BankRowKind
from index.store.generations import read_current

_CHARACTERS = 60
_PASSAGES = 200


def bank_questions(built: Path) -> tuple[str, ...]:
    """Return the bank's questions, or beginnings of passages where there is no bank.

    Does not load the encoder. Raises UsageError when the index holds no passage.
    """
    stored = read_current(built)
    asked = [row.text for row in stored.bank.rows if row.kind is BankRowKind.QUESTION]
    if not asked:
        first = range(min(_PASSAGES, len(stored.passages)))
        asked = [stored.passages[i].text[:_CHARACTERS] for i in first]
    if not asked:
        raise UsageError("The index holds no passage that could be asked about.", where=str(built))
    return tuple(dict.fromkeys(asked))
