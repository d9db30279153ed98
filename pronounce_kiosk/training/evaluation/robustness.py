"""How far a total moves with what is no fault of the learner: level, clipping, noise, format, room.

Every take goes the kiosk's own way against espeak-ng references. Rooms are simulated; real ones
are somebody else's to judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.batch.parallel import Jobs
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Note, Score, Verdict
from pronounce_kiosk.training.evaluation.clips import (
    clipped,
    in_babble,
    in_room,
    in_white_noise,
    louder,
)
from pronounce_kiosk.training.evaluation.figures import (
    HEADERS,
    Cells,
    figure,
    median_row,
    points,
    share_row,
)
from pronounce_kiosk.training.evaluation.processes import (
    clip_at_16_khz,
    over_processes,
    points_of,
    random_of,
    score_of,
)
from pronounce_kiosk.training.evaluation.report import Table
from pronounce_kiosk.training.evaluation.takes import SpokenTake, babblers

GAINS_DB = (-30, -20, -10, 10, 20)
NOISE_SNRS_DB = (20, 10)
ROOMS = {"dry": (0.2, 4.0), "furnished": (0.5, 0.0), "tiled": (1.0, -3.0)}
"""T60 in seconds, and how many dB the direct sound lies over the reverberation: by Sabine for a
room of 40 m3 with the mouth half a metre from the microphone."""
CLIPPED_SHARE = 0.01
"""Share of a take's samples that the row `clipped` clips."""
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


def robustness_table(takes: Sequence[SpokenTake], bundle_folder: Path, jobs: Jobs) -> Table:
    """Score every take as it is and in every way of `changes_of`."""
    work = [(take, babblers(takes, row)) for row, take in enumerate(takes)]
    return robustness_rows(over_processes(_changed, work, bundle_folder, jobs, "changes"))


def clipped_table(takes: Sequence[SpokenTake], bundle_folder: Path, jobs: Jobs) -> Table:
    """Score every take as it is and with 1 % of its samples clipped."""
    return clipped_rows(over_processes(_clipped, takes, bundle_folder, jobs, "clipped"))


def clipped_rows(results: Sequence[Changed]) -> Table:
    """Make the table of clipped takes."""
    kept = _scored(results)
    speakers = [result.speaker for result in kept]
    scores = [result.changed[_CLIPPED] for result in kept]
    flags = [score.score is not None for score in scores]
    told = [Note.LOUD in score.notes for score in scores]
    rows = (
        share_row(f"{_CLIPPED}: scored", flags, speakers, "100 %", "100 %"),
        share_row(f"{_CLIPPED}: told so", told, speakers),
        median_row(f"{_CLIPPED}: median change", _moves(kept, _CLIPPED), speakers, "4", "2"),
    )
    note = "Changes are absolute, and a take refused once clipped counts as 0."
    return Table("Clipped peaks", HEADERS, rows, note)


def robustness_rows(results: Sequence[Changed]) -> Table:
    """Make the table over takes; those that are refused as they are say nothing here.

    Raises:
        TrainingError: No take is scored as it is.
    """
    kept = _scored(results)
    rooms = ", ".join(
        f"{room} T60 {t60} s, direct sound {ratio:+.0f} dB" for room, (t60, ratio) in ROOMS.items()
    )
    return Table(
        "Robustness",
        HEADERS,
        (*_loudness_rows(kept), *_noise_rows(kept), *_format_rows(kept), *_room_rows(kept)),
        "Changes are absolute, and a take refused once changed counts as 0; noisy ones are left "
        "out of the median. Gains stop short of clipping and are rounded to 16 bits. Rooms are "
        f"exponentially decaying noise behind the direct sound: {rooms}. Silence is digital, or "
        "faint noise 60 dB under the take.",
    )


def changes_of(
    clip: AudioClip, voices: Sequence[AudioClip], random: np.random.Generator
) -> dict[str, AudioClip]:
    """Change a clip at 16 kHz in every way of the table; the voices babble behind it."""
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


def _moves(kept: Sequence[Changed], *names: str) -> Values:
    """Absolute changes of the total, a refused take's being 0; shape (names * takes,)."""
    moved = [
        abs(points_of(result.changed[name]) - points_of(result.plain))
        for name in names
        for result in kept
    ]
    return np.array(moved)


def _loudness_rows(kept: Sequence[Changed]) -> list[Cells]:
    speakers = [result.speaker for result in kept]
    names = [f"loudness {gain:+} dB" for gain in GAINS_DB]
    rows = []
    for label, some in (("loudness, all", names), *((name, [name]) for name in names)):
        within = _moves(kept, *some) <= 1.0
        label = f"{label}: within 1 point"
        rows.append(share_row(label, within, speakers * len(some), "99 %"))
    label, moves = "loudness, all: 99 % change by at most", _moves(kept, *names)
    rows.append(figure(label, _most, [moves], speakers * len(names), _hundredths, "1", "0.3"))
    return rows


def _noise_rows(kept: Sequence[Changed]) -> list[Cells]:
    rows = []
    for kind in ("white noise", "babble"):
        for snr, musts in zip(NOISE_SNRS_DB, (("3", "1"), ("8", "4")), strict=True):
            name = f"{kind} {snr} dB"
            verdicts = [result.changed[name].verdict for result in kept]
            noisy = np.array([verdict is Verdict.NOISY for verdict in verdicts])
            refused = np.array([verdict is not Verdict.SCORED for verdict in verdicts])
            speakers = np.array([result.speaker for result in kept], str)
            change = _moves(kept, name)[~noisy]
            label = f"{name}: median change"
            rows += [
                median_row(label, change, speakers[~noisy], *musts),
                share_row(f"{name}: noisy", noisy, speakers),
                share_row(f"{name}: refused otherwise", refused & ~noisy, speakers),
            ]
    return rows


def _format_rows(kept: Sequence[Changed]) -> list[Cells]:
    speakers = [result.speaker for result in kept]
    rows = []
    for name in _FORMATS:
        moves = _moves(kept, name)
        label = f"{name}: 99 % change by at most"
        rows.append(figure(label, _most, [moves], speakers, _hundredths, "1.5", "0.5"))
    return rows


def _room_rows(kept: Sequence[Changed]) -> list[Cells]:
    speakers = [result.speaker for result in kept]
    rows = [_median_row("as it is", [result.plain for result in kept], speakers)]
    totals = []
    for room in ROOMS:
        name = f"{room} room"
        scores = [result.changed[name] for result in kept]
        totals.append([points_of(score) for score in scores])
        refused = [score.score is None for score in scores]
        rows += [
            _median_row(name, scores, speakers),
            median_row(f"{name}: median change", _moves(kept, name), speakers),
            share_row(f"{name}: refused", refused, speakers),
        ]
    label = "rooms: largest difference of median totals"
    rows.append(figure(label, _range_of_medians, [np.array(totals).T], speakers, points, "8", "4"))
    return rows


def _median_row(name: str, scores: Sequence[Score], speakers: Sequence[str]) -> Cells:
    totals = [points_of(score) for score in scores]
    return median_row(f"{name}: median total", totals, speakers)


def _range_of_medians(totals: Values) -> float:
    """Range of the columns' medians. totals: (takes, rooms)."""
    return float(np.ptp(np.median(totals, axis=0)))


def _most(values: Values) -> float:
    return float(np.quantile(values, 0.99))


def _hundredths(value: float) -> str:
    return f"{value:.2f}"


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
