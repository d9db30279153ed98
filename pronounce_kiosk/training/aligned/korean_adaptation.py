"""Adapt the Korean network to noise and rooms.

Method: teacher and student (Li et al. 2017, "Large-scale domain adaptation via teacher-student
learning"). A copy that hears a clip in noise or in a room learns what the converted network says of
the clean one. That needs no labels, so learners' English and Korean synthesis may teach it; clean
clips among them hold fast what the network knows.
"""

import copy
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ
from pronounce_kiosk.audio.denoise import denoise
from pronounce_kiosk.scoring.acoustic.korean import KoreanAcousticModel, cepstra_of
from pronounce_kiosk.scoring.acoustic.tdnnf import RESIDUAL_SCALE, SUBSAMPLING, Tdnnf
from pronounce_kiosk.training.data import rooms
from pronounce_kiosk.training.data.rooms import Samples

STEPS = 1300
CLIPS_A_STEP = 12
PIECE_SAMPLES = round(3.2 * PIPELINE_SAMPLE_RATE_HZ)
LEARNING_RATE = 1e-4
SYNTHESIS_SHARE = 0.25
"""Share of Korean synthesis; the others are learners' English."""
CLEAN_SHARE = 0.34
"""Share of clips that stay clean; fewer let the network forget how clean ones sound."""
DENOISED_SHARE = 0.4
"""Share of clips that the copy hears denoised."""
ADAPTED_SHARE = 0.7
"""Weights of the result, on the way from the converted network to the copy. At 1 natives' clean
takes lose; at 0.5 and at 0.7 they are heard as before."""
SHARPNESS = 1.11
"""What the output's logits are multiplied by: a copy is less sure than its teacher. At this, as
many of natives' right units are red as before, and as many swapped ones."""
STATES_WEIGHT = 0.3
"""Weight of the states beside the phones in the loss."""
SILENCE_WEIGHT = 0.2
"""Weight of a frame of silence beside one of speech."""
REPORTED = 50
"""Steps whose loss is averaged for the log and the picture."""


def adapt(
    acoustic: KoreanAcousticModel,
    people: Sequence[Samples],
    synthesis: Sequence[Samples],
    report: Callable[[int, float], None],
    *,
    steps: int = STEPS,
    seed: int = 0,
) -> None:
    """Adapt a converted model in place.

    people, synthesis: Clean clips, 16 kHz. report: Called with a step and the mean loss.
    """
    random = np.random.default_rng(seed)
    teacher, student = acoustic.network, copy.deepcopy(acoustic.network)
    for fixed in (student.output, student.transform):
        fixed.requires_grad_(False)
    weights = [one for one in student.parameters() if one.requires_grad]
    optimiser = torch.optim.Adam(weights, lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=steps, pct_start=0.1
    )
    losses: list[float] = []
    for step in range(1, steps + 1):
        pairs = [_pair(people, synthesis, random) for _ in range(CLIPS_A_STEP)]
        clean, damaged = (torch.stack(column) for column in zip(*pairs, strict=True))
        with torch.no_grad():
            wanted = log_states(teacher, clean, _ivectors(acoustic, clean))
            speakers = _ivectors(acoustic, damaged)
        loss = _loss(wanted, log_states(student, damaged, speakers), student.pooling)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 2.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % REPORTED == 0 or step == steps:
            report(step, float(np.mean(losses[-REPORTED:])))
    with torch.no_grad():
        for own, adapted in zip(teacher.parameters(), student.parameters(), strict=True):
            own.lerp_(adapted, ADAPTED_SHARE)
        teacher.output.weight.mul_(SHARPNESS)
        teacher.output.bias.mul_(SHARPNESS)


