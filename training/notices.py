"""Fits the model that recognises notices, and cries for help, in words that no rule knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.text.normalize import normalize_query
from index.bank.route_cards import read_routes
from safety.notices.fallback import product_notices
from safety.notices.finder import pieces_of
from safety.notices.rules import TermRules
from safety.notices.wording_model import CRY, WordingModel
from training.data import FOLDER, QUESTIONS, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from core.encoders.reference import SentenceEncoder

    _Matrix = NDArray[np.float32]
    _Weights = tuple[_Matrix, _Matrix, _Matrix, _Matrix]

WORDINGS = "notices.csv"
SYMPTOM, HARMLESS, OF_CRY = "symptom", "harmless", "cry"
# Of the questions of the calibrate split that no rule raises, so many may raise a notice that asks
# to act, a caution, and be taken for a cry: then nothing is searched.
_ALARMS, _CAUTIONS, _CRIES = 0.01, 0.003, 0.002
_UNITS, _DROPOUT, _DECAY, _EPOCHS, _RATE, _BATCH = 256, 0.5, 0.3, 60, 2e-3, 256
# Wordings of a notice are rare beside everything that is none.
_WEIGHT_OF_YES = 3.0
_AT_ONCE = 4096
_ACTING, _CAUTION, _NO_LEVEL = 1, 2, 9  # the least urgent level that asks to act, and others


@dataclass(frozen=True, slots=True)
class Wordings:
    """What is learned from: a text and its right kinds a row.

    `targets` has shape (rows, kinds), 0 or 1, NaN where a row says nothing about a kind: a harmless
    question may still be one for a caution. `rows` are the indices of the texts that a finder would
    compare, `texts`, the whole text of each row first. `writers` are "" for what no writer of
    `training/notices.csv` wrote, and `is_usual` marks the calibrate split. `levels` are the orders
    of the kinds' levels, the most urgent 0, and _NO_LEVEL for a cry.
    """

    kinds: tuple[str, ...]
    levels: NDArray[np.int64]
    asked: list[str]
    targets: NDArray[np.float32]
    writers: NDArray[np.str_]
    is_usual: NDArray[np.bool_]
    texts: list[str]
    rows: NDArray[np.int64]

    @property
    def first(self) -> NDArray[np.int64]:
        """The whole text of each row, by its place in `texts`: shape (rows,)."""
        return np.flatnonzero(np.diff(self.rows, prepend=-1))


def read_wordings(*, held_out: bool = False) -> Wordings:
    """Read the writers' wordings, the product's own examples and cards, and ordinary questions.

    Parts of texts are there where they are asked for: for the cuts, and for what is `held_out`.
    """
    flags = product_notices()
    rules, kinds = TermRules(flags), (*flags.groups, CRY)
    cautions = [not g.level.asks_to_act for g in flags.groups.values()]
    found: list[tuple[str, NDArray[np.float32], str, bool]] = []

    def add(text: str, groups: Sequence[str], writer: str = "", *, usual: bool = False) -> None:
        target = np.array([kind in groups for kind in kinds], dtype=np.float32)
        found.append((text, target, writer, usual))

    for group in flags.groups.values():
        for text in group.examples:
            add(text, [group.id])
    cards = read_routes(FOLDER.with_name("content")).values()
    for text in (*flags.benign, *(ask for card in cards for ask in card.asks)):
        add(text, [])
    for row in read_table(WORDINGS):
        is_cry = row["kind"] == OF_CRY
        add(row["question"], [CRY] if is_cry else row["group"].split("|"), row["writer"])
        if row["kind"] == HARMLESS:
            found[-1][1][[*cautions, False]] = np.nan
    for row in read_table(QUESTIONS):
        usual = row["split"] == "calibrate"
        if (usual or row["split"] == "train") and not rules.match(row["question"]).matches:
            add(row["question"], [], usual=usual)
    asked, targets, writers, is_usual = zip(*found, strict=True)
    compared = []
    for text, usual, writer in zip(asked, is_usual, writers, strict=True):
        said = rules.match(text).said or text
        compared.append(pieces_of(said) if usual or (held_out and writer) else [said])
    return Wordings(
        kinds,
        np.array([*(g.level.order for g in flags.groups.values()), _NO_LEVEL]),
        list(asked),
        np.array(targets),
        np.array(writers),
        np.array(is_usual),
        [normalize_query(text) or text for texts in compared for text in texts],
        np.repeat(np.arange(len(asked)), [len(texts) for texts in compared]),
    )


def fit(
    encoder: SentenceEncoder,
    wordings: Wordings,
    work: Path,
    report: Callable[[str], None],
    *,
    held_out: bool = False,
) -> WordingModel:
    """Fit the model; `held_out` reports what it recognises of each writer if it learns from others.

    Read the wordings with the same `held_out`. `work` is a folder for vectors, to go on from.
    """
    vectors = _encoded(encoder, wordings.texts, work, report)
    if held_out:
        _report_held_out(vectors, wordings, encoder.info.sha256, report)
    everything = np.ones(len(wordings.asked), dtype=bool)
    return _fitted(vectors, wordings, everything, encoder.info.sha256)


def _report_held_out(
    vectors: NDArray[np.float32],
    wordings: Wordings,
    encoder: str,
    report: Callable[[str], None],
) -> None:
    rules = TermRules(product_notices())
    for writer in sorted(set(wordings.writers) - {""}):
        own = wordings.writers == writer
        model = _fitted(vectors, wordings, ~own, encoder)
        by_rules = np.zeros((len(own), len(wordings.kinds)), dtype=bool)
        for row in np.flatnonzero(own):
            for match in rules.match(wordings.asked[row]).matches:
                by_rules[row, wordings.kinds.index(match.group)] = True
        both = (_logits(model, vectors, wordings) >= model.cuts) | by_rules
        report(f"writer {writer}, held out: {_shares(wordings, own, by_rules, both)}")


def _shares(
    wordings: Wordings,
    own: NDArray[np.bool_],
    by_rules: NDArray[np.bool_],
    both: NDArray[np.bool_],
) -> str:
    """Say how many rows of a writer raise what they have to, by the rules and by both."""
    wanted = wordings.targets == 1
    level = np.where(wanted, wordings.levels, _NO_LEVEL).min(axis=1)
    lines = []
    for name, rows in (
        ("to act on", own & (level <= _ACTING)),
        ("cautions", own & (level == _CAUTION)),
        ("cries", own & wanted[:, -1]),
        ("harmless", own & ~wanted.any(axis=1)),
    ):
        if not rows.any():
            continue
        # Or one as urgent; for a harmless row any that asks to act.
        urgent = wordings.levels <= np.where(level < _NO_LEVEL, level, _ACTING)[:, None]
        right = [
            ((raised & (wanted | urgent)) if name != "cries" else (raised & wanted))[rows]
            .any(axis=1)
            .mean()
            for raised in (by_rules, both)
        ]
        lines.append(f"{name} {right[0]:.3f} by rules, {right[1]:.3f} by both ({rows.sum()})")
    return "; ".join(lines)


def _encoded(
    encoder: SentenceEncoder, texts: Sequence[str], work: Path, report: Callable[[str], None]
) -> NDArray[np.float32]:
    """Return the vectors of texts, each encoded once; `work` keeps them for the next time."""
    kept = work / f"vectors-{encoder.info.sha256[:16]}.npz"
    known: dict[str, NDArray[np.float32]] = {}
    if kept.exists():
        with np.load(kept) as stored:
            known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    wanted = sorted(set(texts) - set(known), key=len)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        known.update(zip(part, encoder.encode(part), strict=True))
        report(f"encoded {start + len(part):,} of {len(wanted):,} texts")
        work.mkdir(parents=True, exist_ok=True)
        np.savez(kept, texts=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[text] for text in texts])


def _logits(
    model: WordingModel, vectors: NDArray[np.float32], wordings: Wordings
) -> NDArray[np.float32]:
    """Return the highest logit of each row over its texts: shape (rows, kinds)."""
    logits = model.logits(vectors)
    highest: NDArray[np.float32] = np.maximum.reduceat(logits, wordings.first, axis=0)
    return highest


def _fitted(
    vectors: NDArray[np.float32], wordings: Wordings, chosen: NDArray[np.bool_], encoder: str
) -> WordingModel:
    """Fit to the whole texts of the chosen rows, and find the cuts on the calibrate split."""
    rows = np.flatnonzero(chosen & ~wordings.is_usual)
    cuts = np.zeros(len(wordings.kinds), dtype=np.float32)
    weights = _train(vectors[wordings.first[rows]], wordings.targets[rows])
    model = WordingModel(encoder, wordings.kinds, *weights, cuts=cuts)
    usual = _logits(model, vectors, wordings)[wordings.is_usual]
    for kinds, share in (
        (wordings.levels <= _ACTING, _ALARMS),
        (wordings.levels == _CAUTION, _CAUTIONS),
        (wordings.levels == _NO_LEVEL, _CRIES),
    ):
        cuts[kinds] = np.quantile(usual[:, kinds].max(axis=1), 1 - share)
    return replace(model, cuts=cuts)


def _train(vectors: NDArray[np.float32], targets: NDArray[np.float32]) -> _Weights:
    """Return the weights of the network: hidden, its bias, output, its bias."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    scale = vectors.shape[1] ** 0.5  # unit vectors have small numbers
    x, y = torch.from_numpy(vectors * scale), torch.from_numpy(targets)
    net = nn.Sequential(
        nn.Linear(x.shape[1], _UNITS),
        nn.ReLU(),
        nn.Dropout(_DROPOUT),
        nn.Linear(_UNITS, y.shape[1]),
    )
    steps = -(-len(x) // _BATCH)
    optimizer = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=_EPOCHS * steps)
    yes = torch.full((y.shape[1],), _WEIGHT_OF_YES)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(x)).split(_BATCH):
            is_said = ~torch.isnan(y[batch])
            loss = nn.functional.binary_cross_entropy_with_logits(
                net(x[batch]), y[batch].nan_to_num(), pos_weight=yes, reduction="none"
            )
            optimizer.zero_grad()
            (loss * is_said).sum(1).mean().backward()
            optimizer.step()
            schedule.step()
    hidden, output = net[0], net[3]
    return (
        hidden.weight.detach().numpy().T * scale,
        hidden.bias.detach().numpy(),
        output.weight.detach().numpy().T,
        output.bias.detach().numpy(),
    )
