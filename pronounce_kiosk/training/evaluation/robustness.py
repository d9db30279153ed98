"""Does a score move with what is no fault of the learner: loudness, noise, format, silence, room?
And does what is no speech of the sentence ever get a good score?

Nothing is fitted here and nothing is random but by a fixed seed. Every take goes the kiosk's own
way against espeak-ng references. Rooms are simulated; real ones are somebody else's to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.files import read_clip
from pronounce_kiosk.core.errors import TrainingError, UsageError
from pronounce_kiosk.core.score import Score, Verdict
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak_library import EspeakLibrary
from pronounce_kiosk.session.parallel import DEFAULT_JOBS
from pronounce_kiosk.training.evaluation.korean import (
    HEADERS,
    SEED,
    SpokenTake,
    Values,
    cross_faded,
    engine,
    gtts_table,
    korean_table,
    over_processes,
    pairs_table,
    percent,
    points_of,
    read_pairs,
    read_spoken,
    recorded_table,
    spread,
    touched_table,
)
from pronounce_kiosk.training.evaluation.people import Table

FOLDER_OF = {"korean": "korean", "touched": "korean", "recorded": "korean", "gtts": "gtts"}
"""Rows that cannot do without a folder."""
GAINS_DB = (-30, -20, -10, 10, 20)
NOISE_SNRS_DB = (20, 10)
ROOMS = {"dry": (0.2, 4.0), "furnished": (0.5, 0.0), "tiled": (1.0, -3.0)}
"""T60 in seconds, and how many dB the direct sound lies over the reverberation: by Sabine for a
room of 40 m3 with the mouth half a metre from the microphone."""
BABBLE_VOICES = 5
TOUCHED_TAKES = 100
CHANGED_TAKES = {"corpus": 60, "korean": 30}
NONSPEECH_SENTENCES = {"corpus": 12, "korean": 12}
"""How many takes these rows use where no limit is given."""
HIGHEST_NONSPEECH = 20.0
_RATE = PIPELINE_SAMPLE_RATE_HZ
_CEILING = 0.98

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Changed:
    """A take scored as it is and changed in many ways. changed: by the change's name."""

    plain: Score
    changed: Mapping[str, Score]


def read_rated(folder: Path, limit: int | None = None) -> list[SpokenTake]:
    """English takes of a rated corpus folder, in lower case: capitals may be spelled out."""
    takes = read_spoken(folder, "en", limit)
    return [
        SpokenTake(Sentence("", take.sentence.text.lower(), "en"), take.audio, take.speaker)
        for take in takes
    ]


def rows_tables(
    rows: Sequence[str],
    folders: Mapping[str, Path | None],
    bundle_folder: Path,
    limit: int | None = None,
    jobs: int = DEFAULT_JOBS,
) -> Iterator[Table]:
    """The tables of `evaluate --rows`, one at a time. folders: ``korean``, ``gtts``, ``corpus``.

    Robustness and what is no speech use each of korean and corpus that is given. Raises
    `UsageError` before any work where a row's folder is missing.
    """
    for row in rows:
        folder = FOLDER_OF.get(row)
        if folder is not None and folders.get(folder) is None:
            raise UsageError(f"The row {row} needs takes: name their folder with --{folder}.")
        if row in ("robustness", "nonspeech") and not (folders.get("korean") or folders["corpus"]):
            raise UsageError(f"The row {row} needs takes: name --corpus, --korean or both.")
    for row in rows:
        yield _row_table(row, folders, bundle_folder, limit, jobs)


