"""A clinic whose every text tries to become markup: articles, notices, cards, bank, settings."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path

from tests.attacks.payloads import PAYLOADS
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.word_files import docx, paragraph

BOOKING = 'https://booking.example/"><script>alert(1)</script>'
SOUND = "A stiff neck is common. It is 100% painless for the back."
TODAY = "2025-03-31"


def clinic(folder: Path) -> tuple[Path, Path]:
    """Write the content into a folder and build its index; return both places."""
    content, built = folder / "content", folder / "built"
    (content / "articles").mkdir(parents=True)
    for number, payload in enumerate(PAYLOADS):
        _articles(content / "articles", number, payload)
    _notices(content)
    _cards(content)
    _tables(content)
    (content / "clinic.toml").write_text(settings(PAYLOADS[0]), encoding="utf-8")
    build_with(BagOfWordsEncoder(), content, built)
    return content, built


def settings(payload: str, **more: str) -> str:
    """Write `clinic.toml` with a payload as name and telephone."""
    given = {"name": payload, "telephone": f"1 {payload}", "booking_url": BOOKING, **more}
    return f'country = "GB"\napi = true\n{lines(given)}'


def lines(values: dict[str, object]) -> str:
    return "\n".join(f"{json.dumps(key)} = {_toml(value)}" for key, value in values.items()) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")


def _articles(folder: Path, number: int, payload: str) -> None:
    """Write the payload as an article of each format, in all that an article says of itself."""
    origin = {
        "title": payload,
        "author": payload,
        "reviewer": payload,
        "sources": [payload, f"https://x.example/{payload}"],
    }
    body = f"{SOUND}\n\n## {payload}\n\n{payload} {SOUND} {payload}\n"
    head = lines(origin).replace(" = ", ": ")
    (folder / f"m{number}.md").write_text(f"---\n{head}reviewed: {TODAY}\n---\n\n{body}")
    words = f"A title {payload}\n\n{SOUND}\n\n{payload}\n\n{payload} {SOUND}\n"
    (folder / f"t{number}.txt").write_text(words)
    (folder / f"t{number}.toml").write_text(lines(origin))
    said = escape(payload)
    page = f"<title>{said}</title><h1>{said}</h1><p>{SOUND} {said}<h2>{said}</h2><p>{said} neck."
    (folder / f"h{number}.html").write_text(f"{page}<p>{payload}<p>neck")
    if number % 10 == 0:
        text = paragraph(said, style="Title") + paragraph(said, style="Heading1") + paragraph(said)
        (folder / f"w{number}.docx").write_bytes(docx(text))
    name = "".join(sign for sign in payload if sign not in "/\0").strip()[:60]
    (folder / f"{name}.txt").write_text(f"Named\n\nA neck and {number} backs hurt.\n")


def _notices(content: Path) -> None:
    groups = [
        "[[group]]\n"
        + lines(
            {
                "id": f"g{number} {payload}",
                "level": ("emergency", "urgent", "caution")[number % 3],
                "title": payload,
                "heading": f"Call 999 {_unfilled(payload)}",
                "bullets": [_unfilled(payload), f"{{hospital}} {_unfilled(payload)}"],
                "source": payload,
                "rules": [f"quasar{number}"],
                "examples": [f"my quasar{number}"],
            }
        )
        for number, payload in enumerate(PAYLOADS)
    ]
    numbers = {
        "emergency": f"999 {PAYLOADS[0]}",
        "urgent": f"111 {PAYLOADS[8]}",
        "crisis": PAYLOADS[28],
        "crisis_name": PAYLOADS[2],
        "hospital": PAYLOADS[10],
    }
    signed = {"version": PAYLOADS[0], "reviewed_by": PAYLOADS[1]}
    text = f"{lines(signed)}next_review = 2099-01-01\n[numbers.GB]\n{lines(numbers)}" + "\n".join(
        groups
    )
    (content / "red_flags.toml").write_text(text, encoding="utf-8")


def _unfilled(payload: str) -> str:
    """Leave out braces, which name what is filled into a notice."""
    return payload.translate({ord("{"): None, ord("}"): None})


def _cards(content: Path) -> None:
    cards = [
        f"[{json.dumps(f'c{number} {payload}')}]\n"
        + lines({"title": payload, "text": payload, "asks": [payload, f"what of {payload}"]})
        for number, payload in enumerate(PAYLOADS)
    ]
    safety = "[safety]\n" + lines({"title": PAYLOADS[0], "text": PAYLOADS[1]})
    (content / "routes.toml").write_text("\n".join([*cards, safety]), encoding="utf-8")
    terms = [f"[[term]]\n{lines({'clinical': [p], 'lay': ['zebra']})}" for p in PAYLOADS]
    (content / "vocabulary.toml").write_text("\n".join(terms), encoding="utf-8")


def _tables(content: Path) -> None:
    bank: list[Iterable[object]] = [("question", "answers", "route", "note")]
    claims: list[Iterable[object]] = [
        ("article", "sentence", "kind", "decision", "reason", "reference", "by", "date")
    ]
    for number, payload in enumerate(PAYLOADS):
        bank.append((f"price {payload}", "", f"c{number} {payload}", payload))
        bank.append((f"neck {number} {payload}", f"m{number}#introduction", "", payload))
        sentence = "It is 100% painless for the back."
        decided = ("referenced", payload, payload, payload, TODAY)
        claims.append((f"m{number}", sentence, "painless", *decided))
        claims.append((f"x{number}", payload, "painless", *decided))
    for name, rows in (("questions.csv", bank), ("claims.csv", claims)):
        with (content / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
