"""Score non-speech and parts of the sentence, of which training learns nothing: all must be low."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.training.data.references import espeak_clip
from pronounce_kiosk.training.data.rooms import Samples, babble
from pronounce_kiosk.training.evaluation import base, figures
from pronounce_kiosk.training.evaluation.clips import fitting, looped, rms

HIGHEST = 20.0
"""Points above which non-speech counts as a failure."""
_RATE = PIPELINE_SAMPLE_RATE_HZ


def nonspeech_table(request: base.Request) -> figures.Table:
    """Score non-speech, and speech that is not the sentence, against some takes' sentences."""
    takes = request.takes("corpus", "korean", most=40)
    found = base.score_changed(request, nonspeech_of, takes, "no speech", refused_too=True)
    return nonspeech_rows(found, len(takes))


def nonspeech_rows(found: Sequence[base.Scored], sentences: int) -> figures.Table:
    """Make the table from the clips played at each sentence. sentences: how many."""
    rows = figures.Rows()
    more = []
    for kind in ("all", *dict.fromkeys(one.kind for one in found)):
        mine = [one for one in found if kind in ("all", one.kind)]
        rows.share(f"{kind}: above {HIGHEST:g}", mine, lambda one: one.total > HIGHEST)
        scored = figures.percent(float(np.mean([not one.refused for one in mine])))
        more.append((scored, f"{max([0.0, *(one.total for one in mine)]):.1f}"))
    table = rows.table(
        "Non-speech, and parts of the sentence",
        f"Against {sentences} sentences. Music, coughs, laughs, throat clearing and screams are "
        "synthesised; speech backwards, the looped syllable and babble are people's takes.",
    )
    cells = tuple((*row, *rest) for row, rest in zip(table.rows, more, strict=True))
    return replace(table, headers=(*table.headers, "scored", "highest"), rows=cells)


def synthetic_nonspeech(duration_s: float, random: np.random.Generator) -> dict[str, AudioClip]:
    """Synthesise non-speech at 16 kHz, by kind, of a duration of 1 s at least."""
    size = round(max(1.0, duration_s) * _RATE)
    time_s = np.arange(size) / _RATE
    white = random.standard_normal(size)
    spectrum = np.fft.rfft(white) / np.sqrt(np.maximum(np.arange(size // 2 + 1), 1.0))
    pink = np.fft.irfft(spectrum, size)
    hum = sum((np.sin(2 * np.pi * 50 * k * time_s) / k for k in range(1, 9)), np.zeros(size))
    made = {
        "silence": np.zeros(size),
        "hum": hum,
        "music": _music(time_s, random),
        "white noise": white,
        "pink noise": pink,
        "coughs": _bursts(size, random, (0.15, 0.35), 0.07),
        "claps": _bursts(size, random, (0.02, 0.05), 0.008),
        "screams": _scream(time_s, random),
    }
    clips = {kind: fitting(samples) for kind, samples in made.items()}
    clips["a quiet room"] = AudioClip.from_array(1e-4 * pink / rms(pink), _RATE)
    for kind, text in (("laughs", "하하하하하 하하하"), ("throat clearing", "흠흠 으흠")):
        clips[kind] = espeak_clip(text, "ko+m1", int(random.integers(150, 260)))
    return clips


def nonspeech_of(heard: base.Heard) -> list[base.Changed]:
    """Make non-speech as long as a take, and of it speech that is not the sentence."""
    clip, units = heard.clip, heard.plain.units
    clips = synthetic_nonspeech(clip.duration_s, heard.random)
    clips["speech backwards"] = AudioClip.from_array(clip.samples[::-1].copy(), _RATE)
    voices = [voice.samples.astype(np.float64) for voice in heard.voices]
    clips["babble"] = fitting(babble(voices, len(clip.samples)))
    reference = base.engine().reference(heard.take.sentence).clip.resampled(_RATE)
    clips["the reference's first half"] = reference.slice_s(0.0, reference.duration_s / 2)
    if units:
        one = max(units[: max(1, len(units) // 2)], key=lambda unit: unit.end_s - unit.start_s)
        piece = clip.slice_s(one.start_s, one.end_s)
        clips["the take's first half"] = clip.slice_s(0.0, units[len(units) // 2].start_s)
        if piece.duration_s > 0.05:
            clips["one syllable looped"] = looped(piece, clip.duration_s)
    return [base.Changed(kind, one) for kind, one in clips.items()]


def _music(time_s: Samples, random: np.random.Generator) -> Samples:
    """Synthesise chords of three plucked notes with overtones, two a second."""
    total = np.zeros(len(time_s))
    for start_s in np.arange(0.0, time_s[-1], 0.5):
        root = 110.0 * 2 ** (int(random.integers(24)) / 12)
        since = np.maximum(time_s - start_s, 0.0)
        envelope = (time_s >= start_s) * np.minimum(since / 0.01, 1.0) * np.exp(-3.0 * since)
        for step in (0, 4, 7):
            note = root * 2 ** (step / 12)
            for overtone in range(1, 6):
                total += envelope * np.sin(2 * np.pi * note * overtone * since) / overtone
    return total


def _bursts(
    size: int, random: np.random.Generator, length_s: tuple[float, float], decay_s: float
) -> Samples:
    """Synthesise bursts of noise 0.3-0.8 s apart, each with a resonance of its own."""
    total = 1e-3 * random.standard_normal(size)
    start = 0.1
    while start * _RATE < size - _RATE // 4:
        count = round(random.uniform(*length_s) * _RATE)
        time_s = np.arange(count) / _RATE
        noise = random.standard_normal(count)
        tone = 1.0 + np.sin(2 * np.pi * random.uniform(300, 1500) * time_s)
        burst = noise * tone * np.exp(-time_s / decay_s)
        begin = round(start * _RATE)
        total[begin : begin + count] += burst[: size - begin]
        start += random.uniform(0.3, 0.8)
    return total


def _scream(time_s: Samples, random: np.random.Generator) -> Samples:
    """Synthesise a harmonic tone at 600-1200 Hz with vibrato and noise."""
    pitch = random.uniform(600, 1200) * (1 + 0.08 * np.sin(2 * np.pi * 6 * time_s))
    phase = 2 * np.pi * np.cumsum(pitch) / _RATE
    voice = sum((np.sin(k * phase) / k for k in range(1, 7)), np.zeros(len(time_s)))
    return voice + 0.2 * random.standard_normal(len(time_s))
