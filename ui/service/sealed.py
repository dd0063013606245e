"""Seals questions for the tab that asked them, so that loading it again does not lose them.

The browser keeps what is sealed (`sessionStorage`), which browsers write to disk. The key is in the
memory of this process alone: without it, nothing on any disk can be read, and a restart ends all.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEPT_S = 12 * 3600


@cache
def _fernet() -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(Fernet.generate_key())


def seal(question: str) -> str:
    """Return a question as letters and digits that only this process can read."""
    return _fernet().encrypt(question.encode()).decode("ascii")


def opened(token: str, *, after_s: int = KEPT_S) -> str:
    """Return the question of `seal`; empty for anything else, and when it is too old."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet().decrypt(token.encode(), ttl=after_s).decode()
    except InvalidToken:
        return ""