def _row_table(
    row: str, folders: Mapping[str, Path | None], bundle: Path, limit: int | None, jobs: int
) -> Table:
    korean, gtts, corpus = (folders.get(name) for name in ("korean", "gtts", "corpus"))
    if row == "korean" and korean is not None:
        return korean_table(read_spoken(korean, limit=limit), bundle, jobs)
    if row == "touched" and korean is not None:
        return touched_table(read_spoken(korean, limit=limit or TOUCHED_TAKES), bundle, jobs)
    if row == "recorded" and korean is not None:
        return recorded_table(read_spoken(korean), bundle, jobs, limit=limit)
    if row == "gtts" and gtts is not None:
        return gtts_table(read_spoken(gtts, limit=limit), bundle, jobs)
    if row == "pairs":
        return pairs_table(read_pairs(limit=limit), bundle, jobs)
    most = CHANGED_TAKES if row == "robustness" else NONSPEECH_SENTENCES
    english = read_rated(corpus, limit or most["corpus"]) if corpus else []
    natives = read_spoken(korean, limit=limit or most["korean"]) if korean else []
    if row == "robustness":
        return robustness_table([*english, *natives], bundle, jobs)
    return nonspeech_table([*english, *natives], bundle, jobs)


def robustness_table(
    takes: Sequence[SpokenTake], bundle_folder: Path, jobs: int = DEFAULT_JOBS, seed: int = SEED
) -> Table:
    """Every take scored as it is and as it would sound louder, in noise, in another room..."""
    work = [
        (take, babblers(takes, row), np.random.SeedSequence([seed, row]).generate_state(1)[0])
        for row, take in enumerate(takes)
    ]
    return robustness_rows(over_processes(_changed, work, bundle_folder, jobs, "changes"))


def robustness_rows(results: Sequence[Changed]) -> Table:
    """The table over takes; those that are refused as they are say nothing here.

    Raises `TrainingError` where no take is scored as it is.
    """
    kept = [result for result in results if result.plain.score is not None]
    if not kept:
        raise TrainingError("No take was scored as it is: there is nothing to compare with.")
    plain = np.array([points_of(result.plain) for result in kept])
    count = str(len(kept))

    def moved(names: Sequence[str]) -> Values:
        """Absolute changes, a refused take counting as 0; shape (names * takes,)."""
        points = [[points_of(result.changed[name]) for result in kept] for name in names]
        return np.abs(np.array(points) - plain).ravel()

    rows: list[tuple[str, ...]] = []
    louder = [f"loudness {gain:+} dB" for gain in GAINS_DB]
    exact = [f"{name}{_UNROUNDED}" for name in louder]
    for names, label in (
        (louder, "loudness, all"),
        *(([name], name) for name in louder),
        (exact, f"loudness, all{_UNROUNDED}"),
    ):
        change = moved(names)
        rows.append(
            (f"{label}: within 1 point", str(len(change)), percent(change <= 1.0), "99 %", "")
        )
    for names, label in ((louder, "loudness, all"), (exact, f"loudness, all{_UNROUNDED}")):
        change = moved(names)
        most = f"{np.quantile(change, 0.99):.2f}"
        rows.append((f"{label}: 99 % change by at most", str(len(change)), most, "1", "0.3"))
    for kind in ("white noise", "babble"):
        for snr, must, goal in zip(NOISE_SNRS_DB, ("5", "12"), ("2", "6"), strict=True):
            name = f"{kind} {snr} dB"
            verdicts = [result.changed[name].verdict for result in kept]
            noisy = np.array([verdict is Verdict.NOISY for verdict in verdicts])
            refused = np.array([verdict is not Verdict.SCORED for verdict in verdicts])
            change = moved([name])[~noisy]
            median = f"{np.median(change):.1f}" if len(change) else "all noisy"
            rows += [
                (f"{name}: median change", str(len(change)), median, must, goal),
                (f"{name}: noisy", count, percent(noisy), "", ""),
                (f"{name}: refused otherwise", count, percent(refused & ~noisy), "", ""),
            ]
    for name in _FORMATS:
        rows.append(_largest(name, moved([name])))
    medians = {"as it is": float(np.median(plain))}
    for room in ROOMS:
        points = np.array([points_of(result.changed[f"{room} room"]) for result in kept])
        refused = np.array([result.changed[f"{room} room"].score is None for result in kept])
        medians[room] = float(np.median(points))
        rows.append((f"{room} room: median score", count, f"{medians[room]:.1f}", "", ""))
        rows.append((f"{room} room: refused", count, percent(refused), "", ""))
    between = [medians[room] for room in ROOMS]
    spread = f"{max(between) - min(between):.1f}"
    rows.append(("rooms: largest difference of medians", count, spread, "10", "4"))
    rows.append(("as it is: median score", count, f"{medians['as it is']:.1f}", "", ""))
    rooms = ", ".join(
        f"{room} T60 {t60} s, direct sound {ratio:+.0f} dB" for room, (t60, ratio) in ROOMS.items()
    )
    return Table(
        "Robustness",
        HEADERS,
        tuple(rows),
        "Changes are absolute, and a take refused once changed counts as 0; noisy ones are left "
        "out of the median. Gains stop short of clipping and are rounded to 16 bits where nothing "
        "else is said. Rooms are "
        f"exponentially decaying noise behind the direct sound: {rooms}. Silence is digital, or "
        "faint noise 60 dB under the take.",
    )


