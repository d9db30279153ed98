"""Training the frame encoder: first which phones (CTC), then which phone when (frames).

The second half needs a time for every phone, which nobody has annotated: the encoder's own CTC
gives them after the first half, and its own frame likelihoods give better ones later.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pronounce_kiosk.pipeline.aligned_encoder import (
    FRAME_STRIDE,
    AlignedEncoder,
    EncoderShape,
    embedded_frames,
)
from pronounce_kiosk.pipeline.mel import MelParameters
from pronounce_kiosk.pipeline.phones import PHONE_SETS, SILENCE
from pronounce_kiosk.training.aligned_augment import Augmenter
from pronounce_kiosk.training.aligned_speech import SpeechItem
from pronounce_kiosk.training.aligned_viterbi import viterbi

LANGUAGES = tuple(PHONE_SETS)


@dataclass(frozen=True)
class EncoderRecipe:
    """steps: batches in all. shares: how often a batch draws from each source/language.

    variants: how many augmented renderings of each item are kept, by source. align_at: shares of
    the steps after which phone times are found (anew). ctc_after: the weight of CTC's loss once
    there are any.
    """

    steps: int = 2200
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
    align_at: tuple[float, ...] = (0.4, 0.65)
    ctc_after: float = 0.3
    seed: int = 0


RANGE_DB = 90.0
"""What an item's levels are kept over: more than any image shows of them."""


@dataclass(frozen=True, eq=False)
class ItemLevels:
    """Mel levels of one item: uint8 (n_mels, frames) over 90 dB under its loudest point.

    images: one a variant; variant 0 is the item as it is, the others went through
    `Augmenter.decibels`.
    stretch: how many seconds of the item one second of each covers.
    """

    images: list[np.ndarray]
    stretch: list[float]


def mel_levels(
    items: Sequence[SpeechItem], mel: MelParameters, variants: dict[str, int], seed: int
) -> list[ItemLevels]:
    """Levels of every item, in order. variants: augmented renderings beside the plain one."""
    augment = Augmenter(mel, torch.device("cpu"), seed)
    result = [ItemLevels([], []) for _ in items]
    order = sorted(range(len(items)), key=lambda i: len(items[i].samples))
    for start in range(0, len(order), 24):
        part = order[start : start + 24]
        for variant in range(1 + max(variants[items[i].source] for i in part)):
            mine = [i for i in part if variant <= variants[items[i].source]]
            _add_levels(items, result, mine, augment, variant > 0)
    return result


def _add_levels(
    items: Sequence[SpeechItem],
    result: Sequence[ItemLevels],
    indices: Sequence[int],
    augment: Augmenter,
    changed: bool,
) -> None:
    lengths = torch.tensor([len(items[i].samples) for i in indices])
    waves = torch.zeros(len(indices), int(lengths.max()))
    for row, index in enumerate(indices):
        samples = torch.from_numpy(items[index].samples)
        waves[row, : len(samples)] = samples.float() / 32768.0
    with torch.no_grad():
        batch = augment.decibels(waves, lengths, changed)
    for row, index in enumerate(indices):
        levels = batch.mel[row, :, : int(batch.lengths[row])]
        image = ((levels - levels.max()) / RANGE_DB + 1.0).clamp(0.0, 1.0) * 255.0
        result[index].images.append(image.round().to(torch.uint8).numpy())
        result[index].stretch.append(float(batch.stretch[row]))