def log_states(network: Tdnnf, mfcc: Tensor, ivectors: Tensor) -> Tensor:
    """Compute the log-posteriors of a network's states, with gradients, as `Tdnnf` defines it.

    mfcc: (clips, frames, cepstra). ivectors: (clips, size). Gives (clips, output frames, states).
    """
    strides = [layer.stride for layer in network.factored]
    ends = 1 + sum(strides)
    first, last = (end.expand(-1, ends, -1) for end in (mfcc[:, :1], mfcc[:, -1:]))
    x = torch.cat([first, mfcc, last], dim=1)
    speakers = ivectors[:, None].expand(-1, x.shape[1] - 2, -1)
    x = torch.cat([x[:, :-2], x[:, 1:-1], x[:, 2:], speakers], dim=2)
    x = network.first(network.transform(x))
    step = 1
    for layer in network.factored:
        if step == 1 and layer.stride and layer.stride % SUBSAMPLING == 0:
            x, step = x[:, ::SUBSAMPLING], SUBSAMPLING
        reach = layer.stride // step
        if not reach:
            x = RESIDUAL_SCALE * x + layer.up(layer.down(x))
            continue
        before, now = layer.down.weight.chunk(2, dim=1)
        inner = functional.linear(x[:, :-reach], before) + functional.linear(x[:, reach:], now)
        inner = torch.cat([inner[:, :-reach], inner[:, reach:]], dim=2)
        x = RESIDUAL_SCALE * x[:, reach:-reach] + layer.up(inner)
    x = network.last_narrow(network.last(network.narrow(x)))
    return functional.log_softmax(network.output(x), dim=-1)


def _loss(wanted: Tensor, found: Tensor, pooling: Tensor) -> Tensor:
    """Kullback-Leibler divergence of phones and of states, in nepers a frame."""
    phones, own = ((one.exp() @ pooling).clamp_min(1e-6) for one in (wanted, found))
    weights = 1.0 - (1.0 - SILENCE_WEIGHT) * phones[..., 0]
    of_phones = (phones * (phones.log() - own.log())).sum(-1)
    of_states = (wanted.exp() * (wanted - found)).sum(-1)
    return ((of_phones + STATES_WEIGHT * of_states) * weights).mean()


def _ivectors(acoustic: KoreanAcousticModel, cepstra: Tensor) -> Tensor:
    return torch.stack(list(acoustic.ivectors(list(cepstra))))


def _pair(
    people: Sequence[Samples], synthesis: Sequence[Samples], random: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Cepstra of a piece of a clip, and of the same one damaged, as the model hears it in use."""
    clips = synthesis if random.random() < SYNTHESIS_SHARE else people
    piece = _piece(clips[int(random.integers(len(clips)))], random)
    heard = piece if random.random() < CLEAN_SHARE else _damaged(piece, people, random)
    recorded = rooms.clip_of(heard)
    views = cepstra_of([recorded.samples, denoise(recorded).samples])
    clean = cepstra_of([piece.astype(np.float32)])[0]
    return clean, views[int(random.random() < DENOISED_SHARE)]


def _piece(samples: Samples, random: np.random.Generator) -> Samples:
    """Cut a piece out of a clip, or place a shorter one in silence."""
    missing = max(0, PIECE_SAMPLES - len(samples))
    before = int(random.integers(missing + 1))
    samples = np.pad(samples, (before, missing - before))
    start = int(random.integers(len(samples) - PIECE_SAMPLES + 1))
    return samples[start : start + PIECE_SAMPLES]


def _damaged(samples: Samples, people: Sequence[Samples], random: np.random.Generator) -> Samples:
    """Add a room, noise, both, or voices."""
    kind = int(random.integers(5))
    if kind <= 1:
        t60_s, direct_db = random.uniform(0.2, 1.2), random.uniform(-5.0, 6.0)
        samples = rooms.reverberant(samples, t60_s, direct_db, random)
    if kind in (1, 2):
        white = random.standard_normal(len(samples)) if random.random() < 0.5 else None
        return rooms.noisy(samples, random.uniform(8.0, 30.0), random, white)
    if kind >= 3:
        chosen = random.integers(len(people), size=int(random.integers(3, 9)))
        voices = rooms.babble([people[index] for index in chosen], len(samples))
        level = rooms.rms(samples) * 10 ** (-random.uniform(5.0, 25.0) / 20)
        return samples + voices * (level / max(rooms.rms(voices), 1e-9))
    return samples
