"""Training the frame encoder: first which phones (CTC), then which phone when (frames).

The second half needs a time for every phone, which nobody has annotated: the encoder's own CTC
gives them after the first half, and its own frame likelihoods give better ones later.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pronounce_kiosk.audio.mel import MelParameters
from pronounce_kiosk.language.phones import PHONE_SETS, SILENCE
from pronounce_kiosk.scoring.first.aligned_encoder import (
    FRAME_STRIDE,
    AlignedEncoder,
    EncoderShape,
    embedded_frames,
)
from pronounce_kiosk.training.first.aligned_augment import Augmenter
from pronounce_kiosk.training.first.aligned_store import SpeechStore, StoredItem
from pronounce_kiosk.training.first.aligned_viterbi import viterbi

LANGUAGES = tuple(PHONE_SETS)


@dataclass(frozen=True)
class EncoderRecipe:
    """steps: batches in all. shares: how often a batch draws from each source/language.

    variants: how many augmented renderings of each item are kept, by source. align_at: shares of
    the steps after which phone times are found (anew). ctc_after: the weight of CTC's loss once
    there are any.
    """

    steps: int = 4400
    batch: int = 32
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    shares: dict[str, float] = field(
        default_factory=lambda: {
            "take/en": 0.42,
            "espeak/en": 0.17,
            "flite/en": 0.08,
            "espeak/ko": 0.33,
        }
    )
    variants: dict[str, int] = field(default_factory=lambda: {"take": 2, "espeak": 1, "flite": 1})
    checkpoint_every: int = 200
    align_at: tuple[float, ...] = (0.4, 0.65)
    ctc_after: float = 0.3
    seed: int = 0


def train_encoder(
    items: Sequence[StoredItem],
    shape: EncoderShape,
    mel: MelParameters,
    recipe: EncoderRecipe,
    device: torch.device,
    log: Callable[[str], None],
    checkpoint: Path | None = None,
    start: AlignedEncoder | None = None,
) -> AlignedEncoder:
    """The trained encoder, averaged over its last steps, on the CPU, in eval mode.

    start: an encoder to go on from, which knows when which phone is said; the rate of learning
    rises and falls anew (warm restart; Loshchilov and Hutter 2017).
    checkpoint: where its state is kept now and then; if it is there, training goes on from it, and
    ends at the same weights. The same arguments on the same CPU give the same weights; log hears
    how it goes.
    """
    run = _Run(items, shape, mel, recipe, device, start)
    if checkpoint is not None and checkpoint.is_file():
        run.restore(torch.load(checkpoint, map_location=device, weights_only=True))
        log(f"goes on from step {run.step}")
    progress = _Progress(log, run.step)
    while run.step < recipe.steps:
        loss = run.one_step(log)
        progress.add(run.step, loss)
        if checkpoint is not None and run.step % recipe.checkpoint_every == 0:
            part = checkpoint.with_suffix(".part")
            torch.save(run.state(), part)
            os.replace(part, checkpoint)
    result = run.average.module
    assert isinstance(result, AlignedEncoder)
    return result.cpu().eval()


class _Run:
    """One training under way: everything that changes from step to step, and can be kept."""

    def __init__(
        self,
        items: Sequence[StoredItem],
        shape: EncoderShape,
        mel: MelParameters,
        recipe: EncoderRecipe,
        device: torch.device,
        start: AlignedEncoder | None,
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.step = 0
        self.rng = random.Random(recipe.seed)
        self.store = SpeechStore(items)
        self.augment = Augmenter(mel, device, recipe.seed + 1)
        self.model = AlignedEncoder(shape)
        if start is not None:
            self.model.load_state_dict(start.state_dict())
        self.model.to(device).train()
        self.knows_times = start is not None
        self.average = torch.optim.swa_utils.AveragedModel(
            self.model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998)
        )
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, recipe.learning_rate, total_steps=recipe.steps, pct_start=0.1
        )
        self.labels: list[Tensor] | None = None
        self.batches: list[list[int]] = []

    def one_step(self, log: Callable[[str], None]) -> Tensor:
        """Learn from one batch; its loss."""
        recipe = self.recipe
        if self.step in [round(share * recipe.steps) for share in recipe.align_at]:
            device = self.augment.device
            self.labels = align_store(
                self.store, self.model, self.augment, device, use_ctc=not self.knows_times
            )
            self.knows_times = True
            log(f"step {self.step}: phone times of {len(self.labels)} items")
        if not self.batches:
            self.batches = self.store.draw(recipe.shares, recipe.batch, self.rng)
        indices = self.batches.pop()
        variants = [self.rng.randrange(len(self.store.items[i].images)) for i in indices]
        loss = _loss(
            self.model, self.augment, self.store, indices, variants, self.labels, recipe.ctc_after
        )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.average.update_parameters(self.model)
        self.step += 1
        return loss

    def state(self) -> dict[str, object]:
        """Plain data and tensors, for `restore`."""
        version, numbers, gauss = self.rng.getstate()
        return {
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "labels": self.labels,
            "batches": self.batches,
            "rng": [version, list(numbers), gauss],
            "torch": torch.get_rng_state(),
            "augment": self.augment.generator.get_state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Be where `state` was taken."""
        self.step = state["step"]
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.labels = state["labels"]
        self.knows_times = self.knows_times or self.labels is not None
        self.batches = state["batches"]
        version, numbers, gauss = state["rng"]
        self.rng.setstate((version, tuple(numbers), gauss))
        torch.set_rng_state(state["torch"].cpu())
        self.augment.generator.set_state(state["augment"].cpu())


