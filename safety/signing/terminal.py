"""Sign notices in a terminal: one, all of them, or one by one with a question after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.errors import ContentError
from core.files import edits
from safety.notices.red_flags_file import FILE_NAME, parse_red_flags, read_red_flags
from safety.notices.signatures import is_signed
from safety.signing.notice_edits import Signer, with_decision
from safety.signing.sheet import sheet_lines

if TYPE_CHECKING:
    from safety.notices.red_flags import Numbers

_CHOICES = {"a": "approve", "r": "refuse", "s": "skip", "q": "quit"}
_COMPARED = "Did you compare it with its source today?"


@dataclass(frozen=True, slots=True)
class SigningDesk:
    """Shows notices to a clinician and saves each decision as soon as it is made.

    `is_checked` says that the signer compares each notice with its source today.
    """

    content: Path
    signer: Signer
    numbers: Numbers
    today: date
    is_checked: bool = False

    @property
    def path(self) -> Path:
        """The file that is signed."""
        return self.content / FILE_NAME

    def waiting(self) -> list[str]:
        """Return the ids of the notices that are not signed, in the order of the file."""
        flags = read_red_flags(self.content)
        return [
            group.id
            for group in flags.groups.values()
            if not is_signed(group, flags, today=self.today)
        ]

    def decide(self, name: str, *, refused: str | None = None) -> None:
        """Show a notice, and sign it or refuse it for a reason.

        Raises ContentError for a notice that is unknown or cannot be signed.
        """
        shown = edits.read(self.path)
        self._show(name, shown)
        self._save([name], shown, refused=refused)

    def ask_once(self, names: list[str]) -> None:
        """Show these notices, then ask whether to sign all of them as they were shown."""
        shown = edits.read(self.path)
        for name in names:
            self._show(name, shown)
        if names and click.confirm(f"Sign these {len(names)} notices as they are shown above?"):
            self._save(names, shown)

    def ask_each(self, names: list[str]) -> None:
        """Show these notices one by one, and ask after each what to do."""
        for number, name in enumerate(names, start=1):
            shown = edits.read(self.path)
            click.echo(f"\n--- {number} of {len(names)} ---")
            self._show(name, shown)
            words = ", ".join(f"{key} = {word}" for key, word in _CHOICES.items())
            chosen = click.prompt(words, type=click.Choice(list(_CHOICES)), show_choices=False)
            if chosen == "q":
                return
            try:
                if chosen == "r":
                    self._save([name], shown, refused=click.prompt("Why"))
                elif chosen == "a":
                    is_checked = self.is_checked or click.confirm(_COMPARED)
                    self._save([name], shown, is_checked=is_checked)
            except ContentError as error:
                click.echo(error, err=True)

    def _show(self, name: str, raw: bytes | None) -> None:
        flags = parse_red_flags(raw or b"", self.path)
        if name in flags.groups:
            group = flags.groups[name]
            lines = sheet_lines(group, flags, self.numbers, today=self.today)
            click.echo("\n".join([*lines, ""]))

    def _save(
        self,
        names: list[str],
        shown: bytes | None,
        *,
        refused: str | None = None,
        is_checked: bool | None = None,
    ) -> None:
        """Write decisions about the notices of `shown`, unless the file has changed since."""
        text = with_decision(
            (shown or b"").decode("utf-8-sig"),
            names,
            self.signer,
            today=self.today,
            is_checked=self.is_checked if is_checked is None else is_checked,
            refused=refused,
        )
        edits.save_text(self.path, text, opened=shown)
        for name in names:
            click.echo(
                f"{name}: {'signed' if refused is None else 'refused'} by {self.signer.name}"
            )
