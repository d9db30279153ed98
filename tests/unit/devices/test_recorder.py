from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pronounce_kiosk.audio.clip import AudioClip
from pronounce_kiosk.core.errors import DeviceError
from pronounce_kiosk.devices.microphone import MicrophoneStatus, OnBlock
from pronounce_kiosk.devices.recorder import SILENCE_DBFS, Recorder
from tests.fakes.microphone import FakeFaults, FakeMicrophone


def tone(seconds: float, rate_hz: int = 16_000, amplitude: float = 0.5) -> AudioClip:
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    return AudioClip.from_array(amplitude * np.sin(2 * np.pi * 400 * t), rate_hz)


class HandMicrophone(FakeMicrophone):
    """Gives exactly the blocks a test hands it, at the next poll."""

    def __init__(self, rate_hz: int) -> None:
        super().__init__(AudioClip.from_array(np.zeros(0, np.float32), rate_hz))
        self.waiting: list[np.ndarray] = []
        self.on_block: OnBlock | None = None

    def start(self, on_block: OnBlock) -> None:
        super().start(on_block)
        self.on_block = on_block

    def poll(self) -> MicrophoneStatus:
        while self.waiting:
            assert self.on_block is not None
            self.on_block(self.waiting.pop(0), self.sample_rate_hz)
        return MicrophoneStatus.OK


def test_a_take_is_what_the_microphone_heard() -> None:
    spoken = tone(1.0)
    recorder = Recorder(FakeMicrophone(spoken))
    recorder.start()
    for i in range(10):
        status = recorder.poll()
        assert status.recording
        assert status.duration_s == pytest.approx(0.1 * (i + 1))
    take = recorder.finish()
    assert take.sample_rate_hz == 16_000
    assert np.array_equal(take.samples[:16_000], spoken.samples)
    assert not recorder.poll().recording
    assert len(recorder.finish().samples) == 0


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000]),
    st.lists(st.integers(0, 3000), min_size=1, max_size=30),
)
def test_resampling_in_blocks_is_resampling_at_once(rate_hz: int, sizes: list[int]) -> None:
    whole = tone(sum(sizes) / rate_hz, rate_hz).samples[: sum(sizes)]
    microphone = HandMicrophone(rate_hz)
    recorder = Recorder(microphone)
    recorder.start()
    start = 0
    for size in sizes:
        microphone.waiting.append(whole[start : start + size])
        start += size
        recorder.poll()
    take = recorder.finish()
    expected = AudioClip.from_array(whole, rate_hz).resampled(16_000)
    assert abs(len(take.samples) - len(expected.samples)) <= 1
    n = min(len(take.samples), len(expected.samples))
    np.testing.assert_allclose(take.samples[:n], expected.samples[:n], atol=1e-3)


def test_the_hook_gets_every_sample_of_the_take_once() -> None:
    heard: list[np.ndarray] = []
    recorder = Recorder(FakeMicrophone(tone(1.0, 44_100)), on_16k=heard.append)
    recorder.start()
    for _ in range(12):
        recorder.poll()
    take = recorder.finish()
    assert np.array_equal(np.concatenate(heard), take.samples)
    assert take.duration_s == pytest.approx(1.2, abs=0.01)


def test_the_meter_shows_the_last_100_ms() -> None:
    microphone = HandMicrophone(16_000)
    recorder = Recorder(microphone)
    assert recorder.poll().rms_dbfs == SILENCE_DBFS
    recorder.start()
    microphone.waiting.append(tone(1.0, amplitude=0.5).samples)
    status = recorder.poll()
    assert status.peak_dbfs == pytest.approx(-6.02, abs=0.05)
    assert status.rms_dbfs == pytest.approx(-9.03, abs=0.05)
    microphone.waiting.append(np.zeros(1600, np.float32))
    status = recorder.poll()
    assert status.rms_dbfs == status.peak_dbfs == SILENCE_DBFS
    microphone.waiting.append(np.ones(1600, np.float32))
    status = recorder.poll()
    assert status.rms_dbfs == pytest.approx(0.0)


def test_the_longest_take_is_kept_and_the_microphone_let_go() -> None:
    microphone = FakeMicrophone(tone(5.0, 48_000), step_s=0.3)
    recorder = Recorder(microphone, max_take_s=1.0)
    recorder.start()
    statuses = [recorder.poll() for _ in range(6)]
    assert [s.full for s in statuses] == [False, False, False, True, True, True]
    assert [s.recording for s in statuses] == [True, True, True, False, False, False]
    assert statuses[-1].duration_s == 1.0
    assert len(recorder.finish().samples) == 16_000


def test_a_cancelled_take_leaves_nothing_in_the_next() -> None:
    microphone = HandMicrophone(16_000)
    recorder = Recorder(microphone)
    recorder.start()
    microphone.waiting.append(np.full(1600, 0.25, np.float32))
    recorder.poll()
    microphone.waiting.append(np.full(1600, 0.25, np.float32))
    recorder.cancel()
    assert recorder.poll().duration_s == 0.0  # the late block is not kept either
    recorder.start()
    microphone.waiting.append(np.full(800, 0.5, np.float32))
    assert np.array_equal(recorder.finish().samples, np.full(800, 0.5, np.float32))


def test_a_drivers_nan_does_not_spoil_the_take() -> None:
    microphone = HandMicrophone(44_100)
    recorder = Recorder(microphone)
    recorder.start()
    bad = np.full(4410, 0.1, np.float32)
    bad[100:103] = [np.nan, np.inf, -np.inf]
    microphone.waiting.extend([bad, np.full(4410, 0.1, np.float32)])
    status = recorder.poll()
    assert np.isfinite(status.rms_dbfs)
    take = recorder.finish()
    assert take.samples[-1000:-100] == pytest.approx(0.1, abs=0.01)


def test_a_microphone_that_vanishes_gives_what_came_before_and_records_again() -> None:
    microphone = FakeMicrophone(tone(3.0), faults=FakeFaults(vanish_s=1.0))
    recorder = Recorder(microphone)
    recorder.start()
    statuses = [recorder.poll() for _ in range(15)]
    assert statuses[8].microphone is MicrophoneStatus.OK
    assert statuses[-1].microphone is MicrophoneStatus.ABSENT
    assert recorder.finish().duration_s == pytest.approx(1.0)
    with pytest.raises(DeviceError):
        recorder.start()
    assert not recorder.recording
    assert len(recorder.finish().samples) == 0
    microphone.plug_in()
    recorder.start()
    recorder.poll()
    assert recorder.finish().duration_s > 0
