"""Takes for the bench: espeak-ng in a quiet room, of any length.

Synthetic, so that a checkout alone can be measured; a take's cost depends on its length.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pronounce_kiosk.audio.clip import PIPELINE_SAMPLE_RATE_HZ, AudioClip, FloatArray
from pronounce_kiosk.audio.files import write_clip
from pronounce_kiosk.core.sentence import Sentence
from pronounce_kiosk.references.espeak import EspeakEngine

TEXT = (
    "오늘은 친구와 함께 시장에서 삼겹살을 먹었어요 그리고 집에 돌아와서 음악을 들었습니다 내일은 "
    "도서관에 가서 책을 읽고 저녁에는 가족과 같이 산책을 하려고 합니다 주말에는 바다에 갈 거예요 "
    "날씨가 좋으면 사진도 많이 찍고 맛있는 음식도 먹고 싶어요"
)
PAUSE_S = 0.5
"""Silence before and after the voice."""
ROOM_RMS = 0.001


def sentence_of(duration_s: float) -> tuple[Sentence, AudioClip]:
    """Make a Korean sentence of as many words as fit, and a take of exactly that length.

    Deterministic.
    """
    all_words = TEXT.split()
    speaker = EspeakEngine({}).with_variant("+f3")
    text = ""
    voice: FloatArray = np.zeros(0, np.float32)
    for count in range(1, 8 * len(all_words)):
        words = [all_words[index % len(all_words)] for index in range(count)]
        sentence = Sentence("", " ".join(words), "ko")
        said = speaker.render(sentence).clip.resampled(PIPELINE_SAMPLE_RATE_HZ).samples
        if len(said) > (duration_s - 2 * PAUSE_S) * PIPELINE_SAMPLE_RATE_HZ and count > 1:
            break
        text, voice = sentence.text, said
    length = round(duration_s * PIPELINE_SAMPLE_RATE_HZ)
    samples = np.random.default_rng(1).normal(0.0, ROOM_RMS, length)
    start = round(PAUSE_S * PIPELINE_SAMPLE_RATE_HZ)
    voice = voice[: length - start]
    samples[start : start + len(voice)] += 0.5 * voice
    return Sentence("", text, "ko"), AudioClip.from_array(samples, PIPELINE_SAMPLE_RATE_HZ)


def take_file(folder: Path, duration_s: float) -> tuple[Path, Sentence]:
    """Write the take of `sentence_of` as a 16-bit WAV file of 16 kHz."""
    folder.mkdir(parents=True, exist_ok=True)
    sentence, clip = sentence_of(duration_s)
    path = folder / f"take-{duration_s:g}.wav"
    write_clip(path, clip)
    return path, sentence
