"""Puts together what a training needs: the base model, its token axes, the material."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from core.encoders.reference import BASE_SHA256, GENERAL, load_encoder
from training.data import read_material
from training.export import export
from training.model import TOKEN_DIMENSION, Trained, principal_axes
from training.train import Recipe, Trainer

if TYPE_CHECKING:
    from pathlib import Path

QUICK = Recipe(epochs=1, answered=4, near=1, far=1, headings=2, steps=3)
_QUICK_ARTICLES = 8
# Texts whose tokens give the first axes of the projection.
_AXES_FROM = 400


def make_trainer(recipe: Recipe, folder: Path) -> Trainer:
    """Return a trainer over the training articles, at the epoch that `folder` holds."""
    torch.manual_seed(recipe.seed)
    encoder = load_encoder(GENERAL)
    material = read_material(
        encoder.count_tokens,
        splits=["train"],
        max_tokens=encoder.info.max_tokens,
        most_articles=_QUICK_ARTICLES if recipe.steps else None,
    )
    texts = material.texts[:: max(1, len(material.texts) // _AXES_FROM)]
    model = Trained(encoder.model, torch.eye(encoder.info.dimension), seed=recipe.seed)
    with torch.no_grad():  # nothing is added yet: these are the tokens of plain MiniLM
        _, tokens, mask = model(texts, recipe.passage_length)
    model.projection = torch.nn.Parameter(principal_axes(tokens[mask], TOKEN_DIMENSION))
    validation = None
    if not recipe.steps:
        validation = read_material(
            encoder.count_tokens, splits=["calibrate"], max_tokens=encoder.info.max_tokens
        )
    return Trainer(model, material, recipe, folder, validation)


def export_to(trainer: Trainer, path: Path) -> None:
    """Write what was trained as the product's file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    export(trainer.model, path, base_sha256=BASE_SHA256)
