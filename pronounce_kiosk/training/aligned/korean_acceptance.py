"""Fit the Korean acceptance classifier on synthetic speech and on learners' English.

No Korean takes by people may train a shipped model. Right takes are therefore said by espeak-ng
in rooms and noise; wrong ones are another sentence, half of it, a loop, backwards, several voices
at once, noises, and people who speak English.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.language.korean.pronunciation import standard_pronunciation
from pronounce_kiosk.language.units import split_units
from pronounce_kiosk.scoring.frontend import clean_take
from pronounce_kiosk.scoring.korean.acceptance import (
    FEATURES,
    Acceptance,
    acceptance_features,
    expanded,
)
from pronounce_kiosk.scoring.korean.evidence import blended, gather
from pronounce_kiosk.scoring.korean.model import HeardTake, KoreanModel
from pronounce_kiosk.scoring.korean.phones import sentence_phones
from pronounce_kiosk.training.data import rooms
from pronounce_kiosk.training.data.corpus import CorpusTake
from pronounce_kiosk.training.data.references import espeak_clip
from pronounce_kiosk.training.data.rooms import Samples

VOICES = ("", "+m1", "+m2", "+m4", "+m5", "+m7", "+f1", "+f2", "+f3", "+f4")
SPOILED = ("backwards", "half", "looped", "babble", "two", "nonspeech", "english")
OTHER_TEXTS = 3
"""Wrong texts of like length per right take; more rows take longer."""
SHIFT = 0.9
"""Added to the log-odds. Chosen on natives: none of those who read is refused, and 1 % of those on
a stage. A lower value refuses more takes, natives in noise first."""
ROOM_SHARE = 0.5
"""Share of the clips in a room; the others get noise only."""
NOISE_LOG10 = (-4.0, -1.6)
"""Range of the noise's amplitude, for a voice with a peak of 0.3: a quiet room to some 10 dB."""
_REGULARISATION = 0.3


@dataclass(frozen=True, eq=False)
class AcceptanceRow:
    """Features of one clip against one sentence. kind: ``right``, ``other`` or of `SPOILED`."""

    kind: str
    features: NDArray[np.float32]


def acceptance_rows(
    model: KoreanModel, texts: Sequence[str], takes: Sequence[CorpusTake], count: int, seed: int = 0
) -> Iterator[AcceptanceRow]:
    """Make rows to fit the classifier on.

    texts: Korean sentences; their words are used, too. takes: Of people who speak English. count:
    Of right takes, each of which gives about six rows.
    """
    random = np.random.default_rng(seed)
    words = sorted({word for text in texts for word in text.split() if split_units(word, "ko")})
    pool = {text: len(split_units(text, "ko")) for text in (*texts, *words)}
    for number in range(count):
        text = str(random.choice(texts if number % 2 else words))
        samples = say(text, random)
        yield from _rows(model, "right", samples, [text], random)
        others = _like(pool, pool[text], text, random)[:OTHER_TEXTS]
        yield from _rows(model, "other", samples, others, random)
        kind = SPOILED[number % len(SPOILED)]
        spoiled = _spoiled(kind, samples, texts, takes, random)
        syllables = max(1, round(len(spoiled) / PIPELINE_SAMPLE_RATE_HZ / 0.2))
        others = [text, *_like(pool, syllables, text, random)[:2]]
        yield from _rows(model, kind, spoiled, others, random)


def fit_acceptance(rows: Sequence[AcceptanceRow]) -> Acceptance:
    """Fit the classifier; right and wrong rows weigh alike, and `SHIFT` moves its threshold."""
    from sklearn.linear_model import LogisticRegression

    features = torch.from_numpy(np.stack([row.features for row in rows]))
    right = np.array([row.kind == "right" for row in rows])
    acceptance = Acceptance(len(FEATURES))
    centre, scale = features.mean(0), features.std(0) + 1e-6
    inputs = expanded((features - centre) / scale)[:, : len(FEATURES)].numpy()
    fitted = LogisticRegression(C=_REGULARISATION, max_iter=5000, class_weight="balanced")
    fitted.fit(inputs, right)
    weights = torch.zeros(2 * len(FEATURES))
    weights[: len(FEATURES)] = torch.from_numpy(fitted.coef_[0])
    bias = torch.tensor(float(fitted.intercept_[0]) + SHIFT)
    acceptance.load_state_dict({"centre": centre, "scale": scale, "weight": weights, "bias": bias})
    return acceptance


def say(text: str, random: np.random.Generator) -> Samples:
    """Synthesise a text by a random espeak-ng voice and rate."""
    voice = "ko" + str(random.choice(VOICES))
    clip = espeak_clip(standard_pronunciation(text), voice, int(random.integers(120, 220)))
    return clip.samples.astype(np.float64)


def _like(pool: dict[str, int], syllables: int, but: str, random: np.random.Generator) -> list[str]:
    """List the texts of that many syllables, one more or one less, in random order."""
    found = [text for text, own in pool.items() if abs(own - syllables) <= 1 and text != but]
    return [str(text) for text in random.permutation(found)]


def _spoiled(
    kind: str,
    samples: Samples,
    texts: Sequence[str],
    takes: Sequence[CorpusTake],
    random: np.random.Generator,
) -> Samples:
    size = len(samples)
    match kind:
        case "backwards":
            return samples[::-1]
        case "half":
            return samples[: size // 2] if random.random() < 0.5 else samples[size // 2 :]
        case "looped":
            return rooms.looped(samples[: size // 3], random)
        case "babble":
            return rooms.babble([say(str(random.choice(texts)), random) for _ in range(3)], size)
        case "two":
            voices = [say(str(random.choice(texts)), random) for _ in range(2)]
            return rooms.overlapping(voices, size, random)
        case "nonspeech":
            clip = rooms.nonspeech_clips(int(random.integers(1 << 30)), count=1, size=size)[0]
        case _:
            clip = read_clip(takes[int(random.integers(len(takes)))].audio)
    return clip.resampled(PIPELINE_SAMPLE_RATE_HZ).samples.astype(np.float64)


def _rows(
    model: KoreanModel,
    kind: str,
    samples: Samples,
    texts: Sequence[str],
    random: np.random.Generator,
) -> Iterator[AcceptanceRow]:
    """Make rows of one clip in a room or noise; none where level check or trim refuse it."""
    peak = float(np.abs(samples).max(initial=0.0))
    if not peak:
        return
    padded = np.pad(0.3 * samples / peak, PIPELINE_SAMPLE_RATE_HZ // 2)
    if random.random() < ROOM_SHARE:
        padded = rooms.in_a_room(padded, random)
    padded = padded + 10.0 ** random.uniform(*NOISE_LOG10) * random.standard_normal(len(padded))
    cleaned = clean_take(AudioClip.from_array(padded, PIPELINE_SAMPLE_RATE_HZ))
    if cleaned.verdict is not None:
        return
    heard = model.hear(cleaned)
    for text in texts:
        features = sentence_features(heard, text)
        if features is not None:
            yield AcceptanceRow(kind, features)


def sentence_features(heard: HeardTake, text: str) -> NDArray[np.float32] | None:
    """Compute a take's features against a sentence; None where it is too short for it."""
    phones = sentence_phones(Sentence("", text, "ko"))
    posteriors = blended(heard.views, phones) if phones else None
    evidence = None if posteriors is None else gather(posteriors, phones)
    if posteriors is None or evidence is None:
        return None
    return acceptance_features(posteriors, evidence.alignment, phones)
