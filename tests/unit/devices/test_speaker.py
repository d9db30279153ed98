from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.speaker import Speaker
from tests.fakes.speaker import FakeSpeaker

CLIP = AudioClip.from_array(np.full(100, 0.1), 16_000)
EMPTY = AudioClip.from_array(np.zeros(0), 16_000)


def test_the_fake_plays_until_told() -> None:
    speaker = FakeSpeaker()
    ended: list[int] = []
    speaker.play(CLIP, lambda: ended.append(1))
    assert speaker.playing
    speaker.finish()
    assert not speaker.playing
    speaker.finish()
    assert ended == [1]
    assert speaker.played == [CLIP]


def test_a_stopped_clip_does_not_report_its_end() -> None:
    speaker = FakeSpeaker()
    ended: list[str] = []
    speaker.play(CLIP, lambda: ended.append("first"))
    speaker.stop()
    speaker.play(CLIP, lambda: ended.append("second"))
    speaker.play(CLIP, lambda: ended.append("third"))
    speaker.finish()
    assert ended == ["third"]


@pytest.mark.parametrize("speaker", [FakeSpeaker(), Speaker()])
def test_an_empty_clip_has_ended_at_once(speaker: FakeSpeaker | Speaker) -> None:
    ended: list[int] = []
    speaker.play(EMPTY, lambda: ended.append(1))
    assert ended == [1]
    assert not speaker.playing


def test_a_missing_speaker_is_an_error() -> None:
    speaker = FakeSpeaker()
    speaker.present = False
    with pytest.raises(DeviceError):
        speaker.play(CLIP)