def _largest(name: str, change: Values) -> tuple[str, ...]:
    shown = f"{np.quantile(change, 0.99):.2f} / {change.max():.2f}"
    return (f"{name}: 99 % / largest change", str(len(change)), shown, "1.5", "0.5")


def nonspeech_table(
    takes: Sequence[SpokenTake],
    bundle_folder: Path,
    jobs: int = DEFAULT_JOBS,
    seed: int = SEED,
) -> Table:
    """What is no speech, or not the sentence, against the sentences of some takes.

    Babble is mixed from the other ones.
    """
    work = [
        (take, babblers(takes, row), np.random.SeedSequence([seed, row, 1]).generate_state(1)[0])
        for row, take in enumerate(takes)
    ]
    results = over_processes(_nonspeech, work, bundle_folder, jobs, "no speech")
    return nonspeech_rows(results)


def nonspeech_rows(results: Sequence[Sequence[tuple[str, Score]]]) -> Table:
    """results: for each sentence what was played at it and its score."""
    scores: dict[str, list[Score]] = {}
    for found in results:
        for kind, score in found:
            scores.setdefault(kind, []).append(score)
    rows = []
    for kind, mine in scores.items():
        scored = np.array([score.score is not None for score in mine])
        points = np.array([points_of(score) for score in mine])
        high = points > HIGHEST_NONSPEECH
        rows.append(
            (
                kind,
                str(len(mine)),
                percent(scored),
                f"{points.max():.1f}",
                percent(high),
                "never above 20",
            )
        )
    return Table(
        "What is no speech, or not all of the sentence",
        ("what", "n", "scored", "highest score", "above 20", "must"),
        tuple(rows),
        f"Against {len(results)} sentences. Music, coughs, laughs, throat clearing and screams are "
        "synthesised; speech backwards, the looped syllable and babble are people's takes.",
    )


def babblers(takes: Sequence[SpokenTake], row: int) -> tuple[SpokenTake, ...]:
    """Other takes to speak behind a take: of other sentences, spread over the list."""
    text = takes[row].sentence.text
    rest = [take for take in (*takes[row:], *takes[:row]) if take.sentence.text != text]
    return tuple(spread(rest, BABBLE_VOICES))


def _changed(work: tuple[SpokenTake, Sequence[SpokenTake], int]) -> Changed:
    take, babblers, seed = work
    clip = read_clip(take.audio).resampled(_RATE)
    plain = engine().score(clip, take.sentence).score
    if plain.score is None:
        return Changed(plain, {})
    voices = [read_clip(other.audio).resampled(_RATE) for other in babblers]
    changes = changes_of(clip, voices, np.random.default_rng(int(seed)))
    scores = {name: engine().score(one, take.sentence).score for name, one in changes.items()}
    return Changed(plain, scores)


_UNROUNDED = ", not rounded"
_FORMATS = (
    "44.1 kHz",
    "48 kHz",
    "stereo int16",
    "float64 in one of two channels at half",
    "digital silence 0.5 s before and after",
    "digital silence 3 s before and after",
    "faint noise 1 s before, 3 s after",
)


