"""Take a room's reverberation off mel energies, where there is one.

Method: Lebart, Boucher and Denbigh 2001 ("A new method based on spectral subtraction for speech
dereverberation"): a part of what was heard a moment ago is still heard now, and that part is
subtracted. How much of a sound remains, and how quickly it decays, is read off the take itself: dry
speech falls by 30 dB and more within 80 ms when it falls fastest, in a room no sound falls faster
than the room does.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

FALL_FRAMES = 8
"""Frames (10 ms) over which falls of the energy tell a room from a dry take."""
FASTEST = 0.05
"""Share of the falls that are taken for the fastest ones; lower is less sure in short takes."""
LOUD_DB = 20.0
"""Falls count from frames this near the loudest one of their band."""
REVERBERANT_DB, DRY_DB = 20.0, 26.0
"""Fall within `FALL_FRAMES`, corrected for noise, up to which reverberation is taken off, and
from which it is not; in between a part of it is. Raising them mends small rooms too, and costs dry
takes weak sounds. Simulated rooms of T60 0.5 s lie at 16-24, natives in studios at 42-55, on
stages at 21-45."""
LATE_FRAMES, LATER_FRAMES = 4, 12
"""A sound counts as reverberation from the first on: a phone's own end lies within. Between the two
the room's decay is measured."""
TAIL_FRAMES = 60
"""Frames before `LATE_FRAMES` whose reverberation counts."""
LEAST_LEFT = 0.01
"""Share of a frame's energy that always stays."""
_LEAST_DECAY_DB = 0.2
"""A frame's; T60 3 s."""
_TINY = 1e-3
_EVERY_BAND = 2
"""Falls are measured in each of so many bands; neighbours fall alike."""


def without_reverberation(views: list[Tensor]) -> list[Tensor]:
    """Take the reverberation off the mel energies of a clip's views, as far as the clip has one.

    views: each float32 (frames, bands), 10 ms a frame; the first as recorded, the second denoised.
    Steady noise hides falls, too, but only in the first; where the two differ, it is noise.
    """
    recorded_db, denoised_db = (fastest_fall_db(view, FALL_FRAMES) for view in views[:2])
    share = min(1.0, (DRY_DB - (2.0 * denoised_db - recorded_db)) / (DRY_DB - REVERBERANT_DB))
    if share <= 0.0:
        return views
    late_db, later_db = (fastest_fall_db(views[0], n) for n in (LATE_FRAMES, LATER_FRAMES))
    decay_db = max(_LEAST_DECAY_DB, (later_db - late_db) / (LATER_FRAMES - LATE_FRAMES))
    return [_dried(view, share * 10.0 ** (-late_db / 10.0), decay_db) for view in views]


def fastest_fall_db(energies: Tensor, frames: int) -> float:
    """Measure by how much mel energies (frames, bands) fall within so many frames at the fastest.

    The median over bands; `DRY_DB` where the clip is too short to tell.
    """
    if len(energies) < 2 * LATER_FRAMES:
        return DRY_DB
    levels_db = 10.0 * np.log10(energies[:, ::_EVERY_BAND].numpy() + _TINY)
    loud = levels_db[:-frames] > levels_db.max(axis=0) - LOUD_DB
    rises_db = np.where(loud, levels_db[frames:] - levels_db[:-frames], np.inf)
    rises_db.sort(axis=0)
    places = (FASTEST * loud.sum(axis=0)).astype(np.int64)
    return -float(np.median(rises_db[places, np.arange(len(places))]))


def _dried(energies: Tensor, late_share: float, decay_db: float) -> Tensor:
    """Subtract what remains of earlier frames.

    late_share: Of a long sound's energy, `LATE_FRAMES` after its end. decay_db: A frame's.
    """
    kept = 10.0 ** (-decay_db / 10.0)
    weights = late_share * (1.0 - kept) * kept ** torch.arange(TAIL_FRAMES - 1.0, -1.0, -1.0)
    before = functional.pad(energies.T[:, None], (TAIL_FRAMES - 1 + LATE_FRAMES, 0))
    late = functional.conv1d(before[..., :-LATE_FRAMES], weights[None, None])[:, 0].T
    return torch.maximum(energies - late, LEAST_LEFT * energies)
