"""Measure how level, clipping, noise, file format and room change a total.

Takes are scored as by the kiosk, against espeak-ng references. Rooms are simulated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Note, Score, Verdict
from pronounce_kiosk.training.evaluation import figures
from pronounce_kiosk.training.evaluation.clips import (
    clipped,
    in_babble,
    in_room,
    in_white_noise,
    louder,
)
from pronounce_kiosk.training.evaluation.processes import (
    Scored,
    clip_at_16_khz,
    over_processes,
    points_of,
    random_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import SpokenTake, with_babblers

GAINS_DB = (-30, -20, -10, 10, 20)
NOISE_SNRS_DB = (20, 10)
ROOMS = {"dry": (0.2, 4.0), "furnished": (0.5, 0.0), "tiled": (1.0, -3.0)}
"""T60 in seconds, and energy of the direct sound over the reverberation's in dB: by Sabine for a
room of 40 m3 with the mouth half a metre from the microphone."""
CLIPPED_SHARE = 0.01
"""Share of a take's samples that the row `clipped` clips; a higher share distorts more."""
_CLIPPED = f"{CLIPPED_SHARE:.0%} of samples clipped"
_FORMATS = (
    "44.1 kHz",
    "48 kHz",
    "stereo int16",
    "float64 in one of two channels at half",
    "digital silence 0.5 s before and after",
    "digital silence 3 s before and after",
    "faint noise 1 s before, 3 s after",
)
_RATE = PIPELINE_SAMPLE_RATE_HZ

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Changed:
    """A take scored as it is and changed. changed: by the change's name."""

    speaker: str
    plain: Score
    changed: Mapping[str, Score]

    def change(self, name: str) -> float:
        """Compute the absolute change of the total, a refused take's being 0."""
        return abs(points_of(self.changed[name]) - points_of(self.plain))


def robustness_table(takes: Sequence[SpokenTake], bundle: Path, jobs: Jobs) -> Table:
    """Score every take as it is and in every way of `changes_of`."""
    return robustness_rows(over_processes(_changed, with_babblers(takes), bundle, jobs, "changes"))


def clipped_table(takes: Sequence[SpokenTake], bundle: Path, jobs: Jobs) -> Table:
    """Score every take as it is and with 1 % of its samples clipped."""
    return clipped_rows(over_processes(_clipped, takes, bundle, jobs, "clipped"))


def clipped_rows(results: Sequence[Changed]) -> Table:
    """Make the table of clipped takes."""
    kept = _scored(results)
    scores = [figures.Value(one.speaker, one.changed[_CLIPPED]) for one in kept]
    rows = figures.Rows(f"{_CLIPPED}: ")
    rows.share("scored", scores, lambda one: one.value.score is not None)
    rows.share("told so", scores, lambda one: Note.LOUD in one.value.notes)
    rows.median("median change", _changes(kept, [_CLIPPED]))
    note = "Changes are absolute, and a take refused once clipped counts as 0."
    return rows.table("Clipped peaks", note)


def robustness_rows(results: Sequence[Changed]) -> Table:
    """Make the table over the takes that are scored as they are.

    Raises:
        TrainingError: No take is scored as it is.
    """
    kept = _scored(results)
    rooms = ", ".join(
        f"{room} T60 {t60} s, direct sound {ratio:+.0f} dB" for room, (t60, ratio) in ROOMS.items()
    )
    rows = figures.Rows()
    _add_loudness(rows, kept)
    _add_noise(rows, kept)
    for name in _FORMATS:
        _add_most(rows, name, kept, [name])
    _add_rooms(rows, kept)
    return rows.table(
        "Robustness",
        "Changes are absolute, and a take refused once changed counts as 0; noisy ones are left "
        "out of the median. Gains stop short of clipping and are rounded to 16 bits. Rooms are "
        f"exponentially decaying noise behind the direct sound: {rooms}. Silence is digital, or "
        "faint noise 60 dB under the take.",
    )


