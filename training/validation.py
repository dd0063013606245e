"""Measures a model while it is trained, on the calibration articles: by its own scores alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from training.data import IN, NEAR
from training.model import BATCH, batches, late_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.data import Material
    from training.model import Trained

_LATE_WEIGHT = 2.0


@torch.no_grad()  # type: ignore[untyped-decorator]
def validate(model: Trained, material: Material, *, length: int = 192) -> dict[str, float]:
    """Return how often the first passage, and one of the first three, answers, and the near AUC.

    Measured for dense vectors, for tokens, and for both together. The AUC is the probability that
    an answered question has a higher best score than a near one.
    """
    asked = [q for q in material.questions if q.kind in {IN, NEAR}]
    queries, query_tokens, query_masks = _encode(model, [q.text for q in asked], length)
    passages, tokens, masks = _encode(model, material.texts, length)
    dense = queries @ passages.T
    late = _late(query_tokens, query_masks, tokens, masks)
    is_in = np.array([q.kind == IN for q in asked])
    answered = np.flatnonzero(is_in)
    found = {}
    for name, scores in (
        ("dense", dense),
        ("late", late),
        ("both", dense + _LATE_WEIGHT * late),
    ):
        best = np.argsort(-scores.numpy(), axis=1)[:, :3]
        hits = np.array([[row in asked[i].answers for row in best[i]] for i in answered])
        found[f"{name} hit@1"] = float(hits[:, 0].mean())
        found[f"{name} hit@3"] = float(hits.any(axis=1).mean())
        found[f"{name} auc"] = float(roc_auc_score(is_in, scores.max(1).values.numpy()))
    return found


def _encode(
    model: Trained, texts: Sequence[str], length: int
) -> tuple[torch.Tensor, list[torch.Tensor], list[torch.Tensor]]:
    vectors = torch.zeros(len(texts), model.projection.shape[0])
    tokens: list[torch.Tensor] = [vectors[0]] * len(texts)
    masks = list(tokens)
    for rows in batches(texts):
        found, found_tokens, found_masks = model([texts[row] for row in rows], length)
        vectors[rows] = found
        for row, one, mask in zip(rows, found_tokens, found_masks, strict=True):
            tokens[row], masks[row] = one[mask], mask[mask]
    return vectors, tokens, masks


def _late(
    queries: Sequence[torch.Tensor],
    query_masks: Sequence[torch.Tensor],
    passages: Sequence[torch.Tensor],
    masks: Sequence[torch.Tensor],
) -> torch.Tensor:
    pad = torch.nn.utils.rnn.pad_sequence
    scores = []
    for begin in range(0, len(queries), BATCH):
        rows = slice(begin, begin + BATCH)
        batch = pad(list(queries[rows]), batch_first=True)
        batch_mask = pad(list(query_masks[rows]), batch_first=True)
        parts = []
        for start in range(0, len(passages), BATCH):
            part = slice(start, start + BATCH)
            parts.append(
                late_scores(
                    batch,
                    batch_mask.bool(),
                    pad(list(passages[part]), batch_first=True),
                    pad(list(masks[part]), batch_first=True).bool(),
                )
            )
        scores.append(torch.cat(parts, dim=1))
    return torch.cat(scores)
