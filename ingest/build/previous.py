"""The generation that serves, as the next ingest uses it: nothing is read or embedded twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from core.labels import READ_FROM_PICTURE
from core.text.normalize import normalize_query
from core.types import Span, ViewKind
from index.bank.lexicon import WORDS_VERSION, Counted, searched_text, texts_of
from index.store import generations
from index.store.arrow_schema import KIND_CODES
from index.store.integrity import CORRUPT
from index.store.manifest import FLOAT32
from index.store.record import Generation, read_generation
from ingest.build.splitter import SPLITTER_VERSION
from ingest.build.views import VIEWS_VERSION
from ingest.encoder.onnx_export import EXPORT_VERSION
from ingest.readers.read import READER_VERSION, ReadArticle
from safety.claims.finder import CLAIMS_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from core.findings import Finding
    from core.types import ClaimRow, EncoderInfo, Passage
    from index.store.arrow_rows import Rows
    from index.store.manifest import ArticleRecord


class Exported(NamedTuple):
    """An exported encoder: its folder, and which encoder it was exported from."""

    folder: Path
    info: EncoderInfo


class PreviousGeneration:
    """What an ingest can use again of an intact generation; without any, everything is new."""

    def __init__(self, stored: Generation | None = None) -> None:
        self.stored = stored
        self._inputs = stored.manifest.inputs if stored else {}

    @property
    def same_reader(self) -> bool:
        """Say whether its articles are as the readers of today would read them."""
        return self._inputs.get("reader") == READER_VERSION

    @property
    def ocr(self) -> str:
        """The version of Tesseract with which its PDFs were read, "" for none."""
        return str(self._inputs.get("ocr", ""))

    @property
    def renamed_from(self) -> Mapping[str, str]:
        """The ids that articles had before their files got other names, and those they have."""
        return self.stored.manifest.renamed_from if self.stored else {}

    @property
    def records(self) -> Mapping[str, ArticleRecord]:
        """The records of its articles, by their ids."""
        return self.stored.manifest.articles if self.stored else {}

    @property
    def settings(self) -> Mapping[str, bytes]:
        """The copies of the settings that count at once, by name."""
        return self.stored.settings if self.stored else {}

    @cached_property
    def articles(self) -> Mapping[str, ReadArticle]:
        """The articles by the paths of their files."""
        if not self.stored:
            return {}
        manifest = self.stored.manifest
        warnings: dict[str, list[Finding]] = defaultdict(list)
        for finding in manifest.warnings:
            if finding.step == "read":
                warnings[finding.article].append(finding)
        pictures: dict[str, list[Span]] = defaultdict(list)
        for passage in self.stored.passages.holding("labels", READ_FROM_PICTURE):
            pictures[passage.article_id].append(Span(passage.start, passage.end))
        return {
            article.source: ReadArticle(
                article,
                tuple(warnings[article.id]),
                manifest.articles[article.id].sidecar_sha256,
                pictures=tuple(pictures[article.id]),
            )
            for article in self.stored.articles
        }

    def passages(self, encoder_sha256: str) -> Mapping[str, range]:
        """Return the rows of each article's passages; none of another splitter or encoder."""
        if not self.stored or not self._is_of(encoder_sha256):
            return {}
        made_by = (self._inputs.get("splitter"), self._inputs.get("views"))
        if made_by != (SPLITTER_VERSION, VIEWS_VERSION):
            return {}
        return rows_by_article(self.stored.passages)

    @cached_property
    def first_view(self) -> NDArray[np.int64]:
        """Where the views of each passage begin, and their number: int64, (passages + 1,)."""
        import numpy as np

        if not self.stored:
            return np.zeros(1, np.int64)
        owners = self.stored.views.integers("passage")
        return np.searchsorted(owners, np.arange(len(self.stored.passages) + 1))

    def embedded(self, encoder_sha256: str, texts: Sequence[str]) -> dict[str, int]:
        """Return in which rows views have these texts, of those that were embedded before."""
        if not self.stored or not self._is_of(encoder_sha256):
            return {}
        return self.stored.views.rows_of("text", texts)

    def split_in_pieces(self, encoder_sha256: str, texts: Sequence[str]) -> dict[str, int]:
        """Return which passages have these texts with title and headings, likewise."""
        if not self.stored or not self._is_of(encoder_sha256):
            return {}
        kinds, owners = self.stored.views.codes("kind"), self.stored.views.integers("passage")
        rows = self.stored.views.rows_of("text", texts, among=kinds == KIND_CODES[ViewKind.TEXT])
        return {text: int(owners[row]) for text, row in rows.items()}

    def counted(self, kept: Iterable[range]) -> Counted | None:
        """Return its words, and its texts but for the passages in these rows; None of others."""
        if not self.stored or self._inputs.get("words") != WORDS_VERSION:
            return None
        gone = sorted({*range(len(self.stored.passages))}.difference(*kept))
        texts = [searched_text(self.stored.passages[row]) for row in gone]
        lexicon = self.stored.lexicon
        return Counted(lexicon.words, [*texts, *texts_of(self.stored.bank.rows, lexicon.terms)])

    def claims(self) -> Mapping[str, Sequence[ClaimRow]] | None:
        """Return the claims by article, None where they would be judged or named otherwise."""
        if not self.stored or self._inputs.get("claims") != CLAIMS_VERSION:
            return None
        found: dict[str, list[ClaimRow]] = defaultdict(list)
        for claim in self.stored.claims:
            found[claim.article_id].append(claim)
        return found

    def findings(self, step: str) -> Mapping[str, Sequence[Finding]]:
        """Return what a step of the last ingest found wrong, by article."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.stored.manifest.findings if self.stored else ():
            if finding.step == step:
                found[finding.article].append(finding)
        return found

    def asked_vectors(self, encoder_sha256: str) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of what questions are compared with, if of this encoder, by texts.

        These are rows of the bank and examples of notices: float32, shape (dimension,) each.
        """
        if not self.stored or not self._is_of(encoder_sha256):
            return {}
        bank, learned = self.stored.bank, self.stored.notices
        texts = [*(normalize_query(row.text) for row in bank.rows), *learned.texts]
        return dict(zip(texts, [*bank.vectors, *learned.vectors], strict=True))

    def exported(self, encoder_sha256: str) -> Exported | None:
        """Return the exported encoder, where it would be exported the same today."""
        same = self._inputs.get("export") == EXPORT_VERSION and self._is_of(encoder_sha256)
        if not self.stored or not self.stored.exported or not same:
            return None
        return Exported(self.stored.exported, self.stored.manifest.encoder)

    def _is_of(self, encoder_sha256: str) -> bool:
        """Say whether its vectors are those that this encoder would make today."""
        # An earlier version of the project computed many passages in bfloat16.
        exact = self.stored is not None and self.stored.manifest.precision == FLOAT32
        return exact and self._inputs.get("encoder") == encoder_sha256


def rows_by_article(passages: Rows[Passage]) -> dict[str, range]:
    """Return the rows of each article's passages, which are neighbours."""
    found: dict[str, range] = {}
    row = 0
    for article, group in groupby(passages.texts("article_id")):
        start, row = row, row + len(list(group))
        found[article] = range(start, row)
    return found


def current_if_intact(built: Path) -> Generation | None:
    """Return the generation that serves, None when there is none or it is damaged or older.

    Raises IndexUnavailableError when nobody knows, because the vectors' server does not answer.
    """
    try:
        return generations.read_current(built)
    except CORRUPT:
        return None


def generation_if_intact(folder: Path) -> Generation | None:
    """Return the generation in this folder; None and errors as `current_if_intact`."""
    try:
        return read_generation(folder)
    except CORRUPT:
        return None
