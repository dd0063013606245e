"""The model that is trained: MiniLM with low-rank differences and a projection of its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

# Chosen as in LoRA (Hu et al. 2021): every linear layer of the encoder, word vectors stay.
RANK = 32
TOKEN_DIMENSION = 96
BATCH = 64


class LowRank(nn.Module):  # type: ignore[misc]
    """Adds `b @ a` to a weight (Hu et al. 2021): the weight itself is never changed."""

    def __init__(self, weight: Tensor, rank: int, generator: torch.Generator) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        spread = inputs**-0.5
        self.a = nn.Parameter(torch.randn(rank, inputs, generator=generator) * spread)
        self.b = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, weight: Tensor) -> Tensor:
        """Return the changed weight."""
        return weight + self.b @ self.a


class Trained(nn.Module):  # type: ignore[misc]
    """MiniLM, its differences, the projection of tokens, and the scores of "no answer".

    `nothing` are the dense and the token score that a passage must exceed to answer.
    """

    def __init__(self, model: Any, projection: Tensor, *, rank: int = RANK, seed: int = 0) -> None:
        super().__init__()
        self.tokenizer = model.tokenizer
        self.bert = model[0].auto_model
        self.bert.requires_grad_(requires_grad=False)
        generator = torch.Generator().manual_seed(seed)
        self.layers = {
            name: layer
            for name, layer in self.bert.encoder.named_modules()
            if isinstance(layer, nn.Linear)
        }
        for layer in self.layers.values():
            low_rank = LowRank(layer.weight, rank, generator)
            parametrize.register_parametrization(layer, "weight", low_rank)
            layer.parametrizations.weight.original.requires_grad_(requires_grad=False)
        self.projection = nn.Parameter(projection.clone())
        self.nothing = nn.Parameter(torch.tensor([0.45, 0.60]))

    def forward(self, texts: Sequence[str], length: int) -> tuple[Tensor, Tensor, Tensor]:
        """Encode texts, cut at `length` word pieces.

        Returns unit vectors (texts, dimension), unit vectors of their tokens (texts, tokens,
        token dimension), and which tokens count (texts, tokens): the two special ones do not.
        """
        encoded = self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=length, return_tensors="pt"
        )
        mask = encoded["attention_mask"]
        hidden = self.bert(**encoded).last_hidden_state.float()
        weights = mask.unsqueeze(-1).float()
        vectors = normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)
        tokens = normalize(hidden @ self.projection, dim=2)
        inner = mask.clone().bool()
        inner[:, 0] = False
        inner[torch.arange(len(inner)), mask.sum(1) - 1] = False
        return vectors, tokens, inner


def batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the rows of texts of like length that are encoded together, each row once."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    for begin in range(0, len(order), BATCH):
        yield order[begin : begin + BATCH]


def late_scores(query: Tensor, query_mask: Tensor, passage: Tensor, passage_mask: Tensor) -> Tensor:
    """Return the mean over a query's tokens of the best cosine to a passage's: (queries, passages).

    MaxSim of ColBERT (Khattab and Zaharia 2020), divided by the number of the query's tokens.
    """
    flat = query[query_mask]
    similarities = torch.einsum("td,pkd->tpk", flat, passage)
    best = similarities.masked_fill(~passage_mask, -1.0).amax(2)
    owners = torch.arange(len(query)).repeat_interleave(query_mask.sum(1))
    total = torch.zeros(len(query), len(passage)).index_add(0, owners, best)
    return total / query_mask.sum(1, keepdim=True)


def principal_axes(tokens: Tensor, dimension: int) -> Tensor:
    """Return the axes that keep most of unit token vectors: (their dimension, `dimension`)."""
    _, vectors = torch.linalg.eigh(tokens.T @ tokens)
    return vectors.flip(1)[:, :dimension].contiguous()
