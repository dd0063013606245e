"""Trains the encoder: questions find their passages, and near and far ones find nothing."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import kl_div, log_softmax, softmax

from training.data import FAR, IN, NEAR, Material
from training.model import Trained, batches, late_scores
from training.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the training does; texts are cut at so many word pieces.

    `dense_scale` and `late_scale` multiply cosines before the softmax. `anchor` and `rehearsal`
    weigh what keeps the vectors of headings and passages near those of plain MiniLM.
    """

    epochs: int = 3
    answered: int = 32
    near: int = 8
    far: int = 3
    headings: int = 12
    question_length: int = 48
    passage_length: int = 128
    rate: float = 5e-4
    warm_up: float = 0.1
    dense_scale: float = 20.0
    late_scale: float = 30.0
    anchor: float = 1.0
    rehearsal: float = 1.0
    hardest: int = 10
    seed: int = 0
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of questions, passages and headings that are compared with one another."""

    questions: list[int]
    passages: list[int]
    headings: list[str]


Report = Callable[[str], None]


class Trainer:
    """Trains a model on the questions of `material`; every epoch can be resumed from `folder`."""

    def __init__(
        self,
        model: Trained,
        material: Material,
        recipe: Recipe,
        folder: Path,
        validation: Material | None = None,
    ) -> None:
        self.validation = validation
        self.model, self.material, self.recipe, self.folder = model, material, recipe, folder
        self.headings = sorted({f"{p.title}: {p.heading}" for p in material.passages if p.path})
        self.by_kind = {
            kind: [i for i, q in enumerate(material.questions) if q.kind == kind]
            for kind in (IN, NEAR, FAR)
        }
        self.steps = math.ceil(len(self.by_kind[IN]) / recipe.answered)
        if recipe.steps:
            self.steps = min(self.steps, recipe.steps)
        self.optimizer = torch.optim.AdamW(
            [p for p in model.parameters() if p.requires_grad], lr=recipe.rate, weight_decay=0.0
        )
        total = self.steps * recipe.epochs
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: _rate(step / total, recipe.warm_up)
        )
        self.epoch = 0
        self.base = dict(zip(self.headings, self.vectors(self.headings), strict=True))
        self.base_passages = self.vectors(material.texts)
        self._resume()

    def run(self, report: Report) -> None:
        """Train the epochs that are left, and save the state after each."""
        for epoch in range(self.epoch, self.recipe.epochs):
            hard = self.hard_negatives()
            begin, mean = time.monotonic(), 0.0
            for number, batch in enumerate(self._batches(epoch, hard), start=1):
                losses = self._step(batch)
                mean += (losses["total"] - mean) / min(number, 50)
                if number % 20 == 0 or number == self.steps:
                    took = time.monotonic() - begin
                    parts = " ".join(f"{name} {value:.3f}" for name, value in losses.items())
                    report(
                        f"epoch {epoch + 1}/{self.recipe.epochs}, step {number}/{self.steps}, "
                        f"{took / number:.1f} s each; {parts}; mean {mean:.3f}"
                    )
            self.epoch = epoch + 1
            self._save()
            self.report_validation(report)

    def report_validation(self, report: Report) -> None:
        """Measure the model as it is on the articles that it is not trained on, if there are."""
        if self.validation:
            figures = validate(self.model, self.validation)
            report(", ".join(f"{name} {value:.3f}" for name, value in figures.items()))

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def vectors(self, texts: Sequence[str]) -> Tensor:
        """Return the unit vectors of texts by the model as it is: (texts, dimension)."""
        vectors = torch.zeros(len(texts), self.model.projection.shape[0])
        for rows in batches(texts):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                found, _, _ = self.model([texts[r] for r in rows], self.recipe.passage_length)
            vectors[rows] = found.float()
        return vectors

    def hard_negatives(self) -> list[list[int]]:
        """Return for each question the passages that are nearest to it and do not answer it."""
        material = self.material
        passages = self.vectors(material.texts)
        scores = self.vectors([q.text for q in material.questions]) @ passages.T
        nearest = scores.topk(min(3 * self.recipe.hardest, len(passages)), dim=1).indices.tolist()
        return [
            [row for row in rows if self._is_wrong(question, row)][: self.recipe.hardest]
            for question, rows in enumerate(nearest)
        ]

    def _is_wrong(self, question: int, passage: int) -> bool:
        """Say whether a passage surely does not answer: another article of the topic may."""
        asked, found = self.material.questions[question], self.material.passages[passage]
        if passage in asked.answers:
            return False
        if asked.kind == FAR or found.article_id == asked.article:
            return True
        return self.material.topic(passage) != self.material.groups[asked.article]

    def _batches(self, epoch: int, hard: list[list[int]]) -> Iterator[Batch]:
        rng = random.Random(f"{self.recipe.seed}-{epoch}")  # noqa: S311
        answered = rng.sample(self.by_kind[IN], len(self.by_kind[IN]))
        for step in range(self.steps):
            begin = step * self.recipe.answered
            questions = answered[begin : begin + self.recipe.answered]
            for kind, count in ((NEAR, self.recipe.near), (FAR, self.recipe.far)):
                questions = questions + rng.sample(
                    self.by_kind[kind], min(count, len(self.by_kind[kind]))
                )
            passages: dict[int, None] = {}
            for row in questions:
                asked = self.material.questions[row]
                if asked.answers:
                    passages[rng.choice(asked.answers)] = None
                if hard[row] and asked.kind != FAR:
                    passages[rng.choice(hard[row])] = None
            count = min(self.recipe.headings, len(self.headings))
            yield Batch(questions, list(passages), rng.sample(self.headings, count))

    def _step(self, batch: Batch) -> dict[str, float]:
        recipe, model = self.recipe, self.model
        asked = [self.material.questions[row] for row in batch.questions]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            queries, query_tokens, query_mask = model(
                [q.text for q in asked] + batch.headings, recipe.question_length
            )
            passages, tokens, mask = model(
                [self.material.texts[row] for row in batch.passages], recipe.passage_length
            )
        n = len(asked)
        queries, passages, tokens = queries.float(), passages.float(), tokens.float()
        is_right, counts = self._targets(batch)
        dense = queries[:n] @ passages.T
        late = late_scores(query_tokens[:n].float(), query_mask[:n], tokens, mask)
        losses = {
            "dense": _answer_loss(dense, model.nothing[0], recipe.dense_scale, is_right, counts),
            "late": _answer_loss(late, model.nothing[1], recipe.late_scale, is_right, counts),
        }
        if batch.headings:
            before = torch.stack([self.base[heading] for heading in batch.headings])
            before_passages = self.base_passages[batch.passages]
            losses["anchor"] = recipe.anchor * (
                (1 - (queries[n:] * before).sum(1)).mean()
                + (1 - (passages * before_passages).sum(1)).mean()
            )
            losses["rehearsal"] = recipe.rehearsal * kl_div(
                log_softmax(recipe.dense_scale * queries[n:] @ passages.T, dim=1),
                softmax(recipe.dense_scale * before @ before_passages.T, dim=1),
                reduction="batchmean",
            )
        total = torch.stack(list(losses.values())).sum()
        self.optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        losses["total"] = total
        return {name: float(value.detach()) for name, value in losses.items()}

    def _targets(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return which passages answer and which count: both bool, (questions, passages)."""
        is_right = torch.zeros(len(batch.questions), len(batch.passages), dtype=torch.bool)
        counts = torch.zeros_like(is_right)
        for i, question in enumerate(batch.questions):
            for j, passage in enumerate(batch.passages):
                is_right[i, j] = passage in self.material.questions[question].answers
                counts[i, j] = is_right[i, j] or self._is_wrong(question, passage)
        return is_right, counts

    def _save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "epoch": self.epoch,
            "recipe": asdict(self.recipe),
            "model": trained_state(self.model),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        torch.save(state, self.folder / "state.pt.new")
        (self.folder / "state.pt.new").replace(self.folder / "state.pt")

    def _resume(self) -> None:
        path = self.folder / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        if state["recipe"] != asdict(self.recipe):
            return
        self.model.load_state_dict(state["model"], strict=False)
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.epoch = state["epoch"]


def trained_state(model: Trained) -> dict[str, Tensor]:
    """Return what is trained of a model, by name."""
    return {name: value.detach() for name, value in model.named_parameters() if value.requires_grad}


def _answer_loss(
    scores: Tensor, nothing: Tensor, scale: float, is_right: Tensor, counts: Tensor
) -> Tensor:
    """Return the softmax loss where "nothing answers" is one more passage, with its own score.

    A question with several right passages is right with any of them.
    """
    logits = (scale * scores).masked_fill(~counts, -1e4)
    none = (scale * nothing).expand(len(scores), 1)
    all_of_them = torch.cat([logits, none], dim=1).logsumexp(1)
    right = torch.cat([is_right, ~is_right.any(1, keepdim=True)], dim=1)
    wanted = torch.cat([logits, none], dim=1).masked_fill(~right, -1e4).logsumexp(1)
    return (all_of_them - wanted).mean()


def _rate(done: float, warm_up: float) -> float:
    if done < warm_up:
        return done / warm_up
    return 0.5 * (1 + math.cos(math.pi * (done - warm_up) / (1 - warm_up)))
