"""Folds: indexes that have never seen some of their bank's questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.encoders.caching import CachingEncoder
from core.text.normalize import normalize_query
from core.text.spelling import Speller
from core.types import BankRowKind
from index.bank.bank import fit_bank
from index.bank.lexicon import Lexicon, learn_lexicon
from index.search.fusion import DEFAULT_WEIGHTS, Weights
from index.store.opened import passages_of
from ingest.build.calibration import Asked, ask, calibrate_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.store.opened import OpenIndex
    from ingest.build.articles import Progress

FOLDS = 10
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to search: the product's, or one with a part switched off.

    `kinds` are the rows of the bank that count; without `expanded` the vocabulary adds no
    words to a query.
    """

    name: str = "everything"
    weights: Weights = DEFAULT_WEIGHTS
    kinds: frozenset[BankRowKind] = frozenset(BankRowKind)
    expanded: bool = True


AS_BUILT = Variant()


class FoldBuilder:
    """Builds indexes that know only some rows of the bank of `index`.

    What does not depend on the bank is computed once: vectors, passages' words, and what the
    passages alone say of each question.
    """

    def __init__(self, index: OpenIndex, variant: Variant = AS_BUILT) -> None:
        self.variant = variant
        self._numbers = np.array(
            [i for i, r in enumerate(index.bank.rows) if r.kind in variant.kinds], dtype=np.int64
        )
        self.rows = [index.bank.rows[int(number)] for number in self._numbers]
        texts = [" ".join([*p.path, p.text]) for p in index.passages]
        lexicon = learn_lexicon(texts, (), index.lexicon.terms)
        lexicon = replace(lexicon, terms=index.lexicon.terms if variant.expanded else ())
        encoder = CachingEncoder(index.encoder)
        encoder.encode_tokens([normalize_query(r.text) for r in self.rows])  # all at once: faster
        self.index = replace(index, encoder=encoder, lexicon=lexicon)
        self._asked = ask(self.index, self.rows, weights=variant.weights)

    def without(self, held_out: NDArray[np.int64]) -> OpenIndex:
        """Return the index as it would be had nobody written these rows (positions in `rows`).

        They are in neither the bank's rows and vectors, nor the words that lexicon and spelling
        know, nor the questions that the calibration learns from.
        """
        others = np.setdiff1d(np.arange(len(self.rows)), held_out)
        rows = [self.rows[int(row)] for row in others]
        bank, left_out = fit_bank(rows, self.index.bank.vectors[self._numbers[others]])
        lexicon = merged(self.index.lexicon, learn_lexicon((), rows, ()))
        fold = replace(
            self.index,
            bank=bank,
            lexicon=lexicon,
            speller=Speller(lexicon.words),
            section_passages=passages_of(self.index.passages, bank.sections),
        )
        asked = [self._compared_with(others, int(row)) for row in others[bank.questions]]
        return replace(fold, calibration=calibrate_on(fold, left_out, asked))

    def _compared_with(self, others: NDArray[np.int64], row: int) -> Asked:
        """Return a row as it was asked, compared with some of the rows only."""
        asked = self._asked[row]
        similarities = asked.query.bank_similarities[self._numbers[others]]
        return replace(asked, query=replace(asked.query, bank_similarities=similarities))


def merged(first: Lexicon, second: Lexicon) -> Lexicon:
    """Return a lexicon that knows the words of both and the terms of the first."""
    return Lexicon(
        dict(Counter(first.words) + Counter(second.words)),
        dict(Counter(first.answerable_stems) + Counter(second.answerable_stems)),
        dict(Counter(first.other_stems) + Counter(second.other_stems)),
        first.terms,
    )


@dataclass(frozen=True, slots=True)
class Fold:
    """One fold of one repeat: the index, and the rows it has never seen, int64."""

    repeat: int
    index: OpenIndex
    held_out: NDArray[np.int64]


def folds_of(
    builder: FoldBuilder, progress: Progress, *, folds: int = FOLDS, repeats: int = REPEATS
) -> Iterator[Fold]:
    """Hold out each question of the bank once a repeat, every fold with its share of each label.

    Vocabulary and route phrases are never held out: they are not questions that patients asked.
    """
    rows = enumerate(builder.rows)
    questions = np.array([i for i, row in rows if row.kind is BankRowKind.QUESTION], dtype=np.int64)
    asked = [builder.rows[int(number)] for number in questions]
    labels = [row.sections[0] if row.sections else str(row.route) for row in asked]
    parts = [
        (repeat, part)
        for repeat in range(repeats)
        for part in stratified(labels, folds=folds, seed=repeat)
    ]
    for repeat, part in progress(parts, len(parts), builder.variant.name.capitalize()):
        yield Fold(repeat, builder.without(questions[part]), questions[part])


def stratified(labels: Sequence[str], *, folds: int, seed: int) -> list[NDArray[np.int64]]:
    """Divide positions into folds, each label spread evenly: ascending int64 arrays, never empty.

    Shuffled positions are dealt out label by label to one fold after the other, so that sizes
    differ by one at most, also for labels with fewer questions than folds.
    """
    rng = np.random.default_rng(seed)
    names = np.array(labels, dtype=str)
    dealt = [rng.permutation(np.flatnonzero(names == name)) for name in sorted(set(labels))]
    order = np.concatenate([*dealt, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    return [np.sort(order[start::folds]) for start in range(min(folds, len(order)))]