class _Progress:
    """Logs the mean loss every hundred steps, from one step in ten: to look is to wait for it."""

    def __init__(self, log: Callable[[str], None], first: int) -> None:
        self._log = log
        self._first = first
        self._started = time.monotonic()
        self._losses: list[float] = []

    def add(self, step: int, loss: Tensor) -> None:
        if step % 10 == 0:
            self._losses.append(float(loss.detach()))
        if step % 100 == 0:
            spent_s = time.monotonic() - self._started
            self._log(
                f"step {step}: loss {np.mean(self._losses):.3f}, "
                f"{spent_s / (step - self._first):.2f} s a step"
            )
            self._losses.clear()


def _loss(
    model: AlignedEncoder,
    augment: Augmenter,
    store: SpeechStore,
    indices: Sequence[int],
    variants: Sequence[int],
    labels: Sequence[Tensor] | None,
    ctc_share: float,
) -> Tensor:
    """CTC's loss of a batch; with labels (`align_store`'s) ctc_share of it and the frames' loss."""
    decibels, mel_frames, stretch = (x.to(augment.device) for x in store.batch(indices, variants))
    with torch.no_grad():
        batch = augment.images(decibels, mel_frames)
    items = [store.items[i] for i in indices]
    embeddings = model(batch.mel, batch.lengths)
    frames = embedded_frames(batch.lengths)
    ctc = _ctc_loss(model, embeddings, frames, items)
    if labels is None:
        return ctc
    chosen = [labels[i] for i in indices]
    frame_labels = _stretched(chosen, frames, batch.stretch * stretch, embeddings.shape[1])
    return ctc_share * ctc + _frame_loss(model, embeddings, frame_labels, items)


def _weights(items: Sequence[StoredItem], device: torch.device) -> Tensor:
    """A badly said take teaches little about how its phones sound."""
    return torch.tensor(
        [min(1.0, max(0.2, (item.quality - 0.3) / 0.5)) for item in items], device=device
    )


def _ctc_loss(
    model: AlignedEncoder, embeddings: Tensor, frames: Tensor, items: Sequence[StoredItem]
) -> Tensor:
    total = embeddings.sum() * 0.0
    for language in LANGUAGES:
        rows = [i for i, item in enumerate(items) if item.phones.language == language]
        if not rows:
            continue
        pick = torch.tensor(rows, device=embeddings.device)
        chosen = [items[i] for i in rows]
        targets = torch.cat([torch.tensor(item.phones.indices) for item in chosen])
        counts = torch.tensor([len(item.phones.indices) for item in chosen])
        logs = model.ctc_log_likelihoods(embeddings[pick].float(), language).transpose(0, 1)
        losses = functional.ctc_loss(
            logs,
            targets.to(logs.device),
            frames[pick],
            counts.to(logs.device),
            blank=SILENCE,
            reduction="none",
            zero_infinity=True,
        )
        per_phone = losses / counts.to(losses.device)
        total = total + (per_phone * _weights(chosen, losses.device)).sum()
    return total / len(items)


def _frame_loss(
    model: AlignedEncoder, embeddings: Tensor, labels: Tensor, items: Sequence[StoredItem]
) -> Tensor:
    total = embeddings.sum() * 0.0
    for language in LANGUAGES:
        rows = [i for i, item in enumerate(items) if item.phones.language == language]
        if not rows:
            continue
        pick = torch.tensor(rows, device=embeddings.device)
        logits = model.phones[language](embeddings[pick].float())
        losses = functional.cross_entropy(
            logits.transpose(1, 2),
            labels[pick],
            ignore_index=-1,
            reduction="none",
            label_smoothing=0.05,
        )
        known = (labels[pick] >= 0).float()
        per_item = (losses * known).sum(1) / known.sum(1).clamp(min=1)
        total = total + (per_item * _weights([items[i] for i in rows], losses.device)).sum()
    return total / len(items)


