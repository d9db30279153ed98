"""Measure how level, clipping, noise, file format and (simulated) room change a total."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.core.errors import TrainingError
from pronounce_kiosk.core.score import Note, Verdict
from pronounce_kiosk.training.evaluation import base, clips, figures

GAINS_DB = (-30, -20, -10, 10, 20)
NOISE_SNRS_DB = (20, 10)
ROOMS = {"dry": (0.2, 4.0), "furnished": (0.5, 0.0), "tiled": (1.0, -3.0)}
"""T60 in seconds, and energy of the direct sound over the reverberation's in dB: by Sabine for a
room of 40 m3 with the mouth half a metre from the microphone."""
CLIPPED_SHARE = 0.01
"""Share of a take's samples that the row `clipped` clips; a higher share distorts more."""
AS_IS = "as it is"
_CLIPPED = f"{CLIPPED_SHARE:.0%} of samples clipped"
_RATE = PIPELINE_SAMPLE_RATE_HZ


def robustness_table(request: base.Request) -> figures.Table:
    """Score every take as it is and in every way of `changes_of`."""
    takes = request.takes("corpus", "korean", most=60)
    return robustness_rows(base.score_changed(request, _changes, takes, "changes"))


def clipped_table(request: base.Request) -> figures.Table:
    """Score every take as it is and with 1 % of its samples clipped."""
    takes = request.takes("korean", most=100)
    return clipped_rows(base.score_changed(request, _clipped, takes, "clipped"))


def clipped_rows(found: Sequence[base.Scored]) -> figures.Table:
    """Make the table of clipped takes."""
    kept = _of_kinds(found, _CLIPPED)
    rows = figures.Rows(f"{_CLIPPED}: ")
    rows.share("scored", kept, lambda one: not one.refused)
    rows.share("told so", kept, lambda one: Note.LOUD in one.score.notes)
    rows.median("median change", kept, lambda one: one.change)
    note = "Changes are absolute, and a take refused once clipped counts as 0."
    return rows.table("Clipped peaks", note)


def robustness_rows(found: Sequence[base.Scored]) -> figures.Table:
    """Make the table over the takes that are scored as they are."""
    rows = figures.Rows()
    gains = [f"loudness {gain:+} dB" for gain in GAINS_DB]
    for label, kinds in (("loudness, all", gains), *((name, [name]) for name in gains)):
        kept = _of_kinds(found, *kinds)
        rows.share(f"{label}: within 1 point", kept, lambda one: one.change <= 1.0)
    _add_most(rows, found, "loudness, all", *gains)
    for kind, snr in product(("white noise", "babble"), NOISE_SNRS_DB):
        name = f"{kind} {snr} dB"
        kept = _of_kinds(found, name)
        quiet = [one for one in kept if not _is_noisy(one)]
        rows.median(f"{name}: median change", quiet, lambda one: one.change)
        rows.share(f"{name}: noisy", kept, _is_noisy)
        others = f"{name}: refused otherwise"
        rows.share(others, kept, lambda one: one.refused and not _is_noisy(one))
    known = (AS_IS, "loudness", "white noise", "babble", *(f"{room} room" for room in ROOMS))
    for name in dict.fromkeys(one.kind for one in found if not one.kind.startswith(known)):
        _add_most(rows, found, name, name)
    _add_rooms(rows, found)
    rooms = ", ".join(
        f"{room} T60 {t60} s, direct sound {ratio:+.0f} dB" for room, (t60, ratio) in ROOMS.items()
    )
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
    changes = {AS_IS: clip}
    changes |= {f"loudness {gain:+} dB": clips.louder(clip, gain) for gain in GAINS_DB}
    for snr in NOISE_SNRS_DB:
        changes[f"white noise {snr} dB"] = clips.in_white_noise(clip, snr, random)
        changes[f"babble {snr} dB"] = clips.in_babble(clip, voices, snr)
    whole = np.round(32767 * samples).clip(-32768, 32767).astype(np.int16)
    faint = 1e-3 * clip.rms * random.standard_normal(len(samples) + 4 * _RATE)
    faint[_RATE : _RATE + len(samples)] += samples
    arrays = {
        "stereo int16": np.stack([whole, whole], axis=1),
        "float64 in one of two channels at half": np.stack([samples, 0.5 * samples], axis=1),
        "digital silence 0.5 s before and after": np.pad(samples, _RATE // 2),
        "digital silence 3 s before and after": np.pad(samples, 3 * _RATE),
        "faint noise 1 s before, 3 s after": faint,
    }
    changes |= {"44.1 kHz": clip.resampled(44_100), "48 kHz": clip.resampled(48_000)}
    changes |= {name: AudioClip.from_array(array, _RATE) for name, array in arrays.items()}
    for room, (t60_s, direct_db) in ROOMS.items():
        changes[f"{room} room"] = clips.in_room(clip, t60_s, direct_db, random)
    return changes


def _of_kinds(found: Sequence[base.Scored], *kinds: str) -> list[base.Scored]:
    if not found:
        raise TrainingError("No take was scored as it is: there is nothing to compare with.")
    return [one for kind in kinds for one in found if one.kind == kind]


def _is_noisy(one: base.Scored) -> bool:
    return one.score.verdict is Verdict.NOISY


def _add_most(rows: figures.Rows, found: Sequence[base.Scored], what: str, *kinds: str) -> None:
    """Add the change that 99 % of takes stay under."""
    label, kept = f"{what}: 99 % change by at most", _of_kinds(found, *kinds)

    def most(changes: figures.Values) -> float:
        return float(np.quantile(changes, 0.99))

    rows.add(label, kept, lambda one: one.change, most, "{:.2f}".format)


def _add_rooms(rows: figures.Rows, found: Sequence[base.Scored]) -> None:
    def largest_gap(*totals: figures.Values) -> float:
        return float(np.ptp(np.median(totals, axis=1)))

    plain = _of_kinds(found, AS_IS)
    rows.median(f"{AS_IS}: median total", plain, lambda one: one.total)
    totals = []
    for name in (f"{room} room" for room in ROOMS):
        kept = _of_kinds(found, name)
        totals.append([one.total for one in kept])
        rows.median(f"{name}: median total", kept, lambda one: one.total)
        rows.median(f"{name}: median change", kept, lambda one: one.change)
        rows.share(f"{name}: refused", kept, lambda one: one.refused)
    label = "rooms: largest difference of median totals"
    rows.figure(label, largest_gap, totals, [one.speaker for one in plain], figures.points)


def _changes(heard: base.Heard) -> list[base.Changed]:
    changes = changes_of(heard.clip, heard.voices, heard.random)
    return [base.Changed(name, clip) for name, clip in changes.items()]


def _clipped(heard: base.Heard) -> list[base.Changed]:
    return [base.Changed(_CLIPPED, clips.clipped(heard.clip, CLIPPED_SHARE))]