class SpeechStore:
    """Mel levels of all items, drawn in batches of similar length."""

    def __init__(self, items: Sequence[SpeechItem], levels: Sequence[ItemLevels]) -> None:
        self.items = list(items)
        self.levels = [one.images for one in levels]
        self.stretch = [one.stretch for one in levels]
        self.groups: dict[str, list[int]] = {}
        for index, item in enumerate(items):
            self.groups.setdefault(f"{item.source}/{item.phones.language}", []).append(index)

    def batch(
        self, indices: Sequence[int], variants: Sequence[int]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Levels in dB (batch, n_mels, frames), frames (batch,), stretch (batch,)."""
        chosen = [self.levels[i][v] for i, v in zip(indices, variants, strict=True)]
        frames = torch.tensor([one.shape[1] for one in chosen])
        levels = torch.full((len(chosen), chosen[0].shape[0], int(frames.max())), 0.0)
        for row, one in enumerate(chosen):
            levels[row, :, : one.shape[1]] = torch.from_numpy(one).float()
        stretch = torch.tensor([self.stretch[i][v] for i, v in zip(indices, variants, strict=True)])
        return (levels / 255.0 - 1.0) * RANGE_DB, frames, stretch

    def batches(self, recipe: EncoderRecipe, rng: random.Random) -> Iterator[list[int]]:
        """Batches of item indices without end."""
        while True:
            parts = self._draw(recipe, rng)
            while parts:
                yield parts.pop()

    def _draw(self, recipe: EncoderRecipe, rng: random.Random) -> list[list[int]]:
        """Eight batches' worth drawn by share, sorted by length, shuffled as batches."""
        names = [name for name in recipe.shares if self.groups.get(name)]
        weights = [recipe.shares[name] for name in names]
        drawn = [
            rng.choice(self.groups[name])
            for name in rng.choices(names, weights, k=8 * recipe.batch)
        ]
        drawn.sort(key=lambda index: len(self.items[index].samples))
        parts = [drawn[s : s + recipe.batch] for s in range(0, len(drawn), recipe.batch)]
        rng.shuffle(parts)
        return parts


def train_encoder(
    items: Sequence[SpeechItem],
    levels: Sequence[ItemLevels],
    shape: EncoderShape,
    mel: MelParameters,
    recipe: EncoderRecipe,
    device: torch.device,
    log: Callable[[str], None],
) -> AlignedEncoder:
    """The trained encoder, averaged over its last steps, on the CPU, in eval mode.

    levels: of each item, as `mel_levels` gives them. The same arguments on the same CPU give the
    same weights; log hears how it goes.
    """
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)
    store = SpeechStore(items, levels)
    augment = Augmenter(mel, device, recipe.seed + 1)
    model = AlignedEncoder(shape).to(device)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998)
    )
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=recipe.steps, pct_start=0.1
    )
    aligns = [round(share * recipe.steps) for share in recipe.align_at]
    labels: list[Tensor] | None = None
    batches = store.batches(recipe, rng)
    progress = _Progress(log)
    for step in range(recipe.steps):
        if step in aligns:
            labels = align_store(store, model, augment, device, use_ctc=labels is None)
            log(f"step {step}: phone times of {len(labels)} items")
        indices = next(batches)
        variants = [rng.randrange(len(store.levels[i])) for i in indices]
        loss = _loss(model, augment, store, indices, variants, labels, recipe.ctc_after)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        average.update_parameters(model)
        progress.add(step, loss)
    result = average.module
    assert isinstance(result, AlignedEncoder)
    return result.cpu().eval()


class _Progress:
    """Logs the mean loss every hundred steps, from one step in ten: to look is to wait for it."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._started = time.monotonic()
        self._losses: list[float] = []

    def add(self, step: int, loss: Tensor) -> None:
        if step % 10 == 0:
            self._losses.append(float(loss.detach()))
        if step % 100 == 99:
            spent_s = time.monotonic() - self._started
            self._log(f"step {step + 1}: loss {np.mean(self._losses):.3f}, {spent_s:.0f} s")
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


def _weights(items: Sequence[SpeechItem], device: torch.device) -> Tensor:
    """A badly said take teaches little about how its phones sound."""
    return torch.tensor(
        [min(1.0, max(0.2, (item.quality - 0.3) / 0.5)) for item in items], device=device
    )


def _ctc_loss(
    model: AlignedEncoder, embeddings: Tensor, frames: Tensor, items: Sequence[SpeechItem]
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
    model: AlignedEncoder, embeddings: Tensor, labels: Tensor, items: Sequence[SpeechItem]
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
    order = sorted(range(len(store.items)), key=lambda i: len(store.items[i].samples))
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
    items: Sequence[SpeechItem],
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


def _lines(items: Sequence[SpeechItem], use_ctc: bool) -> tuple[Tensor, Tensor, Tensor]:
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
