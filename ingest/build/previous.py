"""The generation that serves, as the next ingest uses it: nothing is read or embedded twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from core.labels import READ_FROM_PICTURE
from core.types import Passage, Span, ViewKind
from index.store import generations
from index.store.integrity import CORRUPT
from index.store.manifest import FLOAT32
from index.store.record import Generation, read_generation
from ingest.build.splitter import SPLITTER_VERSION
from ingest.encoder.onnx_export import EXPORT_VERSION
from ingest.readers.read import READER_VERSION, ReadArticle

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from core.findings import Finding
    from core.types import EncoderInfo
    from index.store.manifest import ArticleRecord
    from index.vectors.token_vectors import PassageTokens


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

    def passages(self, encoder: EncoderInfo) -> Mapping[str, list[Passage]]:
        """Return the passages by article, without labels; none of another splitter."""
        split: dict[str, list[Passage]] = defaultdict(list)
        if (
            self.stored
            and self._inputs.get("splitter") == SPLITTER_VERSION
            and self._is_of(encoder)
        ):
            for passage in self.stored.passages:
                split[passage.article_id].append(replace(passage, labels=()))
        return split

    @property
    def precision(self) -> str:
        """In what the model computed the passages' vectors; float32 where there are none."""
        return self.stored.manifest.precision if self.stored else FLOAT32

    def view_vectors(self, encoder: EncoderInfo) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of all views' texts, if of this encoder: float32, (dimension,)."""
        if not self.stored or not self._is_of(encoder):
            return {}
        return dict(zip(self.stored.views.texts("text"), self.stored.vectors.all(), strict=True))

    def passage_tokens(self, encoder: EncoderInfo) -> dict[str, PassageTokens]:
        """Return the word pieces of all passages by the texts of their text views, likewise."""
        if not self.stored or not self._is_of(encoder):
            return {}
        texts = (view.text for view in self.stored.views if view.kind is ViewKind.TEXT)
        return {text: self.stored.tokens.passage(row) for row, text in enumerate(texts)}

    def notice_vectors(self, encoder: EncoderInfo) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of the notices' texts, if of this encoder, likewise.

        Apart from the views', because what serves has encoded them, in float32.
        """
        if not self.stored or not self._is_of(encoder):
            return {}
        learned = self.stored.notices
        return dict(zip(learned.texts, learned.vectors, strict=True))

    def exported(self, encoder: EncoderInfo) -> Path | None:
        """Return the folder of the exported encoder, where it would be exported the same today."""
        same = self._inputs.get("export") == EXPORT_VERSION and self._is_of(encoder)
        return self.stored.exported if self.stored and same else None

    def _is_of(self, encoder: EncoderInfo) -> bool:
        return bool(self.stored) and self._inputs.get("encoder") == encoder.sha256


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
