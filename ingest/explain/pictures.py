"""Small pictures of the pages of a PDF; runs in the sandbox."""

from __future__ import annotations

import struct
import zlib
from typing import Any

WIDTH, HEIGHT = 620, 880  # pixels at most: body text can just be read
MOST_PAGES = 40
MOST_BYTES = 5_000_000  # of all pictures together; what is over is not drawn


def page_pictures(raw: bytes) -> list[bytes]:
    """Draw the first pages of a PDF in grey, each as a PNG; raises what pdfium raises.

    There are fewer pictures than pages where the pages, or the bytes, are too many.
    """
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(raw)
    try:
        found: list[bytes] = []
        size = 0
        for number in range(min(len(document), MOST_PAGES)):
            picture = _picture(document[number])
            size += len(picture)
            if size > MOST_BYTES:
                break
            found.append(picture)
        return found
    finally:
        document.close()


def _picture(page: Any) -> bytes:
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
    drawn = page.render(scale=scale, grayscale=True)
    rows = bytes(drawn.buffer)
    starts = range(0, drawn.height * drawn.stride, drawn.stride)
    lines = [b"\0" + rows[start : start + drawn.width] for start in starts]  # 0: no filter
    picture = _png(drawn.width, drawn.height, b"".join(lines))
    drawn.close()
    page.close()
    return picture


def _png(width: int, height: int, lines: bytes) -> bytes:
    """Return a picture of 8-bit greys as PNG (https://www.w3.org/TR/png-3/#11IHDR)."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, body) for name, body in parts)


def _part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
