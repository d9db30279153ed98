"""Play references into the microphone: they must get 97 points, and people must differ."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfilt

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip
from pronounce_kiosk.scoring.likeness import POINTS, compare
from pronounce_kiosk.scoring.scorer import AcousticScorer
from pronounce_kiosk.training.evaluation import base, figures
from pronounce_kiosk.training.evaluation.clips import fitting, in_room, in_white_noise, louder

ESPEAK, RECORDING = "espeak-ng's reference", "a recording as reference"
_MARGIN_S = 0.4
_SPEAKER_HZ = (250.0, 6500.0)
_OTHER_RATE_HZ = 44_100


def replay_table(request: base.Request) -> figures.Table:
    """Measure how often played references get full points, and people pass for a reference."""
    takes = request.takes("corpus", "korean", "gtts", most=12)
    found = request.over(_play, takes, "played again")
    rows = figures.Rows()
    for label in found[0]:
        pairs = zip(takes, found, strict=True)
        rows.share(label, [figures.Value(take.source, flags[label]) for take, flags in pairs])
    return rows.table(
        "The reference played again",
        "Total and every unit. Loudspeaker: 250 to 6,500 Hz. Rooms by T60.",
    )


def _play(take: base.SpokenTake) -> dict[str, bool]:
    """Test what the rows count, by their labels."""
    scorer, practice = base.engine().scorer, base.engine()
    said = base.clip_at_16_khz(take.audio)
    usual = practice.reference(take.sentence)
    extra = practice.library.other_voices(
        take.sentence, usual, scorer.extra_voices(take.sentence.language)
    )
    flags = {}
    for name, main in ((ESPEAK, usual), (RECORDING, replace(usual, clip=said))):
        prepared = scorer.prepare(take.sentence, (main, *extra))
        for condition, clip in _conditions(main.clip, take.audio):
            score = scorer.score(clip, prepared).score
            points = [score.score, *(unit.score for unit in score.units)]
            least = min((one for one in points if one is not None), default=0.0)
            label = f"{name}, {condition}: {POINTS:g} or more"
            flags[label] = score.score is not None and least > POINTS - 0.5
    image = scorer.score(said, practice.prepare(take.sentence))
    flags["people taken for espeak-ng's reference"] = (
        isinstance(scorer, AcousticScorer)
        and image.take_image is not None
        and image.reference_image is not None
        and compare(image.take_image, image.reference_image, scorer.mel).is_the_recording
    )
    return flags


def _conditions(reference: AudioClip, audio: Path) -> Iterator[tuple[str, AudioClip]]:
    random = base.random_of(audio)
    at_16 = reference.resampled(PIPELINE_SAMPLE_RATE_HZ).samples
    margin = round(_MARGIN_S * PIPELINE_SAMPLE_RATE_HZ)
    clip = fitting(np.pad(at_16.astype(np.float64), margin))
    sections = butter(2, _SPEAKER_HZ, "bandpass", fs=clip.sample_rate_hz, output="sos")
    speaker = fitting(sosfilt(sections, clip.samples.astype(np.float64)))
    yield "as it is", clip
    yield "at 44.1 kHz and back", clip.resampled(_OTHER_RATE_HZ)
    yield "20 dB softer", louder(clip, -20.0)
    yield "white noise 20 dB", in_white_noise(clip, 20.0, random)
    yield "loudspeaker", speaker
    yield "loudspeaker, room of 0.3 s", in_room(speaker, 0.3, 3.0, random)
    noisy_room = in_white_noise(in_room(speaker, 0.4, 2.0, random), 20.0, random)
    yield "loudspeaker, room of 0.4 s, noise", noisy_room
