"""Write a small content folder: articles, labelled questions, route cards, a notice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def with_one_notice(content: Path) -> Path:
    """Give a content folder a notice that no test raises: the product's own take long to learn."""
    notice = {"id": "one", "level": "caution", "title": "One", "heading": "Ask about xyzzy"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in notice.items()]
    (content / "red_flags.toml").write_text("\n".join(["[[group]]", *lines, ""]))
    return content


def label(
    content: Path,
    *,
    answers: Mapping[str, str] | None = None,
    routed: Mapping[str, str] | None = None,
    asks: Mapping[str, Sequence[str]] | None = None,
    terms: Iterable[tuple[Sequence[str], Sequence[str]]] = (),
) -> Path:
    """Put a question bank, route cards and a vocabulary into a content folder.

    `answers` maps questions to sections, `routed` questions to route cards, `asks` route cards to
    what is asked of them, `terms` are clinical and lay words. A folder without notices gets one,
    because a build that learns the product's own takes forty times as long.
    """
    if not (content / "red_flags.toml").exists():
        with_one_notice(content)
    with (content / "questions.csv").open("w", encoding="utf-8") as stream:
        stream.write("question,answers,route,note\n")
        stream.writelines(f'"{q}",{section},,\n' for q, section in (answers or {}).items())
        stream.writelines(f'"{q}",,{route},\n' for q, route in (routed or {}).items())
    cards = [
        f"[{route}]\ntitle = {json.dumps(route)}\ntext = 'Ask us.'\nasks = {json.dumps(texts)}\n"
        for route, texts in (asks or {}).items()
    ]
    (content / "routes.toml").write_text("\n".join(cards), encoding="utf-8")
    pairs = [f"[[term]]\nclinical = {json.dumps(c)}\nlay = {json.dumps(y)}\n" for c, y in terms]
    (content / "vocabulary.toml").write_text("\n".join(pairs), encoding="utf-8")
    return content


# Words that are nowhere in the articles of these tests and point in the encoder's ninth direction.
# How patients reach a clinic and its page, of which no warning is expected.
REACHED = 'telephone = "1"\nbooking_url = "https://b.example"\npublic_url = "https://s.example"\n'
FILLERS = (
    "apple bridge candle dollar eagle feather garden hammer island jacket kettle ladder "
    "marble napkin orange pencil quarry ribbon saddle tunnel umbrella violin walnut yellow zebra"
).split()


def label_enough_to_calibrate(content: Path) -> Path:
    """Label 25 questions that the two articles of `content` answer and 25 that they do not."""
    return label(
        content,
        answers={f"stiff neck {word}": "necks#introduction" for word in FILLERS},
        routed={
            f"{word} price": ("cost", "off-topic")[number % 2]
            for number, word in enumerate(FILLERS)
        },
        asks={"cost": ["what does it cost"], "off-topic": []},
    )
