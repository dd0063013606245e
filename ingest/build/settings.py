"""The settings that count as soon as they are saved, as an ingest copies them into the index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.clinic_settings import Clinic, contacts_warning, numbers_lost, parse_clinic, read_clinic
from core.errors import ContentError
from core.files.toml_file import TomlFile
from core.findings import Finding
from index.store.settings_copy import CLINIC, FILES, NOTICES, TAKE_OUT, copy_folder
from ingest.readers.ocr import Ocr, find_ocr
from safety.notices.fallback import language_gap, lost, product_file
from safety.notices.red_flags import RedFlags
from safety.notices.red_flags_file import parse_red_flags

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROBLEM = "A file of the clinic's settings cannot be read."
_FIX = "let this user read it, then run: python -m ingest"
# Deleting the route cards is a way of having none; nobody deletes these two on purpose.
_NEVER_LOST = (NOTICES, CLINIC)


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """The files by name, byte for byte, and the notices in them.

    A missing `red_flags.toml` is the copy in the index, or the product's own for the page's
    language; a missing `clinic.toml` is the copy in the index. `warnings` say so; the index does
    not keep them.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    red_flags: RedFlags = field(default_factory=RedFlags)
    warnings: tuple[Finding, ...] = ()


def read_settings_files(
    content: Path, copies: Mapping[str, bytes], *, take_out: bool = False
) -> SettingsRead:
    """Read the settings of a content folder; `copies` are those of the index that is served.

    Raises ContentError for a `red_flags.toml` that is there and cannot be used, and, unless
    `take_out`, for notices or telephone numbers that the copies have and the files no longer.
    """
    own = {name: _bytes(content / name) for name in FILES}
    files = {name: raw for name, raw in own.items() if raw is not None}
    files |= {name: copies[name] for name in _NEVER_LOST if name not in files and name in copies}
    clinic = parse_clinic(files[CLINIC], content / CLINIC) if CLINIC in files else Clinic()
    if NOTICES not in files:
        files[NOTICES] = _bytes(product_file(clinic.language)) or b""
    red_flags = parse_red_flags(files[NOTICES], content / NOTICES)
    if not take_out:
        for name, parse, lost_of in (
            (NOTICES, parse_red_flags, lost),
            (CLINIC, parse_clinic, numbers_lost),
        ):
            _refuse_losses(content / name, files.get(name), copies.get(name), parse, lost_of)
    warnings = [*_missing(content, own, copies, clinic)]
    if gap := language_gap(red_flags, clinic.language, content):
        warnings.append(Finding("warning", "read", gap, source=NOTICES))
    if missing := contacts_warning(clinic):
        warnings.append(Finding("warning", "read", missing, source=CLINIC))
    return SettingsRead(files, red_flags, tuple(warnings))


def _refuse_losses(
    path: Path,
    now: bytes | None,
    copy: bytes | None,
    parse: Callable[[bytes, Path], Any],
    lost_of: Callable[[Any, Any], Sequence[str]],
) -> None:
    if now is None or copy is None or now == copy:
        return
    try:
        before = parse(copy, path)
    except ContentError:  # written by another version of the project
        return
    if gone := lost_of(before, parse(now, path)):
        raise ContentError(
            "Patients would have less than now: notices or telephone numbers are gone.",
            where=str(path),
            expected="what is published now, or more",
            found=f"without {', '.join(gone)}",
            fix=f"put that back; or, to take it out for good, run: {TAKE_OUT}",
        )


def clinic_of(content: Path, built: Path) -> Clinic:
    """Return the clinic's settings, those in the index where the content folder has none.

    Raises ContentError for a file that cannot be used.
    """
    copy = None if (content / CLINIC).exists() else copy_folder(built)
    return read_clinic(copy or content)


def ocr_of(content: Path, copies: Mapping[str, bytes]) -> Ocr | None:
    """Return Tesseract for the articles' language, None where it is missing or turned off.

    The clinic's settings are those among `copies` where the content folder has none. Raises
    ContentError for a file that cannot be used.
    """
    own = _bytes(content / CLINIC)
    raw = copies.get(CLINIC) if own is None else own
    clinic = Clinic() if raw is None else parse_clinic(raw, content / CLINIC)
    return find_ocr(clinic.content_language) if clinic.ocr else None


def _bytes(path: Path) -> bytes | None:
    return TomlFile(path, _PROBLEM, _FIX).read_bytes()


def _missing(
    content: Path, own: Mapping[str, bytes | None], copies: Mapping[str, bytes], clinic: Clinic
) -> Iterator[Finding]:
    for name in _NEVER_LOST:
        if own[name] is None and name in copies:
            problem = (
                f"{name} is missing from {content}. The copy in the index is used instead: put "
                "the file back."
            )
            yield Finding("warning", "read", problem, source=name)
    if own[NOTICES] is None and NOTICES not in copies:
        problem = (
            f"{NOTICES} is missing from {content}. Patients see the product's own notices, a draft "
            f"that no clinician has signed: copy {product_file(clinic.language)} to "
            f"{content / NOTICES} and have it checked."
        )
        yield Finding("warning", "read", problem, source=NOTICES)