def changes_of(
    clip: AudioClip, voices: Sequence[AudioClip], random: np.random.Generator
) -> dict[str, AudioClip]:
    """Change a clip at 16 kHz in every way of the table. voices: make the babble."""
    samples = clip.samples.astype(np.float64)
    changes = {f"loudness {gain:+} dB": louder(clip, gain) for gain in GAINS_DB}
    for snr in NOISE_SNRS_DB:
        changes[f"white noise {snr} dB"] = in_white_noise(clip, snr, random)
        changes[f"babble {snr} dB"] = in_babble(clip, voices, snr)
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
    for room, (t60_s, direct_db) in ROOMS.items():
        changes[f"{room} room"] = in_room(clip, t60_s, direct_db, random)
    return changes


def _scored(results: Sequence[Changed]) -> list[Changed]:
    kept = [result for result in results if result.plain.score is not None]
    if not kept:
        raise TrainingError("No take was scored as it is: there is nothing to compare with.")
    return kept


def _changes(kept: Sequence[Changed], names: Sequence[str]) -> list[figures.Value]:
    return [figures.Value(one.speaker, one.change(name)) for name in names for one in kept]


def _add_most(rows: figures.Rows, what: str, kept: Sequence[Changed], names: Sequence[str]) -> None:
    """Add the change that 99 % of takes stay under."""
    label = f"{what}: 99 % change by at most"
    rows.add(label, _changes(kept, names), figures.value_of, _most, "{:.2f}".format)


def _add_loudness(rows: figures.Rows, kept: Sequence[Changed]) -> None:
    names = [f"loudness {gain:+} dB" for gain in GAINS_DB]
    for label, some in (("loudness, all", names), *((name, [name]) for name in names)):
        rows.share(f"{label}: within 1 point", _changes(kept, some), lambda one: one.value <= 1.0)
    _add_most(rows, "loudness, all", kept, names)


def _add_noise(rows: figures.Rows, kept: Sequence[Changed]) -> None:
    for kind, snr in product(("white noise", "babble"), NOISE_SNRS_DB):
        name = f"{kind} {snr} dB"
        verdicts = [figures.Value(one.speaker, one.changed[name].verdict) for one in kept]
        quiet = [one for one in kept if one.changed[name].verdict is not Verdict.NOISY]
        rows.median(f"{name}: median change", _changes(quiet, [name]))
        rows.share(f"{name}: noisy", verdicts, lambda one: one.value is Verdict.NOISY)
        rows.share(f"{name}: refused otherwise", verdicts, _is_refused_otherwise)


def _is_refused_otherwise(one: figures.Value) -> bool:
    return one.value not in (Verdict.NOISY, Verdict.SCORED)


def _add_rooms(rows: figures.Rows, kept: Sequence[Changed]) -> None:
    rows.median("as it is: median total", kept, lambda one: points_of(one.plain))
    totals = []
    for room in ROOMS:
        name = f"{room} room"
        scores = [Scored(one.speaker, one.changed[name]) for one in kept]
        totals.append([one.total for one in scores])
        rows.median(f"{name}: median total", scores, lambda one: one.total)
        rows.median(f"{name}: median change", _changes(kept, [name]))
        rows.share(f"{name}: refused", scores, lambda one: one.refused)
    label = "rooms: largest difference of median totals"
    speakers = [one.speaker for one in kept]
    rows.figure(label, _range_of_medians, [np.array(totals).T], speakers, figures.points)


def _range_of_medians(totals: Values) -> float:
    """Compute the range of the columns' medians. totals: (takes, rooms)."""
    return float(np.ptp(np.median(totals, axis=0)))


def _most(values: Values) -> float:
    return float(np.quantile(values, 0.99))


def _changed(work: tuple[SpokenTake, Sequence[SpokenTake]]) -> Changed:
    take, others = work
    clip = clip_at_16_khz(take.audio)
    voices = [clip_at_16_khz(other.audio) for other in others]
    return _rescored(take, clip, changes_of(clip, voices, random_of(take.audio)))


def _clipped(take: SpokenTake) -> Changed:
    clip = clip_at_16_khz(take.audio)
    return _rescored(take, clip, {_CLIPPED: clipped(clip, CLIPPED_SHARE)})


def _rescored(take: SpokenTake, clip: AudioClip, changes: Mapping[str, AudioClip]) -> Changed:
    plain = score_of(clip, take.sentence)
    if plain.score is None:
        return Changed(take.speaker, plain, {})
    scores = {name: score_of(one, take.sentence) for name, one in changes.items()}
    return Changed(take.speaker, plain, scores)
