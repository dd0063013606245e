"""Edit the text of a TOML file in place: all bytes that are not changed stay as they are.

The one place that knows tomlkit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tomlkit.items import Array

    from core.files.toml_file import TomlFile


def parse_document(text: str, file: TomlFile) -> Any:
    """Return a document to change, in the form of a dictionary.

    Raises ContentError as `TomlFile.parse` does: tomlkit hangs or fails on some files that this
    check refuses.
    """
    import tomlkit

    file.parse(text.encode())
    return tomlkit.parse(text)


def document_text(document: Any) -> str:
    """Return the text of a document that was changed."""
    import tomlkit

    return str(tomlkit.dumps(document))


def add_table(document: Any, name: str, values: dict[str, Any]) -> None:
    """Add a table at the end of a document, after a blank line."""
    import tomlkit

    table = tomlkit.table()
    table.update(values)
    if document:
        document.add(tomlkit.nl())
    document.add(name, table)


def line_array(texts: Sequence[str]) -> Array:
    """Return an array with a line for each text."""
    import tomlkit

    lines = tomlkit.array()
    for text in texts:
        lines.add_line(text, indent="  ")
    if texts:
        lines.add_line(indent="")
    return lines