def changes_of(
    clip: AudioClip, voices: Sequence[AudioClip], random: np.random.Generator
) -> dict[str, AudioClip]:
    """A clip at 16 kHz, changed in every way of the table. voices: who babbles behind it."""
    samples = clip.samples.astype(np.float64)
    changes = {
        f"loudness {gain:+} dB{how}": louder(clip, gain, rounded=not how)
        for gain in GAINS_DB
        for how in ("", _UNROUNDED)
    }
    white = random.standard_normal(len(samples))
    babble = mixed(voices, len(samples))
    for snr in NOISE_SNRS_DB:
        changes[f"white noise {snr} dB"] = in_noise(samples, white, snr)
        changes[f"babble {snr} dB"] = in_noise(samples, babble, snr)
    whole = np.round(32767 * samples).clip(-32768, 32767).astype(np.int16)
    faint = 1e-3 * clip.rms * random.standard_normal(len(samples) + 4 * _RATE)
    faint[_RATE : _RATE + len(samples)] += samples
    formats = (
        clip.resampled(44_100),
        clip.resampled(48_000),
        AudioClip.from_array(np.stack([whole, whole], axis=1), _RATE),
        AudioClip.from_array(np.stack([samples, 0.5 * samples], axis=1), _RATE),
        AudioClip.from_array(np.pad(samples, _RATE // 2), _RATE),
        AudioClip.from_array(np.pad(samples, 3 * _RATE), _RATE),
        AudioClip.from_array(faint, _RATE),
    )
    changes |= dict(zip(_FORMATS, formats, strict=True))
    for room, (t60_s, ratio_db) in ROOMS.items():
        changes[f"{room} room"] = in_room(samples, t60_s, ratio_db, random)
    return changes


def louder(clip: AudioClip, gain_db: float, rounded: bool = True) -> AudioClip:
    """The clip at another level, in 16 bits if rounded; a gain stops where the peak would clip."""
    factor = 10 ** (gain_db / 20)
    if factor > 1.0:
        factor = max(1.0, min(factor, _CEILING / max(clip.peak, 1e-9)))
    scaled = clip.samples.astype(np.float64) * factor
    if not rounded:
        return AudioClip.from_array(scaled, clip.sample_rate_hz)
    whole = np.round(32767 * scaled).clip(-32768, 32767).astype(np.int16)
    return AudioClip.from_array(whole, clip.sample_rate_hz)


def mixed(voices: Sequence[AudioClip], size: int) -> Samples:
    """Clips at 16 kHz over one another, each as loud and repeated to fill `size` samples."""
    total = np.zeros(size)
    for voice in voices:
        if len(voice.samples):
            total += np.resize(voice.samples.astype(np.float64) / max(voice.rms, 1e-9), size)
    return total


def in_noise(samples: Samples, noise: Samples, snr_db: float) -> AudioClip:
    """Samples with noise that many dB under them, by RMS over the whole clip."""
    level = _rms(samples) * 10 ** (-snr_db / 20)
    return _fitting(samples + noise * level / max(_rms(noise), 1e-12))


def in_room(
    samples: Samples, t60_s: float, ratio_db: float, random: np.random.Generator
) -> AudioClip:
    """Samples with the tail of a room: noise that falls by 60 dB in `t60_s`, 3 ms behind the
    direct sound, which has `ratio_db` more energy than all of it."""
    from scipy.signal import fftconvolve

    size = round(t60_s * _RATE)
    tail = random.standard_normal(size) * 10 ** (-3.0 * np.arange(size) / size)
    tail[: round(0.003 * _RATE)] = 0.0
    tail *= 10 ** (-ratio_db / 20) / np.linalg.norm(tail)
    tail[0] = 1.0
    wet = fftconvolve(np.pad(samples, (0, size)), tail)[: len(samples) + size]
    return _fitting(wet)


def _nonspeech(work: tuple[SpokenTake, Sequence[SpokenTake], int]) -> list[tuple[str, Score]]:
    take, others, seed = work
    random = np.random.default_rng(int(seed))
    clip = read_clip(take.audio).resampled(_RATE)
    sentence = take.sentence
    clips = synthetic_nonspeech(clip.duration_s, random)
    clips["speech backwards"] = AudioClip.from_array(clip.samples[::-1].copy(), _RATE)
    voices = [read_clip(other.audio).resampled(_RATE) for other in others]
    clips["babble"] = _fitting(mixed(voices, len(clip.samples)))
    reference = engine().reference(sentence)
    half = reference.clip.resampled(_RATE)
    clips["the reference's first half"] = half.slice_s(0.0, half.duration_s / 2)
    units = engine().score(clip, sentence).score.units or ()
    if units:
        one = max(units[: max(1, len(units) // 2)], key=lambda unit: unit.end_s - unit.start_s)
        piece = clip.slice_s(one.start_s, one.end_s)
        if piece.duration_s > 0.05:
            clips["one syllable looped"] = looped(piece, clip.duration_s)
    return [(kind, engine().score(one, sentence).score) for kind, one in clips.items()]


def looped(piece: AudioClip, duration_s: float) -> AudioClip:
    """A piece over and over, its joints cross-faded."""
    times = max(2, round(duration_s / piece.duration_s))
    return AudioClip.from_array(cross_faded([piece.samples] * times, 80), piece.sample_rate_hz)


def synthetic_nonspeech(duration_s: float, random: np.random.Generator) -> dict[str, AudioClip]:
    """No speech of about that length (1 s at least), at 16 kHz, by kind."""
    size = round(max(1.0, duration_s) * _RATE)
    time_s = np.arange(size) / _RATE
    white = random.standard_normal(size)
    spectrum = np.fft.rfft(white) / np.sqrt(np.maximum(np.arange(size // 2 + 1), 1.0))
    pink = np.fft.irfft(spectrum, size)
    hum = sum((np.sin(2 * np.pi * 50 * k * time_s) / k for k in range(1, 9)), np.zeros(size))
    made = {
        "silence": np.zeros(size),
        "a quiet room": 1e-4 * pink / _rms(pink),
        "hum": hum,
        "music": _music(time_s, random),
        "white noise": white,
        "pink noise": pink,
        "coughs": _bursts(size, random, (0.15, 0.35), 0.07),
        "claps": _bursts(size, random, (0.02, 0.05), 0.008),
        "screams": _scream(time_s, random),
    }
    clips = {kind: _fitting(samples) for kind, samples in made.items() if kind != "a quiet room"}
    clips["a quiet room"] = AudioClip.from_array(made["a quiet room"], _RATE)
    for kind, text in (("laughs", "하하하하하 하하하"), ("throat clearing", "흠흠 으흠")):
        spoken = EspeakLibrary().speak(text, "ko+m1", rate_wpm=int(random.integers(150, 260)))
        clips[kind] = AudioClip.from_array(spoken.samples, spoken.sample_rate_hz).resampled(_RATE)
    return clips


def _music(time_s: Samples, random: np.random.Generator) -> Samples:
    """Chords of three plucked notes with overtones, two a second."""
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
    """Noise in bursts 0.3-0.8 s apart, each through a resonance of its own."""
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
    """A harmonic tone at 600-1200 Hz that wavers, rough with noise."""
    pitch = random.uniform(600, 1200) * (1 + 0.08 * np.sin(2 * np.pi * 6 * time_s))
    phase = 2 * np.pi * np.cumsum(pitch) / _RATE
    voice = sum((np.sin(k * phase) / k for k in range(1, 7)), np.zeros(len(time_s)))
    return voice + 0.2 * random.standard_normal(len(time_s))


def _fitting(samples: Samples) -> AudioClip:
    """A clip as loud as a take, 0.1 by RMS, or as its peak allows."""
    level, peak = _rms(samples), float(np.abs(samples).max(initial=0.0))
    factor = min(0.1 / level, _CEILING / peak) if level > 1e-9 else 1.0
    return AudioClip.from_array(samples * factor, _RATE)


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
