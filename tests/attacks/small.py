"""A small clinic for attacks: two articles, one notice, an index that needs no model, a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label, with_one_notice
from tests.support.pages.browser import Server, serving

QUESTION = "stiff neck"
NECKS = (
    "All About Necks\n\nA stiff neck is common. It often passes.\n\nWhy It Hurts\n\nPain spreads.\n"
)
BLOOD = "Blood Flow\n\nA needle may bring blood to a muscle. Sleep helps too, and so does rest.\n"


def clinic(folder: Path, settings: str = "") -> tuple[Path, Path]:
    """Write the clinic's content into a folder and build its index; return both places."""
    content, built = folder / "content", folder / "built"
    (content / "articles").mkdir(parents=True)
    (content / "articles" / "necks.txt").write_text(NECKS)
    (content / "articles" / "blood.txt").write_text(BLOOD)
    label(content, answers={QUESTION: "necks#introduction"}, asks={"cost": ["what does it cost"]})
    (content / "clinic.toml").write_text(f'name = "Necks"\ncountry = "GB"\n{settings}')
    build_with(BagOfWordsEncoder(), with_one_notice(content), built)
    return content, built


@contextmanager
def served(folder: Path, settings: str = "") -> Iterator[Server]:
    """Serve that clinic to patients with the real launcher."""
    content, built = clinic(folder, settings)
    launcher = ("-m", "tests.support.pages.stand_in", str(folder))
    with serving(built, folder / "page.log", content=content, launcher=launcher) as running:
        yield running
