"""What `mic test` and the doctor measure, and what they advise."""

from __future__ import annotations

import numpy as np
import pytest

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.devices.mic_check import MicCheck, check_microphone
from pronounce_kiosk.devices.microphone import MicrophoneStatus
from tests.fakes.microphone import FakeFaults, FakeMicrophone

RATE_HZ = 16_000
TIME_S = np.arange(2 * RATE_HZ) / RATE_HZ
NOISE = np.random.default_rng(0).normal(0.0, 0.001, len(TIME_S))
VOICE = NOISE + 0.3 * np.sin(2 * np.pi * 333 * TIME_S) * (TIME_S > 1)


def checked(samples: np.ndarray, lost: int = 0) -> MicCheck:
    return MicCheck("mic", AudioClip.from_array(samples, RATE_HZ), lost, MicrophoneStatus.OK)


@pytest.mark.parametrize(
    ("samples", "lost", "advice"),
    [
        (VOICE, 0, ()),
        (VOICE, 3, ("Samples were lost",)),
        (np.zeros(len(TIME_S)), 0, ("hears nothing at all",)),
        (NOISE / 10, 0, ("Next to nothing",)),
        (np.clip(20 * VOICE, -1, 1), 0, ("driven too loud", "loud here")),
        (0.1 * np.sin(2 * np.pi * 50 * TIME_S), 0, ("hums at 50 Hz",)),
    ],
)
def test_each_fault_has_its_advice(samples: np.ndarray, lost: int, advice: tuple[str, ...]) -> None:
    found = checked(samples, lost).findings
    assert len(found) == len(advice)
    for said, expected in zip(found, advice, strict=True):
        assert expected in said


def test_the_measurements() -> None:
    check = checked(np.concatenate([np.ones(160), np.zeros(800), VOICE]))
    assert check.zeros_s == pytest.approx(0.05)
    assert check.clipped_samples == 160
    assert check.floor_dbfs == pytest.approx(-60, abs=1)
    assert check.summary.startswith("mic at 16000 Hz: level -1")


def test_a_recording_is_as_long_as_asked_and_ends_with_the_microphone() -> None:
    clip = AudioClip.from_array(VOICE, RATE_HZ)
    check = check_microphone(FakeMicrophone(clip), seconds=1.0)  # type: ignore[arg-type]
    assert check.clip.duration_s == pytest.approx(1.0, abs=0.1)
    gone = FakeMicrophone(clip, faults=FakeFaults(vanish_s=0.5))
    found = check_microphone(gone, seconds=1.0)  # type: ignore[arg-type]
    assert found.findings == (MicrophoneStatus.ABSENT.message,)