def _stretched(labels: Sequence[Tensor], frames: Tensor, stretch: Tensor, longest: int) -> Tensor:
    """Frame labels of items whose time was changed by augmentation; -1 where there is none."""
    size = max(len(one) for one in labels)
    padded = torch.full((len(labels), size), -1, device=frames.device)
    for row, one in enumerate(labels):
        padded[row, : len(one)] = one
    at = torch.arange(longest, device=frames.device)[None]
    source = (at * stretch[:, None]).round().long()
    inside = (at < frames[:, None]) & (source < size)
    return padded.gather(1, source.clamp(max=size - 1)).masked_fill(~inside, -1)


@torch.no_grad()
def align_store(
    store: SpeechStore,
    model: AlignedEncoder,
    augment: Augmenter,
    device: torch.device,
    use_ctc: bool,
) -> list[Tensor]:
    """For every item the phone index of each 30 ms frame (0 = silence), int64 on the device.

    use_ctc: by the CTC head, before the frames' head has learned anything.
    """
    model.eval()
    order = store.by_length()
    result: list[Tensor] = [torch.empty(0)] * len(order)
    for language in LANGUAGES:
        mine = [i for i in order if store.items[i].phones.language == language]
        for start in range(0, len(mine), 64):
            indices = mine[start : start + 64]
            levels, mel_frames, _ = (x.to(device) for x in store.batch(indices, [0] * len(indices)))
            mel = augment.plain(levels, mel_frames)
            found = _align(model, mel, mel_frames, [store.items[i] for i in indices], use_ctc)
            for index, one in zip(indices, found, strict=True):
                result[index] = one
    model.train()
    return result


def _align(
    model: AlignedEncoder,
    mel: Tensor,
    mel_frames: Tensor,
    items: Sequence[StoredItem],
    use_ctc: bool,
) -> list[Tensor]:
    """`align_store` of one batch, all of one language; mel (batch, n_mels, frames)."""
    embeddings = model(mel, mel_frames)
    frames = embedded_frames(mel_frames)
    likelihoods = model.ctc_log_likelihoods if use_ctc else model.log_likelihoods
    logs = likelihoods(embeddings, items[0].phones.language)
    states, optional, counts = (x.to(mel.device) for x in _lines(items, use_ctc))
    path = viterbi(logs, frames, states, optional, counts)
    symbols = states.gather(1, path.clamp(min=0))
    rows = [row[: int(n)] for row, n in zip(symbols, frames, strict=True)]
    if not use_ctc:
        return rows
    level = mel.mean(dim=1)[:, ::FRAME_STRIDE]
    return [
        torch.from_numpy(_filled(row.cpu().numpy(), loud[: len(row)].cpu().numpy())).to(mel.device)
        for row, loud in zip(rows, level, strict=True)
    ]


def _lines(items: Sequence[StoredItem], use_ctc: bool) -> tuple[Tensor, Tensor, Tensor]:
    """State lines: silence may stand at the ends and between units (with CTC: anywhere)."""
    lines = []
    for item in items:
        line = [(SILENCE, True)]
        previous = None
        for symbol, unit in zip(item.phones.indices, item.phones.units, strict=True):
            if previous is not None and (use_ctc or unit != previous):
                line.append((SILENCE, True))
            line.append((symbol, False))
            previous = unit
        line.append((SILENCE, True))
        lines.append(line)
    size = max(len(line) for line in lines)
    states = torch.zeros(len(lines), size, dtype=torch.long)
    optional = torch.zeros(len(lines), size, dtype=torch.bool)
    for row, line in enumerate(lines):
        states[row, : len(line)] = torch.tensor([symbol for symbol, _ in line])
        optional[row, : len(line)] = torch.tensor([free for _, free in line])
    return states, optional, torch.tensor([len(line) for line in lines])


def _filled(symbols: np.ndarray, level: np.ndarray) -> np.ndarray:
    """CTC's spikes made into spans: a loud blank is the nearer phone's, a quiet one silence."""
    spikes = np.flatnonzero(symbols > 0)
    if not len(spikes):
        return symbols
    at = np.arange(len(symbols))
    right = np.searchsorted(spikes, at).clip(max=len(spikes) - 1)
    left = (right - 1).clip(min=0)
    nearer = np.where(
        np.abs(spikes[left] - at) <= np.abs(spikes[right] - at), spikes[left], spikes[right]
    )
    loud = level > 0.35 * np.quantile(level, 0.95)
    return np.where(symbols > 0, symbols, np.where(loud, symbols[nearer], SILENCE))
