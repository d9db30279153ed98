"""The first take is no slower than the others: whatever is made once is made before it."""

import logging

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.audio.reference import Reference
from pronounce_kiosk.core.errors import KioskError
from pronounce_kiosk.core.score import ReferenceInfo
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.core.tuning import trim_heap
from pronounce_kiosk.scoring.protocol import Scorer

_VOICE_S, _PAUSE_S = 0.8, 0.4
_PITCH_HZ = 150.0

_log = logging.getLogger(__name__)


def warm_up(scorer: Scorer) -> None:
    """Let a scorer score something once; what it says of it is dropped. Never raises for a model.

    What that loads: VAD, filter banks, the network's kernels. A tenth of a second.
    """
    sound = _vowel()
    try:
        reference = Reference(sound, ReferenceInfo("none", ""), key="")
        scorer.score(sound, scorer.prepare(Sentence("", "아", "ko"), [reference]))
    except KioskError as error:
        _log.info("the model does not score a vowel, so it is not warm yet: %s", error)
    # What loading and the first use of the weights have freed.
    trim_heap()


def _vowel() -> AudioClip:
    """Something VAD takes for a voice, with a little noise before and after."""
    random = np.random.default_rng(0)
    time_s = np.arange(round(_VOICE_S * PIPELINE_SAMPLE_RATE_HZ)) / PIPELINE_SAMPLE_RATE_HZ
    wave = sum(
        np.sin(2.0 * np.pi * _PITCH_HZ * n * time_s) * np.exp(-(((_PITCH_HZ * n - 700) / 500) ** 2))
        for n in range(1, 20)
    )
    wave *= 0.05 * (1.0 + 0.8 * np.sin(2.0 * np.pi * 4.0 * time_s))
    pause = np.zeros(round(_PAUSE_S * PIPELINE_SAMPLE_RATE_HZ))
    samples = np.concatenate([pause, wave, pause])
    samples += random.normal(0.0, 0.001, len(samples))
    return AudioClip.from_array(samples, PIPELINE_SAMPLE_RATE_HZ)
